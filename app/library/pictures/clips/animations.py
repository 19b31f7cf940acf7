"""Animations as browsers and messengers show them anywhere: GIF and WebP, which repeat for ever."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

from app.core.output import Pixels

if TYPE_CHECKING:
    from av import VideoFrame
    from av.filter import Graph
    from av.video.stream import VideoStream

_TICKS = {"gif": Fraction(1, 100), "webp": Fraction(1, 1000)}
"""What the formats count time in, in seconds."""
_SHORTEST = {"gif": 2, "webp": 1}
"""Ticks for each frame: browsers show a GIF of fewer at a tenth of the speed."""
_CODECS = {"gif": ("gif", "pal8", {}), "webp": ("libwebp_anim", "bgra", {"quality": "90"})}


class Animation:
    """A GIF or WebP that is being written.

    Args:
        file_format: "gif" or "webp".
        size: (width, height).
        rate: frames per second.
    """

    def __init__(self, path: Path, file_format: str, size: tuple[int, int], rate: Fraction) -> None:
        import av

        codec, pixel_format, options = _CODECS[file_format]
        self._tick = _TICKS[file_format]
        self._ticks = max(1 / rate / self._tick, Fraction(_SHORTEST[file_format]))
        self._count = 0
        self._container = av.open(str(path), "w", format=file_format, options={"loop": "0"})
        self._stream = cast("VideoStream", self._container.add_stream(codec, rate=rate, options=options))
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = pixel_format
        self._stream.codec_context.time_base = self._tick
        self._graph = _palettes(size, self._tick) if file_format == "gif" else None

    def add(self, frame: Pixels) -> None:
        """Add a frame, (height, width, 3) uint8."""
        import numpy as np
        from av import VideoFrame

        picture = VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        picture.pts, picture.time_base = round(self._count * self._ticks), self._tick
        self._count += 1
        self._encode(picture)

    def finish(self) -> None:
        self._encode(None)
        self._container.mux(self._stream.encode())
        self._container.close()

    def close(self) -> None:
        with contextlib.suppress(Exception):  # of an animation that broke off
            self._container.close()

    def _encode(self, picture: VideoFrame | None) -> None:
        if self._graph is not None:
            for coloured in _through(self._graph, picture):
                self._container.mux(self._stream.encode(coloured))
        elif picture is not None:
            self._container.mux(self._stream.encode(picture.reformat(format="bgra")))


def _palettes(size: tuple[int, int], tick: Fraction) -> Graph:
    """Gives each frame the 256 colours that suit it."""
    from av import VideoFormat
    from av.filter import Graph

    graph = Graph()
    source = graph.add_buffer(width=size[0], height=size[1], format=VideoFormat("rgb24"), time_base=tick)
    split, sink = graph.add("split"), graph.add("buffersink")
    generate = graph.add("palettegen", "stats_mode=single:reserve_transparent=0")
    use = graph.add("paletteuse", "new=1:dither=sierra2_4a")
    source.link_to(split)
    split.link_to(generate, 0, 0)
    split.link_to(use, 1, 0)
    generate.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    return graph


def _through(graph: Graph, picture: VideoFrame | None) -> Iterator[VideoFrame]:
    """What comes out of the graph so far; None says that nothing more goes in."""
    from av.error import BlockingIOError, EOFError

    graph.push(picture)
    with contextlib.suppress(BlockingIOError, EOFError):
        while True:
            yield cast("VideoFrame", graph.pull())  # there is no sound
