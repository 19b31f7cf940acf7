from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.core.catalog import ModelSpec
from app.core.errors import UserError
from app.library.models.checkpoint.reading import CheckpointReader
from app.library.models.store import Models
from app.library.settings import Settings
from tests.checkpoints import write_checkpoint


@pytest.fixture
def spec() -> ModelSpec:
    return Models(Settings()).spec("sana-0.6b-512")


def test_a_folder_is_read_again_only_after_a_change(tmp_path: Path, spec: ModelSpec) -> None:
    folder, reader = write_checkpoint(tmp_path / "model"), CheckpointReader()
    first = reader.open(folder, spec)
    assert reader.open(folder, spec) is first
    scheduler = folder / "scheduler" / "scheduler_config.json"
    scheduler.write_text(scheduler.read_text().replace("3.0", "6.0"))
    os.utime(scheduler, ns=(1, 1))
    assert reader.open(folder, spec).flow_shift == 6.0
    (folder / "vae" / "config.json").unlink()
    with pytest.raises(UserError):
        reader.open(folder, spec)
