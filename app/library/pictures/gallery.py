"""The pictures in a folder: found, searched, marked, deleted. The folder is the truth; the index makes it quick."""

from __future__ import annotations

import logging
import threading
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from app.core.enlarge import EnlargeRequest
from app.core.errors import UserError
from app.core.output import ClipOutput, Output, Pixels, Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images, lineage, reading
from app.library.pictures.deleting import Deleting, OnProgress
from app.library.pictures.formats.xmp_marks import XmpMarks
from app.library.pictures.images import Picture
from app.library.pictures.index.index import Index
from app.library.pictures.index.query import Query
from app.library.pictures.index.rows import Entry, IndexRow, Stamp
from app.library.pictures.marks.marks import Album, Marks
from app.library.pictures.scanning import files, folders, row_of
from app.library.pictures.sources import identified, shareable
from app.library.pictures.thumbnails import ThumbnailCache
from app.library.pictures.trash import Trashed

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_BATCH = 200


class Gallery:
    """The pictures of one folder. All methods may be called from any thread; several processes may use one folder.

    Opening is quick and reads no picture: call `rescan` (in a thread of its own, it takes some seconds for thousands
    of new pictures) to learn what changed in the folder. Pictures that `add` names are there at once.

    Args:
        folder: the pictures' folder; need not exist yet.
        index_path: the file of the index.
        nested: whether pictures in folders below it belong to the gallery.
    """

    def __init__(self, folder: Path, index_path: Path, nested: bool = False) -> None:
        self._index = Index(index_path)
        self._marks = Marks(self._index)
        self._thumbnails = ThumbnailCache(paths.thumbnails())
        self._scanning = threading.Lock()
        self._deleting = Deleting(self._index, self._marks, self._thumbnails)
        self.folder = folder.absolute()
        self.nested = nested

    def move_to(self, folder: Path) -> None:
        """Show another folder from now on."""
        with self._scanning:
            self.folder = folder.absolute()

    def rescan(self) -> bool:
        """Bring the index up to date with the folder; returns whether anything changed.

        Raises:
            UserError: the folder is there but may not be read.
        """
        with self._scanning:
            folder, nested = self.folder, self.nested
            known = self._index.stamps(folder)  # before looking: what `add` puts in between must not count as gone
            found = dict(files(folder, nested))
            gone = [name for name in known if name not in found and (nested or "/" not in name)]
            fresh = [name for name, stamp in found.items() if known.get(name) != stamp]
            for name in (*gone, *(name for name in fresh if name in known)):
                self._thumbnails.forget(folder / name, known[name])
            former = [*self._index.take(folder, gone).values(), *self._index.gone(folder)]
            former += [IndexRow(name, known[name], 0) for name in fresh if name in known]
            digests = {row.stamp: row.digest for row in former if row.digest}
            read: list[IndexRow] = []
            for start in range(0, len(fresh), _BATCH):
                rows = (row_of(folder, name, found[name]) for name in fresh[start : start + _BATCH])
                batch = [row._replace(digest=digests.get(row.stamp, "")) for row in rows if row]
                self._index.put(folder, batch)
                read += batch
            marked = self._marks.follow(folder, former, read)
            self._thumbnails.trim()
            return bool(gone or fresh or marked)

    def folders(self) -> list[Path]:
        """The folders in which `rescan` looks: the gallery's own, and with `nested` those below it."""
        return folders(self.folder, self.nested)

    def add(self, picture: Picture) -> None:
        """Put a picture that was just saved in the folder into the index."""
        folder, name = self._place(picture.path)
        row = lineage.row(picture, name, Stamp.of(picture.path.stat()))
        self._index.put(folder, [self._marks.of(folder, row)])
        lineage.note_parents(self._index, folder, picture)

    def save(self, output: Output, request: GenerationRequest, provenance: Provenance, file_format: str) -> Picture:
        """Save a picture in the folder as `images.save` does, and put it into the index; where that cannot be, the next
        scan finds it. A clip is taken out of the worker's folder, with how it was made.

        Raises:
            UserError: it cannot be saved.
        """
        if isinstance(output, ClipOutput):
            from app.library.pictures.clips import keeping  # FFmpeg's side, for clips alone

            picture = keeping.keep(output, request, provenance, self.folder)
        else:
            picture = images.save(output.pixels, request, provenance, self.folder, file_format)
        self._add_if_possible(picture)
        return picture

    def save_enlarged(self, pixels: Pixels, request: EnlargeRequest, provenance: Provenance) -> Picture:
        """Save a larger copy of a picture in the folder, as `enlarged.save_enlarged` does, and put it into the index.

        Raises:
            UserError: it cannot be saved.
        """
        from app.library.pictures.export import enlarged

        source = paths.expanded(request.path)
        target = self.folder / enlarged.file_name(source, request.factor)
        picture = enlarged.save_enlarged(pixels, source, target, provenance)
        self._add_if_possible(picture)
        return picture

    def enlarged_since(self, request: EnlargeRequest, since: float) -> Path | None:
        """A picture of exactly this request that was saved since then (unix time); None where there is none."""
        from app.library.pictures.export import enlarged

        return enlarged.find(self.folder, request, since)

    def made_since(self, request: GenerationRequest, since: float) -> Path | None:
        """A picture of exactly this request for one picture that was saved since then (unix time); None where there is
        none. It goes by the index: `rescan` first where another process may have saved it.
        """
        folder, seed = self.folder, request.seed or 0
        wanted = shareable(identified(request))
        for name in self._ask(lambda index: index.of_seed(folder, seed)):
            try:
                picture = reading.read(folder / name)
            except UserError:  # it is gone meanwhile
                continue
            if picture.request is None or picture.provenance.grid is not None:
                continue
            if shareable(picture.request) == wanted and picture.created >= since - 1:
                return picture.path
        return None

    def search(self, text: str = "", favourites: bool = False) -> list[Path]:
        """The pictures, newest first; with `text`, those with all of its words in the prompt, the model or the name."""
        found = self.find(Query(text, favourites, nested=self.nested))
        return [self.folder / name for name in self._index.names(found)]

    def times(self, query: Query) -> array[float]:
        """When the wanted pictures were made, in the order of `find`: unix times."""
        folder = self.folder
        return self._ask(lambda index: index.times(folder, query))

    def find(self, query: Query) -> array[int]:
        """The ids of the pictures that are wanted, in their order. What they stand for tell `entries`."""
        folder = self.folder
        return self._ask(lambda index: index.find(folder, query))

    def clips(self) -> frozenset[int]:
        """The ids of those that are clips."""
        folder = self.folder
        return self._ask(lambda index: index.clips(folder))

    @property
    def generation(self) -> int:
        """Ids count within one generation of the index."""
        return self._index.generation

    def entries(self, ids: Sequence[int], generation: int) -> dict[int, Entry]:
        """What is shown of pictures, by id, without those that are gone. No file is read, and no thread waited for."""
        return self._index.entries(ids, generation)

    def ids(self, paths: Iterable[Path]) -> dict[Path, int]:
        """The ids of pictures; without those that are not known."""
        folder = self.folder
        names = {path.relative_to(folder).as_posix(): path for path in paths if path.is_relative_to(folder)}
        return {names[name]: each for name, each in self._index.ids(folder, names).items()}

    def in_use(self, what: str) -> list[str]:
        """The "model"s or "backend"s that the pictures were made with."""
        return self._index.in_use(self.folder, what)

    def count(self) -> int:
        folder, nested = self.folder, self.nested
        return self._ask(lambda index: index.count(folder, nested))

    def get(self, path: Path) -> Picture:
        """What a picture or clip says of itself. Raises UserError as `reading.read`."""
        return reading.read(path)

    def thumbnail(self, path: Path, side: int) -> bytes:
        """A small copy as JPEG that fits a square of `side` pixels.

        Raises:
            UserError: the picture is gone or damaged.
        """
        return self._thumbnails.get(path, side)

    def entry(self, path: Path) -> Entry | None:
        """What is shown of a picture, as the index knows it; None where it does not."""
        if not path.is_relative_to(self.folder):  # it was listed before the gallery moved
            return None
        folder, name = self._place(path)
        return self._ask(lambda index: index.entry(folder, name))

    # -- marks

    def favourite(self, path: Path) -> bool:
        folder, name = self._place(path)
        entry = self._ask(lambda index: index.entry(folder, name))
        return entry is not None and entry.favourite

    def set_favourite(self, path: Path, favourite: bool) -> None:
        """Raises UserError as `set_favourites`."""
        self.set_favourites([path], favourite)

    def set_favourites(self, paths: Iterable[Path], favourite: bool) -> None:
        """Give or take the star.

        Raises:
            UserError: the folder cannot be written to; the marks stay as they were.
        """
        for folder, names in self._by_folder(paths).items():
            self._marks.star(folder, names, favourite)

    def rating(self, path: Path) -> int:
        """1 to 5; 0 for none."""
        entry = self.entry(path)
        return 0 if entry is None else entry.rating

    def set_ratings(self, ratings: Mapping[Path, int]) -> None:
        """Rate pictures from 1 to 5; 0 takes the rating away.

        Raises:
            UserError: as `set_favourites`.
            ValueError: one is no rating; none is changed.
        """
        for folder, names in self._by_folder(ratings).items():
            self._marks.rate(folder, {name: ratings[folder / name] for name in names})

    def marks(self, path: Path) -> XmpMarks | None:
        """The rating and the star of a picture; None for one that is not of the gallery."""
        entry = self.entry(path)
        return None if entry is None else XmpMarks(entry.rating, entry.favourite)

    def albums(self) -> list[Album]:
        return self._marks.albums(self.folder)

    def create_album(self, name: str, paths: Iterable[Path] = ()) -> str:
        """Make an album, with pictures in it; returns its name as it stands.

        Raises:
            UserError: the name cannot be, or the folder cannot be written to.
        """
        return self._marks.create_album(self.folder, name, [self._place(path)[1] for path in paths])

    def rename_album(self, album: str, name: str) -> str:
        """Call an album otherwise. As `create_album`."""
        return self._marks.rename_album(self.folder, album, name)

    def delete_album(self, album: str) -> list[Path]:
        """Forget an album; its pictures, which this returns, stay. Raises UserError as `set_favourites`."""
        return [self.folder / name for name in self._marks.delete_album(self.folder, album)]

    def change_album(self, album: str, added: Iterable[Path] = (), removed: Iterable[Path] = ()) -> None:
        """Put pictures into an album, or take them out. Raises UserError as `set_favourites`."""
        names = ([self._place(path)[1] for path in some] for some in (added, removed))
        self._marks.change_album(self.folder, album, *names)

    # -- what was made from what

    def parents(self, path: Path) -> list[Path]:
        """The pictures of the gallery that one was made from. It may read files: call it in another thread."""
        return [self.folder / name for name in lineage.parents(self._index, *self._place(path))]

    def children(self, path: Path) -> list[Path]:
        """The pictures of the gallery that were made from one. As `parents`."""
        return [self.folder / name for name in lineage.children(self._index, *self._place(path))]

    # -- deleting

    def trash(self, path: Path) -> Trashed:
        """Delete one picture, as `trash_all`.

        Raises:
            UserError: it cannot be deleted and is still there.
        """
        trashed, errors = self.trash_all([path])
        if errors:
            raise next(iter(errors.values()))
        return trashed[0]

    def restore(self, trashed: Trashed) -> Path:
        """Undo `trash`; returns the picture's place, a new name if another took the old one.

        Raises:
            UserError: it cannot be put back.
        """
        paths, errors = self.restore_all([trashed])
        if errors:
            raise next(iter(errors.values()))
        return paths[0]

    def trash_all(
        self, paths: Sequence[Path], on_progress: OnProgress = lambda done, total: None
    ) -> tuple[list[Trashed], dict[Path, UserError]]:
        """Delete pictures; `restore_all` undoes that until `close`, which gives them to the system's trash.

        Args:
            on_progress: is told so many of all are moved, in this thread.

        Returns:
            Those that are deleted, and for each that is not its error.
        """
        return self._deleting.trash(self.folder, [self._place(path)[1] for path in paths], on_progress)

    def restore_all(
        self, trashed: Sequence[Trashed], on_progress: OnProgress = lambda done, total: None
    ) -> tuple[list[Path], dict[Path, UserError]]:
        """Undo `trash_all`, as far as that is possible.

        Returns:
            The pictures' places, with new names where others took the old ones, and for each that could not be
            put back its error, by its old place.
        """
        return self._deleting.restore(self.folder, trashed, on_progress)

    def close(self) -> None:
        """Give what was deleted to the system's trash and let go of the index."""
        self._deleting.hand_over(self.folders())
        self._index.close()

    def _add_if_possible(self, picture: Picture) -> None:
        try:
            self.add(picture)
        except (OSError, ValueError):  # it was moved, or this shows another folder now
            log.exception("%s is saved, but not in the index yet", picture.path)

    def _ask(self, question: Callable[[Index], Result]) -> Result:
        """Ask the index; if its file just failed, fill the new one first."""
        answer = question(self._index)
        if self._index.database.lost:
            self._index.database.lost = False
            self.rescan()
            answer = question(self._index)
        return answer

    def _place(self, path: Path) -> tuple[Path, str]:
        """The gallery's folder, and the picture's name within it."""
        folder = self.folder
        if not path.is_relative_to(folder):
            raise ValueError(f"{path} does not belong to the gallery of {folder}")
        return folder, path.relative_to(folder).as_posix()

    def _by_folder(self, paths: Iterable[Path]) -> dict[Path, list[str]]:
        """Names of pictures by the folder that they belong to: the gallery may move meanwhile."""
        found: dict[Path, list[str]] = {}
        for path in paths:
            folder, name = self._place(path)
            found.setdefault(folder, []).append(name)
        return found
