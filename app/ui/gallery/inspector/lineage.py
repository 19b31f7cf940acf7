"""Links from a picture to those that it was made from, and to those that were made from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.core.request import Role
from app.library.pictures.images import Picture
from app.ui.controls.buttons import push_button
from app.ui.words import wording
from app.ui.words.language import on_language_change

NAME_LENGTH = 56
"""Characters of a picture's name on a link and in a menu."""
EDGES = 12
"""Points of a link that are not its text."""
LISTED = 30
"""Pictures that a menu lists at most."""


class LineageLinks(QWidget):
    """Hidden where nothing is known.

    Signals:
        asked(Path): the user wants to see this picture.
    """

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self._parents: Sequence[Path] = ()
        self._children: Sequence[Path] = ()
        self._from = self._link("madeFromLink")
        self._made = self._link("madeOfItLink")
        self._from.clicked.connect(lambda: self._open(self._from, self._parents))
        self._made.clicked.connect(lambda: self._open(self._made, self._children))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for each in (self._from, self._made):
            column.addWidget(each)
        on_language_change(self, self._describe)
        self.hide()

    def show_lineage(
        self, picture: Picture | None, parents: Sequence[Path] = (), children: Sequence[Path] = ()
    ) -> None:
        """Link a picture to its relatives in the gallery; None for no picture."""
        self._picture, self._parents, self._children = picture, parents, children
        self._describe()

    def _describe(self) -> None:
        picture = self._picture
        self.setVisible(picture is not None and bool(self._parents or self._children))
        if picture is None:
            return
        self._say(self._from, self._made_from(picture) if self._parents else "")
        count = len(self._children)
        several = self.tr("{n} made from this").format(n=count)
        self._say(self._made, "" if not count else self.tr("1 made from this") if count == 1 else several)

    def _made_from(self, picture: Picture) -> str:
        count = len(self._parents)
        if count > 1:
            return self.tr("Made from {n} pictures").format(n=count)
        name = wording.shortened(self._parents[0].stem, NAME_LENGTH)
        if picture.provenance.enlarged is not None:
            return self.tr("Enlarged from “{name}”").format(name=name)
        if picture.request is not None and picture.request.input(Role.MASK) is not None:
            return self.tr("Repaired from “{name}”").format(name=name)
        return self.tr("Made from “{name}”").format(name=name)

    def _say(self, link: QPushButton, text: str) -> None:
        link.setAccessibleName(text)
        link.setToolTip(text)
        link.setVisible(bool(text))
        self._elide(link)

    def _elide(self, link: QPushButton) -> None:
        """A long name is cut in its middle, so that it does not widen the panel."""
        text, room = link.accessibleName(), self.width() - EDGES
        link.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room).replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for link in (self._from, self._made):
            self._elide(link)

    @staticmethod
    def _link(name: str) -> QPushButton:
        made = push_button(name, "")
        made.setProperty("role", "link")
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        made.setStyleSheet("text-align: left;")
        return made

    def _open(self, link: QPushButton, paths: Sequence[Path]) -> None:
        """Go to the one picture, or let the user choose."""
        if len(paths) == 1:
            self.asked.emit(paths[0])
        elif paths:
            self.menu(paths).popup(link.mapToGlobal(link.rect().bottomLeft()))

    def menu(self, paths: Sequence[Path]) -> QMenu:
        """The names of some pictures to choose from."""
        menu = QMenu(self)
        for path in paths[:LISTED]:
            name = wording.shortened(path.stem, NAME_LENGTH).replace("&", "&&")
            menu.addAction(name).triggered.connect(lambda _=False, path=path: self.asked.emit(path))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu
