"""The Backends page: what can compute pictures here, why not, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.backends.base import Backend, SelfTestable
from app.backends.ways import Way, way_of
from app.engine.engine import Engine
from app.ui.controls.buttons import push_button
from app.ui.controls.status_dot import StatusDot
from app.ui.controls.style.frames import line
from app.ui.controls.text.labels import label, set_role
from app.ui.settings.page import Page
from app.ui.settings.self_test import SelfTests
from app.ui.words import ways, wording
from app.ui.words.language import on_language_change, set_translated
from app.ui.words.messages import translated


class BackendsPage(Page):
    """The declared settings and a row for each backend.

    Signals:
        pageAsked(str): the user wants to mend what is in the way, on this page.
    """

    pageAsked = Signal(str)

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self.tests = SelfTests(self)
        self.tests.finished.connect(self._test_finished)
        self.add_settings(engine.settings, "Backends")
        self.rows: dict[str, BackendRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(self.column.spacing())
        self.column.addLayout(self._list)
        self.column.addStretch()
        engine.backendsChanged.connect(self.refresh)
        on_language_change(self, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read again which backends there are, and how they stand."""
        for editor in self.editors:
            editor.refresh()
        backends = self._engine.registry.backends
        for gone in self.rows.keys() - backends.keys():
            self.rows.pop(gone).deleteLater()
        for backend in backends.values():
            row = self.rows.get(backend.id) or self._add(backend)
            row.show_way(way_of(self._engine.registry, backend))
            verdict = self.tests.verdict(backend.id)
            if self.tests.running == backend.id:
                row.show_verdict(self.tr("Testing…"), failed=False)
            elif verdict is not None:
                row.show_verdict(str(verdict), failed=not verdict.passed)
        for row in self.rows.values():
            row.test.setEnabled(row.testable and not self.tests.running)

    def _add(self, backend: Backend) -> BackendRow:
        row = BackendRow(backend)
        row.test.clicked.connect(lambda _=False, backend_id=backend.id: self._test(backend_id))
        row.pageAsked.connect(self.pageAsked)
        self.rows[backend.id] = row
        self._list.addWidget(row)
        return row

    def close_down(self) -> None:
        self.tests.stop()

    def _test(self, backend_id: str) -> None:
        if self.tests.start(backend_id):
            self.refresh()

    def _test_finished(self, _backend_id: str) -> None:
        self.refresh()


class BackendRow(QWidget):
    """One backend: its dot, name and device, its reason and remedy, and the test or what mends it.

    Signals:
        pageAsked(str): the page of the settings where what is missing can be had.
    """

    pageAsked = Signal(str)

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self.testable = False
        self._page = ""
        self._tested = isinstance(backend, SelfTestable)
        self._dot = StatusDot()
        self._device = label("", "muted")
        self._reason = label("", "muted", wrap=True)
        self._remedy = label("", wrap=True)
        self._suits = label("", "caption", wrap=True)
        self._verdict = label("", "caption", wrap=True)
        self._verdict.setObjectName(f"{backend.id}Verdict")
        self.test = push_button(f"{backend.id}TestButton", lambda: self.tr("Test"))
        set_translated(self, lambda: self.tr("Test {name}").format(name=backend.name), self.test.setAccessibleName)
        set_translated(
            self,
            lambda: self.tr("Checks that it computes the right numbers. It takes a moment."),
            self.test.setToolTip,
        )
        self.test.setVisible(self._tested)
        self.mend = push_button(f"{backend.id}MendButton", "")
        self.mend.clicked.connect(lambda: self.pageAsked.emit(self._page))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._dot)
        top.addWidget(label(backend.name, "heading"))
        top.addWidget(self._device)
        top.addStretch()
        top.addWidget(self.mend)
        top.addWidget(self.test)
        words = QVBoxLayout()
        words.setContentsMargins(20, 0, 0, 0)
        words.setSpacing(3)
        for each in (self._reason, self._remedy, self._suits, self._verdict):
            words.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(line())
        column.addSpacing(14)
        column.addLayout(top)
        column.addLayout(words)
        self._verdict.hide()

    def show_way(self, way: Way) -> None:
        status = way.status
        self.testable = status.ready and self._tested
        self._dot.show_state(ways.DOTS[status.state], ways.state(status.state))
        self._device.setText(wording.place(way.group, status.device))
        self._reason.setText(translated(status.reason))
        self._reason.setVisible(bool(status.reason))
        self._remedy.setText(translated(status.remedy))
        self._remedy.setVisible(bool(status.remedy))
        self._suits.setText(ways.suits(way.suits))
        self._suits.setVisible(bool(self._suits.text()))
        self._page, words = way.page, ways.mend(status.state) if way.page != "Backends" else ""
        self.mend.setText(words)
        self.mend.setVisible(bool(words))

    def show_verdict(self, text: str, *, failed: bool) -> None:
        self._verdict.setText(text)
        set_role(self._verdict, "danger" if failed else "caption")
        self._verdict.show()
