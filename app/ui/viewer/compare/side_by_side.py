"""Two to four pictures side by side over the whole window, seen at the same place, with what differs beneath them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.library.pictures import images
from app.library.pictures.images import Picture
from app.ui.background import Background
from app.ui.controls.style.icons import IconButton
from app.ui.controls.style.theme import colours
from app.ui.controls.text.labels import label
from app.ui.gallery.inspector.facts import FactRow, differences
from app.ui.gallery.inspector.inspector import COMPARED
from app.ui.viewer.compare.pane import ComparePane
from app.ui.viewer.cover import Cover
from app.ui.viewer.reading import read
from app.ui.viewer.view import View
from app.ui.words.language import on_language_change, set_translated

STEP = 0.1
"""How far an arrow key pans, as a share of what is seen."""
_ARROWS = {
    Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip
_KEYS = (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_1, *_ARROWS)


class SideBySide(QWidget):
    """Esc, Space and a button close it; + - 0 1 and the wheel zoom, arrow keys and a drag pan: all pictures together.

    Signals:
        closed: the pictures are no longer compared.
    """

    closed = Signal()

    def __init__(self, parent: QMainWindow, background: Background, backend_name: Callable[[str], str]) -> None:
        super().__init__(parent)
        self.setObjectName("compareSideBySide")
        set_translated(self, lambda: self.tr("Compare pictures"), self.setAccessibleName)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._cover = Cover(self, parent)
        self._background = background
        self._backend_name = backend_name
        self._pictures: list[Picture] = []
        self._opened = 0
        self._lead = View(self)  # of the picture that the user has moved; the others follow
        self.panes: list[ComparePane] = []
        self._note = label("", "muted")
        self.close_button = IconButton("close", lambda: self.tr("Close"), side=20)
        self.close_button.setObjectName("closeCompareButton")
        self.close_button.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.addWidget(self._note)
        head.addStretch()
        head.addWidget(self.close_button)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 8, 12)
        column.addLayout(head)
        column.addLayout(self._grid, 1)
        on_language_change(self, self._describe)
        self.hide()

    def open(self, paths: Sequence[Path]) -> None:
        """Compare these pictures, as many as there is room for."""
        self._clear()
        self._opened += 1
        number, wanted = self._opened, list(paths[:COMPARED])
        columns = len(wanted) if len(wanted) < COMPARED else 2
        for place, path in enumerate(wanted):
            pane = ComparePane(path)
            pane.moved.connect(partial(self._lead_with, pane))
            pane.resetAsked.connect(partial(self._toggle, pane))
            self._grid.addWidget(pane, place // columns, place % columns)
            self.panes.append(pane)
            self._background.run(partial(read, path), self._taking(number, pane), partial(self._failed, pane))
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 1 if row * columns < len(wanted) else 0)
        for each in range(self._grid.columnCount()):
            self._grid.setColumnStretch(each, 1 if each < columns else 0)
        self._lead_with(self.panes[0])
        self._background.run(lambda: _read(wanted), lambda pictures: self._known(number, pictures))
        self._cover.show()
        self.setFocus()

    def dismiss(self) -> None:
        """Close it, if it is open."""
        if self.isHidden():
            return
        self.hide()
        self._clear()
        self.closed.emit()

    def _lead_with(self, pane: ComparePane) -> None:
        """Show the same part of all pictures as of this one."""
        self._lead = pane.canvas.view
        self._follow()

    def _follow(self) -> None:
        for pane in self.panes:
            pane.canvas.follow(self._lead)
        self._describe_zoom()

    def _clear(self) -> None:
        for pane in self.panes:
            self._grid.removeWidget(pane)
            pane.hide()
            pane.deleteLater()
        self.panes, self._pictures = [], []

    def _taking(self, number: int, pane: ComparePane) -> Callable[[QImage], None]:
        def take(image: QImage) -> None:
            if number == self._opened and pane in self.panes:
                pane.show_image(image)
                self._follow()

        return take

    def _failed(self, pane: ComparePane, error: UserError) -> None:
        """In its place it is seen; a message would be beneath this."""
        if pane in self.panes:
            pane.show_problem(error.text)

    def _known(self, number: int, pictures: list[Picture]) -> None:
        if number == self._opened:
            self._pictures = pictures
            self._describe()

    def _describe(self) -> None:
        found = differences(self._pictures, self._backend_name)
        rows: dict[Path, list[FactRow]] = {
            picture.path: each for picture, each in zip(self._pictures, found, strict=True)
        }
        for pane in self.panes:
            if pane.path in rows and len(rows) > 1:
                pane.show_differences(rows[pane.path], self.tr("The same settings"))
        self._level()
        self._describe_zoom()

    def _level(self) -> None:
        """Give the pictures equal room, however much there is to say of each."""
        captions = [pane.caption for pane in self.panes]
        height = max((each.heightForWidth(max(1, each.width())) for each in captions if each.text()), default=0)
        for each in captions:
            each.setMinimumHeight(height)

    def _describe_zoom(self) -> None:
        if self.panes:
            self._note.setText(self.tr("{n} %").format(n=round(100 * self._first().canvas.view.zoom)))

    def _first(self) -> ComparePane:
        """The first picture that can be seen; the first one where none can yet."""
        return next((pane for pane in self.panes if not pane.canvas.view.bounds.isEmpty()), self.panes[0])

    def _toggle(self, pane: ComparePane) -> None:
        """Between all of it and its own pixels."""
        view = pane.canvas.view
        if view.fits:
            view.set_zoom(1.0)
        else:
            view.fit()
        self._lead_with(pane)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colours().color("viewer"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._level)  # once the captions have their widths
        QTimer.singleShot(0, self, self._follow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Space) or event.matches(QKeySequence.StandardKey.Close):
            self.dismiss()
        elif self.panes and self._moves(Qt.Key(key)):
            self._lead_with(self._first())
        else:
            super().keyPressEvent(event)

    def _moves(self, key: Qt.Key) -> bool:
        """Zoom or pan the first picture by a key, if it is one for that."""
        view = self._first().canvas.view
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            view.set_zoom(view.zoom * (1 / 1.5 if key == Qt.Key.Key_Minus else 1.5))
        elif key == Qt.Key.Key_0:
            view.fit()
        elif key == Qt.Key.Key_1:
            view.set_zoom(1.0)
        elif key in _ARROWS:
            x, y = _ARROWS[key]
            view.pan(QPointF(x * STEP * view.area.width(), y * STEP * view.area.height()))
        return key in _KEYS

    def focusNextPrevChild(self, forward: bool) -> bool:
        """What is underneath is out of reach."""
        (self if self.close_button.hasFocus() else self.close_button).setFocus(Qt.FocusReason.TabFocusReason)
        return True


def _read(paths: Sequence[Path]) -> list[Picture]:
    """What the pictures say of themselves, without those that are gone."""
    found = []
    for path in paths:
        with contextlib.suppress(UserError):
            found.append(images.read(path))
    return found
