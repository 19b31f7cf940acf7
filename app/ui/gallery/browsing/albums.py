"""What is done with albums: they are made, renamed and deleted, and pictures come in and go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.library.pictures.gallery import Gallery
from app.ui.background import Background
from app.ui.controls.message_bar import MessageBar
from app.ui.gallery.browsing.album_list import AlbumList
from app.ui.gallery.files.actions import PictureActions
from app.ui.gallery.files.undo import Undoable
from app.ui.gallery.pictures.model import GalleryModel
from app.ui.words import wording


class Albums(QObject):
    """Works on the gallery's albums in the background, and shows them in the list.

    Signals:
        changed: there are other albums now, or others are called otherwise.
    """

    changed = Signal()

    def __init__(
        self, gallery: Gallery, model: GalleryModel, albums: AlbumList, pictures: PictureActions,
        background: Background, bar: MessageBar,
    ) -> None:  # fmt: skip
        super().__init__(albums)
        self._gallery = gallery
        self._model = model
        self._list = albums
        self._pictures = pictures
        self._background = background
        self._bar = bar
        self.names: list[str] = []
        albums.createAsked.connect(self.create)
        albums.renameAsked.connect(self.rename)
        albums.deleteAsked.connect(self.delete)
        albums.dropped.connect(self._dropped)

    def refresh(self, current: str | None = None) -> None:
        """Look which albums there are."""

        def take(names: list[str]) -> None:
            self._list.folder = self._gallery.folder
            if names != self.names or current is not None:
                self.names = names
                self._list.show_albums(names, current)
                self.changed.emit()

        self._background.run(lambda: [album.name for album in self._gallery.albums()], take)

    def create(self, paths: Sequence[Path] = ()) -> None:
        """Make an album, and let the user type its name."""
        taken = {name.casefold() for name in self.names}
        name, number = self.tr("New album"), 2
        while name.casefold() in taken:
            name = self.tr("New album {n}").format(n=number)
            number += 1

        def made(album: str) -> None:
            self.names = [*self.names, album]
            self._list.show_albums(self.names, None if paths else album)
            if not paths:
                self._model.search(album=album, favourites=False)
            self._list.edit_name(album)
            self.changed.emit()

        self._run(lambda: self._gallery.create_album(name, paths), made)

    def rename(self, album: str, name: str) -> None:
        """Call an album otherwise."""

        def renamed(name: str) -> None:
            self.refresh(name if self._model.wish.album == album else None)
            if self._model.wish.album == album:
                self._model.search(album=name)

        self._run(lambda: self._gallery.rename_album(album, name), renamed, lambda: self._list.show_albums(self.names))

    def delete(self, album: str) -> None:
        """Forget an album; its pictures stay. Undo brings it back."""

        def deleted(paths: list[Path]) -> None:
            def undo() -> None:
                self._run(lambda: self._gallery.create_album(album, paths), lambda _: self.refresh())

            if self._model.wish.album == album:
                self._model.search(album="", favourites=False)
                self._list.show_choice("", False)
            self.refresh()
            self._pictures.can_undo(Undoable(lambda: self.tr("Undo Delete of the Album"), undo))
            self._bar.show_notice(
                lambda: self.tr("Album “{name}” deleted. Its pictures stay.").format(name=album),
                lambda: self.tr("Undo"),
                self._pictures.undo,
            )

        self._run(lambda: self._gallery.delete_album(album), deleted)

    def put(self, album: str, paths: Sequence[Path]) -> None:
        """Put pictures into an album."""

        def done(_: object) -> None:
            clips = len(self._model.clips_among(paths))
            self._bar.show_notice(
                lambda: self.tr("{pictures} added to “{name}”").format(
                    pictures=wording.counted(len(paths), clips), name=album
                )
            )
            if self._model.wish.album == album:
                self._model.search()

        if paths:
            self._run(lambda: self._gallery.change_album(album, added=paths), done)

    def take_out(self, paths: Sequence[Path]) -> None:
        """Take pictures out of the album that is shown; they stay in the gallery. Undo puts them back."""
        album = self._model.wish.album
        if not album or not paths:
            return

        def change(**names: Sequence[Path]) -> None:
            self._run(lambda: self._gallery.change_album(album, **names), lambda _: self._model.search())

        change(removed=paths)
        self._pictures.can_undo(Undoable(lambda: self.tr("Undo Remove from Album"), lambda: change(added=paths)))

    def _dropped(self, album: str, favourites: bool, paths: list[Path]) -> None:
        if favourites:
            self._model.set_favourite(paths, True)
        elif album:
            self.put(album, paths)
        else:
            self.create(paths)

    def _run(
        self, work: Callable[[], Any], done: Callable[[Any], None], undone: Callable[[], None] = lambda: None
    ) -> None:
        def failed(error: Any) -> None:
            undone()
            self._bar.show_error(error)

        self._background.run(work, done, failed)
