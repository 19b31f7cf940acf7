"""Brings together what chooses the pictures: the header's search and filter, the albums, the order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from app.library.pictures.index.query import Filters, Sort
from app.ui.gallery.browsing.albums import Albums
from app.ui.gallery.browsing.filters import FilterPopover
from app.ui.gallery.browsing.order import OrderMenu

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Browsing(QObject):
    """Hands every choice to the model as one wish, and shows in each place what was chosen in another."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._model, self._header, self._page = window.model, window.header, window.page
        self.list = window.page.sidebar.albums
        self.albums = Albums(
            window.engine.gallery, window.model, self.list, window.pictures, window.background, window.bar
        )
        self.order = OrderMenu(window)
        self.filters = FilterPopover(window, window.engine.registry.name)
        self._header.searched.connect(lambda text: self._model.search(text=text.strip()))
        self._header.filtered.connect(self._favourites_chosen)
        self._header.sort_button.setMenu(self.order)
        self._header.filter_button.clicked.connect(self._open_filters)
        self._header.sidebar_button.clicked.connect(window.page.toggle_sidebar)
        self.list.chosen.connect(self._album_chosen)
        self._page.sidebar.new_button.clicked.connect(lambda: self.albums.create())
        self._page.clearAsked.connect(self.clear)
        self._page.filtersCleared.connect(self.filters.clear)
        self.order.chosen.connect(lambda sort, down: self._model.search(sort=sort, descending=down))
        self.filters.changed.connect(self._filter)
        window.watch.changed.connect(self.albums.refresh)
        self.albums.refresh()

    def clear(self) -> None:
        """Show all pictures again."""
        self._header.clear()
        self._model.search(text="", favourites=False, album="")
        self.list.show_choice("", False)
        self.filters.clear()

    def fill_add_menu(self, menu: QMenu) -> None:
        """An entry for each album, which takes the selected pictures in."""
        menu.clear()
        paths = self._window.selection.paths()
        for name in self.albums.names:
            menu.addAction(name.replace("&", "&&"), partial(self.albums.put, name, paths))
        if self.albums.names:
            menu.addSeparator()
        menu.addAction(self.tr("New Album"), lambda: self.albums.create(paths))
        menu.setEnabled(True)

    def state(self) -> dict[str, Any]:
        """What the next start needs to know."""
        wish = self._model.wish
        return {"sort": str(wish.sort), "descending": wish.descending, "sidebar": self._page.wants_sidebar}

    def restore(self, state: dict[str, Any]) -> None:
        """As `state` said, before the pictures are listed first."""
        try:
            sort = Sort(state.get("sort", ""))
        except ValueError:
            sort = Sort.DATE
        descending = state.get("descending") is not False
        self._model.set_order(sort, descending)
        self.order.show_order(sort, descending)
        if isinstance(state.get("sidebar"), bool):
            self._page.want_sidebar(state["sidebar"])

    def _favourites_chosen(self, only: bool) -> None:
        self._model.search(favourites=only, album="")
        self.list.show_choice("", only)

    def _album_chosen(self, album: str, favourites: bool) -> None:
        self._header.show_filter(favourites)
        self._model.search(favourites=favourites, album=album)

    def _open_filters(self) -> None:
        gallery = self._window.engine.gallery
        self._window.background.run(
            lambda: (gallery.in_use("model"), gallery.in_use("backend")),
            lambda used: self.filters.open_at(self._header.filter_button, *used),
        )

    def _filter(self, filters: Filters) -> None:
        self._header.show_filtered(filters != Filters())
        self._model.search(filters=filters)
