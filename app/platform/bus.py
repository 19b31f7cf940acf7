"""Linux desktops over D-Bus. Import this module only to ask one: it takes a moment."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, MessageFlag, new_method_call
from jeepney.io.blocking import open_dbus_connection, unwrap_msg

log = logging.getLogger(__name__)

TIMEOUT = 1.0  # seconds; the window waits so long for a bus that hangs

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


def inhibit_sleep(reason: str) -> int | None:
    """Hold off sleep while the descriptor that is returned is open; None where that cannot be done."""
    arguments = ("idle:sleep", "Sana Studio", reason, "block")
    try:
        with open_dbus_connection("SYSTEM", enable_fds=True, auth_timeout=TIMEOUT) as bus:
            (lock,) = _ask(bus, new_method_call(_LOGIN, "Inhibit", "ssss", arguments))
            descriptor: int = lock.to_raw_fd()
            return descriptor
    except BUS_ERRORS as error:
        log.info("Sleep is not held off: %s", error)
        return None


def notify(values: tuple[Any, ...]) -> None:
    """Show a notification.

    Args:
        values: those of org.freedesktop.Notifications.Notify.
    """
    try:
        with open_dbus_connection("SESSION", auth_timeout=TIMEOUT) as bus:
            _ask(bus, new_method_call(_NOTIFICATIONS, "Notify", "susssasa{sv}i", values))
    except BUS_ERRORS as error:
        log.info("No notification: %s", error)


def show_file(path: Path) -> bool:
    """Show a file in the file manager, selected; False where there is none on the bus."""
    try:
        with open_dbus_connection("SESSION", auth_timeout=TIMEOUT) as bus:
            if _offered(bus, _FILES.bus_name):
                # Not waited for: a file manager that has to start first takes its time.
                message = new_method_call(_FILES, "ShowItems", "ass", ([path.as_uri()], ""))
                message.header.flags = MessageFlag.no_reply_expected
                bus.send(message)
                return True
    except BUS_ERRORS as error:
        log.info("No file manager on the bus: %s", error)
    return False


def _offered(bus: Any, name: str | None) -> bool:
    """Whether a service runs or can be started."""
    (running,) = _ask(bus, new_method_call(_BUS, "NameHasOwner", "s", (name,)))
    (startable,) = _ask(bus, new_method_call(_BUS, "ListActivatableNames"))
    return running or name in startable


def _ask(bus: Any, message: Any) -> tuple[Any, ...]:
    body: tuple[Any, ...] = unwrap_msg(bus.send_and_get_reply(message, timeout=TIMEOUT))
    return body
