"""Asks a service what the chosen model takes, so that the panel shows what there is today."""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject

from app.backends.base import LooksUp
from app.core.errors import GenerationCancelled, UserError
from app.ui.background import Background
from app.ui.panel.model.model_choice import ModelChoice

log = logging.getLogger(__name__)


class LookUps(QObject):
    """Looks up each model of a cloud once, when it is first chosen and there is a key; where that fails, at the next
    choice. A failure is not shown: the panel shows what was known before, and a picture would meet the same failure.
    """

    def __init__(self, choice: ModelChoice, parent: QObject) -> None:
        super().__init__(parent)
        self._choice = choice
        self._background = Background(self)  # of its own: it may wait long for the service
        self._asked: set[tuple[str, str]] = set()
        self._closing = threading.Event()
        choice.changed.connect(self._look)

    def close(self) -> None:
        self._closing.set()
        self._background.close()

    def _look(self) -> None:
        backend, model = self._choice.offer.backend, self._choice.model()
        if backend is None or not isinstance(backend, LooksUp) or (backend.id, model) in self._asked:
            return
        asked = backend.id, model
        self._asked.add(asked)

        def look_up() -> bool:
            try:
                return backend.look_up(model, self._closing.is_set)
            except GenerationCancelled:
                return False

        def done(changed: bool) -> None:
            if changed and not self._closing.is_set():
                self._choice.refresh()

        def failed(error: UserError) -> None:
            log.info("%s cannot be looked up: %s", model, error.message)
            self._asked.discard(asked)

        self._background.run(look_up, done, failed)
