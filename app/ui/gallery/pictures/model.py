"""The gallery's pictures as a list model, newest first; at its head, where all are listed, the ones to come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.engine.jobs import Job, JobState
from app.library.pictures.gallery import Gallery
from app.ui.background import Background
from app.ui.gallery.pictures.listing import Listing
from app.ui.gallery.pictures.placeholders import Placeholder, placeholders
from app.ui.gallery.pictures.searches import Found, Searches, Wish
from app.ui.words import wording

PATH_ROLE = Qt.ItemDataRole.UserRole + 1
JOB_ROLE = Qt.ItemDataRole.UserRole + 2
"""The `Placeholder` of a picture in work."""
FAVOURITE_ROLE = Qt.ItemDataRole.UserRole + 3

_IN_WORK = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_PICTURE = _IN_WORK | Qt.ItemFlag.ItemIsDragEnabled

Index = QModelIndex | QPersistentModelIndex


class GalleryModel(QAbstractListModel):
    """What the gallery shows: the pictures that match the search and the filter.

    Signals:
        changing: the list is about to change.
        listed: the list may have changed.
        favouritesChanged: pictures got their star, or lost it.
        problem(UserError): the gallery could not do something.
    """

    changing = Signal()
    listed = Signal()
    favouritesChanged = Signal()
    problem = Signal(object)

    def __init__(self, gallery: Gallery, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._background = background
        self._listing = Listing()
        self._hidden: set[Path] = set()
        self._favourites: set[Path] = set()
        self._jobs: Sequence[Job] = ()
        self._placeholders: list[Placeholder] = []
        self._previewed: tuple[str, int] | None = None
        self._preview = QImage()
        self._searches = Searches(gallery, background, self.problem.emit)
        self._shown = Wish()
        self._unreadable = False
        self.text = ""
        self.only_favourites = False

    # -- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._placeholders) + len(self._listing)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _IN_WORK if index.row() < len(self._placeholders) else _PICTURE

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        if 0 <= row < len(self._placeholders):
            return self._of_placeholder(self._placeholders[row], role)
        path = self.path_at(row)
        return None if path is None else self._of_picture(path, role)

    def _of_placeholder(self, placeholder: Placeholder, role: int) -> Any:
        match role:
            case _ if role == JOB_ROLE:
                return placeholder
            case Qt.ItemDataRole.DecorationRole:
                return self.preview(placeholder)
            case Qt.ItemDataRole.AccessibleTextRole:
                return wording.tile(placeholder.request.prompt, placeholder.request.seed, placeholder.state)
            case Qt.ItemDataRole.ToolTipRole:
                return wording.tip(placeholder.request.prompt)
        return None

    def _of_picture(self, path: Path, role: int) -> Any:
        match role:
            case _ if role == PATH_ROLE:
                return path
            case _ if role == FAVOURITE_ROLE:
                return path in self._favourites
            case Qt.ItemDataRole.AccessibleTextRole:
                prompt, seed = self._prompt_and_seed(path)
                return wording.tile(
                    prompt or path.stem, seed, wording.tr("favourite") if self.is_favourite(path) else ""
                )
            case Qt.ItemDataRole.ToolTipRole:
                return wording.tip(self._prompt_and_seed(path)[0] or path.name)
        return None

    def _prompt_and_seed(self, path: Path) -> tuple[str, int | None]:
        """As the index knows them; no file is read."""
        entry = self._gallery.entry(path)
        return (entry.prompt, entry.seed) if entry else ("", None)

    # -- what is listed

    @property
    def pictures(self) -> int:
        """How many pictures are listed, without those to come."""
        return len(self._listing)

    def load(self) -> None:
        """List the pictures now. Once, before the window is shown."""
        try:
            self._take(self._shown, self._searches.look_up(self._shown))
        except UserError as error:
            self.problem.emit(error)

    def search(self, text: str | None = None, only_favourites: bool | None = None) -> None:
        """List again in the background, with another text or filter where they are given."""
        self.text = self.text if text is None else text.strip()
        self.only_favourites = self.only_favourites if only_favourites is None else only_favourites
        self._searches.start(Wish(self.text, self.only_favourites), self._take)

    @property
    def shown(self) -> Wish:
        """The text and the filter of what is listed now; a search that is under way is not listed yet."""
        return self._shown

    def rescan(self, then: Callable[[bool], None] = lambda changed: None) -> None:
        """Bring the index in line with the folder, in the background, and list again if it changed; then tell whether
        it did. That the folder cannot be read is told once, until it can.
        """

        def take(changed: bool) -> None:
            self._unreadable = False
            if changed:
                self.search()
            then(changed)

        def failed(error: UserError) -> None:
            if not self._unreadable:
                self.problem.emit(error)
            self._unreadable = True
            then(False)

        self._background.run(self._gallery.rescan, take, failed)

    def add(self, path: Path) -> None:
        """Show a picture that has just been generated."""
        if path in self._listing:
            return
        if self.text or self.only_favourites:
            self.search()
            return
        self.changing.emit()
        row = len(self._placeholders)
        self.beginInsertRows(QModelIndex(), row, row)
        self._listing.add(path)
        self.endInsertRows()
        self.listed.emit()

    def hide(self, paths: Collection[Path]) -> None:
        """List these no more, also if a search finds them, until `unhide`: they are being deleted."""
        self._hidden.update(paths)
        self._replace(self._shown, self._listing.without(self._hidden))

    def unhide(self, paths: Collection[Path]) -> None:
        """The files have gone, or stay; a search lists those that stay."""
        self._hidden.difference_update(paths)

    def path_at(self, row: int) -> Path | None:
        return self._listing.at(row - len(self._placeholders))

    def index_of(self, path: Path | None) -> QModelIndex:
        """Where a picture is; an invalid index where it is not listed."""
        place = self._listing.place(path)
        return QModelIndex() if place is None else self.index(place + len(self._placeholders))

    def neighbour(self, path: Path | None, step: int) -> Path | None:
        """The picture `step` places further on; None at the ends."""
        place = self._listing.place(path)
        return None if place is None else self._listing.at(place + step)

    def position(self, path: Path) -> int:
        """Which picture of the list this is, from 1; 0 where it is not listed."""
        place = self._listing.place(path)
        return 0 if place is None else place + 1

    # -- favourites

    def set_favourite(self, paths: Collection[Path], favourite: bool) -> None:
        """Give or take the star."""
        paths = list(paths)
        (self._favourites.update if favourite else self._favourites.difference_update)(paths)
        rows = [index.row() for index in map(self.index_of, paths) if index.isValid()]
        self._stars_changed(min(rows, default=0), max(rows, default=-1))

        self._background.run(
            lambda: self._gallery.set_favourites(paths, favourite), lambda _: None, self.problem.emit
        )  # fmt: skip

    def toggle_favourite(self, path: Path) -> None:
        self.set_favourite([path], path not in self._favourites)

    def _stars_changed(self, first: int, last: int) -> None:
        if first <= last:
            self.dataChanged.emit(self.index(first), self.index(last), [FAVOURITE_ROLE])
        self.favouritesChanged.emit()

    def is_favourite(self, path: Path) -> bool:
        return path in self._favourites

    # -- the pictures to come

    def set_jobs(self, jobs: Sequence[Job]) -> None:
        """Show how the jobs stand."""
        self._jobs = jobs
        self._show_placeholders(placeholders(jobs) if self._shown == Wish() else [])

    def set_preview(self, job_id: str, number: int, image: QImage) -> None:
        """How picture `number` (from 0) of the running job stands."""
        self._previewed, self._preview = (job_id, number), image
        self._placeholders_changed()

    def preview(self, placeholder: Placeholder) -> QImage:
        """A picture in work as far as it is seen; a null image for nothing yet."""
        running = placeholder.job.state is JobState.RUNNING
        return self._preview if running and placeholder.key == self._previewed else QImage()

    def _show_placeholders(self, wanted: list[Placeholder]) -> None:
        before, now = ([each.key for each in some] for some in (self._placeholders, wanted))
        if before == now:
            ran, self._placeholders = self.in_work(), wanted
            self._placeholders_changed()
            if ran != self.in_work():  # the next job begins, or the queue is paused
                self.listed.emit()
            return
        gone = set(before).difference(now)
        kept = [key for key in before if key not in gone]
        new = len(now) - len(kept)
        self.changing.emit()
        if kept != now[new:]:  # put in another order, or back among the others
            self.beginResetModel()
            self._placeholders = wanted
            self.endResetModel()
        else:
            for row in reversed(range(len(before))):
                if before[row] in gone:
                    self.beginRemoveRows(QModelIndex(), row, row)
                    del self._placeholders[row]
                    self.endRemoveRows()
            if new:
                self.beginInsertRows(QModelIndex(), 0, new - 1)
            self._placeholders = wanted
            if new:
                self.endInsertRows()
        self.listed.emit()

    def _placeholders_changed(self) -> None:
        if self._placeholders:
            self.dataChanged.emit(self.index(0), self.index(len(self._placeholders) - 1), [JOB_ROLE])

    def in_work(self) -> QModelIndex:
        """The tile of the picture that is generated now; an invalid index where none is."""
        last = len(self._placeholders) - 1
        running = last >= 0 and self._placeholders[last].job.state is JobState.RUNNING
        return self.index(last) if running else QModelIndex()

    def index_of_placeholder(self, placeholder: Placeholder | None) -> QModelIndex:
        """Where a picture to come is; an invalid index where it is not listed."""
        keys = [each.key for each in self._placeholders]
        return self.index(keys.index(placeholder.key)) if placeholder and placeholder.key in keys else QModelIndex()

    # -- inside

    def _take(self, wish: Wish, found: Found) -> None:
        before, self._favourites = self._favourites, found.favourites
        self._replace(wish, found.listing.without(self._hidden) if self._hidden else found.listing)
        if before != self._favourites:
            self._stars_changed(0, self.rowCount() - 1)

    def _replace(self, wish: Wish, listing: Listing) -> None:
        """Show another list, in one step; the view keeps what is selected and seen."""
        heads = placeholders(self._jobs) if wish == Wish() else []
        if wish != self._shown or listing != self._listing:
            self.changing.emit()
            self.beginResetModel()
            self._shown, self._listing, self._placeholders = wish, listing, heads
            self.endResetModel()
        self.listed.emit()
