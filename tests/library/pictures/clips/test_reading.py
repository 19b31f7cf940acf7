"""Clips of any origin are read frame by frame, or refused with words: none crashes, hangs or takes all memory."""

import os
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from app.core.errors import UserError
from app.library.pictures.clips import reading, sequence
from app.library.pictures.clips.reading import open_clip
from app.library.pictures.clips.writing import write_clip
from tests.library.pictures.clips.scenes import moving_square, place, psnr

COUNT = 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_clip(tmp_path_factory.mktemp("whole") / "clip.mp4", moving_square(COUNT), 16.0).path.read_bytes()


def foreign(path: Path, count: int = 60, *, turned: int = 0, options: dict[str, str] | None = None) -> Path:
    """A clip as other programs write it: frames that need later ones, few key frames."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24, options=options or {})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        if turned:
            stream.set_display_rotation(turned)
        for frame in moving_square(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("options", [{}, {"bf": "3", "g": "250"}, {"bf": "2", "g": "10", "x264-params": "open-gop=1"}])
def test_any_frame_is_found(tmp_path: Path, options: dict[str, str]) -> None:
    path = foreign(tmp_path / "clip.mp4", options=options)
    places = [place(frame) for frame in moving_square(60)]
    with open_clip(path) as clip:
        assert (clip.count, clip.fps) == (60, 24)
        for index in (0, 59, 30, 31, 29, 0, 1, 58, 10, 9, 41):
            assert place(clip.frame(index)) == places[index], index
        assert [place(frame) for frame in clip.frames()] == places
        assert [place(frame) for frame in clip.frames(50)] == places[50:]
        with pytest.raises(IndexError):
            clip.frame(60)
        with pytest.raises(IndexError):
            clip.frame(-1)


@pytest.mark.parametrize(
    "flags", ["frag_keyframe+empty_moov", "frag_every_frame+empty_moov+default_base_moof+global_sidx"]
)
def test_a_clip_in_fragments_is_read_whole(tmp_path: Path, flags: str) -> None:
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w", format="mp4", options={"movflags": flags}) as container:
        stream = container.add_stream("libx264", rate=24, options={"g": "10"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for frame in moving_square(30):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    with open_clip(path) as clip:
        assert (clip.count, clip.fps) == (30, 24)
        assert [place(clip.frame(index)) for index in (29, 3, 15)] == [29, 3, 15]
        assert [place(frame) for frame in clip.frames()] == list(range(30))


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_any_frame_of_an_animation_is_found(tmp_path: Path, suffix: str) -> None:
    path = write_clip(tmp_path / f"clip.{suffix}", moving_square(12), 10.0).path
    places = [place(frame) for frame in moving_square(12)]
    with open_clip(path) as clip:
        for index in (11, 3, 4, 0):
            assert place(clip.frame(index)) == places[index]
        assert [place(frame) for frame in clip.frames(2)] == places[2:]


def test_a_clip_of_a_phone_is_upright(tmp_path: Path) -> None:
    path = foreign(tmp_path / "clip.mp4", 3, turned=90)
    with open_clip(path) as clip:
        assert (clip.width, clip.height) == (64, 96)
        frame = clip.frame(0)
    wanted = next(moving_square(1))
    assert max(psnr(frame, np.rot90(wanted)), psnr(frame, np.rot90(wanted, 3))) > 24
    assert psnr(frame, np.rot90(wanted)) > 24, "it is upside down"


@pytest.mark.parametrize(
    ("matrix", "told", "height"),
    [(Colorspace.ITU601, 6, 64), (Colorspace.ITU601, 2, 64), (Colorspace.ITU709, 1, 64), (Colorspace.ITU709, 2, 720)],
)
@pytest.mark.parametrize("colours", [ColorRange.MPEG, ColorRange.JPEG])
def test_colours_are_those_of_the_files_own_matrix(
    tmp_path: Path, matrix: Colorspace, told: int, height: int, colours: ColorRange
) -> None:
    colour = np.array([[[200, 40, 30]], [[20, 160, 60]]], np.uint8)  # one half, the other half
    pixels = np.repeat(np.repeat(colour, height // 2, 0), 64, 1)
    kind = "yuv420p" if colours is ColorRange.MPEG else "yuvj420p"
    with av.open(str(tmp_path / "clip.mp4"), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=8, options={"crf": "8"})
        stream.width, stream.height, stream.pix_fmt = pixels.shape[1], height, kind
        stream.codec_context.colorspace, stream.codec_context.color_range = told, int(colours)
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        container.mux(
            stream.encode(
                frame.reformat(format=kind, src_color_range=2, dst_color_range=int(colours), dst_colorspace=matrix)
            )
        )
        container.mux(stream.encode())
    with open_clip(tmp_path / "clip.mp4") as clip:
        found = clip.frame(0)
    wrong = found[[height // 4, height * 3 // 4], 32].astype(int) - colour[:, 0]
    assert np.abs(wrong).max() <= 4


@pytest.mark.parametrize("part", [0, 7, 100, 1500, 3000, -1])
def test_a_file_whose_end_is_missing_is_told_so(tmp_path: Path, whole: bytes, part: int) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(whole[:part])
    with pytest.raises(UserError, match="its end is missing" if part not in {0, 7} else "no clip that can be read"):
        open_clip(path)


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_an_animation_whose_end_is_missing_is_told(tmp_path: Path, suffix: str) -> None:
    path = write_clip(tmp_path / f"clip.{suffix}", moving_square(9), 10.0).path
    path.write_bytes(path.read_bytes()[:-700])
    with pytest.raises(UserError, match="its end is missing"):
        open_clip(path)


def patched(data: bytes, kind: bytes, offset: int, value: bytes) -> bytes:
    """With other bytes so far behind the name of a box."""
    at = data.index(kind) + 4 + offset
    return data[:at] + value + data[at + len(value) :]


def most_sizes(data: bytes) -> bytes:
    return patched(data, b"stsz", 8, b"\xff\xff\xff\xf0")


def most_of_one_size(data: bytes) -> bytes:
    return patched(data, b"stsz", 4, struct.pack(">II", 1, 0x7FFFFFF0))


def endless_times(data: bytes) -> bytes:
    return patched(data, b"stts", 8, b"\xff\xff\xff\xff")


def endless_chunks(data: bytes) -> bytes:
    return patched(data, b"stco", 4, b"\x3f\xff\xff\xff")


def samples_of_the_whole_file(data: bytes) -> bytes:
    at = data.index(b"stsz") + 16
    return data[:at] + struct.pack(">I", len(data)) * COUNT + data[at + 4 * COUNT :]


@pytest.mark.parametrize(
    "claim", [most_sizes, most_of_one_size, endless_times, endless_chunks, samples_of_the_whole_file]
)
def test_claims_that_cannot_be_are_refused_before_memory_is_taken(
    tmp_path: Path, whole: bytes, claim: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(claim(whole))
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match="is too large, or says that it is"):
            open_clip(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_duration_of_years_is_no_reason_to_believe_in_frames(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(patched(patched(whole, b"mvhd", 16, b"\xff" * 4), b"mdhd", 16, b"\xff" * 4))
    with open_clip(path) as clip:
        assert clip.count == COUNT
        assert len(list(clip.frames())) == COUNT


def test_a_box_of_ten_gigabytes_is_a_file_that_is_not_whole(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "clip.mp4"
    at = whole.index(b"mdat") - 4
    large = struct.pack(">I4sQ", 1, b"mdat", 10_000_000_000)
    path.write_bytes(whole[:at] + large + whole[at + 8 :])
    with pytest.raises(UserError, match="its end is missing"):
        open_clip(path)


def test_a_description_without_frames_is_no_clip(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(patched(whole, b"stsz", 8, bytes(4)))
    with pytest.raises(UserError, match="no clip that can be read"):
        open_clip(path)


def test_sound_alone_is_no_clip(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44_100)
        sound = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        sound.sample_rate = 44_100
        container.mux(stream.encode(sound))
        container.mux(stream.encode())
    with pytest.raises(UserError, match="no clip that can be read"):
        open_clip(path)


def test_pixels_that_are_none_are_told_at_once(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "clip.mp4"
    at = whole.index(b"mdat") + 4
    end = len(whole)
    path.write_bytes(whole[:at] + bytes(end - at))
    with pytest.raises(UserError, match="no clip that can be read"):
        open_clip(path)


def test_a_frame_too_large_is_refused_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write_clip(tmp_path / f"clip.{kind}", moving_square(2), 10.0).path for kind in ("mp4", "gif", "webp")]
    monkeypatch.setattr(reading, "MAX_PIXELS", 96 * 64 - 1)
    for path in paths:
        with pytest.raises(UserError, match="is too large, or says that it is"):
            open_clip(path)


@pytest.mark.parametrize("kind", ["mp4", "gif", "webp"])
def test_too_many_frames_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path = write_clip(tmp_path / f"clip.{kind}", moving_square(6), 10.0).path
    monkeypatch.setattr(reading, "MAX_FRAMES", 5)
    with pytest.raises(UserError, match="is too large, or says that it is"):
        open_clip(path)


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clip.mp4"
    with path.open("wb") as file:
        file.truncate(reading.MAX_FILE_BYTES + 1)
    with pytest.raises(UserError, match="is too large, or says that it is"):
        open_clip(path)
    animation = write_clip(tmp_path / "clip.webp", moving_square(2), 10.0).path
    monkeypatch.setattr(sequence, "MAX_FILE_BYTES", 100)
    with pytest.raises(UserError, match="is too large, or says that it is"):
        open_clip(animation)


def test_a_gif_whose_frame_is_larger_than_itself_is_refused(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.gif", moving_square(2), 10.0).path
    data = path.read_bytes()
    at = data.index(b"\x2c\0\0\0\0")
    path.write_bytes(data[: at + 5] + b"\xff\xff\xff\xff" + data[at + 9 :])
    with pytest.raises(UserError, match="is too large, or says that it is"):
        open_clip(path)


def test_what_another_demuxer_would_open_is_no_clip(tmp_path: Path) -> None:
    """A list of other files must not make this app open them."""
    secret = write_clip(tmp_path / "secret.mp4", moving_square(2), 10.0).path
    for text in (f"ffconcat version 1.0\nfile '{secret}'\n", f"#EXTM3U\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n"):
        path = tmp_path / "list.mp4"
        path.write_text(text)
        with pytest.raises(UserError, match="no clip that can be read"):
            open_clip(path)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no clip"):
        open_clip(tmp_path / "gone.mp4")
    with pytest.raises(UserError, match="is a folder"):
        open_clip(tmp_path)
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(UserError, match="no clip that can be read"):
        open_clip(tmp_path / "pipe.mp4")


def test_a_picture_is_read_as_what_it_is(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "picture.mp4", "PNG")
    with pytest.raises(UserError, match="no clip that can be read"):
        open_clip(tmp_path / "picture.mp4")
    Image.new("RGB", (8, 6), "red").save(tmp_path / "still.webp")
    with open_clip(tmp_path / "still.webp") as clip:
        assert (clip.width, clip.height, clip.count, clip.moves) == (8, 6, 1, False)


def test_bytes_that_are_wrong_anywhere_end_in_frames_or_in_words(tmp_path: Path, whole: bytes) -> None:
    random = np.random.default_rng(12)
    told = 0
    for _ in range(150):
        data = bytearray(whole)
        for at in random.integers(0, len(whole) if random.random() < 0.5 else 2500, random.integers(1, 9)):
            data[at] = random.integers(0, 256)
        path = tmp_path / "clip.mp4"
        path.write_bytes(data)
        try:
            with open_clip(path) as clip:
                clip.frame(clip.count - 1)
        except UserError:
            told += 1
    assert 0 < told < 150
