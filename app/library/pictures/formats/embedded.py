"""The texts that a picture file carries, by their key, whichever format keeps them where.

In PNG they are text chunks; in JPEG, WebP, AVIF and TIFF they are EXIF fields, named here as the standard names them,
and XMP.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.library.pictures.formats import png
from app.library.pictures.formats.opening import Opened
from app.library.pictures.metadata import OWN_KEY

if TYPE_CHECKING:
    from PIL import Image

PARAMETERS = "parameters"
COMMENT = "UserComment"
XMP = "XML:com.adobe.xmp"

PNG_KEYS = (
    OWN_KEY, PARAMETERS, "invokeai_metadata", "sd-metadata", "Dream", "prompt", "workflow", "fooocus_scheme",
    "Title", "Description", "Software", "Source", "Comment", XMP,
)  # fmt: skip

SIDEWAYS = {5, 6, 7, 8}
TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What makes a picture upright, by the value of EXIF's Orientation; a name among Pillow's `Transpose`."""

# EXIF tags, by the names of the standard.
EXIF_IFD = 0x8769
ORIENTATION = 0x0112
MAKER_NOTE = 0x927C
USER_COMMENT = 0x9286
FIELDS = {"ImageDescription": 0x010E, "Make": 0x010F, "Model": 0x0110, "Software": 0x0131}
UNICODE_COMMENT = b"UNICODE\0"
_PLAIN_COMMENTS = (b"ASCII\0\0\0", bytes(8))


def texts(picture: Opened) -> dict[str, str]:
    """The texts by key; empty where there are none.

    Raises:
        png.TooMuchError: one is too long.
    """
    found = png.texts(picture.file, picture.chunks, PNG_KEYS)
    for key, text in _exif_texts(exif(picture)).items():
        found.setdefault(key, text)
    xmp = picture.image.info.get("xmp")
    if isinstance(xmp, bytes):
        found.setdefault(XMP, xmp.decode("utf-8", "replace"))
    if any(len(text) > png.MAX_TEXT for text in found.values()):
        raise png.TooMuchError
    return found


def exif(picture: Opened) -> Image.Exif:
    """The EXIF data, from wherever the format keeps them. Pillow may raise anything for damaged ones."""
    if picture.chunks:
        from app.library.pictures.formats.pillow import Image

        data = Image.Exif()
        if raw := png.exif(picture.file, picture.chunks):
            data.load(raw)
        return data
    return picture.image.getexif()


def orientation(picture: Opened) -> int:
    """EXIF's Orientation; 1, upright, where there is none that can be read."""
    try:
        value = exif(picture).get(ORIENTATION)
    except Exception:  # EXIF data of unknown origin may be damaged in any way
        return 1
    return value if isinstance(value, int) else 1


def _exif_texts(data: Image.Exif) -> dict[str, str]:
    found = {name: text for name, tag in FIELDS.items() if (text := _field(data.get(tag)))}
    details: Mapping[int, object] = data.get_ifd(EXIF_IFD)
    note, comment = details.get(MAKER_NOTE), details.get(USER_COMMENT)
    prefix = f"{OWN_KEY}\0".encode()
    if isinstance(note, bytes) and note.startswith(prefix):
        found[OWN_KEY] = note.removeprefix(prefix).decode("ascii", "replace")
    if isinstance(comment, bytes) and (text := _comment(comment)):
        found[COMMENT] = text
    elif isinstance(comment, str) and comment:
        found[COMMENT] = comment
    return found


def _field(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").rstrip("\0")
    if not isinstance(value, str):
        return ""
    try:  # Pillow reads them as Latin-1, and programs write UTF-8
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _comment(raw: bytes) -> str:
    """EXIF's UserComment: its first 8 bytes name the encoding. Programs write UTF-16 in either byte order, UTF-8 and
    plain ASCII under that name, and leave the name out.
    """
    code, text = raw[:8], raw[8:]
    if code == UNICODE_COMMENT:
        if text.startswith((b"\xff\xfe", b"\xfe\xff")):
            return text.decode("utf-16", "replace")
        # Every text that we look for has ASCII characters, whose zero bytes tell the order.
        even, odd = text[::2].count(0), text[1::2].count(0)
        if not even and not odd:
            return _utf8(text)
        return text.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
    if code in _PLAIN_COMMENTS:
        return text.decode("utf-8", "replace").rstrip("\0")
    return _utf8(raw)


def _utf8(text: bytes) -> str:
    try:
        return text.decode().rstrip("\0")
    except UnicodeDecodeError:
        return ""
