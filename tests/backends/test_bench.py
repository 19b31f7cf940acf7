"""The benchmark: its counts against torch's own counter, and a whole run on a random checkpoint."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from app.backends.bench import rounds
from app.backends.bench.limits import Limits, limits
from app.backends.bench.table import table, tiles
from app.backends.bench.verdict import verdict
from app.backends.local.backend import LocalBackend
from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.backends.local.torch.model import TorchModel
from app.diffusion.families.sana import SanaConditioning
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.models.store import Models
from app.library.settings import Settings
from app.sana_mlx import measure, work
from app.sana_mlx.config import AutoencoderConfig, TransformerConfig
from tests.backends.conftest import VARIANTS, FolderModels

SIDE = 64


@pytest.mark.parametrize("variant", ["base", "patches", "lite"])
def test_operations_are_those_that_torch_counts(variant: str, checkpoint_folder: Callable[..., Path]) -> None:
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    checkpoint = open_checkpoint(checkpoint_folder(**VARIANTS[variant]))
    model = TorchModel(checkpoint, "float32", "cpu")
    random, latent = np.random.default_rng(0), SIDE // checkpoint.spatial_factor
    latents = random.standard_normal((1, checkpoint.latent_channels, latent, latent), np.float32)
    states = random.standard_normal((1, 10, checkpoint.transformer["caption_channels"]), np.float32)
    model.load()
    # Attention as matrix products: torch does not count the fused one of a processor.
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as velocity:
        model.velocity(latents, 500.0, [SanaConditioning(embeddings=states)])
    with FlopCounterMode(display=False) as decode:
        model.decode(latents)
    # torch also counts the timestep's embedding, and one more row of values in linear attention.
    transformer, autoencoder = configs(checkpoint)
    tokens = (SIDE // checkpoint.token_pixels) ** 2
    assert work.transformer(transformer, tokens, 10).operations == pytest.approx(velocity.get_total_flops(), rel=0.02)
    assert work.decoder(autoencoder, SIDE, SIDE).operations == pytest.approx(decode.get_total_flops(), rel=0.02)


def configs(checkpoint: Checkpoint) -> tuple[TransformerConfig, AutoencoderConfig]:
    return TransformerConfig.from_dict(checkpoint.transformer), AutoencoderConfig.from_dict(checkpoint.vae)


def test_weights_are_those_of_the_file(checkpoint_folder: Callable[..., Path]) -> None:
    checkpoint = open_checkpoint(checkpoint_folder(**VARIANTS["base"]))
    parameters = checkpoint.weights["transformer"].parameters
    # Norms, biases and the timestep's embedding are the rest.
    assert 0.5 * parameters < work.transformer(configs(checkpoint)[0], 4, 10).weights < parameters


def test_work_grows_with_the_pixels(checkpoint_folder: Callable[..., Path]) -> None:
    checkpoint = open_checkpoint(checkpoint_folder(**VARIANTS["base"]))
    small, large = (work.decoder(configs(checkpoint)[1], side, side) for side in (SIDE, 2 * SIDE))
    assert large.operations == pytest.approx(4 * small.operations, rel=1e-3)
    assert large.weights == small.weights
    assert small.times(2).operations == 2 * small.operations


def test_the_limit_is_the_slower_of_computing_and_moving() -> None:
    limit = Limits(operations=100.0, bandwidth=10.0)
    assert limit.seconds(200.0, 10.0) == 2.0
    assert limit.seconds(200.0, 50.0) == 5.0


@pytest.fixture
def quick_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("app.backends.local.kernels", MLXBackend.kernels.__module__, TorchBackend.kernels.__module__):
        monkeypatch.setattr(f"{module}.SIDE", 64)
        monkeypatch.setattr(f"{module}.VALUES", 1000)
    monkeypatch.setattr("app.backends.bench.limits.VALUES", 1000)
    monkeypatch.setattr("app.backends.bench.limits.SECONDS", 0.05)


@pytest.mark.usefixtures("quick_limits")
@pytest.mark.parametrize("kind", [MLXBackend, TorchBackend])
def test_the_machine_is_measured(kind: type[LocalBackend]) -> None:
    limit = limits(kind(cast(Models, FolderModels()), Settings()), "cpu", "float32")
    assert limit.operations > 1e6
    assert limit.bandwidth > 1e5


@pytest.mark.usefixtures("quick_limits")
def test_a_run_measures_all_in_turn(checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "STEPS", 3)
    monkeypatch.setattr(rounds, "MAX_ROUNDS", 2)
    folder = checkpoint_folder(**VARIANTS["base"])
    models, settings = FolderModels(), Settings()
    backends = [MLXBackend(models, settings), TorchBackend(models, settings)]  # type: ignore[arg-type]
    translated: list[str] = []
    result = json.loads(json.dumps(rounds.bench(backends, str(folder), translated.append)))
    assert [row["name"] for row in result["contestants"]] == ["mlx", "torch", "diffusers"]
    for row in result["contestants"]:
        assert row["precision"] == "float32"
        assert all(row["seconds"][name] > 0 for name in ("step", "decode", "picture", "reroll"))
        assert row["seconds"]["picture"] > row["seconds"]["decode"]
    for row in result["contestants"][:2]:
        assert row["peak_memory_bytes"] > 1e6
        step = row["stages"]["step"]
        computed = step["gigaflops"] / row["seconds"]["step"]
        assert step["gigaflops_per_second"] == pytest.approx(computed, rel=0.05, abs=2e-3)
        assert min(step["gigaflops"], step["least_seconds"]) > 0
        share = step["least_seconds"] / row["seconds"]["step"]
        assert step["share_of_limit"] == pytest.approx(share, rel=0.1, abs=2e-3)
    assert set(result["ratios"]) == {"mlx/torch", "mlx/diffusers", "torch/diffusers"}
    assert result["ratios"]["torch/diffusers"]["reroll"] > 0
    text = table(result)
    assert "torch/diffusers: a picture, new prompt" in text
    assert "peak memory" in text
    assert "GFLOP/s; GB/s" in text
    assert result["contestants"][0]["tile"] == max(result["size"])
    assert "mlx decodes it whole." in text
    assert result["verdict"][0] in text
    assert "is the fastest here" in result["verdict"][0]
    assert result["machine"]["versions"]["numpy"] in text
    assert result["machine"]["chip"] in text
    # It is for others to read.
    for private in (str(folder), folder.name, str(Path.home()), platform.node()):
        assert private not in text + json.dumps(result)
    assert translated


def test_the_report_tells_what_the_halos_of_tiles_cost() -> None:
    halo = rounds.halo(measure.AUTOENCODER, 1024, 1024)
    assert list(halo) == ["512", "256", "128"]
    assert 1.05 < halo["512"] < halo["256"] < halo["128"] < 1.7
    assert rounds.halo(measure.AUTOENCODER, 128, 96) == {}
    told = tiles([{"name": "mlx", "tile": 512}, {"name": "torch", "tile": 0}, {"name": "diffusers"}], halo, 1024)
    assert told == [
        "mlx decodes it in tiles of 512 pixels.",
        "Operations of decoding over those of the whole picture: "
        f"{halo['512']:.2f} in tiles of 512, {halo['256']:.2f} in tiles of 256, {halo['128']:.2f} in tiles of 128.",
    ]


def test_the_verdict_names_what_is_slow_and_what_misses_its_target() -> None:
    seconds = {"text_encoder": 0.1, "step": 0.2, "decode": 0.4, "picture": 2.0}
    stages = {name: {"share_of_limit": 0.25} for name in ("text_encoder", "step", "decode")}
    rows = [
        {"name": "mlx", "seconds": seconds, "stages": stages},
        {"name": "torch", "seconds": seconds | {"decode": 2.5, "picture": 4.0}, "stages": stages},
        {"name": "diffusers", "seconds": seconds},
    ]
    ratios = {
        "mlx/diffusers": {"picture": 1.0, "reroll": 0.9, "targets": rounds.TARGETS},
        "torch/diffusers": {"picture": 2.0, "reroll": 0.8, "targets": rounds.TARGETS},
    }
    assert verdict(rows, ratios, steps=8) == [
        "mlx is the fastest here: 2.00 s for a picture.",
        "mlx spends 80% of a picture on its steps, at 25% of the machine's limit.",
        "torch spends 62% of a picture on its decoding, at 25% of the machine's limit.",
        "mlx/diffusers: target met.",
        "torch/diffusers: target missed (picture 2.00 instead of 1.05).",
    ]
