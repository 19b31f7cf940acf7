"""The gallery's pictures as a list model, newest first, with the picture in work at its head where all are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.engine.jobs import Job
from app.library.pictures.gallery import Gallery
from app.ui.background import Background
from app.ui.words import wording

PATH_ROLE = Qt.ItemDataRole.UserRole + 1
JOB_ROLE = Qt.ItemDataRole.UserRole + 2
FAVOURITE_ROLE = Qt.ItemDataRole.UserRole + 3

Index = QModelIndex | QPersistentModelIndex


class GalleryModel(QAbstractListModel):
    """What the gallery shows: the pictures that match the search and the filter.

    Signals:
        listed: a search has ended; the list may have changed.
        favouritesChanged: a picture got its star, or lost it.
        problem(UserError): the gallery could not do something.
    """

    listed = Signal()
    favouritesChanged = Signal()
    problem = Signal(object)

    def __init__(self, gallery: Gallery, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._background = background
        self._paths: list[Path] = []
        self._known: set[Path] = set()
        self._favourites: set[Path] = set()
        self._job: Job | None = None
        self._all = True  # no search and no filter: the picture in work is listed, too
        self.preview = QImage()
        self.text = ""
        self.only_favourites = False
        self._search_number = 0

    # -- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._paths) + self._head

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < self.rowCount():
            return None
        if index.row() < self._head:
            assert self._job is not None
            if role == JOB_ROLE:
                return self._job
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._job.request.prompt}\n{wording.progress(self._job)}"
            if role == Qt.ItemDataRole.ToolTipRole:
                return wording.tip(self._job.request.prompt)
            return None
        path = self._paths[index.row() - self._head]
        match role:
            case _ if role == PATH_ROLE:
                return path
            case _ if role == FAVOURITE_ROLE:
                return path in self._favourites
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._prompt(path) or path.stem
            case Qt.ItemDataRole.ToolTipRole:
                return wording.tip(self._prompt(path) or path.name)
        return None

    # -- what the window does

    @property
    def pictures(self) -> int:
        """How many pictures are listed, without the one in work."""
        return len(self._paths)

    def load(self) -> None:
        """List the pictures now. Once, before the window is shown."""
        try:
            self._take(self._search("", False), everything=True)
        except UserError as error:
            self.problem.emit(error)

    def search(self, text: str | None = None, only_favourites: bool | None = None) -> None:
        """List again in the background, with another text or filter where they are given."""
        self.text = self.text if text is None else text.strip()
        self.only_favourites = self.only_favourites if only_favourites is None else only_favourites
        self._search_number += 1
        number, wish = self._search_number, (self.text, self.only_favourites)

        def take(found: tuple[list[Path], set[Path]]) -> None:
            if number == self._search_number:  # a later search is on its way otherwise
                self._take(found, everything=wish == ("", False))

        self._background.run(lambda: self._search(*wish), take, self.problem.emit)

    def rescan(self, then: Callable[[], None] = lambda: None) -> None:
        """Bring the index in line with the folder, in the background, and list again if it changed."""

        def take(changed: bool) -> None:
            if changed:
                self.search()
            then()

        self._background.run(self._gallery.rescan, take, self.problem.emit)

    def add(self, path: Path) -> None:
        """Show a picture that has just been painted."""
        if path in self._known:
            return
        if self.text or self.only_favourites:
            self.search()
            return
        self.beginInsertRows(QModelIndex(), self._head, self._head)
        self._paths.insert(0, path)
        self._known.add(path)
        self.endInsertRows()
        self.listed.emit()

    def remove(self, paths: Iterable[Path]) -> None:
        """Take pictures off the list."""
        for path in paths:
            if path in self._known:
                row = self._paths.index(path) + self._head
                self.beginRemoveRows(QModelIndex(), row, row)
                self._paths.pop(row - self._head)
                self._known.discard(path)
                self.endRemoveRows()
        self.listed.emit()

    def set_favourite(self, path: Path, favourite: bool) -> None:
        """Give or take the star."""
        (self._favourites.add if favourite else self._favourites.discard)(path)
        index = self.index_of(path)
        if index.isValid():
            self.dataChanged.emit(index, index, [FAVOURITE_ROLE])
        self.favouritesChanged.emit()
        self._background.run(
            lambda: self._gallery.set_favourite(path, favourite), lambda _: None, self.problem.emit
        )  # fmt: skip

    def toggle_favourite(self, path: Path) -> None:
        self.set_favourite(path, path not in self._favourites)

    def is_favourite(self, path: Path) -> bool:
        return path in self._favourites

    def set_job(self, job: Job | None) -> None:
        """Show how the running job stands, or that none runs."""
        if job is not None and self._job is not None:
            if job.id != self._job.id or job.picture != self._job.picture:
                self.preview = QImage()
            self._job = job
            self._job_changed()
        elif not self._all:
            self._job, self.preview = job, QImage()
        elif job is not None:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._job, self.preview = job, QImage()
            self.endInsertRows()
            self.listed.emit()
        elif self._job is not None:
            self.beginRemoveRows(QModelIndex(), 0, 0)
            self._job, self.preview = None, QImage()
            self.endRemoveRows()
            self.listed.emit()

    def set_preview(self, image: QImage) -> None:
        self.preview = image
        self._job_changed()

    def path_at(self, row: int) -> Path | None:
        place = row - self._head
        return self._paths[place] if 0 <= place < len(self._paths) else None

    def index_of(self, path: Path | None) -> QModelIndex:
        """Where a picture is; an invalid index where it is not listed."""
        if path is None or path not in self._known:
            return QModelIndex()
        return self.index(self._paths.index(path) + self._head)

    def neighbour(self, path: Path | None, step: int) -> Path | None:
        """The picture `step` places further on; None at the ends."""
        if path is None or path not in self._known:
            return None
        place = self._paths.index(path) + step
        return self._paths[place] if 0 <= place < len(self._paths) else None

    def position(self, path: Path) -> int:
        """Which picture of the list this is, from 1; 0 where it is not listed."""
        return self._paths.index(path) + 1 if path in self._known else 0

    # -- inside

    @property
    def _head(self) -> int:
        return 1 if self._job is not None and self._all else 0

    def _search(self, text: str, only_favourites: bool) -> tuple[list[Path], set[Path]]:
        return self._gallery.search(text, only_favourites), set(self._gallery.search("", True))

    def _take(self, found: tuple[list[Path], set[Path]], *, everything: bool) -> None:
        paths, self._favourites = found
        changed = paths != self._paths or (everything != self._all and self._job is not None)
        if changed:
            self.beginResetModel()
        self._all, self._paths, self._known = everything, paths, set(paths)
        if changed:
            self.endResetModel()
        self.listed.emit()

    def _job_changed(self) -> None:
        if self._head:
            self.dataChanged.emit(self.index(0), self.index(0), [JOB_ROLE])

    def _prompt(self, path: Path) -> str:
        """The picture's prompt; empty where it is not known."""
        try:
            return self._gallery.get(path).prompt
        except UserError:
            return ""
