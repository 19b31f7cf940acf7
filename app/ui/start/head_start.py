"""The worker starts before the first picture is asked for."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.core.request import GenerationRequest
from app.engine.engine import Engine
from app.ui.panel.prompt_panel import PromptPanel

SETTLED_MS = 3000
"""After this the window has shown what it has to show, and the processor is free."""


class HeadStart(QObject):
    """Lets the engine get ready some seconds after the start, and when a prompt is typed after a long rest."""

    def __init__(self, panel: PromptPanel, engine: Engine, settled_ms: int = SETTLED_MS) -> None:
        super().__init__(panel)
        self._panel = panel
        self._engine = engine
        QTimer.singleShot(settled_ms, self, self._begin)
        panel.prompt.textChanged.connect(self._begin)

    def _begin(self) -> None:
        choice = self._panel.choice
        self._engine.prepare(GenerationRequest("", model=choice.model(), backend=choice.backend()))
