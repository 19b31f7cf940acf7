"""Runs the app's own self-test of a backend in a process of its own, and remembers the verdicts."""

from __future__ import annotations

import json
import logging
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QProcess, Signal

from app.core.message import NOTHING, Message, message, plain
from app.library import paths
from app.library.shared_json import SharedJson
from app.ui.words import wording
from app.ui.words.messages import translated

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a test ended, in words, and when (unix time)."""

    passed: bool
    text: Message
    when: float

    def __str__(self) -> str:
        moment = wording.moment(datetime.fromtimestamp(self.when))
        words = translated(self.text) or (wording.tr("Passed") if self.passed else wording.tr("Failed"))
        return f"{words} ({moment})"


def program() -> list[str]:
    """What starts this app: the bundle's own program, or Python with the package."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]


class SelfTests(QObject):
    """One test at a time.

    Signals:
        finished(str): the id of the backend whose test has ended.
    """

    finished = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = SharedJson(paths.home() / "self_tests.json")
        self._process: QProcess | None = None
        self.running = ""

    def verdict(self, backend: str) -> Verdict | None:
        """The last verdict on a backend."""
        kept: Any = self._kept.read().get(backend)
        try:
            return Verdict(bool(kept["passed"]), Message.from_json(kept["text"]), float(kept["when"]))
        except (TypeError, KeyError, ValueError):
            return None

    def start(self, backend: str) -> bool:
        """Begin a test; False while another one runs."""
        if self.running:
            return False
        self.running = backend
        command = [*program(), "self-test", "--backend", backend, "--json"]
        process = QProcess(self)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._could_not_start)
        self._process = process
        process.start(command[0], command[1:])
        return True

    def stop(self) -> None:
        """End the test that runs, without a verdict."""
        process, self._process, self.running = self._process, None, ""
        if process is not None:
            process.finished.disconnect()
            process.errorOccurred.disconnect()
            process.kill()
            process.waitForFinished(2000)

    def _could_not_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(Verdict(False, message("The test could not be started."), time.time()))

    def _finished(self, code: int) -> None:
        process = self._process
        if process is None:
            return
        printed = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()
        if code:
            log.info("The self-test of %s ended with %d: %s", self.running, code, printed)
        text = NOTHING if code == 0 else plain(_last_line(printed))
        summary = _summary(bytes(process.readAllStandardOutput().data()))
        self._end(Verdict(code == 0, summary or text, time.time()))

    def _end(self, verdict: Verdict) -> None:
        backend, self.running, self._process = self.running, "", None
        try:
            with self._kept.edit() as kept:
                kept[backend] = {"passed": verdict.passed, "text": verdict.text.to_json(), "when": verdict.when}
        except OSError as error:
            log.warning("The verdict could not be kept: %s", error)
        self.finished.emit(backend)


def _summary(output: bytes) -> Message:
    """What the test's JSON says of its one backend, where it says something."""
    try:
        return Message.from_json(json.loads(output)["backends"][0]["message"])
    except (ValueError, LookupError, TypeError):
        return NOTHING


def _last_line(text: str) -> str:
    return text.splitlines()[-1] if text else ""
