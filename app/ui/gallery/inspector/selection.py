"""The picture that is selected: what the inspector shows of it, and how the viewer walks on from it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.core.request import GenerationRequest
from app.library.pictures import reading
from app.library.pictures.gallery import Gallery
from app.library.pictures.images import Picture
from app.library.pictures.index.rows import Stamp
from app.ui.background import Background
from app.ui.gallery.grid.thumbnails import read_thumbnail
from app.ui.gallery.grid.view import GalleryView
from app.ui.gallery.inspector.facts import common
from app.ui.gallery.inspector.inspector import Inspector
from app.ui.gallery.pictures.model import GalleryModel
from app.ui.viewer.viewer import Viewer


class Selection(QObject):
    """Follows the gallery's selection. Files are read in the background.

    Signals:
        changed(int): so many pictures are selected now.
        jobPicked: the tile of the picture in work is the current one.
    """

    changed = Signal(int)
    jobPicked = Signal()

    def __init__(
        self,
        library: Gallery,
        model: GalleryModel,
        gallery: GalleryView,
        inspector: Inspector,
        viewer: Viewer,
        background: Background,
    ) -> None:
        super().__init__(gallery)
        self._library = library
        self._model = model
        self._gallery = gallery
        self._inspector = inspector
        self._viewer = viewer
        self._background = background
        self._asked: list[Path] = []
        self._stamp: Stamp | None = None
        self.picture: Picture | None = None
        gallery.picked.connect(self.update)
        model.listed.connect(self._listed)
        gallery.opened.connect(self.view)
        viewer.walked.connect(self._walk)

    def paths(self) -> list[Path]:
        """The selected pictures."""
        return self._gallery.selected()

    def request(self) -> GenerationRequest | None:
        """What the one selected picture was made with, if that is known."""
        return self.picture.request if self.picture is not None else None

    def update(self) -> None:
        """Show what is selected now."""
        selected = self._gallery.selected()
        if selected == self._asked and selected:
            return
        self._asked, self.picture = selected, None
        self.changed.emit(len(selected))
        if len(selected) == 1:
            self._read_one(selected[0])
        elif selected:
            clips = len(self._model.clips_among(selected))
            self._inspector.show_several(len(selected), clips, {})
            self._background.run(
                lambda: self._read_common(selected), lambda found: self._show_common(selected, clips, found)
            )
        elif self._gallery.placeholder() is not None:
            self.jobPicked.emit()
        else:
            self._inspector.show_nothing()

    def refresh(self) -> None:
        """Files may have been replaced: read the selected one anew if its is another one now."""
        path, stamp = self._single(), self._stamp

        def take(now: Stamp | None) -> None:
            if path == self._single() and now is not None and now != stamp:
                self._asked = []
                self.update()
                if path == self._viewer.path():
                    self.view(path)

        if path is not None:
            self._background.run(lambda: _stamp(path), take)

    def refresh_lineage(self) -> None:
        """Pictures may have been made from the selected one: look up what there is."""
        picture = self.picture
        if picture is None or not picture.path.is_relative_to(self._library.folder):
            return

        def take(found: tuple[list[Path], list[Path]]) -> None:
            if picture is self.picture:
                self._inspector.lineage.show_lineage(picture, *found)

        path = picture.path
        self._background.run(lambda: (self._library.parents(path), self._library.children(path)), take)

    def _single(self) -> Path | None:
        """The one picture that is selected."""
        return self._asked[0] if len(self._asked) == 1 else None

    def _read_one(self, path: Path) -> None:
        self._stamp = None
        self._background.run(
            lambda: (_stamp(path), reading.read(path)),
            lambda found: self._show(*found),
            lambda error: self._unread(path, error),
        )

    def _read_common(self, paths: list[Path]) -> dict[str, Any]:
        """In the other thread; given up once something else is selected."""

        def readable() -> Iterator[Picture]:
            for path in paths:
                if paths is not self._asked:
                    return
                with contextlib.suppress(UserError):
                    yield reading.read(path)

        return common(readable())

    def _show_common(self, paths: list[Path], clips: int, settings: dict[str, Any]) -> None:
        if paths is self._asked:
            self._inspector.show_several(len(paths), clips, settings)

    def view(self, path: Path | None = None) -> None:
        """Open the viewer on a picture, or on the current one."""
        path = path or self._gallery.current()
        if path is not None:
            self._gallery.select(path)
            self._viewer.open(path, self._place(path))
            if self.picture is not None and self.picture.path == path:
                self._viewer.set_caption(path, self.picture.prompt)

    def leave(self) -> None:
        """Before the picture in the viewer goes: show the next one, or close the viewer where there is none."""
        path = self._viewer.path()
        other = self._model.neighbour(path, 1) or self._model.neighbour(path, -1)
        if other is not None:
            self.view(other)
        else:
            self._viewer.dismiss()

    def _listed(self) -> None:
        """The picture in the viewer stays the selected one: commands act on what is seen."""
        shown, selected = self._viewer.path(), self._gallery.selected()
        if shown is not None and selected != [shown]:
            if len(selected) == 1:
                self.view(selected[0])
            elif self._model.index_of(shown).isValid():
                self._gallery.select(shown)
            else:
                self._viewer.dismiss()
        if (seen := self._viewer.path()) is not None:
            self._viewer.set_place(self._place(seen))
        self.update()

    def _place(self, path: Path) -> str:
        return f"{self._model.position(path)} / {self._model.pictures}"

    def _walk(self, step: int) -> None:
        path = self._model.neighbour(self._viewer.path(), step)
        if path is not None:
            self.view(path)

    def _show(self, stamp: Stamp | None, picture: Picture) -> None:
        path = picture.path
        if path != self._single():
            return  # another one was picked meanwhile
        self._stamp, self.picture = stamp, picture
        self.changed.emit(1)
        home = self._library.folder
        within = path.parent.relative_to(home).as_posix() if path.is_relative_to(home) else "."
        self._inspector.show_picture(picture, "" if within == "." else within)
        self._viewer.set_caption(path, picture.prompt)
        self._background.run(
            lambda: read_thumbnail(self._library, path), lambda image: self._show_image(path, image)
        )  # fmt: skip
        self.refresh_lineage()

    def _unread(self, path: Path, error: UserError) -> None:
        if path == self._single():  # else another one was picked meanwhile, or this one was deleted
            self._model.search()
            self._model.problem.emit(error)

    def _show_image(self, path: Path, image: QImage) -> None:
        if path == self._inspector.path:
            self._inspector.image.set_image(image)


def _stamp(path: Path) -> Stamp | None:
    """How a file looks now; None where it is gone."""
    try:
        return Stamp.of(path.stat())
    except OSError:
        return None
