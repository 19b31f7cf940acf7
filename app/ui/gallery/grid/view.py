"""The gallery: a grid of tiles that fills the width."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from app.ui.gallery.auto_selection import AutoSelection
from app.ui.gallery.files.dropping import drag_out
from app.ui.gallery.grid.delegate import GAP, GalleryDelegate, star_rect, tile
from app.ui.gallery.grid.hover import HoverPlay
from app.ui.gallery.grid.thumbnails import ThumbnailLoader
from app.ui.gallery.grid.view_state import ViewState
from app.ui.gallery.pictures.model import CLIP_ROLE, JOB_ROLE, PATH_ROLE, GalleryModel
from app.ui.gallery.pictures.placeholders import Placeholder
from app.ui.words.language import set_translated

MARGIN = 16
TILE, SMALLEST, LARGEST = 200, 80, 1200
"""Wanted width of a tile in points: at first, at least, at most."""


class GalleryView(QListView):
    """Shows a `GalleryModel`.

    Signals:
        opened(Path): the user wants to see this picture large.
        previewAsked: the user wants a quick look at the selected pictures.
        starred(Path): the user pressed a tile's star.
        menuAsked(QPoint): the user wants the menu of the selected pictures, at this place of the screen.
        picked: another tile is the current one, or more or fewer are selected.
    """

    opened = Signal(object)
    previewAsked = Signal()
    starred = Signal(object)
    menuAsked = Signal(QPoint)
    picked = Signal()

    def __init__(self, model: GalleryModel, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self.setObjectName("galleryView")
        set_translated(self, lambda: self.tr("Pictures"), self.setAccessibleName)
        self.setProperty("role", "gallery")
        self._wanted = TILE
        self._pressed_star: Path | None = None
        self._delegate = GalleryDelegate(thumbnails)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self._model = model
        self._thumbnails = thumbnails
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(40)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragEnabled(True)
        self.setMouseTracking(True)
        edge = MARGIN - GAP // 2
        self.setViewportMargins(edge, edge, 0, 0)
        self._redraw = QTimer(self, singleShot=True, interval=15)  # many thumbnails arrive: draw them together
        self._redraw.timeout.connect(self.viewport().update)
        thumbnails.loaded.connect(self._redraw.start)
        self.activated.connect(self._activated)
        self._rows: list[int] | None = None
        self._selected: list[Path] | None = None
        for change in (model.modelReset, model.rowsInserted, model.rowsRemoved, self.selectionModel().selectionChanged):
            change.connect(self._forget_rows)
        self.selectionModel().selectionChanged.connect(self.picked)
        self.selectionModel().currentChanged.connect(self.picked)
        self._view_state = ViewState(self, model)
        self.hover = HoverPlay(self, self._clip_at)
        self._delegate.playing = self.hover.image
        model.listed.connect(self.hover.look)
        self.auto_selection = AutoSelection(self, model)

    # -- the selection

    def selected(self) -> list[Path]:
        """The selected pictures, in the order shown."""
        if self._selected is None:
            self._selected = self._model.paths_at(self.selected_rows())
        return list(self._selected)

    def selected_rows(self) -> list[int]:
        """The rows of all that is selected, in order. Many ask for them, and there may be thousands."""
        if self._rows is None:
            selection = self.selectionModel().selection()
            parts = [selection.at(number) for number in range(selection.count())]
            self._rows = sorted(row for part in parts for row in range(part.top(), part.bottom() + 1))
        return self._rows

    def _forget_rows(self) -> None:
        self._rows = self._selected = None

    def current(self) -> Path | None:
        return self._path(self.currentIndex())

    def _path(self, index: QModelIndex) -> Path | None:
        path = index.data(PATH_ROLE)
        return path if isinstance(path, Path) else None

    def placeholder(self) -> Placeholder | None:
        """The picture in work whose tile is selected alone."""
        rows = self.selected_rows()
        placeholder = self._model.index(rows[0]).data(JOB_ROLE) if len(rows) == 1 else None
        return placeholder if isinstance(placeholder, Placeholder) else None

    def select(self, path: Path | None) -> None:
        """Make a picture the current one and bring it into sight."""
        index = self._model.index_of(path)
        if index.isValid():
            self.auto_selection.end()
            self.pick(index)

    def selectAll(self) -> None:
        self.auto_selection.end()
        super().selectAll()

    def pick(self, index: QModelIndex) -> None:
        """Make a tile the current one, select it alone and bring it into sight."""
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    # -- the size of the tiles

    def zoom(self, steps: int) -> None:
        """Fewer and larger tiles in a row for positive steps, more and smaller for negative."""
        width = self._width()
        columns = max(1, min(width // (SMALLEST + GAP), self._columns() - steps))
        self.set_tile_size(width // columns - GAP)

    def tile_size(self) -> int:
        """The wanted width of a tile, in points."""
        return self._wanted

    def set_tile_size(self, size: int) -> None:
        current = self.currentIndex()
        self._wanted = max(SMALLEST, min(LARGEST, size))
        self._fit_grid()
        if current.isValid():
            self.scrollTo(current)

    def _width(self) -> int:
        return min(self.viewport().width(), self.maximumViewportSize().width()) - 1

    def _columns(self) -> int:
        """How many tiles in a row come near the wanted size."""
        return max(1, int(self._width() / (self._wanted + GAP) + 0.7))

    def _fit_grid(self) -> None:
        """Let the tiles fill the width."""
        cell = max(48, self._width() // self._columns())
        if self.gridSize() != QSize(cell, cell):
            self._delegate.cell = QSize(cell, cell)
            self.setGridSize(QSize(cell, cell))

    def paintEvent(self, event: QPaintEvent) -> None:
        if event.rect() == self.viewport().rect():
            self._thumbnails.renew()  # what has been scrolled away need not be read
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_grid()
        super().resizeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    # -- mouse, keys, drags

    def _clip_at(self, place: QPoint) -> tuple[Path, QRectF] | None:
        """The clip whose tile is there."""
        index = self.indexAt(place)
        path = self._path(index) if index.data(CLIP_ROLE) else None
        return (path, tile(self.visualRect(index))) if path is not None else None

    def _star_at(self, event: QMouseEvent) -> Path | None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and star_rect(self.visualRect(index)).adjusted(-4, -4, 4, 4).contains(event.position()):
            return self._path(index)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_star = self._star_at(event) if event.button() == Qt.MouseButton.LeftButton else None
        if self._pressed_star is None:
            self.auto_selection.end()
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_star is None:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_star is None:
            super().mouseReleaseEvent(event)
        elif self._star_at(event) == self._pressed_star:
            self.starred.emit(self._pressed_star)
        self._pressed_star = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() != Qt.KeyboardModifier.NoModifier:
            where, there = event.position(), event.globalPosition()  # two quick changes of the selection open nothing
            press = QEvent.Type.MouseButtonPress
            self.mousePressEvent(QMouseEvent(press, where, there, event.button(), event.buttons(), event.modifiers()))
        elif self._star_at(event) is None:
            path = self._path(self.indexAt(event.position().toPoint()))
            if path is not None:
                self.opened.emit(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            path = self.current()
            if path is not None and event.key() != Qt.Key.Key_Space:
                self.opened.emit(path)
            elif path is not None and not event.isAutoRepeat():
                self.previewAsked.emit()
            return
        self.auto_selection.end()
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the selected pictures, among them the one under the mouse or, for the menu key, the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if self._path(index) is None:
            return
        if not self.selectionModel().isSelected(index):
            self.pick(index)
        self.setFocus()
        place = self.visualRect(index).center() if by_key else event.pos()
        self.menuAsked.emit(self.viewport().mapToGlobal(place))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rowCount():
            self.setCurrentIndex(self._model.index(0))

    def startDrag(self, actions: Qt.DropAction) -> None:
        paths = self.selected()
        if paths:
            inside = tile(self.visualRect(self._model.index_of(paths[0])))
            pixmap = self._thumbnails.get(paths[0], inside.size().toSize(), self.devicePixelRatioF())
            drag_out(self, paths, pixmap)

    def _activated(self, index: QModelIndex) -> None:
        path = self._path(index)
        if path is not None:
            self.opened.emit(path)
