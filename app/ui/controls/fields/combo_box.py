"""A combo box with headings, and with a status dot, a main text and a quieter detail for each entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.controls.style.frames import paint_field
from app.ui.controls.style.icons import paint_icon
from app.ui.controls.style.theme import colours

Index = QModelIndex | QPersistentModelIndex

DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1
"""Combo box items: a second, quieter text."""
DOT_ROLE = Qt.ItemDataRole.UserRole + 2
"""Combo box items: name of the colour of a status dot."""
HEADING_ROLE = Qt.ItemDataRole.UserRole + 3
"""Combo box items: True for the heading of a group, which cannot be chosen."""
ROW = 28
MARGIN = 8
DOT = 15
"""Points that a dot takes, with the room beside it."""
BETWEEN = 18
"""Least points between a text and its detail in the list."""
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a `ComboBox`, or the heading of a group of them, which neither mouse nor keys reach.

    Attributes:
        value: the item's data.
        detail: a second, quieter text.
        dot: name of the colour of a status dot.
        heard: what a screen reader says in place of `text`.
    """

    text: str
    value: object = None
    detail: str = ""
    dot: str = ""
    tip: str = ""
    heard: str = ""
    is_heading: bool = False


def heading(text: str) -> Entry:
    return Entry(text, is_heading=True)


class ComboBox(QComboBox):
    """The wheel scrolls what the box stands in, not its value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(30)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(_ComboItem(self))
        container = self.view().parentWidget()
        if isinstance(container, QFrame):
            container.setFrameShape(QFrame.Shape.NoFrame)
        self.view().viewport().installEventFilter(self)

    def add(self, text: str, value: object, detail: str = "", dot: str = "", tip: str = "") -> None:
        self.addItem(text, value)
        self._show(self.count() - 1, Entry(text, value, detail, dot, tip))

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Hold these entries. Where they stand for the same values as before, the list may be open meanwhile."""
        kinds = [(entry.value, entry.is_heading) for entry in entries]
        if kinds != [(self.itemData(row), bool(self.itemData(row, HEADING_ROLE))) for row in range(self.count())]:
            self.clear()
            for entry in entries:
                self.addItem(entry.text, entry.value)
        for index, entry in enumerate(entries):
            self._show(index, entry)

    def _show(self, index: int, entry: Entry) -> None:
        self.setItemText(index, entry.text)
        self.setItemData(index, entry.detail, DETAIL_ROLE)
        self.setItemData(index, entry.dot, DOT_ROLE)
        self.setItemData(index, entry.tip, Qt.ItemDataRole.ToolTipRole)
        if entry.heard:
            self.setItemData(index, entry.heard, Qt.ItemDataRole.AccessibleTextRole)
        if entry.is_heading:
            self.setItemData(index, True, HEADING_ROLE)
            model = self.model()
            assert isinstance(model, QStandardItemModel)
            model.item(index).setFlags(Qt.ItemFlag.NoItemFlags)

    def select(self, value: object) -> bool:
        """Choose the item with this value; False where there is none."""
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)
        return index >= 0

    def set_dot(self, index: int, dot: str) -> None:
        self.setItemData(index, dot, DOT_ROLE)

    def set_detail(self, index: int, detail: str) -> None:
        self.setItemData(index, detail, DETAIL_ROLE)

    def showPopup(self) -> None:
        """The list is as wide as its entries, details included."""
        widest = self.view().sizeHintForColumn(0)
        self.view().setMinimumWidth(min(widest + 2 * MARGIN, self.screen().availableGeometry().width() // 2))
        super().showPopup()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press on a heading does nothing: Qt would choose the entry that the mouse was last over."""
        if isinstance(event, QMouseEvent) and event.type() in _PRESSES and watched is self.view().viewport():
            return bool(self.view().indexAt(event.position().toPoint()).data(HEADING_ROLE))
        return super().eventFilter(watched, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QPainter(self)
        rect = QRectF(self.rect())
        paint_field(painter, rect, focus=self.hasFocus(), ground=scheme.color("raised"))
        dot = self.currentData(DOT_ROLE)
        x = 11.0
        if dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(scheme.color(str(dot)))
            painter.drawEllipse(QPointF(x + 4, rect.center().y()), 4, 4)
            x += 15
        shown = self.currentText() or self.placeholderText()
        text = option.fontMetrics.elidedText(
            shown, Qt.TextElideMode.ElideRight, int(rect.width() - x - 28)
        )  # fmt: skip
        painter.setPen(scheme.color("text" if self.isEnabled() and self.currentText() else "muted"))
        painter.drawText(rect.adjusted(x, 0, -26, 0), Qt.AlignmentFlag.AlignVCenter, text)
        x += option.fontMetrics.horizontalAdvance(text) + 8
        detail = self.currentData(DETAIL_ROLE)
        if detail and x < rect.width() - 60:
            font = self.font()
            font.setPixelSize(11)
            painter.setFont(font)
            painter.setPen(scheme.color("muted"))
            room = int(rect.width() - x - 28)
            text = QFontMetrics(font).elidedText(str(detail), Qt.TextElideMode.ElideRight, room)
            painter.drawText(rect.adjusted(x, 1, -26, 0), Qt.AlignmentFlag.AlignVCenter, text)
        chevron = QRectF(rect.right() - 25, rect.center().y() - 9, 18, 18)
        paint_icon(painter, "chevron-down", scheme.color("muted"), chevron)


class _ComboItem(QStyledItemDelegate):
    """An entry of a `ComboBox`'s list, with its dot and detail."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator":
            super().paint(painter, option, index)
            return
        if index.data(HEADING_ROLE):
            self._paint_heading(painter, option, index)
            return
        scheme = colours()
        rect = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setBrush(scheme.color("fill"))
            painter.drawRoundedRect(rect, 5, 5)
        x = float(MARGIN)
        dot = index.data(DOT_ROLE)
        if dot:
            painter.setBrush(scheme.color(str(dot)))
            painter.drawEllipse(QPointF(rect.left() + x + 4, rect.center().y()), 4, 4)
            x += DOT
        metrics, inner = QFontMetrics(option.font), rect.adjusted(x, 0, -MARGIN, 0)
        detail = str(index.data(DETAIL_ROLE) or "")
        taken = metrics.horizontalAdvance(detail) + BETWEEN if detail else 0
        text = metrics.elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, int(inner.width() - taken))
        painter.setPen(QColor("#ffffff") if chosen else scheme.color("text"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, text)
        if detail:
            painter.setPen(QColor("#ffffff") if chosen else scheme.color("muted"))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, detail)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator":
            return QSize(0, 9)
        metrics = QFontMetrics(option.font)
        detail = str(index.data(DETAIL_ROLE) or "")
        width = metrics.horizontalAdvance(str(index.data() or "")) + 2 * MARGIN
        width += (DOT if index.data(DOT_ROLE) else 0) + (metrics.horizontalAdvance(detail) + BETWEEN if detail else 0)
        return QSize(width, ROW)

    @staticmethod
    def _paint_heading(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        font = QFont(option.font)
        font.setPixelSize(11)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colours().color("muted"))
        rect = QRectF(option.rect).adjusted(MARGIN, 0, -MARGIN, -3)
        painter.drawText(rect, Qt.AlignmentFlag.AlignBottom, str(index.data()))
        painter.restore()
