"""Clips that were not finished stay on disk, and nothing that lies there can do harm."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.backends.local.video.unfinished import MOST, UnfinishedClip, folder, remove_old
from app.core.request import GenerationRequest
from app.diffusion.sampler import Reached

REQUEST = GenerationRequest("a boat", model="video", width=64, height=64, steps=4, seed=3, frames=9, fps=16.0)
COMPUTED = {"checkpoint": ("folder", 1, 2), "precision": "float32", "first": None}
SHAPE = (1, 4, 3, 2, 2)


def clip(request: GenerationRequest = REQUEST, **computed: Any) -> UnfinishedClip:
    return UnfinishedClip(request, COMPUTED | computed, SHAPE)


def numbers(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(SHAPE, np.float32)


@pytest.mark.parametrize("before", [None, numbers(1)])
def test_it_goes_on_where_it_stood(home: Path, before: np.ndarray | None) -> None:
    assert clip().reached() is None
    clip().keep(Reached(2, numbers(), before))
    found = clip().reached()
    assert found is not None
    assert found.step == 2
    assert np.array_equal(found.latents, numbers())
    assert found.before is None if before is None else np.array_equal(found.before, before)
    clip().drop()
    assert clip().reached() is None
    clip().drop()


def test_only_the_same_clip_goes_on(home: Path) -> None:
    clip().keep(Reached(2, numbers()))
    changes: list[dict[str, Any]] = [{"prompt": "a ship"}, {"seed": 4}, {"steps": 5}, {"guidance": 2.0}]
    assert all(clip(REQUEST.replace(**change)).reached() is None for change in changes)
    assert clip(precision="bfloat16").reached() is None
    assert clip(first="another picture").reached() is None
    assert clip(checkpoint=("folder", 1, 3)).reached() is None
    assert clip(REQUEST.replace(fps=8.0, count=3, whole=81)).reached() is not None


def test_what_cannot_be_used_is_begun_anew(home: Path) -> None:
    clip().keep(Reached(2, numbers()))
    (path,) = folder().glob("*.safetensors")
    whole = path.read_bytes()
    for broken in (b"", whole[:-5], b"\xff" * 100, whole + bytes(2**20)):
        path.write_bytes(broken)
        assert clip().reached() is None
    for step, latents in ((0, numbers()), (2, numbers()[:, :2]), (2, np.full(SHAPE, np.nan, np.float32))):
        clip().keep(Reached(step, latents))
        assert clip().reached() is None


def test_a_full_disk_does_not_end_the_work(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder().parent.mkdir(parents=True)
    folder().write_bytes(b"")  # a file where the folder should be
    clip().keep(Reached(2, numbers()))
    assert "could not be kept" in caplog.text
    assert clip().reached() is None


def test_old_ones_are_removed(home: Path) -> None:
    for seed in range(MOST + 3):
        clip(REQUEST.replace(seed=seed)).keep(Reached(1, numbers()))
    remove_old()
    assert len(list(folder().iterdir())) == MOST
    for path in folder().iterdir():
        os.utime(path, (time.time() - 40 * 24 * 3600,) * 2)
    remove_old()
    assert list(folder().iterdir()) == []
