"""The frames of an MP4, decoded by FFmpeg as they are asked for."""

from __future__ import annotations

import bisect
import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app.core.output import Pixels
from app.library.pictures.clips import boxes, tags
from app.library.pictures.formats.png import MAX_TEXT

if TYPE_CHECKING:
    from av import VideoFrame

_MOST_STREAMS = 32
_MOST_BROKEN = 200
"""So many packets in a row that give no frame; then there is none."""
_UNSAID, _HD = 2, 720
"""The number of a matrix of colours that is not told (ITU-T H.273), and the rows from which on it is BT.709."""
_FINE_PIXELS = 2_500_000
"""Up to this size the colours between two samples are computed, which is 2 dB better; larger frames come in time."""
_NEAR = 48
"""Frames that are decoded on the way, rather than looking for the key frame before the wanted one."""


class Video:
    """The frames of an MP4, as `Frames`; its boxes have been checked.

    Args:
        is_fragmented: whether it is to be gone through to know its frames.

    Raises:
        Exception: whatever FFmpeg meets in it.
    """

    def __init__(self, path: Path, is_fragmented: bool) -> None:
        import av
        from av.video.reformatter import VideoReformatter

        from app.library.pictures.clips.reading import MAX_FRAMES, MAX_PIXELS

        # A file of ours is opened, so that no name can be read as an address. Of this format, references to further
        # files are not followed.
        self._file = path.open("rb")
        try:
            self._container = av.open(
                self._file,
                "r",
                format="mov",
                options={"export_xmp": "1", "max_streams": str(_MOST_STREAMS), "max_pixels": str(MAX_PIXELS)},
                metadata_errors="replace",
            )
            if not self._container.streams.video:
                raise ValueError("there are no pictures in it")
            self._stream = self._container.streams.video[0]
            codec = self._stream.codec_context
            if not 0 < codec.width * codec.height <= MAX_PIXELS:
                raise boxes.TooMuchError
            codec.options = {"max_pixels": str(MAX_PIXELS)}
            self.texts = _bounded(tags.from_mp4(self._container.metadata))
            self._times = sorted(self._all_times(MAX_FRAMES) if is_fragmented else self._listed_times())
            self.count = len(self._times)
            if not self.count:
                raise ValueError("there are no frames in it")
            self.fps = self._rate()
            self._ahead: Iterator[VideoFrame] | None = None
            self._next = self._shift = 0
            self._reformat = VideoReformatter().reformat
            first = self._decoded(0)
            self._shift = _time(first) - self._times[0]
            self._turns = round(first.rotation / 90) % 4
            self._first = self._pixels(first)
            self.height, self.width = self._first.shape[:2]
        except BaseException:
            self.close()
            raise

    def frame(self, index: int) -> Pixels:
        return self._first if index == 0 else self._pixels(self._decoded(index))

    def frames(self, start: int = 0) -> Iterator[Pixels]:
        for index in range(start, self.count):
            try:
                yield self.frame(index)
            except EOFError:
                return

    def close(self) -> None:
        self._ahead = None
        with contextlib.suppress(Exception):
            self._container.close()
        self._file.close()

    def _listed_times(self) -> list[int]:
        return [each.timestamp for each in self._stream.index_entries if not each.is_discard]

    def _all_times(self, most: int) -> list[int]:
        times = []
        for packet in self._container.demux(self._stream):
            if packet.pts is not None:
                times.append(packet.pts)
            if len(times) > most:
                raise boxes.TooMuchError
        return times

    def _rate(self) -> float:
        rate = self._stream.average_rate or self._stream.guessed_rate or Fraction(0)
        if not rate and self.count > 1 and self._times[-1] > self._times[0]:
            rate = Fraction(self.count - 1, self._times[-1] - self._times[0]) / (self._stream.time_base or 1)
        return float(min(max(rate, Fraction(1, 1000)), Fraction(1000))) if rate else 1.0

    def _decoded(self, index: int) -> VideoFrame:
        """The frame of this number, or the next that there is.

        Raises:
            EOFError: none follows.
        """
        if self._ahead is None or not self._next <= index <= self._next + _NEAR:
            self._container.seek(max(self._times[0], self._times[index] - self._shift), stream=self._stream)
            self._ahead = self._decode()
        for frame in self._ahead:
            at = self._index(frame)
            if at >= index:
                self._next = at + 1
                return frame
        self._ahead = None
        raise EOFError("the file ends before its last frame")

    def _decode(self) -> Iterator[VideoFrame]:
        """Frames from where the file stands. Packets that are damaged are left out."""
        from av.error import InvalidDataError

        broken = 0
        for packet in self._container.demux(self._stream):
            try:
                frames: list[Any] = packet.decode()
            except InvalidDataError:
                broken += 1
                if broken > _MOST_BROKEN:
                    raise
                continue
            broken = 0 if frames else broken
            yield from frames

    def _pixels(self, frame: VideoFrame) -> Pixels:
        """(height, width, 3) uint8 in RGB, upright."""
        import numpy as np
        from av.video.reformatter import Colorspace, Interpolation

        fine = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
        picture = self._reformat(
            frame,
            format="rgb24",
            # What does not say so is of the standard of its size, as players have it.
            src_colorspace=Colorspace.ITU709 if frame.colorspace == _UNSAID and frame.height >= _HD else None,
            interpolation=fine if frame.width * frame.height <= _FINE_PIXELS else None,
        )
        pixels = cast("Pixels", picture.to_ndarray())
        return np.ascontiguousarray(np.rot90(pixels, self._turns)) if self._turns else pixels

    def _index(self, frame: VideoFrame) -> int:
        """The number of a frame by its time. The times of a container are those of decoding: all earlier by a delay."""
        return max(0, bisect.bisect_right(self._times, _time(frame) - self._shift) - 1)


def _time(frame: VideoFrame) -> int:
    return frame.pts if frame.pts is not None else frame.dts or 0


def _bounded(texts: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if len(text) <= MAX_TEXT}
