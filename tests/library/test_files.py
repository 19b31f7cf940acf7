import errno
import os
import threading
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.message import message
from app.library import files


def test_a_new_file_never_replaces_another(tmp_path: Path) -> None:
    written = [files.create_file(tmp_path / "new" / "folder", "a.png", str(i).encode()) for i in range(3)]
    assert [path.name for path in written] == ["a.png", "a (2).png", "a (3).png"]
    assert [path.read_text() for path in written] == ["0", "1", "2"]


def test_many_writers_each_get_a_name_of_their_own(tmp_path: Path) -> None:
    def write(number: int) -> None:
        for i in range(10):
            files.create_file(tmp_path, "a.png", f"{number}-{i}".encode())

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    contents = sorted(path.read_text() for path in tmp_path.iterdir())
    assert contents == sorted(f"{number}-{i}" for number in range(4) for i in range(10))


def test_without_hard_links_nothing_is_replaced_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    for i in range(2):
        files.create_file(tmp_path, "a.png", str(i).encode())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.png": "0", "a (2).png": "1"}


def test_a_failed_replacement_keeps_the_old_file_and_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    files.replace_file(path, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        files.replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_new_files_have_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    path = files.create_file(tmp_path, "a.png", b"x")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_files_set_aside_do_not_replace_earlier_ones(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    for text in ("first", "second"):
        path.write_text(text)
        files.set_aside(path)
    assert {p.read_text() for p in tmp_path.iterdir()} == {"first", "second"}
    assert all(p.suffix == ".broken" for p in tmp_path.iterdir())


def test_a_folder_that_need_not_exist_yet_can_be_written(tmp_path: Path) -> None:
    files.check_writable(tmp_path / "new" / "newer")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["", "below"])
def test_a_link_that_leads_nowhere_is_no_folder_for_pictures(tmp_path: Path, below: str) -> None:
    link = tmp_path / "pictures"
    link.symlink_to(tmp_path / "unplugged")
    with pytest.raises(UserError, match="no folder that can be used"):
        files.check_writable(link / below)


def test_too_long_a_name_is_found_out_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="name is too long"):
        files.check_writable(tmp_path / ("a" * 300))
    assert not files.exists(tmp_path / ("a" * 300))


def test_too_long_a_name_is_not_blamed_on_the_disk() -> None:
    error = files.disk_error(
        OSError(errno.ENAMETOOLONG, "File name too long"), message("It could not be saved"), Path("/pictures")
    )
    assert str(error.message) == "It could not be saved: the name is too long."
    assert str(error.remedy) == "Choose a shorter name."


@pytest.mark.parametrize(
    ("number", "word"),
    [(errno.ENOSPC, "full"), (errno.EROFS, "written"), (errno.ENOTDIR, "no folder"), (errno.EIO, "Input/output")],
)
def test_disk_errors_say_what_to_do(number: int, word: str) -> None:
    error = files.disk_error(
        OSError(number, os.strerror(number)), message("The picture could not be saved"), Path("/pictures")
    )
    assert word in str(error.message)
    assert "/pictures" in str(error)
    assert error.remedy
