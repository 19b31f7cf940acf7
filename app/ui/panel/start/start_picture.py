"""The picture to start from: a place to drop one, how far to go from it, and a mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.limits import Range
from app.core.message import message
from app.core.request import ImageInput, Role
from app.library.pictures import images
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.number_box import DecimalBox
from app.ui.controls.fields.sliders import SliderField
from app.ui.controls.style.icons import IconButton
from app.ui.controls.text.labels import label
from app.ui.gallery.files.dropping import accept_copy, dropped_picture
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated

SIDE = 56


class StartPictureField(QWidget):
    """Empty: a button that also takes drops. Filled: the picture, its strength, its mask, and a way to remove it.

    Signals:
        changed: another picture, mask or strength.
        problem(UserError): what was dropped or chosen is no picture that can be read.
        editAsked(Path, str): paint over what is to change of this picture, which has this mask, if any.
    """

    changed = Signal()
    problem = Signal(object)
    editAsked = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._background = Background(self)
        self._path = ""
        self._mask = ""
        self._pictured = ""
        self._takes_mask = False
        self._choose = push_button("startPictureButton", lambda: self.tr("Start from a picture…"), self._ask)
        set_translated(
            self,
            lambda: self.tr("Choose a picture, or drop one here, and describe what it should become."),
            self._choose.setToolTip,
        )
        self._thumb = QLabel()
        self._thumb.setFixedSize(SIDE, SIDE)
        self._thumb.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = label("", "muted")
        self._name.setIndent(5)  # as the words of the button beneath
        self._mask_button = QPushButton()
        self._mask_button.setProperty("role", "link")
        self._mask_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_translated(
            self,
            lambda: self.tr("A black and white picture: only what is white is made anew."),
            self._mask_button.setToolTip,
        )
        self._mask_button.clicked.connect(self._ask_mask)
        self._edit_button = QPushButton()
        self._edit_button.setObjectName("editMaskButton")
        self._edit_button.setProperty("role", "link")
        self._edit_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_translated(self, lambda: self.tr("Paint over what is to change"), self._edit_button.setToolTip)
        self._edit_button.clicked.connect(lambda: self.editAsked.emit(Path(self._path), self._mask))
        remove = IconButton("close", lambda: self.tr("Remove the start picture"))
        remove.clicked.connect(lambda: self.set_path(""))
        self._strength_box = box = DecimalBox()
        box.setObjectName("strengthBox")
        set_translated(self, lambda: self.tr("How much to change the start picture"), box.setAccessibleName)
        self._strength = SliderField(lambda: self.tr("Change"), box)
        self._strength.set_range(Range(0.05, 1, 0.6, 0.05))
        box.setValue(0.6)
        self._strength.valueChanged.connect(self.changed)
        self._filled = QWidget()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._edit_button, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._mask_button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._thumb)
        row.addLayout(words, 1)
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        filled = QVBoxLayout(self._filled)
        filled.setContentsMargins(0, 0, 0, 0)
        filled.addLayout(row)
        filled.addWidget(self._strength)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._choose)
        column.addWidget(self._filled)
        self._show()
        on_language_change(self, self._show_mask_name)

    def show_capabilities(self, capabilities: Capabilities) -> None:
        limits = capabilities.takes(Role.INIT)
        self.setVisible(limits is not None)
        if limits is not None and limits.strength is not None:
            self._strength.set_range(limits.strength)
        self._takes_mask = capabilities.takes(Role.MASK) is not None
        self._show()

    def values(self) -> dict[str, Any]:
        """The fields of the request that stand here."""
        if not self._path or self.isHidden():
            return {"inputs": ()}
        start = ImageInput(Role.INIT, self._path, round(self._strength_box.value(), 2))
        mask = (ImageInput(Role.MASK, self._mask),) if self._mask and self._takes_mask else ()
        return {"inputs": (start, *mask)}

    def set_inputs(self, inputs: Sequence[ImageInput]) -> None:
        """Take over a request's start picture and mask. What is not on this machine any more is said."""
        by_role = {item.role: item for item in inputs}
        start, mask = by_role.get(Role.INIT), by_role.get(Role.MASK)
        self.set_path(start.path if start else "", mask.path if mask else "", start.strength if start else None)
        if start is not None and not start.path:
            self._miss(start.name)

    def mask_of(self, path: Path) -> str:
        """The file of the mask, where this is the start picture; else nothing."""
        return self._mask if str(path) == self._path else ""

    def set_path(self, path: str, mask: str = "", strength: float | None = None) -> None:
        """Start from this picture; an empty path for none. A file that is not there any more is none soon."""
        self._start_from(path, mask)
        if strength is not None:
            self._strength_box.setValue(strength)
        self._background.run(lambda: (_is_file(path), _is_file(mask)), lambda there: self._keep(path, mask, *there))

    def _keep(self, path: str, mask: str, path_there: bool, mask_there: bool) -> None:
        """Keep what is there of what was put in."""
        if (path, mask) == (self._path, self._mask) and not (path_there and mask_there):
            if path and not path_there:
                self._miss(Path(path).name)
            self._start_from(path if path_there else "", mask if path_there and mask_there else "")

    def _miss(self, name: str) -> None:
        problem = message("The start picture “{name}” is not here any more.", name=name)
        self.problem.emit(UserError(problem, message("Choose another one.")))

    def _start_from(self, path: str, mask: str) -> None:
        self._path, self._mask = path, mask if path else ""
        self._show()
        self.changed.emit()

    def take_focus(self) -> None:
        """Go on with how much to change the picture."""
        self._strength_box.setFocus()

    def close_down(self) -> None:
        """Before the window goes."""
        self._background.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_picture(event.mimeData()):
            accept_copy(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_picture(event.mimeData())
        if path:
            accept_copy(event)
            self._take(str(path))

    def _ask(self) -> None:
        self._take(_ask_for_picture(self, self.tr("Start from a picture")))

    def _take(self, path: str) -> None:
        self._if_readable(path, lambda: self._start_from(path, self._mask if path == self._path else ""))

    def _ask_mask(self) -> None:
        start = self._path
        if self._mask:
            self._start_from(start, "")
        else:
            mask = _ask_for_picture(self, self.tr("Choose a mask"))
            self._if_readable(mask, lambda: self._start_from(start, mask))

    def _if_readable(self, path: str, then: Callable[[], None]) -> None:
        """Go on where a file was chosen that is a picture; else say what is wrong with it."""
        if path:
            self._background.run(lambda: images.read(Path(path)), lambda _: then(), self.problem.emit)

    def _show(self) -> None:
        self._choose.setVisible(not self._path)
        self._filled.setVisible(bool(self._path))
        self._mask_button.setVisible(self._takes_mask)
        self._edit_button.setVisible(self._takes_mask)
        self._show_mask_name()
        if self._path:
            self._show_thumb(self._path)
            name = Path(self._path).name
            self._name.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 150))
            self._name.setToolTip(self._path)

    def _show_thumb(self, path: str) -> None:
        if path != self._pictured:
            self._pictured = path
            self._thumb.clear()
            self._background.run(lambda: _small(path), partial(self._take_thumb, path))

    def _take_thumb(self, path: str, image: QImage) -> None:
        if path == self._path:
            self._thumb.setPixmap(QPixmap.fromImage(image))

    def _show_mask_name(self) -> None:
        self._mask_button.setText(self.tr("Remove the mask") if self._mask else self.tr("Open a mask…"))
        self._edit_button.setText(self.tr("Edit the mask…") if self._mask else self.tr("Edit part of it…"))


def _ask_for_picture(parent: QWidget, title: str) -> str:
    kinds = wording.tr("Pictures (*.png *.jpg *.jpeg *.webp *.gif *.avif *.tif *.tiff *.bmp)")
    path, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return path


def _small(path: str) -> QImage:
    """One small picture."""
    image = QImage.fromData(images.thumbnail(Path(path), SIDE * 2))
    image.setDevicePixelRatio(2)
    return image


def _is_file(path: str) -> bool:
    return not path or Path(path).is_file()
