"""Notices when a file that somebody chose goes away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

SOON_MS = 200
"""A file that is saved anew is away for a moment."""


class FileWatch(QObject):
    """Calls `look` when one of a few files may have gone, and when the app becomes the active one: not every disk
    tells of its changes.
    """

    def __init__(self, look: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(look)
        self._watcher.fileChanged.connect(lambda _: self._soon.start())
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._state_changed)

    def follow(self, files: Sequence[str]) -> None:
        """Watch these files, which are there, and no others."""
        wanted = {file for file in files if file}
        watched = set(self._watcher.files())
        if gone := sorted(watched - wanted):
            self._watcher.removePaths(gone)
        if new := sorted(wanted - watched):
            self._watcher.addPaths(new)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self._soon.start()
