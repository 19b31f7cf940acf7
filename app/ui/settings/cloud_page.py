"""The Cloud page: the keys of online services, and what they cost."""

from __future__ import annotations

from app.backends.base import HasAccount
from app.engine.engine import Engine
from app.library.spending import Ledger
from app.ui.background import Background
from app.ui.controls.style.frames import line
from app.ui.controls.text.labels import label
from app.ui.settings.keys.key_editor import KeyEditor
from app.ui.settings.page import GAP, LABELS, Page
from app.ui.words import wording
from app.ui.words.language import on_language_change


class CloudPage(Page):
    """An editor for each key; the declared settings; this month's sum."""

    def __init__(self, engine: Engine, ledger: Ledger, background: Background) -> None:
        super().__init__()
        self._ledger = ledger
        self.keys: list[KeyEditor] = []
        for backend in engine.registry.backends.values():
            if isinstance(backend, HasAccount) and backend.page in ("", "Cloud"):
                editor = KeyEditor(backend, background)
                editor.changed.connect(engine.backendsChanged)
                self.add_row(editor.caption, editor, editor.key)
                self.keys.append(editor)
        if self.keys:
            self.column.addWidget(line())
        self.add_settings(engine.settings, "Cloud")
        self.spent = label("", "muted")
        self.spent.setObjectName("spentLabel")
        self.spent.setContentsMargins(LABELS + GAP, 0, 0, 0)
        self.column.addWidget(self.spent)
        self.column.addStretch()
        engine.jobEnded.connect(lambda _job: self._show_spending())
        on_language_change(self, self._show_spending)
        self._show_spending()

    def _show_spending(self) -> None:
        month = self._ledger.this_month()
        text = self.tr("This month: {money} for {pictures}.")
        self.spent.setText(text.format(money=wording.money(month.cost), pictures=wording.pictures(month.pictures)))
