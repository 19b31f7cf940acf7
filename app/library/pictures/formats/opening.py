"""Opening the file of a picture: its kind, its bounds, and words for what can be wrong with it."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.core.errors import UserError
from app.core.message import message
from app.library.pictures.formats import jpeg, png

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "TIFF", "BMP")
"""Pillow's names of the formats that can be read."""

MAX_FILE_BYTES = 1_000_000_000
MAX_PIXELS = 400_000_000
"""A larger picture is refused unseen."""
MAX_DECODED = 100_000_000
"""So many pixels are held at once, in 4 bytes each. A JPEG may have more: it can be decoded at a fraction of its size.
"""
MAX_SCANNED = 1_200_000_000
"""Pixels of all scans of a progressive JPEG together; it takes some 10 s to go over so many. Photos have 10 scans."""

_LARGEST_POINTER = 1024
"""Bytes, as Git LFS says of its pointer files."""
_OTHER_FORMATS = (
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (4, b"jP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"8BPS", "Photoshop"),
    (0, b"%PDF", "PDF"),
    (0, b"%!PS", "PostScript"),
    (0, b"<svg", "SVG"),
    (0, b"\x76\x2f\x31\x01", "OpenEXR"),
    (0, b"\0\0\1\0", "ICO"),
    (0, b"icns", "ICNS"),
    (0, b"qoif", "QOI"),
    (0, b"DDS ", "DDS"),
    (0, b"#?RADIANCE", "HDR"),
    (0, b"FUJIFILMCCD-RAW", "RAW"),
    (0, b"\x1aE\xdf\xa3", "WebM"),
    (0, b"P5", "PGM"),
    (0, b"P6", "PPM"),
    (0, b"gimp xcf", "GIMP"),
)
_BRANDS = {
    b"heic": "HEIC", b"heix": "HEIC", b"heim": "HEIC", b"heis": "HEIC", b"hevc": "HEIC", b"hevx": "HEIC",
    b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF", b"crx ": "RAW", b"qt  ": "QuickTime",
    b"isom": "MP4", b"iso2": "MP4", b"mp41": "MP4", b"mp42": "MP4", b"M4V ": "MP4",
}  # fmt: skip
"""The kinds of files that begin with an `ftyp` box, by its brand (ISO/IEC 14496-12)."""
_CLIPS = ("MP4", "QuickTime", "WebM")


@dataclass(slots=True)
class Opened:
    """An open picture, not decoded yet.

    Attributes:
        image: Pillow's view of it.
        file: the file itself.
        chunks: of a PNG.
        profile: its ICC profile; empty for none.
        stored: pixels in the file. Each scan goes over all of them, also where a fraction is decoded.
    """

    image: Image.Image
    file: BinaryIO
    chunks: list[png.Chunk] = field(default_factory=list)
    profile: bytes = b""
    stored: int = field(init=False)

    def __post_init__(self) -> None:
        self.stored = self.image.width * self.image.height

    @property
    def format(self) -> str:
        """Pillow's name of the format. A JPEG with further pictures behind it is a JPEG."""
        name = self.image.format or ""
        return "JPEG" if name == "MPO" else name

    def load(self) -> Image.Image:
        """Decode the pixels, after `Image.draft` where a fraction of them is enough.

        Raises:
            DecompressionBombError: it would take too much memory or time.
        """
        from app.library.pictures.formats.pillow import Image

        pixels = self.image.width * self.image.height
        if pixels > MAX_DECODED:
            raise Image.DecompressionBombError
        if self.format == "JPEG" and self.image.info.get("progressive"):
            most = MAX_SCANNED // self.stored
            position = self.file.tell()
            many = jpeg.scans(self.file, most + 1)
            self.file.seek(position)
            if many is not None and many > most:
                raise Image.DecompressionBombError
        self.image.load()
        return self.image


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a picture file, whole as far as can be told without decoding it.

    Raises:
        UserError: for everything that may be wrong with it, also later in the block.
    """
    from app.library.pictures.formats.pillow import Image

    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            raise ValueError("opening a pipe would wait for its writer")
        if status.st_size > MAX_FILE_BYTES:
            raise UserError(message("“{name}” is too large.", name=path.name), message("Use a smaller copy of it."))
        with path.open("rb") as file, _picture(file, status.st_size) as picture:
            if picture.image.width * picture.image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            yield picture
    except UserError:
        raise
    except png.IncompleteError as error:
        raise UserError(
            message("“{name}” is not complete: its end is missing.", name=path.name),
            message("Fetch or copy the picture again."),
        ) from error
    except png.TooMuchError as error:
        raise UserError(
            message("“{name}” carries too much text to be read.", name=path.name), message("Use a copy without it.")
        ) from error
    except FileNotFoundError as error:
        raise UserError(
            message("There is no picture “{name}” in “{parent}”.", name=path.name, parent=str(path.parent)),
            message("It was moved or deleted, or the name is mistyped."),
        ) from error
    except PermissionError as error:
        raise UserError(
            message("“{name}” may not be read.", name=path.name), message("Allow reading it, or use a copy.")
        ) from error
    except IsADirectoryError as error:
        raise UserError(message("“{name}” is a folder.", name=path.name), message("Choose a picture.")) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise UserError(
            message("“{name}” has too many pixels.", name=path.name), message("Use a smaller copy of it.")
        ) from error
    except Exception as error:
        if stat.S_ISREG(status.st_mode) and status.st_size < _LARGEST_POINTER and _is_pointer(path):
            raise UserError(
                message("“{name}” only says where the picture is: Git LFS has not fetched it.", name=path.name),
                message("Run git lfs pull, then try again."),
            ) from error
        # The kinds of exceptions that decoders raise for damaged files are no closed set.
        if stat.S_ISREG(status.st_mode) and (kind := _other_format(path)):
            remedy = message("Export it as JPEG or PNG.")
            if kind in _CLIPS:
                remedy = message("Export one of its frames as JPEG or PNG.")
            raise UserError(
                message("“{name}” cannot be read: its format is {kind}.", name=path.name, kind=kind), remedy
            ) from error
        raise UserError(
            message("“{name}” is no picture that can be read, or it is damaged.", name=path.name),
            message("Use a whole PNG, JPEG or WebP file."),
        ) from error


@contextlib.contextmanager
def _picture(file: BinaryIO, size: int) -> Iterator[Opened]:
    from app.library.pictures.formats.pillow import Image

    head = file.read(16)
    if head.startswith(png.SIGNATURE):
        chunks = png.chunks(file)
        profile = png.profile(file, chunks)
        with Image.open(png.decodable(file, chunks), formats=("PNG",)) as image:
            yield Opened(image, file, chunks, profile)
        return
    if head.startswith(b"RIFF") and int.from_bytes(head[4:8], "little") + 8 > size and head[8:12] == b"WEBP":
        raise png.IncompleteError
    file.seek(0)
    with Image.open(file, formats=FORMATS) as image:
        if image.format in {"JPEG", "MPO"}:
            position = file.tell()
            if not jpeg.ends_well(file):
                raise png.IncompleteError
            file.seek(position)
        yield Opened(image, file, profile=bytes(image.info.get("icc_profile") or b""))


def _is_pointer(path: Path) -> bool:
    """Whether this is what Git leaves in the place of a file that is stored elsewhere (git-lfs, pointer files)."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(64).startswith(b"version https://git-lfs.github.com/spec/")
    return False


def _other_format(path: Path) -> str:
    """The name of a format that is known, but not read here; empty where it is none of them."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError:
        return ""
    if head[4:8] == b"ftyp":
        from app.library.pictures.formats.pillow import Image

        kind = _BRANDS.get(head[8:12], "")
        return kind if kind not in FORMATS or kind not in Image.OPEN else ""
    if b"<svg" in head and head.lstrip().startswith(b"<"):
        return "SVG"
    return next((name for start, mark, name in _OTHER_FORMATS if head[start : start + len(mark)] == mark), "")
