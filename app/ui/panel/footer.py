"""What always stays in sight: how long the pictures may take, what they will take, and the button."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.backends.base import Backend
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.request import GenerationRequest
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import label, set_role
from app.ui.panel.fields.pace_field import PaceField
from app.ui.words import wording
from app.ui.words.language import set_translated
from app.ui.words.messages import translated

MARGIN = 16


class Footer(QWidget):
    """The choice is `pace`, the label `estimate`, the button `generate`."""

    def __init__(self) -> None:
        super().__init__()
        self.pace = PaceField()
        self.estimate = label("", "caption", wrap=True)
        self.estimate.setObjectName("estimateLabel")
        set_translated(self, lambda: self.tr("What the pictures will take"), self.estimate.setAccessibleName)
        self.estimate.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._count = 1
        self.generate = push_button("generateButton", self._words)
        set_translated(self, lambda: self.tr("Generate"), self.generate.setAccessibleName)
        self.generate.setProperty("role", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 2, MARGIN, 10)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self.pace)
        row.addWidget(self.estimate, 1)
        column.addLayout(row)
        column.addWidget(self.generate)

    def _words(self) -> str:
        pictures = f" {self._count}" if self._count > 1 else ""
        return f"{self.tr('Generate')}{pictures}   {'⌘↩' if sys.platform == 'darwin' else 'Ctrl+↩'}"

    def show_estimate(
        self,
        expand: Callable[[], tuple[GenerationRequest, ...]],
        backend: Backend | None,
        capabilities: Capabilities | None,
        start: tuple[int, int] | None = None,
    ) -> None:
        """Say what the requests would take that `expand` gives, and how many pictures they are, or what is wrong with
        them. An empty prompt is no matter yet.

        Args:
            start: width and height of the start picture, where they are known.
        """
        role, text, more, count = "caption", "", "", 1
        if backend is not None and capabilities is not None:
            try:
                requests = expand()
                first = requests[0]
                count = sum(request.count for request in requests)
                resolved = capabilities.resolve(first if first.prompt else first.replace(prompt="?"), start)
                value = backend.estimate(resolved.replace(count=count))
                text = wording.estimate(value, count, backend)
                more = wording.estimate_details(value, count, backend)
            except UserError as error:
                role, text = "danger", translated(error.text)
        self._count = count
        self.generate.setText(self._words())
        set_role(self.estimate, role)
        self.estimate.setText(text)
        self.estimate.setToolTip(more)
        self.estimate.setAccessibleDescription(more.replace("\n", " "))
