"""What can be done with pictures: delete and undo, export, copy, read the settings of one that was dropped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import UserError
from app.core.message import message
from app.core.request import GenerationRequest
from app.library.pictures import images
from app.library.pictures.gallery import Gallery
from app.library.pictures.images import Picture
from app.ui.background import Background
from app.ui.controls.message_bar import MessageBar
from app.ui.gallery.files import clipboard
from app.ui.gallery.files.deletions import Deletions
from app.ui.gallery.pictures.model import GalleryModel


class PictureActions(Deletions):
    """Files are touched in the background; what goes wrong is told in the message bar."""

    def __init__(
        self, gallery: Gallery, model: GalleryModel, background: Background, bar: MessageBar, window: QWidget
    ) -> None:
        super().__init__(gallery, model, background, bar, window)
        self._window = window

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
            raise UserError(
                message("The copy could not be saved: {reason}.", reason=error.strerror or type(error).__name__),
                message("Choose another folder."),
            ) from error
        return
    picture = images.read(path)
    images.save_as(images.decode(path), picture.request or GenerationRequest(""), picture.facts, target)
