"""A local backend without networks, for tests of the self-test's way through the engine and the worker process."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.backends.base import State, Status
from app.backends.local.backend import LocalBackend
from app.backends.selftest import golden
from app.backends.selftest.probes import LATENTS, VELOCITY, probes
from app.backends.selftest.references import References, configs_of, weights_of
from app.backends.selftest.tracing import Inputs, subsample
from app.core.events import CancelCheck, Event, Finished
from app.core.message import message
from app.core.request import GenerationRequest
from app.diffusion.families.sana import SanaConditioning
from app.diffusion.model import Array, OnTile, Pixels
from app.library import paths
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.settings import Settings
from tests.checkpoints import GEMMA, VAE, write_checkpoint, write_json

BROKEN = "transformer.transformer_blocks.0.attn1"
FOLDER, BEHAVIOUR = "SELF_TESTED_FOLDER", "SELF_TESTED_BEHAVIOUR"


class Model:
    """Ones everywhere; in the broken precision, NaN in one layer."""

    latent_channels, spatial_factor, guidance_embeds, device = 4, 4, False, "cpu"

    def __init__(self, precision: str) -> None:
        self.precision = precision
        if os.environ[BEHAVIOUR] == f"{precision} dies":
            os.kill(os.getpid(), signal.SIGKILL)

    @contextlib.contextmanager
    def trace(self, names: Iterable[str], take: Callable[[str, Array], None]) -> Iterator[None]:
        yield
        for name in names:
            broken = name == BROKEN and os.environ[BEHAVIOUR] == f"{self.precision} fails"
            take(name, np.full((1, 4), np.nan if broken else 1, np.float32))

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> SanaConditioning:
        return SanaConditioning(embeddings=np.ones((1, 2, 8), np.float32))

    def shift(self, width: int, height: int, steps: int) -> float:
        return 3.0

    def velocity(self, latents: Array, timestep: float, conditionings: Sequence[Any], guidance: Any = None) -> Array:
        return np.ones((len(conditionings), *latents.shape[1:]), np.float32)

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        return np.full((1, 8, 8, 3), 7, np.uint8)

    def encode_image(self, pixels: Pixels) -> Array:
        return np.ones((1, 4, 16, 16), np.float32)

    def load(self) -> None: ...

    def release_text_encoder(self) -> None: ...

    def peak_memory(self) -> int:
        return 1

    def close(self) -> None: ...


class Models:
    def resolve(self, model: str) -> tuple[None, Checkpoint]:
        return None, open_checkpoint(Path(os.environ[FOLDER]) / "starter")

    def controlnets_for(self, checkpoint: Checkpoint) -> tuple[tuple[str, str], ...]:
        return ()


class SelfTestedBackend(LocalBackend):
    """Paints nothing, quickly."""

    id, name = "mlx", "MLX"
    packages = ("mlx", "mlx_lm")
    precisions = ("float32", "bfloat16", "8bit", "4bit")
    device = "metal"

    def check(self) -> Status:
        return Status(State.READY, message("It is a test."), device=self.device)

    def open_model(self, checkpoint: Checkpoint, precision: str) -> Any:
        return Model(precision)

    def models(self) -> tuple[tuple[str, str], ...]:
        return (("starter", "Starter"),)

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        yield Finished()


def install(folder: Path) -> None:
    """Write a checkpoint and its references into `folder`."""
    shutil.copy(Path(__file__).parents[2] / "resources" / "catalog.toml", folder)
    starter = write_checkpoint(folder / "starter")
    write_json(starter / "text_encoder" / "config.json", {**GEMMA, "num_hidden_layers": 1})
    layers = {"encoder_layers_per_block": [1, 1, 1], "decoder_layers_per_block": [1, 1, 1]}
    scales = {"encoder_qkv_multiscales": [[], [], [5]], "decoder_qkv_multiscales": [[], [], [5]]}
    write_json(starter / "vae" / "config.json", {**VAE, **layers, **scales})
    checkpoint = open_checkpoint(starter)
    ones = np.ones(4, np.float32)
    values: dict[str, Array] = dict.fromkeys(probes(checkpoint), ones)
    latents = np.ones((1, 4, 16, 16), np.float32)
    values[VELOCITY] = values[LATENTS] = subsample(latents)
    conditioning = SanaConditioning(embeddings=np.ones((1, 2, 8), np.float32))
    picture = np.full((8, 8, 3), 7, np.uint8)
    inputs = Inputs("a cat", conditioning, latents, 700.0, None, picture[None], latents)
    pictures = (picture,) * len(golden.PROMPTS)
    references = References(configs_of(checkpoint), weights_of(checkpoint), inputs, values, pictures)
    references.save(folder / "selftest" / "references.safetensors")


def backends() -> dict[str, Any]:
    """The worker's factory: also there, the references are those of the test."""
    folder = Path(os.environ[FOLDER])
    paths.resources = lambda: folder
    return {"mlx": SelfTestedBackend(Models(), Settings())}  # type: ignore[arg-type]
