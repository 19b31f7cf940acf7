"""Colours, fonts and the style sheet, for light and dark."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

RADIUS = 7
"""Corner radius of fields, buttons and pictures, in points."""


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one appearance, as #rrggbb.

    Contrast as WCAG 2 defines it: text has at least 4.5 : 1 on its ground. What shows that something can be operated,
    or how it stands (`edge`, `accent`, `fill`, the dots), has 3 : 1 against what is next to it. `line` and `faint` only
    divide and decorate.
    """

    window: str
    canvas: str
    viewer: str
    field: str
    raised: str
    pressed: str
    line: str
    edge: str
    text: str
    muted: str
    faint: str
    accent: str
    link: str
    fill: str
    fill_hover: str
    fill_pressed: str
    danger: str
    danger_ground: str
    good: str
    warning: str
    star: str = "#ffd24a"
    mask: str = "#ff2d64"  # rare in pictures

    def color(self, name: str) -> QColor:
        return QColor(getattr(self, name))


LIGHT = Colours(
    window="#f4f4f6", canvas="#fafafb", viewer="#ececef", field="#ffffff", raised="#ffffff", pressed="#e9e9ed",
    line="#dcdce1", edge="#7a7a84", text="#1c1c1f", muted="#63636b", faint="#b9b9c1", accent="#1f6feb",
    link="#1a64d8", fill="#1f6feb", fill_hover="#1a64d8", fill_pressed="#1657bd", danger="#c4261d",
    danger_ground="#fdeceb", good="#1a8f45", warning="#b26f00",
)  # fmt: skip
DARK = Colours(
    window="#262629", canvas="#19191b", viewer="#111113", field="#1a1a1c", raised="#323236", pressed="#3e3e43",
    line="#3c3c41", edge="#8a8a94", text="#ececee", muted="#a8a8b0", faint="#5c5c63", accent="#4c8dff",
    link="#74a6ff", fill="#2e6fe6", fill_hover="#2a67d9", fill_pressed="#255fcb", danger="#ff7a70",
    danger_ground="#45282a", good="#32d368", warning="#f2b13c",
)  # fmt: skip

_STYLE = Template("""
QWidget { color: $text; }
QMainWindow, QDialog, QSplitter { background: $window; }
QToolTip { color: $text; background: $raised; border: 1px solid $line; padding: 4px 6px; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { color: $muted; font-size: 11px; }
QLabel[role="danger"] { color: $danger; font-size: 11px; }
QLabel[role="good"] { color: $good; font-size: 11px; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QWidget[role="bar"] { background: $window; }
QWidget[role="canvas"], QStackedWidget[role="canvas"] { background: $canvas; }
QFrame[role="card"] { background: $raised; border: 1px solid $line; border-radius: 10px; }
QFrame[role="line"] { background: $line; border: none; }
QSplitter::handle { background: $line; }

QPlainTextEdit, QLineEdit, QListWidget[role="list"] {
    background: $field; border: 1px solid $edge; border-radius: 7px; padding: 5px 7px; placeholder-text-color: $muted;
    selection-background-color: $fill; selection-color: #ffffff;
}
QPlainTextEdit:focus, QLineEdit:focus, QListWidget[role="list"]:focus { border: 2px solid $accent; padding: 4px 6px; }
QPlainTextEdit:disabled, QLineEdit:disabled { color: $faint; background: transparent; border-color: $line; }
QAbstractSpinBox, QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:disabled {
    background: transparent; border: none; padding: 0;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    width: 0px; height: 0px; border: none; subcontrol-origin: border;
}
QAbstractSpinBox[role="inline"] QLineEdit { padding: 0 0 0 3px; }
QAbstractSpinBox QLineEdit:focus { border: none; padding: 0; }
QAbstractSpinBox[role="inline"] QLineEdit:focus { padding: 0 0 0 3px; }
QAbstractSpinBox { selection-background-color: $fill; selection-color: #ffffff; }
QAbstractSpinBox[role="inline"] { padding: 1px; border: none; border-bottom: 1px solid $edge; }
QAbstractSpinBox[role="inline"]:hover { background: $field; }
QAbstractSpinBox[role="inline"]:focus {
    padding: 0 1px 1px 0; border: 1px solid $accent; border-radius: 4px; background: $field;
}
QAbstractSpinBox:disabled { color: $faint; }

QPushButton {
    background: $raised; border: 1px solid $edge; border-radius: 7px; padding: 5px 12px; min-height: 18px;
    outline: none;
}
QPushButton:hover { background: $pressed; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { color: $faint; background: transparent; border-color: $line; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QPushButton[role="primary"] {
    background: $fill; color: #ffffff; border: 1px solid $fill; font-weight: 600; border-radius: 8px; padding: 9px 12px;
}
QPushButton[role="primary"]:hover { background: $fill_hover; border-color: $fill_hover; }
QPushButton[role="primary"]:pressed { background: $fill_pressed; border-color: $fill_pressed; }
QPushButton[role="primary"]:focus { border: 2px solid $text; padding: 8px 11px; }
QPushButton[role="primary"]:disabled { background: $line; border-color: $line; color: $muted; }
QPushButton[role="link"] { background: transparent; border: 1px solid transparent; color: $link; padding: 1px 4px; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border: 1px solid $accent; border-radius: 4px; }
QPushButton[role="chip"] { border-radius: 15px; padding: 6px 14px; text-align: left; }
QPushButton[role="chip"]:focus { padding: 5px 13px; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 3px; }
QToolButton:hover { background: $pressed; }
QToolButton:pressed { background: $line; }
QToolButton:focus { border: 1px solid $accent; }
QWidget#viewerBar, QWidget#playerBar { background: $viewer; border-radius: 8px; }
QWidget#maskBar QToolButton:checked { background: $pressed; }
QToolButton::menu-indicator { image: none; width: 0; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabWidget::tab-bar { alignment: center; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { padding: 6px 16px; margin: 0 2px 8px 2px; border: 1px solid transparent; border-radius: 7px; }
QTabBar::tab:hover { background: $pressed; }
QTabBar::tab:selected { background: $raised; border: 1px solid $edge; font-weight: 600; }
QTabBar::tab:focus { border: 1px solid $accent; }

QSlider { min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $edge; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider[role="signed"]::sub-page:horizontal { background: $edge; }
QSlider::handle:horizontal {
    width: 15px; height: 15px; margin: -6px 0; border-radius: 8px; background: #ffffff; border: 1px solid $edge;
}
QSlider::handle:horizontal:focus { border: 2px solid $accent; margin: -7px 0; border-radius: 9px; }
QSlider::sub-page:horizontal:disabled { background: $faint; }

QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QToolBar { background: $window; border: none; spacing: 10px; padding: 4px 8px; }

QTextBrowser[role="help"] { background: $window; border: none; selection-background-color: $fill; }
QScrollArea, QScrollArea > QWidget > QWidget[role="page"] { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $edge; border-radius: 3px; min-height: 36px; min-width: 36px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QListWidget[role="sidebar"] { background: $canvas; border: none; outline: 0; }
QListWidget[role="sidebar"] QLineEdit { padding: 0 4px; border-radius: 4px; }
QListView[role="gallery"] { background: $canvas; border: none; outline: 0; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line; padding: 4px; outline: 0;
}
QComboBoxPrivateContainer { background: $raised; border: none; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 22px 5px 14px; border-radius: 5px; }
QMenu::item:selected { background: $fill; color: #ffffff; }
QMenu::item:disabled { color: $muted; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenuBar { background: $window; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 4px 9px; background: transparent; border-radius: 5px; }
QMenuBar::item:selected { background: $pressed; }
""")


