import io
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.errors import UserError
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images
from app.library.pictures.gallery import Gallery
from app.library.pictures.images import Picture

REQUEST = GenerationRequest("a red sailboat", seed=7, width=64, height=32, steps=20)
PIXELS = np.random.default_rng(1).integers(0, 256, (32, 64, 3), dtype=np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Pictures" / "Sana Studio"


@pytest.fixture
def gallery(folder: Path) -> Gallery:
    return Gallery(folder, paths.index_file())


def saved(folder: Path, prompt: str = "a red sailboat", seed: int = 7) -> Picture:
    return images.save(PIXELS, REQUEST.replace(prompt=prompt, seed=seed), Provenance(model="Starter"), folder)


def test_an_empty_gallery(gallery: Gallery) -> None:
    assert gallery.search() == []
    assert gallery.count() == 0
    assert not gallery.rescan()


def test_a_saved_picture_is_there_at_once_and_after_a_restart(gallery: Gallery, folder: Path) -> None:
    one = saved(folder)
    gallery.add(one)
    two = saved(folder, "日落", 8)
    gallery.add(two)
    assert gallery.search() == [two.path, one.path]
    assert gallery.get(one.path) == one
    assert not gallery.rescan(), "what was added needs no second look"
    gallery.close()
    again = Gallery(folder, paths.index_file())
    assert again.search() == [two.path, one.path]
    assert again.search("日落") == [two.path]
    assert again.search("starter") == [two.path, one.path]
    assert again.count() == 2


def test_the_index_rebuilds_itself_from_the_files(gallery: Gallery, folder: Path) -> None:
    pictures = [saved(folder, f"picture {i}", i) for i in range(5)]
    for picture in pictures:
        gallery.add(picture)
    gallery.set_favourite(pictures[2].path, True)
    before = gallery.search()
    gallery.close()
    shutil.rmtree(paths.home())
    again = Gallery(folder, paths.index_file())
    assert again.rescan()
    assert again.search() == before
    assert again.search(favourites=True) == [pictures[2].path]
    assert again.favourite(pictures[2].path)


def test_changes_outside_are_noticed(gallery: Gallery, folder: Path) -> None:
    one, two = saved(folder, "one"), saved(folder, "two")
    assert gallery.rescan()
    assert not gallery.rescan()
    one.path.unlink()
    three = saved(folder, "three")
    assert gallery.rescan()
    assert gallery.search() == [three.path, two.path]
    two.path.write_bytes(three.path.read_bytes())
    assert gallery.rescan()
    assert set(gallery.search("three")) == {two.path, three.path}


def test_only_pictures_count_and_damaged_ones_are_left_out(
    gallery: Gallery, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = saved(folder)
    (folder / "notes.txt").write_text("x")
    (folder / ".hidden.png").write_bytes(good.path.read_bytes())
    (folder / "damaged.png").write_bytes(good.path.read_bytes()[:200])
    (folder / "folder.png").mkdir()
    (folder / "nowhere.png").symlink_to(folder / "nothing")
    (folder / "below").mkdir()
    shutil.copy(good.path, folder / "below" / "other.png")
    with caplog.at_level(logging.INFO):
        assert gallery.rescan()
        assert gallery.search() == [good.path]
        assert caplog.text.count("damaged.png") == 1
        assert not gallery.rescan()
        assert caplog.text.count("damaged.png") == 1, "a damaged file is looked at once"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are UTF-8")
def test_a_name_that_is_no_text_is_shown_too(gallery: Gallery, folder: Path) -> None:
    picture = saved(folder)
    odd = picture.path.rename(folder / os.fsdecode(b"caf\xe9.png"))
    assert gallery.rescan()
    assert gallery.search() == [odd]
    gallery.set_favourite(odd, True)
    assert gallery.search(favourites=True) == [odd]
    assert gallery.thumbnail(odd, 16)
    gallery.restore(gallery.trash(odd))
    assert gallery.search() == [odd]


def test_a_photo_from_elsewhere_is_shown_by_its_time(gallery: Gallery, folder: Path) -> None:
    ours = saved(folder)
    Image.new("RGB", (9, 9)).save(folder / "Photo.JPG", "JPEG")
    os.utime(folder / "Photo.JPG", (1e9, 1e9))
    gallery.rescan()
    assert gallery.search() == [ours.path, folder / "Photo.JPG"]
    assert gallery.search("photo") == [folder / "Photo.JPG"]


def test_another_folder(gallery: Gallery, folder: Path, tmp_path: Path) -> None:
    here = saved(folder)
    gallery.rescan()
    there = saved(tmp_path / "there")
    gallery.move_to(tmp_path / "there")
    gallery.rescan()
    assert gallery.search() == [there.path]
    gallery.move_to(folder)
    assert gallery.search() == [here.path], "the first folder is still known"


def test_a_folder_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    gallery = Gallery(tmp_path / "file", paths.index_file())
    assert not gallery.rescan()
    assert gallery.search() == []


def test_pictures_of_other_folders_are_not_touched(gallery: Gallery, tmp_path: Path) -> None:
    other = saved(tmp_path / "other")
    for action in (gallery.trash, gallery.favourite, lambda path: gallery.set_favourite(path, True)):
        with pytest.raises(ValueError, match="does not belong"):
            action(other.path)
    assert other.path.exists()


# Favourites.


def test_favourites_come_and_go(gallery: Gallery, folder: Path) -> None:
    one, two = saved(folder, "one"), saved(folder, "two")
    gallery.rescan()
    gallery.set_favourite(one.path, True)
    assert gallery.search(favourites=True) == [one.path]
    assert gallery.favourite(one.path)
    assert not gallery.favourite(two.path)
    gallery.set_favourite(one.path, False)
    assert gallery.search(favourites=True) == []


def test_a_name_in_the_other_unicode_form_keeps_its_star(gallery: Gallery, folder: Path) -> None:
    for before, after in (("Mu\u0308ller.png", "M\u00fcller.png"), ("caf\u00e9.png", "cafe\u0301.png")):
        first = saved(folder).path.rename(folder / before)
        gallery.rescan()
        gallery.set_favourite(first, True)
        second = first.rename(folder / after)
        gallery.rescan()
        assert gallery.favourite(second)
        assert json.loads((folder / ".favourites.json").read_text()) == {unicodedata.normalize("NFC", before): True}
        gallery.set_favourite(second, False)
        assert not gallery.favourite(second)


def test_favourites_that_an_older_version_wrote(gallery: Gallery, folder: Path) -> None:
    """It wrote names as they came."""
    path = saved(folder).path.rename(folder / "M\u00fcller.png")
    (folder / ".favourites.json").write_text(json.dumps({"Mu\u0308ller.png": True, "gone.png": True}))
    gallery.rescan()
    assert gallery.search(favourites=True) == [path]
    gallery.set_favourite(path, False)
    gallery.rescan()
    assert gallery.search(favourites=True) == []
    assert json.loads((folder / ".favourites.json").read_text()) == {"gone.png": True}


def test_a_picture_renamed_outside_keeps_its_star(gallery: Gallery, folder: Path) -> None:
    one, two, three = (saved(folder, prompt).path for prompt in ("one", "two", "three"))
    gallery.rescan()
    gallery.set_favourite(one, True)
    new = one.rename(folder / "new name.png")
    gallery.close()
    gallery = Gallery(folder, paths.index_file())  # also while the app was not running
    gallery.rescan()
    assert gallery.search(favourites=True) == [new]
    two.rename(folder / "swap.png")
    new.rename(two)
    (folder / "swap.png").rename(new)
    gallery.rescan()
    assert gallery.search(favourites=True) == [two]
    copy = folder / "from a sync.png"
    copy.write_bytes(two.read_bytes())  # with another time
    two.unlink()
    gallery.rescan()
    assert gallery.search(favourites=True) == [copy]
    assert not gallery.favourite(three)
    saved(folder, "four").path.rename(folder / one.name)
    gallery.rescan()
    assert gallery.search(favourites=True) == [copy]


def test_a_favourite_that_was_edited_keeps_its_star(gallery: Gallery, folder: Path) -> None:
    one = saved(folder, "one").path
    gallery.rescan()
    gallery.set_favourite(one, True)
    Image.new("RGB", (9, 9)).save(one)
    gallery.rescan()
    assert gallery.search(favourites=True) == [one]


def test_two_windows_do_not_undo_each_others_favourites(gallery: Gallery, folder: Path) -> None:
    one, two = saved(folder, "one"), saved(folder, "two")
    gallery.rescan()
    other = Gallery(folder, paths.index_file())
    gallery.set_favourite(one.path, True)
    other.set_favourite(two.path, True)
    gallery.rescan()
    assert set(gallery.search(favourites=True)) == {one.path, two.path}


def test_a_broken_favourites_file_is_kept_aside(gallery: Gallery, folder: Path) -> None:
    one = saved(folder)
    (folder / ".favourites.json").write_text("{")
    gallery.rescan()
    gallery.set_favourite(one.path, True)
    assert gallery.favourite(one.path)
    assert (folder / ".favourites.json.broken").read_text() == "{"


def test_a_favourite_that_cannot_be_saved_says_so(gallery: Gallery, folder: Path) -> None:
    one = saved(folder)
    gallery.rescan()
    (folder / ".favourites.json").mkdir()
    with pytest.raises(UserError, match="favourite could not be saved"):
        gallery.set_favourite(one.path, True)
    assert not gallery.favourite(one.path)
    gallery.rescan()
    gallery.add(saved(folder, "two"))
    assert gallery.count() == 2


# Deleting.


def test_delete_and_undo(gallery: Gallery, folder: Path) -> None:
    one, two = saved(folder, "one"), saved(folder, "two")
    gallery.rescan()
    gallery.set_favourite(one.path, True)
    content = one.path.read_bytes()
    trashed = gallery.trash(one.path)
    assert not one.path.exists()
    assert gallery.search() == [two.path]
    assert json.loads((folder / ".favourites.json").read_text()) == {}
    assert not gallery.rescan(), "what waits for the trash is not in the gallery"
    assert gallery.restore(trashed) == one.path
    assert one.path.read_bytes() == content
    assert gallery.search() == [two.path, one.path]
    assert gallery.search(favourites=True) == [one.path]
    assert not (folder / ".trash").exists()


def test_undo_never_replaces_a_newer_picture(gallery: Gallery, folder: Path) -> None:
    one = saved(folder)
    gallery.rescan()
    trashed = gallery.trash(one.path)
    newer = saved(folder)
    assert newer.path == one.path
    gallery.add(newer)
    back = gallery.restore(trashed)
    assert back.name == f"{one.path.stem} (2).png"
    assert set(gallery.search()) == {newer.path, back}


def test_many_are_deleted_and_brought_back_as_they_were(gallery: Gallery, folder: Path) -> None:
    pictures = [saved(folder, f"number {seed}", seed) for seed in range(5)]
    gallery.rescan()
    starred = pictures[1].path
    gallery.set_favourites([starred, pictures[4].path], True)
    order = gallery.search()
    steps: list[tuple[int, int]] = []
    trashed, errors = gallery.trash_all([each.path for each in pictures[:3]], lambda *step: steps.append(step))
    assert (len(trashed), errors, steps) == (3, {}, [(0, 3), (1, 3), (2, 3)])
    assert gallery.search() == [pictures[4].path, pictures[3].path]
    assert len(list((folder / ".trash").iterdir())) == 1, "one place for all of them"
    assert not gallery.favourite(starred), "a later picture may get the name"
    paths_back, errors = gallery.restore_all(trashed)
    assert (sorted(paths_back), errors) == (sorted(each.path for each in pictures[:3]), {})
    assert gallery.search() == order
    assert gallery.search(favourites=True) == [pictures[4].path, starred]
    assert gallery.entry(starred)[1:3] == ("number 1", 1)
    assert not gallery.rescan(), "nothing needs to be read again"


def test_what_cannot_be_brought_back_keeps_no_other_from_it(gallery: Gallery, folder: Path) -> None:
    pictures = [saved(folder, f"number {seed}", seed) for seed in range(3)]
    gallery.rescan()
    trashed, _ = gallery.trash_all([each.path for each in pictures])
    trashed[1].waiting.unlink()
    back, errors = gallery.restore_all(trashed)
    assert back == [pictures[0].path, pictures[2].path]
    assert [(path, path.name in str(error)) for path, error in errors.items()] == [(pictures[1].path, True)]
    assert gallery.count() == 2
    assert not (folder / ".trash").exists()


def test_what_cannot_be_deleted_keeps_no_other_from_it(gallery: Gallery, folder: Path) -> None:
    pictures = [saved(folder, f"number {seed}", seed) for seed in range(3)]
    gallery.rescan()
    pictures[0].path.unlink()
    trashed, errors = gallery.trash_all([each.path for each in pictures])
    assert [each.path for each in trashed] == [pictures[1].path, pictures[2].path]
    assert [(path, path.name in str(error)) for path, error in errors.items()] == [(pictures[0].path, True)]


def test_prompt_and_seed_are_known_without_the_file(gallery: Gallery, folder: Path, tmp_path: Path) -> None:
    picture = saved(folder, "Ｗide letters " + "and more " * 100, 7)
    gallery.rescan()
    picture.path.unlink()
    _, prompt, seed, *_ = gallery.entry(picture.path)
    assert prompt == picture.prompt[: len(prompt)]
    assert 300 < len(prompt) < 1000
    assert seed == 7
    assert gallery.entry(folder / "unknown.png") is None
    assert gallery.entry(tmp_path / "elsewhere.png") is None


def test_a_picture_that_is_gone_cannot_be_deleted(gallery: Gallery, folder: Path) -> None:
    one = saved(folder)
    gallery.rescan()
    one.path.unlink()
    with pytest.raises(UserError, match="gone"):
        gallery.trash(one.path)
    assert not (folder / ".trash").exists()


def test_a_picture_that_cannot_be_deleted_stays(gallery: Gallery, folder: Path) -> None:
    one = saved(folder)
    gallery.rescan()
    (folder / ".trash").touch()
    with pytest.raises(UserError, match="could not be deleted"):
        gallery.trash(one.path)
    assert gallery.search() == [one.path]
    assert one.path.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into the freedesktop trash")
def test_closing_gives_deleted_pictures_to_the_systems_trash(folder: Path, home: Path, tmp_path: Path) -> None:
    """In a process of its own, whose trash is not the user's."""
    one, two = saved(folder, "one"), saved(folder, "two")
    script = """
import sys
from pathlib import Path
from app.core.errors import UserError
from app.library import paths
from app.library.pictures.gallery import Gallery
one, two = map(Path, sys.argv[1:])
gallery = Gallery(one.parent, paths.index_file())
gallery.rescan()
gallery.thumbnail(one, 64)
trashed = gallery.trash(one)
gallery.close()
assert not one.exists() and two.exists()
assert not list(paths.thumbnails().rglob("*.jpg"))
try:
    gallery.restore(trashed)
except UserError as error:
    assert "trash" in str(error.remedy)
else:
    raise AssertionError
"""
    data = tmp_path / "data"
    data.mkdir()
    environment = {**os.environ, "XDG_DATA_HOME": str(data)}
    subprocess.run([sys.executable, "-c", script, one.path, two.path], env=environment, check=True, timeout=60)
    assert [path.name for path in (data / "Trash" / "files").iterdir()] == [one.path.name]
    info = (data / "Trash" / "info" / f"{one.path.name}.trashinfo").read_text()
    assert "/.trash/" not in info, "the system can put it back where it was"
    assert not (folder / ".trash").exists()


def test_without_a_system_trash_nothing_is_lost(
    gallery: Gallery, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise OSError("There is no trash on this volume.")

    monkeypatch.setattr("send2trash.send2trash", fail)
    one = saved(folder)
    content = one.path.read_bytes()
    gallery.rescan()
    trashed = gallery.trash(one.path)
    gallery.close()
    assert trashed.waiting.read_bytes() == content
    assert not one.path.exists()
    assert "no trash on this volume" in caplog.text


def test_a_system_trash_that_complains_after_it_took_a_picture(
    gallery: Gallery, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def take(path: Path) -> None:
        path.unlink()
        raise OSError("No space for the note of where it was.")

    monkeypatch.setattr("send2trash.send2trash", take)
    one = saved(folder)
    gallery.rescan()
    gallery.trash(one.path)
    gallery.close()
    assert "No space for the note" in caplog.text
    assert not (folder / ".trash").exists()


def test_what_a_crash_left_waiting_is_handed_over_later(
    gallery: Gallery, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Path] = []

    def take(path: Path) -> None:
        handed.append(path)
        path.unlink()

    monkeypatch.setattr("send2trash.send2trash", take)
    for slot, name in (("1000", "old.png"), (str(2**62), "recent.png")):
        (folder / ".trash" / slot).mkdir(parents=True)
        (folder / ".trash" / slot / name).write_text("x")
    gallery.close()
    assert handed == [folder / "old.png"]
    assert (folder / ".trash" / str(2**62) / "recent.png").exists()


# Thumbnails.


def test_thumbnails_are_made_once_and_follow_the_file(
    gallery: Gallery, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = saved(folder)
    gallery.rescan()
    data = gallery.thumbnail(one.path, 16)
    with Image.open(io.BytesIO(data)) as small:
        assert (small.size, small.format) == ((16, 8), "JPEG")
    assert len(list(paths.thumbnails().rglob("*.jpg"))) == 1
    with monkeypatch.context() as patched:
        patched.setattr(images, "thumbnail", None)
        assert gallery.thumbnail(one.path, 16) == data, "the second time it comes from the disk"
    kept = next(paths.thumbnails().rglob("*.jpg"))
    kept.write_bytes(data[:100])
    assert gallery.thumbnail(one.path, 16) == data, "a half thumbnail is made anew"
    Image.new("RGB", (30, 60), "red").save(one.path)
    with Image.open(io.BytesIO(gallery.thumbnail(one.path, 16))) as small:
        assert small.size == (8, 16)
    gallery.rescan()
    assert len(list(paths.thumbnails().rglob("*.jpg"))) == 1, "the old thumbnail is gone"


def test_a_damaged_picture_has_no_thumbnail_but_a_message(gallery: Gallery, folder: Path) -> None:
    one = saved(folder)
    data = one.path.read_bytes()
    one.path.write_bytes(data[: len(data) // 2] + b"\0" * 50)
    with pytest.raises(UserError):
        gallery.thumbnail(one.path, 16)
    with pytest.raises(UserError, match="gone"):
        gallery.thumbnail(folder / "nothing.png", 16)


def test_thumbnails_need_no_place_on_the_disk(gallery: Gallery, folder: Path) -> None:
    one = saved(folder)
    paths.thumbnails().parent.mkdir(parents=True, exist_ok=True)
    paths.thumbnails().write_text("a file where the folder should be")
    assert gallery.thumbnail(one.path, 16)


# A hostile or busy surrounding.


@pytest.mark.parametrize("content", [b"rubbish" * 1000, b""])
def test_a_corrupt_index_is_no_problem(folder: Path, content: bytes) -> None:
    one = saved(folder)
    paths.home().mkdir(exist_ok=True)
    paths.index_file().write_bytes(content)
    gallery = Gallery(folder, paths.index_file())
    assert gallery.rescan()
    assert gallery.search() == [one.path]


def test_an_index_that_breaks_while_it_is_open_fills_itself_again(gallery: Gallery, folder: Path) -> None:
    pictures = [saved(folder, f"{i} " + "word " * 100, i) for i in range(60)]
    gallery.rescan()
    gallery.close()
    gallery = Gallery(folder, paths.index_file())
    with paths.index_file().open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (paths.index_file().stat().st_size - 4096))
    assert gallery.search() == [picture.path for picture in reversed(pictures)]


def test_many_threads_at_once(gallery: Gallery, folder: Path) -> None:
    stop = threading.Event()
    errors: list[BaseException] = []

    def keep(action: object) -> None:
        try:
            while not stop.is_set():
                action()  # type: ignore[operator]
        except BaseException as error:
            errors.append(error)

    def paint(number: int) -> None:
        for i in range(15):
            picture = saved(folder, f"{number} {i}", i)
            gallery.add(picture)
            gallery.thumbnail(picture.path, 16)
            if i % 5 == 0:
                gallery.set_favourite(picture.path, True)
            if i % 5 == 1:
                gallery.restore(gallery.trash(picture.path))

    watchers = [threading.Thread(target=keep, args=(action,)) for action in (gallery.rescan, gallery.search)]
    for watcher in watchers:
        watcher.start()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(paint, range(3)))
    stop.set()
    for watcher in watchers:
        watcher.join()
    assert not errors
    gallery.rescan()
    assert sorted(gallery.search()) == sorted(folder.glob("*.png"))
    assert gallery.count() == 45
    assert len(gallery.search(favourites=True)) == 9


def test_several_processes_at_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    script = """
import sys, logging
from pathlib import Path
import numpy as np
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images
from app.library.pictures.gallery import Gallery
logging.basicConfig(level=logging.WARNING)
folder = Path(sys.argv[1])
gallery = Gallery(folder, paths.index_file())
for i in range(15):
    picture = images.save(np.zeros((8, 8, 3), np.uint8), GenerationRequest("x", seed=i), Provenance(), folder)
    gallery.add(picture)
    gallery.rescan()
    if i == 3:
        gallery.set_favourite(picture.path, True)
gallery.close()
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(folder)], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in processes:
        _, complaints = process.communicate(timeout=60)
        assert (process.returncode, complaints) == (0, "")
    gallery = Gallery(folder, paths.index_file())
    gallery.rescan()
    assert gallery.count() == 45
    assert len(gallery.search(favourites=True)) == 3
