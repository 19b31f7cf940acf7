"""The gallery's pictures as a list model; at its head, where all are listed, the ones to come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.engine.jobs import Job, JobState
from app.library.pictures.gallery import Gallery
from app.library.pictures.index.query import Query, Sort
from app.library.pictures.index.rows import Entry
from app.ui.background import Background
from app.ui.gallery.pictures.listing import Listing
from app.ui.gallery.pictures.placeholders import Placeholder, placeholders
from app.ui.gallery.pictures.searches import Searches
from app.ui.words import wording

PATH_ROLE = Qt.ItemDataRole.UserRole + 1
JOB_ROLE = Qt.ItemDataRole.UserRole + 2
"""The `Placeholder` of a picture in work."""
FAVOURITE_ROLE = Qt.ItemDataRole.UserRole + 3
RATING_ROLE = Qt.ItemDataRole.UserRole + 4
CLIP_ROLE = Qt.ItemDataRole.UserRole + 5
"""Of a clip its `Entry`, which says how long it is; None for a picture."""
AT_ONCE = 1_000
"""So many pictures show new marks at once; of more, the rest follows when the index has them."""

_IN_WORK = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_PICTURE = _IN_WORK | Qt.ItemFlag.ItemIsDragEnabled

Index = QModelIndex | QPersistentModelIndex


class GalleryModel(QAbstractListModel):
    """What the gallery shows: the pictures that match the search and the filter.

    Attributes:
        wish: what is to be listed; `search` changes it.

    Signals:
        changing: the list is about to change.
        listed: the list may have changed.
        marksChanged: pictures got a star or a rating, or lost it.
        problem(UserError): the gallery could not do something.
    """

    changing = Signal()
    listed = Signal()
    marksChanged = Signal()
    problem = Signal(object)

    def __init__(self, gallery: Gallery, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._background = background
        self._listing = Listing(gallery)
        self._hidden: dict[Path, int] = {}
        self._jobs: Sequence[Job] = ()
        self._placeholders: list[Placeholder] = []
        self._previewed: tuple[str, int] | None = None
        self._preview = QImage()
        self._searches = Searches(gallery, background, self.problem.emit)
        self.wish = self._shown = Query(nested=gallery.nested)
        self._unreadable = False
        self._saving = 0

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
        return self._of_picture(row, role)

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

    def _of_picture(self, row: int, role: int) -> Any:
        place = row - len(self._placeholders)
        if role == PATH_ROLE:
            return self._listing.at(place)
        entry = self._listing.entry(place)
        if entry is None:
            return None
        match role:
            case _ if role == FAVOURITE_ROLE:
                return entry.favourite
            case _ if role == RATING_ROLE:
                return entry.rating
            case _ if role == CLIP_ROLE:
                return entry if entry.frames else None
            case Qt.ItemDataRole.AccessibleTextRole:
                marks = [wording.clip_length(entry.frames, entry.fps)] if entry.frames else []
                marks += [wording.tr("favourite")] if entry.favourite else []
                marks += [wording.stars(entry.rating)] if entry.rating else []
                return wording.tile(entry.prompt or Path(entry.name).stem, entry.seed, wording.listed(marks))
            case Qt.ItemDataRole.ToolTipRole:
                return wording.tip(entry.prompt or Path(entry.name).name)
        return None

    # -- what is listed

    @property
    def pictures(self) -> int:
        """How many pictures are listed, without those to come."""
        return len(self._listing)

    @property
    def clips(self) -> int:
        """How many of them are clips."""
        return self._listing.clips()

    def load(self) -> None:
        """List the pictures now. Once, before the window is shown."""
        try:
            self._take(self.wish, self._searches.look_up(self.wish))
        except UserError as error:
            self.problem.emit(error)

    def search(self, **changes: Any) -> None:
        """List again in the background, with another text, album, order or whatever else a `Query` has."""
        self.wish = replace(self.wish, **changes, nested=self._gallery.nested)
        self._searches.start(self.wish, self._take)

    def set_order(self, sort: Sort, descending: bool) -> None:
        """In which order `load` lists the pictures."""
        self.wish = replace(self.wish, sort=sort, descending=descending)

    @property
    def shown(self) -> Query:
        """What is listed now; a search that is under way is not listed yet."""
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

    def look_for_folders(self, then: Callable[[list[Path]], None]) -> None:
        """Look in the background which folders hold the pictures."""
        self._background.run(self._gallery.folders, then)

    def add(self, path: Path) -> None:
        """Show a picture that has just been generated."""
        if path in self._listing:
            return
        each = self._gallery.ids([path]).get(path)
        if each is None or not (self._shown == self.wish and self.wish.lists_all and self.wish.is_newest_first):
            self.search()
            return
        self.changing.emit()
        row = len(self._placeholders)
        self.beginInsertRows(QModelIndex(), row, row)
        self._listing.add(each)
        self.endInsertRows()
        self.listed.emit()

    def hide(self, paths: Collection[Path]) -> None:
        """List these no more, also if a search finds them, until `unhide`: they are being deleted."""
        self._hidden.update(self._gallery.ids(paths))
        self._replace(self._shown, self._listing.without(set(self._hidden.values())))

    def unhide(self, paths: Collection[Path]) -> None:
        """The files have gone, or stay; a search lists those that stay."""
        for path in paths:
            self._hidden.pop(path, None)

    def path_at(self, row: int) -> Path | None:
        return self._listing.at(row - len(self._placeholders))

    def paths_at(self, rows: Iterable[int]) -> list[Path]:
        """The pictures in many rows; those to come have none."""
        return self._listing.paths(row - len(self._placeholders) for row in rows)

    def rows_of(self, paths: Collection[Path]) -> list[int]:
        """The rows of those of the pictures that are listed, in order."""
        return sorted(place + len(self._placeholders) for place in self._listing.places(paths).values())

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

    # -- marks

    def set_favourite(self, paths: Collection[Path], favourite: bool) -> None:
        """Give or take the star."""
        paths = list(paths)
        self._mark(paths, lambda path, entry: entry._replace(favourite=favourite))
        self._background.run(
            lambda: self._gallery.set_favourites(paths, favourite), lambda _: self._marked(), self._not_marked
        )  # fmt: skip

    def toggle_favourite(self, path: Path) -> None:
        self.set_favourite([path], not self.is_favourite(path))

    def is_favourite(self, path: Path) -> bool:
        entry = self._listing.of(path)
        return entry is not None and entry.favourite

    def is_clip(self, path: Path) -> bool:
        entry = self._listing.of(path)
        return entry is not None and entry.frames > 0

    def clips_among(self, paths: Collection[Path]) -> set[Path]:
        """Those of some pictures that are clips."""
        return self._listing.clips_among(paths)

    def set_ratings(self, ratings: Mapping[Path, int]) -> None:
        """Rate pictures from 1 to 5; 0 takes the rating away."""
        ratings = dict(ratings)
        self._mark(list(ratings), lambda path, entry: entry._replace(rating=ratings[path]))
        self._background.run(
            lambda: self._gallery.set_ratings(ratings), lambda _: self._marked(), self._not_marked
        )  # fmt: skip

    def rating(self, path: Path) -> int:
        """1 to 5; 0 for none."""
        entry = self._listing.of(path)
        return 0 if entry is None else entry.rating

    def _mark(self, paths: Sequence[Path], change: Callable[[Path, Entry], Entry]) -> None:
        """Show new marks at once; they are saved in the background."""
        self._saving += 1
        for path in paths[:AT_ONCE]:
            entry = self._listing.of(path)
            if entry is not None:
                self._listing.change(path, change(path, entry))
        self._show_marks()

    def _marked(self) -> None:
        """The index knows the new marks, which may change what is listed, and where. While further ones are saved,
        it does not know all that is shown.
        """
        self._saving -= 1
        if self._saving:
            return
        self._listing.forget()
        self._show_marks()
        if self.wish.filters.min_rating or self.wish.sort is Sort.RATING:
            self.search()

    def _not_marked(self, error: UserError) -> None:
        self._saving -= 1
        self._listing.forget()
        self._show_marks()
        self.problem.emit(error)

    def _show_marks(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1), [FAVOURITE_ROLE, RATING_ROLE])
        self.marksChanged.emit()

    # -- the pictures to come

    def set_jobs(self, jobs: Sequence[Job]) -> None:
        """Show how the jobs stand."""
        self._jobs = jobs
        self._show_placeholders(self._heads(self._shown))

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

    def _take(self, wish: Query, listing: Listing) -> None:
        self._replace(wish, listing.without(set(self._hidden.values())) if self._hidden else listing)
        self._show_marks()

    def _heads(self, wish: Query) -> list[Placeholder]:
        return placeholders(self._jobs) if wish.lists_all else []

    def _replace(self, wish: Query, listing: Listing) -> None:
        """Show another list, in one step; the view keeps what is selected and seen."""
        if wish != self._shown or listing != self._listing:
            self.changing.emit()
            self.beginResetModel()
            self._shown, self._listing, self._placeholders = wish, listing, self._heads(wish)
            self.endResetModel()
        else:
            self._listing = listing
        self.listed.emit()
