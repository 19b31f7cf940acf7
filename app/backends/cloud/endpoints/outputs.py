"""Finding a picture in what a worker gives: an address, or a picture as base64, somewhere in lists and objects."""

from __future__ import annotations

import re
from typing import Any

from app.backends.cloud.endpoints.dialect import inline

_ADDRESS = re.compile(r"(?:https?://|data:image/)", re.IGNORECASE)
_BASE64_OF_PICTURE = re.compile(r"(?:iVBORw0KGgo|/9j/|UklGR)[A-Za-z0-9+/\r\n]+={0,2}\s*")
"""The first bytes of PNG, JPEG and WebP."""
_DEEPEST = 8


def picture_in(output: Any, depth: int = 0) -> str | None:
    """The address of the first picture, or the picture within one; None where there is none."""
    if isinstance(output, str):
        if _ADDRESS.match(output):
            return output
        return inline("".join(output.split())) if _BASE64_OF_PICTURE.fullmatch(output) else None
    if depth > _DEEPEST:
        return None
    parts = output.values() if isinstance(output, dict) else output if isinstance(output, list) else ()
    return next((found for part in parts if (found := picture_in(part, depth + 1)) is not None), None)
