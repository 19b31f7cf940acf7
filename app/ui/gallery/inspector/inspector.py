"""The right panel: everything that is known of the selected picture, and what can be done with it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QTextLayout
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.message import NOTHING
from app.library.pictures.images import Picture
from app.ui.controls.column import Column
from app.ui.controls.fields.rating_box import RatingBox
from app.ui.controls.picture_label import PictureLabel
from app.ui.controls.text.labels import LinkLabel, label
from app.ui.controls.text.long_text import LongText
from app.ui.gallery.files.dropping import DragOut
from app.ui.gallery.inspector.facts import DIFFERENT, FactRow, common_rows, picture_rows, request_rows
from app.ui.gallery.inspector.intent_buttons import IntentButtons
from app.ui.gallery.inspector.lineage import LineageLinks
from app.ui.gallery.pictures.placeholders import Placeholder
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated
from app.ui.words.messages import translated
from app.ui.words.wording import NO_BREAK

MARGIN = 16
ONE = ("use", "vary", "start", "edit", "upscale", "reveal", "export")
OF_CLIP = ("use", "vary", "start", "continue", "edit", "upscale", "reveal", "export")
OF_DRAFT = ("whole", *OF_CLIP)
SEVERAL = ("compare", "export", "favourite", "delete", "upscale")
"""What is offered for one picture, for a clip, for a draft of one, and for several."""
COMPARED = 4
"""So many pictures are compared at most."""


class Inspector(QWidget):
    """Shows a picture, several, the one in work, or nothing.

    Signals:
        intended(str): the user pressed a button: "use", "vary", "start", "edit", "reveal", "export",
            "favourite" or "delete".
        rated(int): the user rated what is shown; 0 takes the rating away.
    """

    intended = Signal(str)
    rated = Signal(int)

    def __init__(self, backend_name: Callable[[str], str]) -> None:
        super().__init__()
        self._backend_name = backend_name
        self.setObjectName("inspector")
        set_translated(self, lambda: self.tr("About the picture"), self.setAccessibleName)
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.path: Path | None = None
        self._job: tuple[str, int] | None = None  # the job and the number of its picture
        self._show_again: Callable[[], None] = lambda: None
        self.image = PictureLabel()
        DragOut(self.image, lambda _: [self.path] if self.path is not None else [], self.image.pixmap)
        self._title = label("", "heading", wrap=True)
        self.prompt = label("", wrap=True)
        self.prompt.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.prompt.setObjectName("inspectorPrompt")
        set_translated(self, lambda: self.tr("Prompt of the picture"), self.prompt.setAccessibleName)
        _set_text(self.prompt, "")
        self._long_prompt = LongText(self.prompt)
        self.note = label("", "caption", wrap=True)
        self._rows = QFormLayout()
        self._values: list[tuple[QLabel, QLabel]] = []
        self._shown = 0
        self._rows.setContentsMargins(0, 4, 0, 6)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(7)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.lineage = LineageLinks()
        self.rating = RatingBox()
        self.rating.rated.connect(self.rated)
        self._buttons = IntentButtons()
        self._buttons.intended.connect(self.intended)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(8)
        for widget in (self._title, self.image, self._long_prompt):
            column.addWidget(widget)
        column.addWidget(self.rating)
        column.addLayout(self._rows)
        column.addWidget(self.lineage)
        column.addWidget(self.note)
        column.addWidget(self._buttons)
        column.addStretch()
        scroll = Column(page)
        self._hint = label("", "muted", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMargin(2 * MARGIN)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._hint)
        self._stack.addWidget(scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self.show_nothing()
        on_language_change(self, lambda: self._show_again())

    def enable(self, intents: tuple[str, ...], enabled: bool) -> None:
        """Whether these buttons can be pressed."""
        self._buttons.enable(intents, enabled)

    def forbid(self, reasons: Mapping[str, str]) -> None:
        """Disable buttons that make no sense for what is selected, and say why; see `IntentButtons.forbid`."""
        self._buttons.forbid(reasons)

    def show_nothing(self) -> None:
        """For no picture."""
        self._clear(self.show_nothing)
        self._hint.setText(self.tr("Select a picture to see\nhow it was made."))
        self._stack.setCurrentIndex(0)

    def show_several(self, count: int, clips: int, settings: dict[str, Any]) -> None:
        """Show in what several agree, of which so many are clips, as `facts.common` found it; empty while that is not
        known yet.
        """
        self._clear(lambda: self.show_several(count, clips, settings))
        prompt = settings.get("prompt") or ""
        self._title.setText(self.tr("{pictures} selected").format(pictures=wording.counted(count, clips)))
        self._show_prompt(self.tr("Different prompts") if prompt is DIFFERENT else prompt)
        self._show(common_rows(settings, self._backend_name), "", SEVERAL)
        self._buttons.enable(("compare",), count <= COMPARED)

    def show_picture(self, picture: Picture, folder: str = "") -> None:
        """Show what is known of a picture, and the folder that it is in. Its image follows with `image.set_image`."""
        self._clear(lambda: self._describe(picture, folder))
        self.path = picture.path
        self.image.set_shape(picture.width, picture.height)
        self._describe(picture, folder)

    def _describe(self, picture: Picture, folder: str) -> None:
        request = picture.request
        self._show_prompt(request.prompt if request else self._unknown(picture.provenance.source))
        rows = picture_rows(picture, self._backend_name)
        rows += [FactRow(self.tr("Folder"), folder)] if folder else []
        buttons: tuple[str, ...] = ONE
        if picture.frames:
            buttons = OF_DRAFT if request is not None and request.whole else OF_CLIP
        self._show(rows, translated(picture.provenance.note or NOTHING), buttons)
        self._buttons.enable(("use", "vary"), request is not None)

    def _unknown(self, source: str | None) -> str:
        if source:
            return self.tr("Made with {program}, whose settings cannot be read here.").format(program=source)
        return self.tr("This file does not say how it was made.")

    def show_placeholder(self, placeholder: Placeholder, preview: QImage) -> None:
        """Show a picture in work."""
        request = placeholder.request
        if self._job != placeholder.key:
            self._clear(lambda: self._show(request_rows(request), "", ()))
            self._job = placeholder.key
            self.image.set_shape(request.width or 1, request.height or 1)
            self._show_prompt(request.prompt)
            self._show_again()
        self.image.set_image(preview)

    def show_rating(self, rating: int) -> None:
        """What the pictures are rated; 0 for none, and where several differ."""
        self.rating.setValue(rating)

    def rows(self) -> dict[str, str]:
        """What is shown beneath the prompt, by caption; empty where no picture is shown."""
        shown = [] if self._stack.currentWidget() is self._hint else self._values[: self._shown]
        return {value.accessibleName(): value.text() for _, value in shown}

    def _show_prompt(self, text: str) -> None:
        self._long_prompt.set_text(text)

    def _clear(self, show_again: Callable[[], None]) -> None:
        """Make room for something else; `show_again` says its words in the present language."""
        self.path = self._job = None
        self.lineage.show_lineage(None)
        self._show_again = show_again

    def _show(self, rows: list[FactRow], note: str, buttons: tuple[str, ...]) -> None:
        self._title.setVisible(buttons == SEVERAL)
        self.image.setVisible(buttons != SEVERAL)
        self.rating.setVisible(bool(buttons))
        self._shown = len(rows)
        while len(self._values) < len(rows):
            self._add_row()
        for number, (caption_label, value) in enumerate(self._values):
            self._rows.setRowVisible(number, number < len(rows))
            if number < len(rows):
                row = rows[number]._replace(text=wording.shortened(rows[number].text, wording.MESSAGE_LENGTH))
                caption_label.setText(row.caption)
                value.setAccessibleName(row.caption)
                _set_text(value, row.text, row.link)
                _level(caption_label, value, row)
        self.note.setText(wording.shortened(note, wording.MESSAGE_LENGTH))
        self.note.setVisible(bool(note))
        self._buttons.offer(buttons)
        self._stack.setCurrentIndex(1)

    def _add_row(self) -> None:
        """Rows are kept and hidden, never removed: removing them has crashed Qt's Python binding."""
        caption, value = label("", "muted"), LinkLabel()
        caption.setAlignment(Qt.AlignmentFlag.AlignTop)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        value.setMinimumWidth(1)  # a word without end does not widen the panel
        value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._rows.addRow(caption, value)
        self._values.append((caption, value))


def _level(caption: QLabel, value: QLabel, row: FactRow) -> None:
    """Let the first lines of both stand on one base line: Chinese letters reach higher than others."""
    lower = _ascent(caption, row.caption) - _ascent(value, row.text)
    caption.setContentsMargins(0, max(0, -lower), 0, 0)
    value.setContentsMargins(0, max(0, lower), 0, 0)


def _ascent(target: QLabel, text: str) -> int:
    """How high the letters of a line reach, in points."""
    target.ensurePolished()
    layout = QTextLayout(text, target.font())
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return round(line.ascent()) if line.isValid() else 0


def _set_text(target: QLabel, text: str, link: str = "") -> None:
    """Text that can be selected; where there is a link, text that opens it. What a file says is never read as HTML."""
    flags = Qt.TextInteractionFlag
    if link.startswith(("https://", "http://")):
        target.setTextFormat(Qt.TextFormat.RichText)
        target.setTextInteractionFlags(flags.TextBrowserInteraction)
        target.setText(
            f'<a href="{html.escape(link)}" style="text-decoration: none">{html.escape(text)}{NO_BREAK}↗</a>'
        )
    else:
        target.setTextFormat(Qt.TextFormat.PlainText)
        target.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        target.setText(text)
