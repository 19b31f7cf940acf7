"""The edges that are followed, as the ControlNet will see them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.core.request import ImageInput
from app.ui.background import Background
from app.ui.controls.picture_label import PictureLabel
from app.ui.controls.text.labels import StatusLabel
from app.ui.words.language import set_translated
from app.ui.words.messages import translated

WIDTH = 104
LONGEST = 512
"""Side in pixels up to which edges are looked for: more is not seen here."""
SETTLE_MS = 200
"""Without a change, before the edges follow."""


class EdgePreview(QObject):
    """Shows a control picture at the shape of the result in `picture`; in `note`, why there is nothing to show."""

    def __init__(self, background: Background) -> None:
        super().__init__(background)
        self._background = background
        self._wanted: tuple[ImageInput, tuple[int, int]] | None = None
        self._shown: tuple[ImageInput, tuple[int, int]] | None = None
        self.picture = PictureLabel()
        self.picture.setObjectName("controlPreview")
        self.picture.setFixedWidth(WIDTH)
        set_translated(self.picture, lambda: self.tr("The edges that are followed"), self.picture.setAccessibleName)
        self.note = StatusLabel()
        self.note.setObjectName("controlNote")
        self.note.setWordWrap(True)
        self.note.hide()
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self._read)

    def show_input(self, control: ImageInput, size: tuple[int, int]) -> None:
        """Show what of a picture is followed in a result of this size, soon."""
        scale = min(1.0, LONGEST / max(1, *size))
        width, height = (max(1, round(side * scale)) for side in size)
        picture = ImageInput(control.role, control.path, edges=control.edges)
        if self._wanted != (picture, (width, height)):
            self._wanted = picture, (width, height)
            self._timer.start()

    def close_down(self) -> None:
        """Look for no more edges."""
        self._wanted = None
        self._timer.stop()

    def _read(self) -> None:
        wanted = self._wanted
        if wanted is None or wanted == self._shown:
            return
        if self._shown is None or self._shown[1] != wanted[1]:
            self.picture.set_shape(*wanted[1])
        self._background.run(lambda: _image(*wanted), partial(self._take, wanted), partial(self._fail, wanted))

    def _take(self, wanted: tuple[ImageInput, tuple[int, int]], image: QImage) -> None:
        if wanted == self._wanted:
            self._shown = wanted
            self.picture.set_image(image)
            self.note.hide()

    def _fail(self, wanted: tuple[ImageInput, tuple[int, int]], error: UserError) -> None:
        if wanted == self._wanted:
            self._shown = wanted
            self.picture.set_image(QImage())
            self.note.show_text(lambda: translated(error.text), "danger")
            self.note.show()


def _image(control: ImageInput, size: tuple[int, int]) -> QImage:
    from app.library.pictures.control_picture import read_control_picture  # it brings numpy, and most never need it

    pixels = read_control_picture(control, size)
    height, width, _ = pixels.shape
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
