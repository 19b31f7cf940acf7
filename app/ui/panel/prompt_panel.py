"""The left panel: everything that makes a request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QVBoxLayout, QWidget

from app.backends.base import Group
from app.backends.registry import Registry
from app.core.alternatives import escaped
from app.core.lora_tags import split_loras
from app.core.request import AUTO, GenerationRequest, Role
from app.library.pictures.clips.start_frame import ClipFrame
from app.ui.controls.column import Column
from app.ui.panel.fields.shape_picker import size_for
from app.ui.panel.footer import MARGIN, Footer, draft_of
from app.ui.panel.model.model_choice import ModelChoice
from app.ui.panel.parameters import GAP, Parameters
from app.ui.panel.prompt.prompt_part import PromptPart
from app.ui.viewer.mask.edit import Edit

Expand = Callable[[GenerationRequest], tuple[GenerationRequest, ...]]
"""The requests that what was typed stands for; see `Session.requests`."""
ESTIMATE_MS = 120
"""Without a change, before the estimate follows."""


class PromptPanel(QWidget):
    """Shows what the chosen backend can do with the chosen model, and makes requests of what stands in its fields.
    It is empty until something is chosen, by `restore` or in `choice`.

    Signals:
        generateRequested(GenerationRequest): the user wants these pictures.
    """

    generateRequested = Signal(object)

    def __init__(self, registry: Registry, expand: Expand) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._registry = registry
        self._expand = expand
        self._model_shown: str | None = None
        self._make_parts()
        self._lay_out()
        self._estimate_timer = QTimer(self, singleShot=True, interval=ESTIMATE_MS)
        self._estimate_timer.timeout.connect(self._show_estimate)
        for box in self.findChildren(QAbstractSpinBox):
            box.installEventFilter(self)
        self.button.clicked.connect(self.generate)
        self.footer.draft.clicked.connect(self.generate_draft)
        self.choice.changed.connect(self._offer_changed)
        self.parameters.changed.connect(self.refresh_estimate)
        self.prompt.textChanged.connect(self.refresh_estimate)
        self.words.style.changed.connect(self.refresh_estimate)

    def request(self) -> GenerationRequest:
        """What stands in the fields."""
        capabilities = self.choice.offer.capabilities
        has_negative = capabilities is None or capabilities.negative
        return GenerationRequest(
            prompt=self.prompt.toPlainText().strip(),
            negative=self.negative.toPlainText().strip() if has_negative else "",
            model=self.choice.model() or GenerationRequest("").model,
            backend=self.choice.backend(),
            style=self.words.style.value(),
            **self.parameters.values(),
        )

    def apply(self, request: GenerationRequest, *, typed: bool = False) -> bool:
        """Take over the settings of a request; what the present choice cannot do is left out.

        Args:
            typed: its prompt is what somebody typed; else it is a picture's own, and gives that picture again.

        Returns:
            Whether its model is on this machine.
        """
        known = request.backend == AUTO or request.backend in self._registry.backends
        self.choice.choose(request.backend if known else AUTO, request.model)
        self.prompt.replace(request.prompt if typed else escaped(request.prompt))
        self.words.style.choose(request.style if typed else "")
        self.negative.replace(request.negative)
        self.negative_part.set_open(bool(request.negative))
        self.parameters.apply(request)
        return self.choice.model() == request.model

    def show_prompt(self) -> None:
        """Put the focus into the prompt, and scroll to it."""
        self.prompt.setFocus()
        self._column.verticalScrollBar().setValue(0)

    def takes_start(self) -> bool:
        """Whether the chosen model can start from a picture."""
        capabilities = self.choice.offer.capabilities
        return capabilities is not None and capabilities.takes(Role.INIT) is not None

    def start_from(self, path: Path) -> None:
        """Make a picture the start picture, and scroll to it."""
        self.start_picture.set_path(str(path))
        self._show_start()

    def _show_start(self) -> None:
        if not self.start_picture.take_focus():
            self.prompt.setFocus()
        QTimer.singleShot(0, self, lambda: self._column.ensureWidgetVisible(self.start_picture))  # it has grown

    def begin_with(self, frame: ClipFrame) -> None:
        """As `start_from` with a frame of a clip; a further clip gets the same shape."""
        capabilities = self.choice.offer.capabilities
        if capabilities is not None and capabilities.clip is not None:
            self.size_field.set_size(*capabilities.nearest_size(frame.width, frame.height))
        self.start_picture.set_frame(frame)
        self._show_start()

    def animate(self, path: Path, width: int, height: int) -> bool:
        """Begin a clip with a picture, in the model's own size for its shape; False where no model here does that."""
        if not self.choice.choose_for_clips():
            return False
        capabilities = self.choice.offer.capabilities
        if capabilities is not None:
            self.size_field.set_size(*size_for(capabilities, (width, height)))
        self.start_from(path)
        return True

    def takes_mask(self) -> bool:
        """Whether the chosen model can change a part of a picture."""
        capabilities = self.choice.offer.capabilities
        return capabilities is not None and capabilities.takes(Role.MASK) is not None

    def edits(self) -> bool:
        """Whether the chosen model can extend a picture, and work on its details."""
        capabilities = self.choice.offer.capabilities
        return capabilities is not None and capabilities.edits

    def change_part(self, edit: Edit, size: QSize) -> None:
        """Start from a picture of which a part changes, in its own size or the nearest that the model takes."""
        self.start_picture.change_part(edit)
        capabilities = self.choice.offer.capabilities
        if capabilities is not None:
            self.size_field.set_size(*capabilities.nearest_size(size.width(), size.height()))
        self.show_prompt()

    def in_tab_order(self) -> list[QWidget]:
        """The parts as Tab goes through them: first what is rarely changed, so that the button, and the pictures beyond
        it, are near to the prompt.
        """
        footer = self.footer
        return [self.choice, self.parameters, footer.pace, *self.words.in_tab_order(), footer.draft, self.button]

    def generate(self) -> None:
        """Ask for what stands in the fields."""
        self.parameters.settle()
        self._take_loras()
        self.generateRequested.emit(self.request())

    def generate_draft(self) -> None:
        """Ask for a short clip of the same settings, which can be made whole afterwards."""
        self.parameters.settle()
        self._take_loras()
        capabilities = self.choice.offer.capabilities
        if capabilities is not None and capabilities.clip is not None:
            self.generateRequested.emit(draft_of(self.request(), capabilities.clip))

    def _take_loras(self) -> None:
        """LoRAs that were typed into the prompt, as in other programs, become rows; within alternatives they stay."""
        prompt = self.prompt.toPlainText()
        words, loras = split_loras(prompt)
        if loras and "{" not in prompt and not self.loras.isHidden():
            self.prompt.replace(words)
            self.loras.add(loras)

    def accepted(self) -> None:
        """The request that was last asked for is in the queue."""
        self.prompt.remember(self.prompt.toPlainText())
        self.seed.used()

    def refresh_estimate(self, *_: object) -> None:
        """Estimate anew, soon: the fields have changed, or a picture has shown how long one takes."""
        self._estimate_timer.start()

    def state(self) -> dict[str, Any]:
        """What to keep until the next start, JSON-ready."""
        return {
            "request": self.request().to_json(),
            "history": self.prompt.history,
            "folders": self.choice.folders,
            "loras": self.loras.state(),
            "seed_locked": self.seed.locked(),
            "advanced_open": self.advanced_part.is_open(),
        }

    def restore(self, state: dict[str, Any]) -> bool:
        """Take over what `state` gave, as far as it makes sense; False where it chooses no model."""
        history, folders = state.get("history"), state.get("folders")
        if isinstance(history, list):
            self.prompt.history = [str(text) for text in history]
        if isinstance(folders, list):
            self.choice.folders = [str(folder) for folder in folders if Path(str(folder)).is_dir()]
        try:
            request = GenerationRequest.from_json(state["request"])
        except (KeyError, TypeError, ValueError, AttributeError):
            return False
        self.apply(request, typed=True)
        if isinstance(state.get("loras"), list):
            self.loras.restore(state["loras"])
        self.seed.lock.setChecked(state.get("seed_locked") is True)
        self.advanced_part.set_open(state.get("advanced_open") is True)
        return True

    def close_down(self) -> None:
        """Before the window goes."""
        self.tokens.close_down()
        self.start_picture.close_down()
        self.control.close_down()
        self.loras.close_down()

    def _make_parts(self) -> None:
        self.words = PromptPart(self)
        self.prompt, self.negative = self.words.prompt, self.words.negative
        self.negative_part, self.tokens = self.words.negative_part, self.words.tokens
        self.choice = ModelChoice(self._registry)
        self.parameters = part = Parameters()
        self.size_field, self.steps_box, self.guidance_box = part.size_field, part.steps_box, part.guidance_box
        self.steps, self.guidance, self.seed, self.count = part.steps, part.guidance, part.seed, part.count
        self.control, self.loras = part.control, part.loras
        self.start_picture, self.advanced, self.advanced_part = part.start_picture, part.advanced, part.advanced_part
        self.footer = Footer()
        self.estimate, self.button = self.footer.estimate, self.footer.generate
        self.footer.pace.stepsChosen.connect(self.steps_box.setValue)
        self.steps_box.valueChanged.connect(self.footer.pace.show_steps)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, 6, MARGIN, 8)
        column.setSpacing(GAP)
        self.words.add_to(column)
        column.addWidget(self.choice)
        column.addWidget(self.parameters)
        column.addStretch(1)
        self._column = Column(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._column, 1)
        whole.addWidget(self.footer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:  # the wheel scrolls the panel; it changes no number on the way
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _offer_changed(self) -> None:
        """Show what the choice can do. Another model comes with its own defaults; the same one keeps the values."""
        offer = self.choice.offer
        self.words.show_offer(offer.backend, self.choice.model(), offer.capabilities)
        elsewhere = offer.backend is not None and offer.backend.group is not Group.MACHINE
        self.parameters.seed_note.setVisible(elsewhere and offer.capabilities is not None and offer.capabilities.seed)
        self.parameters.setVisible(offer.capabilities is not None)
        if offer.capabilities is not None:
            same = self.choice.model() == self._model_shown
            self._model_shown = self.choice.model()
            self.parameters.show_capabilities(offer.capabilities, self.request(), keep=same)
            self.footer.pace.show_capabilities(offer.capabilities, self.steps_box.value())
        self.refresh_estimate()

    def _show_estimate(self) -> None:
        offer = self.choice.offer
        self.footer.show_estimate(
            lambda: self._expand(self.request()), offer.backend, offer.capabilities, self.start_picture.picture_size
        )
