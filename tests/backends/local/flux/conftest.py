from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.sana_mlx.blas import load_openblas
from tests.backends.local.flux.checkpoints import WRITERS

load_openblas()  # before anything imports MLX, which is slow without it


@pytest.fixture(scope="session")
def flux_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the folder of a small random checkpoint of a family. It is shared: don't write to it."""
    made: dict[str, Path] = {}

    def folder(family: str) -> Path:
        if family not in made:
            made[family] = WRITERS[family](tmp_path_factory.mktemp("flux") / family)
        return made[family]

    return folder
