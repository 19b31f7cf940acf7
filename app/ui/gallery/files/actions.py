"""What can be done with pictures: delete and undo, export, copy, read the settings of one that was dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import UserError
from app.core.message import message
from app.core.request import GenerationRequest
from app.library.pictures import reading
from app.library.pictures.gallery import Gallery
from app.library.pictures.images import Picture
from app.library.settings import Settings
from app.ui.background import Background
from app.ui.controls.message_bar import MessageBar
from app.ui.gallery.files import clipboard
from app.ui.gallery.files.deletions import Deletions
from app.ui.gallery.files.undo import Undoable
from app.ui.gallery.pictures.model import GalleryModel
from app.ui.words import wording


class PictureActions(Deletions):
    """Files are touched in the background; what goes wrong is told in the message bar."""

    def __init__(
        self,
        gallery: Gallery,
        model: GalleryModel,
        background: Background,
        bar: MessageBar,
        window: QWidget,
        settings: Settings,
    ) -> None:
        super().__init__(gallery, model, background, bar, window)
        self._window = window
        self._settings = settings

    def export(self, paths: Sequence[Path], frame: int | None = None) -> None:
        """Ask how, and save copies where the user wants them: one under a name, several in a folder.

        Args:
            frame: of a clip in the viewer, the one that is seen.
        """
        from app.ui.gallery.files.export_dialog import ExportDialog, formats  # most starts never need it

        if not paths:
            return
        clips = sum(map(self._model.is_clip, paths))
        offered = formats(clips, len(paths) - clips)

        def go_on(suffix: str, words: bool) -> None:
            self._export_somewhere(paths, offered, frame, suffix, words)

        ExportDialog(self._settings, go_on, self._window, offered, frame=frame is not None).open()

    def _export_somewhere(
        self, paths: Sequence[Path], offered: Mapping[str, str], frame: int | None, suffix: str, words: bool
    ) -> None:
        names = [path.with_suffix(suffix).name if suffix else path.name for path in paths]
        if len(paths) > 1:
            folder = QFileDialog.getExistingDirectory(self._window, self.tr("Export to a folder"))
            if folder:
                self.export_to(paths, [Path(folder) / name for name in names], words=words)
            return
        own = Path(names[0]).suffix
        kinds = {f"{name} (*{each})": each for each, name in offered.items()}
        chosen = next((kind for kind, each in kinds.items() if each == own.lower()), "")
        name, kind = QFileDialog.getSaveFileName(self._window, self.tr("Export"), names[0], ";;".join(kinds), chosen)
        target = Path(name)
        if name and not target.suffix:
            # Nobody has asked about a file with the longer name.
            longer = target.with_name(target.name + kinds.get(kind, own))
            self.export_to(paths, [longer], words=words, frame=frame)
        elif name:
            self.export_to(paths, [target], replace=True, words=words, frame=frame)

    def export_to(
        self,
        paths: Sequence[Path],
        targets: Sequence[Path],
        *,
        replace: bool = False,
        words: bool = True,
        frame: int | None = None,
    ) -> None:
        """Save copies under these names; another suffix is another format.

        Args:
            replace: the user named the file and agreed that an older one is replaced. Else a taken name gets a number.
            words: whether the copies say how they were made.
            frame: which one of a clip becomes a picture, where the suffix asks for that.
        """
        from app.library.pictures.clips.writing import SUFFIXES
        from app.library.pictures.export.clip_copies import export_frame
        from app.library.pictures.export.copying import export_all

        def work(advance: Callable[[int, int], None]) -> tuple[list[Path], dict[Path, UserError]]:
            suffix = targets[0].suffix.lower()
            if frame is None or suffix in SUFFIXES or suffix == paths[0].suffix.lower():
                return export_all(paths, targets, advance, replace=replace, words=words, marks=self._gallery.marks)
            marks = self._gallery.marks(paths[0])
            try:
                return [export_frame(paths[0], frame, targets[0], replace=replace, words=words, marks=marks)], {}
            except UserError as error:
                return [], {paths[0]: error}

        def done(result: tuple[list[Path], dict[Path, UserError]]) -> None:
            exported, errors = result
            folder = targets[0].parent.name or str(targets[0].parent)
            if errors:
                self._show_not_exported(len(exported), folder, errors)
            elif len(exported) == 1:
                name = exported[0].name
                self._bar.show_notice(
                    lambda: self.tr("Exported “{name}” to “{folder}”").format(name=name, folder=folder)
                )
            else:
                self._bar.show_notice(
                    lambda: self.tr("Exported {pictures} to “{folder}”").format(
                        pictures=wording.counted(len(paths), clips), folder=folder
                    )
                )

        clips = len(self._model.clips_among(paths))
        if paths:
            self._run(
                lambda percent: self.tr("Exporting {pictures}: {n} %").format(
                    pictures=wording.counted(len(paths), clips), n=percent
                ),
                work,
                done,
            )

    def _show_not_exported(self, exported: int, folder: str, errors: dict[Path, UserError]) -> None:
        if not exported:
            self._show_failures(
                errors, lambda n, names: message("{n} could not be exported: {names}", n=n, names=names)
            )
            return
        first = next(iter(errors.values()))
        problem = message(
            "{n} of {total} were exported to “{folder}”, but not {names}: {reason}",
            n=exported,
            total=exported + len(errors),
            folder=folder,
            names=self._names(errors),
            reason=first.message,
        )
        self._bar.show_error(UserError(problem, first.remedy))

    def rate(self, paths: Sequence[Path], rating: int) -> None:
        """Rate pictures from 1 to 5; 0 takes the rating away."""
        before = {path: self._model.rating(path) for path in paths}
        if all(rating == each for each in before.values()):
            return
        self._model.set_ratings(dict.fromkeys(paths, rating))
        self.can_undo(Undoable(lambda: self.tr("Undo Rating"), lambda: self._model.set_ratings(before)))

    def copy(self, paths: Sequence[Path]) -> None:
        """Put pictures on the clipboard."""
        if paths:
            clipboard.copy(paths, self._background)

    def read(self, path: Path, then: Callable[[Picture], None]) -> None:
        """Read what a picture says of itself; what is no picture gets a message."""
        self._background.run(lambda: reading.read(path), then, self._failed)

    def read_all(self, paths: Sequence[Path], then: Callable[[list[Picture]], None]) -> None:
        """As `read`, several pictures."""
        self._background.run(lambda: [reading.read(path) for path in paths], then, self._failed)

    def taken_text(self, picture: Picture, here: bool) -> str:
        """What to say once the settings of a picture stand in the panel; `here` where its model is on this machine."""
        text = self.tr("Settings taken from “{name}”.")
        if not here:
            text = self.tr("Settings taken from “{name}”. Its model is not on this machine.")
        text = text.format(name=picture.path.name)
        if picture.provenance.unread:
            text += " " + self.tr("Not understood: {names}").format(names=", ".join(picture.provenance.unread))
        return text

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
