"""A page of the settings dialog: the declared settings of that page, one under the other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.library.settings import Settings
from app.ui.controls.column import Column
from app.ui.controls.text.labels import label
from app.ui.settings.editors import SettingEditor
from app.ui.words.language import Text
from app.ui.words.messages import translated

MARGIN = 24
GAP = 14
LABELS = 190
"""Width of the captions, the same on every page."""


class Page(QWidget):
    """Pages with more than the declared settings add to `column`."""

    def __init__(self) -> None:
        super().__init__()
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.editors: list[SettingEditor] = []
        self.column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self.column.setSpacing(16)
        scroll = Column(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def add_settings(
        self, settings: Settings, page: str, leave_out: Iterable[str] = (), default_folder: Path | None = None
    ) -> None:
        """Add the editors of the declared settings of a page, in the order of their declaration."""
        for setting in settings.declared(page):
            if setting.key not in leave_out:
                editor = SettingEditor(settings, setting, default_folder)
                caption = "" if setting.kind == "bool" else partial(translated, setting.label)
                self.add_row(caption, editor, editor.editor)
                self.editors.append(editor)

    def add_row(self, caption: Text, content: QWidget, buddy: QWidget) -> None:
        """Add a caption on the left and what belongs to it on the right."""
        self.column.addLayout(captioned(caption, content, buddy))


def captioned(caption: Text, content: QWidget, buddy: QWidget) -> QHBoxLayout:
    """A caption on the left and what belongs to it on the right."""
    name = label(caption, wrap=True)
    name.setFixedWidth(LABELS)
    name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    name.setContentsMargins(0, 7, 0, 0)
    name.setBuddy(buddy)
    row = QHBoxLayout()
    row.setSpacing(GAP)
    row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(content)
    row.addStretch()
    return row
