import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.library.pictures import thumbnails
from app.library.pictures.thumbnails import ThumbnailCache


def test_the_oldest_are_removed_where_they_take_too_much_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "TRIM_EVERY", 0)
    cache = ThumbnailCache(tmp_path / "cache", most_bytes=2_500)
    for number in range(6):
        path = tmp_path / f"{number}.png"
        Image.fromarray(np.full((64, 64, 3), 40 * number, np.uint8)).save(path)
        cache.get(path, 512)
        (newest,) = (file for file in tmp_path.rglob("*.jpg") if file.stat().st_mtime > 2_000)
        os.utime(newest, (1_000 + number, 1_000 + number))
    files = sorted(tmp_path.rglob("*.jpg"), key=lambda file: file.stat().st_mtime)
    cache.trim()
    left = sorted(tmp_path.rglob("*.jpg"), key=lambda file: file.stat().st_mtime)
    assert 0 < len(left) < 6
    assert left == files[-len(left) :], "the newest"
    assert sum(file.stat().st_size for file in left) <= 2_500
