"""Copies of clips, with all that they say of themselves or with none of it."""

import re
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from app.core.errors import UserError
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library.pictures import images, reading
from app.library.pictures.clips import keeping
from app.library.pictures.clips.reading import open_clip
from app.library.pictures.clips.writing import write_clip
from app.library.pictures.export.clip_copies import export_frame, export_frames
from app.library.pictures.export.copying import export, export_all
from app.library.pictures.formats.embedded import XMP
from app.library.pictures.formats.xmp_marks import XmpMarks
from tests.library.pictures.clips.scenes import moving_square, psnr

COUNT = 9
REQUEST = GenerationRequest(prompt="a secret sailboat", model="starter", seed=7, frames=COUNT, fps=10.0)
WORDS = re.compile(rb"secret|sailboat|sana|Sana Video|SECRET", re.IGNORECASE)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """One of ours, in the library."""
    made = write_clip(tmp_path / "work.mp4", moving_square(COUNT), 10.0)
    return keeping.keep(made, REQUEST, Provenance(model="Sana Video"), tmp_path / "Pictures").path


def of_format(clip: Path, suffix: str) -> Path:
    return clip if suffix == ".mp4" else export(clip, clip.with_suffix(suffix))


@pytest.mark.parametrize("old", [".mp4", ".gif", ".webp"])
@pytest.mark.parametrize("new", [".mp4", ".gif", ".webp"])
def test_each_format_becomes_each_with_its_words(clip: Path, tmp_path: Path, old: str, new: str) -> None:
    source = of_format(clip, old)
    copy = export(source, tmp_path / "out" / f"copy{new}")
    picture = reading.read(copy)
    assert picture.request == REQUEST
    assert picture.provenance.model == "Sana Video"
    assert (picture.width, picture.height, picture.frames) == (96, 64, COUNT)
    assert picture.fps == pytest.approx(10.0, rel=0.01)
    if old == new:
        assert copy.read_bytes() == source.read_bytes(), "it was encoded again"
    with open_clip(copy) as opened:
        assert min(psnr(one, two) for one, two in zip(opened.frames(), moving_square(COUNT), strict=True)) > 23


@pytest.mark.parametrize("old", [".mp4", ".gif", ".webp"])
@pytest.mark.parametrize("new", [".mp4", ".gif", ".webp", ".png", ".jpg"])
def test_without_words_nothing_is_left_but_that_a_model_made_it(clip: Path, tmp_path: Path, old: str, new: str) -> None:
    source = of_format(clip, old)
    assert WORDS.search(source.read_bytes())
    copy = export(source, tmp_path / f"copy{new}", words=False)
    data = copy.read_bytes()
    assert {found.lower() for found in WORDS.findall(data)} <= {b"sana"}, "more than the tool's name in XMP"
    assert (b"trainedAlgorithmicMedia" in data) == (new != ".gif")
    picture = reading.read(copy)
    assert picture.request is None
    if new in {".png", ".jpg"}:
        assert psnr(images.decode(copy), next(moving_square(1))) > 23
    else:
        assert picture.frames == COUNT
        if old == new:
            with open_clip(copy) as one, open_clip(source) as two:
                assert all((a == b).all() for a, b in zip(one.frames(), two.frames(), strict=True))


