"""A Linux desktop."""

from __future__ import annotations

import contextlib
import html
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

DESKTOP_FILE = "sana-studio"
EXPIRES_BY_ITSELF = -1


@contextlib.contextmanager
def keep_awake(reason: str) -> Iterator[None]:
    """Hold off sleep while the context lasts. The lock is an open file, so it also ends when the process dies."""
    from app.platform import bus

    lock = bus.inhibit_sleep(reason)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def notify(title: str, text: str) -> None:
    """Show a notification. A click on it brings the app to the front."""
    from app.platform import bus

    hints = {"desktop-entry": ("s", DESKTOP_FILE)}
    body = html.escape(text, quote=False)  # desktops read it as markup
    bus.notify(("Sana Studio", 0, DESKTOP_FILE, title, body, [], hints, EXPIRES_BY_ITSELF))


def reveal(path: Path) -> None:
    """Show a file in the file manager, selected; where that cannot be done, open its folder."""
    from app.platform import bus

    if not bus.show_file(path):
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def preview_command(files: Sequence[Path]) -> list[str]:
    """The program that previews files until it is ended: desktops here have none in common."""
    return []


def can_share() -> bool:
    """Whether the system has a menu of what files can be sent to: desktops here have none in common."""
    return False


def share(files: Sequence[Path], window: QWidget) -> None:
    """Let the user choose where files are sent to."""
    raise NotImplementedError("see can_share")


def offer_service(take: Callable[[str], None]) -> None:
    """Desktops here have no menu of services."""


def put_aside(window: QWidget) -> None:
    """Take a window away while its work goes on: minimized, since there is no Dock to bring it back from."""
    window.showMinimized()


def unify_title_bar(window: QWidget) -> None:
    """Title bars belong to the desktop here."""
