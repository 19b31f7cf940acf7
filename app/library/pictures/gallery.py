"""The pictures in a folder: found, searched, marked, deleted. The folder is the truth; the index makes it quick."""

from __future__ import annotations

import dataclasses
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from app.core.enlarge import EnlargeRequest
from app.core.errors import UserError
from app.core.message import message
from app.core.output import ClipOutput, Output, Pixels, Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.files import disk_error
from app.library.pictures import clips, images
from app.library.pictures.favourites import Favourites, key, renamed
from app.library.pictures.images import Picture
from app.library.pictures.index import Index, IndexRow, Stamp
from app.library.pictures.sources import identified, shareable
from app.library.pictures.thumbnails import ThumbnailCache
from app.library.pictures.trash import Trash, Trashed

log = logging.getLogger(__name__)

Result = TypeVar("Result")

OnProgress = Callable[[int, int], None]

_BATCH = 200
_BEGINNING = 500
"""Characters of a prompt that the index keeps as they are written."""
_SUFFIXES = tuple(images.SUFFIXES)


class Gallery:
    """The pictures of one folder. All methods may be called from any thread; several processes may use one folder.

    Opening is quick and reads no picture: call `rescan` (in a thread of its own, it takes some seconds for thousands
    of new pictures) to learn what changed in the folder. Pictures that `add` names are there at once.

    Args:
        folder: the pictures' folder; need not exist yet. Pictures in folders below it do not belong to the gallery.
        index_path: the file of the index.
    """

    def __init__(self, folder: Path, index_path: Path) -> None:
        self._index = Index(index_path)
        self._thumbnails = ThumbnailCache(paths.thumbnails())
        self._scanning = threading.Lock()
        self._marking = threading.RLock()
        self._trashed: dict[Path, Trashed] = {}  # by where they wait
        self.folder = folder.absolute()

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
            folder = self.folder
            known = self._index.stamps(folder)  # before looking: what `add` puts in between must not count as gone
            found = dict(self._files(folder))
            gone = [name for name in known if name not in found]
            fresh = [name for name, stamp in found.items() if known.get(name) != stamp]
            for name in (*gone, *(name for name in fresh if name in known)):
                self._thumbnails.forget(folder / name, known[name])
            former = [*self._index.take(folder, gone).values()]
            former += [IndexRow(name, known[name], 0, "") for name in fresh if name in known]
            read: list[IndexRow] = []
            for start in range(0, len(fresh), _BATCH):
                rows = (self._row(folder, name, found[name]) for name in fresh[start : start + _BATCH])
                batch = [row for row in rows if row]
                self._index.put(folder, batch)
                read += batch
            with self._marking:
                marked = self._index.mark_favourites(folder, self._starred(folder, former, read))
            return bool(gone or fresh or marked)

    def add(self, picture: Picture) -> None:
        """Put a picture that was just saved in the folder into the index."""
        folder, name = self._place(picture.path)
        stat = picture.path.stat()
        keys = Favourites(folder).keys()
        self._index.put(folder, [_row(picture, Stamp(stat.st_mtime_ns, stat.st_size), key(name) in keys)])

    def save(self, output: Output, request: GenerationRequest, provenance: Provenance, file_format: str) -> Picture:
        """Save a picture in the folder as `images.save` does, and put it into the index; where that cannot be, the next
        scan finds it. A clip is moved into the folder.

        Raises:
            UserError: it cannot be saved.
        """
        if isinstance(output, ClipOutput):
            return clips.keep(output, request, provenance, self.folder)
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
                picture = images.read(folder / name)
            except UserError:  # it is gone meanwhile
                continue
            if picture.request is not None and shareable(picture.request) == wanted and picture.created >= since - 1:
                return picture.path
        return None

    def search(self, text: str = "", favourites: bool = False) -> list[Path]:
        """The pictures, newest first; with `text`, those with all of its words in the prompt, the model or the name."""
        folder = self.folder
        names = self._ask(lambda index: index.search(folder, text, favourites))
        return [folder / name for name in names]

    def count(self) -> int:
        folder = self.folder
        return self._ask(lambda index: index.count(folder))

    def get(self, path: Path) -> Picture:
        """What a picture says of itself. Raises UserError as `images.read`."""
        return images.read(path)

    def thumbnail(self, path: Path, side: int) -> bytes:
        """A small copy as JPEG that fits a square of `side` pixels.

        Raises:
            UserError: the picture is gone or damaged.
        """
        return self._thumbnails.get(path, side)

    def favourite(self, path: Path) -> bool:
        folder, name = self._place(path)
        return self._ask(lambda index: index.is_favourite(folder, name))

    def prompt_and_seed(self, path: Path) -> tuple[str, int | None]:
        """The beginning of a picture's prompt and its seed, as the index knows them; no file is read."""
        if path.parent != self.folder:  # it was listed before the gallery moved
            return "", None
        return self._index.prompt_and_seed(path.parent, path.name)

    def set_favourite(self, path: Path, favourite: bool) -> None:
        """Raises UserError as `set_favourites`."""
        self.set_favourites([path], favourite)

    def set_favourites(self, paths: Iterable[Path], favourite: bool) -> None:
        """Give or take the star.

        Raises:
            UserError: the folder cannot be written to; the marks stay as they were.
        """
        places = [self._place(path) for path in paths]
        for folder in {folder for folder, _ in places}:
            with self._marking:
                names = [name for place, name in places if place == folder]
                try:
                    keys = Favourites(folder).change(*((names, ()) if favourite else ((), names)))
                except OSError as error:
                    raise disk_error(error, message("The favourite could not be saved"), folder) from error
                self._index.mark_favourites(folder, keys)

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
        if not paths:
            return [], {}
        folder = self.folder
        trashed: list[Trashed] = []
        errors: dict[Path, UserError] = {}
        trash = Trash(folder)
        slot = trash.slot()
        for path in paths:
            self._place(path)
        for done, path in enumerate(paths):
            on_progress(done, len(paths))
            try:
                trashed.append(trash.take(path, slot))
            except UserError as error:
                errors[path] = error
        rows = self._index.take(folder, [each.path.name for each in trashed])
        trashed = [dataclasses.replace(each, row=rows.get(each.path.name)) for each in trashed]
        with self._marking:
            self._trashed.update((each.waiting, each) for each in trashed)
        marked = [each.path for each in trashed if each.row is not None and each.row.favourite]
        if marked:  # a later picture may get the name
            try:
                self.set_favourites(marked, False)
            except UserError as error:
                log.warning("%s", error)
        return trashed, errors

    def restore_all(
        self, trashed: Sequence[Trashed], on_progress: OnProgress = lambda done, total: None
    ) -> tuple[list[Path], dict[Path, UserError]]:
        """Undo `trash_all`, as far as that is possible.

        Returns:
            The pictures' places, with new names where others took the old ones, and for each that could not be
            put back its error, by its old place.
        """
        paths: list[Path] = []
        marked: list[Path] = []
        rows: list[IndexRow] = []
        errors: dict[Path, UserError] = {}
        for done, each in enumerate(trashed):
            on_progress(done, len(trashed))
            folder = each.path.parent
            try:
                path = Trash(folder).put_back(each)
            except UserError as error:
                errors[each.path] = error
                continue
            with self._marking:
                self._trashed.pop(each.waiting, None)
            paths.append(path)
            if folder == self.folder and each.row is not None:
                rows.append(each.row._replace(name=path.name))
                if each.row.favourite:
                    marked.append(path)
        if rows:
            self._index.put(self.folder, rows)
        if marked:
            try:
                self.set_favourites(marked, True)
            except UserError as error:
                log.warning("%s", error)
        return paths, errors

    def close(self) -> None:
        """Give what was deleted to the system's trash and let go of the index."""
        for trashed in (*self._trashed.values(), *Trash(self.folder).left_behind()):
            try:
                stat = trashed.waiting.stat()
            except FileNotFoundError:
                continue
            self._thumbnails.forget(trashed.path, Stamp(stat.st_mtime_ns, stat.st_size))
            Trash(trashed.path.parent).hand_over(trashed)
        self._trashed.clear()
        self._index.close()

    def _add_if_possible(self, picture: Picture) -> None:
        try:
            self.add(picture)
        except (OSError, ValueError):  # it was moved, or this shows another folder now
            log.exception("%s is saved, but not in the index yet", picture.path)

    def _ask(self, question: Callable[[Index], Result]) -> Result:
        """Ask the index; if its file just failed, fill the new one first."""
        answer = question(self._index)
        if self._index.lost:
            self._index.lost = False
            self.rescan()
            answer = question(self._index)
        return answer

    def _place(self, path: Path) -> tuple[Path, str]:
        folder = self.folder
        if path.parent != folder:
            raise ValueError(f"{path} does not belong to the gallery of {folder}")
        return folder, path.name

    def _files(self, folder: Path) -> Iterator[tuple[str, Stamp]]:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    name = entry.name
                    if name.startswith(".") or not name.lower().endswith(_SUFFIXES):
                        continue
                    try:
                        if entry.is_file():
                            stat = entry.stat()
                            yield name, Stamp(stat.st_mtime_ns, stat.st_size)
                    except OSError:  # gone in between, or a link to nowhere
                        continue
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise UserError(
                message("The folder “{folder}” may not be read.", folder=folder),
                message("Allow reading it, or choose another folder in Settings."),
            ) from error

    def _row(self, folder: Path, name: str, stamp: Stamp) -> IndexRow | None:
        try:
            return _row(images.read(folder / name), stamp)
        except UserError as error:
            if not (folder / name).exists():
                return None
            log.info("Not shown in the gallery: %s", error)
            return IndexRow(name, stamp, stamp.mtime_ns / 1e9, "", readable=False)

    def _starred(self, folder: Path, former: Sequence[IndexRow], fresh: Sequence[IndexRow]) -> frozenset[str]:
        """The keys of the favourites; the star of a picture that was renamed goes to its new name."""
        favourites = Favourites(folder)
        keys = favourites.keys()
        moved = renamed([row for row in former if key(row.name) in keys], fresh)
        if moved:
            try:
                return favourites.change(moved.values(), moved)
            except OSError as error:
                log.warning("The stars of renamed pictures could not be saved: %s", error)
        return keys


def _row(picture: Picture, stamp: Stamp, favourite: bool = False) -> IndexRow:
    words = " ".join((picture.prompt, picture.provenance.model or "", picture.path.name))
    seed = picture.seed if picture.seed is not None and abs(picture.seed) < 2**63 else None
    beginning = picture.prompt[:_BEGINNING]
    return IndexRow(picture.path.name, stamp, picture.created, words, favourite=favourite, prompt=beginning, seed=seed)
