"""Asks how pictures are exported."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.library.pictures.images import AVIF
from app.library.settings import Settings
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.check_box import CheckBox
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.text.labels import buddy, label
from app.ui.words.language import set_translated

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".webp": "WebP", **({".avif": "AVIF"} if AVIF else {})}
"""The formats of exported pictures, by their suffixes."""
CLIP_FORMATS = {".mp4": "MP4", ".gif": "GIF", ".webp": "WebP", ".png": "PNG"}
"""Those of clips. A PNG shows one frame."""


def formats(clips: int, pictures: int) -> dict[str, str]:
    """What so many clips and pictures can be exported as together."""
    if clips and pictures:
        return {}
    return CLIP_FORMATS if clips else FORMATS


class ExportDialog(QDialog):
    """The format, and whether the copies say how they were made; both are kept for the next time.

    Args:
        then: goes on with the suffix, empty for each picture's own, and whether the words go along.
        offered: the formats by their suffixes.
        frame: of a clip, that the one which is seen can be exported as a picture.
    """

    def __init__(
        self,
        settings: Settings,
        then: Callable[[str, bool], object],
        parent: QWidget,
        offered: Mapping[str, str] = FORMATS,
        *,
        frame: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_translated(self, lambda: self.tr("Export"), self.setWindowTitle)
        self.setMinimumWidth(340)
        self._settings = settings
        self._then = then
        self.format = ComboBox()
        self.format.setObjectName("exportFormat")
        set_translated(self, lambda: self.tr("Format"), self.format.setAccessibleName)
        self.format.add(self.tr("As it is"), "")
        clips = ".mp4" in offered
        self._kept = "export_clip_format" if clips else "export_format"
        for suffix, name in offered.items():
            if clips and suffix == ".png":
                name = self.tr("This frame as PNG") if frame else self.tr("One frame as PNG")
            self.format.add(name, suffix)
        self.format.select(settings.get(self._kept))
        self.words = CheckBox()
        self.words.setObjectName("exportWords")
        set_translated(self, lambda: self.tr("Include the prompt and the settings"), self.words.setText)
        self.words.setChecked(bool(settings.get("export_words")))
        self.go_on = push_button("exportButton", lambda: self.tr("Export…"), self.accept)
        self.go_on.setProperty("role", "primary")
        self.go_on.setDefault(True)
        buttons = QDialogButtonBox()
        buttons.addButton(
            push_button("", lambda: self.tr("Cancel"), self.reject), QDialogButtonBox.ButtonRole.RejectRole
        )
        buttons.addButton(self.go_on, QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(buddy(lambda: self.tr("Format"), self.format, "caption"))
        column.addWidget(self.format)
        column.addWidget(self.words)
        column.addWidget(
            label(lambda: self.tr("What was made here always says that a model made it."), "caption", wrap=True)
        )
        column.addWidget(buttons)

    def accept(self) -> None:
        suffix, words = str(self.format.currentData()), self.words.isChecked()
        self._settings.set(self._kept, suffix)
        self._settings.set("export_words", words)
        super().accept()
        self._then(suffix, words)
