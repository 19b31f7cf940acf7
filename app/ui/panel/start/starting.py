"""How pictures come to be what the next one starts from: as they are, or with a mask that is painted over them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize

from app.library.pictures.images import Picture
from app.ui.background import Background

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

    def edit(self, path: Path, mask: str = "") -> None:
        """Let the user paint over what is to change of a picture.

        Args:
            mask: the file of its mask; empty for none but that of the panel, where the panel starts from this picture.
        """
        window = self._window
        self._viewed = window.viewer.path()
        window.viewer.dismiss()
        self._made().open(path, mask or window.panel.start_picture.mask_of(path))

    def offer(self, picture: Picture) -> None:
        """Tell that a picture's settings are not known; where the model takes one, offer to start from it."""
        window = self._window
        path, program = picture.path, picture.provenance.source

        def words() -> str:
            if program:
                text = self.tr("The settings of {program} in “{name}” cannot be read here.")
                return text.format(program=program, name=path.name)
            return self.tr("“{name}” does not say how it was made.").format(name=path.name)

        start = window.panel.takes_start()
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

    def _used(self, path: Path, mask: Path, size: QSize) -> None:
        self.leave()
        self._window.panel.change_part(path, mask, size)
