"""Which backends there are, and which one "auto" means on this machine."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from app.backends.base import GPU_DEVICES, Backend, Group, HasAccount, SelfTestable, State, Status, TakesFiles
from app.backends.local.precisions import IN_WORDS
from app.backends.selftest.verdicts import Verdicts
from app.core.errors import UserError
from app.core.memory import nearest_that_fits
from app.core.message import NOTHING, Message, all_of, any_of, gigabytes, message, plain, sentences
from app.core.request import AUTO, GenerationRequest
from app.library import machine, secrets
from app.library.models.checkpoint.checkpoint import MODEL_INDEX
from app.library.setting import Setting
from app.library.settings import Settings

if TYPE_CHECKING:
    from app.backends.ways import Possible


class Registry:
    """The backends by id, in the order in which the window lists them.

    Args:
        backends: all backends, local and cloud.
        settings: says whether the user agreed that "auto" may send prompts away. What backends add to the settings and
            secrets is declared there.
        possible: ways to compute that its user may set up.
    """

    def __init__(
        self, backends: Mapping[str, Backend], settings: Settings, possible: Sequence[Possible] = ()
    ) -> None:  # fmt: skip
        self.backends: Mapping[str, Backend] = {}
        self.possible = possible
        self._settings = settings
        self._subscribers: list[Callable[[], None]] = []
        self._turn = threading.Lock()
        self.change(put=backends.values())

    def change(self, put: Iterable[Backend] = (), drop: Collection[str] = ()) -> None:
        """Take further backends, which replace those of the same id, and let others go. The subscribers are told, in
        this thread. Who iterates over `backends` meanwhile sees those from before.
        """
        with self._turn:
            new = {backend.id: backend for backend in put}
            for backend in new.values():
                if isinstance(backend, HasAccount):
                    secrets.declare(backend.account.secret, backend.account.variable)
            kept = {id: backend for id, backend in self.backends.items() if id not in drop}
            self.backends = kept | new
            choice = _default_backend(self.backends.values())
            self._settings.declare(
                choice, *(setting for backend in self.backends.values() for setting in backend.settings)
            )
        for callback in tuple(self._subscribers):
            callback()

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each `change`, in the thread that made it."""
        self._subscribers.append(callback)

    def name(self, backend: str) -> str:
        """The name of a backend, or its id where there is none of that id any more."""
        found = self.backends.get(backend)
        return found.name if found is not None else backend

    def status(self, backend: Backend) -> Status:
        """How a backend stands, with what the self-test found wrong."""
        status = backend.check()
        if not status.ready or not isinstance(backend, SelfTestable) or not backend.precisions:
            return status
        chosen = str(self._settings.get(f"precision.{backend.id}"))
        precision = backend.default_precision(status.device) if chosen == AUTO else chosen
        if not Verdicts().failure(backend, precision):
            return status
        doubt = message(
            "But the self-test failed in {precision}: pictures may be wrong.", precision=IN_WORDS[precision]
        )
        remedy = message("Choose a higher precision, or something else to run on, in Settings.")
        return dataclasses.replace(
            status, reason=sentences(status.reason, doubt), remedy=sentences(status.remedy, remedy)
        )

    def choose(self, backend: str, model: str | None) -> tuple[Backend, Message]:
        """The backend for a request and why, in words for the user.

        Args:
            backend: its id, or "auto".
            model: None where any will do, which is then the first that the backend has.

        Raises:
            UserError: the named backend cannot work now, or "auto" finds none.
        """
        if backend != AUTO:
            return self._named(backend), message("chosen by you")
        refusals: list[Message] = []
        model_error: UserError | None = None
        for candidate in self._by_preference():
            status = candidate.check()
            if not status.ready:
                refusals.append(message("{name}: {reason}", name=candidate.name, reason=status.reason))
                continue
            try:
                if model is not None:
                    candidate.capabilities(model)
            except UserError as error:
                model_error = model_error or error
                continue
            return candidate, self._why(candidate, status, others_lack_it=model_error is not None)
        if model_error is not None:
            raise self._of_another(model or "") or model_error
        raise UserError(message("Nothing on this computer can make this picture."), sentences(*refusals))

    def check_memory(self, backend: Backend, request: GenerationRequest) -> None:
        """Refuse a resolved request that would not fit into memory, instead of freezing the machine.

        Raises:
            UserError: with the nearest request that fits as its suggestion, where there is one.
        """
        if backend.group is not Group.MACHINE:
            return
        limit = machine.memory_budget(float(self._settings.get("memory_limit_gb")))
        needed = _need(backend, request)
        if needed <= limit:
            return
        changes = _nearest(backend, request, limit) or _smaller_model(backend, request, limit)
        raise UserError(
            message(
                "This needs {needed} of memory; {limit} may be used here.",
                needed=gigabytes(needed),
                limit=gigabytes(limit),
            ),
            _in_words(changes, backend) or message("Choose a smaller model, or the cloud."),
            changes,
        )

    def smaller(self, request: GenerationRequest) -> dict[str, Any]:
        """The changes with which a request that ran out of memory needs less: the next smaller precision, else size."""
        try:
            backend, _ = self.choose(request.backend, request.model)
            if backend.group is not Group.MACHINE:
                return {}
            return _nearest(backend, request, _need(backend, request) - 1)
        except UserError:
            return {}

    def elsewhere(self, request: GenerationRequest) -> dict[str, Any]:
        """The changes that would send a request that failed here to another place; empty where there is none.

        Only an offer: nothing is sent before the user accepts it.
        """
        for backend in self.backends.values():
            if backend.remote is None or request.backend == backend.id or not backend.check().ready:
                continue
            model = next(iter(backend.models()), ("", ""))[0]
            if not model:
                continue
            capabilities = backend.capabilities(model)
            width, height = capabilities.nearest_size(request.width or 0, request.height or 0)
            own = {"steps": None, "guidance": None, "solver": None, "precision": AUTO, "inputs": ()}
            return {"backend": backend.id, "model": model, "width": width, "height": height, **own}
        return {}

    def _of_another(self, model: str) -> UserError | None:
        """What to do with a file of a kind that a backend which cannot work now has among its models, if it is one."""
        path = PurePath(model)
        for backend in self.backends.values():
            takes = isinstance(backend, TakesFiles) and path.suffix.lower() == backend.files.suffix
            if takes and path.name != MODEL_INDEX:
                return UserError(
                    message("“{file}” is a file for {name}.", file=path.name, name=backend.name),
                    message("Let it run on {name}: add --backend {id}.", name=backend.name, id=backend.id),
                )
        return None

    def _named(self, backend: str) -> Backend:
        found = self.backends.get(backend)
        if found is None:
            raise UserError(
                message("There is no backend called “{backend}”.", backend=backend),
                message("Choose {choices}.", choices=any_of([AUTO, *self.backends])),
            )
        status = found.check()
        if status.state in (State.UNAVAILABLE, State.NEEDS_KEY, State.NOT_RUNNING):
            raise unusable(found, status)
        return found

    def _by_preference(self) -> list[Backend]:
        """By speed; what sends prompts away only if the user agreed."""
        allowed = [b for b in self.backends.values() if b.remote is None or self._settings.get("cloud_allowed")]
        return sorted(allowed, key=lambda backend: backend.speed(backend.check().device))

    @staticmethod
    def _why(backend: Backend, status: Status, *, others_lack_it: bool) -> Message:
        """Args: others_lack_it: those that would come first do not have the model."""
        if others_lack_it and backend.remote is not None:
            return message("it has this model, and you agreed to the cloud")
        if others_lack_it:
            return message("it has this model")
        if backend.remote is not None:
            return message("the cloud is faster than this machine's processor, and you agreed to it")
        if status.device in GPU_DEVICES:
            return message("it is the fastest way on this machine")
        return message("it works on this machine's processor")


