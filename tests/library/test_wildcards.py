from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import UserError
from app.library.wildcards import MAX_BYTES, Wildcards


def test_files_of_the_folder_and_the_folders_in_it_are_listed(tmp_path: Path) -> None:
    (tmp_path / "animals").mkdir()
    for name in ("colour.txt", "animals/dogs.txt", "notes.md", ".hidden.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert Wildcards(tmp_path).names() == ["animals/dogs", "colour"]
    assert Wildcards(tmp_path / "none").names() == []


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    file, wildcards = tmp_path / "colour.txt", Wildcards(tmp_path)
    file.write_bytes("\ufeffred\r\n\r\n# no\r\n grün \r\n".encode())
    assert wildcards.lines("colour") == ("red", "grün")
    file.write_text("blue\nviolet\n", encoding="utf-8")
    assert wildcards.lines("colour") == ("blue", "violet")


def test_what_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("no", encoding="utf-8")
    wildcards = Wildcards(tmp_path / "in")
    with pytest.raises(UserError, match=r"colour.*in"):
        wildcards.lines("colour")
    for name, content in (("empty", b"# only\n"), ("binary", b"\xff\xfe\x00"), ("large", b"x" * (MAX_BYTES + 1))):
        (tmp_path / "in" / f"{name}.txt").write_bytes(content)
        with pytest.raises(UserError, match=name):
            wildcards.lines(name)
    with pytest.raises(UserError, match="binary, empty, large"):
        wildcards.lines("colour")
    for outside in ("../secret", "in/../../secret", "a" * 5000, "x\0y"):
        with pytest.raises(UserError):
            wildcards.lines(outside)
