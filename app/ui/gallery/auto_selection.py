"""Selects new pictures by itself, for who asked for them and looks at nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.gallery.pictures.model import GalleryModel
from app.ui.gallery.pictures.placeholders import Placeholder

if TYPE_CHECKING:
    from app.ui.gallery.grid.view import GalleryView


class AutoSelection(QObject):
    """Selects the picture in work, and the picture that comes of it, until the user picks something."""

    def __init__(self, view: GalleryView, model: GalleryModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._active = False
        self._awaited: Path | None = None
        self._watched: Placeholder | None = None
        model.listed.connect(self._listed)
        view.picked.connect(self._picked)

    def begin(self) -> None:
        """A job was asked for. Whoever looks at a picture goes on looking at it."""
        if self._active or not self._view.selected_rows():
            self._active = True
            self._listed()

    def end(self) -> None:
        """The user looks at something else."""
        self._active, self._awaited, self._watched = False, None, None

    def generated(self, job_id: str, path: Path, seed: int | None) -> None:
        """A picture is ready. Whoever follows the work sees it once the job has no more to generate, whoever picked its
        tile at once.
        """
        watched = self._watched is not None and (self._watched.job.id, self._watched.request.seed) == (job_id, seed)
        if watched or self._active:
            self.select_when_listed(path)

    def select_when_listed(self, path: Path) -> None:
        """Select a picture now, or as soon as the model lists it."""
        self._awaited = path
        self._listed()

    def _listed(self) -> None:
        """Select the picture in work, or the one that is awaited."""
        index = self._model.in_work()
        if self._active and index.isValid():
            if not self._view.selectionModel().isSelected(index):  # it may be the current one unselected
                self._view.pick(index)
        elif self._awaited is not None and self._model.index_of(self._awaited).isValid():
            path, self._awaited = self._awaited, None
            self._view.pick(self._model.index_of(path))
        elif self._active and self._awaited is None and self._has_lost():
            self._watched = None
            if self._model.pictures:
                self._view.pick(self._model.index(self._model.rowCount() - self._model.pictures))

    def _has_lost(self) -> bool:
        """Whether the tile that was followed is gone without a picture: its job failed, or was cancelled."""
        listed = self._model.index_of_placeholder(self._watched).isValid()
        return self._watched is not None and not listed and not self._view.selected_rows()

    def _picked(self) -> None:
        """Remember the tile that is looked at: it makes room for its picture."""
        self._watched = self._view.placeholder() or (None if self._view.selected_rows() else self._watched)
