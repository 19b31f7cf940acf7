"""The few line icons of the window, drawn from SVG paths in the colour of the moment."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleOption, QToolButton, QWidget

from app.ui.controls.style.theme import colours
from app.ui.words.language import Text, set_translated

_PATHS = {
    "dice": '<rect x="4" y="4" width="16" height="16" rx="4"/>'
    '<g fill="{c}" stroke="none"><circle cx="8.6" cy="8.6" r="1.3"/><circle cx="15.4" cy="8.6" r="1.3"/>'
    '<circle cx="12" cy="12" r="1.3"/><circle cx="8.6" cy="15.4" r="1.3"/><circle cx="15.4" cy="15.4" r="1.3"/></g>',
    "lock": '<rect x="5.5" y="11" width="13" height="9" rx="2.2"/><path d="M8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "unlock": '<rect x="5.5" y="11" width="13" height="9" rx="2.2"/><path d="M8.5 11V7.5a3.5 3.5 0 0 1 6.8-1.2"/>',
    "star": '<path d="M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8L12 16.9l-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z"/>',
    "star-filled": '<path fill="{c}" d="M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8L12 16.9l-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z"/>',
    "search": '<circle cx="11" cy="11" r="6"/><path d="M15.5 15.5L20 20"/>',
    "panel-left": '<rect x="3.5" y="5" width="17" height="14" rx="2.5"/><path d="M9.5 5v14"/>',
    "panel-right": '<rect x="3.5" y="5" width="17" height="14" rx="2.5"/><path d="M14.5 5v14"/>',
    "chevron-down": '<path d="M8 10.5l4 4 4-4"/>',
    "chevron-right": '<path d="M10 8l4 4-4 4"/>',
    "chevron-left": '<path d="M14 8l-4 4 4 4"/>',
    "plus": '<path d="M12 6.5v11M6.5 12h11"/>',
    "minus": '<path d="M6.5 12h11"/>',
    "close": '<path d="M7 7l10 10M17 7L7 17"/>',
    "history": '<path d="M4.5 12a7.5 7.5 0 1 0 2.3-5.4L4.5 8.8"/><path d="M4.5 4.5v4.3h4.3"/>'
    '<path d="M12 8v4.3l2.8 1.7"/>',
    "picture": '<rect x="4" y="5" width="16" height="14" rx="2.5"/><circle cx="9" cy="10" r="1.6"/>'
    '<path d="M4.5 17l4.8-4.3 3.2 2.8 3.3-3.6 4 4.2"/>',
    "album": '<rect x="4" y="8" width="16" height="11.5" rx="2.2"/><path d="M6.5 5.5h11M8.5 3h7"/>',
    "sort": '<path d="M8 5v14M8 19l-3.2-3.2M8 19l3.2-3.2M16 19V5M16 5l-3.2 3.2M16 5l3.2 3.2"/>',
    "filter": '<path d="M4.5 7h15M7.5 12h9M10.5 17h3"/>',
    "sidebar": '<rect x="3.5" y="5" width="17" height="14" rx="2.5"/><path d="M9.5 5v14M5.5 8.5h2M5.5 11.5h2"/>',
    "trash": '<path d="M5 7h14M9.5 7V4.8h5V7"/><path d="M6.8 7l.9 12.2h8.6L17.2 7"/>'
    '<path d="M10.4 10.5v5.4M13.6 10.5v5.4"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="2.2"/>'
    '<path d="M15.5 8.5V6.7a2.2 2.2 0 0 0-2.2-2.2H6.7a2.2 2.2 0 0 0-2.2 2.2v6.6a2.2 2.2 0 0 0 2.2 2.2h1.8"/>',
    "pause": '<path d="M9 6.5v11M15 6.5v11"/>',
    "play": '<path d="M8.5 6l9 6-9 6z"/>',
    "play-filled": '<path fill="{c}" d="M8.5 6l9 6-9 6z"/>',
    "frame-back": '<path d="M16.5 6l-8 6 8 6zM6.5 6v12"/>',
    "frame-on": '<path d="M7.5 6l8 6-8 6zM17.5 6v12"/>',
    "loop": '<path d="M17 4.5l3 3-3 3"/><path d="M4 11.5v-.5a3.5 3.5 0 0 1 3.5-3.5H20"/>'
    '<path d="M7 19.5l-3-3 3-3"/><path d="M20 12.5v.5a3.5 3.5 0 0 1-3.5 3.5H4"/>',
    "clip": '<rect x="3.5" y="6.5" width="11.5" height="11" rx="2.2"/><path d="M15 11l5.5-3v8L15 13z"/>',
    "grip": '<g fill="{c}" stroke="none"><circle cx="9" cy="7" r="1.4"/><circle cx="15" cy="7" r="1.4"/>'
    '<circle cx="9" cy="12" r="1.4"/><circle cx="15" cy="12" r="1.4"/>'
    '<circle cx="9" cy="17" r="1.4"/><circle cx="15" cy="17" r="1.4"/></g>',
    "brush": '<path d="M19.5 4.5c-4 2-7.5 5-9.3 8.2l1.9 1.9c3.3-1.8 6.2-5.4 7.4-10.1z"/>'
    '<path d="M9.6 13.4c-2.3 0-3.4 1.4-3.5 3.2-.1 1.3-.7 2.2-1.8 2.7 3.8 1 7.4-.4 7.3-3.9"/>',
    "eraser": '<path d="M13.6 5.2l5.2 5.2-7.6 7.6H7.9l-3.1-3.1a1 1 0 0 1 0-1.4z"/>'
    '<path d="M9.6 9.2l5.2 5.2M6.5 19.5h13"/>',
    "lasso": '<path d="M8 15.2c-2.3-.9-3.8-2.4-3.8-4.2 0-3 3.5-5.4 7.8-5.4s7.8 2.4 7.8 5.4-3.5 5.3-7.8 5.3q-1 0-1.9-.1"'
    "/>"
    '<circle cx="8.4" cy="16.2" r="1.7"/><path d="M8.6 17.9c.2 1-.2 1.8-1.2 2.4"/>',
    "rectangle": '<rect x="4.5" y="6" width="15" height="12" stroke-dasharray="3 2.2"/>',
    "undo": '<path d="M8.5 5.5L4.5 9.5l4 4"/><path d="M4.8 9.5h9a5 5 0 0 1 0 10H10"/>',
    "redo": '<path d="M15.5 5.5l4 4-4 4"/><path d="M19.2 9.5h-9a5 5 0 0 0 0 10H14"/>',
    "invert": '<circle cx="12" cy="12" r="7.5"/><path fill="{c}" d="M12 4.5a7.5 7.5 0 0 1 0 15z"/>',
    "warning": '<path d="M12 4.5l8.3 14.5H3.7z"/><path d="M12 10v4"/><circle cx="12" cy="16.6" r=".5"/>',
    "info": '<circle cx="12" cy="12" r="8"/><path d="M12 11.2v5"/><circle cx="12" cy="8.2" r=".5"/>',
}
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{c}" stroke-width="1.6" '
    'stroke-linecap="round" stroke-linejoin="round">{path}</svg>'
)


class _Drawing(QIconEngine):
    """Draws an icon when it is seen, in the size in which it is."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = pixmap(self._name, self._colour, min(size.width(), size.height()))
        if mode in (QIcon.Mode.Normal, QIcon.Mode.Active):
            return drawn
        option = QStyleOption()
        option.palette = QApplication.palette()
        return QApplication.style().generatedIconPixmap(mode, drawn, option)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        size = rect.size() * painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.pixmap(size, mode, state))

    def clone(self) -> QIconEngine:
        return _Drawing(self._name, self._colour)


