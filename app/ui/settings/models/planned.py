"""The models that the app does not run yet: why not, and what they would need."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.planned import Planned
from app.ui.controls.text.labels import LinkLabel, label
from app.ui.words import wording
from app.ui.words.language import set_translated


class PlannedModels(QWidget):
    """A few lines beneath the models, with a link for each."""

    def __init__(self, models: Sequence[Planned]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label(lambda: self.tr("Not yet"), "heading"))
        for model in models:
            line = LinkLabel("caption")
            line.setObjectName(f"planned-{model.id}")
            set_translated(self, partial(self._words, model), line.setText)
            column.addWidget(line)

    def _words(self, model: Planned) -> str:
        link = f'<a href="{html.escape(model.url)}">{html.escape(model.name)}</a>'
        why, needs = (html.escape(wording.of_catalog(text)) for text in (model.why, model.needs))
        return self.tr("{model}: {why} It would need: {needs}").format(model=link, why=why, needs=needs)
