"""A picture is made larger: what is told meanwhile, and how it was made."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

import numpy as np

from app.backends.local.misfits import is_out_of_memory
from app.backends.local.refining import with_shapes_of
from app.core.enlarge import Enlarged, EnlargeRequest
from app.core.errors import UserError
from app.core.events import CancelCheck, Event, Finished, Generated, Loading, Preview, Progress, Stage, stop_if
from app.core.message import message
from app.core.output import ImageOutput, Pixels, Provenance
from app.core.request import GenerationRequest, Role
from app.library import paths
from app.library.pictures import images, sources
from app.upscaling.transparency import colours
from app.upscaling.upscalers import Enlarge, Upscaler, find_upscaler, upscale

PREVIEW_SIDE = 256
"""Pixels of the longer side of what is shown meanwhile: the small picture."""


class Enlarging:
    """Enlarges pictures on one backend; the last upscaler stays in memory for the next one.

    Args:
        backend: its id.
        open_upscaler: as `Upscales.open_upscaler`.
        paint_over: as `LocalBackend.paint_over`.
    """

    def __init__(
        self,
        backend: str,
        open_upscaler: Callable[[Upscaler], Enlarge],
        paint_over: Callable[[Pixels, GenerationRequest, CancelCheck], Iterator[Event]],
    ) -> None:
        self._backend = backend
        self._paint_over = paint_over
        self._open = open_upscaler
        self._opened: tuple[str, Enlarge] | None = None

    def enlarge(self, request: EnlargeRequest, cancel: CancelCheck) -> Iterator[Event]:
        """As `Upscales.enlarge`."""
        began = time.monotonic()
        path = paths.expanded(request.path)
        try:
            source = sources.input_of(path)
        except OSError:
            source = None
        picture = images.with_transparency(path)  # says what is wrong with the file, if something is
        pixels = colours(picture) if picture.mode == "RGBA" else np.asarray(picture)
        assert source is not None
        side = -(-max(pixels.shape) // PREVIEW_SIDE)
        yield Preview(0, np.ascontiguousarray(pixels[::side, ::side]))
        upscaler = find_upscaler(request.upscaler)
        enlarge = yield from self._network(upscaler, cancel)
        factors = _passes(enlarge.times, request.factor)
        if not factors:
            raise UserError(
                message(
                    "“{name}” enlarges {times} times, not {n}.",
                    name=upscaler.name,
                    times=enlarge.times,
                    n=request.factor,
                ),
                message("Choose another factor or another upscaler."),
            )
        try:
            large = yield from _tiles(upscaler, enlarge, pixels, factors, cancel)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            self.unload()
            raise MemoryError(str(error)) from error
        enlarged = Enlarged(source, request.factor, upscaler.name)
        made = Provenance(backend=self._backend, device=enlarge.device, enlarged=enlarged)
        if request.refine is not None:
            large, made = yield from self._refined(large, request.refine, made, cancel)
        made = replace(made, seconds=round(time.monotonic() - began, 3))
        yield Generated(0, ImageOutput(large), request.seed, made)
        yield Finished()

    def _refined(
        self, large: Pixels, request: GenerationRequest, made: Provenance, cancel: CancelCheck
    ) -> Generator[Event, None, tuple[Pixels, Provenance]]:
        """The enlarged picture painted over, and how that was done."""
        assert made.enlarged is not None
        start = request.input(Role.INIT)
        for event in self._paint_over(large, request, cancel):
            if isinstance(event, Generated) and isinstance(event.output, ImageOutput):
                how = event.provenance
                large = with_shapes_of(large, event.output.pixels, made.enlarged.factor)
                enlarged = replace(
                    made.enlarged, strength=start.strength if start else None, model=how.model, prompt=request.prompt
                )
                made = replace(how, enlarged=enlarged)
            else:
                yield event
        return large, made

    def unload(self) -> None:
        self._opened = None

    def _network(self, upscaler: Upscaler, cancel: CancelCheck) -> Generator[Event, None, Enlarge]:
        if self._opened is None or self._opened[0] != upscaler.id:
            yield Loading(message("Loading {name}", name=upscaler.name))
            stop_if(cancel)
            self._opened = None
            self._opened = upscaler.id, self._open(upscaler)
        return self._opened[1]


def _passes(times: int, factor: int) -> list[int]:
    """By how much each pass through a network that enlarges so many times enlarges; empty where it does not fit."""
    if times % factor == 0:
        return [factor]
    return [times, times] if times * times == factor else []


def _tiles(
    upscaler: Upscaler, enlarge: Enlarge, pixels: Pixels, factors: Sequence[int], cancel: CancelCheck
) -> Generator[Event, None, Pixels]:
    """(h, w, 3) enlarged once by each factor; the time left goes by the tiles that are done, and by their pixels."""
    began, share = time.monotonic(), 0.0
    work = [math.prod(factors[:number]) ** 2 for number in range(len(factors))]
    for factor, part in zip(factors, work, strict=True):
        steps = upscale(upscaler, enlarge, pixels, factor)
        while True:
            stop_if(cancel)
            try:
                done, total = next(steps)
            except StopIteration as end:
                pixels = end.value
                break
            now = share + part * done / total
            yield Progress(0, done, total, (time.monotonic() - began) / now * (sum(work) - now), Stage.ENLARGE)
        share += part
    return pixels
