"""The window follows its folder: what other programs add, rename, replace or remove there is seen soon."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.ui.gallery.pictures.model import GalleryModel

LOOKS_MS = (400, 2_000, 8_000, 30_000)
"""When to look at the folder after a change, each time since the look before: the system tells when a file appears, not
when it is written to the end.
"""

MOST_WATCHED = 200
"""Folders; what changes in further ones is seen when the app becomes the active one."""


class FolderWatch(QObject):
    """Looks at the folder when the system says that it changed. Where the system does not say so (network disks,
    files that are written in place), it looks when the app becomes the active one.

    Signals:
        changed: a look has found something.
    """

    changed = Signal()

    def __init__(self, model: GalleryModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._folder = Path()
        self._looking = self._changing = self._closed = False
        self._looks = len(LOOKS_MS)
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.look)
        self._watcher.directoryChanged.connect(self._folder_changed)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._state_changed)

    def follow(self, folder: Path) -> None:
        """Watch this folder from now on, which need not exist yet, and look at it."""
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())
        self._folder, self._looks = folder, len(LOOKS_MS)
        self.look()

    def look(self) -> None:
        """Bring the gallery in line with the folder."""
        if self._closed:
            return
        if self._looking:
            self._changing = True
            return
        self._looking, self._changing = True, False
        if not self._watcher.directories() and self._folder.is_dir():  # it has come to be, or is there again
            self._watcher.addPath(str(self._folder))
        self._model.rescan(self._looked)
        self._model.look_for_folders(self._watch)

    def _watch(self, folders: list[Path]) -> None:
        """Be told of changes in these, as far as the system can watch so many."""
        new = set(map(str, folders[:MOST_WATCHED])) - set(self._watcher.directories())
        if new and not self._closed and folders[0] == self._folder and self._folder.is_dir():
            self._watcher.addPaths(sorted(new))

    def close(self) -> None:
        """Look no more."""
        self._closed = True
        self._soon.stop()

    def _looked(self, changed: bool) -> None:
        self._looking = False
        if self._closed:
            return
        if changed:
            self.changed.emit()
        if changed or self._changing:
            self._looks = 0
        self._look_later()

    def _folder_changed(self) -> None:
        if self._looking:
            self._changing = True  # this look may have missed it
        elif not self._closed and not (self._soon.isActive() and self._looks == 1):
            self._looks = 0
            self._look_later()

    def _look_later(self) -> None:
        """As long after this look as `LOOKS_MS` says, if at all."""
        if self._looks < len(LOOKS_MS):
            self._soon.start(LOOKS_MS[self._looks])
            self._looks += 1

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.look()
