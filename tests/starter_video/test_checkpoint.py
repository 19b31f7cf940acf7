"""The bundled checkpoint for clips: its files, its tokenizer, and what it shows."""

import json
from pathlib import Path

import clip_captions
import pytest
from transformers import AutoConfig, AutoTokenizer

STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter_video"
PARTS = ("scheduler", "text_encoder", "tokenizer", "transformer", "vae")


def test_it_is_complete_small_and_free_of_pickles() -> None:
    files = [path for path in STARTER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 15e6
    assert {path.suffix for path in files} <= {".json", ".safetensors", ".md", ".jpg"}
    index = json.loads((STARTER / "model_index.json").read_text())
    assert index["_class_name"] == "SanaVideoPipeline"
    assert all(part in index and (STARTER / part).is_dir() for part in PARTS)
    card = (STARTER / "README.md").read_text()
    assert "license: apache-2.0" in card
    assert "@" not in card, "every figure is filled in"


def test_no_file_names_a_place_on_the_machine_that_made_it() -> None:
    for path in STARTER.rglob("*.json"):
        text = path.read_text()
        assert "/home/" not in text
        assert "/tmp/" not in text
        assert '"_name_or_path": "/' not in text


def test_its_tokenizer_is_the_recipes_and_the_text_encoder_knows_its_words() -> None:
    from tokenizer import build_tokenizer

    stored = AutoTokenizer.from_pretrained(STARTER / "tokenizer", local_files_only=True)
    config = AutoConfig.from_pretrained(STARTER / "text_encoder", local_files_only=True)
    assert stored.get_vocab() == build_tokenizer(clip_captions.words()).get_vocab()
    assert stored.model_max_length == config.max_position_embeddings == 64
    assert config.vocab_size == len(stored)


@pytest.mark.filterwarnings("ignore")
def test_its_parts_load_strictly() -> None:
    import torch
    from clip_autoencoder import build_autoencoder
    from clip_transformer import build_transformer
    from safetensors.torch import load_file

    for part, model in (("vae", build_autoencoder()), ("transformer", build_transformer())):
        weights = load_file(STARTER / part / "diffusion_pytorch_model.safetensors")
        model.load_state_dict(weights, strict=True)
        assert all(value.isfinite().all() and value.dtype == torch.float16 for value in weights.values())


def test_the_scheduler_says_how_it_was_trained() -> None:
    from transformer import FLOW_SHIFT

    scheduler = json.loads((STARTER / "scheduler" / "scheduler_config.json").read_text())
    assert scheduler["flow_shift"] == FLOW_SHIFT
    assert scheduler["use_flow_sigmas"] is True
    assert scheduler["prediction_type"] == "flow_prediction"


def test_the_vocabulary_names_what_moves() -> None:
    vocabulary = json.loads((STARTER / "vocabulary.json").read_text())
    assert vocabulary["motions"]["sailboat"] == ["left", "right"]
    assert {"sailing", "rises", "向左"} <= set(vocabulary["words"])
    assert len(vocabulary["examples"]) >= 6


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("started", [False, True])
def test_what_is_named_moves_the_named_way(started: bool) -> None:
    from clip_captions import full_caption
    from clip_evaluate import generate, held_out_clips, load_pipeline, start_pictures
    from motion_reader import agreement, load_motion_reader

    clips = [clip for clip in held_out_clips(30) if clip.motion][:8]
    prompts = [full_caption(clip, "en") for clip in clips]
    frames = generate(load_pipeline(STARTER), prompts, 1, start_pictures(clips, 2) if started else None)
    assert agreement([clip.motion for clip in clips], load_motion_reader().read(frames)) >= 0.75
