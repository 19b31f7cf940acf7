"""The middle of the window: the gallery or what stands in its place, with messages above."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.library.pictures.index.query import Filters
from app.ui.controls.message_bar import MessageBar
from app.ui.gallery.browsing.filtered_line import FilteredLine
from app.ui.gallery.browsing.sidebar import Sidebar
from app.ui.gallery.empty_state import EmptyState
from app.ui.gallery.grid.view import MARGIN, GalleryView
from app.ui.gallery.pictures.model import GalleryModel
from app.ui.words import wording
from app.ui.words.language import on_language_change

ROOMY = 560
"""Points of width that leave room for the albums beside the pictures."""


class GalleryPage(QWidget):
    """Shows the gallery while there is something in it, else a welcome or the way back from a search.

    Signals:
        clearAsked: show all pictures again.
        filtersCleared: show again what the filters leave out.
        exampleChosen(str): the user pressed an example prompt.
        sidebarShown(bool): the albums are there now, or not any more.
    """

    clearAsked = Signal()
    filtersCleared = Signal()
    exampleChosen = Signal(str)
    sidebarShown = Signal(bool)

    def __init__(self, model: GalleryModel, view: GalleryView, examples: list[str]) -> None:
        super().__init__()
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = model
        self._view = view
        self._examples = examples
        self.bar = MessageBar()
        self.empty = EmptyState()
        self.empty.exampleChosen.connect(self.exampleChosen)
        self.empty.actionChosen.connect(self.clearAsked)
        self.sidebar = Sidebar()
        self.wants_sidebar: bool | None = None
        self.filtered = FilteredLine()
        self.filtered.cleared.connect(self.filtersCleared)
        self._stack = QStackedWidget()
        self._stack.setProperty("role", "canvas")
        self._stack.addWidget(view)
        self._stack.addWidget(self.empty)
        self._messages = QWidget()
        self._top = QVBoxLayout(self._messages)
        self._top.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self.take_in(self.bar)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._row.addWidget(self._stack, 1)
        self._pictures = QVBoxLayout()
        self._pictures.setSpacing(0)
        self._pictures.addWidget(self.filtered)
        self._pictures.addLayout(self._row, 1)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(self.sidebar)
        both.addLayout(self._pictures, 1)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self._messages)
        self._whole.addLayout(both, 1)
        model.listed.connect(self.show_state)
        on_language_change(self, self.show_state)
        self.show_state()

    def take_in(self, message: QWidget) -> None:
        """Show what tells messages above the pictures."""
        self._top.addWidget(message)

    def put_beside(self, strip: QWidget) -> None:
        """Show a strip at the right of the pictures."""
        self._row.addWidget(strip)

    def show_state(self) -> None:
        """Gallery or empty state, as the model stands."""
        self.filtered.show_filters(self._model.wish.filters, self._model.pictures, self._model.clips)
        self._place_sidebar()
        if self._model.rowCount():
            self._turn_to(self._view)
            return
        if self._model.wish.text:
            self.empty.show_nothing_found(
                self.tr("No pictures found"),
                self.tr("Nothing matches “{text}”.").format(text=wording.shortened(self._model.wish.text)),
                self.tr("Show all pictures"),
            )
        elif self._model.wish.filters != Filters():
            self.empty.show_nothing_found(
                self.tr("No pictures found"), self.tr("The filters leave none."), self.tr("Show all pictures")
            )
        elif self._model.wish.album:
            self.empty.show_nothing_found(
                self.tr("This album is empty"),
                self.tr("Show all pictures, and drag some onto its name."),
                self.tr("Show all pictures"),
            )
        elif self._model.wish.favourites:
            self.empty.show_nothing_found(
                self.tr("No favourites yet"),
                self.tr("Press the star on a picture to find it here again."),
                self.tr("Show all pictures"),
            )
        else:
            self.empty.show_welcome(self._examples)
        self._turn_to(self.empty)

    # -- the albums at the side

    def want_sidebar(self, wanted: bool) -> None:
        """Show the albums, or hide them; until the user says so, they are there where there is room."""
        self.wants_sidebar = wanted
        self._place_sidebar()

    def toggle_sidebar(self) -> None:
        self.want_sidebar(self.sidebar.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_sidebar()

    def _place_sidebar(self) -> None:
        roomy = self.width() >= ROOMY
        # Beside the albums, no message moves one from under the mouse; where it is narrow, they need all of the width.
        layout = self._pictures if roomy else self._whole
        if layout.indexOf(self._messages) < 0:
            (self._whole if roomy else self._pictures).removeWidget(self._messages)
            layout.insertWidget(0, self._messages)
        there = roomy and (self._model.pictures > 0 or not self._model.wish.lists_all)
        shown = there if self.wants_sidebar is None else self.wants_sidebar
        if shown == self.sidebar.isHidden():
            self.sidebar.setVisible(shown)
            self.sidebarShown.emit(shown)

    def take_focus(self) -> None:
        """Give the focus to what is shown. In the empty state no button gets it: the next press of a key would do
        something that nobody meant.
        """
        (self._view if self._stack.currentIndex() == 0 else self.empty).setFocus()

    def _turn_to(self, page: QWidget) -> None:
        focus = QApplication.focusWidget()
        focused = focus is not None and self._stack.isAncestorOf(focus)
        if page is not self._stack.currentWidget():
            self._stack.setCurrentWidget(page)
            if focused:
                self.take_focus()
