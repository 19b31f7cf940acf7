"""A Linux desktop, spoken to over D-Bus."""

from __future__ import annotations

import contextlib
import html
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, MessageFlag, new_method_call
from jeepney.io.blocking import open_dbus_connection, unwrap_msg
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)

DESKTOP_FILE = "sana-studio"
TIMEOUT = 1.0  # seconds; the window waits so long for a bus that hangs
EXPIRES_BY_ITSELF = -1

# No bus, a bus that hangs up, a service that is missing or refuses, an answer that never comes.
BUS_ERRORS = (OSError, DBusErrorResponse, KeyError, ValueError)

_BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
_LOGIN = DBusAddress("/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager")
_NOTIFICATIONS = DBusAddress(
    "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications"
)
_FILES = DBusAddress(
    "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1", "org.freedesktop.FileManager1"
)  # fmt: skip


@contextlib.contextmanager
def keep_awake(reason: str) -> Iterator[None]:
    """Hold off sleep while the context lasts. The lock is an open file, so it also ends when the process dies."""
    lock = _inhibit(reason)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _inhibit(reason: str) -> int | None:
    arguments = ("idle:sleep", "Sana Studio", reason, "block")
    try:
        with open_dbus_connection("SYSTEM", enable_fds=True, auth_timeout=TIMEOUT) as bus:
            (lock,) = _ask(bus, new_method_call(_LOGIN, "Inhibit", "ssss", arguments))
            descriptor: int = lock.to_raw_fd()
            return descriptor
    except BUS_ERRORS as error:
        log.info("Sleep is not held off: %s", error)
        return None


def notify(title: str, text: str) -> None:
    """Show a notification. A click on it brings the app to the front."""
    hints = {"desktop-entry": ("s", DESKTOP_FILE)}
    body = html.escape(text, quote=False)  # desktops read it as markup
    values: tuple[Any, ...] = ("Sana Studio", 0, DESKTOP_FILE, title, body, [], hints, EXPIRES_BY_ITSELF)
    try:
        with open_dbus_connection("SESSION", auth_timeout=TIMEOUT) as bus:
            _ask(bus, new_method_call(_NOTIFICATIONS, "Notify", "susssasa{sv}i", values))
    except BUS_ERRORS as error:
        log.info("No notification: %s", error)


def reveal(path: Path) -> None:
    """Show a file in the file manager, selected; where that cannot be done, open its folder."""
    try:
        with open_dbus_connection("SESSION", auth_timeout=TIMEOUT) as bus:
            if _offered(bus, _FILES.bus_name):
                # Not waited for: a file manager that has to start first takes its time.
                message = new_method_call(_FILES, "ShowItems", "ass", ([path.as_uri()], ""))
                message.header.flags = MessageFlag.no_reply_expected
                bus.send(message)
                return
    except BUS_ERRORS as error:
        log.info("No file manager on the bus: %s", error)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def put_aside(window: QWidget) -> None:
    """Take a window away while its work goes on: minimized, since there is no Dock to bring it back from."""
    window.showMinimized()


def unify_title_bar(window: QWidget) -> None:
    """Title bars belong to the desktop here."""


def _offered(bus: Any, name: str | None) -> bool:
    """Whether a service runs or can be started."""
    (running,) = _ask(bus, new_method_call(_BUS, "NameHasOwner", "s", (name,)))
    (startable,) = _ask(bus, new_method_call(_BUS, "ListActivatableNames"))
    return running or name in startable


def _ask(bus: Any, message: Any) -> tuple[Any, ...]:
    body: tuple[Any, ...] = unwrap_msg(bus.send_and_get_reply(message, timeout=TIMEOUT))
    return body
