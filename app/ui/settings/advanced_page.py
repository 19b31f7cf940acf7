"""The Advanced page: memory, logs, and back to the defaults."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout

from app.core.errors import UserError
from app.library import paths
from app.library.settings import Settings
from app.ui.controls.buttons import push_button
from app.ui.controls.style.frames import line
from app.ui.controls.text.labels import StatusLabel
from app.ui.controls.twice_button import TwiceButton
from app.ui.settings.page import GAP, LABELS, Page
from app.ui.words.messages import translated


class AdvancedPage(Page):
    """The declared settings, the log folder, and a reset."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.add_settings(settings, "Advanced")
        self.column.addWidget(line())
        logs = push_button("logFolderButton", lambda: self.tr("Open the log folder"), self._open_logs)
        self.reset_button = TwiceButton(lambda: self.tr("Reset all settings"), lambda: self.tr("Really reset them?"))
        self.reset_button.setObjectName("resetButton")
        self.reset_button.confirmed.connect(self._reset)
        self._status = StatusLabel()
        self._status.setObjectName("advancedMessage")
        self._status.setContentsMargins(LABELS + GAP, 0, 0, 0)
        self._status.hide()
        row = QHBoxLayout()
        row.setContentsMargins(LABELS + GAP, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(logs)
        row.addWidget(self.reset_button)
        row.addStretch()
        self.column.addLayout(row)
        self.column.addWidget(self._status)
        self.column.addStretch()

    def _open_logs(self) -> None:
        paths.logs().mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.logs())))

    def _reset(self) -> None:
        try:
            self._settings.reset()
        except UserError as error:
            self._status.show_text(partial(translated, error.text), "danger")
        else:
            self._status.show_text(lambda: self.tr("All settings have their defaults again."), "caption")
        self._status.show()
