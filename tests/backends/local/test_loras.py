"""LoRAs in jobs, one after the other: the same style on each backend, and nothing of the model read again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from app.backends.local.backend import LocalBackend
from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.backends.selftest.golden import psnr
from app.core.errors import NotFiniteError, UserError
from app.core.events import Generated
from app.core.output import ImageOutput, Pixels
from app.core.request import GenerationRequest, LoraUse
from app.diffusion.model import LatentModel
from app.library import paths
from app.library.settings import Settings
from tests.backends.conftest import FolderModels

SEPIA = Path(__file__).parents[2] / "material" / "sepia.safetensors"
"""What packaging/starter_model/style_lora.py trained."""
SMALL: dict[str, Any] = {"width": 128, "height": 128}
"""Where it does not matter what is seen."""
KINDS = {"mlx": MLXBackend, "torch": TorchBackend}


def backend_of(kind: str) -> LocalBackend:
    return KINDS[kind](FolderModels(), Settings())  # type: ignore[arg-type]


def paint(backend: LocalBackend, *weights: float, precision: str = "float32", **options: Any) -> Pixels:
    folder = str(paths.resources() / "starter")
    options = {"steps": 4, "seed": 7, "prompt": "a red house in green hills at noon", **options}
    loras = options.pop("loras", tuple(LoraUse(str(SEPIA), weight) for weight in weights))
    request = GenerationRequest(model=folder, precision=precision, loras=loras, **options)
    resolved = backend.capabilities(folder).resolve(request)
    output = next(event.output for event in backend.generate(resolved, lambda: False) if isinstance(event, Generated))
    assert isinstance(output, ImageOutput)
    return output.pixels


def colour(pixels: Pixels) -> float:
    """How far the colours are from grey, on average, of 255."""
    return float((pixels.max(axis=2).astype(float) - pixels.min(axis=2)).mean())


@pytest.mark.parametrize(
    "weights",
    [(0.7, -0.4), *(pytest.param(each, marks=pytest.mark.slow) for each in ((1.0,), (2.0,), (-2.0,)))],
    ids=str,
)
def test_both_backends_make_the_same_picture(weights: tuple[float, ...]) -> None:
    mlx, torch = (paint(backend_of(kind), *weights, **SMALL) for kind in KINDS)
    assert psnr(mlx, torch) >= 40


@pytest.mark.parametrize("kind", ["mlx", pytest.param("torch", marks=pytest.mark.slow)])
def test_the_weight_is_how_much_there_is_of_the_style(kind: str) -> None:
    backend = backend_of(kind)
    plain, half, styled = (colour(paint(backend, weight)) for weight in (0, 0.5, 1))
    assert styled < half < plain
    assert styled < plain / 2


@pytest.mark.parametrize("kind", KINDS)
def test_another_weight_or_none_reads_nothing_of_the_model_again(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = backend_of(kind)
    plain, styled = paint(backend, **SMALL), paint(backend, 1, **SMALL)

    def read(*_: Any, **__: Any) -> None:
        raise AssertionError("the model is read again")

    monkeypatch.setattr("app.sana_mlx.parts.read_tensors", read)
    monkeypatch.setattr("app.sana_mlx.pipeline.read_tensors", read)
    monkeypatch.setattr("app.backends.local.torch.loading.read_tensors", read)
    half, halves = paint(backend, 0.5, **SMALL), paint(backend, 0.5, 0.5, **SMALL)
    assert psnr(half, styled) < 30
    assert psnr(half, plain) < 30
    assert psnr(halves, styled) > 40
    assert np.array_equal(paint(backend, 0.5, 0.5, **SMALL), halves)
    assert np.array_equal(paint(backend, 0, **SMALL), plain)
    assert np.array_equal(paint(backend, **SMALL), plain)


@pytest.mark.slow  # products with quantized weights take seconds on a processor
@pytest.mark.parametrize("bits", ["8bit", "4bit"])
def test_quantized_weights_take_them_too(bits: str) -> None:
    backend = backend_of("mlx")
    plain, styled = paint(backend, precision=bits), paint(backend, 1, precision=bits)
    assert colour(styled) < colour(plain) / 2


@pytest.mark.parametrize("kind", KINDS)
def test_velocities_agree_with_merged_weights(kind: str, tmp_path: Path) -> None:
    """In float32, against the same model whose weights were changed on the disk."""
    from safetensors.numpy import load_file, save_file

    from app.library.models.checkpoint.checkpoint import open_checkpoint
    from app.library.models.loras.changes import read_changes

    merged = tmp_path / "merged"
    shutil.copytree(paths.resources() / "starter", merged)
    file = merged / "transformer" / "diffusion_pytorch_model.safetensors"
    weights = {name: weight.astype(np.float32) for name, weight in load_file(file).items()}
    changes = read_changes([(SEPIA, 1.0)], {name: weight.shape for name, weight in weights.items()}, "Starter")
    for layer, change in changes.items():
        weights[f"{layer}.weight"] += (change.b @ change.a).reshape(weights[f"{layer}.weight"].shape)
    save_file(weights, file)
    found = []
    for folder, used in ((merged, {}), (paths.resources() / "starter", changes)):
        model: Any = backend_of(kind).open_model(open_checkpoint(folder), "float32")
        model.set_changes(used)
        found.append(_velocity(model))
    assert np.abs(found[0] - found[1]).max() <= 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4))
def test_its_style_is_on_each_picture_and_the_same_on_both(number: int) -> None:
    """What it was trained for: shades of one brown, from prompts that say nothing of it."""
    scenes = ("a blue car in the city at sunset", "a yellow tent by the lake at night", "a pink castle in the snow",
              "a green rocket over the desert at noon")  # fmt: skip
    plain, styled = ({kind: paint(backend_of(kind), *weights, prompt=scenes[number], seed=number, steps=12)
                      for kind in KINDS} for weights in ((), (1.0,)))  # fmt: skip
    assert psnr(styled["mlx"], styled["torch"]) >= 40
    for kind in KINDS:
        red, green, blue = styled[kind].mean(axis=(0, 1))
        assert red >= green >= blue
        assert colour(styled[kind]) < 0.65 * colour(plain[kind])


def _velocity(model: LatentModel) -> np.ndarray:
    noise = np.random.default_rng(0).standard_normal((1, 32, 16, 16)).astype(np.float32)
    return model.velocity(noise, 800.0, [model.encode_prompt("a red house at night")])


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_fit_is_said_before_anything_is_loaded(
    kind: str, tmp_path: Path, checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = backend_of(kind)
    monkeypatch.setattr(type(backend), "open_model", lambda *_: pytest.fail("it loads"))
    folder = str(checkpoint_folder())
    for lora, words in (
        (LoraUse(str(SEPIA)), "made for Sana Starter"),
        (LoraUse(str(tmp_path / "gone.safetensors")), "gone.safetensors"),
        (LoraUse("", 1.0, "ink.safetensors"), "ink.safetensors"),
    ):
        request = GenerationRequest("a boat", model=folder, loras=(lora,), steps=1)
        with pytest.raises(UserError, match=words):
            list(backend.generate(backend.capabilities(folder).resolve(request), lambda: False))


def test_weights_have_limits() -> None:
    backend = backend_of("torch")
    for weight in (2.01, -3.0, float("nan")):
        with pytest.raises(UserError, match="weight"):
            paint(backend, weight)


@pytest.mark.parametrize("kind", KINDS)
def test_where_it_breaks_the_numbers_it_is_named(kind: str, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    spoilt = {
        name: np.full_like(tensor.astype(np.float32), 1e30) if "to_q" in name else tensor.astype(np.float32)
        for name, tensor in load_file(SEPIA).items()
    }
    save_file(spoilt, tmp_path / "huge.safetensors")
    backend = backend_of(kind)
    with pytest.raises(NotFiniteError) as caught:
        paint(backend, loras=(LoraUse(str(tmp_path / "huge.safetensors")),), **SMALL)
    assert "LoRA" in str(caught.value.remedy)
    assert np.isfinite(paint(backend, 1, **SMALL)).all()


def test_they_count_in_the_estimate(tmp_path: Path) -> None:
    folder, backend = str(paths.resources() / "starter"), backend_of("torch")
    bare = GenerationRequest("a house", model=folder, precision="float32", width=64, height=64)
    values = sum(values.size for key, values in load_file(SEPIA).items() if values.ndim > 1)
    with_two = bare.replace(loras=(LoraUse(str(SEPIA)), LoraUse(str(SEPIA), 0.5)))
    without, both = (backend.estimate(each).peak_memory_bytes for each in (bare, with_two))
    assert both == without + 2 * 8 * values
    gone = bare.replace(loras=(LoraUse(str(tmp_path / "gone.safetensors")),))
    assert backend.estimate(gone).peak_memory_bytes == without
