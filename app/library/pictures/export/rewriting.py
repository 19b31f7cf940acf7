"""Words of a picture file changed without touching its pixels: paths taken out, and the marks in its XMP."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from app.library.pictures import metadata
from app.library.pictures.export.carried import PARAMETERS, XMP, Carried
from app.library.pictures.formats import webp

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt"}
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_LARGEST_SEGMENT = 65_533


def rewritten(data: bytes, before: Carried, after: Carried) -> bytes | None:
    """The file's bytes with the words and the XMP of `after` in place of those of `before`; None where they do not fit
    there. XMP of an AVIF stays: its pieces are found by their places in the file.
    """
    keys = [key for key in (metadata.OWN_KEY, PARAMETERS) if before.texts.get(key) != after.texts.get(key)]
    texts = {key: after.texts[key] for key in keys}
    packet = after.xmp if after.xmp != before.xmp else b""
    if data.startswith(_SIGNATURE):
        return _png(data, {**texts, **({XMP: packet.decode("utf-8", "replace")} if packet else {})})
    for key in keys:
        # In EXIF a shorter text can stand in the place of the longer one: blanks at its end mean nothing.
        encoding = "ascii" if key == metadata.OWN_KEY else "utf-16-be"
        old, new = before.texts[key], after.texts[key]
        if len(new) > len(old) or old.encode(encoding, "replace") not in data:
            return None
        data = data.replace(old.encode(encoding, "replace"), new.ljust(len(old)).encode(encoding, "replace"))
    if packet and data.startswith(b"\xff\xd8"):
        return _jpeg(data, packet)
    if packet and data.startswith(b"RIFF"):
        return webp.with_words(data, {webp.XMP: packet})
    return data


def _png(data: bytes, texts: Mapping[str, str]) -> bytes:
    out, left = [_SIGNATURE], dict(texts)
    for kind, body, whole in _chunks(data):
        key = body.partition(b"\0")[0].decode("latin-1") if kind in _TEXT_CHUNKS else ""
        if key in texts:
            whole = _text_chunk(key, texts[key])
            left.pop(key, None)
        if kind == b"IEND":
            out += [_text_chunk(key, text) for key, text in left.items()]
        out.append(whole)
    return b"".join(out)


def _text_chunk(key: str, text: str) -> bytes:
    body = key.encode() + bytes(5) + text.encode("utf-8", "replace")
    return len(body).to_bytes(4, "big") + b"iTXt" + body + zlib.crc32(b"iTXt" + body).to_bytes(4, "big")


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


def _jpeg(data: bytes, packet: bytes) -> bytes | None:
    """With its XMP segment replaced, or put behind the segments of EXIF and JFIF."""
    content = _JPEG_XMP + packet
    if len(content) > _LARGEST_SEGMENT:
        return None
    segment = b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content
    at, out, behind = 2, [data[:2]], 1
    while data[at : at + 1] == b"\xff" and (0xE0 <= data[at + 1] <= 0xEF or data[at + 1] == 0xFE):
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if not data[at + 4 : end].startswith(_JPEG_XMP):
            out.append(data[at:end])
            behind = len(out) if data[at + 1] in (0xE0, 0xE1) else behind
        at = end
    return b"".join([*out[:behind], segment, *out[behind:], data[at:]])
