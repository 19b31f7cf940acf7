"""Checkpoints on disk: what is read from them, and that each kind of damage is named with its file."""

from __future__ import annotations

import dataclasses
import inspect
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from app.core.catalog import load_catalog
from app.core.errors import UserError
from app.library import paths
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.models.checkpoint.configs import KNOWN
from app.library.models.checkpoint.transformer_only import is_transformer_only
from app.library.models.weights.header import read_header
from app.sana_mlx.config import AutoencoderConfig, TransformerConfig
from tests.checkpoints import write_checkpoint, write_json, write_raw_safetensors, write_safetensors

CATALOG = load_catalog((paths.resources() / "catalog.toml").read_text(encoding="utf-8"))
WEIGHTS = Path("transformer", "diffusion_pytorch_model.safetensors")


def change(path: Path, **values: Any) -> None:
    write_json(path, {**json.loads(path.read_text(encoding="utf-8")), **values})


def refused(folder: Path) -> UserError:
    with pytest.raises(UserError) as error:
        open_checkpoint(folder)
    assert error.value.remedy
    return error.value


@pytest.mark.parametrize(
    ("family", "solvers", "shift"),
    [("sana", ("dpmpp", "euler"), 3.0), ("sana-1.5", ("euler", "dpmpp"), 3.0), ("sana-sprint", ("scm",), 1.0)],
)
def test_what_a_checkpoint_says_of_itself(tmp_path: Path, family: str, solvers: tuple[str, ...], shift: float) -> None:
    checkpoint = open_checkpoint(write_checkpoint(tmp_path / "my model", family))
    assert (checkpoint.family, checkpoint.solvers, checkpoint.flow_shift) == (family, solvers, shift)
    assert (checkpoint.latent_channels, checkpoint.spatial_factor, checkpoint.patch_size) == (4, 4, 1)
    assert (checkpoint.name, checkpoint.base_size, checkpoint.prompt_tokens) == ("my model", 64, 300)
    assert checkpoint.guidance_embeds == (family == "sana-sprint")
    assert [path.name for path in checkpoint.weight_files("text_encoder")] == [
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
    ]
    assert checkpoint.weight_files("transformer") == (tmp_path / "my model" / WEIGHTS,)


@pytest.mark.parametrize("part", ["model_index.json", "transformer", "vae", WEIGHTS])
def test_a_part_of_it_stands_for_the_folder(tmp_path: Path, part: str) -> None:
    folder = write_checkpoint(tmp_path)
    assert open_checkpoint(folder / part).folder == folder


@pytest.mark.parametrize("family", ["sana", "sana-sprint"])
@pytest.mark.parametrize("part", ["", "transformer", WEIGHTS])
def test_a_copy_that_lost_its_index_is_a_whole_checkpoint(tmp_path: Path, family: str, part: str) -> None:
    folder = write_checkpoint(tmp_path, family)
    whole = open_checkpoint(folder)
    (folder / "model_index.json").unlink()
    assert not is_transformer_only(folder / part)
    found = open_checkpoint(folder / part)
    assert (found.folder, found.family, found.solvers, found.notes) == (folder, family, whole.solvers, ())
    (folder / "vae" / "config.json").unlink()
    assert is_transformer_only(folder)


@pytest.mark.parametrize(
    ("tokenizer", "text_encoder", "limit", "prompt"),
    [
        (24, 64, 64, 64),
        (64, 1024, 1024, 300),
        (10**30, 8192, 8192, 300),
        (float("inf"), 64, 64, 64),
        (24, float("inf"), 24, 24),
        (1e30, float("inf"), int(1e30), 300),
        (None, float("nan"), 300, 300),
        ("many", 0, 300, 300),
    ],
)
def test_the_text_encoders_limit_counts_for_prompts(
    tmp_path: Path, tokenizer: Any, text_encoder: Any, limit: int, prompt: int
) -> None:
    folder = write_checkpoint(tmp_path)
    change(folder / "tokenizer" / "tokenizer_config.json", model_max_length=tokenizer)
    change(folder / "text_encoder" / "config.json", max_position_embeddings=text_encoder)
    checkpoint = open_checkpoint(folder)
    assert (checkpoint.token_limit, checkpoint.prompt_tokens) == (limit, prompt)


