"""The folders in which deleted pictures wait are shared: whoever empties one removes it, at any moment."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import UserError
from app.library.pictures.trash import Trash


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return written(tmp_path / "one.png")


def written(path: Path) -> Path:
    path.write_bytes(path.name.encode())
    return path


def before(function: Callable[..., Any], act: Callable[[], object]) -> Callable[..., Any]:
    """`function`, but somebody else acts just before it is called for the first time."""
    acts = [act]

    def call(*args: Any, **options: Any) -> Any:
        if acts:
            acts.pop()()
        return function(*args, **options)

    return call


def after(function: Callable[..., Any], act: Callable[[], object], when: Callable[[Path], bool]) -> Callable[..., Any]:
    """`function`, but somebody else acts just after its first call of a path that is meant, whatever that gave."""
    acts = [act]

    def call(path: Path, *args: Any, **options: Any) -> Any:
        try:
            return function(path, *args, **options)
        finally:
            if acts and when(Path(path)):
                acts.pop()()

    return call


@pytest.mark.parametrize("moment", ["before it is moved", "when it was seen", "when its parent was made"])
def test_a_folder_that_another_empties_is_made_again(
    one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    trash = Trash(tmp_path)
    slot = trash.slot()

    def empty() -> None:
        trash.put_back(other)
        assert not slot.parent.exists()

    if moment == "when its parent was made":
        monkeypatch.setattr(os, "mkdir", after(os.mkdir, slot.parent.rmdir, lambda path: path == slot.parent))
    else:
        other = trash.take(written(tmp_path / "other.png"), slot)
        if moment == "when it was seen":
            monkeypatch.setattr(os, "mkdir", after(os.mkdir, empty, lambda path: path == slot))
        else:
            monkeypatch.setattr(Path, "rename", before(Path.rename, empty))
    trashed = trash.take(one, slot)
    assert trashed.waiting.read_bytes() == b"one.png"
    assert not one.exists()
    assert trash.put_back(trashed) == one


def test_what_the_systems_trash_refuses_waits_though_its_folder_was_emptied(
    one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = Trash(tmp_path)
    slot = trash.slot()
    other, trashed = trash.take(written(tmp_path / "other.png"), slot), trash.take(one, slot)

    def refuse(path: Path) -> None:
        trash.put_back(other)
        raise OSError("There is no trash on this volume.")

    monkeypatch.setattr("send2trash.send2trash", refuse)
    trash.hand_over(trashed)
    assert trashed.waiting.read_bytes() == b"one.png"
    assert not one.exists()


def test_a_folder_that_cannot_be_made_is_said(one: Path, tmp_path: Path) -> None:
    """A link that leads nowhere: there is neither a folder nor room for one, and the picture is not gone."""
    (tmp_path / ".trash").symlink_to(tmp_path / "unplugged")
    with pytest.raises(UserError, match="could not be deleted"):
        Trash(tmp_path).take(one, Trash(tmp_path).slot())
    assert one.exists()
