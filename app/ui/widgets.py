"""Small building blocks that several panels share."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.core.capabilities import Range
from app.ui.icons import paint_icon
from app.ui.language import Words, follow_language, say, spoken
from app.ui.theme import RADIUS, colours


def label(words: Words = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's roles: caption, muted, danger, heading, title."""
    made = QLabel()
    say(made, words, made.setText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


class LinkLabel(QLabel):
    """A wrapped label with links to the web. Qt gives links their colour when the text is set, so it is set again when
    the colours change.
    """

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setOpenExternalLinks(True)
        self.setProperty("role", role)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.text():
            text = self.text()
            self.clear()
            self.setText(text)


class Told(LinkLabel):
    """A line on how something went or stands, in the window's language."""

    def __init__(self) -> None:
        super().__init__()
        self._words: Words = ""
        follow_language(self, self._say)

    def tell(self, words: Words, role: str) -> None:
        """Say this from now on, in this role of the style sheet."""
        self._words = words
        set_role(self, role)
        self._say()

    def _say(self) -> None:
        self.setText(spoken(self._words))


def buddy(words: Words, editor: QWidget, role: str = "") -> QLabel:
    """The caption of an editor."""
    made = label(words, role)
    made.setBuddy(editor)
    return made


def push_button(name: str, words: Words, act: Callable[[], object] | None = None) -> QPushButton:
    """A button that the mouse presses without taking the focus; a press does `act`. Return in a field of a dialog
    presses none.
    """
    made = QPushButton()
    made.setAutoDefault(False)
    say(made, words, made.setText)
    made.setObjectName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if act is not None:
        made.clicked.connect(lambda: act())
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role of the style sheet."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def focusable(widgets: list[QWidget]) -> list[QWidget]:
    """The widgets and all within them that Tab reaches, in order."""
    found = []
    for widget in widgets:
        for each in (widget, *widget.findChildren(QWidget)):
            inside = isinstance(each.parent(), QAbstractSpinBox | QComboBox)  # their editor has the focus by proxy
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus and not inside and each.window() is widget.window():
                found.append(each)
    return found


def line() -> QFrame:
    """A hairline between two areas."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


def paint_field(painter: QPainter, rect: QRectF, *, focus: bool, ground: QColor | None = None) -> None:
    """Draw the rounded ground and edge of a field, button or combo box."""
    scheme = colours()
    width = 2 if focus else 1
    inset = width / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(scheme.color("accent" if focus else "line"), width))
    painter.setBrush(ground or scheme.color("field"))
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)


class Field(QFrame):
    """A rounded frame around an editor and its buttons; it shows the focus of what is inside."""

    def __init__(self, *contents: QWidget) -> None:
        super().__init__()
        self.setFixedHeight(32)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 2, 3, 2)
        row.setSpacing(0)
        for index, widget in enumerate(contents):
            row.addWidget(widget, 1 if index == 0 else 0)
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        focus = any(isinstance(w, QAbstractSpinBox) and w.hasFocus() for w in self.findChildren(QWidget))
        paint_field(QPainter(self), QRectF(self.rect()), focus=focus)


class Slider(QSlider):
    """A horizontal slider. The wheel scrolls the panel, not the value."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SliderField(QWidget):
    """A caption, a number that can be typed and a slider beneath, kept in step."""

    valueChanged = Signal()

    def __init__(self, caption: Words, box: QSpinBox | QDoubleSpinBox) -> None:
        super().__init__()
        self.box = box
        self._step = 1.0
        box.setProperty("role", "inline")
        box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setFixedWidth(56)
        self.slider = Slider()
        say(self, caption, self.slider.setAccessibleName)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(buddy(caption, box))
        top.addStretch()
        top.addWidget(box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.slider)
        self.slider.valueChanged.connect(self._from_slider)
        box.valueChanged.connect(self._from_box)

    def set_range(self, limits: Range) -> None:
        """Limits and step of both; the value stays where it may."""
        self._step = step = limits.step
        self.slider.blockSignals(True)
        self.slider.setRange(round(limits.minimum / step), round(limits.maximum / step))
        self.slider.blockSignals(False)
        if isinstance(self.box, QDoubleSpinBox):
            self.box.setDecimals(1 if step >= 0.1 else 2)
            self.box.setRange(limits.minimum, limits.maximum)
            self.box.setSingleStep(step)
        else:
            self.box.setRange(int(limits.minimum), int(limits.maximum))
            self.box.setSingleStep(int(step))
        self._from_box()

    def _from_slider(self, position: int) -> None:
        value = position * self._step
        if isinstance(self.box, QDoubleSpinBox):
            self.box.setValue(value)
        else:
            self.box.setValue(round(value))

    def _from_box(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(self.box.value() / self._step))
        self.slider.blockSignals(False)
        self.valueChanged.emit()


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


class Disclosure(QWidget):
    """A line with a triangle that shows or hides what is under it."""

    def __init__(self, caption: Words, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self.button = QToolButton()
        say(self, caption, self.button.setText, self.button.setAccessibleName)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.NoArrow)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setStyleSheet("QToolButton { padding: 1px 4px 1px 12px; } QToolButton:hover { background: none; }")
        self.button.toggled.connect(self.set_open)
        self.button.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        content.setVisible(False)

    def set_open(self, is_open: bool) -> None:
        self.button.setChecked(is_open)
        self.content.setVisible(is_open)

    def is_open(self) -> bool:
        return self.button.isChecked()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.button.removeEventFilter(self)
            self.button.event(event)
            self.button.installEventFilter(self)
            name = "chevron-down" if self.is_open() else "chevron-right"
            middle = self.button.rect().center().y() + 0.5
            paint_icon(QPainter(self.button), name, colours().color("muted"), QRectF(-2, middle - 8, 16, 16))
            return True
        return super().eventFilter(watched, event)


class Segments(QWidget):
    """A segmented control: one of a few, side by side."""

    chosen = Signal(int)

    def __init__(self, captions: list[Words], name: Words) -> None:
        super().__init__()
        say(self, name, self.setAccessibleName)
        self.setFixedHeight(28)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for index, caption in enumerate(captions):
            button = _Segment(caption)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(lambda index, on: self.chosen.emit(index) if on else None)

    def value(self) -> int:
        return self._group.checkedId()

    def set_value(self, index: int) -> None:
        self._group.button(index).setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours().color("line"))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)


class _Segment(QAbstractButton):
    def __init__(self, caption: Words) -> None:
        super().__init__()
        say(self, caption, self.setText, self.setAccessibleName)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 24, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(scheme.color("raised"))
            painter.drawRoundedRect(rect, RADIUS - 2, RADIUS - 2)
        if self.hasFocus():
            painter.setPen(QPen(scheme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS - 2, RADIUS - 2)
        painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())
