"""One request, one picture: MLX against PyTorch, with the starter and with checkpoints of unusual shape."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.backends.local.mlx import MLXBackend
from app.backends.local.mlx_model import MLXModel
from app.backends.local.torch import TorchBackend
from app.backends.local.torch.model import TorchModel
from app.backends.selftest.golden import psnr
from app.core.events import Generated
from app.core.request import Extension, GenerationRequest
from app.library import paths
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
from tests.inputs import start_from

PLENTY = 10**12

UNUSUAL: dict[str, dict[str, Any]] = {
    "everything": {
        "layers": 3,
        "lite": True,
        "patch_size": 2,
        "sample_size": 32,
        "qk_norm": "rms_norm_across_heads",
        "interpolation_scale": 1.5,
        "transformer": {"attention_bias": True, "norm_elementwise_affine": True, "mlp_ratio": 3.3},
    },
    "sprint": {"layers": 1, "scheduler": "scm", "guidance_embeds": True, "qk_norm": "rms_norm_across_heads"},
    "trained in float16": {"layers": 5, "dtype": "float16", "timestep_scale": 0.5},
}


def both(folder: Path, precision: str, **options: Any) -> float:
    """Decibels between the pictures of the two back ends."""
    pictures = []
    for kind in (MLXBackend, TorchBackend):
        backend = kind(FolderModels(), Settings())  # type: ignore[arg-type]
        request = GenerationRequest(
            "a red sailboat at sunset", model=str(folder), seed=7, precision=precision, **options
        )
        resolved = backend.capabilities(str(folder)).resolve(request)
        told = [event for event in backend.generate(resolved, lambda: False) if isinstance(event, Generated)]
        pictures.append(told[0].output.pixels)
        backend.unload()
    assert pictures[0].std() > 1
    return psnr(*pictures)


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_checkpoints(name: str, checkpoint_folder: Callable[..., Path]) -> None:
    folder = checkpoint_folder(**UNUSUAL[name])
    figure = both(folder, "float32", steps=2)
    print(f"{name}: {figure:.1f} dB")
    assert figure >= 40


@pytest.mark.parametrize(("precision", "least"), [("float32", 40), ("bfloat16", 30)])
def test_the_starter(precision: str, least: float, record_property: Callable[[str, Any], None]) -> None:
    figure = both(paths.resources() / "starter", precision, steps=4)
    record_property("psnr", figure)
    print(f"starter in {precision}: {figure:.1f} dB")
    assert figure >= least


def test_a_repainted_picture(tmp_path: Path) -> None:
    """The same pixels outside of the mask, and within it what rounding leaves."""
    pixels = np.asarray(Image.radial_gradient("L").convert("RGB").resize((150, 100)))
    Image.fromarray(pixels).save(tmp_path / "start.png")
    mask = Image.new("L", (150, 100))
    mask.paste(255, (40, 20, 110, 80))
    mask.save(tmp_path / "mask.png")
    inputs = start_from(tmp_path / "start.png", 0.8, tmp_path / "mask.png")
    size = {"width": 182, "height": 100, "extend": Extension(0, 0, 32, 0)}
    assert both(paths.resources() / "starter", "float32", steps=4, inputs=inputs, **size) >= 40


@pytest.mark.parametrize("layout", ["beside an older file", "older name of the index", "a language model's names"])
@pytest.mark.parametrize("kind", ["torch", "mlx"])
def test_the_text_encoder_is_that_of_the_checkpoints_files(
    checkpoint_folder: Callable[..., Path], tmp_path: Path, layout: str, kind: str
) -> None:
    """What `Checkpoint.weight_files` says, whatever transformers or the port would take first."""
    from safetensors.numpy import load_file, save_file

    source = checkpoint_folder()
    folder = shutil.copytree(source, tmp_path / "changed") / "text_encoder"
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    if layout == "a language model's names":
        renamed = {f"model.{name}": tensor for name, tensor in weights.items()}
        head = {"lm_head.weight": weights["embed_tokens.weight"]}
        save_file({**renamed, **head}, folder / "model.safetensors", metadata={"format": "pt"})
    else:
        variant = ".fp16" if layout == "older name of the index" else ""
        save_file(weights, folder / "newer.safetensors", metadata={"format": "pt"})
        places = dict.fromkeys(weights, "newer.safetensors")
        (folder / f"model.safetensors{variant}.index.json").write_text(json.dumps({"weight_map": places}))
    if layout == "beside an older file":
        halved = {name: tensor / 2 for name, tensor in weights.items()}
        save_file(halved, folder / "model.safetensors", metadata={"format": "pt"})

    def embeddings(folder: Path) -> np.ndarray:
        checkpoint = open_checkpoint(folder)
        model = TorchModel(checkpoint, "float32") if kind == "torch" else MLXModel(checkpoint, "float32", 2**33)
        return model.encode_prompt("a red house").embeddings

    assert np.array_equal(embeddings(folder.parent), embeddings(source))


@pytest.mark.parametrize("name", UNUSUAL)
@pytest.mark.parametrize("kind", [MLXModel, TorchModel])
def test_a_batch_of_pictures_has_the_velocities_of_each(
    name: str, kind: Any, checkpoint_folder: Callable[..., Path]
) -> None:
    checkpoint = open_checkpoint(checkpoint_folder(**UNUSUAL[name]))
    model = kind(checkpoint, "float32", *([PLENTY] if kind is MLXModel else []))
    model.load()
    conditionings = [model.encode_prompt("a much longer red sailboat"), model.encode_prompt("", negative=True)]
    if checkpoint.guidance_embeds:
        conditionings = conditionings[:1]
    guidance = 4.5 if checkpoint.guidance_embeds else None
    side = checkpoint.base_size // checkpoint.spatial_factor
    latents = np.random.default_rng(0).standard_normal((3, checkpoint.latent_channels, side, side), np.float32)
    batch = model.velocity(latents, 500.0, conditionings, guidance)
    alone = [model.velocity(latents[number : number + 1], 500.0, conditionings, guidance) for number in range(3)]
    expected = np.stack(alone, axis=1).reshape(batch.shape)
    assert np.abs(batch - expected).max() <= 1e-4 * np.abs(expected).max()
