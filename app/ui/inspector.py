"""The right panel: everything that is known of the selected picture, and what can be done with it."""

from __future__ import annotations

import html
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.request import GenerationRequest
from app.engine.jobs import Job
from app.library.images import Picture
from app.ui import wording
from app.ui.picture_label import PictureLabel
from app.ui.widgets import Column, label

MARGIN = 16
_PRECISION = {"float32": "32 bit", "bfloat16": "16 bit", "float16": "16 bit", "8bit": "8 bit", "4bit": "4 bit"}


class Inspector(QWidget):
    """Shows a picture, several, the one in work, or nothing.

    Signals:
        intended(str): the user pressed a button: "use", "vary", "reveal", "export" or "delete".
    """

    intended = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setAccessibleName(self.tr("About the picture"))
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.path: Path | None = None
        self.image = PictureLabel()
        self.prompt = _selectable(label("", wrap=True))
        self.prompt.setObjectName("inspectorPrompt")
        self.prompt.setAccessibleName(self.tr("Prompt of the picture"))
        self.note = label("", "caption", wrap=True)
        self._rows = QFormLayout()
        self._values: list[QLabel] = []
        self._rows.setContentsMargins(0, 4, 0, 6)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(7)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._buttons = QWidget()
        self._intents: dict[str, QPushButton] = {}
        grid = QGridLayout(self._buttons)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for place, (intent, caption, tip) in enumerate(
            (
                ("use", self.tr("Use settings"), self.tr("Put all of this picture's settings into the panel")),
                ("vary", self.tr("Vary"), self.tr("Paint it again with another seed")),
                ("reveal", self.tr("Reveal"), self.tr("Show the file in its folder")),
                ("export", self.tr("Export…"), self.tr("Save a copy")),
            )
        ):
            button = QPushButton(caption)
            button.setObjectName(f"{intent}Button")
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, intent=intent: self.intended.emit(intent))
            grid.addWidget(button, place // 2, place % 2)
            self._intents[intent] = button
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(8)
        for widget in (self.image, self.prompt):
            column.addWidget(widget)
        column.addLayout(self._rows)
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
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """For no picture, or several."""
        self.path = None
        if count:
            self._hint.setText(self.tr("{pictures} selected").format(pictures=wording.pictures(count)))
        else:
            self._hint.setText(self.tr("Select a picture to see\nhow it was made."))
        self._stack.setCurrentIndex(0)

    def show_picture(self, picture: Picture) -> None:
        """Show what is known of a picture. Its image follows with `image.set_image`."""
        self.path = picture.path
        self.image.set_shape(picture.width, picture.height)
        rows = picture_rows(picture)
        request = picture.request
        self.prompt.setText(request.prompt if request else self.tr("This file does not say how it was made."))
        self._show(rows, str(picture.facts.get("note", "")), buttons=True)
        for intent in ("use", "vary"):
            self._intents[intent].setEnabled(request is not None)

    def show_job(self, job: Job, preview: QImage) -> None:
        """Show the picture in work."""
        request = job.request
        if self.path is not None or self.prompt.text() != request.prompt or self._stack.currentIndex() == 0:
            self.path = None
            self.image.set_shape(request.width or 1, request.height or 1)
            self.prompt.setText(request.prompt)
            self._show(request_rows(request.replace(seed=(request.seed or 0) + job.picture)), "", buttons=False)
        self.image.set_image(preview)

    def rows(self) -> dict[str, str]:
        """What is shown beneath the prompt, by caption."""
        return {value.accessibleName(): value.text() for value in self._values}

    def _show(self, rows: list[tuple[str, str]], note: str, *, buttons: bool) -> None:
        while self._rows.rowCount():
            self._rows.removeRow(0)
        self._values = []
        for caption, text in rows:
            value = _selectable(label(text, wrap=True))
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setAccessibleName(caption)
            if "<a " in text:
                value.setTextFormat(Qt.TextFormat.RichText)
                value.setOpenExternalLinks(True)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
            self._rows.addRow(label(caption, "muted"), value)
            self._values.append(value)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._buttons.setVisible(buttons)
        self._stack.setCurrentIndex(1)


def request_rows(request: GenerationRequest) -> list[tuple[str, str]]:
    """What was asked for, as (caption, text)."""
    tr = wording.tr
    rows = [(tr("Size"), f"{request.width} × {request.height}")]
    if request.steps is not None:
        guided = request.guidance is not None and request.guidance != 1
        caption = tr("Steps · guidance") if guided else tr("Steps")
        rows.append((caption, f"{request.steps} · {request.guidance:g}" if guided else str(request.steps)))
    rows.append((tr("Seed"), str(request.seed)))
    if request.negative:
        rows.append((tr("Negative"), request.negative))
    if request.init_image:
        rows.append((tr("Started from"), Path(request.init_image).name))
        rows.append((tr("Change"), f"{request.strength:.0%}"))
    rows += [(name.replace("_", " ").capitalize(), str(value)) for name, value in request.options]
    return rows


def picture_rows(picture: Picture) -> list[tuple[str, str]]:
    """Everything that is known of a picture, as (caption, text); a text may hold a link."""
    tr, facts, request = wording.tr, picture.facts, picture.request
    rows: list[tuple[str, str]] = []
    model = str(facts.get("model") or (request.model if request else "") or "")
    precision = _PRECISION.get(str(facts.get("precision", "")), "")
    if model:
        rows.append((tr("Model"), f"{model} · {precision}" if precision else model))
    where = " · ".join(wording.device(str(facts[name])) for name in ("backend", "device") if facts.get(name))
    if where:
        rows.append((tr("Ran on"), where))
    rows += request_rows(request) if request else [(tr("Size"), f"{picture.width} × {picture.height}")]
    if request and request.solver:
        rows.append((tr("Solver"), wording.SOLVERS.get(request.solver, request.solver)))
    took = []
    if isinstance(facts.get("seconds"), int | float):
        took.append(wording.seconds(facts["seconds"]))
    if isinstance(facts.get("peak_memory_bytes"), int | float):
        took.append(wording.size(facts["peak_memory_bytes"]))
    if took:
        rows.append((tr("Took"), " · ".join(took)))
    if isinstance(facts.get("cost"), int | float):
        rows.append((tr("Cost"), wording.money(facts["cost"])))
    if facts.get("source"):
        rows.append((tr("Made with"), str(facts["source"])))
    rows.append((tr("Made"), wording.moment(datetime.fromtimestamp(picture.created))))
    if facts.get("licence"):
        rows.append((tr("Licence"), _link(str(facts["licence"]), str(facts.get("licence_url", "")))))
    return rows


def _link(text: str, address: str) -> str:
    if not address.startswith(("https://", "http://")):
        return text
    return f'<a href="{html.escape(address)}" style="text-decoration: none">{html.escape(text)} ↗</a>'


def _selectable(made: QLabel) -> QLabel:
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made
