"""Quick Look: the system's own preview of pictures, where it has one that a key opens and ends."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess

from app import platform

log = logging.getLogger(__name__)

PATIENCE_MS = 1_000
"""For its program to end."""


class QuickLook(QObject):
    """Runs the preview's program, one at a time. It may end by itself: its window has a key and a button for that."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._shown: list[Path] = []

    def toggle(self, paths: Sequence[Path]) -> bool:
        """End the preview of these pictures if it is open, else open it, in place of another one.

        Returns:
            False where the system has none, or it does not start.
        """
        command = platform.preview_command(paths)
        if not command:
            return False
        same = self._process is not None and list(paths) == self._shown
        self.close()
        return same or self._open(command, paths)

    def close(self) -> None:
        """End it, if it is open."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._ended)
            process.terminate()
            if not process.waitForFinished(PATIENCE_MS):
                process.kill()
                process.waitForFinished(PATIENCE_MS)
            process.deleteLater()

    def _open(self, command: Sequence[str], paths: Sequence[Path]) -> bool:
        process = QProcess(self)
        for output in (process.setStandardOutputFile, process.setStandardErrorFile):
            output(QProcess.nullDevice())
        process.start(command[0], command[1:])
        if not process.waitForStarted(PATIENCE_MS):
            log.warning("No preview: %s", process.errorString())
            process.deleteLater()
            return False
        process.finished.connect(self._ended)
        self._process, self._shown = process, list(paths)
        return True

    def _ended(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
