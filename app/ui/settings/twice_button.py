"""A button for what cannot be undone: it asks once more, in its own place."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton

PATIENCE_MS = 4000


class TwiceButton(QPushButton):
    """The first press turns its words into a question; a second one within some seconds confirms.

    Signals:
        confirmed: it was pressed twice.
    """

    confirmed = Signal()

    def __init__(self, text: str, question: str) -> None:
        super().__init__(text)
        self._text = text
        self._question = question
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(lambda: self.setText(self._text))
        self.clicked.connect(self._pressed)

    def _pressed(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.setText(self._text)
            self.confirmed.emit()
        else:
            self.setText(self._question)
            self._timer.start()