def test_the_wanted_variant_is_taken(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path, variants=("", "fp16"))
    assert open_checkpoint(folder).variant == ""
    checkpoint = open_checkpoint(folder, CATALOG["sana-1.6b-512"])
    assert checkpoint.variant == "fp16"
    assert checkpoint.name == "Sana 1.6B, 512 px"
    names = [path.name for component in ("transformer", "text_encoder") for path in checkpoint.weight_files(component)]
    assert names == [
        "diffusion_pytorch_model.fp16.safetensors",
        "model.fp16-00001-of-00002.safetensors",
        "model.fp16-00002-of-00002.safetensors",
    ]


def test_a_component_without_the_variant_falls_back(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path, variants=("", "bf16"))
    (folder / "vae" / "diffusion_pytorch_model.bf16.safetensors").unlink()
    checkpoint = open_checkpoint(folder, CATALOG["sana-1.6b-2k"])
    assert checkpoint.variant == "bf16"
    assert checkpoint.weight_files("vae")[0].name == "diffusion_pytorch_model.safetensors"


def test_a_folder_with_one_variant_only(tmp_path: Path) -> None:
    assert open_checkpoint(write_checkpoint(tmp_path, variants=("bf16",))).variant == "bf16"


def test_shards_are_preferred_to_an_older_single_file(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path) / "transformer"
    write_safetensors(folder / "part.safetensors", {"new.weight": (2,)}, "F32")
    write_json(
        folder / "diffusion_pytorch_model.safetensors.index.json",
        {"weight_map": {"new.weight": "part.safetensors"}},
    )
    assert [path.name for path in open_checkpoint(tmp_path).weight_files("transformer")] == ["part.safetensors"]


@pytest.mark.parametrize(
    ("family", "dtype", "clip"),
    [("sana", "F16", True), ("sana", "BF16", None), ("sana", "F32", None), ("sana-1.5", "F16", False)],
)
def test_clipping_follows_the_stored_type(tmp_path: Path, family: str, dtype: str, clip: bool | None) -> None:
    """None is to be measured: a fine-tune may be stored in another type than its base was trained in."""
    assert open_checkpoint(write_checkpoint(tmp_path, family, dtype=dtype)).clip is clip


def test_the_catalog_knows_better_whether_to_clip(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path, variants=("", "fp16"))
    assert open_checkpoint(folder, CATALOG["sana-0.6b-512"]).clip
    assert not open_checkpoint(folder, CATALOG["starter"]).clip


def test_a_hub_snapshot_has_the_name_of_its_repository(tmp_path: Path) -> None:
    snapshot = tmp_path / "models--owner--Sana_like" / "snapshots" / "0123abc"
    assert open_checkpoint(write_checkpoint(snapshot)).name == "Sana_like"


@pytest.mark.parametrize(
    "file",
    [
        "transformer/config.json",
        "vae/config.json",
        "text_encoder/config.json",
        "scheduler/scheduler_config.json",
        "tokenizer/tokenizer_config.json",
        "tokenizer/tokenizer.json",
        "transformer/diffusion_pytorch_model.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
        "text_encoder/model-00002-of-00002.safetensors",
    ],
)
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    folder = write_checkpoint(tmp_path)
    (folder / file).unlink()
    assert f"{Path(file)} is missing" in str(refused(folder).message)


def test_a_missing_component_is_named(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path)
    for path in (folder / "vae").iterdir():
        path.unlink()
    (folder / "vae").rmdir()
    assert str(Path("vae", "config.json")) in str(refused(folder).message)


