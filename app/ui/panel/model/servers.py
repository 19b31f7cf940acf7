"""Asks servers of the user's own how they stand, so that the panel shows what there is now."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from app.backends.base import OnServer
from app.backends.registry import Registry
from app.library.addresses import is_loopback
from app.ui.background import Background
from app.ui.panel.model.model_choice import ModelChoice

EVERY_MS = 5000
START_MS = 2000
_PAUSE = 2.0
"""Seconds between two looks at the same server, whatever asks for them."""


class Servers(QObject):
    """Looks at the server that is chosen when it is chosen, and again and again while the window is active; at those on
    this machine once after the start. It is all done in a thread of its own.

    Signals:
        changed: a server stands otherwise now, or has other models.
    """

    changed = Signal()

    def __init__(self, registry: Registry, choice: ModelChoice, parent: QObject) -> None:
        super().__init__(parent)
        self._registry = registry
        self._choice = choice
        self._background = Background(self)  # of its own: it may wait for a server
        self._looked: dict[tuple[str, str], float] = {}
        choice.changed.connect(self._look_at_chosen)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._look_again)
        self._timer.start()
        QTimer.singleShot(START_MS, self, self._look_around)

    def close(self) -> None:
        self._timer.stop()
        self._background.close()

    def _look_again(self) -> None:
        if self._choice.window().isActiveWindow():
            self._look_at_chosen()

    def _look_at_chosen(self) -> None:
        self._look(self._choice.backend())

    def _look_around(self) -> None:
        for backend in self._registry.backends.values():
            if isinstance(backend, OnServer) and is_loopback(backend.address):
                self._look(backend.id)

    def _look(self, backend_id: str) -> None:
        found = self._registry.backends.get(backend_id)
        if found is None or not isinstance(found, OnServer):
            return
        asked, now = (backend_id, found.address), time.monotonic()
        if now - self._looked.get(asked, -_PAUSE) < _PAUSE:
            return
        self._looked[asked] = now
        self._background.run(found.look, lambda changed: self.changed.emit() if changed else None)
