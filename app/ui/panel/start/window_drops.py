"""What is let go over the window: LoRA files go into their list, workflows among the models, a picture file gives its
settings, and a picture without a file is what the next one starts from.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from app.backends.base import Backend, ModelFiles, TakesFiles
from app.ui.controls.drop_frame import DropFrame
from app.ui.gallery.files.dropping import accept_copy, dropped_files, dropped_picture
from app.ui.panel.loras.lora_list import dropped_loras
from app.ui.panel.start.incoming import is_offered

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class WindowDrops(QObject):
    """Takes what the parts of the window leave."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._frame = DropFrame(window.page)
        window.setAcceptDrops(True)

    def enter(self, event: QDragEnterEvent) -> None:
        if is_offered(event.mimeData()):
            accept_copy(event)

    def move(self, event: QDragMoveEvent) -> None:
        if self._takes(event):
            accept_copy(event)
            self._frame.show_over(self._outcome(event.mimeData()))
        else:
            event.ignore()
            self._frame.hide()

    def leave(self) -> None:
        self._frame.hide()

    def drop(self, event: QDropEvent) -> None:
        self._frame.hide()
        if not self._takes(event):
            return
        accept_copy(event)
        path = dropped_picture(event.mimeData())
        if loras := dropped_loras(event.mimeData()):
            self._window.panel.loras.add_files(loras)
        elif added := self._model_files(event.mimeData()):
            self._add_models(*added)
        elif path is not None:
            self._window.open_picture(path)
        else:
            self._window.starting.receive(event.mimeData())

    def _outcome(self, data: QMimeData) -> str:
        """What would become of a drop."""
        if dropped_loras(data):
            return self.tr("Add the LoRA")
        if self._model_files(data):
            return self.tr("Add to the models")
        return self.tr("Use its settings") if dropped_picture(data) else self.tr("Start from this picture")

    def _model_files(self, data: QMimeData) -> tuple[Backend, ModelFiles, list[Path]] | None:
        """The backend that has the files of a drop among its models."""
        for backend in self._window.engine.registry.backends.values():
            if isinstance(backend, TakesFiles) and (paths := dropped_files(data, backend.files.suffix)):
                return backend, backend.files, paths
        return None

    def _add_models(self, backend: Backend, files: ModelFiles, paths: list[Path]) -> None:
        """Copy files into the backend's folder, and choose the last one."""
        window = self._window

        def chosen(models: list[str]) -> None:
            window.engine.backendsChanged.emit()
            window.panel.choice.choose(backend.id, models[-1])
            window.bar.show_notice(lambda: self.tr("Added to the models of {name}.").format(name=backend.name))

        window.background.run(lambda: [files.add(path) for path in paths], chosen, window.bar.show_error)

    def _takes(self, event: QDropEvent) -> bool:
        """Anything but the gallery's own pictures let go where they came from."""
        window, source = self._window, event.source()
        over = window.childAt(event.position().toPoint())
        if not isinstance(source, QWidget):
            return True
        parts = (window.page, window.inspector, window.viewer)
        home = next((part for part in parts if part.isAncestorOf(source)), source)
        return over is not home and (over is None or not home.isAncestorOf(over))
