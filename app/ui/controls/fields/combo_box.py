"""A combo box with a status dot, a main text and a quieter detail."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QWheelEvent
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

    def add(self, text: str, value: object, detail: str = "", dot: str = "", tip: str = "") -> None:
        self.addItem(text, value)
        index = self.count() - 1
        self.setItemData(index, detail, DETAIL_ROLE)
        self.setItemData(index, dot, DOT_ROLE)
        self.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)

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
            painter.drawText(rect.adjusted(x, 1, -26, 0), Qt.AlignmentFlag.AlignVCenter, str(detail))
        chevron = QRectF(rect.right() - 25, rect.center().y() - 9, 18, 18)
        paint_icon(painter, "chevron-down", scheme.color("muted"), chevron)


class _ComboItem(QStyledItemDelegate):
    """An entry of a `ComboBox`'s list, with its dot and detail."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator":
            super().paint(painter, option, index)
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
        x = 8.0
        dot = index.data(DOT_ROLE)
        if dot:
            painter.setBrush(scheme.color(str(dot)))
            painter.drawEllipse(QPointF(rect.left() + x + 4, rect.center().y()), 4, 4)
            x += 15
        painter.setPen(QColor("#ffffff") if chosen else scheme.color("text"))
        painter.drawText(rect.adjusted(x, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data() or ""))
        detail = index.data(DETAIL_ROLE)
        if detail:
            painter.setPen(QColor("#ffffff") if chosen else scheme.color("muted"))
            places = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(rect.adjusted(x, 0, -8, 0), places, str(detail))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator":
            return QSize(0, 9)
        return QSize(super().sizeHint(option, index).width(), 28)
