"""Pictures are deleted with all that is known of them, and come back with it."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from app.core.errors import UserError
from app.library.pictures.index.index import Index
from app.library.pictures.index.rows import IndexRow, Stamp
from app.library.pictures.marks.marks import Marks
from app.library.pictures.thumbnails import ThumbnailCache
from app.library.pictures.trash import Trash, Trashed

OnProgress = Callable[[int, int], None]
"""Is told so many of all are moved, in the thread that moves them."""


class Deleting:
    """Moves pictures into the trash of their folder, and takes their rows and marks along."""

    def __init__(self, index: Index, marks: Marks, thumbnails: ThumbnailCache) -> None:
        self._index = index
        self._marks = marks
        self._thumbnails = thumbnails
        self._lock = threading.Lock()
        self._trashed: dict[Path, Trashed] = {}  # by where they wait

    def trash(
        self, folder: Path, names: Sequence[str], on_progress: OnProgress
    ) -> tuple[list[Trashed], dict[Path, UserError]]:
        """Delete pictures of a gallery's folder, together. As `Gallery.trash_all`."""
        trashed: dict[str, Trashed] = {}
        errors: dict[Path, UserError] = {}
        slots: dict[Path, Path] = {}
        for done, name in enumerate(names):
            on_progress(done, len(names))
            path = folder / name
            trash = Trash(path.parent)
            slot = slots.setdefault(path.parent, trash.slot())
            try:
                trashed[name] = trash.take(path, slot)
            except UserError as error:
                errors[path] = error
        rows = self._index.take(folder, trashed)
        moved = [dataclasses.replace(each, row=rows.get(name)) for name, each in trashed.items()]
        with self._lock:
            self._trashed.update((each.waiting, each) for each in moved)
        self._marks.drop(folder, [*rows.values()])
        return moved, errors

    def restore(
        self, folder: Path, trashed: Sequence[Trashed], on_progress: OnProgress
    ) -> tuple[list[Path], dict[Path, UserError]]:
        """Undo `trash`; `folder` is the gallery's now. As `Gallery.restore_all`."""
        paths: list[Path] = []
        rows: list[IndexRow] = []
        errors: dict[Path, UserError] = {}
        for done, each in enumerate(trashed):
            on_progress(done, len(trashed))
            try:
                path = Trash(each.path.parent).put_back(each)
            except UserError as error:
                errors[each.path] = error
                continue
            with self._lock:
                self._trashed.pop(each.waiting, None)
            paths.append(path)
            if path.is_relative_to(folder) and each.row is not None:
                rows.append(each.row._replace(name=path.relative_to(folder).as_posix()))
        self._index.put(folder, rows)
        self._marks.give_back(folder, rows)
        return paths, errors

    def hand_over(self, folders: Iterable[Path]) -> None:
        """Give what was deleted to the system's trash, also what an earlier session left in these folders."""
        left = [each for folder in folders for each in Trash(folder).left_behind()]
        for trashed in (*self._trashed.values(), *left):
            try:
                status = trashed.waiting.stat()
            except FileNotFoundError:
                continue
            self._thumbnails.forget(trashed.path, Stamp.of(status))
            Trash(trashed.path.parent).hand_over(trashed)
        self._trashed.clear()
