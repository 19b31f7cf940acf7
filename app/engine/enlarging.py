"""What a request to enlarge a picture needs before it is queued: a place to run, an upscaler, room for the result."""

from __future__ import annotations

from pathlib import Path

from app.backends.base import GPU_DEVICES, Backend, State, Upscales
from app.backends.registry import Registry, model_for
from app.core.enlarge import DETAILED, FAITHFUL, UPSCALERS, EnlargeRequest
from app.core.errors import UserError
from app.core.limits import is_empty
from app.core.message import Message, any_of, gigabytes, message
from app.core.request import AUTO, GenerationRequest, ImageInput, Role
from app.library import machine, paths
from app.library.pictures import images
from app.library.pictures.formats.opening import MAX_DECODED

BYTES_PER_PIXEL = 12
"""Of the larger picture: as it is made, on its way out of the worker, here, and while it is written."""
NETWORK_BYTES = {FAITHFUL: 600_000_000, DETAILED: 2_600_000_000}
"""What a tile takes at most in an upscaler, the program included."""

SAFE, PICKLES = ".safetensors", (".pth", ".pt", ".ckpt", ".bin", ".pkl", ".pickle")
LARGEST_OWN = 2_000_000_000
"""Bytes of an upscaler of the user's own."""


def wish(
    registry: Registry,
    path: Path,
    factor: int,
    *,
    upscaler: str = "",
    backend: str = AUTO,
    strength: float = 0.0,
    prompt: str = "",
    model: str = "",
    otherwise: str = "",
) -> EnlargeRequest:
    """The request to enlarge a picture file, with what it says of itself.

    Args:
        strength: how far refining goes from the enlarged picture; 0 to leave it.
        prompt, model: to refine with; empty for the picture's own.
        otherwise: the prompt of a picture that has none.

    Raises:
        UserError: it is no picture, or is to be refined and nobody says what it shows.
    """
    picture = images.read(path)
    prompt = prompt or picture.prompt or otherwise
    refine = _refining(registry, picture, strength, prompt, model) if strength else None
    return EnlargeRequest(
        str(path.absolute()), factor, upscaler, backend, refine, prompt=picture.prompt or picture.path.stem,
        seed=picture.seed or 0, width=factor * picture.width, height=factor * picture.height,
    )  # fmt: skip


def choose(registry: Registry, request: EnlargeRequest) -> tuple[Backend, Message]:
    """The backend that runs it, and why that one.

    Raises:
        UserError: the named backend cannot work now or does not compute here, or none is ready or has the model.
    """
    own = request.upscaler not in ("", *UPSCALERS)
    known = [backend for backend in _upscaling(registry) if backend.own_upscalers or not own]
    model = request.refine.model if request.refine is not None else ""
    if request.backend != AUTO:
        backend, why = registry.choose(request.backend, None)
        if backend in known:
            return backend, why
        if isinstance(backend, Upscales):
            raise UserError(
                message("{name} runs only the upscalers that come with the app.", name=backend.name),
                message("Choose {choices}.", choices=any_of([backend.id for backend in known])),
            )
        raise UserError(
            message("{name} does not compute on this machine.", name=backend.name),
            message("Choose {choices}.", choices=any_of([backend.id for backend in known])),
        )
    working = {backend: status for backend in known if (status := backend.check()).state is not State.UNAVAILABLE}
    if not working:
        raise UserError(message("No backend on this machine is ready."), message("See: sana-studio doctor"))
    fitting = [backend for backend in working if not model or _has(backend, model)]
    if not fitting:
        next(iter(working)).capabilities(model)  # says why not
    fastest = min(fitting, key=lambda backend: backend.speed(working[backend].device))
    return fastest, working[fastest].reason


