"""Pictures on disk: saved whole or not at all, with everything that made them inside the file."""

from __future__ import annotations

import contextlib
import io
import logging
import stat
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageOps, PngImagePlugin

from app.core.errors import UserError
from app.core.message import message
from app.core.output import Pixels, Provenance
from app.core.request import GenerationRequest
from app.library.files import create_file, disk_error, replace_file
from app.library.pictures import metadata
from app.library.pictures.sources import identified

log = logging.getLogger(__name__)

SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
"""The files that are pictures for us, and Pillow's names of their formats."""

MAX_FILE_BYTES = 1_000_000_000
MAX_PIXELS = 89_000_000
"""Just below Pillow's own limit; a larger picture is refused before it is decoded."""

_SUFFIX_OF = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}
_LARGEST_WEBP_SIDE = 16_383
_LARGEST_JPEG_SEGMENT = 65_533
_TAIL_BYTES = 65_536

# EXIF tags, by the names of the standard.
_EXIF_IFD = 0x8769
_SOFTWARE = 0x0131
_ORIENTATION = 0x0112
_MAKER_NOTE = 0x927C
_USER_COMMENT = 0x9286
_UNICODE_COMMENT = b"UNICODE\0"
_PLAIN_COMMENTS = (b"ASCII\0\0\0", bytes(8))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on disk.

    Attributes:
        path: the file.
        width, height: pixels, as it is seen.
        created: unix time.
        request: what it was made with (count 1, its own seed); None where the file does not say. Its `model` is empty
            where another program made the picture.
        provenance: what is known of its making; for another program's, `source` is that program.
    """

    path: Path
    width: int
    height: int
    created: float
    request: GenerationRequest | None = None
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def prompt(self) -> str:
        return self.request.prompt if self.request else ""

    @property
    def seed(self) -> int | None:
        return self.request.seed if self.request else None


def save(
    pixels: Pixels, request: GenerationRequest, provenance: Provenance, folder: Path, file_format: str = "png"
) -> Picture:
    """Save a picture under a new name in `folder`, which is created if it is missing.

    The file is complete on the disk when this returns. What a JPEG or WebP cannot hold (more than 64 kB of prompt,
    a side of more than 16383 pixels) is saved as PNG.

    Args:
        pixels: (height, width, 3) uint8.
        request: of this one picture, resolved, with its own seed.
        file_format: "png", "jpeg" or "webp".

    Raises:
        UserError: the disk is full, the folder cannot be written to; no half file is left.
    """
    created, request = time.time(), identified(request)
    data, suffix = _encode(pixels, request, provenance, created, file_format)
    try:
        path = create_file(folder, file_name(request, created) + suffix, data)
    except OSError as error:
        raise disk_error(error, message("The picture could not be saved"), folder) from error
    return _picture(path, pixels, request, provenance, created)


def save_as(pixels: Pixels, request: GenerationRequest, provenance: Provenance, path: Path) -> Picture:
    """As `save`, in the file that the user named: its suffix gives the format, and an older file is replaced.

    Raises:
        UserError: the suffix is none of a picture, or it cannot be saved; an older file stands as it was.
    """
    file_format = format_of(path)
    created, request = time.time(), identified(request)
    data, suffix = _encode(pixels, request, provenance, created, file_format)
    if SUFFIXES[suffix].lower() != file_format:
        raise UserError(
            message("The picture or its prompt is too large for this format."),
            message("Choose a name that ends in .png."),
        )
    try:
        replace_file(path, data)
    except OSError as error:
        raise disk_error(error, message("The picture could not be saved"), path.parent) from error
    return _picture(path, pixels, request, provenance, created)


def format_of(path: Path) -> str:
    """The file format ("png", "jpeg" or "webp") that a name's suffix asks for.

    Raises:
        UserError: it asks for none that is a picture.
    """
    file_format = SUFFIXES.get(path.suffix.lower())
    if not file_format:
        raise UserError(
            message("“{name}” is no name for a picture.", name=path.name),
            message("Choose a name that ends in .png, .jpg, .jpeg or .webp."),
        )
    return file_format.lower()


def read(path: Path) -> Picture:
    """What a picture file says of itself: our own data, else AUTOMATIC1111's or InvokeAI's. The pixels are not decoded.

    Raises:
        UserError: it is no picture, incomplete, or too large.
    """
    with _opened(path) as image:
        _check_complete(path, image.format or "")
        width, height = image.size
        changed = path.stat().st_mtime
        # Reading the sizes and texts of a foreign file may fail in any way that its author thought of.
        try:
            texts, turned = _texts(image)
        except Exception:
            log.info("The metadata of %s cannot be read.", path, exc_info=True)
            texts, turned = {}, False
    if any(len(text) > metadata.MAX_TEXT for text in texts.values()):
        raise UserError(
            message("“{name}” carries too much text to be read.", name=path.name), message("Use a copy without it.")
        )
    if turned:
        width, height = height, width
    request, provenance, created = _making(texts)
    return Picture(path, width, height, changed if created is None else created, request, provenance)


def decode(path: Path, backdrop: str = "white") -> Pixels:
    """The pixels of a picture file, (height, width, 3) uint8, upright; transparent parts show the backdrop's colour.

    Raises:
        UserError: it is no picture, damaged, or too large.
    """
    with _opened(path) as image:
        import numpy as np  # it takes a tenth of a second, and thumbnails need none

        return np.asarray(_upright(image, backdrop))


def thumbnail(path: Path, side: int) -> bytes:
    """A small copy as JPEG that fits a square of `side` pixels.

    Raises:
        UserError: as `decode`.
    """
    with _opened(path) as image:
        if image.mode not in {"RGB", "L"}:
            image = _upright(image)  # other modes cannot be scaled smoothly
        image.thumbnail((side, side), reducing_gap=2.0)  # a JPEG is decoded at a fraction of its size
        small = _upright(image)
        buffer = io.BytesIO()
        small.save(buffer, "JPEG", quality=88)
        return buffer.getvalue()


def file_name(request: GenerationRequest, created: float) -> str:
    """A name without suffix: day, the prompt's first words, seed. Letters and digits of any script, short, sortable."""
    letters = (
        character if unicodedata.category(character)[0] in "LMN" or character == "-" else " "
        for character in unicodedata.normalize("NFC", request.prompt[:200])
    )
    chosen = ""
    for word in "".join(letters).split():
        longer = f"{chosen} {word}".strip()
        if chosen and len(longer) > 40:
            break
        chosen = longer[:40]
    # 40 characters with many combining marks could still be long in bytes; names have 255.
    words = chosen.encode()[:150].decode(errors="ignore").strip(" -") or "picture"
    day = time.strftime("%Y-%m-%d", time.localtime(created))
    return f"{day} {words} {request.seed if request.seed is not None else ''}".strip()


