"""The server's half of a websocket (RFC 6455), as far as a stand-in needs it."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from typing import Any

_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def accepted(key: str) -> str:
    """The Sec-WebSocket-Accept of a client's key."""
    return base64.b64encode(hashlib.sha1((key + _MAGIC).encode()).digest()).decode()


def framed(frame: dict[str, Any]) -> bytes:
    """A websocket frame: text, or a preview as it was recorded."""
    if "binary" in frame:
        kind, file = frame["binary"], base64.b64decode(frame["file"])
        told = json.dumps(frame["metadata"]).encode() if kind == 4 else b""
        data = struct.pack(">II", kind, len(told) if kind == 4 else frame["number"]) + told + file
    else:
        data = json.dumps(frame).encode()
    code = 0x82 if "binary" in frame else 0x81
    if len(data) < 126:
        return bytes([code, len(data)]) + data
    if len(data) < 1 << 16:
        return bytes([code, 126]) + struct.pack(">H", len(data)) + data
    return bytes([code, 127]) + struct.pack(">Q", len(data)) + data
