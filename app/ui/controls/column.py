"""A page of controls that scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Column(QScrollArea):
    """A page of controls that scrolls up and down; its scroll bar stands in the right margin.

    Signals:
        overflowed(bool): whether there is more than fits.
    """

    overflowed = Signal(bool)

    def __init__(self, page: QWidget) -> None:
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
        self.verticalScrollBar().rangeChanged.connect(self._range_changed)

    def _range_changed(self, _low: int, high: int) -> None:
        taken = self.verticalScrollBar().sizeHint().width() if high > 0 else 0
        margins = self._margins
        right = max(0, margins.right() - taken)
        self._layout.setContentsMargins(margins.left(), margins.top(), right, margins.bottom())
        self.overflowed.emit(high > 0)
