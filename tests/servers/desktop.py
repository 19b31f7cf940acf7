"""A desktop on a message bus of its own: logind, notifications and a file manager that note what they are asked."""

from __future__ import annotations

import os
import select
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jeepney import MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LOGIN = "org.freedesktop.login1"
NOTIFICATIONS = "org.freedesktop.Notifications"
FILES = "org.freedesktop.FileManager1"


@dataclass
class Desktop:
    """`calls`: (member, arguments). `refuse`: logind says no. `locks`: the other ends of the files that it gave."""

    address: str
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    locks: list[int] = field(default_factory=list)
    refuse: bool = False
    called: threading.Event = field(default_factory=threading.Event)

    def lock_is_held(self) -> bool:
        """Whether the app still holds the file that it got for its last lock; a moment, for the bus to let go of it."""
        readable, _, _ = select.select([self.locks[-1]], [], [], 0.5)  # no one writes: readable means closed
        return not readable


@contextmanager
def desktop(services: tuple[str, ...] = (LOGIN, NOTIFICATIONS, FILES)) -> Iterator[Desktop]:
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    try:
        state = Desktop(daemon.stdout.readline().strip())
        with open_dbus_connection(state.address, enable_fds=True) as bus:
            for service in services:
                bus.send_and_get_reply(message_bus.RequestName(service))
            server = threading.Thread(target=_serve, args=(bus, state))
            server.start()
            try:
                yield state
            finally:
                daemon.terminate()  # hangs up on the server, which ends it
                server.join(10)
    finally:
        daemon.terminate()
        daemon.wait()
        daemon.stdout.close()
        for lock in state.locks:
            os.close(lock)


def _serve(bus: DBusConnection, state: Desktop) -> None:
    while True:
        try:
            message = bus.receive()
        except (OSError, EOFError):
            return
        if message.header.message_type is not MessageType.method_call:
            continue
        member = message.header.fields[3]
        state.calls.append((member, message.body))
        if member == "Inhibit" and state.refuse:
            bus.send(new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "s", ("Permission denied",)))
        elif member == "Inhibit":
            ours, theirs = os.pipe()
            state.locks.append(ours)
            bus.send(new_method_return(message, "h", (theirs,)))
            os.close(theirs)
        elif member == "Notify":
            bus.send(new_method_return(message, "u", (1,)))
        state.called.set()
