"""Deleting pictures, and bringing them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.errors import UserError
from app.core.message import Message, message, quoted, series
from app.library.pictures.gallery import Gallery
from app.library.pictures.trash import Trashed
from app.ui.background import Background
from app.ui.controls.message_bar import MessageBar
from app.ui.gallery.files.progress import ProgressNotice
from app.ui.gallery.files.undo import Undoable
from app.ui.gallery.pictures.model import GalleryModel
from app.ui.words import wording

NAMED = 3
"""So many pictures are called by name in one message."""


class _Deletion:
    """Pictures that were deleted together, and those of them that are clips."""

    def __init__(self, paths: list[Path], clips: set[Path]) -> None:
        self.paths = paths
        self.clips = clips
        self.trashed: list[Trashed] | None = None  # None while it is under way
        self.cancelled = False  # Undo was pressed meanwhile

    def counts(self) -> tuple[int, int]:
        """How many they are, and how many of them clips."""
        return len(self.paths), len(self.clips.intersection(self.paths))

    def counted(self) -> str:
        """How many they are: "3 pictures", "1 clip"."""
        return wording.counted(*self.counts())


class Deletions(QObject):
    """Files are moved in the background, a whole selection at a time.

    Signals:
        restored(Path): deleted pictures are back, this one and perhaps others.
        undoChanged: Undo would do something else now.
    """

    restored = Signal(object)
    undoChanged = Signal()

    def __init__(
        self, gallery: Gallery, model: GalleryModel, background: Background, bar: MessageBar, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._model = model
        self._background = background
        self._bar = bar
        self._stack: list[_Deletion | Undoable] = []

    def undo_title(self) -> str:
        """What Undo would do, as the menu says it; empty where there is nothing to undo."""
        if not self._stack:
            return ""
        last = self._stack[-1]
        if isinstance(last, Undoable):
            return last.title()
        count, clips = last.counts()
        if count == 1:
            return self.tr("Undo Delete of 1 Clip") if clips else self.tr("Undo Delete of 1 Picture")
        several = self.tr("Undo Delete of {n} Items")
        if not clips:
            several = self.tr("Undo Delete of {n} Pictures")
        elif clips == count:
            several = self.tr("Undo Delete of {n} Clips")
        return several.format(n=wording.number(count))

    def can_undo(self, done: Undoable) -> None:
        """Something else was done, which Undo takes back."""
        self._stack.append(done)
        self.undoChanged.emit()

    def delete(self, paths: Sequence[Path]) -> None:
        """Delete pictures; the bar offers to undo it, and so does Undo until the app is closed."""
        if not paths:
            return
        deletion = _Deletion(list(paths), self._model.clips_among(paths))
        self._stack.append(deletion)
        self.undoChanged.emit()
        self._model.hide(deletion.paths)

        def done(result: tuple[list[Trashed], dict[Path, UserError]]) -> None:
            trashed, errors = result
            self._model.unhide(deletion.paths)
            deletion.trashed = trashed
            deletion.paths = [each.path for each in trashed]
            if deletion.cancelled:
                self._bring_back(deletion, trashed)
            elif trashed:
                self._offer_undo(deletion)
            else:
                self._stack.remove(deletion)
            self.undoChanged.emit()
            self._show_failures(errors, lambda n, names: message("{n} could not be deleted: {names}", n=n, names=names))

        self._run(
            lambda percent: self.tr("Deleting {pictures}: {n} %").format(pictures=deletion.counted(), n=percent),
            lambda advance: self._gallery.trash_all(deletion.paths, advance),
            done,
        )

    def undo(self) -> None:
        """Take back what was done last: deleted pictures come back."""
        if not self._stack:
            return
        deletion = self._stack.pop()
        self.undoChanged.emit()
        if isinstance(deletion, Undoable):
            deletion.undo()
        elif deletion.trashed is None:
            deletion.cancelled = True
        else:
            self._bring_back(deletion, deletion.trashed)

    def _bring_back(self, deletion: _Deletion, trashed: list[Trashed]) -> None:
        def done(result: tuple[list[Path], dict[Path, UserError]]) -> None:
            paths, errors = result
            self._bar.dismiss()
            self._model.search()
            if paths:
                self.restored.emit(paths[0])
            self._show_failures(
                errors, lambda n, names: message("{n} could not be brought back: {names}", n=n, names=names)
            )

        self._run(
            lambda percent: self.tr("Bringing back {pictures}: {n} %").format(pictures=deletion.counted(), n=percent),
            lambda advance: self._gallery.restore_all(trashed, advance),
            done,
        )

    def _run(
        self,
        words: Callable[[int], str],
        work: Callable[[Callable[[int, int], None]], Any],
        done: Callable[[Any], None],
    ) -> None:
        progress = ProgressNotice(self._bar, words)

        def ended(result: Any) -> None:
            progress.end()
            done(result)

        def failed(error: UserError) -> None:
            progress.end()
            self._model.search()
            self._bar.show_error(error)

        self._background.run(lambda: work(progress.advance), ended, failed)

    def _offer_undo(self, deletion: _Deletion) -> None:
        self._bar.show_notice(
            lambda: self.tr("{pictures} deleted").format(pictures=deletion.counted()),
            lambda: self.tr("Undo"),
            self.undo,
        )

    def _show_failures(self, errors: Mapping[Path, UserError], summary: Callable[[int, Message], Message]) -> None:
        """Say what could not be done, each picture by its name as far as there is room."""
        if not errors:
            return
        self._model.search()
        first = next(iter(errors.values()))
        if len(errors) == 1:
            self._bar.show_error(first)
            return
        self._bar.show_error(UserError(summary(len(errors), self._names(errors)), first.remedy))

    @staticmethod
    def _names(paths: Iterable[Path]) -> Message:
        """The pictures' names, as far as there is room."""
        names = [quoted(path.name) for path in paths]
        return series(names[:NAMED] + ["…"] * (len(names) > NAMED))
