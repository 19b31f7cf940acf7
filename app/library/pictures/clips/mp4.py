"""H.264 in MP4, as every player and every Mac shows it."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

from app.core.output import Pixels
from app.library.pictures.clips import boxes

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

log = logging.getLogger(__name__)

_BT709 = 1
"""The number of ITU-R BT.709 among primaries, transfer functions and matrices (ITU-T H.273)."""
_LIMITED = 1
_ENCODERS: dict[str, dict[str, str]] = {
    # A Mac's own, in hardware where it has it; its quality goes from 0 to 100 in FFmpeg's steps of 118.
    "h264_videotoolbox": {"allow_sw": "1", "flags": "+qscale", "global_quality": str(75 * 118), "profile": "high"},
    "libx264": {"crf": "16", "preset": "medium", "profile": "high"},
}
"""The encoders by preference, with what gives the same look: close to transparent."""
_UUID = b"uuid" + bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""The box of XMP in MP4 (XMP specification, part 3, section 1.2.7)."""
_LARGEST_XMP = 16_000_000


def even_size(shape: Sequence[int]) -> tuple[int, int]:
    """The (height, width) that a frame of this shape has in the file."""
    height, width = shape[:2]
    return height + height % 2, width + width % 2


class Mp4:
    """An MP4 that is being written. Colours are BT.709, 4:2:0; each frame can be shown without a later one, and there
    is a key frame twice a second, so that single frames are found quickly.

    Args:
        size: (width, height), both even.
        rate: frames per second.
        tags: FFmpeg's names of the container's tags and their texts.
        xmp: an XMP packet; empty for none.
    """

    def __init__(
        self, path: Path, size: tuple[int, int], rate: Fraction, tags: Mapping[str, str], xmp: bytes = b""
    ) -> None:
        from av.video.reformatter import VideoReformatter

        self._path, self._size, self._xmp = path, size, xmp
        self._reformat = VideoReformatter().reformat
        self._container, self._stream = _opened(path, size, rate)
        self._container.metadata.update(tags)

    def add(self, frame: Pixels) -> None:
        """Add a frame, (height, width, 3) uint8; an odd side gets its last row or column twice."""
        import numpy as np
        from av import VideoFrame
        from av.video.reformatter import ColorRange, Colorspace, Interpolation

        width, height = self._size
        if frame.shape[:2] != (height, width):
            frame = np.pad(frame, ((0, height - frame.shape[0]), (0, width - frame.shape[1]), (0, 0)), "edge")
        picture = self._reformat(
            VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24"),
            format="yuv420p",
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            dst_colorspace=Colorspace.ITU709,
            interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
        )
        self._container.mux(self._stream.encode(picture))

    def finish(self) -> None:
        self._container.mux(self._stream.encode())
        self._container.close()
        _append_xmp(self._path, self._xmp)

    def close(self) -> None:
        # Without its frames FFmpeg can refuse to end a file, which nobody wants any more.
        with contextlib.suppress(Exception):
            self._container.close()


def _opened(path: Path, size: tuple[int, int], rate: Fraction) -> tuple[OutputContainer, VideoStream]:
    """The container and its stream, by the first encoder that is there and works on this machine."""
    import av

    failure: Exception | None = None
    for name, options in _ENCODERS.items():
        if name not in av.codec.codecs_available:
            continue
        container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        try:
            stream = cast("VideoStream", container.add_stream(name, rate=rate, options=options))
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p"
            codec = stream.codec_context
            codec.max_b_frames, codec.gop_size = 0, max(1, round(rate / 2))
            codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
            codec.color_range = _LIMITED
            codec.open()
            return container, stream
        except av.error.FFmpegError as error:
            log.warning("%s cannot be used: %s", name, error)
            failure = error
            with contextlib.suppress(Exception):
                container.close()
            path.unlink(missing_ok=True)
    raise RuntimeError("no H.264 encoder works here") from failure


def copy(source: Path, target: Path, tags: Mapping[str, str], xmp: bytes = b"", file_format: str = "mp4") -> None:
    """Write an MP4 with the pictures and the sound of another, as they stand, and with other tags. Nothing else of it
    goes along, such as a camera's name and place.

    Args:
        file_format: "mp4" or "mov".

    Raises:
        av.error.FFmpegError: what is in the source cannot be in an MP4, or it is damaged.
    """
    import av

    with (
        source.open("rb") as file,
        av.open(file, "r", format="mov", metadata_errors="replace") as old,
        av.open(str(target), "w", format=file_format, options={"movflags": "+faststart"}) as new,
    ):
        kept = [each for each in old.streams if each.type in {"video", "audio"}]
        streams = {each.index: new.add_stream_from_template(each) for each in kept}
        new.metadata.update(tags)
        for packet in old.demux(kept):
            if packet.dts is not None:  # the last one of each stream is empty
                packet.stream = streams[packet.stream.index]
                new.mux(packet)
    _append_xmp(target, xmp)


def takes_over(source: Path, target: Path, tags: Mapping[str, str], xmp: bytes = b"") -> bool:
    """As `copy`; False, and no file, where an MP4 cannot hold what is in the source, for it takes fewer codecs."""
    from av.error import FFmpegError

    try:
        copy(source, target, tags, xmp)
    except FFmpegError:
        target.unlink(missing_ok=True)
        return False
    return True


def put_xmp(path: Path, xmp: bytes) -> None:
    """Put XMP into an MP4 in place of its own; every other byte stays. What was there becomes free space."""
    with path.open("rb+") as file:
        for kind, start, end in list(boxes.level(file, 0, file.seek(0, io.SEEK_END))):
            file.seek(start)
            if kind == b"uuid" and file.read(16) == _UUID[4:]:
                file.seek(start - 4)
                file.write(b"free" + bytes(min(end - start, _LARGEST_XMP)))
    _append_xmp(path, xmp)


def _append_xmp(path: Path, xmp: bytes) -> None:
    if xmp:
        with path.open("ab") as file:
            file.write((24 + len(xmp)).to_bytes(4, "big") + _UUID + xmp)