def _picture(path: Path, pixels: Pixels, request: GenerationRequest, provenance: Provenance, created: float) -> Picture:
    height, width, _ = pixels.shape
    return Picture(path, width, height, created, request, provenance)


def _encode(
    pixels: Pixels, request: GenerationRequest, provenance: Provenance, created: float, file_format: str
) -> tuple[bytes, str]:
    """The file's bytes and its suffix."""
    if pixels.dtype != "uint8" or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"pixels are {pixels.dtype} {pixels.shape}")
    image = Image.fromarray(pixels)
    own = metadata.to_json(request, provenance, created)
    parameters = metadata.to_parameters(request, provenance)
    buffer = io.BytesIO()
    if file_format != "png":
        exif = _exif(own, parameters)
        if file_format == "jpeg" and len(exif) <= _LARGEST_JPEG_SEGMENT:
            image.save(buffer, "JPEG", quality=95, subsampling=0, exif=exif, xmp=metadata.XMP)
            return buffer.getvalue(), _SUFFIX_OF["jpeg"]
        if file_format == "webp" and max(image.size) <= _LARGEST_WEBP_SIDE:
            image.save(buffer, "WEBP", quality=95, exif=exif, xmp=metadata.XMP)
            return buffer.getvalue(), _SUFFIX_OF["webp"]
        if file_format not in _SUFFIX_OF:
            raise ValueError(f"no such file format: {file_format}")
        log.warning("This picture or its prompt is too large for %s and is saved as PNG.", file_format)
    info = PngImagePlugin.PngInfo()
    info.add_itxt("parameters", parameters)
    info.add_itxt(metadata.OWN_KEY, own)
    info.add_itxt("XML:com.adobe.xmp", metadata.XMP)
    image.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue(), _SUFFIX_OF["png"]


