"""Looks up in the background which pictures are to be listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from app.core.errors import UserError
from app.library.pictures.gallery import Gallery
from app.ui.background import Background
from app.ui.gallery.pictures.listing import Listing


class Wish(NamedTuple):
    """What is to be listed; as it stands, everything."""

    text: str = ""
    only_favourites: bool = False


class Found(NamedTuple):
    """The pictures that were wished for, and which of all have the star."""

    listing: Listing
    favourites: set[Path]


class Searches:
    """Only the answer to the latest wish counts."""

    def __init__(self, gallery: Gallery, background: Background, failed: Callable[[UserError], None]) -> None:
        self._gallery = gallery
        self._background = background
        self._failed = failed
        self._number = 0

    def look_up(self, wish: Wish) -> Found:
        """Raises UserError where the gallery cannot be asked."""
        paths = self._gallery.search(*wish)
        return Found(Listing(paths), set(paths if wish == Wish("", True) else self._gallery.search("", True)))

    def start(self, wish: Wish, take: Callable[[Wish, Found], None]) -> None:
        """Look up in the other thread, and hand over what was found unless something else is wished for by then."""
        self._number += 1
        number = self._number

        def done(found: Found) -> None:
            if number == self._number:
                take(wish, found)

        self._background.run(lambda: self.look_up(wish), done, self._failed)
