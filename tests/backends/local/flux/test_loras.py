"""LoRAs beside the layers of mflux's networks, whole and packed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from app.backends.local.flux import FluxBackend
from app.backends.selftest.golden import psnr
from app.core.events import Generated
from app.core.families.flux import KLEIN, Z_IMAGE
from app.core.request import GenerationRequest, LoraUse
from app.diffusion.model import Pixels
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
from tests.backends.local.flux import mflux_itself

LAYERS = {
    KLEIN: ("transformer_blocks.0.attn.to_q", "transformer_blocks.0.attn.to_out.0",
            "single_transformer_blocks.1.attn.to_qkv_mlp_proj"),
    Z_IMAGE: ("layers.0.attention.to_q", "layers.1.feed_forward.w2"),
}  # fmt: skip


@pytest.fixture(scope="module")
def backend() -> FluxBackend:
    return FluxBackend(FolderModels(), Settings())  # type: ignore[arg-type]


def picture(backend: FluxBackend, folder: Path, *loras: LoraUse) -> Pixels:
    wish = GenerationRequest("a red boat", model=str(folder), width=64, height=64, seed=3, steps=2, loras=loras)
    resolved = backend.capabilities(str(folder)).resolve(wish)
    backend.check_files(resolved)
    told = backend.generate(resolved, lambda: False)
    return next(event.output.pixels for event in told if isinstance(event, Generated))


def write_lora(path: Path, weights: dict[str, np.ndarray], layers: tuple[str, ...]) -> dict[str, np.ndarray]:
    """A LoRA as diffusers writes it; returns what it adds to each weight."""
    random = np.random.default_rng(1)
    tensors: dict[str, np.ndarray] = {}
    added: dict[str, np.ndarray] = {}
    for layer in layers:
        rows, columns = weights[f"{layer}.weight"].shape
        a, b = (random.standard_normal(shape).astype(np.float32) for shape in ((4, columns), (rows, 4)))
        tensors |= {f"transformer.{layer}.lora_A.weight": a, f"transformer.{layer}.lora_B.weight": b}
        added[f"{layer}.weight"] = b @ a
    save_file(tensors, path)
    return added


@pytest.mark.parametrize("family", [pytest.param(KLEIN, marks=pytest.mark.slow), Z_IMAGE])
def test_it_does_what_merged_weights_do(
    backend: FluxBackend, flux_folder: Callable[[str], Path], tmp_path: Path, family: str
) -> None:
    folder, file = flux_folder(family), "transformer/diffusion_pytorch_model.safetensors"
    weights = load_file(folder / file)
    added = write_lora(tmp_path / "style.safetensors", weights, LAYERS[family])
    merged = shutil.copytree(folder, tmp_path / "merged")
    save_file(weights | {name: weights[name] + 0.5 * more for name, more in added.items()}, merged / file)
    plain = picture(backend, folder)
    styled = picture(backend, folder, LoraUse(str(tmp_path / "style.safetensors"), 0.5))
    assert psnr(styled, plain) < 30
    assert np.array_equal(picture(backend, folder), plain)
    assert psnr(picture(backend, merged), styled) >= 50


@pytest.mark.slow
def test_a_packed_model_takes_it_too(backend: FluxBackend, flux_folder: Callable[[str], Path], tmp_path: Path) -> None:
    folder = flux_folder(KLEIN)
    weights = load_file(folder / "transformer" / "diffusion_pytorch_model.safetensors")
    write_lora(tmp_path / "style.safetensors", weights, LAYERS[KLEIN])
    packed = mflux_itself.save(folder, KLEIN, tmp_path / "packed", 8)
    use = LoraUse(str(tmp_path / "style.safetensors"), 0.5)
    assert psnr(picture(backend, packed, use), picture(backend, folder, use)) > 20
    assert psnr(picture(backend, packed, use), picture(backend, packed)) < 30
