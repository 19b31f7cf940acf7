"""Clips are in the library as pictures are."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.grid import Axis, Grid
from app.core.output import ClipOutput, Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images, reading
from app.library.pictures.clips.writing import write_clip
from app.library.pictures.gallery import Gallery
from app.library.pictures.index.query import Query
from app.library.pictures.sheet import sheet
from tests.inputs import start_from
from tests.library.pictures.clips.scenes import moving_square

REQUEST = GenerationRequest(prompt="a red sailboat", model="starter", backend="mlx", seed=7, frames=9, fps=8.0)
MADE = Provenance(backend="mlx", model="Sana Video")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Pictures"


@pytest.fixture
def gallery(folder: Path) -> Gallery:
    return Gallery(folder, paths.index_file())


@pytest.fixture
def clip(tmp_path: Path) -> ClipOutput:
    """As the worker leaves it."""
    return write_clip(tmp_path / "work" / "clip.mp4", moving_square(9), 8.0)


def test_a_clip_is_there_at_once_and_after_a_restart(gallery: Gallery, clip: ClipOutput) -> None:
    picture = gallery.save(clip, REQUEST, MADE, "png")
    assert (picture.frames, picture.fps) == (9, 8.0)
    assert gallery.search("sailboat") == [picture.path]
    assert not gallery.rescan(), "what was saved needs no second look"
    gallery.close()
    again = Gallery(gallery.folder, paths.index_file())
    assert again.get(picture.path) == picture
    entry = again.entry(picture.path)
    assert entry is not None
    assert (entry.prompt, entry.seed, entry.frames, entry.fps) == ("a red sailboat", 7, 9, 8.0)
    assert again.in_use("model") == ["Sana Video"]


def test_a_new_index_learns_of_it_from_the_file(gallery: Gallery, clip: ClipOutput, tmp_path: Path) -> None:
    picture = gallery.save(clip, REQUEST, MADE, "png")
    other = Gallery(gallery.folder, tmp_path / "other.sqlite")
    assert other.rescan()
    assert other.search("red sailboat") == [picture.path]
    assert other.made_since(REQUEST, picture.created) == picture.path


def test_a_clip_of_another_program_is_shown_with_its_poster(gallery: Gallery, folder: Path) -> None:
    folder.mkdir()
    for name in ("film.mp4", "moving.gif", "moving.webp"):
        write_clip(folder / name, moving_square(5), 12.0)
    (folder / "film.MOV").write_bytes((folder / "film.mp4").read_bytes())
    (folder / "broken.mp4").write_bytes((folder / "film.mp4").read_bytes()[:-100])
    (folder / "notes.mp4").write_text("no clip at all")
    Image.new("RGB", (8, 8)).save(folder / "still.webp")
    Image.new("RGB", (8, 8)).save(folder / "still.gif")
    assert gallery.rescan()
    assert {path.name for path in gallery.search()} == {
        "film.mp4", "film.MOV", "moving.gif", "moving.webp", "still.webp", "still.gif",
    }  # fmt: skip
    for path in gallery.search():
        entry = gallery.entry(path)
        assert entry is not None
        assert entry.frames == (0 if path.name.startswith("still") else 5)
        with Image.open(io.BytesIO(gallery.thumbnail(path, 48))) as image:
            assert image.format == "JPEG"
            assert image.size == ((8, 8) if path.name.startswith("still") else (48, 32))
    assert not gallery.rescan()


def test_the_poster_of_a_clip_that_begins_black_shows_something(gallery: Gallery, folder: Path) -> None:
    frames = [np.zeros((64, 96, 3), np.uint8)] * 6 + list(moving_square(14))
    path = write_clip(folder / "fades.mp4", frames, 16.0).path
    with Image.open(io.BytesIO(gallery.thumbnail(path, 96))) as image:
        assert np.asarray(image).max() > 150


def test_stars_ratings_and_albums_follow_a_clip_that_is_renamed(gallery: Gallery, clip: ClipOutput) -> None:
    picture = gallery.save(clip, REQUEST, MADE, "png")
    gallery.set_favourite(picture.path, True)
    gallery.set_ratings({picture.path: 4})
    gallery.create_album("Boats", [picture.path])
    renamed = picture.path.rename(picture.path.with_name("Regatta.mp4"))
    assert gallery.rescan()
    assert gallery.favourite(renamed)
    assert gallery.rating(renamed) == 4
    assert gallery.find(Query(album="Boats")).tolist() == list(gallery.ids([renamed]).values())


def test_a_clip_is_deleted_and_comes_back_with_all_that_is_known(gallery: Gallery, clip: ClipOutput) -> None:
    picture = gallery.save(clip, REQUEST, MADE, "png")
    gallery.set_ratings({picture.path: 5})
    trashed = gallery.trash(picture.path)
    assert gallery.search() == []
    assert not picture.path.exists()
    assert gallery.restore(trashed) == picture.path
    entry = gallery.entry(picture.path)
    assert entry is not None
    assert (entry.rating, entry.frames, entry.fps) == (5, 9, 8.0)


def test_a_clip_knows_the_picture_that_it_began_with(gallery: Gallery, folder: Path, clip: ClipOutput) -> None:
    pixels = next(moving_square(1))
    start = images.save(pixels, GenerationRequest("a boat", seed=1), Provenance(), folder)
    gallery.add(start)
    picture = gallery.save(clip, REQUEST.replace(inputs=start_from(start.path)), MADE, "png")
    assert gallery.parents(picture.path) == [start.path]
    assert gallery.children(start.path) == [picture.path]


def test_a_name_with_a_newline_is_listed(gallery: Gallery, folder: Path) -> None:
    path = write_clip(folder / "two\nlines.mp4", moving_square(2), 16.0).path
    assert gallery.rescan()
    assert gallery.search() == [path]
    assert gallery.thumbnail(path, 32)


def test_a_sheet_shows_the_posters_of_clips(gallery: Gallery, clip: ClipOutput) -> None:
    picture = gallery.save(clip, REQUEST, MADE, "png")
    grid = Grid((Axis("steps", (4, 8)),))
    shown = sheet(grid, [picture.path, None])
    poster = reading.still(picture.path)
    height, width = poster.shape[:2]
    places = [
        (top, left)
        for top in range(shown.shape[0] - height + 1)
        for left in range(40)
        if (shown[top : top + height, left : left + width] == poster).all()
    ]
    assert len(places) == 1
