"""A JSON object in a file that several threads and processes change."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.library.shared_json import SharedJson


def test_an_edit_is_there_for_the_next_reader(tmp_path: Path) -> None:
    file = SharedJson(tmp_path / "new folder" / "values.json")
    assert file.read() == {}
    with file.edit() as values:
        values["prompt"] = "沙丘上的红风筝"
    assert SharedJson(tmp_path / "new folder" / "values.json").read() == {"prompt": "沙丘上的红风筝"}


def test_an_edit_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = SharedJson(tmp_path / "values.json")
    with file.edit() as values:
        values["a"] = 1
    with pytest.raises(ZeroDivisionError), file.edit() as values:
        values["a"] = 1 / 0
    with pytest.raises(TypeError), file.edit() as values:
        values["a"] = object()
    assert file.read() == {"a": 1}
    with file.edit() as values:  # the lock was let go
        values["a"] = 2


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00\xff", "[" * 100_000])
def test_what_is_no_object_is_set_aside(tmp_path: Path, text: str) -> None:
    (tmp_path / "values.json").write_text(text, encoding="latin-1")
    assert SharedJson(tmp_path / "values.json").read() == {}
    assert (tmp_path / "values.json.broken").read_text(encoding="latin-1") == text


def test_what_another_process_mends_meanwhile_is_not_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "values.json"
    path.write_text("{")

    def mend_and_lock(lock: int, operation: int) -> None:
        """While the lock is waited for, its holder writes a whole file."""
        path.write_text('{"a": 1}')

    monkeypatch.setattr("fcntl.flock", mend_and_lock)
    assert SharedJson(path).read() == {"a": 1}
    assert path.exists()
    assert not path.with_name("values.json.broken").exists()


def test_a_file_that_cannot_be_read_may_count_as_empty(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "values.json").mkdir()
    file = SharedJson(tmp_path / "values.json")
    with pytest.raises(OSError):
        file.read()
    assert file.read_if_possible() == file.read_if_possible() == {}
    assert caplog.text.count("counts as empty") == 1
