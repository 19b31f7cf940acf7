"""Where the server is, and what a proxy before it asks for."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from app.core.errors import UserError
from app.core.message import message
from app.library.setting import Setting

ADDRESS = Setting(
    "comfyui_address",
    "http://127.0.0.1:8188",
    message("ComfyUI’s address"),
    message("Where your ComfyUI answers: port 8188, or 8000 for its desktop app."),
    "Backends",
    "text",
)
SETTINGS = (ADDRESS,)
_HEADER = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([\x20-\x7e]+?)\s*")


def checked_address(text: str) -> str:
    """An address as `Server` takes it; without a scheme it is http.

    Raises:
        UserError: it is no address.
    """
    address = text.strip()
    if "://" not in address:
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or any(letter.isspace() for letter in address):
        raise UserError(
            message("“{address}” is no address of a ComfyUI server.", address=text.strip()[:100]),
            message("Type one such as http://127.0.0.1:8188 in Settings, Backends."),
        )
    return address


def headers_of(text: str) -> dict[str, str]:
    """The headers of a text with one "Name: value" a line.

    Raises:
        UserError: it says something else. What it says is not shown.
    """
    found = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        header = _HEADER.fullmatch(line)
        if header is None:
            raise UserError(
                message("The headers for ComfyUI cannot be read."),
                message("Write each on a line of its own, such as “Authorization: Bearer …”."),
            )
        found[header[1]] = header[2]
    return found
