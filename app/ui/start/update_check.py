"""Asks for a newer version in the background, and tells of it in the message bar."""

from __future__ import annotations

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from app.library.updates import Release, Updates
from app.ui.background import Background
from app.ui.controls.message_bar import MessageBar


class UpdateCheck(QObject):
    """The window's side of `library.updates`."""

    def __init__(self, updates: Updates, background: Background, bar: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._updates = updates
        self._background = background
        self._bar = bar

    def look(self) -> None:
        """Look now, and answer whatever comes of it."""
        self._background.run(self._updates.look, self._answer, self._bar.show_error)

    def look_daily(self) -> None:
        """Look if the settings want it and a day has passed; say something only if there is something new."""
        self._background.run(self._updates.look_daily, self._offer_any)

    def _answer(self, release: Release | None) -> None:
        if release is None:
            self._bar.show_notice(lambda: self.tr("This is the newest version."))
        else:
            self._offer(release)

    def _offer_any(self, release: Release | None) -> None:
        if release is not None:
            self._offer(release)

    def _offer(self, release: Release) -> None:
        page = QUrl(release.page)
        self._bar.show_notice(
            lambda: self.tr("Version {version} can be had.").format(version=release.version),
            lambda: self.tr("Open Its Page"),
            lambda: QDesktopServices.openUrl(page),
            stay=True,
        )
