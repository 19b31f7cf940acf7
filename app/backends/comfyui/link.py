"""The websocket of one client, which is connected again where it drops."""

from __future__ import annotations

import time
import uuid

from app.backends.comfyui.server import Refused, Server, Unanswered
from app.backends.comfyui.socket import Dropped, Shown, Socket, Told

_PAUSE = 1.0
"""Seconds between two tries to connect."""


class Link:
    """Without a connection nothing is told; what happens is then seen by asking, only later. Close it.

    Attributes:
        client: the id of this client: what is ordered in its name is told here.
    """

    def __init__(self, server: Server) -> None:
        self.client = uuid.uuid4().hex
        self._server = server
        self._socket: Socket | None = None
        self._failed = -_PAUSE

    @property
    def connected(self) -> bool:
        return self._socket is not None

    def connect(self, seconds: float) -> None:
        """Connect where it is not, in so many seconds at most."""
        if self._socket is not None or time.monotonic() - self._failed < _PAUSE:
            return
        try:
            self._socket = Socket(self._server.address, self._server.headers, self.client, seconds)
        except (Refused, Unanswered):
            self._failed = time.monotonic()

    def receive(self, seconds: float) -> Told | Shown | None:
        """What is told next; None where nothing is in so many seconds."""
        if self._socket is None:
            time.sleep(seconds)
            return None
        try:
            return self._socket.receive(seconds)
        except Dropped:
            self.close()
            return None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
