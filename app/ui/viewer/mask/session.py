"""What was painted on a picture, for as long as the app is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.core.request import Extension
from app.library.pictures import images
from app.library.pictures.formats import opening, png
from app.ui.viewer.mask.edit import AS_IT_IS, Edit
from app.ui.viewer.mask.history import History
from app.ui.viewer.mask.mask import FEATHER, PAINTED, Mask
from app.ui.viewer.mask.painting import levels
from app.ui.viewer.reading import read


@dataclass(slots=True)
class Session:
    """One picture on the canvas.

    Attributes:
        path: the picture.
        copies: its pixels, whole and smaller; empty while it is not on the canvas.
        saved: the mask's file, as it was last used or opened; empty for none.
        extend: by how much the picture becomes larger.
        detail: whether the masked part is worked on by itself.
    """

    path: Path
    copies: Sequence[QImage]
    mask: Mask
    saved: str = ""
    extend: Extension = AS_IT_IS
    detail: bool = False
    history: History = field(init=False)

    @property
    def size(self) -> QSize:
        """Pixels of the picture."""
        return self.copies[0].size()

    def is_empty(self) -> bool:
        """Whether nothing is to change."""
        return self.mask.is_empty() and self.extend == AS_IT_IS

    def __post_init__(self) -> None:
        self.history = History(self.mask)


def opened(edit: Edit, before: Session | None = None) -> Session:
    """A picture, and the mask that goes with it. It takes its time: call it in another thread.

    Args:
        edit: a mask that cannot be read is none.
        before: what was painted on the picture until now. Where the picture has another size by now, it is lost.

    Raises:
        UserError: the picture cannot be read.
    """
    image = read(Path(edit.path))
    if before is not None and before.mask.rect.size() == image.size():
        before.copies = levels(image)
        return before
    mask = Mask(image.width(), image.height())
    session = Session(Path(edit.path), levels(image), mask, edit.mask, edit.extend, edit.detail)
    if edit.mask:
        try:
            _take_up(mask, Path(edit.mask))
        except UserError:
            session.saved = ""
    return session


def _take_up(mask: Mask, path: Path) -> None:
    """Paint what a file says: what was painted here where it holds that, else its grey.

    Raises:
        UserError: it cannot be read.
    """
    with opening.opened(path) as file:
        texts = png.texts(file.file, file.chunks, (FEATHER, PAINTED))
    if mask.take_painted(texts):
        return
    grey = Image.fromarray(images.decode(path, backdrop="black")).convert("L")
    height, width = mask.pixels.shape
    mask.pixels[:] = np.asarray(grey if grey.size == (width, height) else grey.resize((width, height)))
