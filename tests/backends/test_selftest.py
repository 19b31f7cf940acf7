"""The self-test on a random checkpoint, with references made of it: what passes, and what must fail and how."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.backends.local.backend import LocalBackend
from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.backends.selftest import golden
from app.backends.selftest.precision import check_precision, precisions_for
from app.backends.selftest.probes import KINDS, probes
from app.backends.selftest.references import (
    check_memory,
    configs_of,
    make_references,
    stored_references,
)
from app.backends.selftest.report import TOLERANCE, Report, compare
from app.backends.selftest.table import table
from app.backends.selftest.tracing import VALUES, Output, subsample
from app.core import events
from app.core.errors import GenerationCancelled, UserError
from app.library import machine, paths
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.settings import Settings
from tests.backends.conftest import FolderModels

STARTER_LIKE = {"patch_size": 2, "sample_size": 8, "layers": 3, "shift": 2.0}


@pytest.fixture(scope="module")
def starter(checkpoint_folder: Callable[..., Path]) -> Path:
    return checkpoint_folder(**STARTER_LIKE)


@pytest.fixture(scope="module")
def references(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A resources folder with references of the random starter."""
    resources = tmp_path_factory.mktemp("resources")
    shutil.copy(paths.resources() / "catalog.toml", resources)
    shutil.copy(paths.resources() / "catalog.toml", resources)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(golden, "STEPS", 2)
        make_references(open_checkpoint(starter)).save(resources / "selftest" / "references.safetensors")
    return resources


@pytest.fixture(autouse=True)
def _installed(references: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golden, "STEPS", 2)
    monkeypatch.setattr("app.backends.selftest.precision.PATIENCE", 1e9)
    monkeypatch.setattr(paths, "resources", lambda: references)


def report_of(kind: type[LocalBackend], folder: Path, precision: str) -> Report:
    backend = kind(FolderModels(), Settings())  # type: ignore[arg-type]
    told = list(check_precision(backend, str(folder), precision, lambda: False))
    report = next(event.report for event in told if isinstance(event, events.Tested))
    assert isinstance(report, Report)
    return report


def damaged(folder: Path, target: Path, file: str, name: str, change: Callable[[Any], Any]) -> Path:
    """A copy with one changed tensor."""
    from safetensors.numpy import load_file, save_file

    shutil.copytree(folder, target)
    path = target / file
    tensors = load_file(path)
    assert name in tensors
    tensors[name] = change(tensors[name])
    save_file(tensors, path, metadata={"format": "pt"})
    return target


@pytest.mark.parametrize("kind", [MLXBackend, TorchBackend])
def test_float32_passes_with_every_layer_far_within_the_tolerance(kind: type[LocalBackend], starter: Path) -> None:
    report = report_of(kind, starter, "float32")
    assert report.passed, report.failure
    assert {layer.name for layer in report.layers} == set(probes(open_checkpoint(starter)))
    assert max(layer.error or 0 for layer in report.layers) < TOLERANCE["float32"] / 100
    assert len(report.psnr) == len(golden.PROMPTS)
    assert min(report.psnr) > 50
    assert report.intact


@pytest.mark.parametrize("kind", [MLXBackend, TorchBackend])
def test_bfloat16_is_measurably_less_exact_and_passes(kind: type[LocalBackend], starter: Path) -> None:
    report = report_of(kind, starter, "bfloat16")
    assert not report.first_failure, report.failure
    assert 1e-3 < max(layer.error or 0 for layer in report.layers) < TOLERANCE["bfloat16"]


@pytest.mark.parametrize("kind", [MLXBackend, TorchBackend])
@pytest.mark.parametrize(
    ("file", "tensor", "layer"),
    [
        ("text_encoder/model.safetensors", "layers.1.mlp.up_proj.weight", "text_encoder.layers.1.mlp"),
        (
            "transformer/diffusion_pytorch_model.safetensors",
            "transformer_blocks.1.attn2.to_v.weight",
            "transformer.transformer_blocks.1.attn2",
        ),
        ("vae/diffusion_pytorch_model.safetensors", "decoder.conv_out.weight", "vae.decoder.conv_out"),
    ],
)
def test_a_changed_weight_fails_and_names_its_layer(
    kind: type[LocalBackend], starter: Path, tmp_path: Path, file: str, tensor: str, layer: str
) -> None:
    folder = damaged(starter, tmp_path / "damaged", file, tensor, lambda weight: 1.5 * weight)
    report = report_of(kind, folder, "float32")
    assert not report.passed
    assert report.first_failure is not None
    assert report.first_failure.name == layer
    assert layer in str(report.failure)
    assert not report.intact


@pytest.mark.parametrize("kind", [MLXBackend, TorchBackend])
def test_a_weight_that_is_not_a_number_is_named(kind: type[LocalBackend], starter: Path, tmp_path: Path) -> None:
    def spoil(weight: Any) -> Any:
        weight.reshape(-1)[0] = np.nan
        return weight

    file, tensor = "vae/diffusion_pytorch_model.safetensors", "decoder.up_blocks.1.1.conv1.weight"
    report = report_of(kind, damaged(starter, tmp_path / "damaged", file, tensor, spoil), "float32")
    assert str(report.failure) == "The layer vae.decoder.up_blocks.1.1 gives values that are not numbers."


def test_a_change_too_small_for_any_layer_to_show_is_told_by_the_files(starter: Path, tmp_path: Path) -> None:
    file, tensor = "vae/diffusion_pytorch_model.safetensors", "decoder.conv_out.bias"
    folder = damaged(starter, tmp_path / "damaged", file, tensor, lambda bias: bias * np.float32(1.0001))
    report = report_of(MLXBackend, folder, "float32")
    assert report.first_failure is None
    assert not report.passed
    assert "weights" in str(report.failure)


