"""What always stays in sight: how long the pictures may take, what they will take, and the button."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.backends.base import Backend
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.limits import ClipLimits
from app.core.request import GenerationRequest
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import label, set_role
from app.ui.panel.fields.pace_field import PaceField
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated
from app.ui.words.messages import translated

MARGIN = 16


def draft_of(request: GenerationRequest, limits: ClipLimits) -> GenerationRequest:
    """A short clip with the same settings, which knows how long the whole one is to be."""
    return request.replace(frames=limits.draft_frames, whole=request.frames)


class Footer(QWidget):
    """The choice is `pace`, the label `estimate`, the buttons `draft`, for clips, and `generate`."""

    def __init__(self) -> None:
        super().__init__()
        self.pace = PaceField()
        self.estimate = label("", "caption", wrap=True)
        self.estimate.setObjectName("estimateLabel")
        set_translated(self, lambda: self.tr("What the pictures will take"), self.estimate.setAccessibleName)
        self.estimate.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._count = 1
        self._clips = False
        self._draft_takes = ""
        self.generate = push_button("generateButton", self._words)
        set_translated(self, lambda: self.tr("Generate"), self.generate.setAccessibleName)
        self.generate.setProperty("role", "primary")
        self.draft = push_button("draftButton", lambda: self.tr("Draft"))
        self.draft.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 2, MARGIN, 10)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self.pace)
        row.addWidget(self.estimate, 1)
        column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.draft)
        buttons.addWidget(self.generate, 1)
        column.addLayout(buttons)
        on_language_change(self, self._show_tips)

    def _words(self) -> str:
        if self._clips:
            what = self.tr("Generate a clip")
            if self._count > 1:
                what = self.tr("Generate {n} clips").format(n=self._count)
        else:
            what = self.tr("Generate") + (f" {self._count}" if self._count > 1 else "")
        return f"{what}   {'⌘↩' if sys.platform == 'darwin' else 'Ctrl+↩'}"

    def _show_tips(self) -> None:
        words = self.tr("A short clip first, to see whether it is worth the time. It can be made whole afterwards.")
        self.draft.setToolTip(f"{words}\n{self._draft_takes}".strip())
        self.draft.setAccessibleDescription(self._draft_takes)

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
        limits = capabilities.clip if capabilities is not None else None
        clips, self._draft_takes = limits is not None, ""
        drafts = limits is not None and limits.draft_frames is not None
        if backend is not None and capabilities is not None:
            try:
                requests = expand()
                first = requests[0]
                count = sum(request.count for request in requests)
                resolved = capabilities.resolve(first if first.prompt else first.replace(prompt="?"), start)
                value = backend.estimate(resolved.replace(count=count))
                text = wording.estimate(value, count, backend, clips=clips)
                more = wording.estimate_details(value, count, backend, clips=clips)
                if limits is not None and drafts:
                    self._show_draft(draft_of(resolved, limits).replace(count=count), backend)
            except UserError as error:
                role, text = "danger", translated(error.text)
        self._count, self._clips = count, clips
        self.draft.setVisible(drafts)
        self.generate.setText(self._words())
        self._show_tips()
        set_role(self.estimate, role)
        self.estimate.setText(text)
        self.estimate.setToolTip(more)
        self.estimate.setAccessibleDescription(more.replace("\n", " "))

    def _show_draft(self, draft: GenerationRequest, backend: Backend) -> None:
        """Say what a draft would take. Of a clip that is as short there is none."""
        frames, whole = draft.frames or 1, draft.whole or 1
        self.draft.setEnabled(frames < whole)
        seconds = backend.estimate(draft).seconds
        self._draft_takes = wording.clip_length(frames, draft.fps or 1)
        if seconds is not None:
            self._draft_takes += " · " + wording.tr("About {time}", time=wording.seconds(seconds))
