"""Drawing the canvas: the picture, what is added around it, the mask over it, and what the tool is about to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from app.ui.controls.style.theme import colours

SHARE = 0.5
"""How much of the picture the mask hides."""


def levels(image: QImage) -> list[QImage]:
    """The picture, and copies of half, a quarter, ... its size, from which it is drawn small."""
    made = [image]
    while max(made[-1].width(), made[-1].height()) > 512:
        last = made[-1]
        size = last.size() / 2
        made.append(last.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation))
    return made


def paint_picture(painter: QPainter, copies: Sequence[QImage], target: QRectF, ratio: float) -> None:
    """Draw it from the smallest copy that has a pixel for each of the screen's, of which a point has `ratio`."""
    width = target.width() * ratio
    copy = next((each for each in reversed(copies) if each.width() >= width), copies[0])
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, width < 2 * copies[0].width())
    painter.drawImage(target, copy)


def paint_extension(painter: QPainter, whole: QRectF) -> None:
    """Hatch what is added around the picture, which is drawn over the rest."""
    painter.fillRect(whole, colours().color("field"))
    painter.fillRect(whole, QBrush(colours().color("mask"), Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(colours().color("mask"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(whole)


def paint_mask(painter: QPainter, mask: QImage, transform: QTransform, area: QRect, ratio: float) -> None:
    """Lay the mask over the picture, in colour.

    Args:
        area: the part of the canvas to draw, in points.
    """
    layer = QImage(area.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    layer.setDevicePixelRatio(ratio)
    layer.fill(Qt.GlobalColor.transparent)
    tint = QPainter(layer)
    tint.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    tint.translate(-area.topLeft())
    tint.setTransform(transform, combine=True)
    tint.drawImage(0, 0, mask)
    tint.resetTransform()
    tint.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    tint.fillRect(layer.rect(), colours().color("mask"))
    tint.end()
    painter.setOpacity(SHARE)
    painter.drawImage(area.topLeft(), layer)
    painter.setOpacity(1)


def paint_outline(painter: QPainter, outline: QPolygonF) -> None:
    """What a lasso or a rectangle goes around, light and dark, to be seen on any picture."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(QColor(0, 0, 0, 160), 1), QPen(Qt.GlobalColor.white, 1, Qt.PenStyle.DashLine)):
        painter.setPen(pen)
        painter.drawPolygon(outline)


def paint_ring(painter: QPainter, at: QPointF, radius: float) -> None:
    """How large the brush is."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen, grown in ((QPen(QColor(0, 0, 0, 180), 1), 0.5), (QPen(Qt.GlobalColor.white, 1), -0.5)):
        painter.setPen(pen)
        painter.drawEllipse(at, max(1.0, radius + grown), max(1.0, radius + grown))
