"""The Endpoints page: servers and services of the user's own, each with its address and its key."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.backends.base import HasTest
from app.backends.cloud.endpoints import EndpointBackend
from app.backends.cloud.endpoints.template import PRESETS
from app.core.errors import UserError
from app.core.message import NOTHING, Message, message, sentences
from app.engine.engine import Engine
from app.library import secrets
from app.library.endpoint import Endpoint, checked
from app.library.secrets import Secret
from app.ui.background import Background, Questions
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import StatusLabel, label
from app.ui.settings.endpoints.endpoint_form import EndpointForm
from app.ui.settings.endpoints.endpoint_row import EndpointRow
from app.ui.settings.page import Page
from app.ui.words.messages import translated


class EndpointsPage(Page):
    """A row for each, and a form for a new one or one that is changed. What waits for the keychain, for the disk or for
    an answer is done in the background.
    """

    def __init__(self, engine: Engine, background: Background) -> None:
        super().__init__()
        self.setObjectName("endpointsPage")
        self._engine = engine
        self._store = engine.session.endpoints
        self._background = background
        self._tests = Questions(self)
        self.rows: dict[str, EndpointRow] = {}
        self.add = push_button("addEndpointButton", lambda: self.tr("Add an endpoint…"), lambda: self._open(None))
        heading = QHBoxLayout()
        heading.addWidget(label(lambda: self.tr("Endpoints of your own"), "heading"))
        heading.addStretch()
        heading.addWidget(self.add)
        self.column.addLayout(heading)
        self.column.addWidget(
            label(
                lambda: self.tr(
                    "A server that you run or rent makes the pictures: on Modal, RunPod, fal, Hugging Face or a "
                    "computer of your own. Prompts and start pictures are sent to it."
                ),
                "muted",
                wrap=True,
            )
        )
        self.status = StatusLabel()
        self.status.setObjectName("endpointsMessage")
        self.status.hide()
        self.form = EndpointForm(PRESETS)
        self.form.hide()
        self.form.saved.connect(self._save)
        self.form.cancelled.connect(self._close)
        self._list = QVBoxLayout()
        self._list.setSpacing(16)
        self.none = label(lambda: self.tr("There is none yet."), "caption")
        for each in (self.status, self.form, self.none):
            self.column.addWidget(each)
        self.column.addLayout(self._list)
        self.column.addStretch()
        engine.backendsChanged.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read again which endpoints there are."""
        known = {endpoint.name: endpoint for endpoint in self._store.list()}
        for gone in self.rows.keys() - known.keys():
            row = self.rows.pop(gone)
            row.hide()
            row.setParent(None)
            row.deleteLater()
        for name, endpoint in known.items():
            row = self.rows.get(name) or self._add_row(endpoint)
            row.show_endpoint(endpoint)
        self.none.setVisible(not known)
        self._background.run(partial(_keys, tuple(known.values())), self._show_keys, lambda _: None)

    def close_down(self) -> None:
        self._tests.close()

    def _add_row(self, endpoint: Endpoint) -> EndpointRow:
        row = self.rows[endpoint.name] = EndpointRow(endpoint)
        row.tested.connect(self._test)
        row.edited.connect(lambda name: self._open(self._store.get(name)))
        row.removed.connect(self._remove)
        self._list.addWidget(row)
        return row

    def _show_keys(self, keys: dict[str, Secret]) -> None:
        for name, secret in keys.items():
            if name in self.rows:
                self.rows[name].show_key(secret)

    def _open(self, endpoint: Endpoint | None) -> None:
        self.status.hide()
        self.add.setEnabled(endpoint is not None)
        self.form.open(endpoint)

    def _close(self) -> None:
        self.form.hide()
        self.add.setEnabled(True)
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self, endpoint: Endpoint, key: str) -> None:
        new = endpoint.name.strip() not in self.rows

        backend = self._engine.registry.backends.get(endpoint.name.strip())

        def work() -> tuple[Endpoint, Message]:
            if isinstance(backend, EndpointBackend):
                backend.check_change(checked(endpoint))
            kept = self._store.add(endpoint) if new else self._store.replace(endpoint)
            return kept, _keep(kept, key) if key else NOTHING

        def done(result: tuple[Endpoint, Message]) -> None:
            kept, notice = result
            self.form.set_busy(False)
            self._close()
            self._engine.backendsChanged.emit()
            if notice and kept.name in self.rows:
                self.rows[kept.name].show_notice(notice)

        secrets.retry()
        self._background.run(work, done, self.form.show_problem)

    def _remove(self, name: str) -> None:
        def done(_: object) -> None:
            self._engine.backendsChanged.emit()

        secrets.retry()
        self._background.run(partial(self._store.remove, name), done, partial(self._tell_problem, name))

    def _test(self, name: str) -> None:
        backend = self._engine.registry.backends.get(name)
        row = self.rows[name]
        if backend is not None and isinstance(backend, HasTest):
            row.show_testing()
            self._tests.run(backend.test, partial(self._answered, name), partial(self._tell_problem, name))

    def _answered(self, name: str, answer: Message) -> None:
        if name in self.rows:
            self.rows[name].show_answer(answer)

    def _tell_problem(self, name: str, error: UserError) -> None:
        if name in self.rows:
            self.rows[name].show_problem(error)
        else:
            self.status.show_text(partial(translated, error.text), "danger")
            self.status.show()


def _keys(endpoints: tuple[Endpoint, ...]) -> dict[str, Secret]:
    """Where the key of each comes from. Raises UserError where the keychain refuses."""
    return {endpoint.name: secrets.get(endpoint.secret) for endpoint in endpoints}


def _keep(endpoint: Endpoint, key: str) -> Message:
    """Keep a key in the keychain, or for this session where that refuses; returns what to tell of it.

    Raises:
        UserError: it cannot be a key.
    """
    try:
        source = secrets.set(endpoint.secret, key)
    except UserError as error:
        secrets.set(endpoint.secret, key, session_only=True)
        return sentences(error.message, message("The key is kept until you quit."))
    return message("The key is kept until you quit.") if source == "session" else NOTHING