def colours() -> Colours:
    """The colours in use."""
    return DARK if QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def set_colours(app: QApplication, appearance: str = "system") -> None:
    """Give the app its style, font and palette, which widgets read while they are made.

    Args:
        appearance: "system", "light" or "dark"; with "system" the app follows the system's changes from now on.
    """
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    hints = app.styleHints()
    hints.setColorScheme(schemes.get(appearance, Qt.ColorScheme.Unknown))
    dark = (schemes.get(appearance) or hints.colorScheme()) == Qt.ColorScheme.Dark
    if not app.styleSheet() and app.style().name() != "fusion":  # below a style sheet it is fusion already
        app.setStyle("fusion")
    font, palette = _font(), _palette(DARK if dark else LIGHT)
    if app.font() != font:
        app.setFont(font)
    if app.palette() != palette:
        app.setPalette(palette)


def apply_theme(app: QApplication, appearance: str = "system") -> None:
    """Dress the whole app. Each move of a widget into another one that is dressed dresses it anew: a window is made
    first, after `set_colours`, and dressed as a whole.

    Args:
        appearance: as `set_colours` takes it.
    """
    set_colours(app, appearance)
    sheet = _STYLE.substitute(asdict(colours()))
    if app.styleSheet() != sheet:  # setting it would dress every widget of every window
        app.setStyleSheet(sheet)


def _font() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if sys.platform != "darwin" and "Inter" in QFontDatabase.families():
        font.setFamily("Inter")
    font.setPixelSize(13)
    return font


def _palette(chosen: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for roles, name in (
        ((role.Window, role.AlternateBase), "window"),
        ((role.Base,), "field"),
        ((role.Button, role.ToolTipBase), "raised"),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), "text"),
        ((role.BrightText,), "danger"),
        ((role.Mid, role.Midlight, role.Light, role.Dark), "line"),
        ((role.PlaceholderText,), "muted"),
        ((role.Highlight,), "fill"),
        ((role.Accent,), "accent"),
        ((role.Link, role.LinkVisited), "link"),
    ):
        for each in roles:
            palette.setColor(each, chosen.color(name))
    palette.setColor(role.HighlightedText, QColor("#ffffff"))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, chosen.color("faint"))
    return palette
