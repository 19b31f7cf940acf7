"""Pictures that come from elsewhere: dropped, pasted, or dragged from a browser."""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage

from app.ui.gallery.files.dropping import dropped_picture

_KINDS = ("image/png", "image/jpeg", "image/webp", "image/avif", "image/gif", "image/bmp", "image/tiff")
_PICTURE = re.compile(r"""<img\b[^>]*?\ssrc\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_LONGEST_INLINE = 100_000_000
_LONGEST_ADDRESS = 8000

Incoming = Path | bytes | QImage | str
"""A file, a file's content, pixels, or an address of the web."""


def is_offered(data: QMimeData) -> bool:
    """Whether there is something that may be a picture, without reading it."""
    return dropped_picture(data) is not None or data.hasImage() or _has_file(data) or bool(_address(data))


def offered(data: QMimeData) -> Incoming | None:
    """The picture in a drop or on the clipboard. What is there already goes before what would have to be fetched."""
    path = dropped_picture(data)
    if path is not None:
        return path
    kind = next((kind for kind in _KINDS if data.hasFormat(kind)), None)
    if kind is not None and (content := bytes(data.data(kind).data())):
        return content
    if data.hasImage() and isinstance(image := data.imageData(), QImage) and not image.isNull():
        return image
    address = _address(data)
    return _inline(address) if address.startswith("data:") else address or None


def content_of(pixels: QImage) -> bytes:
    """Pixels as the content of a PNG file. It takes its time: call it in another thread."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixels.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def _has_file(data: QMimeData) -> bool:
    return any(data.hasFormat(kind) for kind in _KINDS)


def _address(data: QMimeData) -> str:
    """The first address of the web: of a picture in a piece of a page, among the links, or as the only text; empty
    where there is none. Where a picture on a page is a link, the browser's address leads to another page.
    """
    pictures = _PICTURE.findall(data.html()[:_LONGEST_INLINE]) if data.hasHtml() else []
    texts = [html.unescape(picture) for picture in pictures] + [url.toString() for url in data.urls()]
    if not texts and data.hasText():
        texts = [data.text().strip()]
    for text in texts:
        scheme = text.partition(":")[0].lower()
        if scheme == "data" and text.lower().startswith("data:image/") and len(text) < _LONGEST_INLINE:
            return text
        if scheme in ("https", "http") and len(text) < _LONGEST_ADDRESS and not any(map(str.isspace, text)):
            return text
    return ""


def _inline(address: str) -> bytes | None:
    """The file within a data: address."""
    kind, _, content = address.partition(",")
    try:
        return base64.b64decode(content, validate=True) if kind.endswith(";base64") else unquote_to_bytes(content)
    except ValueError:
        return None
