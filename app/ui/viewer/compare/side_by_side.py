"""Two to four pictures side by side over the whole window, seen at the same place, with what differs beneath them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
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
from app.ui.viewer.compare.look import Look
from app.ui.viewer.compare.pane import ComparePane
from app.ui.viewer.reading import read
from app.ui.words.language import on_language_change, set_translated

FEWEST, MOST = 2, COMPARED
"""So many pictures are compared."""
STEP = 0.1
"""How far an arrow key pans, as a share of what is seen."""
_ARROWS = {
    Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class SideBySide(QWidget):
    """Esc, Space and a button close it; + - 0 1 and the wheel zoom, arrow keys and a drag pan: all pictures together.

    Signals:
        closed: the pictures are no longer compared.
        problem(UserError): a picture cannot be shown.
    """

    closed = Signal()
    problem = Signal(object)

    def __init__(self, parent: QMainWindow, background: Background, backend_name: Callable[[str], str]) -> None:
        super().__init__(parent)
        self.setObjectName("compareSideBySide")
        set_translated(self, lambda: self.tr("Compare pictures"), self.setAccessibleName)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._window = parent
        self._background = background
        self._backend_name = backend_name
        self._pictures: list[Picture] = []
        self._opened = 0
        self.look = Look()
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
        parent.installEventFilter(self)
        on_language_change(self, self._describe)
        self.hide()

    def open(self, paths: Sequence[Path]) -> None:
        """Compare these pictures, as many as there is room for."""
        self._clear()
        self._opened += 1
        number, wanted = self._opened, list(paths[:MOST])
        columns = len(wanted) if len(wanted) < MOST else 2
        for place, path in enumerate(wanted):
            pane = ComparePane(path)
            pane.lookAsked.connect(self.set_look)
            pane.resetAsked.connect(self._toggle)
            self._grid.addWidget(pane, place // columns, place % columns)
            self.panes.append(pane)
            self._background.run(partial(read, path), self._taking(number, pane), self._failed)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 1 if row * columns < len(wanted) else 0)
        for each in range(self._grid.columnCount()):
            self._grid.setColumnStretch(each, 1 if each < columns else 0)
        self.set_look(Look())
        self._background.run(lambda: _read(wanted), lambda pictures: self._known(number, pictures))
        self._cover()
        self.show()
        self.raise_()
        self.setFocus()

    def dismiss(self) -> None:
        """Close it, if it is open."""
        if self.isHidden():
            return
        self.hide()
        self._clear()
        self.closed.emit()

    def set_look(self, look: Look) -> None:
        """Show the same part of all pictures."""
        self.look = look
        for pane in self.panes:
            pane.canvas.look(look)
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
                self._describe_zoom()

        return take

    def _failed(self, error: UserError) -> None:
        self.problem.emit(error)

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
            if pane.path in rows:
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
            scale = self.panes[0].canvas.scale()
            self._note.setText(self.tr("{n} %").format(n=round(100 * scale * self.look.zoom)))

    def _toggle(self) -> None:
        """Between all of it and its own pixels."""
        self.set_look(self._actual() if self.look.zoom == 1 else Look())

    def _actual(self) -> Look:
        """The first picture's pixels on those of the screen."""
        scale = self.panes[0].canvas.scale() if self.panes else 1.0
        return self.look.zoomed(1 / (scale * self.look.zoom))

    def _cover(self) -> None:
        bar = self._window.menuBar()
        top = 0 if bar.isNativeMenuBar() or bar.isHidden() else bar.height()
        self.setGeometry(self._window.rect().adjusted(0, top, 0, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colours().color("viewer"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._level)  # once the captions have their widths

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Space) or event.matches(QKeySequence.StandardKey.Close):
            self.dismiss()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.set_look(self.look.zoomed(1 / 1.5 if key == Qt.Key.Key_Minus else 1.5))
        elif key == Qt.Key.Key_0:
            self.set_look(Look())
        elif key == Qt.Key.Key_1:
            self.set_look(self._actual())
        elif key in _ARROWS:
            x, y = _ARROWS[Qt.Key(key)]
            self.set_look(self.look.panned(x * STEP / self.look.zoom, y * STEP / self.look.zoom))
        else:
            super().keyPressEvent(event)

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
