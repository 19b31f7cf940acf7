"""Paths taken out of a picture file without touching its pixels."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from app.library.pictures import metadata
from app.library.pictures.export.carried import PARAMETERS, Carried

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt"}


def with_texts(data: bytes, before: Carried, after: Carried) -> bytes | None:
    """The file's bytes with the words of `after` in place of those of `before`; None where they do not fit there."""
    keys = [key for key in (metadata.OWN_KEY, PARAMETERS) if before.texts.get(key) != after.texts.get(key)]
    if data.startswith(_SIGNATURE):
        return _png(data, {key: after.texts[key] for key in keys})
    for key in keys:
        # In EXIF a shorter text can stand in the place of the longer one: blanks at its end mean nothing.
        encoding = "ascii" if key == metadata.OWN_KEY else "utf-16-be"
        old, new = before.texts[key], after.texts[key]
        if len(new) > len(old) or old.encode(encoding, "replace") not in data:
            return None
        data = data.replace(old.encode(encoding, "replace"), new.ljust(len(old)).encode(encoding, "replace"))
    return data


def _png(data: bytes, texts: dict[str, str]) -> bytes:
    out = [_SIGNATURE]
    for kind, body, whole in _chunks(data):
        key = body.partition(b"\0")[0].decode("latin-1") if kind in _TEXT_CHUNKS else ""
        if key in texts:
            body = key.encode() + bytes(5) + texts[key].encode("utf-8", "replace")
            crc = zlib.crc32(b"iTXt" + body)
            whole = len(body).to_bytes(4, "big") + b"iTXt" + body + crc.to_bytes(4, "big")
        out.append(whole)
    return b"".join(out)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(kind, body, whole chunk) of each chunk; what follows the last one comes as it is."""
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : end - 4], data[at:end]
        if data[at + 4 : at + 8] == b"IEND":
            at = end
            break
        at = end
    yield b"", b"", data[at:]
