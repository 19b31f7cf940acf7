"""What can be done with pictures: delete and undo, export, copy, read the settings of one that was dropped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import UserError
from app.core.request import GenerationRequest
from app.library.pictures import images
from app.library.pictures.gallery import Gallery
from app.library.pictures.images import Picture
from app.library.pictures.trash import Trashed
from app.ui.background import Background
from app.ui.controls.message_bar import MessageBar
from app.ui.gallery import clipboard
from app.ui.gallery.files.progress import ProgressNotice
from app.ui.gallery.model import GalleryModel
from app.ui.words import wording


class PictureActions(QObject):
    """Files are touched in the background; what goes wrong is told in the message bar.

    Signals:
        restored(Path): a deleted picture is back.
        undoChanged: Undo would do something else now.
    """

    restored = Signal(object)
    undoChanged = Signal()

    def __init__(
        self, gallery: Gallery, model: GalleryModel, background: Background, bar: MessageBar, window: QWidget
    ) -> None:
        super().__init__(window)
        self._gallery = gallery
        self._model = model
        self._background = background
        self._bar = bar
        self._window = window
        self._deleted: list[list[Trashed]] = []

    def undo_title(self) -> str:
        """What Undo would do, as the menu says it; empty where there is nothing to undo."""
        if not self._deleted:
            return ""
        count = len(self._deleted[-1])
        if count == 1:
            return self.tr("Undo Delete of 1 Picture")
        return self.tr("Undo Delete of {n} Pictures").format(n=wording.number(count))

    def delete(self, paths: Sequence[Path]) -> None:
        """Delete pictures; the bar offers to undo it, and so does Undo until the app is closed."""
        if not paths:
            return
        self._model.hide(paths)
        count = wording.pictures(len(paths))
        progress = ProgressNotice(
            self._bar, lambda percent: self.tr("Deleting {pictures}: {n} %").format(pictures=count, n=percent)
        )

        def work() -> tuple[list[Trashed], list[UserError]]:
            trashed: list[Trashed] = []
            errors: list[UserError] = []
            for done, path in enumerate(paths):
                progress.advance(done, len(paths))
                try:
                    trashed.append(self._gallery.trash(path))
                except UserError as error:
                    errors.append(error)
            return trashed, errors

        def done(result: tuple[list[Trashed], list[UserError]]) -> None:
            progress.end()
            trashed, errors = result
            self._model.unhide(paths)
            if trashed:
                self._deleted.append(trashed)
                self.undoChanged.emit()
                self._bar.show_notice(
                    lambda: self.tr("{pictures} deleted").format(pictures=wording.pictures(len(trashed))),
                    lambda: self.tr("Undo"),
                    self.undo,
                )
            if errors:
                self._model.search()
                self._bar.show_error(errors[0])

        def failed(error: UserError) -> None:
            progress.end()
            self._model.unhide(paths)
            self._failed(error)

        self._background.run(work, done, failed)

    def undo(self) -> None:
        """Bring back what was deleted last."""
        if not self._deleted:
            return
        trashed = self._deleted.pop()
        self.undoChanged.emit()
        count = wording.pictures(len(trashed))
        progress = ProgressNotice(
            self._bar, lambda percent: self.tr("Bringing back {pictures}: {n} %").format(pictures=count, n=percent)
        )

        def work() -> list[Path]:
            paths = []
            for done, each in enumerate(reversed(trashed)):
                progress.advance(done, len(trashed))
                paths.append(self._gallery.restore(each))
            return paths

        def done(paths: list[Path]) -> None:
            progress.end()
            self._bar.dismiss()
            self._model.search()
            self.restored.emit(paths[0])

        def failed(error: UserError) -> None:
            progress.end()
            self._failed(error)

        self._background.run(work, done, failed)

    def export(self, paths: Sequence[Path]) -> None:
        """Save copies where the user wants them: one under a name and in a format, several in a folder."""
        if len(paths) == 1:
            kinds = ";;".join(("PNG (*.png)", "JPEG (*.jpg)", "WebP (*.webp)"))
            name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Export"), paths[0].name, kinds)
            targets = [Path(name)] if name else []
        else:
            folder = QFileDialog.getExistingDirectory(self._window, self.tr("Export to a folder"))
            targets = [Path(folder) / path.name for path in paths] if folder else []
        if targets:
            self.export_to(paths, targets)

    def export_to(self, paths: Sequence[Path], targets: Sequence[Path]) -> None:
        """Save copies under these names; another suffix is another format."""

        def work() -> None:
            for path, target in zip(paths, targets, strict=True):
                _copy(path, target)

        def done(_: object) -> None:
            where = targets[0].name if len(targets) == 1 else targets[0].parent.name
            self._bar.show_notice(lambda: self.tr("Exported to “{name}”").format(name=where))

        self._background.run(work, done, self._failed)

    def copy(self, paths: Sequence[Path]) -> None:
        """Put pictures on the clipboard."""
        if paths:
            clipboard.copy(paths, self._background)

    def read(self, path: Path, then: Callable[[Picture], None]) -> None:
        """Read what a picture says of itself; what is no picture gets a message."""
        self._background.run(lambda: images.read(path), then, self._failed)

    def _failed(self, error: UserError) -> None:
        self._model.search()
        self._bar.show_error(error)


def settings_text(request: GenerationRequest) -> str:
    """A request as text to paste somewhere."""
    lines = [request.prompt]
    if request.negative:
        lines.append(f"Negative: {request.negative}")
    guidance = f", guidance {request.guidance:g}" if request.guidance is not None else ""
    size = f"{request.width} × {request.height}"
    lines.append(f"{size}, {request.steps} steps{guidance}, seed {request.seed}, {request.model}")
    return "\n".join(lines)


def _copy(path: Path, target: Path) -> None:
    if images.SUFFIXES.get(target.suffix.lower()) == images.SUFFIXES.get(path.suffix.lower()):
        if path.resolve() == target.resolve():
            return
        try:
            shutil.copyfile(path, target)
        except OSError as error:
            raise UserError(f"The copy could not be saved: {error.strerror}.", "Choose another folder.") from error
        return
    picture = images.read(path)
    images.save_as(images.decode(path), picture.request or GenerationRequest(""), picture.facts, target)