def resolved(request: EnlargeRequest, backend: Backend, memory_limit_gb: float) -> EnlargeRequest:
    """The request with an upscaler and all that refining needs, after a look at the picture as it is now.

    Raises:
        UserError: it is no picture, the larger one could not be opened or would not fit into the memory, or what it is
            to be refined with does not fit the model.
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
    _check_own(request.upscaler)
    upscaler = request.upscaler or (DETAILED if backend.check().device in GPU_DEVICES else FAITHFUL)
    refine = _resolved_refining(request.refine, backend) if request.refine is not None else None
    needed = NETWORK_BYTES.get(upscaler, max(NETWORK_BYTES.values()))
    if refine is not None:
        step = int(backend.capabilities(refine.model).size.step)
        whole = refine.replace(width=-(-width // step) * step, height=-(-height // step) * step)
        needed = max(needed, backend.estimate(whole).peak_memory_bytes or 0)
    needed, limit = needed + BYTES_PER_PIXEL * width * height, machine.memory_budget(memory_limit_gb)
    if needed > limit:
        raise UserError(
            message(
                "This needs {needed} of memory; {limit} may be used here.",
                needed=gigabytes(needed),
                limit=gigabytes(limit),
            ),
            message("Use a smaller copy of it."),
        )
    return request.replace(upscaler=upscaler, refine=refine, width=width, height=height)


def own_upscaler(name: str) -> str:
    """What the user calls an upscaler, as a request names it: an id, or the path of a file, which may stand in the
    app's own folder for them.
    """
    if name in ("", *UPSCALERS):
        return name
    kept = paths.upscalers() / f"{name}{SAFE}"
    return str(kept if kept.is_file() else paths.expanded(name).absolute())


def own_upscalers(registry: Registry) -> list[str]:
    """The paths of the upscalers in the app's own folder for them; none where no backend that works can run them."""
    if not any(
        backend.own_upscalers and backend.check().state is not State.UNAVAILABLE for backend in _upscaling(registry)
    ):
        return []
    try:
        entries = sorted(paths.upscalers().iterdir(), key=lambda path: path.name.casefold())
    except OSError:
        return []
    return [
        str(path)
        for path in entries
        if path.suffix.lower() == SAFE and not path.name.startswith(".") and path.is_file()
    ]


def _upscaling(registry: Registry) -> list[Upscales]:
    """The backends that enlarge pictures."""
    return [backend for backend in registry.backends.values() if isinstance(backend, Upscales)]


def _check_own(upscaler: str) -> None:
    """Raises UserError where it is a file that cannot be a safe upscaler."""
    if upscaler in ("", *UPSCALERS):
        return
    path = Path(upscaler)
    if path.suffix.lower() in PICKLES:
        raise UserError(
            message("“{name}” is a pickle, which could run any program here.", name=path.name),
            message("Use the same model as a .safetensors file."),
        )
    if path.suffix.lower() != SAFE or not path.is_file():
        raise UserError(
            message("There is no upscaler “{name}”.", name=path.name),
            message("Choose {choices}, or a .safetensors file.", choices=any_of(list(UPSCALERS))),
        )
    if path.stat().st_size > LARGEST_OWN:
        raise UserError(message("“{name}” is too large.", name=path.name), message("Choose a smaller upscaler."))


def _refining(
    registry: Registry, picture: images.Picture, strength: float, prompt: str, model: str
) -> GenerationRequest:
    """How a picture is to be refined: with its own prompt and settings, unless others are asked for."""
    made = picture.request or GenerationRequest("", model="")
    if is_empty(prompt):
        raise UserError(
            message("“{name}” does not say what it shows.", name=picture.path.name),
            message("Say it in a prompt, or do not refine the picture."),
        )
    start = ImageInput(Role.INIT, str(picture.path), strength)
    if model or not made.model or not any(_has(backend, made.model) for backend in _upscaling(registry)):
        return GenerationRequest(prompt, made.negative, model, seed=made.seed, inputs=(start,))
    return made.replace(
        prompt=prompt,
        backend=AUTO,
        width=None,
        height=None,
        count=1,
        inputs=(start,),
        loras=(),
        options=(),
        extend=None,
        detail=False,
    )


def _resolved_refining(refine: GenerationRequest, backend: Backend) -> GenerationRequest:
    """With a model that is here, its defaults, and the size of its windows."""
    model = refine.model or model_for(backend, "")
    return backend.capabilities(model).resolve(refine.replace(model=model))


def _has(backend: Backend, model: str) -> bool:
    try:
        backend.capabilities(model)
    except UserError:
        return False
    return True
