"""One model of the Models page: what it is, how it stands, and what can be done with it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.core.catalog import ModelSpec
from app.core.errors import UserError
from app.library.models.hub import hub_cache
from app.library.models.model import Model, ModelState
from app.library.models.store import Models
from app.ui.controls.buttons import push_button
from app.ui.controls.style.frames import line
from app.ui.controls.text.labels import LinkLabel, label, set_role
from app.ui.controls.twice_button import TwiceButton
from app.ui.settings.models.compacting import CompactQuestion
from app.ui.settings.models.downloads import Downloads, DownloadState
from app.ui.settings.models.own_model import OwnModelDetails
from app.ui.words import wording
from app.ui.words.language import Text
from app.ui.words.messages import translated

PARTS = 1000


class ModelRow(QWidget):
    """Shows a `Model`; what the user wants of it goes out as a signal with the model's id. See `drive`.

    Args:
        ruled: whether a hairline stands above.

    Signals:
        wanted: download it, or go on with a paused download.
        agreed: the user agrees to its licence.
        paused: stop the download for now.
        removed: free its space.
        compacted: keep it in a precision alone.
        clipChosen: whether it was trained in float16, or None to find out.
    """

    wanted = Signal(str)
    agreed = Signal(str)
    paused = Signal(str)
    removed = Signal(str)
    compacted = Signal(str, str)
    clipChosen = Signal(str, object)

    def __init__(self, model_id: str, *, ruled: bool = True) -> None:
        super().__init__()
        self.setObjectName(f"model:{model_id}")
        self._id = model_id
        self._stands: tuple[ModelState, bool] | None = None  # how it stands, and whether it is being downloaded
        self._asked: ModelSpec | None = None  # whose licence is shown to agree to
        self._problem: UserError | None = None
        self._words, self._failed = "", False
        self._name = label("", "heading", wrap=True)
        self._badge = label("", "caption")
        self._facts = LinkLabel("caption")
        self._good_for = label("", "muted", wrap=True)
        self._state = label("", "caption", wrap=True)
        self._state.setObjectName("modelStateLabel")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, PARTS)
        self._download = self._button(lambda: self.tr("Download"), "downloadButton", self.wanted)
        self._pause = self._button(lambda: self.tr("Pause"), "pauseButton", self.paused)
        self._smaller = push_button("compactButton", lambda: self.tr("Make it smaller…"), self._ask_compact)
        self._question = CompactQuestion()
        self._question.chosen.connect(self._compact_chosen)
        self._question.refused.connect(self._question.hide)
        self._question.hide()
        self._remove = TwiceButton(lambda: self.tr("Remove"), lambda: self.tr("Really remove it?"))
        self._remove.setObjectName("removeButton")
        self._remove.confirmed.connect(lambda: self._pressed(self.removed))
        self.own = OwnModelDetails()
        self.own.clipChosen.connect(lambda clip: self.clipChosen.emit(self._id, clip))
        self._make_licence()
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._name, 1)
        top.addWidget(self._badge)
        for button in (self._download, self._pause, self._smaller, self._remove):
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if ruled:
            column.addWidget(line())
            column.addSpacing(8)
        column.addLayout(top)
        for widget in (self._good_for, self._facts, self.own, self._bar, self._state, self._licence, self._question):
            column.addWidget(widget)

    def show_model(
        self, model: Model, download: DownloadState | None, *, best: bool, packs: bool = False, packing: bool = False
    ) -> None:
        """Show how a model stands. What is asked or told stays until that changes or a button is pressed.

        Args:
            model: the model.
            download: how far its download is; None where none is under way.
            best: whether it is what a newcomer should get here.
            packs: whether it could be kept in few bits alone.
            packing: whether that is being done.
        """
        spec = model.spec
        self._now(model.state, downloading=download is not None)
        self._name.setText(model.name)
        controls = spec is not None and bool(spec.fits)
        self._badge.setText(self.tr("recommended here") if best else self.tr("ControlNet") if controls else "")
        self._badge.setVisible(best or controls)
        self._good_for.setText(wording.of_catalog(spec.good_for) if spec else model.id)
        self._facts.setText(_facts(model))
        self._facts.setVisible(bool(self._facts.text()))
        self.own.show_model(model)
        self._show_licence()
        here = model.state in (ModelState.READY, ModelState.BUNDLED)
        loading = download is not None
        catalog = spec is not None and bool(spec.repo)
        packed = model.checkpoint is not None and bool(model.checkpoint.packed)
        self._download.setVisible((packed or not here) and not loading and catalog)
        partial = model.state is ModelState.PARTIAL
        words = self.tr("Download the whole") if packed else self.tr("Download")
        self._download.setText(self.tr("Go on") if partial else words)
        self._pause.setVisible(loading)
        self._smaller.setVisible(packs and not packing)
        self._question.setVisible(self._question.isVisible() and packs and not packing)
        self._remove.setVisible(not loading and not packing and model.state in (ModelState.READY, ModelState.PARTIAL))
        self._bar.setVisible(loading or packing)
        self._bar.setMaximum(0 if packing else PARTS)
        states = {
            ModelState.AVAILABLE: "",
            ModelState.PARTIAL: self._part_of_it(spec) if spec is not None and catalog else translated(model.problem),
            ModelState.READY: self._ready(model, packing=packing),
            ModelState.BUNDLED: self.tr("Comes with the app"),
        }
        self._show_status(states[model.state], failed=partial and not catalog)
        self._state.setToolTip(translated(model.problem))
        if download is not None:
            self.show_progress(download)

    def _ready(self, model: Model, *, packing: bool) -> str:
        if packing:
            return self.tr("Being made smaller. This takes some minutes.")
        if model.checkpoint is not None and model.checkpoint.packed:
            bits = {"4bit": "4", "8bit": "8"}[model.checkpoint.packed]
            return self.tr("Ready, kept in {bits} bits for MLX").format(bits=bits)
        return self.tr("Ready")

    def _ask_compact(self) -> None:
        self._forget()
        self._question.show()

    def _compact_chosen(self, precision: str) -> None:
        self._question.hide()
        self.compacted.emit(self._id, precision)

    def _part_of_it(self, spec: ModelSpec) -> str:
        here = wording.size(hub_cache.size_on_disk(spec.repo))
        return self.tr("{size} of it are here. “Go on” checks them and fetches what is missing.").format(size=here)

    def show_progress(self, state: DownloadState) -> None:
        """Show how far a download is."""
        if self._stands is not None:
            self._now(self._stands[0], downloading=True)
        self._download.hide()
        self._remove.hide()
        self._pause.show()
        self._bar.show()
        self._bar.setValue(round(PARTS * state.done / state.total) if state.total else 0)
        if not state.total:
            self._show_status(self.tr("Waiting to download"))
            return
        parts = [self.tr("{done} of {total}").format(done=wording.size(state.done), total=wording.size(state.total))]
        if state.seconds_left is not None:
            parts.append(wording.seconds_left(state.seconds_left))
        if state.shared:
            parts.append(
                self.tr("{size} of it are here already, with another model").format(size=wording.size(state.shared))
            )
        self._show_status(" · ".join(parts))

    def show_problem(self, error: UserError) -> None:
        """Tell what went wrong, in place of how the model stands."""
        self._problem = error
        self._show_state()

    def ask_licence(self, spec: ModelSpec) -> None:
        """Show the licence to agree to, in place."""
        self._asked = spec
        self._show_licence()
        self._agree.setFocus()
        QTimer.singleShot(0, self._scroll_to_licence)  # once it has its place

    def _show_licence(self) -> None:
        spec = self._asked
        self._licence.setVisible(spec is not None)
        if spec is None:
            return
        link = f'<a href="{html.escape(spec.licence_url)}">{html.escape(spec.licence)}</a>'
        words = self.tr("{name} comes under the {licence}.").format(name=html.escape(spec.name), licence=link)
        self._terms.setText(f"{words} {linked(wording.of_catalog(spec.licence_notes))}".strip())

    def _scroll_to_licence(self) -> None:
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if parent is not None and self._licence.isVisible():
            parent.ensureWidgetVisible(self._licence)

    def _make_licence(self) -> None:
        self._licence = QWidget()
        self._terms = LinkLabel()
        self._terms.setObjectName("termsLabel")
        self._agree = self._button(lambda: self.tr("Agree and download"), "agreeButton", self.agreed)
        refuse = push_button("notNowButton", lambda: self.tr("Not now"), self._forget)
        buttons = QHBoxLayout()
        buttons.addWidget(self._agree)
        buttons.addWidget(refuse)
        buttons.addStretch()
        column = QVBoxLayout(self._licence)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self._terms)
        column.addLayout(buttons)
        self._licence.hide()

    def _button(self, words: Text, name: str, signal: SignalInstance) -> QPushButton:
        return push_button(name, words, lambda: self._pressed(signal))

    def _pressed(self, signal: SignalInstance) -> None:
        self._forget()
        signal.emit(self._id)

    def _now(self, state: ModelState, *, downloading: bool) -> None:
        if self._stands != (state, downloading):
            self._stands = state, downloading
            self._forget()

    def _forget(self) -> None:
        """Nothing is asked or told any more."""
        self._asked = self._problem = None
        self._show_licence()
        self._show_state()

    def _show_status(self, text: str, *, failed: bool = False) -> None:
        """How it stands."""
        self._words, self._failed = text, failed
        self._show_state()

    def _show_state(self) -> None:
        text = translated(self._problem.text) if self._problem else self._words
        set_role(self._state, "danger" if self._problem or self._failed else "caption")
        self._state.setText(text)
        self._state.setVisible(bool(text))


def drive(row: ModelRow, models: Models, downloads: Downloads, changed: Callable[[], None]) -> None:
    """Do what the user wants of a row's model; `changed` is called once its space is free, or it is used otherwise."""

    def wanted(model_id: str) -> None:
        spec = models.spec(model_id)
        if models.licence_accepted(spec):
            downloads.start(model_id)
        else:
            row.ask_licence(spec)

    def agreed(model_id: str) -> None:
        try:
            models.accept_licence(models.spec(model_id))
        except UserError as error:
            row.show_problem(error)
        else:
            downloads.start(model_id)

    def clip_chosen(model_id: str, clip: bool | None) -> None:
        try:
            models.set_clip(model_id, clip)
        except UserError as error:
            row.show_problem(error)
        changed()

    row.clipChosen.connect(clip_chosen)
    row.wanted.connect(wanted)
    row.agreed.connect(agreed)
    row.paused.connect(downloads.pause)
    row.removed.connect(lambda model_id: downloads.remove(model_id, changed))


def linked(text: str) -> str:
    """A text as HTML, the addresses in it as links."""
    return re.sub(r"https://[^\s<>]+[^\s<>.,;)]", r'<a href="\g<0>">\g<0></a>', html.escape(text))


def _facts(model: Model) -> str:
    """Size, memory and licence in one line, with a link."""
    tr, spec = wording.tr, model.spec
    parts = []
    if spec is not None and spec.download_bytes:
        parts.append(tr("{size} to download", size=wording.size(spec.download_bytes)))
    memory = model.peak_memory()
    if memory:
        parts.append(tr("about {size} of memory", size=wording.size(memory)))
    if spec is not None:
        parts.append(f"{spec.base_size} × {spec.base_size}")
        name, address = html.escape(spec.licence), html.escape(spec.licence_url)
        link = f'<a href="{address}" style="text-decoration: none">{name}{wording.NO_BREAK}↗</a>'
        parts.append(link if address.startswith("https://") else name)
    return " · ".join(parts)
