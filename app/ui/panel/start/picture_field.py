"""What the fields of the panel that take a picture have in common."""

from __future__ import annotations

import abc
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QFileDialog

from app.core.errors import UserError
from app.core.message import Message, message
from app.library.pictures import images
from app.ui.background import Background
from app.ui.gallery.files.drop_target import DropTarget
from app.ui.panel.start.incoming import is_offered, offered
from app.ui.panel.start.receiving import Receiver
from app.ui.words import wording


class PictureField(DropTarget):
    """Takes a picture that is chosen, dropped, pasted, or fetched after a question.

    Signals:
        changed: another picture, or other values beside it.
        problem(UserError): what was dropped or chosen is no picture that can be read, or it went away.
    """

    changed = Signal()
    problem = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._background = Background(self)
        self._receiver = Receiver(self._background, self)
        self._receiver.came.connect(lambda path: self._take(str(path)))
        self._receiver.problem.connect(self.problem)

    @abc.abstractmethod
    def _take(self, path: str) -> None:
        """Take a file that was chosen or came; an empty path for none."""

    def takes(self, data: QMimeData) -> bool:
        """As `DropTarget` says."""
        return is_offered(data)

    def receive(self, data: QMimeData) -> bool:
        """Take what was dropped or pasted. Returns whether there is anything that may be a picture."""
        found = offered(data)
        if found is not None:
            self._receiver.receive(found)
        return found is not None

    def close_down(self) -> None:
        """Before the window goes."""
        self._background.close()

    def _ask_for_picture(self, title: str, *, clips: bool = False) -> str:
        """Let the user choose a file, with `clips` a clip too; empty where he chose none."""
        kinds = wording.tr("Pictures (*.png *.jpg *.jpeg *.webp *.gif *.avif *.tif *.tiff *.bmp)")
        if clips:
            kinds = wording.tr(
                "Pictures and clips (*.png *.jpg *.jpeg *.webp *.gif *.avif *.tif *.tiff *.bmp *.mp4 *.m4v *.mov)"
            )
        path, _ = QFileDialog.getOpenFileName(self, title, "", kinds)
        return path

    def _if_readable(self, path: str, then: Callable[[], None]) -> None:
        """Go on where a file was chosen that is a picture; else say what is wrong with it."""
        if path:
            self._background.run(lambda: images.read(Path(path)), lambda _: then(), self.problem.emit)

    def _miss(self, problem: Message) -> None:
        """Say that a file is not there any more."""
        self.problem.emit(UserError(problem, message("Choose another one.")))
