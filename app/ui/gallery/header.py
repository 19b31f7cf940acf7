"""The bar at the top: which pictures are shown, and what hides or shows the side panels."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QToolBar, QToolButton, QWidget

from app.ui.controls.fields.segments import Segments
from app.ui.controls.style.icons import IconButton, icon
from app.ui.controls.style.theme import colours
from app.ui.controls.text.labels import label
from app.ui.words.language import set_translated

TYPING_MS = 150
"""How long the search waits for the next letter."""


class GalleryHeader(QToolBar):
    """Filter, search and the two panel buttons.

    Signals:
        searched(str): the user wants the pictures with these words.
        filtered(bool): only the favourites, or all.
    """

    searched = Signal(str)
    filtered = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        set_translated(self, lambda: self.tr("Toolbar"), self.setWindowTitle)
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(QSize(20, 20))
        self._shown = {"panel": True, "inspector": True}
        self.panel_button = IconButton("panel-left", self._panel_words, side=20)
        self.inspector_button = IconButton("panel-right", self._inspector_words, side=20)
        self.panel_button.setObjectName("panelButton")
        self.inspector_button.setObjectName("inspectorButton")
        self.filter = Segments(
            [lambda: self.tr("All"), lambda: self.tr("Favourites")], lambda: self.tr("Which pictures")
        )
        self.sidebar_button = IconButton("sidebar", lambda: self.tr("Show or hide the albums"), side=20)
        self.sidebar_button.setObjectName("albumsButton")
        self.sort_button = IconButton("sort", lambda: self.tr("Sort"), side=20)
        self.sort_button.setObjectName("sortButton")
        self.sort_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._filtered = False
        self.filter_button = IconButton("filter", self._filter_words, side=20)
        self.filter_button.setObjectName("filterButton")
        self.filter_button.setCheckable(True)
        self.search = _SearchEdit()
        self.search.setObjectName("searchEdit")
        set_translated(self, lambda: self.tr("Search the pictures"), self.search.setAccessibleName)
        set_translated(self, lambda: self.tr("Search pictures"), self.search.setPlaceholderText)
        self.search.setFixedSize(200, 28)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(self.panel_button)
        if sys.platform != "darwin":  # there the window's own title stands here
            self.addWidget(label("Sana Studio", "heading"))
        self.addWidget(space)
        for widget in (
            self.sidebar_button, self.filter, self.sort_button, self.filter_button, self.search, self.inspector_button,
        ):  # fmt: skip
            self.addWidget(widget)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textChanged.connect(self._typing.start)
        self.search.returnPressed.connect(lambda: self._typing.start(0))
        self.filter.chosen.connect(lambda index: self.filtered.emit(index == 1))

    def set_shown(self, side: str, shown: bool) -> None:
        """Name the button of the "panel" or the "inspector" by what it does now: hide it or show it."""
        self._shown[side] = shown
        self.panel_button.set_label(self._panel_words())
        self.inspector_button.set_label(self._inspector_words())

    def _panel_words(self) -> str:
        return self.tr("Hide the panel") if self._shown["panel"] else self.tr("Show the panel")

    def _inspector_words(self) -> str:
        return self.tr("Hide the details") if self._shown["inspector"] else self.tr("Show the details")

    def show_filter(self, favourites: bool) -> None:
        """The favourites, or all, were chosen elsewhere."""
        self.filter.blockSignals(True)
        self.filter.set_value(int(favourites))
        self.filter.blockSignals(False)

    def show_filtered(self, filtered: bool) -> None:
        """Whether pictures are left out by the filters behind the button."""
        self._filtered = filtered
        self.filter_button.setChecked(filtered)
        self.filter_button.redraw()
        self.filter_button.set_label(self._filter_words())

    def _filter_words(self) -> str:
        return self.tr("Filter (some pictures are hidden)") if self._filtered else self.tr("Filter")

    def clear(self) -> None:
        """Back to all pictures."""
        self.search.clear()
        self.filter.set_value(0)


class _SearchEdit(QLineEdit):
    def __init__(self) -> None:
        super().__init__()
        self.setClearButtonEnabled(True)
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_glass"):
            self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def _draw(self) -> None:
        self._glass.setIcon(icon("search", colours().muted))
        for action in self.findChildren(QAction):
            if action.objectName() == "_q_qlineeditclearaction":
                action.setIcon(QIcon(icon("close", colours().muted)))