@pytest.mark.parametrize("suffix", [".mp4", ".webp", ".png"])
def test_a_copy_names_its_rating(clip: Path, tmp_path: Path, suffix: str) -> None:
    source = of_format(clip, suffix) if suffix != ".png" else clip
    copy = export(source, tmp_path / f"copy{suffix}", marks=XmpMarks(4, True))
    assert reading.read(copy).marks == XmpMarks(4, True)
    again = export(copy, tmp_path / f"again{suffix}", marks=XmpMarks(2, False))
    assert reading.read(again).marks == XmpMarks(2, False)
    assert reading.read(again).request == REQUEST
    if suffix == ".mp4":
        assert again.read_bytes().count(b'Rating="') == 1
        with open_clip(again) as one, open_clip(source) as two:
            assert (one.frame(3) == two.frame(3)).all()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """As a phone makes it: turned, with sound, its place, and words at every corner."""
    path = tmp_path / "film.mov"
    with av.open(str(path), "w", format="mov", options={"movflags": "+use_metadata_tags"}) as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.set_display_rotation(90)
        stream.metadata.update(handler_name="SECRET1", title="SECRET2", timecode="01:02:03:04")
        sound = container.add_stream("aac", rate=44_100)
        sound.metadata["handler_name"] = "SECRET3"
        container.metadata.update({"location": "+48.1372+011.5756/", "comment": "SECRET4"})
        for frame in moving_square(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
        silence = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        silence.sample_rate = 44_100
        container.mux(sound.encode(silence))
        container.mux(sound.encode())
    return path


@pytest.mark.parametrize("suffix", [".mov", ".mp4", ".gif"])
def test_a_film_of_a_phone_loses_its_place_but_not_its_sound(film: Path, tmp_path: Path, suffix: str) -> None:
    assert re.search(rb"SECRET\d|\+48\.", film.read_bytes())
    copy = export(film, tmp_path / f"copy{suffix}", words=False)
    assert not re.search(rb"SECRET|\+48\.|trainedAlgorithmicMedia", copy.read_bytes())
    with open_clip(copy) as opened, open_clip(film) as before:
        assert (opened.width, opened.height) == (before.width, before.height) == (64, 96)
        assert opened.count == 10
        if suffix == ".mov":
            assert (opened.frame(5) == before.frame(5)).all()
    if suffix == ".mov":
        with av.open(str(copy)) as container:
            assert [stream.type for stream in container.streams] == ["video", "audio"]


def test_a_film_goes_into_an_mp4_as_it_is(film: Path, tmp_path: Path) -> None:
    copy = export(film, tmp_path / "copy.mp4")
    with open_clip(copy) as opened, open_clip(film) as before:
        assert (opened.frame(5) == before.frame(5)).all()
        assert opened.texts["Comment"] == "SECRET4"
    with av.open(str(copy)) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]


def test_one_frame_becomes_a_picture(clip: Path, tmp_path: Path) -> None:
    copy = export_frame(clip, 5, tmp_path / "frame.png")
    with open_clip(clip) as opened:
        assert (images.decode(copy) == opened.frame(5)).all()
    assert images.read(copy).request == REQUEST
    bare = export_frame(clip, 5, tmp_path / "bare.jpg", words=False)
    assert images.read(bare).request is None
    with pytest.raises(IndexError):
        export_frame(clip, COUNT, tmp_path / "none.png")


@pytest.mark.parametrize("words", [True, False])
def test_all_frames_become_numbered_files(clip: Path, tmp_path: Path, words: bool) -> None:
    folder = tmp_path / "frames"
    assert list(export_frames(clip, folder, words=words)) == list(range(1, COUNT + 1))
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [f"frame-{number:05}.png" for number in range(1, COUNT + 1)]
    with open_clip(clip) as opened:
        for file, frame in zip(files, opened.frames(), strict=True):
            assert (images.decode(file) == frame).all()
            assert (images.read(file).request is not None) == words
            with Image.open(file) as image:
                assert XMP in image.info


def test_a_taken_name_gets_a_number_unless_it_is_replaced(clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.webp"
    target.write_bytes(b"older")
    assert export(clip, target).name == "copy (2).webp"
    assert target.read_bytes() == b"older"
    assert export(clip, target, replace=True) == target
    assert reading.read(target).frames == COUNT


def test_what_cannot_be_exported_is_told_and_the_rest_goes_on(clip: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(clip.read_bytes()[:-50])
    exported, errors = export_all([broken, clip], [tmp_path / "a.gif", tmp_path / "b.gif"])
    assert exported == [tmp_path / "b.gif"]
    assert "its end is missing" in str(errors[broken])
    with pytest.raises(UserError, match="is no name for a clip"):
        export(clip, tmp_path / "copy.avi")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Pictures", "b.gif", "broken.mp4"]
