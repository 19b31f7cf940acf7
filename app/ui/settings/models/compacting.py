"""Keeps a model in few bits alone: asked in its row, done in a process of its own, which may load MLX."""

from __future__ import annotations

import logging
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.message import NOTHING, Message, message, plain
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import label
from app.ui.settings.own_command import OwnCommand

log = logging.getLogger(__name__)


class CompactQuestion(QWidget):
    """What it means, and in how many bits.

    Signals:
        chosen(str): the precision.
        refused: not now.
    """

    chosen = Signal(str)
    refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        words = label(
            lambda: self.tr(
                "Only the weights as MLX computes with them are kept, and the rest is deleted. Pictures in these bits "
                "stay the same; other precisions and PyTorch need the download again."
            ),
            wrap=True,
        )
        buttons = QHBoxLayout()
        for name, text, chosen in (
            ("keep4bitButton", lambda: self.tr("Keep 4 bits (smallest)"), partial(self.chosen.emit, "4bit")),
            ("keep8bitButton", lambda: self.tr("Keep 8 bits"), partial(self.chosen.emit, "8bit")),
        ):
            buttons.addWidget(push_button(name, text, chosen))
        buttons.addWidget(push_button("notNowButton", lambda: self.tr("Not now"), self.refused.emit))
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(words)
        column.addLayout(buttons)


class Compacting(QObject):
    """One model at a time.

    Signals:
        changed(str): it has begun or ended with a model; its id.
        failed(str, UserError): it did not work; nothing was deleted.
    """

    changed = Signal(str)
    failed = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = OwnCommand(self)
        self._command.notStarted.connect(lambda: self._end(message("The program could not be started.")))
        self._command.ended.connect(self._finished)
        self.running = ""

    def start(self, model: str, precision: str) -> None:
        """Begin, unless another one runs."""
        if self.running:
            self.failed.emit(
                model, UserError(message("Another model is being made smaller."), message("Wait until it is done."))
            )
            return
        self.running = model
        self._command.start("models", "compact", model, "--precision", precision, "--yes", "--json")
        self.changed.emit(model)

    def stop(self) -> None:
        """End it; the model stays as it was."""
        self.running = ""
        self._command.stop()

    def _finished(self, code: int, _: str, told: str) -> None:
        log.info("Making %s smaller ended with %d: %s", self.running, code, told)
        self._end(plain(told.splitlines()[-1].removeprefix("sana-studio: ")) if code and told else NOTHING)

    def _end(self, problem: Message) -> None:
        model, self.running = self.running, ""
        self.changed.emit(model)
        if problem:
            self.failed.emit(model, UserError(problem))