def _exif(own: str, parameters: str) -> bytes:
    exif = Image.Exif()
    exif[_SOFTWARE] = "Sana Studio"
    details = exif.get_ifd(_EXIF_IFD)
    details[_USER_COMMENT] = _UNICODE_COMMENT + parameters.encode("utf-16-be")
    details[_MAKER_NOTE] = f"{metadata.OWN_KEY}\0{own}".encode()
    return exif.tobytes()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open a picture file and turn everything that may go wrong with it, also later in the block, into a UserError."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            raise ValueError("opening a pipe would wait for its writer")
        if status.st_size > MAX_FILE_BYTES:
            raise UserError(message("“{name}” is too large.", name=path.name), message("Use a smaller copy of it."))
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            yield image
    except UserError:
        raise
    except FileNotFoundError as error:
        raise UserError(
            message("There is no picture “{name}” in “{parent}”.", name=path.name, parent=path.parent),
            message("It was moved or deleted, or the name is mistyped."),
        ) from error
    except PermissionError as error:
        raise UserError(
            message("“{name}” may not be read.", name=path.name), message("Allow reading it, or use a copy.")
        ) from error
    except IsADirectoryError as error:
        raise UserError(message("“{name}” is a folder.", name=path.name), message("Choose a picture.")) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UserError(
            message("“{name}” has too many pixels.", name=path.name), message("Use a smaller copy of it.")
        ) from error
    except Exception as error:
        # The kinds of exceptions that decoders raise for damaged files are no closed set.
        raise UserError(
            message("“{name}” is no picture that can be read, or it is damaged.", name=path.name),
            message("Use a whole PNG, JPEG or WebP file."),
        ) from error


def _check_complete(path: Path, file_format: str) -> None:
    """Find a file that ends too early by its end, without decoding it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(8)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read(_TAIL_BYTES)
    match file_format:
        case "PNG":
            complete = b"IEND\xaeB\x60\x82" in tail
        case "WEBP":
            complete = int.from_bytes(head[4:8], "little") + 8 <= size
        case _:
            complete = b"\xff\xd9" in tail
    if not complete:
        raise UserError(
            message("“{name}” is not complete: its end is missing.", name=path.name),
            message("Fetch or copy the picture again."),
        )


def _texts(image: Image.Image) -> tuple[dict[str, str], bool]:
    """The texts of a picture by key, and whether it is stored lying on its side."""
    if image.format == "PNG":
        keys = (metadata.OWN_KEY, "parameters", "invokeai_metadata")
        return {key: str(image.info[key]) for key in keys if isinstance(image.info.get(key), str)}, False
    exif = image.getexif()
    details = exif.get_ifd(_EXIF_IFD)
    texts = {}
    note, comment = details.get(_MAKER_NOTE), details.get(_USER_COMMENT)
    prefix = f"{metadata.OWN_KEY}\0".encode()
    if isinstance(note, bytes) and note.startswith(prefix):
        texts[metadata.OWN_KEY] = note.removeprefix(prefix).decode("ascii", "replace")
    # Cameras and screenshots have comments too, which are no prompts.
    if isinstance(comment, bytes) and metadata.are_parameters(text := _comment(comment)):
        texts["parameters"] = text
    return texts, exif.get(_ORIENTATION) in {5, 6, 7, 8}


def _comment(raw: bytes) -> str:
    """EXIF's UserComment: its first 8 bytes name the encoding. Programs write UTF-16 in either byte order."""
    code, text = raw[:8], raw[8:]
    if code == _UNICODE_COMMENT:
        # Every text that we look for has ASCII characters, whose zero bytes tell the order.
        little = text[1::2].count(0) > text[::2].count(0)
        return text.decode("utf-16-le" if little else "utf-16-be", "replace").removeprefix("\ufeff")
    return text.decode("utf-8", "replace") if code in _PLAIN_COMMENTS else ""


def _making(texts: Mapping[str, str]) -> tuple[GenerationRequest | None, Provenance, float | None]:
    """(request, provenance, created) from the best of the texts that makes sense."""
    if metadata.OWN_KEY in texts and (own := metadata.from_json(texts[metadata.OWN_KEY])):
        return own
    foreign = None
    if "invokeai_metadata" in texts:
        foreign = metadata.from_invokeai(texts["invokeai_metadata"])
    if not foreign and "parameters" in texts:
        foreign = metadata.from_parameters(texts["parameters"])
    return (*foreign, None) if foreign else (None, Provenance(), None)


def _upright(image: Image.Image, backdrop: str = "white") -> Image.Image:
    """Turned as its EXIF says, in RGB, transparent parts on the backdrop."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        import numpy as np

        image = Image.fromarray((np.asarray(image) // 257).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        image = Image.new("RGB", layers.size, backdrop)
        image.paste(layers, mask=layers)
    return image if image.mode == "RGB" else image.convert("RGB")
