"""One of the app's own commands, run in a process of its own: it may load what the window must not."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QProcess, Signal


def program() -> list[str]:
    """What starts this app: the bundle's own program, or Python with the package."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]


class OwnCommand(QObject):
    """One run at a time.

    Signals:
        notStarted: the system refuses to start it.
        ended(int, str, str): the exit status, and what it printed on stdout and on stderr.
    """

    notStarted = Signal()
    ended = Signal(int, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None

    def start(self, *arguments: str) -> None:
        """Run the app with these arguments."""
        command = [*program(), *arguments]
        process = QProcess(self)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        self._process = process
        process.start(command[0], command[1:])

    def stop(self) -> None:
        """End it, without a signal."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect()
            process.errorOccurred.disconnect()
            process.kill()
            process.waitForFinished(2000)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._process = None
            self.notStarted.emit()

    def _finished(self, code: int) -> None:
        process, self._process = self._process, None
        if process is not None:
            out, err = process.readAllStandardOutput(), process.readAllStandardError()
            self.ended.emit(code, *(bytes(each.data()).decode(errors="replace").strip() for each in (out, err)))
