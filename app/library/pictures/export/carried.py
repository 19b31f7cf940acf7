"""What a picture file says of itself, carried over to a file of another format as it stands.

Nothing here is interpreted: another program's words stay whole and unchanged, and a photo gets none of ours.
"""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image, PngImagePlugin

from app.core.errors import UserError
from app.core.message import message
from app.library.pictures import dialects, metadata
from app.library.pictures.export import places
from app.library.pictures.formats import colour, embedded, png
from app.library.pictures.formats.opening import opened

PARAMETERS = "parameters"
XMP = "XML:com.adobe.xmp"

# EXIF tags, by the names of the standard.
_EXIF_IFD = 0x8769
_MAKE = 0x010F
_MODEL = 0x0110
_ORIENTATION = 0x0112
_SOFTWARE = 0x0131
_MAKER_NOTE = 0x927C
_USER_COMMENT = 0x9286
_UNICODE = b"UNICODE\0"
_OWN = f"{metadata.OWN_KEY}\0".encode()
_GRAPH_FIELDS = {"prompt": _MODEL, "workflow": _MAKE}
"""Where ComfyUI keeps its graph in JPEG and WebP, as "prompt:{...}" and "workflow:{...}"."""

_LARGEST_JPEG_SEGMENT = 65_533
_LARGEST_WEBP_SIDE = 16_383
_LARGEST_MAKER_NOTE = 1_000
"""Those of cameras are larger, and full of offsets that are wrong in another file."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a file says of itself.

    Attributes:
        texts: by key, as in a PNG's text chunks. Those that EXIF fields hold in the other formats are here too.
        exif: everything else in EXIF.
        xmp: the XMP packet; empty for none.
    """

    texts: dict[str, str] = field(default_factory=dict)
    exif: Image.Exif = field(default_factory=Image.Exif)
    xmp: bytes = b""

    def without_places(self) -> Carried:
        """Without the paths that an older version of this app wrote."""
        own = self.texts.get(metadata.OWN_KEY)
        if own is None:
            return self
        texts = {**self.texts, metadata.OWN_KEY: places.without_places(own)}
        if PARAMETERS in texts:
            texts[PARAMETERS] = places.without_model_place(texts[PARAMETERS])
        return replace(self, texts=texts)

    def without_words(self) -> Carried:
        """Nothing of how it was made but, for our own pictures, that a trained model made it."""
        return Carried(xmp=metadata.source_xmp(self.xmp) if metadata.OWN_KEY in self.texts else b"")


def read(path: Path) -> Carried:
    """What a picture file says; what cannot be made sense of in EXIF is left out.

    Raises:
        UserError: as `images.read`.
    """
    with opened(path) as picture:
        texts = png.texts(picture.file, picture.chunks)
        xmp = picture.image.info.get("xmp") or texts.get(XMP, "").encode()
        texts = {key: text for key, text in texts.items() if not key.startswith(("Raw profile", "XML:"))}
        exif = Image.Exif()
        with contextlib.suppress(Exception):  # EXIF data of unknown origin may be damaged in any way
            exif = embedded.exif(picture)
            texts = {**_taken(exif, embedded.texts(picture).get(embedded.COMMENT, "")), **texts}
    return Carried(texts, exif, xmp if isinstance(xmp, bytes) else b"")


