"""A picture is made larger: what is told meanwhile, and how it was made."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator

from app.backends.local.misfits import is_out_of_memory
from app.core.enlarge import Enlarged, EnlargeRequest
from app.core.events import CancelCheck, Event, Finished, Generated, Loading, Progress, Stage, stop_if
from app.core.message import message
from app.core.output import ImageOutput, Pixels, Provenance
from app.library import paths
from app.library.pictures import images, sources
from app.upscaling.upscalers import UPSCALERS, Enlarge, Upscaler, upscale


class Enlarging:
    """Enlarges pictures on one backend; the last upscaler stays in memory for the next one.

    Args:
        backend: its id.
        open_upscaler: as `Upscales.open_upscaler`.
    """

    def __init__(self, backend: str, open_upscaler: Callable[[Upscaler], Enlarge]) -> None:
        self._backend = backend
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
        pixels = images.decode(path)  # says what is wrong with the file, if something is
        assert source is not None
        upscaler = UPSCALERS[request.upscaler]
        enlarge = yield from self._network(upscaler, cancel)
        try:
            large = yield from _tiles(upscaler, enlarge, pixels, request.factor, cancel)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            self.unload()
            raise MemoryError(str(error)) from error
        made = Provenance(
            backend=self._backend, device=enlarge.device, seconds=round(time.monotonic() - began, 3),
            enlarged=Enlarged(source, request.factor, upscaler.name),
        )  # fmt: skip
        yield Generated(0, ImageOutput(large), request.seed, made)
        yield Finished()

    def unload(self) -> None:
        self._opened = None

    def _network(self, upscaler: Upscaler, cancel: CancelCheck) -> Generator[Event, None, Enlarge]:
        if self._opened is None or self._opened[0] != upscaler.id:
            yield Loading(message("Loading {name}", name=upscaler.name))
            stop_if(cancel)
            self._opened = None
            self._opened = upscaler.id, self._open(upscaler)
        return self._opened[1]


def _tiles(
    upscaler: Upscaler, enlarge: Enlarge, pixels: Pixels, factor: int, cancel: CancelCheck
) -> Generator[Event, None, Pixels]:
    """(h, w, 3) to (factor h, factor w, 3); the time left goes by the tiles that are done."""
    began = time.monotonic()
    steps = upscale(upscaler, enlarge, pixels, factor)
    while True:
        stop_if(cancel)
        try:
            done, total = next(steps)
        except StopIteration as end:
            large: Pixels = end.value
            return large
        left = (time.monotonic() - began) / done * (total - done)
        yield Progress(0, done, total, left, Stage.ENLARGE)
