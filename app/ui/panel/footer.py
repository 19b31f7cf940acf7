"""What always stays in sight: what the pictures will take, and the button."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.backends.base import Backend
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.request import GenerationRequest
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import label, set_role
from app.ui.words import wording
from app.ui.words.language import set_translated
from app.ui.words.messages import translated

MARGIN = 16


class Footer(QWidget):
    """The label is `estimate`, the button `generate`."""

    def __init__(self) -> None:
        super().__init__()
        self.estimate = label("", "caption", wrap=True)
        self.estimate.setObjectName("estimateLabel")
        set_translated(self, lambda: self.tr("What the pictures will take"), self.estimate.setAccessibleName)
        self.estimate.setAlignment(Qt.AlignmentFlag.AlignCenter)
        keys = "⌘↩" if sys.platform == "darwin" else "Ctrl+↩"
        self.generate = push_button("generateButton", lambda: f"{self.tr('Generate')}   {keys}")
        set_translated(self, lambda: self.tr("Generate"), self.generate.setAccessibleName)
        self.generate.setProperty("role", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 6, MARGIN, 12)
        column.setSpacing(6)
        column.addWidget(self.estimate)
        column.addWidget(self.generate)

    def show_estimate(
        self, request: GenerationRequest, backend: Backend | None, capabilities: Capabilities | None
    ) -> None:
        """Say what a request would take, or what is wrong with it. An empty prompt is no matter yet."""
        role, text, more = "caption", "", ""
        if backend is not None and capabilities is not None:
            try:
                resolved = capabilities.resolve(request if request.prompt else request.replace(prompt="?"))
                value = backend.estimate(resolved)
                text = wording.estimate(value, resolved.count, backend)
                more = wording.estimate_details(value, resolved.count, backend)
            except UserError as error:
                role, text = "danger", translated(error.text)
        set_role(self.estimate, role)
        self.estimate.setText(text)
        self.estimate.setToolTip(more)
        self.estimate.setAccessibleDescription(more.replace("\n", " "))
