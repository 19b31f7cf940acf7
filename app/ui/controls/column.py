"""A page of controls that scrolls."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.ui.controls.style.icons import paint_icon
from app.ui.controls.style.theme import colours

HINT = 18
"""Height of the hint that there is more below, in points."""


class Column(QScrollArea):
    """A page of controls that scrolls up and down; its scroll bar stands in the right margin. While there is more
    below, its lower end fades and shows an arrow.

    Args:
        ground: name of the colour that it stands on.
    """

    def __init__(self, page: QWidget, ground: str = "window") -> None:
        super().__init__()
        page.setProperty("role", "page")
        layout = page.layout()
        assert layout is not None
        self._layout = layout
        self._margins = layout.contentsMargins()
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more = _More(self.viewport(), ground)
        self.viewport().installEventFilter(self)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._show_hint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.viewport():
            self.more.setGeometry(0, self.viewport().height() - HINT, self.viewport().width(), HINT)
        return super().eventFilter(watched, event)

    def _range_changed(self, _low: int, high: int) -> None:
        taken = self.verticalScrollBar().sizeHint().width() if high > 0 else 0
        margins = self._margins
        right = max(0, margins.right() - taken)
        self._layout.setContentsMargins(margins.left(), margins.top(), right, margins.bottom())
        self._show_hint()

    def _show_hint(self) -> None:
        bar = self.verticalScrollBar()
        self.more.setVisible(bar.value() < bar.maximum() - self._margins.bottom())
        self.more.raise_()


class _More(QWidget):
    def __init__(self, parent: QWidget, ground: str) -> None:
        super().__init__(parent)
        self._ground = ground
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground, clear = colours().color(self._ground), colours().color(self._ground)
        clear.setAlpha(0)
        fade = QLinearGradient(0, 0, 0, self.height())
        fade.setColorAt(0, clear)
        fade.setColorAt(0.7, ground)
        painter.fillRect(self.rect(), fade)
        arrow = QRectF(self.width() / 2 - 9, self.height() - 17, 18, 18)
        paint_icon(painter, "chevron-down", colours().color("text"), arrow)
