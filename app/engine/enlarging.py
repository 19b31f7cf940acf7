"""What a request to enlarge a picture needs before it is queued: a place to run, an upscaler, room for the result."""

from __future__ import annotations

from pathlib import Path

from app.backends.base import GPU_DEVICES, Backend, State, Upscales
from app.backends.registry import Registry
from app.core.enlarge import DETAILED, FAITHFUL, EnlargeRequest
from app.core.errors import UserError
from app.core.message import Message, any_of, message
from app.core.request import AUTO
from app.library import paths
from app.library.pictures import images
from app.library.pictures.formats.opening import MAX_DECODED


def wish(path: Path, factor: int, upscaler: str = "", backend: str = AUTO) -> EnlargeRequest:
    """The request to enlarge a picture file, with what it says of itself.

    Raises:
        UserError: it is no picture.
    """
    picture = images.read(path)
    return EnlargeRequest(
        str(path.absolute()), factor, upscaler, backend, prompt=picture.prompt or picture.path.stem,
        seed=picture.seed or 0, width=factor * picture.width, height=factor * picture.height,
    )  # fmt: skip


def choose(registry: Registry, request: EnlargeRequest) -> tuple[Backend, Message]:
    """The backend that runs it, and why that one.

    Raises:
        UserError: the named backend cannot work now or does not compute here, or none is ready.
    """
    known = [backend for backend in registry.backends.values() if isinstance(backend, Upscales)]
    if request.backend != AUTO:
        backend, why = registry.choose(request.backend, None)
        if isinstance(backend, Upscales):
            return backend, why
        raise UserError(
            message("{name} does not compute on this machine.", name=backend.name),
            message("Choose {choices}.", choices=any_of([backend.id for backend in known])),
        )
    working = {backend: status for backend in known if (status := backend.check()).state is not State.UNAVAILABLE}
    if not working:
        raise UserError(message("No backend on this machine is ready."), message("See: sana-studio doctor"))
    fastest = min(working, key=lambda backend: backend.speed(working[backend].device))
    return fastest, working[fastest].reason


def resolved(request: EnlargeRequest, backend: Backend) -> EnlargeRequest:
    """The request with an upscaler, after a look at the picture as it is now.

    Raises:
        UserError: it is no picture, or the larger one could not be opened.
    """
    path = paths.expanded(request.path)
    picture = images.read(path)
    width, height = request.factor * picture.width, request.factor * picture.height
    if width * height > MAX_DECODED:
        raise UserError(
            message(
                "“{name}” would get too large: {width} × {height} pixels.", name=path.name, width=width, height=height
            ),
            message("Use a smaller copy of it."),
        )
    suitable = DETAILED if backend.check().device in GPU_DEVICES else FAITHFUL
    return request.replace(upscaler=request.upscaler or suitable, width=width, height=height)
