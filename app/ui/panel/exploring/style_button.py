"""The style that is put around the prompt."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from app.library.styles import Style, Styles
from app.ui.words import wording
from app.ui.words.language import set_translated


class StyleButton(QPushButton):
    """A press opens a menu of the styles, read at that moment.

    Signals:
        changed: another style is chosen, or none.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("styleButton")
        self.setProperty("role", "link")
        self._style = ""
        self.list = QMenu(self)
        self.list.aboutToShow.connect(self.fill)
        self.clicked.connect(self._open)
        set_translated(self, lambda: wording.of_style(self._style) or self.tr("Style"), self.setText)
        set_translated(self, lambda: self.tr("Style"), self.setAccessibleName)
        set_translated(
            self, lambda: self.tr("Words of a style are put around the prompt of each picture."), self.setToolTip
        )

    def value(self) -> str:
        """The name of the style; empty for none."""
        return self._style

    def choose(self, name: str) -> None:
        if name != self._style:
            self._style = name
            self.setText(wording.of_style(name) or self.tr("Style"))
            self.changed.emit()

    def fill(self) -> None:
        menu, group = self.list, QActionGroup(self.list)
        menu.clear()
        self._offer(group, Style(""), self.tr("No style"))
        menu.addSeparator()
        for style in Styles().all():
            self._offer(group, style, wording.of_style(style.name))
        menu.addSeparator()
        menu.addAction(self.tr("Edit Styles…")).triggered.connect(self._edit)

    def _offer(self, group: QActionGroup, style: Style, words: str) -> None:
        action = self.list.addAction(words.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(style.name == self._style)
        action.setToolTip(style.prompt)
        group.addAction(action)
        action.triggered.connect(lambda: self.choose(style.name))

    def _open(self) -> None:
        self.list.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _edit(self) -> None:
        from app.ui.panel.exploring.styles_dialog import StylesDialog  # most starts never need it

        dialog = StylesDialog(Styles(), self.window())
        dialog.renamed.connect(lambda before, now: self.choose(now) if before == self._style else None)
        dialog.open()
