"""The picture to start from: a place to drop one, how far to go from it, and what of it changes. A clip's is called
its first frame. Of a clip that is dropped there, a frame is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.message import Message, message
from app.core.request import GenerationRequest, ImageInput, Role
from app.library.pictures import images
from app.library.pictures.clips.start_frame import FIRST, LAST, ClipFrame, first_frame, keep_frame
from app.ui.controls.buttons import push_button
from app.ui.controls.style.icons import IconButton
from app.ui.controls.text.labels import label
from app.ui.panel.start.files import FileWatch
from app.ui.panel.start.picture_field import PictureField
from app.ui.panel.start.strength import StrengthField
from app.ui.panel.start.thumb import small
from app.ui.viewer.mask.edit import AS_IT_IS, Edit
from app.ui.words.language import Text, on_language_change, set_translated

SIDE = 56
_PART_STRENGTH = 0.9
"""Of a part that was just painted over: something else is wanted there."""
_NOTHING = Edit("")


class StartPictureField(PictureField):
    """Empty: a button that also takes drops. Filled: the picture, its strength, its mask, and a way to remove it.
    `picture_size` is the picture's width and height, once they are known.

    Signals:
        editAsked(Edit): paint over what is to change of the picture.
    """

    editAsked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._edit = _NOTHING
        self._frame: ClipFrame | None = None
        self._pictured = _NOTHING
        self.picture_size: tuple[int, int] | None = None
        self._takes_mask = self._edits = self._begins_clip = False
        self._takes_strength = True
        self._watch = FileWatch(self._look, self)
        self._choose = push_button("startPictureButton", "", self._ask)
        self._make_parts()
        self._lay_out()
        self._show()
        on_language_change(self, self._show_words)

    def _make_parts(self) -> None:
        self._thumb = QLabel()
        self._thumb.setFixedSize(SIDE, SIDE)
        self._thumb.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = label("", "muted")
        self._name.setIndent(5)  # as the words of the button beneath
        self._frame_button = _link(
            "startFrameButton", lambda: self.tr("Start from another frame of the clip"), self._take_other_frame
        )
        self._mask_button = _link(
            "maskButton", lambda: self.tr("A black and white picture: only what is white is made anew."), self._ask_mask
        )
        self._edit_button = _link(
            "editMaskButton",
            lambda: self.tr("Paint over what is to change, or make the picture larger"),
            lambda: self.editAsked.emit(self._edit),
        )
        self._note = label("", "caption", wrap=True)
        self._strength = StrengthField()
        self._strength.valueChanged.connect(self.changed)

    def _lay_out(self) -> None:
        self._remove = IconButton("close", self._remove_words)
        self._remove.setObjectName("removeStartButton")
        self._remove.clicked.connect(lambda: self.set_path(""))
        self._filled = QWidget()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._frame_button, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._edit_button, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._mask_button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._thumb)
        row.addLayout(words, 1)
        row.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignTop)
        filled = QVBoxLayout(self._filled)
        filled.setContentsMargins(0, 0, 0, 0)
        filled.addLayout(row)
        filled.addWidget(self._note)
        filled.addWidget(self._strength)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._choose)
        column.addWidget(self._filled)

    def show_capabilities(self, capabilities: Capabilities) -> None:
        limits = capabilities.takes(Role.INIT)
        self.setVisible(limits is not None)
        if limits is not None and limits.strength is not None:
            self._strength.set_range(limits.strength)
        self._takes_strength = limits is None or limits.strength is not None
        self._begins_clip = capabilities.clip is not None
        self._takes_mask = capabilities.takes(Role.MASK) is not None
        self._edits = capabilities.edits
        self._show()

    # -- values

    def values(self) -> dict[str, Any]:
        """The fields of the request that stand here. Where a part changes, the result is as large as the picture."""
        edit = self._present()
        if not edit.path:
            return {"inputs": ()}
        strength = round(self._strength.box.value(), 2) if self._takes_strength else 1.0
        start = ImageInput(Role.INIT, edit.path, strength)
        mask = (ImageInput(Role.MASK, edit.mask),) if edit.mask else ()
        values: dict[str, Any] = {"inputs": (start, *mask)}
        if self.keeps_size():
            values |= {"width": None, "height": None}
            values["extend"] = edit.extend if edit.extend != AS_IT_IS else None
            values["detail"] = True if edit.detail and edit.mask else None
        return values

    def keeps_size(self) -> bool:
        """Whether the result is as large as the start picture."""
        return self._edits and self._present().changes_part

    def _present(self) -> Edit:
        """What counts with the present model."""
        if self.isHidden():
            return _NOTHING
        edit = self._edit if self._takes_mask else replace(self._edit, mask="")
        return edit if self._edits else replace(edit, extend=AS_IT_IS, detail=False)

    def set_request(self, request: GenerationRequest) -> None:
        """Take over a request's start picture and what of it changes. What is not on this machine any more is said."""
        start, mask = request.input(Role.INIT), request.input(Role.MASK)
        extend, detail = request.extend or AS_IT_IS, request.detail is True
        self.set_edit(
            Edit(start.path if start else "", mask.path if mask else "", extend, detail),
            start.strength if start and self._takes_strength else None,
        )
        if start is not None and not start.path:
            self._miss(self._missing(start.name))
        elif mask is not None and not mask.path:
            self._miss(message("The mask “{name}” is not here any more.", name=mask.name))

    def set_path(self, path: str, mask: str = "", strength: float | None = None) -> None:
        """Start from this picture; an empty path for none."""
        self.set_edit(Edit(path, mask), strength)

    def set_edit(self, edit: Edit, strength: float | None = None) -> None:
        """Start from this picture, and change this of it. A file that is not there any more is none soon."""
        self._start_from(edit)
        if strength is not None:
            self._strength.set_strength(strength)
        self._look()

    def set_frame(self, frame: ClipFrame) -> None:
        """Start from a frame of a clip."""
        self._frame = frame
        self.set_edit(self.edit_of(frame.path))

    def change_part(self, edit: Edit) -> None:
        """Take over what was painted, or by how much the picture is to be extended."""
        strength = None
        if edit.extend != AS_IT_IS:
            strength = 1.0  # there is nothing yet to keep
        elif not self._edit.mask:
            strength = _PART_STRENGTH
        self.set_edit(edit, strength)

    def edit_of(self, path: Path) -> Edit:
        """What is to change of a picture, if it is the start picture; else nothing yet."""
        return self._edit if str(path) == self._edit.path else Edit(str(path))

    def take_focus(self) -> bool:
        """Go on with how much to change the picture; False where there is no choice."""
        if self._takes_strength:
            self._strength.box.setFocus()
        return self._takes_strength

    # -- files that go

    def _look(self) -> None:
        """See whether the files are still there."""
        edit = self._edit
        if edit.path:
            self._background.run(
                lambda: (Path(edit.path).is_file(), not edit.mask or Path(edit.mask).is_file(), _size(edit.path)),
                lambda there: self._keep(edit, *there),
            )

    def _keep(self, edit: Edit, path_there: bool, mask_there: bool, size: tuple[int, int] | None) -> None:
        """Keep what is there of what was put in."""
        if edit != self._edit:
            return
        if size != self.picture_size:
            self.picture_size = size
            self._show_words()
            self.changed.emit()
        if not path_there:
            self._start_from(_NOTHING)
            self._miss(self._missing(Path(edit.path).name))
        elif not mask_there:
            self._start_from(replace(edit, mask=""))
            self._miss(message("The mask “{name}” is not here any more.", name=Path(edit.mask).name))
        else:
            self._watch.follow([edit.path, edit.mask])

    def _start_from(self, edit: Edit) -> None:
        if edit.path != self._edit.path:
            self.picture_size = None
        if self._frame is not None and edit.path != str(self._frame.path):
            self._frame = None
        self._edit = edit if edit.path else _NOTHING
        self._watch.follow([])
        self._show()
        self.changed.emit()

    # -- pictures that come

    def _ask(self) -> None:
        clip = self._begins_clip
        title = self.tr("Choose the first frame") if clip else self.tr("Start from a picture")
        self._take(self._ask_for_picture(title, clips=True))

    def _take(self, path: str) -> None:
        def take(frame: ClipFrame | None) -> None:
            if frame is not None:
                self.set_frame(frame)
            else:
                self.set_edit(self.edit_of(Path(path)))

        if path:
            self._background.run(lambda: _frame_of(Path(path)), take, self.problem.emit)

    def _take_other_frame(self) -> None:
        """The last frame of a clip instead of its first one, or the other way round."""
        frame = self._frame
        if frame is not None:
            index = FIRST if frame.index else LAST
            self._background.run(lambda: keep_frame(frame.clip, index), self.set_frame, self.problem.emit)

    def _ask_mask(self) -> None:
        edit = self._edit
        if edit.mask:
            self._start_from(replace(edit, mask="", detail=False))
        else:
            mask = self._ask_for_picture(self.tr("Choose a mask"))
            self._if_readable(mask, lambda: self.set_edit(replace(edit, mask=mask)))

    # -- what is seen

    def _show(self) -> None:
        path, frame = self._edit.path, self._frame
        self._choose.setVisible(not path)
        self._filled.setVisible(bool(path))
        self._strength.setVisible(self._takes_strength)
        self._mask_button.setVisible(self._takes_mask)
        self._edit_button.setVisible(self._takes_mask)
        self._frame_button.setVisible(frame is not None and frame.count > 1)
        self._show_words()
        if path:
            self._show_thumb()
            shown = Path(path) if frame is None else frame.clip
            self._name.setText(self.fontMetrics().elidedText(shown.name, Qt.TextElideMode.ElideMiddle, 150))
            self._name.setToolTip(str(shown))

    def _show_thumb(self) -> None:
        edit = self._edit
        if (edit.path, edit.mask) != (self._pictured.path, self._pictured.mask):
            self._pictured = edit
            self._thumb.clear()
            self._background.run(lambda: small(edit.path, edit.mask, SIDE), partial(self._take_thumb, edit))

    def _take_thumb(self, edit: Edit, image: QImage) -> None:
        if edit == self._pictured:
            self._thumb.setPixmap(QPixmap.fromImage(image))

    def _missing(self, name: str) -> Message:
        if self._begins_clip:
            return message("The first frame “{name}” is not here any more.", name=name)
        return message("The start picture “{name}” is not here any more.", name=name)

    def _remove_words(self) -> str:
        return self.tr("Remove the first frame") if self._begins_clip else self.tr("Remove the start picture")

    def _show_words(self) -> None:
        mask = self._edit.mask
        if self._begins_clip:
            self._choose.setText(self.tr("Start from a first frame…"))
            tip = self.tr("Choose the picture that the clip begins with, or a clip, or drop or paste one here.")
        else:
            self._choose.setText(self.tr("Start from a picture…"))
            tip = self.tr("Choose a picture, or drop or paste one here, and describe what it should become.")
        self._choose.setToolTip(tip)
        self._remove.set_label(self._remove_words())
        self._mask_button.setText(self.tr("Remove the mask") if mask else self.tr("Open a mask…"))
        self._edit_button.setText(self.tr("Edit the mask…") if mask else self.tr("Edit part of it…"))
        self._frame_button.setText(
            self.tr("Use its first frame") if self._frame and self._frame.index else self.tr("Use its last frame")
        )
        of_part = self.keeps_size() and self.picture_size is not None
        self._note.setVisible(self._begins_clip or of_part or self._frame is not None)
        if not of_part:
            self._note.setText(self._frame_words())
        elif self.picture_size is not None:
            extend = self._edit.extend
            width, height = self.picture_size[0] + extend.width, self.picture_size[1] + extend.height
            words = self.tr("The picture is extended to {width} × {height}.")
            if extend == AS_IT_IS:
                words = self.tr("The result is as large as the picture: {width} × {height}.")
            self._note.setText(words.format(width=width, height=height))

    def _frame_words(self) -> str:
        """What is begun with: the picture, or which frame of a clip."""
        frame = self._frame
        if frame is None:
            return self.tr("The clip begins with this picture.")
        if frame.index == 0:
            clip, picture = self.tr("The new clip begins with its first frame."), self.tr("Its first frame is used.")
        elif frame.index == frame.count - 1:
            clip, picture = self.tr("The new clip goes on from its last frame."), self.tr("Its last frame is used.")
        else:
            clip, picture = self.tr("The new clip begins with its frame {n}."), self.tr("Its frame {n} is used.")
        return (clip if self._begins_clip else picture).format(n=frame.index + 1)


def _frame_of(path: Path) -> ClipFrame | None:
    """The first frame of a clip, or None for a picture. Raises UserError where it can be read as neither."""
    frame = first_frame(path)
    if frame is None:
        images.read(path)
    return frame


def _link(name: str, tip: Text, act: Callable[[], object]) -> QPushButton:
    button = push_button(name, "", act)
    button.setProperty("role", "link")
    set_translated(button, tip, button.setToolTip)
    return button


def _size(path: str) -> tuple[int, int] | None:
    """Width and height of a picture; None where it cannot be read."""
    try:
        picture = images.read(Path(path))
    except UserError:
        return None
    return picture.width, picture.height
