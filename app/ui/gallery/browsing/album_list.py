"""All pictures, the favourites and the albums, one under the other. Pictures are dragged onto them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPen,
)  # fmt: skip
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)  # fmt: skip

from app.ui.controls.style.icons import paint_icon
from app.ui.controls.style.theme import RADIUS, colours
from app.ui.words.language import on_language_change, set_translated

NAME_ROLE = Qt.ItemDataRole.UserRole + 1
"""An album's name; empty for the two rows above them."""
ALL, FAVOURITES = 0, 1
"""Rows."""


class AlbumList(QListWidget):
    """The keyboard chooses with the arrows, F2 renames an album and Delete deletes it.

    Signals:
        chosen(str, bool): show this album, or all pictures where it is empty; of those only the favourites where the
            second is true.
        dropped(str, bool, list[Path]): pictures were let go on an album, on the favourites, or on the room beneath,
            where the album has no name yet.
        renameAsked(str, str): call an album otherwise.
        deleteAsked(str): forget an album.
        createAsked: make an album.
    """

    chosen = Signal(str, bool)
    dropped = Signal(str, bool, object)
    renameAsked = Signal(str, str)
    deleteAsked = Signal(str)
    createAsked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("albumList")
        self.setProperty("role", "sidebar")
        set_translated(self, lambda: self.tr("Albums"), self.setAccessibleName)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_Row(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )  # fmt: skip
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.folder: Path | None = None
        self.target: QListWidgetItem | None = None  # what a drag is over
        self._filling = False
        self.currentItemChanged.connect(self._choose)
        self.itemChanged.connect(self._renamed)
        self.show_albums([])
        on_language_change(self, self._name_fixed)

    def show_albums(self, names: Sequence[str], current: str | None = None) -> None:
        """List these albums; `current` is chosen, else what was."""
        wanted = self._name(self.currentItem()) if current is None else current
        row = self.currentRow() if not wanted else -1
        self._filling = True
        self.clear()
        for name in ("", "", *names):
            item = QListWidgetItem(name)
            item.setData(NAME_ROLE, name)
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
            item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if name else flags)
            item.setToolTip(name)
            self.addItem(item)
            if wanted and name == wanted:
                row = self.count() - 1
        self.setCurrentRow(row if row in (ALL, FAVOURITES) or self._name(self.item(row)) else ALL)
        self._filling = False
        self._name_fixed()
        if wanted and self._name(self.currentItem()) != wanted:
            self._choose(self.currentItem())

    def show_choice(self, album: str, favourites: bool) -> None:
        """What is shown was chosen elsewhere."""
        names = [self._name(self.item(row)) for row in range(self.count())]
        self._filling = True
        self.setCurrentRow(names.index(album) if album in names[2:] else (FAVOURITES if favourites else ALL))
        self._filling = False

    def edit_name(self, album: str) -> None:
        """Let the user type another name for an album."""
        for row in range(FAVOURITES + 1, self.count()):
            if self._name(self.item(row)) == album:
                self.scrollToItem(self.item(row))
                self.editItem(self.item(row))

    def _name_fixed(self) -> None:
        self._filling = True
        self.item(ALL).setText(self.tr("All pictures"))
        self.item(FAVOURITES).setText(self.tr("Favourites"))
        self._filling = False

    @staticmethod
    def _name(item: QListWidgetItem | None) -> str:
        return "" if item is None else str(item.data(NAME_ROLE) or "")

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling:
            self.chosen.emit(self._name(item), self.row(item) == FAVOURITES)

    def _renamed(self, item: QListWidgetItem) -> None:
        album = self._name(item)
        if album and not self._filling and item.text() != album:
            self.renameAsked.emit(album, item.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        album = self._name(self.currentItem())
        if album and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deleteAsked.emit(album)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if by_key else self.itemAt(event.pos())
        album = self._name(item)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("New Album"), self.createAsked.emit)
        if album:
            menu.addAction(self.tr("Rename"), lambda: self.edit_name(album))
            menu.addAction(self.tr("Delete Album"), lambda: self.deleteAsked.emit(album))
        menu.popup(self.visualItemRect(item).center() if by_key and item else event.globalPos())

    # -- pictures that are dragged

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent | QDragEnterEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        takes = bool(self._pictures(event)) and (item is None or self.row(item) != ALL)
        self._show_target(item if takes else None)
        if takes:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_target(None)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_target(None)
        item = self.itemAt(event.position().toPoint())
        paths = self._pictures(event)
        if not paths or (item is not None and self.row(item) == ALL):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(self._name(item), item is not None and self.row(item) == FAVOURITES, paths)

    def _pictures(self, event: QDropEvent) -> list[Path]:
        """The gallery's own pictures among what is dragged."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        return [path for path in paths if self.folder is not None and path.is_relative_to(self.folder)]

    def _show_target(self, item: QListWidgetItem | None) -> None:
        if item is not self.target:
            self.target = item
            self.viewport().update()


class _Row(QStyledItemDelegate):
    """One row: an icon and a name; the one that is shown has the colour of what is chosen."""

    def __init__(self, albums: AlbumList) -> None:
        super().__init__(albums)
        self._albums = albums

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        scheme, rect = colours(), QRectF(option.rect).adjusted(6, 1, -6, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        item = self._albums.item(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setBrush(scheme.color("fill"))
            painter.drawRoundedRect(rect, RADIUS - 1, RADIUS - 1)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(scheme.color("pressed"))
            painter.drawRoundedRect(rect, RADIUS - 1, RADIUS - 1)
        if item is self._albums.target or (chosen and self._albums.hasFocus()):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(scheme.color("text" if chosen else "accent"), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
        ink = QColor("#ffffff") if chosen else scheme.color("text")
        name = {ALL: "picture", FAVOURITES: "star"}.get(index.row(), "album")
        paint_icon(painter, name, ink if chosen else scheme.color("muted"), QRectF(rect.x() + 7, rect.y() + 6, 16, 16))
        painter.setPen(ink)
        room = rect.adjusted(29, 0, -6, 0)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, 30)