def test_the_sampled_values_meet_every_channel() -> None:
    channels = np.broadcast_to(np.arange(64, dtype=np.float32), (1, 64, 64, 64))
    assert set(subsample(channels)) == set(range(64))
    assert subsample(channels).size <= VALUES


def test_an_operation_of_torch_that_returns_nan_is_named(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    def broken(*args: Any, **kwargs: Any) -> Any:
        return torch.full_like(args[0], torch.nan)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", broken)
    report = report_of(TorchBackend, starter, "float32")
    assert report.first_failure is not None
    assert report.first_failure.name.endswith("attn2")
    assert "not numbers" in str(report.failure)


def test_an_operation_of_mlx_that_returns_nan_is_named(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.sana_mlx import transformer

    monkeypatch.setattr(transformer, "linear_attention", lambda q, k, v: q * float("nan"))
    report = report_of(MLXBackend, starter, "float32")
    assert str(report.failure) == "The layer transformer.transformer_blocks.0.attn1 gives values that are not numbers."


def test_a_computation_that_breaks_off_is_a_failure(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.backends.local.mlx_model import MLXModel

    def broken(self: Any, prompt: str, *, negative: bool = False) -> Any:
        raise RuntimeError("[metal] no such kernel")

    monkeypatch.setattr(MLXModel, "encode_prompt", broken)
    assert "no such kernel" in str(report_of(MLXBackend, starter, "float32").failure)


@pytest.mark.parametrize("variant", ["sana-1.5", "sprint", "2k", "lite"])
def test_another_model_is_compared_with_float32_on_the_processor(
    variant: str, checkpoint_folder: Callable[..., Path]
) -> None:
    from tests.backends.conftest import VARIANTS

    folder = checkpoint_folder(**VARIANTS[variant])
    backend = MLXBackend(FolderModels(), Settings())  # type: ignore[arg-type]
    assert precisions_for(backend, str(folder)) == ("float32", "bfloat16")
    report = report_of(MLXBackend, folder, "float32")
    assert report.passed, report.failure
    assert report.psnr == ()
    assert all(layer.error is not None for layer in report.layers)


def test_a_model_that_does_not_fit_in_float32_is_refused(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "memory_budget", lambda chosen_gb=0.0: 1000)
    with pytest.raises(UserError, match=r"needs .* of memory"):
        check_memory(open_checkpoint(starter))


def test_a_cancel_ends_it(starter: Path) -> None:
    backend = TorchBackend(FolderModels(), Settings())  # type: ignore[arg-type]
    with pytest.raises(GenerationCancelled):
        list(check_precision(backend, str(starter), "float32", lambda: True))


def test_references_survive_the_disk(starter: Path, references: Path) -> None:
    read = stored_references()
    assert read.configs == configs_of(open_checkpoint(starter))
    assert list(read.values) == list(probes(open_checkpoint(starter)))
    assert len(read.pictures) == len(golden.PROMPTS)
    assert all(values.size <= VALUES for values in read.values.values())
    assert read.inputs.pixels.shape == (1, *read.pictures[0].shape)


@pytest.mark.parametrize("damage", ["missing", "cut", "version"])
def test_unusable_references_are_told(
    damage: str, references: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "references.safetensors"
    if damage == "cut":
        path.write_bytes((references / "selftest" / "references.safetensors").read_bytes()[:5000])
    elif damage == "version":
        stored = stored_references(references / "selftest" / "references.safetensors")
        monkeypatch.setattr("app.backends.selftest.references.VERSION", 99)
        stored.save(path)
        monkeypatch.undo()
    with pytest.raises(UserError, match="cannot be used"):
        stored_references(path)


def test_every_kind_of_layer_has_words_for_the_table(checkpoint_folder: Callable[..., Path]) -> None:
    for options in (STARTER_LIKE, {"lite": True}, {"vae": {"encoder_layers_per_block": [1, 1, 1]}}):
        assert set(probes(open_checkpoint(checkpoint_folder(**options))).values()) <= set(KINDS)


def test_a_large_error_in_one_sampled_value_is_found() -> None:
    reference = np.ones(100, np.float32)
    values = reference.copy()
    values[37] += 0.1
    layer = compare("x", "attn1", Output(values, True), reference, "float32")
    assert (layer.passed, round(layer.error or 0, 3)) == (False, 0.1)
    assert str(compare("x", "attn1", Output(reference[:50], True), reference, "float32").problem).endswith(
        "another size."
    )
    assert str(compare("x", "attn1", None, reference, "float32").problem) == "The layer x was not computed."
    assert not compare("x", "attn1", Output(reference, False), reference, "4bit").passed


def test_the_table_shows_errors_pictures_and_verdicts() -> None:
    layers = (
        compare("a", "attn1", Output(np.ones(4, np.float32), True), np.ones(4, np.float32), "float32"),
        compare("b", "ff", Output(np.ones(4, np.float32), False), np.ones(4, np.float32), "float32"),
    )
    good = Report("mlx", "float32", "cpu", layers[:1], (50.0,), 1.5)
    bad = replace(good, precision="bfloat16", layers=layers, psnr=())
    text = table("MLX", (good, bad))
    assert "MLX (cpu)" in text
    assert text.splitlines()[-1].split() == ["PASS", "FAIL"]
    assert any(line.startswith("Mix-FFN") and line.split()[-2:] == ["-", "NaN"] for line in text.splitlines())