@pytest.mark.parametrize("kept", [0, 4, 20, 200, -1])
def test_a_truncated_file_is_named(tmp_path: Path, kept: int) -> None:
    folder = write_checkpoint(tmp_path)
    path = folder / WEIGHTS
    path.write_bytes(path.read_bytes()[:kept])
    error = refused(folder)
    assert str(WEIGHTS) in str(error.message)
    assert "truncated" in str(error.message) or kept in (0, 4)
    assert "again" in str(error.remedy)


def test_trailing_bytes_are_damage(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path)
    with (folder / WEIGHTS).open("ab") as file:
        file.write(b"x")
    assert "longer than its header says" in str(refused(folder).message)


@pytest.mark.parametrize(
    "header",
    [
        [],
        {"w": {}},
        {"w": 3},
        {"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}},
        {"w": {"dtype": "F99", "shape": [1], "data_offsets": [0, 4]}},
        {"w": {"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]}},
        {"w": {"dtype": "F32", "shape": ["1"], "data_offsets": [0, 4]}},
        {"w": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8, 12]}},
        {"w": {"dtype": "F32", "shape": [1.0], "data_offsets": [0, 4]}},
        {"w": {"dtype": "F32", "shape": [True], "data_offsets": [0, 4]}},
        {"w": {"dtype": "F32", "shape": [-1, -1], "data_offsets": [0, 4]}},
        {"w": {"dtype": "F32", "shape": {}, "data_offsets": [0, 4]}},
        {"w": {"dtype": "F16", "shape": [1], "data_offsets": [2, 4]}},
        {"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "__metadata__": {"format": 3}},
        {"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "__metadata__": []},
        {
            "v": {"dtype": "BOOL", "shape": [1], "data_offsets": [0, 1]},
            "w": {"dtype": "F16", "shape": [1], "data_offsets": [2, 4]},
        },
        {
            "v": {"dtype": "F16", "shape": [1], "data_offsets": [1, 3]},
            "w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
        },
    ],
)
def test_a_senseless_header_is_damage(tmp_path: Path, header: Any) -> None:
    folder = write_checkpoint(tmp_path)
    write_raw_safetensors(folder / WEIGHTS, header, b"0000")
    assert "damaged" in str(refused(folder).message)


def test_what_the_library_writes_is_no_damage(tmp_path: Path) -> None:
    """Tensors without values too, and in any order."""
    tensors = {"b": np.ones((2, 3), np.float32), "none": np.ones((0, 5), np.float16), "a": np.array(3, np.float16)}
    save_file(tensors, tmp_path / "w.safetensors", metadata={"format": "pt"})
    header = read_header(tmp_path / "w.safetensors").tensors
    assert {name: tuple(tensor["shape"]) for name, tensor in header.items()} == {"b": (2, 3), "none": (0, 5), "a": ()}


def test_a_header_of_absurd_length_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.safetensors"
    path.write_bytes((2**62).to_bytes(8, "little") + b"{}")
    with pytest.raises(UserError, match="not a safetensors file"):
        read_header(path)


@pytest.mark.parametrize("name", ["diffusion_pytorch_model.bin", "diffusion_pytorch_model.pt", "a.ckpt", "a.pth"])
def test_a_pickle_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_checkpoint(tmp_path)
    (folder / WEIGHTS).rename(folder / "transformer" / name)
    error = refused(folder)
    assert name in str(error.message)
    assert "pickle" in str(error.message)
    assert "safetensors" in str(error.remedy)


def test_a_pickle_beside_safetensors_is_ignored(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path)
    (folder / "transformer" / "diffusion_pytorch_model.bin").write_bytes(b"\x80\x04")
    assert open_checkpoint(folder).weight_files("transformer") == (folder / WEIGHTS,)


@pytest.mark.parametrize(
    ("file", "values", "reason"),
    [
        ("model_index.json", {"_class_name": "StableDiffusionXLPipeline"}, "StableDiffusionXLPipeline"),
        ("transformer/config.json", {"_class_name": "FluxTransformer2DModel"}, "FluxTransformer2DModel"),
        ("vae/config.json", {"_class_name": "AutoencoderKL"}, "AutoencoderKL"),
        ("text_encoder/config.json", {"model_type": "t5"}, "t5"),
        ("transformer/config.json", {"guidance_embeds": True}, "disagree"),
        ("transformer/config.json", {"in_channels": 16}, "belong together"),
        ("transformer/config.json", {"caption_channels": 16}, "belong together"),
        ("transformer/config.json", {"num_layers": "many"}, "num_layers is 'many'"),
        ("transformer/config.json", {"sample_size": 0}, "sample_size is 0"),
        ("transformer/config.json", {"patch_size": None}, "patch_size is None"),
        ("transformer/config.json", {"patch_size": 10**400}, "patch_size is 1000"),
        ("transformer/config.json", {"timestep_scale": 10**400}, "timestep_scale is 1000"),
        ("transformer/config.json", {"mlp_ratio": "wide"}, "mlp_ratio is 'wide'"),
        ("transformer/config.json", {"timestep_scale": 0}, "timestep_scale is 0"),
        ("vae/config.json", {"scaling_factor": float("nan")}, "scaling_factor is nan"),
        ("vae/config.json", {"decoder_layers_per_block": [1, 1]}, "decoder_layers_per_block has 2 entries, not 3"),
        ("vae/config.json", {"encoder_block_out_channels": 3}, "encoder_block_out_channels"),
        ("scheduler/scheduler_config.json", {"flow_shift": "three"}, "shift"),
        ("scheduler/scheduler_config.json", {"flow_shift": 10**400}, "shift"),
        ("scheduler/scheduler_config.json", {"flow_shift": float("inf")}, "shift"),
        ("transformer/config.json", {"quantization_config": {"quant_method": "bitsandbytes"}}, "quantized"),
    ],
)
def test_a_foreign_or_contradictory_checkpoint_is_refused(
    tmp_path: Path, file: str, values: dict[str, Any], reason: str
) -> None:
    folder = write_checkpoint(tmp_path)
    change(folder / file, **values)
    assert reason in str(refused(folder).message)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_description_is_named(tmp_path: Path, text: bytes) -> None:
    folder = write_checkpoint(tmp_path)
    (folder / "vae" / "config.json").write_bytes(text)
    error = refused(folder)
    assert str(Path("vae", "config.json")) in str(error.message)
    assert "damaged" in str(error.message)


@pytest.mark.parametrize(
    ("part", "key", "layers"),
    [
        ("transformer", "num_layers", 2_000_000),
        ("text_encoder", "num_hidden_layers", 2_000_000),
        ("vae", "decoder_layers_per_block", [2, 2_000_000]),
    ],
)
def test_more_layers_than_can_be_are_damage(tmp_path: Path, part: str, key: str, layers: Any) -> None:
    """A network would be built of them first, of gigabytes."""
    folder = write_checkpoint(tmp_path)
    change(folder / part / "config.json", **{key: layers})
    assert f"damaged: {key} is" in str(refused(folder).message)


@pytest.mark.parametrize("name", ["../vae/x.safetensors", "/etc/x.safetensors", "..\\x.safetensors", "x.bin", 3])
def test_an_index_file_cannot_lead_elsewhere(tmp_path: Path, name: Any) -> None:
    folder = write_checkpoint(tmp_path)
    write_json(folder / "text_encoder" / "model.safetensors.index.json", {"weight_map": {"norm.weight": name}})
    assert "not allowed" in str(refused(folder).message)


def test_a_shard_without_its_weights_is_incomplete(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path)
    write_safetensors(folder / "text_encoder" / "model-00002-of-00002.safetensors", {"other": (2,)}, "F32")
    assert "model-00002-of-00002.safetensors is incomplete" in str(refused(folder).message)


def test_weights_of_another_type_are_refused(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path)
    write_safetensors(folder / WEIGHTS, {"proj.weight": (4, 4)}, "I8")
    assert "stored as I8" in str(refused(folder).message)


def test_what_is_no_checkpoint_at_all(tmp_path: Path) -> None:
    assert "no folder" in str(refused(tmp_path / "nowhere").message)
    single = tmp_path / "sana.safetensors"
    write_safetensors(single, {"w": (2,)}, "F16")
    assert "single file" in str(refused(single).message)
    assert "cannot be read" in str(refused(tmp_path / ("a" * 300)).message)
    (tmp_path / "sana.pth").write_bytes(b"\x80\x04")
    assert "pickle" in str(refused(tmp_path / "sana.pth").message)


@pytest.mark.parametrize(
    ("pipeline", "family"),
    [
        ("SanaPAGPipeline", "sana"),
        ("SanaControlNetPipeline", "sana-1.5"),
        (["my_pipeline", "SanaInpaintPipeline"], "sana"),
        ("SanaSprintImg2ImgPipeline", "sana-sprint"),
    ],
)
def test_other_pipelines_hold_the_same_parts(tmp_path: Path, pipeline: Any, family: str) -> None:
    folder = write_checkpoint(tmp_path, family)
    change(folder / "model_index.json", _class_name=pipeline)
    assert open_checkpoint(folder).family == family


def test_null_is_no_quantization(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path)
    change(folder / "transformer" / "config.json", quantization_config=None)
    assert open_checkpoint(folder).family == "sana"


def test_what_no_network_is_made_from_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    folder = write_checkpoint(tmp_path)
    change(folder / "vae" / "config.json", use_tiling=True)
    assert "use_tiling" not in open_checkpoint(folder).vae
    assert "use_tiling" in caplog.text


def test_an_index_of_files_that_are_not_there_is_no_variant(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path, variants=("fp16",))
    index = {"weight_map": {"proj.weight": "diffusion_pytorch_model-00001-of-00002.safetensors"}}
    write_json(folder / "transformer" / "diffusion_pytorch_model.safetensors.index.json", index)
    assert open_checkpoint(folder).variant == "fp16"
    (folder / "transformer" / "diffusion_pytorch_model.fp16.safetensors").unlink()
    assert "00001-of-00002.safetensors is missing" in str(refused(folder).message)


def test_a_single_file_beside_an_index_of_missing_files(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path)
    write_json(folder / f"{WEIGHTS}.index.json", {"weight_map": {"proj.weight": "gone.safetensors"}})
    assert open_checkpoint(folder).weight_files("transformer") == (folder / WEIGHTS,)


@pytest.mark.parametrize("end", ["", "snapshots"])
def test_a_folder_of_the_hubs_cache_is_its_snapshot(tmp_path: Path, end: str) -> None:
    repo = tmp_path / "models--owner--Sana_like"
    old, new = (write_checkpoint(repo / "snapshots" / name) for name in ("aaa", "bbb"))
    os.utime(old, (1, 1))
    os.utime(new, (2, 2))
    assert open_checkpoint(repo / end).folder == new
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text("aaa")
    assert open_checkpoint(repo / end).folder == old
    (old / WEIGHTS).unlink()
    checkpoint = open_checkpoint(repo / end)
    assert (checkpoint.folder, checkpoint.name) == (new, "Sana_like")
    (new / WEIGHTS).unlink()
    assert "is missing" in str(refused(repo / end).message)


def test_the_known_keys_are_those_of_diffusers_and_of_the_port() -> None:
    diffusers = pytest.importorskip("diffusers")
    for name, port in (("SanaTransformer2DModel", TransformerConfig), ("AutoencoderDC", AutoencoderConfig)):
        theirs = set(inspect.signature(getattr(diffusers, name).__init__).parameters) - {"self"}
        assert theirs == KNOWN[name] == {field.name for field in dataclasses.fields(port)}
