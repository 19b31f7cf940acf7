"""The bar that tells what went wrong, or offers to undo, without stopping anybody."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from app.core.errors import UserError
from app.ui.controls.buttons import push_button
from app.ui.controls.style.icons import IconButton, paint_icon
from app.ui.controls.style.theme import RADIUS, colours
from app.ui.controls.text.labels import label
from app.ui.words.language import Text, on_language_change, set_translated, text_of
from app.ui.words.messages import translated
from app.ui.words.wording import MESSAGE_LENGTH, shortened

GAP = 12
"""Points between the bar and what is above it."""
NARROW = 420
"""Width in points below which the button goes under the words."""
SHORT_MS = 5_000
UNDO_MS = 10_000


class MessageBar(QFrame):
    """Shows one message at a time. An error stays until it is closed; a notice leaves by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("messageBar")
        set_translated(self, lambda: self.tr("Message"), self.setAccessibleName)
        self._error = False
        self._act: Callable[[], object] | None = None
        self._words: tuple[Text, Text, Text] = "", "", ""
        self.text = label("", "heading", wrap=True)
        self.text.setObjectName("messageText")
        self.remedy = label("", wrap=True)
        self.remedy.setObjectName("messageRemedy")
        for each in (self.text, self.remedy):
            each.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            each.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.action = push_button("messageAction", "")
        self.action.clicked.connect(self._pressed)
        self._close = IconButton("close", lambda: self.tr("Close this message"), side=16)
        self._close.clicked.connect(self.dismiss)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.text)
        words.addWidget(self.remedy)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(10)
        self._body.addLayout(words, 1)
        self._body.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(42, GAP + 9, 8, 9)
        row.setSpacing(10)
        row.addLayout(self._body, 1)
        row.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.dismiss)
        on_language_change(self, self._retranslate)
        self.hide()

    def show_error(self, error: UserError, action: Text = "", act: Callable[[], object] | None = None) -> None:
        """Tell what is wrong and what to do; with a button where there is something to press."""
        self._show(lambda: translated(error.message), lambda: translated(error.remedy), action, act, error=True)

    def show_notice(
        self, text: Text, action: Text = "", act: Callable[[], object] | None = None, *, stay: bool = False
    ) -> None:
        """Tell something that needs no answer, perhaps with a button such as Undo. It leaves, unless `stay`."""
        self._show(text, "", action, act, error=False)
        if not stay:
            self._timer.start(UNDO_MS if act else SHORT_MS)

    def dismiss(self) -> None:
        self._timer.stop()
        self._act = None
        self.hide()

    def _show(self, text: Text, remedy: Text, action: Text, act: Callable[[], object] | None, *, error: bool) -> None:
        self._timer.stop()
        self._error = error
        self._act = act
        self._words = text, remedy, action
        self._retranslate()
        self.action.setVisible(act is not None)
        self.show()
        self.update()

    def _retranslate(self) -> None:
        text, remedy, action = (shortened(text_of(words), MESSAGE_LENGTH) for words in self._words)
        self.text.setText(text)
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy))
        self.action.setText(action)
        self.setAccessibleDescription(f"{text} {remedy}".strip())

    def _pressed(self) -> None:
        act = self._act
        self.dismiss()
        if act is not None:
            act()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the button stands below the words instead of squeezing them."""
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._body.setDirection(below if self.width() < NARROW else beside)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, GAP + 0.5, -0.5, -0.5)
        painter.setPen(QPen(scheme.color("danger" if self._error else "line"), 1))
        painter.setBrush(scheme.color("danger_ground" if self._error else "raised"))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
        name, colour = ("warning", "danger") if self._error else ("info", "muted")
        paint_icon(painter, name, scheme.color(colour), QRectF(12, rect.center().y() - 10, 20, 20))
