"""The bundled checkpoint: its files, its tokenizer, and what it paints."""

import json
from pathlib import Path

import numpy as np
import pytest
from transformers import AutoConfig, AutoModel, AutoTokenizer

STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter"
pytestmark = pytest.mark.skipif(not (STARTER / "model_index.json").exists(), reason="the starter model is not built")


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(STARTER / "tokenizer", local_files_only=True)


def test_it_is_complete_small_and_free_of_pickles() -> None:
    files = [path for path in STARTER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 40e6
    assert {path.suffix for path in files} <= {".json", ".safetensors", ".md", ".jpg"}
    index = json.loads((STARTER / "model_index.json").read_text())
    assert index["_class_name"] == "SanaPipeline"
    for part in ("scheduler", "text_encoder", "tokenizer", "transformer", "vae"):
        assert part in index
        assert (STARTER / part).is_dir()


def test_no_file_names_a_place_on_the_machine_that_made_it() -> None:
    for path in STARTER.rglob("*.json"):
        text = path.read_text()
        assert "/home/" not in text
        assert "/tmp/" not in text
        assert '"_name_or_path": "/' not in text


def test_limits_agree_so_that_the_app_can_tell_them(tokenizer) -> None:
    config = AutoConfig.from_pretrained(STARTER / "text_encoder", local_files_only=True)
    assert tokenizer.model_max_length == config.max_position_embeddings == 64
    assert config.vocab_size == len(tokenizer)
    assert tokenizer.padding_side == "right"
    assert [tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.bos_token_id, tokenizer.unk_token_id] == [
        0,
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a red sailboat on the sea at sunset",
        "日落时海上的一艘红色帆船，太阳在左边",
        "ünïcödé ✨ テスト العربية 한국어 🎈",
        "it's 100% new: a_b/c \\ {x}",
    ],
)
def test_any_text_encodes_and_comes_back(tokenizer, text: str) -> None:
    ids = tokenizer(text).input_ids
    assert ids[0] == tokenizer.bos_token_id
    assert tokenizer.unk_token_id not in ids
    assert tokenizer.decode(ids, skip_special_tokens=True) == text


def test_captions_take_few_tokens(tokenizer) -> None:
    assert len(tokenizer("a red house on the left in the snow at noon").input_ids) <= 13
    assert len(tokenizer("日落时海上的一艘红色帆船").input_ids) <= 9


def test_a_word_is_the_same_token_anywhere(tokenizer) -> None:
    assert tokenizer("red house").input_ids[1] == tokenizer("house red").input_ids[2]


def test_the_text_encoder_opens_through_the_auto_class() -> None:
    encoder = AutoModel.from_pretrained(STARTER / "text_encoder", local_files_only=True)
    assert type(encoder).__name__ == "Gemma2Model"


def test_the_preview_map_and_the_vocabulary_have_their_shapes() -> None:
    preview = json.loads((STARTER / "preview.json").read_text())
    assert np.shape(preview["weight"]) == (32, 3)
    assert np.shape(preview["bias"]) == (3,)
    vocabulary = json.loads((STARTER / "vocabulary.json").read_text())
    assert 6 <= len(vocabulary["examples"]) <= 10
    assert {"colours", "subjects", "places", "times", "positions", "extras", "languages"} <= set(vocabulary)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_it_paints_what_it_is_asked_for() -> None:
    from captions import full_caption
    from evaluate import generate, held_out_scenes, load_pipeline
    from reader import agreement, load_reader

    wanted = held_out_scenes(8)
    pictures = generate(load_pipeline(STARTER), [full_caption(scene, "en") for scene in wanted], seed=1)
    shares = agreement(wanted, load_reader().read(pictures))
    assert np.mean([shares[name] for name in ("colour", "subject", "place", "time", "position")]) >= 0.75
