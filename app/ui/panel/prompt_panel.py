"""The left panel: everything that makes a request."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.backends.registry import Registry
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.request import AUTO, GenerationRequest
from app.ui.controls.buttons import push_button
from app.ui.controls.column import Column
from app.ui.controls.disclosure import Disclosure
from app.ui.controls.frames import line
from app.ui.controls.icons import IconButton
from app.ui.controls.labels import buddy, label, set_role
from app.ui.controls.sliders import SliderField
from app.ui.panel.advanced_box import AdvancedBox
from app.ui.panel.model_choice import ModelChoice
from app.ui.panel.prompt_edit import PromptEdit
from app.ui.panel.seed_field import CountField, SeedField
from app.ui.panel.size_field import SizeField
from app.ui.panel.start_picture import StartPictureField
from app.ui.panel.token_count import TokenCount
from app.ui.words import wording
from app.ui.words.language import say
from app.ui.words.messages import problem

MARGIN = 16
EXAMPLES_SHOWN = 8
HISTORY_SHOWN = 12


class PromptPanel(QWidget):
    """Shows what the chosen backend can do with the chosen model, and makes requests of what stands in its fields.

    Signals:
        generateRequested(GenerationRequest): the user wants these pictures.
    """

    generateRequested = Signal(object)

    def __init__(self, registry: Registry, examples: list[str]) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._registry = registry
        self._examples = examples
        self._model_shown: str | None = None
        self._shown: Capabilities | None = None
        self._make_widgets()
        self._lay_out()
        self._estimate_timer = QTimer(self, singleShot=True, interval=120)
        self._estimate_timer.timeout.connect(self._show_estimate)
        self._connect()
        self.choice.refresh()

    def request(self) -> GenerationRequest:
        """What stands in the fields."""
        capabilities = self.choice.offer.capabilities
        has_guidance = capabilities is None or capabilities.guidance is not None
        has_negative = capabilities is None or capabilities.negative
        values: dict[str, Any] = {**self.start_picture.values(), **self.advanced.values()}
        return GenerationRequest(
            prompt=self.prompt.toPlainText().strip(),
            negative=self.negative.toPlainText().strip() if has_negative else "",
            model=self.choice.model() or GenerationRequest("").model,
            backend=self.choice.backend(),
            width=self.size_field.width_box.value(),
            height=self.size_field.height_box.value(),
            steps=self.steps_box.value(),
            guidance=round(self.guidance_box.value(), 2) if has_guidance else None,
            seed=self.seed.value(),
            count=self.count.box.value(),
            **values,
        )

    def apply(self, request: GenerationRequest) -> bool:
        """Take over the settings of a request; what the present choice cannot do is left out.

        Returns:
            Whether its model is on this machine.
        """
        known = request.backend == AUTO or request.backend in self._registry.backends
        self.choice.choose(request.backend if known else AUTO, request.model)
        self.prompt.replace(request.prompt)
        self.negative.replace(request.negative)
        self.negative_part.set_open(bool(request.negative))
        if request.width is not None and request.height is not None:
            self.size_field.set_size(request.width, request.height)
        if request.steps is not None:
            self.steps_box.setValue(request.steps)
        if request.guidance is not None:
            self.guidance_box.setValue(request.guidance)
        if request.seed is not None:
            self.seed.set_value(request.seed)
        self.count.box.setValue(request.count)
        self.start_picture.set_path(request.init_image, request.mask, request.strength)
        self.advanced.apply(request)
        return self.choice.model() == request.model

    def in_tab_order(self) -> list[QWidget]:
        """The fields as Tab goes through them."""
        return [
            self.prompt, self.history_button, self.negative_part, self.choice, self.size_field, self.steps,
            self.guidance, self.seed, self.count, self.start_picture, self.advanced_part, self.button,
        ]  # fmt: skip

    def generate(self) -> None:
        self.generateRequested.emit(self.request())

    def accepted(self) -> None:
        """The request that was last asked for is in the queue."""
        self.prompt.remember(self.prompt.toPlainText())
        self.seed.used()

    def state(self) -> dict[str, Any]:
        """What to keep until the next start, JSON-ready."""
        return {
            "request": self.request().to_json(),
            "history": self.prompt.history,
            "folders": self.choice.folders,
            "seed_locked": self.seed.locked(),
            "advanced_open": self.advanced_part.is_open(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave, as far as it makes sense."""
        history, folders = state.get("history"), state.get("folders")
        if isinstance(history, list):
            self.prompt.history = [str(text) for text in history]
        if isinstance(folders, list):
            self.choice.folders = [str(folder) for folder in folders if Path(str(folder)).is_dir()]
        try:
            request = GenerationRequest.from_json(state["request"])
        except (KeyError, TypeError, ValueError, AttributeError):
            return
        self.apply(request)
        self.seed.lock.setChecked(state.get("seed_locked") is True)
        self.advanced_part.set_open(state.get("advanced_open") is True)

    def _make_widgets(self) -> None:
        self.prompt = PromptEdit(
            "promptEdit", lambda: self.tr("Prompt"), lambda: self.tr("Describe the picture"), 96
        )  # fmt: skip
        self.tokens = TokenCount(self.prompt)
        self.history_button = IconButton("history", lambda: self.tr("Earlier prompts and examples"), side=16)
        self.history_menu = QMenu(self)
        self.history_button.setMenu(self.history_menu)
        self.history_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.knows = label("", "caption", wrap=True)
        self.negative = PromptEdit(
            "negativeEdit", lambda: self.tr("Negative prompt"), lambda: self.tr("What to keep out of the picture"), 64
        )
        self.negative_part = Disclosure(lambda: self.tr("Negative prompt"), self.negative)
        self.choice = ModelChoice(self._registry)
        self.parameters = QWidget()
        self.size_field = SizeField()
        self.steps_box = QSpinBox()
        self.steps_box.setObjectName("stepsBox")
        say(self, lambda: self.tr("Steps"), self.steps_box.setAccessibleName)
        self.steps = SliderField(lambda: self.tr("Steps"), self.steps_box)
        say(self, lambda: self.tr("More steps take longer and add detail, up to a point."), self.steps.setToolTip)
        self.guidance_box = QDoubleSpinBox()
        self.guidance_box.setObjectName("guidanceBox")
        say(self, lambda: self.tr("Guidance"), self.guidance_box.setAccessibleName)
        self.guidance = SliderField(lambda: self.tr("Guidance"), self.guidance_box)
        say(self, lambda: self.tr("How closely the picture follows the prompt."), self.guidance.setToolTip)
        self.seed = SeedField()
        self.seed_note = label(
            lambda: self.tr("In the cloud the same seed may paint another picture."), "caption", wrap=True
        )
        self.count = CountField()
        self.start_picture = StartPictureField()
        self.advanced = AdvancedBox()
        self.advanced_part = Disclosure(lambda: self.tr("Advanced"), self.advanced)
        self.estimate = label("", "caption", wrap=True)
        self.estimate.setObjectName("estimateLabel")
        say(self, lambda: self.tr("What the pictures will take"), self.estimate.setAccessibleName)
        self.estimate.setAlignment(Qt.AlignmentFlag.AlignCenter)
        keys = "⌘↩" if sys.platform == "darwin" else "Ctrl+↩"
        self.button = push_button("generateButton", lambda: f"{self.tr('Generate')}   {keys}")
        say(self, lambda: self.tr("Generate"), self.button.setAccessibleName)
        self.button.setProperty("role", "primary")

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, 12, MARGIN, 12)
        column.setSpacing(6)
        heading = QHBoxLayout()
        heading.addWidget(buddy(lambda: self.tr("Prompt"), self.prompt))
        heading.addStretch()
        heading.addWidget(self.history_button)
        sliders = QHBoxLayout()
        sliders.setSpacing(12)
        sliders.addWidget(self.steps)
        sliders.addWidget(self.guidance)
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(12)
        numbers.setVerticalSpacing(5)
        numbers.setColumnStretch(0, 3)
        numbers.setColumnStretch(1, 2)
        self.seed_caption = buddy(lambda: self.tr("Seed"), self.seed.box, "caption")
        numbers.addWidget(self.seed_caption, 0, 0)
        numbers.addWidget(buddy(lambda: self.tr("Pictures"), self.count.box, "caption"), 0, 1)
        numbers.addWidget(self.seed, 1, 0)
        numbers.addWidget(self.count, 1, 1)
        column.addLayout(heading)
        column.addWidget(self.prompt)
        column.addWidget(self.tokens)
        for widget, gap in ((self.knows, 0), (self.negative_part, 4), (self.choice, 8)):
            column.addWidget(widget)
            column.addSpacing(gap)
        inner = QVBoxLayout(self.parameters)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        inner.addWidget(self.size_field)
        inner.addSpacing(4)
        inner.addLayout(sliders)
        inner.addSpacing(2)
        inner.addLayout(numbers)
        inner.addWidget(self.seed_note)
        inner.addSpacing(6)
        inner.addWidget(self.start_picture)
        inner.addWidget(self.advanced_part)
        column.addWidget(self.parameters)
        column.addStretch()
        scroll = Column(content)
        more_below = line()
        more_below.setVisible(False)
        scroll.overflowed.connect(more_below.setVisible)
        footer = QVBoxLayout()
        footer.setContentsMargins(MARGIN, 10, MARGIN, MARGIN)
        footer.setSpacing(10)
        footer.addWidget(self.estimate)
        footer.addWidget(self.button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(more_below)
        whole.addLayout(footer)

    def _connect(self) -> None:
        for box in self.findChildren(QAbstractSpinBox):
            box.installEventFilter(self)
        self.button.clicked.connect(self.generate)
        self.history_menu.aboutToShow.connect(self._fill_history)
        self.choice.changed.connect(self._offer_changed)
        for signal in (
            self.size_field.changed, self.steps.valueChanged, self.guidance.valueChanged, self.count.changed,
            self.advanced.changed, self.start_picture.changed,
        ):  # fmt: skip
            signal.connect(self._estimate_timer.start)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:  # the wheel scrolls the panel; it changes no number on the way
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _offer_changed(self) -> None:
        """Show what the choice can do. Another model comes with its own defaults; the same one keeps the values."""
        offer = self.choice.offer
        self.tokens.show_offer(offer.backend, self.choice.model())
        cloud = offer.backend is not None and not offer.backend.local
        self.seed_note.setVisible(cloud and offer.capabilities is not None and offer.capabilities.seed)
        self.parameters.setVisible(offer.capabilities is not None)
        if offer.capabilities is None:
            self.knows.hide()
            self.negative_part.hide()
        if offer.capabilities is not None:
            same = self.choice.model() == self._model_shown
            self._model_shown = self.choice.model()
            self._show_capabilities(offer.capabilities, keep=same)
        self._estimate_timer.start()

    def _show_capabilities(self, capabilities: Capabilities, *, keep: bool) -> None:
        before = self.request()
        self.knows.setText(wording.of_catalog(capabilities.knows))
        self.knows.setVisible(bool(capabilities.knows))
        self.negative_part.setVisible(capabilities.negative)
        self.size_field.show_capabilities(capabilities, keep=keep)
        self.size_field.setVisible(capabilities.size.minimum < capabilities.size.maximum)
        self.steps.setVisible(capabilities.steps.minimum < capabilities.steps.maximum)
        self.steps.set_range(capabilities.steps)
        for widget in (self.seed, self.seed_caption):
            widget.setVisible(capabilities.seed)
        self.guidance.setVisible(capabilities.guidance is not None)
        if capabilities.guidance is not None:
            self.guidance.set_range(capabilities.guidance)
        self.count.set_maximum(capabilities.max_count)
        self.start_picture.show_capabilities(capabilities)
        self.advanced_part.setVisible(self.advanced.show_capabilities(capabilities))
        shown, self._shown = self._shown, capabilities
        if keep:
            self.advanced.apply(before)
        if not keep or (shown is not None and before.steps == shown.steps.default):
            self.steps_box.setValue(int(capabilities.steps.default))
        if capabilities.guidance is not None:
            usual = shown.guidance.default if shown is not None and shown.guidance is not None else None
            if not keep or usual is None or before.guidance == usual:
                self.guidance_box.setValue(capabilities.guidance.default)

    def _show_estimate(self) -> None:
        backend, capabilities = self.choice.offer.backend, self.choice.offer.capabilities
        role, text = "caption", ""
        if backend is not None and capabilities is not None:
            request = self.request()
            try:
                resolved = capabilities.resolve(request if request.prompt else request.replace(prompt="?"))
                text = wording.estimate(backend.estimate(resolved), resolved.count, backend.local)
            except UserError as error:
                role, text = "danger", problem(error)
        set_role(self.estimate, role)
        self.estimate.setText(text)

    def _fill_history(self) -> None:
        menu = self.history_menu
        menu.clear()
        for caption, prompts in (
            (self.tr("Earlier prompts"), self.prompt.history[:HISTORY_SHOWN]),
            (self.tr("Examples"), self._examples[:EXAMPLES_SHOWN] if self.knows.text() else []),
        ):
            if prompts:
                menu.addAction(caption).setEnabled(False)
            for text in prompts:
                short = text.replace("\n", " ").replace("&", "&&")
                action = menu.addAction(short if len(short) < 60 else f"{short[:58]}…")
                action.triggered.connect(lambda _=False, text=text: self.prompt.replace(text))
        if menu.isEmpty():
            menu.addAction(self.tr("No earlier prompts yet")).setEnabled(False)
