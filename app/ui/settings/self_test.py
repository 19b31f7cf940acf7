"""Runs the app's own self-test of a backend in a process of its own, and remembers the verdicts."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.message import NOTHING, Message, message, plain
from app.library import paths
from app.library.shared_json import SharedJson
from app.ui.settings.own_command import OwnCommand
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


class SelfTests(QObject):
    """One test at a time.

    Signals:
        finished(str): the id of the backend whose test has ended.
    """

    finished = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = SharedJson(paths.home() / "self_tests.json")
        self._command = OwnCommand(self)
        self._command.notStarted.connect(self._could_not_start)
        self._command.ended.connect(self._finished)
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
        self._command.start("self-test", "--backend", backend, "--json")
        return True

    def stop(self) -> None:
        """End the test that runs, without a verdict."""
        self.running = ""
        self._command.stop()

    def _could_not_start(self) -> None:
        self._end(Verdict(False, message("The test could not be started."), time.time()))

    def _finished(self, code: int, printed: str, told: str) -> None:
        if code:
            log.info("The self-test of %s ended with %d: %s", self.running, code, told)
        text = NOTHING if code == 0 else plain(_last_line(told))
        self._end(Verdict(code == 0, _summary(printed) or text, time.time()))

    def _end(self, verdict: Verdict) -> None:
        backend, self.running = self.running, ""
        try:
            with self._kept.edit() as kept:
                kept[backend] = {"passed": verdict.passed, "text": verdict.text.to_json(), "when": verdict.when}
        except OSError as error:
            log.warning("The verdict could not be kept: %s", error)
        self.finished.emit(backend)


def _summary(output: str) -> Message:
    """What the test's JSON says of its one backend, where it says something."""
    try:
        return Message.from_json(json.loads(output)["backends"][0]["message"])
    except (ValueError, LookupError, TypeError):
        return NOTHING


def _last_line(text: str) -> str:
    return text.splitlines()[-1] if text else ""
