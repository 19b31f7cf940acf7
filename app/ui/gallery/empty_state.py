"""What stands in place of an empty gallery, and says what to do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.controls.column import Column
from app.ui.controls.style.icons import paint_icon
from app.ui.controls.style.theme import colours
from app.ui.controls.text.labels import label
from app.ui.words.language import set_translated

MARGIN = 16
WIDTH = 440
WIDE = 560
FEW = 2
"""How wide it is, and how many examples there are, with the ways to make pictures."""


class EmptyState(QWidget):
    """Either the welcome with a few examples to press, or why nothing is listed and the way back.

    Signals:
        exampleChosen(str): the user pressed an example prompt.
        actionChosen: the user pressed the button.
    """

    exampleChosen = Signal(str)
    actionChosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_translated(self, lambda: self.tr("No pictures"), self.setAccessibleName)
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = _Icon()
        self.title = label("", "title", wrap=True)
        self.text = label("", "muted", wrap=True)
        for each in (self.title, self.text):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.actionChosen)
        self._made: dict[str, QPushButton] = {}  # by prompt
        self.examples = QWidget()
        self._chips = QVBoxLayout(self.examples)
        self._chips.setContentsMargins(0, 0, 0, 0)
        self._chips.setSpacing(8)
        self._prompts: list[str] = []
        self._ways: QWidget | None = None
        self._inner = QWidget()
        self._inner.setMaximumWidth(WIDTH)
        self._column = column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addSpacing(10)
        column.addWidget(self.examples)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(self._inner, 100)
        middle.addStretch()
        content = QWidget()
        around = QVBoxLayout(content)
        around.setContentsMargins(MARGIN, 24, MARGIN, 24)
        around.addStretch(2)
        around.addLayout(middle)
        around.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Column(content, ground="canvas"))

    def show_ways(self, ways: QWidget | None) -> None:
        """Show the ways to make pictures under the welcome, the examples among them; None for the examples alone."""
        place = self._column.indexOf(self.button)
        if self._ways is not None:
            self._column.insertWidget(place, self.examples)
            self._ways.hide()
            self._ways.deleteLater()
        self._ways = ways
        if ways is not None:
            self._column.insertWidget(place, ways)
        self.show_welcome(self._prompts)

    def show_welcome(self, examples: list[str]) -> None:
        """For the first start: what to do, and examples of what the model can make."""
        self._prompts = examples
        self._icon.set_name("picture")
        self._make_room(self._ways)
        self.title.setText(self.tr("What would you like to see?"))
        if self._ways is not None:
            self.text.setText(self.tr("Describe it on the left and press Generate. Three ways to begin:"))
        elif examples:
            self.text.setText(self.tr("Describe it on the left and press Generate, or try one of these:"))
        else:
            self.text.setText(self.tr("Describe it on the left and press Generate."))
        self._set_chips(examples if self._ways is None else examples[:FEW])
        self.button.hide()

    def show_nothing_found(self, title: str, text: str, action: str) -> None:
        """For a search or a filter that leaves nothing."""
        self._icon.set_name("search")
        self._make_room(None)
        self.title.setText(title)
        self.text.setText(text)
        self._set_chips([])
        self.button.setText(action)
        self.button.show()

    def _make_room(self, ways: QWidget | None) -> None:
        """The ways to make pictures need all of it."""
        if self._ways is not None:
            self._ways.setVisible(ways is not None)
        self._icon.setVisible(ways is None)
        self._inner.setMaximumWidth(WIDTH if ways is None else WIDE)

    def _set_chips(self, prompts: list[str]) -> None:
        for prompt in prompts:
            if prompt not in self._made:
                self._add_chip(prompt)
        for prompt, chip in self._made.items():
            chip.setVisible(prompt in prompts)

    def _add_chip(self, prompt: str) -> None:
        chip = _Chip(prompt)
        set_translated(chip, lambda: self.tr("Example: {prompt}").format(prompt=prompt), chip.setAccessibleName)
        chip.clicked.connect(lambda: self.exampleChosen.emit(prompt))
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(chip, 100)
        row.addStretch()
        self._chips.addLayout(row)
        self._made[prompt] = chip


class _Chip(QPushButton):
    """A button that shortens its text where there is little room."""

    def __init__(self, prompt: str) -> None:
        super().__init__(prompt)
        self._prompt = prompt
        self.setProperty("role", "chip")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(prompt)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange):  # with the style sheet's font and margins
            self.setText(self._prompt)
            self.setMaximumWidth(super().sizeHint().width())
        return done

    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.width() - 30
        self.setText(self.fontMetrics().elidedText(self._prompt, Qt.TextElideMode.ElideRight, room))


class _Icon(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(56, 56)
        self._name = "picture"

    def set_name(self, name: str) -> None:
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self._name, colours().color("faint"), QRectF(self.rect()))
