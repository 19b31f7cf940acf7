from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from app.core.catalog import ModelSpec
from app.core.errors import UserError
from app.core.message import plain
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.models.checkpoint.controlnet import ControlNet, open_controlnet
from tests.backends.random_checkpoint import write_checkpoint

SPRINT = {"scheduler": "scm", "guidance_embeds": True, "qk_norm": "rms_norm_across_heads"}
VARIANTS: dict[str, dict[str, Any]] = {
    "base": {},
    "sana-1.5": {"qk_norm": "rms_norm_across_heads", "shift": 2.0},
    "sprint": SPRINT,
    "2k": {"interpolation_scale": 1.0, "timestep_scale": 0.5, "layers": 3},
    "patches": {"patch_size": 2, "sample_size": 16},
    "euler": {"scheduler": "euler"},
    "lite": {"lite": True},
    "half": {"dtype": "bfloat16", "variant": "bf16", "shard_bytes": 20_000},
    "instruction": {"max_positions": 2048},
}
"""Random checkpoints of every kind that there is, by what is special in them."""


@pytest.fixture(scope="session")
def checkpoint_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Gives the folder of a random checkpoint with such options. It is shared: don't write to it."""
    made: dict[str, Path] = {}

    def folder(**options: Any) -> Path:
        key = repr(sorted(options.items()))
        if key not in made:
            made[key] = write_checkpoint(tmp_path_factory.mktemp("checkpoint"), **options)
        return made[key]

    return folder


class FolderModels:
    """Models that are just folders; stands in for `app.library.models.store.Models` where no catalog is wanted."""

    def __init__(self, spec: ModelSpec | None = None) -> None:
        self.spec = spec

    def resolve(self, model: str) -> tuple[ModelSpec | None, Checkpoint]:
        return self.spec, open_checkpoint(Path(model), self.spec)

    def controlnet(self, model: str) -> ControlNet:
        return open_controlnet(Path(model))

    def controlnets_for(self, checkpoint: Checkpoint) -> tuple[tuple[str, str], ...]:
        return ()

    def list(self) -> list[Any]:
        return []

    def lacking(self, families: Collection[str]) -> UserError:
        return UserError(plain("There is none."), plain("Get one."))
