"""Files of ours that go into pictures: kept once, and as long as something needs them."""

from __future__ import annotations

import os
from pathlib import Path

from app.library import paths
from app.library.pictures import inputs


def aged(path: Path) -> Path:
    os.utime(path, (1_000_000, 1_000_000))
    return path


def test_the_same_content_is_kept_once(home: Path) -> None:
    first = inputs.keep(b"white", "mask", ".png")
    assert first.read_bytes() == b"white"
    assert first.parent == paths.home() / "inputs"
    assert inputs.keep(b"white", "mask", ".png") == first
    assert inputs.keep(b"black", "mask", ".png") != first
    assert len(list(first.parent.iterdir())) == 2


def test_only_what_nothing_names_is_removed(home: Path) -> None:
    new = inputs.keep(b"new", "mask", ".png")
    unused, queued, shown, remembered = (aged(inputs.keep(text, "mask", ".png")) for text in (b"1", b"2", b"3", b"4"))
    for name, path in (("queue.json", queued), ("window.json", shown), ("sources.json", remembered)):
        (paths.home() / name).write_text(f'{{"path": "{path}"}}')
    inputs.remove_unused()
    assert sorted(inputs.folder().iterdir()) == sorted([new, queued, shown, remembered])
    assert not unused.exists()


def test_nothing_is_removed_where_one_cannot_tell(home: Path) -> None:
    kept = aged(inputs.keep(b"1", "mask", ".png"))
    (paths.home() / "queue.json").mkdir()
    inputs.remove_unused()
    assert kept.exists()