@lru_cache(maxsize=256)
def icon(name: str, colour: str) -> QIcon:
    """An icon in one colour (#rrggbb), sharp at every size."""
    return QIcon(_Drawing(name, colour))


@lru_cache(maxsize=256)
def pixmap(name: str, colour: str, side: int) -> QPixmap:
    """An icon as a pixmap of `side` device pixels."""
    svg = _SVG.format(c=colour, path=_PATHS[name].format(c=colour))
    image = QPixmap(side, side)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return image


def paint_icon(painter: QPainter, name: str, colour: QColor, rect: QRectF) -> None:
    """Draw an icon into `rect`, in points."""
    ratio = painter.device().devicePixelRatioF()
    image = pixmap(name, colour.name(), round(rect.width() * ratio))
    painter.drawPixmap(rect, image, QRectF(image.rect()))


class IconButton(QToolButton):
    """A flat button with an icon that follows the appearance. `label` is its tooltip and its accessible name."""

    def __init__(self, name: str, label: Text, parent: QWidget | None = None, side: int = 18) -> None:
        super().__init__(parent)
        self._name = name
        self.setIconSize(QSize(side, side))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_translated(self, label, self.set_label)
        self.toggled.connect(self.redraw)
        self.redraw()

    def set_label(self, text: str) -> None:
        self.setToolTip(text)
        self.setAccessibleName(text)

    def set_icon(self, name: str) -> None:
        self._name = name
        self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self.redraw()

    def redraw(self) -> None:
        """In the colour of its state."""
        scheme = colours()
        shade = scheme.accent if self.isChecked() else scheme.muted
        self.setIcon(icon(self._name, shade if self.isEnabled() else scheme.faint))
