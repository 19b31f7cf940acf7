"""The button that lists the wildcard files and puts one into the prompt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QToolButton

from app.library import paths
from app.library.wildcards import Wildcards
from app.ui.controls.style.icons import IconButton
from app.ui.panel.prompt.prompt_edit import PromptEdit


class WildcardsButton(IconButton):
    """A press opens `list`, a menu that is filled at that moment. `folder` is where the files are."""

    def __init__(self, prompt: PromptEdit) -> None:
        super().__init__("plus", lambda: self.tr("Insert a wildcard"), side=16)
        self.setObjectName("wildcardsButton")
        self._prompt = prompt
        self.folder: Callable[[], Path] = paths.wildcards
        self.list = QMenu(self)
        self.list.aboutToShow.connect(self.fill)
        self.setFixedSize(24, 24)
        self.setMenu(self.list)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def fill(self) -> None:
        menu = self.list
        menu.clear()
        names = Wildcards(self.folder()).names()
        for name in names:
            menu.addAction(name.replace("&", "&&")).triggered.connect(lambda _=False, name=name: self._insert(name))
        if not names:
            menu.addAction(self.tr("No wildcards yet")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("Open the Wildcards Folder")).triggered.connect(self._open_folder)

    def _insert(self, name: str) -> None:
        self._prompt.insertPlainText(f"__{name}__")
        self._prompt.setFocus()

    def _open_folder(self) -> None:
        folder = self.folder()
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
