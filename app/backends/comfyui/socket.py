"""ComfyUI's websocket: what it tells while it works."""

from __future__ import annotations

import contextlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from websockets.exceptions import InvalidHandshake, InvalidURI, WebSocketException
from websockets.sync.client import reconnect

from app.backends.comfyui.server import Refused, Unanswered
from app.core.message import message
from app.library import network
from app.library.addresses import is_loopback

MAX_FRAME = 64 << 20
"""Bytes. The server's frames may be larger than a client's usual limit of 1 MiB: previews, and what nodes show."""
_FEATURES = {"type": "feature_flags", "data": {"supports_preview_metadata": True}}
"""Then a preview says whose it is. It counts only as the first message."""
_PREVIEW, _PREVIEW_WITH_METADATA = 1, 4


class _Direct(reconnect):
    """Follows no redirection: the headers that a proxy asks for go to the address that they are for alone."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Dropped(Exception):  # noqa: N818
    """The connection has ended, by the server or on the way."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message: its type, such as "progress", and its data."""

    type: str
    data: Mapping[str, Any]

    @property
    def prompt(self) -> str:
        """The id of the job that it is about; empty where it names none."""
        return str(self.data.get("prompt_id") or "")


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview: a JPEG or PNG file, and the id of its job where the server names it."""

    file: bytes
    prompt: str = ""


class Socket:
    """A connection for one client id; close it. What the server tells of this client's jobs comes here, and nowhere
    else: a second connection of the same id would silence the first.

    Raises:
        Refused, Unanswered: as of `Server`.
    """

    def __init__(self, address: str, headers: Mapping[str, str], client: str, seconds: float) -> None:
        uri = f"ws{address.removeprefix('http')}/ws?clientId={quote(client, safe='')}"
        self._open = contextlib.ExitStack()
        try:
            self._connection = self._open.enter_context(
                _Direct(
                    uri,
                    additional_headers=headers,
                    ssl=network.trusted() if uri.startswith("wss:") else None,
                    proxy=None if is_loopback(address) else True,
                    open_timeout=seconds,
                    close_timeout=0.5,
                    max_size=MAX_FRAME,
                    ping_interval=20,
                    ping_timeout=60,
                )
            )
            self._connection.send(json.dumps(_FEATURES))
        except InvalidHandshake as error:
            status = getattr(getattr(error, "response", None), "status_code", None)
            if status is not None:
                raise Refused(status) from None
            raise Unanswered(message("its answer cannot be understood"), strange=True) from None
        except (OSError, TimeoutError, WebSocketException, InvalidURI, ValueError, ImportError):  # of a proxy's part
            raise Unanswered(message("there is no connection"), connected=False) from None

    def close(self) -> None:
        self._open.close()

    def receive(self, seconds: float) -> Told | Shown | None:
        """What comes next; None where nothing came in time, or nothing that makes sense. Raises Dropped."""
        try:
            frame = self._connection.recv(timeout=seconds)
        except TimeoutError:
            return None
        except (WebSocketException, OSError, EOFError):
            raise Dropped from None
        return _told(frame) if isinstance(frame, str) else _shown(frame)


def _told(frame: str) -> Told | None:
    try:
        answer = json.loads(frame)
        return Told(str(answer["type"]), dict(answer.get("data") or {}))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _shown(frame: bytes) -> Shown | None:
    """Frame 1 is u32 type, u32 format, file; frame 4 is u32 type, u32 length, JSON of that length, file."""
    try:
        kind, number = struct.unpack_from(">II", frame)
        if kind == _PREVIEW:
            return Shown(frame[8:])
        if kind == _PREVIEW_WITH_METADATA:
            told = json.loads(frame[8 : 8 + number])
            return Shown(frame[8 + number :], str(told.get("prompt_id") or ""))
    except (struct.error, ValueError, AttributeError, RecursionError):
        pass
    return None
