"""How pictures come to be what the next one starts from: as they are, or with a mask that is painted over them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QSize
from PySide6.QtGui import QGuiApplication

from app.library.pictures.images import Picture
from app.ui.background import Background
from app.ui.panel.start.incoming import is_offered
from app.ui.viewer.mask.edit import Edit

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow
    from app.ui.viewer.mask.editor import MaskEditor


class Starting(QObject):
    """Leads from the gallery, the viewer and the panel to the mask editor, and on to the prompt."""

    def __init__(self, window: MainWindow, background: Background) -> None:
        super().__init__(window)
        self._window = window
        self._background = background
        self._editor: MaskEditor | None = None
        self._viewed: Path | None = None
        window.panel.start_picture.editAsked.connect(self.edit)

    def edit(self, edit: Edit) -> None:
        """Let the user paint over what is to change of a picture."""
        window = self._window
        self._viewed = window.viewer.path()
        window.viewer.dismiss()
        self._made().open(edit, extends=window.panel.edits())

    def edit_picture(self, path: Path) -> None:
        """The same of a picture of which nothing is to change yet, unless the panel starts from it."""
        self.edit(self._window.panel.start_picture.edit_of(path))

    def paste(self) -> None:
        """Start from the picture on the clipboard, if there is one."""
        self.receive(QGuiApplication.clipboard().mimeData())

    def receive(self, data: QMimeData) -> None:
        """Start from what was pasted or dropped on the window."""
        window = self._window
        if not is_offered(data):
            return
        if not window.panel.takes_start():
            window.bar.show_notice(lambda: self.tr("This model cannot start from a picture."))
            return
        self.leave()
        window.viewer.dismiss()
        window.panel.start_picture.receive(data)

    def offer(self, picture: Picture) -> None:
        """Tell that a picture's settings are not known; where the model takes one, offer to start from it."""
        window = self._window
        path, program = picture.path, picture.provenance.source

        def words() -> str:
            if program:
                text = self.tr("The settings of {program} in “{name}” cannot be read here.")
                return text.format(program=program, name=path.name)
            return self.tr("“{name}” does not say how it was made.").format(name=path.name)

        start = window.panel.takes_start() and not picture.frames
        window.bar.show_notice(
            words,
            (lambda: self.tr("Start from it")) if start else "",
            (lambda: window.panel.start_from(path)) if start else None,
        )

    @property
    def editor(self) -> MaskEditor | None:
        """The mask editor, while it is open."""
        return self._editor if self._editor is not None and self._editor.isVisible() else None

    def leave(self) -> None:
        """Close the editor, if it is open."""
        self._viewed = None
        if self.editor is not None:
            self.editor.leave()

    def _made(self) -> MaskEditor:
        if self._editor is None:
            from app.ui.viewer.mask.editor import MaskEditor  # most starts never need it

            window = self._window
            self._editor = editor = MaskEditor(window, self._background)
            editor.opened.connect(lambda: editor.take_in(window.bar))
            editor.closed.connect(self._closed)
            editor.used.connect(self._used)
            editor.problem.connect(window.bar.show_error)
        return self._editor

    def _closed(self) -> None:
        window = self._window
        window.page.take_in(window.bar)
        window.page.take_focus()
        if self._viewed is not None:
            window.selection.view(self._viewed)

    def _used(self, edit: Edit, size: QSize) -> None:
        self.leave()
        self._window.panel.change_part(edit, size)
