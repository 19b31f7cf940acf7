"""Draws one tile of the gallery: a picture, or the one that is being generated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.controls.style.icons import paint_icon
from app.ui.controls.style.theme import RADIUS, colours
from app.ui.gallery.grid.thumbnails import ThumbnailLoader
from app.ui.gallery.pictures.model import CLIP_ROLE, FAVOURITE_ROLE, JOB_ROLE, PATH_ROLE, RATING_ROLE, Index
from app.ui.gallery.pictures.placeholders import Placeholder
from app.ui.words import wording

GAP = 12
"""Points between two tiles."""
STAR = 20


def tile(rect: QRect) -> QRectF:
    """The tile within a cell."""
    return QRectF(rect).adjusted(GAP / 2, GAP / 2, -GAP / 2, -GAP / 2)


def star_rect(rect: QRect) -> QRectF:
    """Where a tile's star is."""
    inside = tile(rect)
    return QRectF(inside.right() - STAR - 7, inside.top() + 7, STAR, STAR)


class GalleryDelegate(QStyledItemDelegate):
    """Draws tiles with round corners, the star of favourites, the length of clips and the ring of the selection.
    `playing` gives the frame of a clip that plays now, a null image for others.
    """

    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self.playing: Callable[[Path], QImage] = lambda path: QImage()
        self.cell = QSize(196, 196)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        inside = tile(rect)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        placeholder = index.data(JOB_ROLE)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if placeholder is not None:
            paint_placeholder(painter, inside, placeholder, index.data(Qt.ItemDataRole.DecorationRole))
        else:
            self._paint_picture(painter, inside, index)
            if index.data(FAVOURITE_ROLE):
                _paint_star(painter, star_rect(rect), "star-filled", QColor(colours().star))
            elif hovered and index.data(PATH_ROLE) is not None:
                _paint_star(painter, star_rect(rect), "star", QColor("#ffffff"))
            if clip := index.data(CLIP_ROLE):
                _paint_length(painter, inside, wording.seconds(clip.frames / clip.fps))
            if rating := index.data(RATING_ROLE):
                _paint_rating(painter, inside, rating)
        if state & QStyle.StateFlag.State_Selected:
            _paint_ring(painter, inside, colours().color("accent"))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell

    def _paint_picture(self, painter: QPainter, inside: QRectF, index: Index) -> None:
        scheme = colours()
        path = index.data(PATH_ROLE)
        if path is None:  # it is gone, and will be listed no more
            return
        frame = self.playing(path)
        if not frame.isNull():
            outline = QPainterPath()
            outline.addRoundedRect(inside, RADIUS, RADIUS)
            painter.setClipPath(outline)
            painter.drawImage(inside, frame, _middle(frame, inside))
            painter.setClipping(False)
            return
        pixmap = self._thumbnails.get(path, inside.size().toSize(), painter.device().devicePixelRatioF())
        if pixmap is not None:
            painter.drawPixmap(inside, pixmap, QRectF(pixmap.rect()))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(scheme.color("pressed"))
        painter.drawRoundedRect(inside, RADIUS, RADIUS)
        if self._thumbnails.failed(path):
            middle = inside.center()
            paint_icon(painter, "warning", scheme.color("muted"), QRectF(middle.x() - 14, middle.y() - 24, 28, 28))
            painter.setPen(scheme.color("muted"))
            name = painter.fontMetrics().elidedText(path.name, Qt.TextElideMode.ElideMiddle, int(inside.width() - 20))
            painter.drawText(inside.adjusted(0, 40, 0, 0), Qt.AlignmentFlag.AlignCenter, name)


def paint_placeholder(painter: QPainter, inside: QRectF, placeholder: Placeholder, preview: QImage) -> None:
    """Draw a picture in work: its preview, a bar and a line on how far it is; one that waits has no bar."""
    painter.save()
    outline = QPainterPath()
    outline.addRoundedRect(inside, RADIUS, RADIUS)
    painter.setClipPath(outline)
    if preview.isNull():
        painter.fillRect(inside, QColor("#55555e" if placeholder.waits else "#3a3a42"))
    else:
        painter.drawImage(inside, preview, _middle(preview, inside))
    shade = QLinearGradient(inside.topLeft(), inside.bottomLeft())
    shade.setColorAt(0.55, QColor(0, 0, 0, 0))
    shade.setColorAt(1.0, QColor(0, 0, 0, 170))
    painter.fillRect(inside, shade)
    bar = QRectF(inside.left() + 10, inside.bottom() - 34, inside.width() - 20, 4)
    if not placeholder.waits:
        _paint_bar(painter, bar, placeholder.fraction or 0.0)
    font = painter.font()
    font.setPixelSize(11)
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    state, metrics, room = placeholder.state, painter.fontMetrics(), int(bar.width())
    if metrics.horizontalAdvance(state) > room:
        state = state.rpartition(" · ")[2]  # on a small tile, the time alone
    text = metrics.elidedText(state, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(bar.left(), bar.bottom() + 4, bar.width(), 20), Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def _paint_bar(painter: QPainter, bar: QRectF, done: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(255, 255, 255, 80))
    painter.drawRoundedRect(bar, 2, 2)
    if done:
        painter.setBrush(QColor("#ffffff"))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(4.0, bar.width() * done), 4), 2, 2)


def _middle(image: QImage, target: QRectF) -> QRectF:
    """The largest middle part of an image that has the target's shape."""
    scale = min(image.width() / target.width(), image.height() / target.height())
    width, height = target.width() * scale, target.height() * scale
    return QRectF((image.width() - width) / 2, (image.height() - height) / 2, width, height)


def _paint_ring(painter: QPainter, inside: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(inside.adjusted(-2.5, -2.5, 2.5, 2.5), RADIUS + 2, RADIUS + 2)


def _paint_star(painter: QPainter, rect: QRectF, name: str, colour: QColor) -> None:
    """A star that can be seen on any picture: a dark one shimmers through around it."""
    painter.setOpacity(0.45)
    paint_icon(painter, "star-filled", QColor("#000000"), rect.adjusted(-1.5, -1.5, 1.5, 1.5))
    painter.setOpacity(1.0)
    paint_icon(painter, name, colour, rect)


def _paint_length(painter: QPainter, inside: QRectF, length: str) -> None:
    """What tells a clip from a picture: a triangle, and how long it is."""
    font = painter.font()
    font.setPixelSize(11)
    painter.setFont(font)
    width = min(painter.fontMetrics().horizontalAdvance(length) + 22.0, inside.width() - 12)
    ground = QRectF(inside.right() - width - 6, inside.bottom() - 24, width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 140))
    painter.drawRoundedRect(ground, 9, 9)
    white = QColor("#ffffff")
    paint_icon(painter, "play-filled", white, QRectF(ground.left() + 3, ground.top() + 2, 14, 14))
    painter.setPen(white)
    painter.drawText(ground.adjusted(17, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, length)


def _paint_rating(painter: QPainter, inside: QRectF, rating: int) -> None:
    """Small stars at the lower edge, on a ground that keeps them readable on any picture."""
    side = min(12.0, (inside.width() - 20) / 5)
    ground = QRectF(inside.left() + 6, inside.bottom() - side - 12, rating * side + 8, side + 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 140))
    painter.drawRoundedRect(ground, ground.height() / 2, ground.height() / 2)
    for star in range(rating):
        place = QRectF(ground.left() + 4 + star * side, ground.top() + 3, side, side)
        paint_icon(painter, "star-filled", QColor(colours().star), place)
