"""The picture that is selected: what the inspector shows of it, and how the viewer walks on from it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.core.request import GenerationRequest
from app.library.pictures import images
from app.library.pictures.gallery import Gallery
from app.library.pictures.images import Picture
from app.ui.background import Background
from app.ui.gallery.inspector import Inspector
from app.ui.gallery.model import GalleryModel
from app.ui.gallery.thumbnails import read_thumbnail
from app.ui.gallery.view import GalleryView
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
        self._asked: Path | None = None
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
        selected, current = self._gallery.selected(), self._gallery.current()
        self.changed.emit(len(selected))
        if len(selected) == 1 and current is not None:
            if current != self._asked:
                self._asked, self.picture = current, None
                self._background.run(
                    lambda: images.read(current), self._show, lambda error: self._unread(current, error)
                )
            return
        self._asked = self.picture = None
        if self._gallery.placeholder() is not None:
            self.jobPicked.emit()
        else:
            self._inspector.show_count(len(selected))

    def view(self, path: Path | None = None) -> None:
        """Open the viewer on a picture, or on the current one."""
        path = path or self._gallery.current()
        if path is not None:
            self._gallery.select(path)
            self._viewer.open(path, f"{self._model.position(path)} / {self._model.pictures}")
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
        self.update()

    def _walk(self, step: int) -> None:
        path = self._model.neighbour(self._viewer.path(), step)
        if path is not None:
            self.view(path)

    def _show(self, picture: Picture) -> None:
        path = picture.path
        if path != self._asked:
            return  # another one was picked meanwhile
        self.picture = picture
        self.changed.emit(1)
        self._inspector.show_picture(picture)
        self._viewer.set_caption(path, picture.prompt)
        self._background.run(
            lambda: read_thumbnail(self._library, path), lambda image: self._show_image(path, image)
        )  # fmt: skip

    def _unread(self, path: Path, error: UserError) -> None:
        if path == self._asked:  # else another one was picked meanwhile, or this one was deleted
            self._model.search()
            self._model.problem.emit(error)

    def _show_image(self, path: Path, image: QImage) -> None:
        if path == self._inspector.path:
            self._inspector.image.set_image(image)
