"""The form for one endpoint: what it is called, where it is, its key, and what is sent to it."""

from __future__ import annotations

import dataclasses
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.backends.cloud.endpoints.template import doubts
from app.core.errors import UserError
from app.core.message import message
from app.library.endpoint import Endpoint, Kind, checked
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.text.labels import StatusLabel, label
from app.ui.settings.editors import WIDTH
from app.ui.settings.endpoints.kinds import words_of
from app.ui.settings.page import GAP, LABELS, captioned
from app.ui.words.language import Text, on_language_change, set_translated
from app.ui.words.messages import translated

TEMPLATE_HEIGHT = 150


class EndpointForm(QFrame):
    """Of a new endpoint, or of one that there is: then its name stays.

    Args:
        presets: the ready-made template of each kind that takes one.

    Signals:
        saved(Endpoint, str): what was typed, as it can be kept, and the key; empty for none or the one that there is.
        cancelled: nothing is to be changed.
    """

    saved = Signal(object, str)
    cancelled = Signal()

    def __init__(self, presets: dict[Kind, str]) -> None:
        super().__init__()
        self.setObjectName("endpointForm")
        self.setProperty("role", "card")
        self._presets = presets
        self._before: Endpoint | None = None
        self.name = _edit("endpointNameEdit")
        self.kind = ComboBox()
        self.kind.setObjectName("endpointKindBox")
        self.kind.setFixedWidth(WIDTH)
        for index, kind in enumerate(Kind):
            self.kind.add("", kind)
            set_translated(self, partial(translated, words_of(kind).name), partial(self.kind.setItemText, index))
        self.kind.activated.connect(self._show_kind)
        self.help = label("", "caption", wrap=True)
        self.url = _edit("endpointUrlEdit")
        self.key = _edit("endpointKeyEdit")
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.variable = _edit("endpointKeyEnvEdit")
        self.model = _edit("endpointModelEdit")
        self.price = _edit("endpointPriceEdit")
        self.template = QPlainTextEdit()
        self.template.setObjectName("endpointTemplateEdit")
        self.template.setTabChangesFocus(True)
        self.template.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.template.setFixedHeight(TEMPLATE_HEIGHT)
        self.template.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.template.textChanged.connect(self._check_template)
        self.verdict = StatusLabel()
        self.verdict.setObjectName("endpointTemplateMessage")
        self.preset = push_button(
            "endpointPresetButton", lambda: self.tr("Put in the ready-made one"), self._put_in_preset
        )  # fmt: skip
        self.status = StatusLabel()
        self.status.setObjectName("endpointFormMessage")
        self.save = push_button("saveEndpointButton", lambda: self.tr("Save"), self._save)
        self.cancel = push_button("cancelEndpointButton", lambda: self.tr("Cancel"), self.cancelled.emit)
        for edit in (self.name, self.url, self.key, self.variable, self.model, self.price):
            edit.returnPressed.connect(self.save.click)
        self._lay_out()
        on_language_change(self, self._show_kind)
        self._show_kind()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 16, 16)
        column.setSpacing(10)
        with_help, with_verdict = QWidget(), QWidget()
        beneath = QHBoxLayout()
        beneath.addWidget(self.verdict, 1)
        beneath.addWidget(self.preset, 0, Qt.AlignmentFlag.AlignTop)
        for whole, parts in ((with_help, (self.kind, self.help)), (with_verdict, (self.template,))):
            inner = QVBoxLayout(whole)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(4)
            for part in parts:
                inner.addWidget(part)
            if whole is with_verdict:
                inner.addLayout(beneath)
            whole.setMinimumWidth(WIDTH)
        self._template_row = QWidget()
        rows: tuple[tuple[Text, QWidget, QWidget], ...] = (
            (lambda: self.tr("Name"), self.name, self.name),
            (lambda: self.tr("Kind"), with_help, self.kind),
            (lambda: self.tr("Address"), self.url, self.url),
            (lambda: self.tr("Key"), self.key, self.key),
            (lambda: self.tr("Or a variable that holds it"), self.variable, self.variable),
            (lambda: self.tr("Model"), self.model, self.model),
            (lambda: self.tr("Price of a picture in US dollars"), self.price, self.price),
            (lambda: self.tr("What is sent"), with_verdict, self.template),
        )
        for caption, content, editor in rows:
            set_translated(self, caption, editor.setAccessibleName)
            row = captioned(caption, content, editor)
            if editor is self.template:
                self._template_row.setLayout(row)
                row.setContentsMargins(0, 0, 0, 0)
                column.addWidget(self._template_row)
            else:
                column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(LABELS + GAP, 0, 0, 0)
        buttons.setSpacing(8)
        for button in (self.cancel, self.save):
            buttons.addWidget(button)
        buttons.addStretch()
        self.status.setContentsMargins(LABELS + GAP, 0, 16, 0)
        column.addWidget(self.status)
        column.addLayout(buttons)
        set_translated(self, lambda: self.tr("the server's own"), self.model.setPlaceholderText)
        set_translated(self, lambda: self.tr("not known"), self.price.setPlaceholderText)
        set_translated(self, lambda: self.tr("the ready-made one"), self.template.setPlaceholderText)
        self.variable.setPlaceholderText("MY_KEY")

    def open(self, endpoint: Endpoint | None) -> None:
        """Show an endpoint, or an empty form."""
        self._before = endpoint
        shown = endpoint or Endpoint("", Kind.OPENAI, "")
        self.name.setText(shown.name)
        self.name.setReadOnly(endpoint is not None)
        self.kind.select(shown.kind)
        self.url.setText(shown.url)
        self.key.clear()
        self.variable.setText(shown.key_env)
        self.model.setText(shown.model)
        self.price.setText("" if shown.price is None else f"{shown.price:g}")
        self.template.setPlainText(shown.template)
        self.status.hide()
        self._show_kind()
        self.show()
        (self.url if endpoint is not None else self.name).setFocus()

    def show_problem(self, error: UserError) -> None:
        """Say why it could not be kept; what was typed stays."""
        self.status.show_text(partial(translated, error.text), "danger")
        self.status.show()
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        self.save.setEnabled(not busy)

    def _show_kind(self) -> None:
        words = words_of(self._kind())
        self.help.setText(translated(words.help))
        self.url.setPlaceholderText(words.address)
        new = self._before is None or not self._before.secret
        optional = self.tr("Leave it empty where none is needed")
        self.key.setPlaceholderText(optional if new else self.tr("Paste another key to replace it"))
        self._template_row.setVisible(self._has_template())
        self._check_template()

    def _kind(self) -> Kind:
        return Kind(self.kind.currentData())

    def _has_template(self) -> bool:
        return bool(self._presets.get(self._kind()))

    def _put_in_preset(self) -> None:
        self.template.setPlainText(self._presets.get(self._kind(), ""))

    def _check_template(self) -> None:
        """Say at once whether it can be sent."""
        text = self.template.toPlainText().strip()
        if not text:
            self.verdict.show_text(lambda: self.tr("The ready-made one for worker-comfyui is sent."), "caption")
            return
        try:
            checked(Endpoint("x", self._kind(), "https://example.org", template=text))
        except UserError as error:
            self.verdict.show_text(partial(translated, error.text), "danger")
            return
        doubt = doubts(text)
        words = partial(translated, doubt) if doubt else lambda: self.tr("This can be sent.")
        self.verdict.show_text(words, "danger" if doubt else "caption")

    def _save(self) -> None:
        try:
            endpoint = Endpoint(
                name=self.name.text(),
                kind=self._kind(),
                url=self.url.text(),
                key_env=self.variable.text(),
                model=self.model.text(),
                template=self.template.toPlainText() if self._has_template() else "",
                price=_price(self.price.text()),
            )
            checked(endpoint)
        except UserError as error:
            self.show_problem(error)
            return
        if endpoint.key_env.strip() and self.key.text().strip():
            both = message("There is a key and the name of a variable.")
            self.show_problem(UserError(both, message("Leave one of them empty.")))
            return
        self.status.hide()
        self.set_busy(True)
        self.saved.emit(dataclasses.replace(endpoint), self.key.text().strip())


def _edit(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setFixedWidth(WIDTH)
    return made


def _price(text: str) -> float | None:
    """Raises UserError where it is no number."""
    text = text.strip().removeprefix("$").replace(",", ".")
    try:
        return float(text) if text else None
    except ValueError:
        raise UserError(
            message("This cannot be the price of a picture."), message("Type US dollars, such as 0.01.")
        ) from None
