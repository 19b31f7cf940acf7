"""Keeps a model in few bits alone: asked in its row, done in a process of its own, which may load MLX."""

from __future__ import annotations

import logging
from functools import partial

from PySide6.QtCore import QObject, QProcess, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.message import message, plain
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import label
from app.ui.settings.self_test import program

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
        self._process: QProcess | None = None
        self.running = ""

    def start(self, model: str, precision: str) -> None:
        """Begin, unless another one runs."""
        if self.running:
            self.failed.emit(
                model, UserError(message("Another model is being made smaller."), message("Wait until it is done."))
            )
            return
        self.running = model
        command = [*program(), "models", "compact", model, "--precision", precision, "--yes", "--json"]
        process = QProcess(self)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._could_not_start)
        self._process = process
        process.start(command[0], command[1:])
        self.changed.emit(model)

    def stop(self) -> None:
        """End it; the model stays as it was."""
        process, self._process, self.running = self._process, None, ""
        if process is not None:
            process.finished.disconnect()
            process.errorOccurred.disconnect()
            process.kill()
            process.waitForFinished(2000)

    def _could_not_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end("The program could not be started.")

    def _finished(self, code: int) -> None:
        assert self._process is not None
        printed = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip()
        log.info("Making %s smaller ended with %d: %s", self.running, code, printed)
        self._end(printed.splitlines()[-1].removeprefix("sana-studio: ") if code and printed else "")

    def _end(self, problem: str) -> None:
        model, self.running, self._process = self.running, "", None
        self.changed.emit(model)
        if problem:
            self.failed.emit(model, UserError(plain(problem)))
