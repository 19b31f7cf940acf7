"""Where the server is, and what a proxy before it asks for."""

from __future__ import annotations

import re
import sys
from urllib.parse import urlsplit

from app.backends.base import ServerSetup
from app.core.errors import UserError
from app.core.message import message
from app.library import secrets
from app.library.setting import Setting

PAGE = "ComfyUI"
"""Of the settings."""
ADDRESS = Setting(
    "comfyui_address",
    "http://127.0.0.1:8188",
    message("Address"),
    message("Where your ComfyUI answers: port 8188, or 8000 for its desktop app."),
    PAGE,
    "address",
)
DESKTOP = "http://127.0.0.1:8000"
"""Where the desktop app answers."""
_VARIABLE = "COMFYUI_HEADERS"


def headers_secret(address: str) -> str:
    """The name, among the secrets, of the headers for an address: for another host there are none."""
    name = f"comfyui@{urlsplit(address).netloc.lower()}"
    secrets.declare(name, _VARIABLE, checked_headers)
    return name


SETUP = ServerSetup(
    ADDRESS.key,
    headers_secret,
    _VARIABLE,
    (
        message(
            "For Sana, install the node pack ComfyUI_ExtraModels by Efficient-Large-Model with ComfyUI Manager. "
            "Its models are downloaded with their first picture, without telling how far that is."
        ),
        message("Start ComfyUI’s desktop app, or run this in ComfyUI’s folder:"),
        message(
            "Leave out --force-fp32: most Sana 1.0 models were trained in float16, and make wrong pictures with it."
        ),
    ),
    "PYTORCH_ENABLE_MPS_FALLBACK=1 python main.py" if sys.platform == "darwin" else "python main.py",
)
_LONGEST = 4_000
_HEADER = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([\x20-\x7e]+?)\s*")


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
            raise _unreadable()
        found[header[1]] = header[2]
    return found


def checked_headers(text: str) -> str:
    """What is kept of headers that somebody typed: one "Name: value" a line. Raises UserError as `headers_of`."""
    found = headers_of(text)
    if not found or len(text) > _LONGEST:
        raise _unreadable()
    return "\n".join(f"{name}: {value}" for name, value in found.items())


def _unreadable() -> UserError:
    return UserError(
        message("This is not a header."),
        message("Type its name, a colon and its value, such as “Authorization: Bearer …”."),
    )
