"""What was painted on a picture, for as long as the app is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.library.pictures import images
from app.ui.viewer.mask.history import History
from app.ui.viewer.mask.mask import Mask
from app.ui.viewer.mask.painting import levels
from app.ui.viewer.reading import read


@dataclass(slots=True)
class Session:
    """One picture on the canvas.

    Attributes:
        path: the picture.
        copies: its pixels, whole and smaller.
        saved: the mask's file, as it was last used or opened; empty for none.
    """

    path: Path
    copies: Sequence[QImage]
    mask: Mask
    saved: str = ""
    history: History = field(init=False)

    def __post_init__(self) -> None:
        self.history = History(self.mask)


def opened(path: Path, mask: str) -> Session:
    """A picture, and the mask that goes with it. It takes its time: call it in another thread.

    Args:
        mask: its file; empty for none. One that cannot be read is none.

    Raises:
        UserError: the picture cannot be read.
    """
    image = read(path)
    session = Session(path, levels(image), Mask(image.width(), image.height()), mask)
    if mask:
        try:
            grey = Image.fromarray(images.decode(Path(mask), backdrop="black")).convert("L")
        except UserError:
            session.saved = ""
        else:
            fitting = (
                grey if grey.size == (image.width(), image.height()) else grey.resize((image.width(), image.height()))
            )
            session.mask.pixels[:] = np.asarray(fitting)
    return session
