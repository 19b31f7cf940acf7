"""What clips say of themselves, in the fields that each container has for it.

Texts go by the same keys as a picture's (`embedded.texts`): our own JSON, AUTOMATIC1111's text, XMP, the standard's.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from app.library.pictures import images
from app.library.pictures.formats import webp
from app.library.pictures.metadata import OWN_KEY

PARAMETERS = "parameters"
XMP = "XML:com.adobe.xmp"

_MP4 = {
    "Title": "title", PARAMETERS: "description", OWN_KEY: "comment", "Copyright": "copyright",
    "Software": "encoding_tool",
}  # fmt: skip
"""FFmpeg's names of iTunes' tags, which all programs read."""
_OTHERS = {"Comment": "comment", "Description": "description"}
"""Where the words of other programs stand."""
_FOREIGN = {"encoder": "Software", "xmp": XMP, "prompt": "prompt", "workflow": "workflow"}
"""FFmpeg's names of further tags: what wrote the file, and ComfyUI's graphs."""
_OWN_COMMENT = f"{OWN_KEY}: "
_LARGEST_BLOCK = 255
_TRAILER = b"\x3b"


def of_mp4(texts: Mapping[str, str]) -> dict[str, str]:
    """The tags of an MP4 by FFmpeg's names. A zero byte would end them, and a lone surrogate is no text."""
    fields = {**_MP4, **({} if OWN_KEY in texts else _OTHERS)}
    return {
        tag: texts[key].replace("\0", "").encode("utf-8", "replace").decode()
        for key, tag in fields.items()
        if texts.get(key)
    }


def from_mp4(tags: Mapping[str, str]) -> dict[str, str]:
    """The texts of an MP4. A comment is ours only where it is our JSON."""
    read = {**{name: key for key, name in _MP4.items()}, **_FOREIGN}
    found = {read[name.lower()]: text for name, text in tags.items() if name.lower() in read and text}
    own = found.get(OWN_KEY, "")
    if own and not own.startswith('{"schema"'):
        found["Comment"] = found.pop(OWN_KEY)
    if PARAMETERS in found and OWN_KEY not in found:
        found["Description"] = found.pop(PARAMETERS)
    return found


def xmp(texts: Mapping[str, str]) -> bytes:
    """The XMP packet; empty for none."""
    return texts.get(XMP, "").encode("utf-8", "replace")


def put_into(path: Path, file_format: str, texts: Mapping[str, str]) -> None:
    """Put the texts into a GIF or WebP without any, which is complete but for them."""
    if texts:
        with path.open("rb+") as file:
            (_into_gif if file_format == "gif" else _into_webp)(file, texts)


def _into_gif(file: BinaryIO, texts: Mapping[str, str]) -> None:
    """Comments before the trailer: what is for people first, then our JSON with its name. XMP has no place in a GIF
    that all programs skip.
    """
    end = file.seek(-1, io.SEEK_END)
    if file.read(1) != _TRAILER:
        raise ValueError("a GIF without its end")
    file.seek(end)
    for key in ("Title", PARAMETERS, "Copyright", OWN_KEY):
        if text := texts.get(key):
            words = _OWN_COMMENT + text if key == OWN_KEY else text
            file.write(b"\x21\xfe" + _blocks(words.encode("utf-8", "replace")))
    file.write(_TRAILER)


def _blocks(data: bytes) -> bytes:
    parts = (data[at : at + _LARGEST_BLOCK] for at in range(0, len(data), _LARGEST_BLOCK))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _into_webp(file: BinaryIO, texts: Mapping[str, str]) -> None:
    """EXIF and XMP, as in our pictures."""
    words: dict[bytes, bytes] = {}
    if OWN_KEY in texts or PARAMETERS in texts:
        words[webp.EXIF] = images.exif(texts.get(OWN_KEY, ""), texts.get(PARAMETERS, "")).removeprefix(b"Exif\0\0")
    if XMP in texts:
        words[webp.XMP] = xmp(texts)
    data = webp.with_words(file.read(), words)
    file.seek(0)
    file.write(data)


def from_gif(comments: Iterable[bytes]) -> dict[str, str]:
    """The texts of a GIF; a comment of another program goes by its own key."""
    found: dict[str, str] = {}
    for comment in comments:
        text = comment.decode("utf-8", "replace")
        if text.startswith(_OWN_COMMENT):
            found[OWN_KEY] = text.removeprefix(_OWN_COMMENT)
        else:
            found.setdefault("Comment", text)
    return found
