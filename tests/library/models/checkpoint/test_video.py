"""SANA-Video's checkpoints: what is read of them, and what is refused before anything heavy is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import UserError
from app.core.families.sana_video import SANA_VIDEO
from app.library.models.checkpoint.checkpoint import open_checkpoint
from tests.checkpoints import WAN_VAE, change_json, write_clip_checkpoint

SHIFTED = "DPMSolverMultistepScheduler"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_clip_checkpoint(tmp_path / "clips")


def refused(folder: Path) -> str:
    with pytest.raises(UserError) as error:
        open_checkpoint(folder)
    return str(error.value.message)


def test_the_two_kinds_say_what_a_clip_needs(folder: Path, tmp_path: Path) -> None:
    wan = open_checkpoint(folder)
    assert (wan.family, wan.temporal_factor, wan.spatial_factor, wan.token_pixels) == (SANA_VIDEO, 4, 8, 16)
    assert (wan.base_size, wan.latent_channels, wan.flow_shift) == (480, 16, 8.0)
    assert wan.solvers == ("dpmpp", "euler")
    assert wan.makes_clips
    ltx = open_checkpoint(write_clip_checkpoint(tmp_path / "ltx", "ltx"))
    assert (ltx.temporal_factor, ltx.spatial_factor, ltx.token_pixels, ltx.base_size) == (8, 32, 32, 704)


def test_either_pipeline_may_be_named_and_a_copy_may_have_lost_the_name(folder: Path) -> None:
    change_json(folder / "model_index.json", _class_name="SanaImageToVideoPipeline")
    assert open_checkpoint(folder).makes_clips
    (folder / "model_index.json").unlink()
    assert open_checkpoint(folder).makes_clips


@pytest.mark.parametrize(
    ("scheduler", "shift", "solvers", "noted"),
    [
        ({"_class_name": SHIFTED, "flow_shift": 5.0, "use_flow_sigmas": True}, 5.0, ("dpmpp", "euler"), ""),
        ({"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 6.0}, 6.0, ("euler", "dpmpp"), ""),
        # What `from_config(flow_shift=8)` leaves in the file: its own name of the shift stays at 1.
        (
            {"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 1.0, "flow_shift": 8.0},
            8.0, ("euler", "dpmpp"), "",
        ),
        ({"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 1.0}, 1.0, ("euler", "dpmpp"), "asks for no flow"),
        ({"_class_name": "FlowMatchEulerDiscreteScheduler"}, 8.0, ("euler", "dpmpp"), "names no flow shift; 8 is used"),
        ({"_class_name": SHIFTED, "use_flow_sigmas": True}, 8.0, ("dpmpp", "euler"), "names no flow shift; 8 is used"),
        ({"_class_name": "UniPCMultistepScheduler", "flow_shift": 7.0}, 7.0, ("dpmpp", "euler"), "UniPC"),
        ({"_class_name": "UniPCMultistepScheduler"}, 8.0, ("dpmpp", "euler"), "8 is used"),
    ],
)  # fmt: skip
def test_the_shift_is_never_silently_1(
    folder: Path, scheduler: dict[str, Any], shift: float, solvers: tuple[str, ...], noted: str
) -> None:
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler))
    checkpoint = open_checkpoint(folder)
    assert (checkpoint.flow_shift, checkpoint.solvers) == (shift, solvers)
    assert bool(checkpoint.notes) == bool(noted)
    assert noted in " ".join(map(str, checkpoint.notes))


def test_a_shift_that_makes_no_sense_is_refused(folder: Path) -> None:
    change_json(folder / "scheduler" / "scheduler_config.json", flow_shift=-1)
    assert "shift" in refused(folder)


def test_an_autoencoder_of_pictures_is_refused_by_name(folder: Path) -> None:
    change_json(folder / "vae" / "config.json", _class_name="AutoencoderDC")
    assert "AutoencoderDC" in refused(folder)
    assert "no clips" in refused(folder)
    change_json(folder / "vae" / "config.json", _class_name="AutoencoderKL")
    assert "AutoencoderKLLTX2Video" in refused(folder)


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("transformer", {"patch_size": [2, 2, 2]}),
        ("transformer", {"patch_size": 2}),
        ("transformer", {"patch_size": [1, 2, 1]}),
        ("transformer", {"guidance_embeds": True}),
        ("transformer", {"cross_attention_dim": 99}),
        ("transformer", {"out_channels": 32}),
        ("transformer", {"qk_norm": "layer_norm"}),
        ("transformer", {"num_layers": 100_000}),
        ("transformer", {"num_attention_heads": None}),
        ("vae", {"latents_std": WAN_VAE["latents_std"][:-1]}),
        ("vae", {"latents_std": [0.0] * 16}),
        ("vae", {"latents_mean": ["a"] * 16}),
        ("vae", {"latents_mean": None}),
        ("vae", {"is_residual": True}),
        ("vae", {"patch_size": 2}),
        ("vae", {"scale_factor_temporal": 8}),
        ("vae", {"temperal_downsample": [False]}),
        ("vae", {"z_dim": 48}),
        ("text_encoder", {"hidden_size": 99}),
    ],
)
def test_what_the_networks_cannot_be_is_refused(folder: Path, part: str, changes: dict[str, Any]) -> None:
    change_json(folder / part / "config.json", **changes)
    assert str(folder) in refused(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"timestep_conditioning": True},
        {"decoder_inject_noise": [False, True, False, False]},
        {"spatio_temporal_scaling": [True, False, True, True]},
        {"upsample_type": ["spatial", "spatiotemporal", "spatiotemporal"]},
        {"downsample_type": ["sideways"]},
        {"spatial_compression_ratio": 16},
        {"latent_channels": 0},
    ],
)
def test_so_is_what_the_autoencoder_of_ltx_cannot_be(tmp_path: Path, changes: dict[str, Any]) -> None:
    folder = write_clip_checkpoint(tmp_path / "ltx", "ltx")
    change_json(folder / "vae" / "config.json", **changes)
    assert str(folder) in refused(folder)
