"""Looks up in the background which pictures are to be listed."""

from __future__ import annotations

from collections.abc import Callable

from app.core.errors import UserError
from app.library.pictures.gallery import Gallery
from app.library.pictures.index.query import Query
from app.ui.background import Background
from app.ui.gallery.pictures.listing import Listing


class Searches:
    """Only the answer to the latest wish counts."""

    def __init__(self, gallery: Gallery, background: Background, failed: Callable[[UserError], None]) -> None:
        self._gallery = gallery
        self._background = background
        self._failed = failed
        self._number = 0

    def look_up(self, wish: Query) -> Listing:
        """Raises UserError where the gallery cannot be asked."""
        return Listing(self._gallery, self._gallery.find(wish), self._gallery.clips())

    def start(self, wish: Query, take: Callable[[Query, Listing], None]) -> None:
        """Look up in the other thread, and hand over what was found unless something else is wished for by then."""
        self._number += 1
        number = self._number

        def done(found: Listing) -> None:
            if number == self._number:
                take(wish, found)

        self._background.run(lambda: self.look_up(wish), done, self._failed)