def encode(image: Image.Image, carried: Carried, file_format: str) -> bytes:
    """A file's bytes.

    Args:
        image: RGB or RGBA, and upright; a JPEG shows white where it is transparent.
        file_format: "png", "jpeg", "webp" or "avif".

    Raises:
        UserError: the format cannot hold the picture or the words.
    """
    buffer = io.BytesIO()
    if file_format == "png":
        info = PngImagePlugin.PngInfo()
        for key, text in carried.texts.items():
            info.add_itxt(key, text)
        if carried.xmp:
            info.add_itxt(XMP, carried.xmp.decode("utf-8", "replace"))
        image.save(buffer, "PNG", pnginfo=info, exif=_bytes(carried.exif))
        return buffer.getvalue()
    exif = _with_texts(carried)
    too_large = (file_format == "jpeg" and len(exif) > _LARGEST_JPEG_SEGMENT) or (
        file_format == "webp" and max(image.size) > _LARGEST_WEBP_SIDE
    )
    if too_large:
        raise UserError(
            message("The picture or its prompt is too large for this format."),
            message("Choose a name that ends in .png."),
        )
    options = {"exif": exif, **({"xmp": carried.xmp} if carried.xmp else {})}
    if file_format == "jpeg":
        colour.flat(image).save(buffer, "JPEG", quality=95, subsampling=0, **options)
    elif file_format == "avif":
        image.save(buffer, "AVIF", quality=90, subsampling="4:4:4", **options)
    else:
        image.save(buffer, "WEBP", quality=95, **options)
    return buffer.getvalue()


def _taken(exif: Image.Exif, comment: str) -> dict[str, str]:
    """The texts of EXIF that other programs look for under a key in PNG; ours are taken out."""
    exif.pop(_ORIENTATION, None)
    texts = {}
    details = exif.get_ifd(_EXIF_IFD)
    note = details.get(_MAKER_NOTE)
    if isinstance(note, bytes) and note.startswith(_OWN):
        texts[metadata.OWN_KEY] = note.removeprefix(_OWN).decode("ascii", "replace")
        if comment:
            texts[PARAMETERS] = comment
        del details[_MAKER_NOTE]
        details.pop(_USER_COMMENT, None)
    elif isinstance(note, bytes) and len(note) > _LARGEST_MAKER_NOTE:
        del details[_MAKER_NOTE]
    if comment and dialects.read({embedded.COMMENT: comment}):  # cameras write comments too
        texts[PARAMETERS] = comment
    for key, tag in _GRAPH_FIELDS.items():
        value = exif.get(tag)
        if isinstance(value, str) and value.startswith(f"{key}:"):
            texts[key] = value.removeprefix(f"{key}:")
            del exif[tag]
    return texts


def _with_texts(carried: Carried) -> bytes:
    """EXIF with the texts in the fields that other programs look in: UserComment, and ComfyUI's."""
    exif = carried.exif
    texts = dict(carried.texts)
    details = exif.get_ifd(_EXIF_IFD)
    if own := texts.pop(metadata.OWN_KEY, ""):
        exif[_SOFTWARE] = "Sana Studio"
        details[_MAKER_NOTE] = _OWN + own.encode()
    elif "Software" in texts:
        exif[_SOFTWARE] = texts["Software"]
    for key, tag in _GRAPH_FIELDS.items():
        if key in texts:
            exif[tag] = f"{key}:{texts.pop(key)}".encode()  # Pillow would write "?" for what is not ASCII
    comment = texts.pop(PARAMETERS, "")
    if texts and not comment:
        comment = next(iter(texts.values())) if len(texts) == 1 else json.dumps(texts, ensure_ascii=False)
        texts = {}
    if comment:
        details[_USER_COMMENT] = _UNICODE + comment.encode("utf-16-be", "replace")
    if texts:
        left = next(iter(texts.values())) if len(texts) == 1 else json.dumps(texts)
        details.setdefault(_MAKER_NOTE, left.encode("utf-8", "replace"))
    return _bytes(exif)


def _bytes(exif: Image.Exif) -> bytes:
    if not exif and not exif.get_ifd(_EXIF_IFD):
        return b""
    try:
        return exif.tobytes()
    except Exception:  # fields of unknown origin that Pillow reads and cannot write
        kept = Image.Exif()
        details = exif.get_ifd(_EXIF_IFD)
        kept.get_ifd(_EXIF_IFD).update(
            {tag: details[tag] for tag in (_MAKER_NOTE, _USER_COMMENT) if isinstance(details.get(tag), bytes)}
        )
        return kept.tobytes()
