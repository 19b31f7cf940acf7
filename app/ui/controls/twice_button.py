"""A button for what cannot be undone: it asks once more, in its own place."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton

from app.ui.words.language import Text, on_language_change, text_of

PATIENCE_MS = 4000


class TwiceButton(QPushButton):
    """The first press turns its words into a question; a second one within some seconds confirms.

    Signals:
        confirmed: it was pressed twice.
    """

    confirmed = Signal()

    def __init__(self, text: Text, question: Text) -> None:
        super().__init__()
        self._text = text
        self._question = question
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(self._retranslate)
        self.clicked.connect(self._pressed)
        self._retranslate()
        on_language_change(self, self._retranslate)

    def _pressed(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._retranslate()
            self.confirmed.emit()
        else:
            self._timer.start()
            self._retranslate()

    def _retranslate(self) -> None:
        self.setText(text_of(self._question if self._timer.isActive() else self._text))
