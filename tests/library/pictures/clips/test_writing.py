"""A clip's file is made from its frames, whole or not at all."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from app.core.errors import UserError
from app.core.output import Pixels
from app.library.pictures.clips.reading import open_clip
from app.library.pictures.clips.writing import write_clip
from tests.library.pictures.clips.scenes import moving_square, place, psnr

FORMATS = ["mp4", "gif", "webp"]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(("count", "fps"), [(1, 16.0), (17, 16.0), (10, 23.976)])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str, count: int, fps: float) -> None:
    path = tmp_path / "new" / f"clip.{suffix}"
    made = write_clip(path, moving_square(count), fps)
    assert (made.path, made.width, made.height, made.frames, made.fps) == (path, 96, 64, count, fps)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with open_clip(path) as clip:
        assert (clip.width, clip.height, clip.count) == (96, 64, count)
        if count > 1:
            assert clip.fps == pytest.approx(fps, rel=0.04)
        frames = list(clip.frames())
        assert [place(frame) for frame in frames] == [place(frame) for frame in moving_square(count)]
        least = {"mp4": 30, "gif": 28, "webp": 24}[suffix]
        assert min(psnr(one, two) for one, two in zip(frames, moving_square(count), strict=True)) > least


def test_an_mp4_has_what_players_need(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", moving_square(33), 16.0).path
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context
        assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
        assert (codec.color_primaries, codec.color_trc, codec.colorspace, codec.color_range) == (1, 1, 1, 1)
        assert (stream.frames, stream.average_rate, stream.start_time) == (33, 16, 0)
        packets = [packet for packet in container.demux(stream) if packet.size]
        assert [packet.pts for packet in packets] == [packet.dts for packet in packets]
        assert sum(packet.is_keyframe for packet in packets) >= 4
    data = path.read_bytes()
    assert data.find(b"moov") < data.find(b"mdat"), "it cannot be shown before all of it is there"


def test_an_odd_side_gets_its_last_row_twice(tmp_path: Path) -> None:
    made = write_clip(tmp_path / "clip.mp4", moving_square(3, 95, 63), 16.0)
    assert (made.width, made.height) == (96, 64)
    with open_clip(made.path) as clip:
        frame = clip.frame(1)
        assert frame.shape == (64, 96, 3)
        whole = list(moving_square(3, 95, 63))[1]
        assert psnr(frame[:63, :95], whole) > 30
        assert psnr(frame[63, :95], whole[62]) > 30


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_animations_repeat_for_ever_and_keep_time(tmp_path: Path, suffix: str) -> None:
    path = write_clip(tmp_path / f"clip.{suffix}", moving_square(16, 95, 63), 16.0).path
    with Image.open(path) as image:
        assert image.size == (95, 63)
        assert image.info["loop"] == 0
        assert getattr(image, "n_frames", 1) == 16
    with open_clip(path) as clip:
        assert clip.seconds == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("error", [RuntimeError("the model failed"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_nothing_and_an_older_file_as_it_was(
    tmp_path: Path, suffix: str, error: BaseException
) -> None:
    def frames() -> Iterator[Pixels]:
        yield from moving_square(3)
        raise error

    path = tmp_path / f"clip.{suffix}"
    path.write_bytes(b"older")
    with pytest.raises(type(error)):
        write_clip(path, frames(), 16.0)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"older"


def test_one_frame_is_held_at_a_time(tmp_path: Path) -> None:
    alive, most = 0, 0

    class Frame(np.ndarray):
        def __del__(self) -> None:
            nonlocal alive
            alive -= self.base is None

    def frames() -> Iterator[Pixels]:
        nonlocal alive, most
        for frame in moving_square(60):
            one = np.ndarray.__new__(Frame, frame.shape, np.uint8)
            one[:] = frame
            alive += 1
            most = max(most, alive)
            yield one
            del one

    write_clip(tmp_path / "clip.mp4", frames(), 16.0)
    assert most <= 4


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [np.zeros((64, 96, 3), np.uint8), np.zeros((32, 96, 3), np.uint8)],
        [np.zeros((64, 96, 3), np.float32)],
        [np.zeros((64, 96, 4), np.uint8)],
    ],
)
def test_frames_that_are_none_are_a_defect(tmp_path: Path, frames: list[Pixels]) -> None:
    with pytest.raises(ValueError):
        write_clip(tmp_path / "clip.mp4", frames, 16.0)
    assert not list(tmp_path.iterdir())


def test_a_name_or_a_place_that_cannot_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Choose a name that ends in"):
        write_clip(tmp_path / "clip.avi", moving_square(2), 16.0)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="The clip could not be saved"):
        write_clip(tmp_path / "file" / "clip.mp4", moving_square(2), 16.0)


def test_any_name_will_do(tmp_path: Path) -> None:
    path = tmp_path / "a %d ¡new\nline! 帆船: file:x?.mp4"
    write_clip(path, moving_square(2), 16.0)
    with open_clip(path) as clip:
        assert clip.count == 2


def test_words_of_any_kind_come_back(tmp_path: Path) -> None:
    texts = {"Title": 'a boat\nand 帆船 \N{SAILBOAT} "quoted" =\'\\', "parameters": "x" * 100_000}
    own = {"sana-studio": '{"schema": 1, "request": {}}'}
    write_clip(tmp_path / "clip.mp4", moving_square(2), 16.0, texts | own)
    with open_clip(tmp_path / "clip.mp4") as clip:
        assert {key: clip.texts[key] for key in (texts | own)} == texts | own


def test_several_threads_may_write_and_read(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            path = write_clip(tmp_path / f"{number}.mp4", moving_square(9), 16.0).path
            with open_clip(path) as clip:
                assert len(list(clip.frames())) == 9
        except BaseException as error:  # it is told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 60
    for thread in threads:
        thread.join(end - time.monotonic())
    assert not failures
    assert not any(thread.is_alive() for thread in threads)
