"""Downloads of models, one after another, in a thread of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.errors import GenerationCancelled, UserError
from app.library.models.store import Models
from app.ui.background import Background

if TYPE_CHECKING:
    from app.library.models.hub.downloads import Need


@dataclass(frozen=True, slots=True)
class DownloadState:
    """How far a download is, in bytes; `seconds_left` is None where it is unknown. `total` is 0 before it begins.
    `shared` of them are not fetched, since another model has them."""

    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    shared: int = 0


class Downloads(QObject):
    """Starts, pauses and watches downloads.

    Signals:
        changed(str): a download has moved, begun or ended; the model's id.
        failed(str, UserError): a download did not work.
    """

    changed = Signal(str)
    failed = Signal(str, object)
    _moved = Signal(str, object)

    def __init__(self, models: Models, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._background = Background(self)
        self._stops: dict[str, Event] = {}
        self._states: dict[str, DownloadState] = {}
        self._moved.connect(self._take)

    def state(self, model: str) -> DownloadState | None:
        """How a download stands; None where none is under way or waiting."""
        return self._states.get(model)

    def start(self, model: str) -> None:
        """Download a model, or go on with what was paused."""
        if model in self._states:
            return
        stop = self._stops[model] = Event()
        self._states[model] = DownloadState()
        self._background.run(
            lambda: self._work(model, stop), lambda _: self._ended(model), lambda error: self._broke(model, error)
        )
        self.changed.emit(model)

    def pause(self, model: str) -> None:
        """Stop a download; what has arrived stays."""
        if model in self._stops:
            self._stops[model].set()

    def remove(self, model: str, done: Callable[[], None]) -> None:
        """Free a model's space, in the background."""
        self._background.run(
            lambda: self._models.remove(model), lambda _: done(), lambda error: self.failed.emit(model, error)
        )

    def close(self) -> None:
        """Pause everything; the next start goes on."""
        for stop in self._stops.values():
            stop.set()
        self._background.close()

    def _work(self, model: str, stop: Event) -> None:
        shared = 0

        def begin(need: Need) -> None:
            nonlocal shared
            shared = need.shared

        def moved(done: int, total: int, seconds_left: float | None) -> None:
            self._moved.emit(model, DownloadState(done, total, seconds_left, shared))

        with contextlib.suppress(GenerationCancelled):  # paused: not a failure
            if not stop.is_set():
                self._models.download(model, moved, stop.is_set, begin)

    def _take(self, model: str, state: DownloadState) -> None:
        if model in self._states:
            self._states[model] = state
            self.changed.emit(model)

    def _ended(self, model: str) -> None:
        del self._states[model], self._stops[model]
        self.changed.emit(model)

    def _broke(self, model: str, error: UserError) -> None:
        self._ended(model)
        self.failed.emit(model, error)
