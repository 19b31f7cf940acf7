"""All marks of a gallery's pictures. The files in the folder are the truth; the index follows them."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from app.core.errors import UserError
from app.core.message import Message, message
from app.library.files import disk_error
from app.library.pictures import reading
from app.library.pictures.formats.xmp_marks import XmpMarks
from app.library.pictures.index.index import Index
from app.library.pictures.index.rows import IndexRow, State, key
from app.library.pictures.marks.albums import Albums
from app.library.pictures.marks.favourites import Favourites
from app.library.pictures.marks.ratings import Ratings
from app.library.pictures.marks.renames import renamed

log = logging.getLogger(__name__)


class Album(NamedTuple):
    """An album and the names of its pictures, composed (NFC); some may be gone."""

    name: str
    keys: tuple[str, ...]


class Marks:
    """Stars, ratings and albums. Every method names the folder, for a gallery may move to another one. All of them may
    be called from any thread, and raise UserError where a folder cannot be written to: the marks stay as they were.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._changing = threading.RLock()

    def star(self, folder: Path, names: Sequence[str], favourite: bool) -> None:
        """Give pictures the star, or take it."""
        with self._change(folder, message("The favourite could not be saved")):
            Favourites(folder).change(*((names, ()) if favourite else ((), names)))

    def rate(self, folder: Path, ratings: Mapping[str, int]) -> None:
        """Rate pictures, by their names, from 1 to 5; 0 takes the rating away."""
        bare = [name for name, rating in ratings.items() if rating == 0 and not _names_marks(folder / name)]
        given = {name: ratings[name] for name in ratings.keys() - set(bare)}
        with self._change(folder, message("The rating could not be saved")):
            Ratings(folder).change(given, forgotten=bare)

    def _forget(self, folder: Path, names: Sequence[str]) -> None:
        if key_set := set(map(key, names)) & Ratings(folder).known().keys():
            with self._change(folder, message("The rating could not be saved")):
                Ratings(folder).change({}, forgotten=key_set)

    def albums(self, folder: Path) -> list[Album]:
        """The albums, in the order of their making."""
        return [Album(name, tuple(keys)) for name, keys in Albums(folder).all().items()]

    def create_album(self, folder: Path, name: str, names: Sequence[str] = ()) -> str:
        """Make an album, with pictures in it; returns its name as it stands. Raises UserError for a name that cannot
        be, too.
        """
        with self._change_albums(folder) as albums:
            return albums.create(name, names)

    def rename_album(self, folder: Path, album: str, name: str) -> str:
        """Call an album otherwise. As `create_album`."""
        with self._change_albums(folder) as albums:
            return albums.rename(album, name)

    def delete_album(self, folder: Path, album: str) -> list[str]:
        """Forget an album; its pictures, whose names this returns, stay."""
        with self._change_albums(folder) as albums:
            return albums.delete(album)

    def change_album(self, folder: Path, album: str, added: Sequence[str] = (), removed: Sequence[str] = ()) -> None:
        """Put pictures into an album, or take them out."""
        with self._change_albums(folder) as albums:
            albums.change(album, added, removed)

    # -- pictures that come and go

    def of(self, folder: Path, row: IndexRow) -> IndexRow:
        """The row of a picture that was just saved, with the marks that its name has, or those that the file names."""
        name = key(row.name)
        with contextlib.suppress(OSError):
            self._adopt(Favourites(folder), Ratings(folder), [row])
        starred, ratings = Favourites(folder).keys(), Ratings(folder).by_key()
        return row._replace(favourite=name in starred, rating=ratings.get(name, 0))

    def follow(self, folder: Path, former: Sequence[IndexRow], fresh: Sequence[IndexRow]) -> bool:
        """Bring the index in line with the files in the folder, once pictures have come and gone there: those that
        were renamed keep their marks, those that are gone leave them for when they come back. Returns whether any
        mark of a picture is another one now.
        """
        with self._changing:
            stars, ratings, albums = Favourites(folder), Ratings(folder), Albums(folder)
            in_albums = {each for keys in albums.all().values() for each in keys}
            marked = stars.keys() | ratings.known().keys() | in_albums
            former = [row for row in former if key(row.name) in marked]
            moved = renamed(former, fresh)
            found = {key(row.name) for row in fresh}
            self._index.forget_gone(folder, moved)
            left = [row for row in former if row.name not in moved and key(row.name) not in found]
            self._index.put(folder, [row._replace(state=State.GONE) for row in left if row.state != State.GONE])
            try:
                if moved:
                    self._move(stars, ratings, albums, moved)
                self._adopt(stars, ratings, fresh)
            except OSError as error:
                log.warning("The marks of pictures that came could not be saved: %s", error)
            return self._take_over(folder)

    @staticmethod
    def _adopt(stars: Favourites, ratings: Ratings, fresh: Sequence[IndexRow]) -> None:
        """Take over the marks that files name of which nothing is known here."""
        marked = [row for row in fresh if row.rating or row.favourite]
        known = ratings.known().keys() | stars.keys() if marked else set()
        if new := [row for row in marked if key(row.name) not in known]:
            ratings.change({row.name: row.rating for row in new})
            stars.change([row.name for row in new if row.favourite])

    @staticmethod
    def _move(stars: Favourites, ratings: Ratings, albums: Albums, moved: Mapping[str, str]) -> None:
        starred, rated = stars.keys(), ratings.known()
        if some := {before: after for before, after in moved.items() if key(before) in starred}:
            stars.change(some.values(), some)
        if some := {before: after for before, after in moved.items() if key(before) in rated}:
            ratings.change({after: rated[key(before)] for before, after in some.items()}, forgotten=some)
        if any(key(before) in keys for keys in albums.all().values() for before in moved):
            albums.rename_pictures(moved)

    def drop(self, folder: Path, rows: Sequence[IndexRow]) -> None:
        """Pictures are deleted: a later one may get the name."""
        self._set(folder, rows, give=False)

    def give_back(self, folder: Path, rows: Sequence[IndexRow]) -> None:
        """Pictures are back, perhaps under another name, with the marks that they had."""
        self._set(folder, rows, give=True)

    def _set(self, folder: Path, rows: Sequence[IndexRow], give: bool) -> None:
        """Give the marks that the rows have, or take them."""
        starred = [row.name for row in rows if row.favourite]
        rated = {row.name: row.rating for row in rows if row.rating}
        in_albums: dict[str, list[str]] = {}
        for row in rows:
            for album in row.albums:
                in_albums.setdefault(album, []).append(row.name)
        try:
            if starred:
                self.star(folder, starred, give)
            if rated and give:
                self.rate(folder, rated)
            elif not give:
                self._forget(folder, [row.name for row in rows])
            for album, names in in_albums.items():
                self.change_album(folder, album, *((names, ()) if give else ((), names)))
        except UserError as error:
            log.warning("%s", error)

    # -- inside

    @contextlib.contextmanager
    def _change(self, folder: Path, doing: Message) -> Iterator[None]:
        """Change the files, and let the index follow."""
        with self._changing:
            try:
                yield
            except OSError as error:
                raise disk_error(error, doing, folder) from error
            self._take_over(folder)

    @contextlib.contextmanager
    def _change_albums(self, folder: Path) -> Iterator[Albums]:
        with self._change(folder, message("The album could not be saved")):
            yield Albums(folder)

    def _take_over(self, folder: Path) -> bool:
        marked = self._index.mark(folder, Favourites(folder).keys(), Ratings(folder).by_key())
        return self._index.set_albums(folder, Albums(folder).all()) or marked


def _names_marks(path: Path) -> bool:
    """Whether a file itself names a rating or a star, which would count again if nothing were kept of it."""
    try:
        return reading.read(path).marks != XmpMarks()
    except UserError:
        return False
