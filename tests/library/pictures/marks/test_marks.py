"""Ratings and albums stand in the folder, and stay with their pictures whatever becomes of those."""

import json
import logging
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import UserError
from app.core.output import Provenance
from app.core.request import GenerationRequest, ImageInput, Role
from app.library import paths
from app.library.pictures import images
from app.library.pictures.export.copying import export
from app.library.pictures.formats.xmp_marks import XmpMarks
from app.library.pictures.gallery import Gallery
from app.library.pictures.index.query import Filters, Query

PIXELS = np.zeros((32, 32, 3), np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Pictures"


@pytest.fixture
def gallery(folder: Path) -> Iterator[Gallery]:
    gallery = Gallery(folder, paths.index_file())
    yield gallery
    gallery.close()


def saved(folder: Path, number: int, *inputs: ImageInput) -> Path:
    request = GenerationRequest(f"picture {number}", seed=number, width=32, height=32, inputs=inputs)
    return images.save(PIXELS + number, request, Provenance("torch", model="Starter"), folder).path


def in_album(gallery: Gallery, album: str) -> list[Path]:
    found = gallery.find(Query(album=album, nested=gallery.nested))
    return [gallery.folder / name for name in gallery._index.names(found)]


def test_they_survive_the_index(gallery: Gallery, folder: Path) -> None:
    one, two = saved(folder, 1), saved(folder, 2)
    gallery.rescan()
    gallery.set_ratings({one: 4, two: 1})
    gallery.create_album("Best", [two])
    gallery.close()
    paths.index_file().unlink()
    again = Gallery(folder, paths.index_file())
    again.rescan()
    assert (again.rating(one), again.rating(two)) == (4, 1)
    assert in_album(again, "Best") == [two]
    assert [each.name for each in again.albums()] == ["Best"]
    assert len(again.find(Query(filters=Filters(min_rating=3)))) == 1
    again.close()


@pytest.mark.parametrize("wrong", [-1, 6, 2.0, True])
def test_what_is_no_rating_is_refused_and_nothing_changes(gallery: Gallery, folder: Path, wrong: int) -> None:
    one, two = saved(folder, 1), saved(folder, 2)
    gallery.rescan()
    gallery.set_ratings({one: 4})
    with pytest.raises(ValueError, match="rating"):
        gallery.set_ratings({one: 1, two: wrong})
    assert (gallery.rating(one), gallery.rating(two)) == (4, 0)


def test_what_a_file_names_is_taken_over_once(gallery: Gallery, folder: Path, tmp_path: Path) -> None:
    one, two = saved(tmp_path / "elsewhere", 1), saved(tmp_path / "elsewhere", 2)
    folder.mkdir(exist_ok=True)
    rated = export(one, folder / "rated.png", marks=XmpMarks(4))
    starred = export(two, folder / "starred.png", marks=XmpMarks(0, True))
    gallery.rescan()
    assert gallery.marks(rated) == XmpMarks(4)
    assert gallery.marks(starred) == XmpMarks(0, True)
    gallery.set_ratings({rated: 0})
    gallery.set_favourite(starred, False)
    moved = rated.rename(folder / "moved.png")
    gallery.rescan()
    gallery.close()
    paths.index_file().unlink()
    again = Gallery(folder, paths.index_file())
    again.rescan()
    assert again.marks(moved) == again.marks(starred) == XmpMarks(), "what was taken away does not come back"
    again.trash(moved)
    again.close()
    export(one, moved, marks=XmpMarks(2))
    last = Gallery(folder, paths.index_file())
    last.rescan()
    assert last.marks(moved) == XmpMarks(2), "another picture of that name"
    last.close()


def test_a_renamed_or_moved_picture_keeps_them(gallery: Gallery, folder: Path) -> None:
    path = saved(folder, 1)
    gallery.rescan()
    gallery.set_ratings({path: 3})
    gallery.create_album("Best", [path])
    gallery.set_favourite(path, True)
    new = path.rename(folder / "another name.png")
    gallery.rescan()
    assert (gallery.rating(new), gallery.favourite(new), in_album(gallery, "Best")) == (3, True, [new])
    below = folder / "below" / "deep" / "name.png"
    below.parent.mkdir(parents=True)
    new.rename(below)
    assert gallery.rescan()
    assert gallery.search() == []
    assert not gallery.rescan()
    gallery.nested = True
    gallery.rescan()
    assert gallery.search() == [below]
    assert (gallery.rating(below), gallery.favourite(below), in_album(gallery, "Best")) == (3, True, [below])
    back = below.rename(folder / "back.png")
    gallery.rescan()
    assert (gallery.rating(back), gallery.favourite(back), in_album(gallery, "Best")) == (3, True, [back])


def test_a_deleted_picture_comes_back_with_them(gallery: Gallery, folder: Path) -> None:
    path = saved(folder, 1)
    gallery.rescan()
    gallery.set_ratings({path: 5})
    gallery.create_album("Best", [path])
    trashed = gallery.trash(path)
    assert json.loads((folder / ".ratings.json").read_bytes()) == {}
    assert json.loads((folder / ".albums.json").read_bytes()) == {"Best": []}
    path = gallery.restore(trashed)
    assert (gallery.rating(path), in_album(gallery, "Best")) == (5, [path])


def test_two_of_one_name_in_two_folders_are_deleted_and_come_back(gallery: Gallery, folder: Path) -> None:
    gallery.nested = True
    one = saved(folder, 1)
    (folder / "below").mkdir()
    two = saved(folder, 2).rename(folder / "below" / one.name)
    gallery.rescan()
    contents = one.read_bytes(), two.read_bytes()
    trashed, errors = gallery.trash_all([one, two])
    assert (errors, gallery.search(), one.exists(), two.exists()) == ({}, [], False, False)
    assert not gallery.rescan()
    back, errors = gallery.restore_all(trashed)
    assert (errors, back) == ({}, [one, two])
    assert (one.read_bytes(), two.read_bytes()) == contents


def test_composed_and_decomposed_names_are_one(gallery: Gallery, folder: Path) -> None:
    path = saved(folder, 1).rename(folder / "Mu\u0308ller.png")
    gallery.rescan()
    gallery.set_ratings({path: 2})
    gallery.create_album("M", [path])
    path = path.rename(folder / "M\u00fcller.png")
    gallery.rescan()
    assert (gallery.rating(path), in_album(gallery, "M")) == (2, [path])
    assert set(json.loads((folder / ".ratings.json").read_bytes())) == {unicodedata.normalize("NFC", path.name)}


def test_albums_are_named_renamed_and_deleted(gallery: Gallery, folder: Path) -> None:
    one, two = saved(folder, 1), saved(folder, 2)
    gallery.rescan()
    assert gallery.create_album("  Sea \n pictures ", [one]) == "Sea pictures"
    gallery.create_album("Other")
    for name in ("", " \t", "sea PICTURES"):
        with pytest.raises(UserError):
            gallery.create_album(name)
    with pytest.raises(UserError):
        gallery.rename_album("Sea pictures", "other")
    assert gallery.rename_album("Sea pictures", "SEA") == "SEA"
    gallery.change_album("SEA", added=[two, one])
    assert [(each.name, len(each.keys)) for each in gallery.albums()] == [("SEA", 2), ("Other", 0)]
    gallery.change_album("SEA", removed=[one])
    assert in_album(gallery, "SEA") == [two]
    assert gallery.delete_album("SEA") == [two]
    assert two.exists()
    assert [each.name for each in gallery.albums()] == ["Other"]


@pytest.mark.parametrize("content", [b"[]", b'{"a.png": 9, "b.png": "x", "c.png": true, "d.png": 1.5}', b"\xff"])
def test_damaged_ratings_count_as_none(gallery: Gallery, folder: Path, content: bytes) -> None:
    path = saved(folder, 1)
    (folder / ".ratings.json").write_bytes(content)
    gallery.rescan()
    gallery.set_ratings({path: 2})
    assert json.loads((folder / ".ratings.json").read_bytes()) == {path.name: 2}


def test_damaged_albums_count_as_none(gallery: Gallery, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = saved(folder, 1)
    (folder / ".albums.json").write_text(json.dumps({"a": 5, "b": [1, path.name], "c": None}))
    with caplog.at_level(logging.WARNING):
        gallery.rescan()
    assert [(each.name, each.keys) for each in gallery.albums()] == [("b", (path.name,))]


def test_lineage_knows_files_by_their_content(gallery: Gallery, folder: Path) -> None:
    parent = saved(folder, 1)
    gallery.rescan()
    child = saved(folder, 2, ImageInput(Role.INIT, str(parent)))
    gallery.add(gallery.get(child))
    parent = parent.rename(folder / "called otherwise.png")
    gallery.rescan()
    assert gallery.parents(child) == [parent]
    assert gallery.children(parent) == [child]
    assert gallery.parents(parent) == gallery.children(child) == []
    gallery.close()
    paths.index_file().unlink()
    again = Gallery(folder, paths.index_file())
    again.rescan()
    assert again.children(parent) == [child]
    assert again.parents(child) == [parent], "its hash is known since it was asked for"
    again.close()