def model_for(backend: Backend, wish: str) -> str:
    """The id of the model that a backend takes where none was asked for: this one, else the first that it has.

    Raises:
        UserError: it has none and needs one.
    """
    models = dict(backend.models())
    if wish in models:
        return wish
    status = backend.check()
    if not models and status.state is State.NEEDS_MODEL:
        raise unusable(backend, status)
    return next(iter(models), wish)


def unusable(backend: Backend, status: Status) -> UserError:
    """What to say of a backend that does not work as it stands."""
    return UserError(message("{name} cannot be used: {reason}", name=backend.name, reason=status.reason), status.remedy)


def _default_backend(backends: Iterable[Backend]) -> Setting:
    return Setting(
        "default_backend",
        AUTO,
        message("Make pictures with"),
        message("Automatic takes the fastest way that is ready on this computer."),
        "Backends",
        "choice",
        ((AUTO, message("Automatic")), *((backend.id, plain(backend.name)) for backend in backends)),
    )


def _need(backend: Backend, request: GenerationRequest, **changes: Any) -> int:
    return backend.estimate(request.replace(**changes)).peak_memory_bytes or 0


def _nearest(backend: Backend, request: GenerationRequest, limit: int) -> dict[str, Any]:
    """As `nearest_that_fits`, for a resolved request."""
    capabilities = backend.capabilities(request.model)
    return nearest_that_fits(
        request.width or 0, request.height or 0, _exact_precision(backend, request, capabilities.precisions),
        precisions=capabilities.precisions,
        multiple=int(capabilities.size.step), minimum=int(capabilities.size.minimum), limit=limit,
        need=lambda width, height, name: _need(backend, request, width=width, height=height, precision=name),
    )  # fmt: skip


def _exact_precision(backend: Backend, request: GenerationRequest, precisions: Sequence[str]) -> str:
    """The precision that a request is computed in: "auto" is the one that needs as much."""
    if request.precision != AUTO:
        return request.precision
    needed = _need(backend, request)
    exact = (name for name in precisions if name != AUTO and _need(backend, request, precision=name) == needed)
    return next(exact, AUTO)


def _smaller_model(backend: Backend, request: GenerationRequest, limit: int) -> dict[str, Any]:
    """The changes to the largest other model that is here and fits, with its own defaults; empty where none does."""
    fitting: dict[int, dict[str, Any]] = {}
    for model, _ in backend.models():
        if model == request.model:
            continue
        own = {"steps": None, "guidance": None, "solver": None, "precision": AUTO}
        try:
            side = int(backend.capabilities(model).size.default)
            changes = {"model": model, "width": side, "height": side, **own}
            needed = _need(backend, request, **changes)
        except UserError:  # it is broken, which is no news now
            continue
        if needed <= limit:
            fitting.setdefault(needed, changes)
    return fitting[max(fitting)] if fitting else {}


def _in_words(changes: Mapping[str, Any], backend: Backend) -> Message:
    if "model" in changes:
        return message("Choose the model “{name}”.", name=dict(backend.models())[changes["model"]])
    parts = []
    if "precision" in changes:
        parts.append(message("the precision “{precision}”", precision=changes["precision"]))
    if "width" in changes:
        parts.append(message("{width} × {height} pixels", width=changes["width"], height=changes["height"]))
    return message("Choose {changes}.", changes=all_of(parts)) if parts else NOTHING
