"""Pictures on disk: saved whole or not at all, with everything that made them inside the file."""

from __future__ import annotations

import importlib.util
import io
import logging
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import UserError
from app.core.message import any_of, message
from app.core.output import Pixels, Provenance
from app.core.request import GenerationRequest, ImageInput, Role
from app.library import paths
from app.library.files import create_file, disk_error, replace_file
from app.library.pictures import dialects, metadata
from app.library.pictures.formats import colour, embedded, png, xmp_marks
from app.library.pictures.formats.opening import Opened, opened
from app.library.pictures.formats.xmp_marks import XmpMarks
from app.library.pictures.sources import identified

if TYPE_CHECKING:
    from PIL import Image

log = logging.getLogger(__name__)

AVIF = importlib.util.find_spec("PIL._avif") is not None
"""Whether this Pillow writes AVIF. Its codec is loaded when it is needed."""
SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", **({".avif": "AVIF"} if AVIF else {})}
"""The files that are pictures for us, and Pillow's names of their formats."""

_SUFFIX_OF = {"png": ".png", "jpeg": ".jpg", "webp": ".webp", **({"avif": ".avif"} if AVIF else {})}
_LOSSY = {"JPEG", "WEBP", "AVIF"}
_LARGEST_WEBP_SIDE = 16_383
_LARGEST_JPEG_SEGMENT = 65_533


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or a clip on disk.

    Attributes:
        path: the file.
        width, height: pixels, as it is seen.
        created: unix time.
        request: what it was made with (count 1, its own seed); None where the file does not say. Its `model` is empty
            where another program made the picture.
        provenance: what is known of its making; for another program's, `source` is that program.
        marks: the rating and the star that the file itself names. The gallery's own are kept beside it.
        frames, fps: of a clip, and its frames a second; None for a picture.
    """

    path: Path
    width: int
    height: int
    created: float
    request: GenerationRequest | None = None
    provenance: Provenance = field(default_factory=Provenance)
    marks: XmpMarks = field(default_factory=XmpMarks)
    frames: int | None = None
    fps: float | None = None

    @property
    def prompt(self) -> str:
        return self.request.prompt if self.request else ""

    @property
    def made_from(self) -> ImageInput | None:
        """The picture that it was made from: enlarged, or started from."""
        if self.provenance.enlarged is not None:
            return self.provenance.enlarged.source
        return self.request.input(Role.INIT) if self.request else None

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
        file_format: "png", "jpeg", "webp" or "avif".

    Raises:
        UserError: the disk is full, the folder cannot be written to; no half file is left.
    """
    created, request = time.time(), identified(request)
    data, suffix = _encode(pixels, request, provenance, created, file_format)
    try:
        name = file_name(request, created) + (" grid" if provenance.grid else "")
        path = create_file(folder, name + suffix, data)
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
    """The file format ("png", "jpeg", "webp" or "avif") that a name's suffix asks for.

    Raises:
        UserError: it asks for none that is a picture.
    """
    file_format = SUFFIXES.get(path.suffix.lower())
    if not file_format:
        raise UserError(
            message("“{name}” is no name for a picture.", name=path.name),
            message("Choose a name that ends in {suffixes}.", suffixes=any_of(list(SUFFIXES))),
        )
    return file_format.lower()


def read(path: Path) -> Picture:
    """What a picture file says of itself: our own data, else another program's. The pixels are not decoded.

    Raises:
        UserError: it is no picture, incomplete, or too large.
    """
    with opened(path) as picture:
        width, height = picture.image.size
        changed = path.stat().st_mtime
        # Reading the sizes and texts of a foreign file may fail in any way that its author thought of.
        try:
            texts = embedded.texts(picture)
        except png.TooMuchError:
            raise
        except Exception:
            log.info("The metadata of %s cannot be read.", path, exc_info=True)
            texts = {}
        if embedded.orientation(picture) in embedded.SIDEWAYS:
            width, height = height, width
    request, provenance, created = making(texts)
    marks = xmp_marks.read(texts.get(embedded.XMP, ""))
    return Picture(path, width, height, changed if created is None else created, request, provenance, marks)


def is_lossy(path: Path) -> bool:
    """Whether a picture file is of a format that changes its pixels a little; of some formats it is not told.

    Raises:
        UserError: as `read`.
    """
    with opened(path) as picture:
        return picture.format in _LOSSY


def start_size(request: GenerationRequest) -> tuple[int, int] | None:
    """The (width, height) of a request's start picture, which its result takes over; None where nothing is left open.

    Raises:
        UserError: it is no picture, or missing.
    """
    start = request.input(Role.INIT)
    if start is None or None not in (request.width, request.height):
        return None
    picture = read(paths.expanded(start.path))
    return picture.width, picture.height


def decode(path: Path, backdrop: str = "white") -> Pixels:
    """The pixels of a picture file, (height, width, 3) uint8, upright and in sRGB.

    Args:
        backdrop: the colour that transparent parts show.

    Raises:
        UserError: it is no picture, damaged, or too large.
    """
    with opened(path) as picture:
        image = colour.flat(picture.load(), picture.profile, backdrop=backdrop)
        return _array(_upright(image, embedded.orientation(picture)))


def with_transparency(path: Path) -> Image.Image:
    """As `decode`, an RGBA image where any pixel lets something through, else an RGB one.

    Raises:
        UserError: as `decode`.
    """
    with opened(path) as picture:
        image = _upright(colour.flat(picture.load(), picture.profile, backdrop=None), embedded.orientation(picture))
        if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
            image = image.convert("RGB")
        return image if image is not picture.image else image.copy()


def view(path: Path, max_side: int) -> Pixels:
    """As `decode`, reduced by a whole factor so that neither side has more than `max_side` pixels. It takes less memory
    and time, and photos can be looked at that are too large to be decoded in full.

    Raises:
        UserError: as `decode`.
    """
    with opened(path) as picture:
        picture.image.draft(None, (max_side, max_side))  # a JPEG is decoded at a fraction of its size
        image = picture.load()
        small = colour.flat(image, picture.profile, -(-max(image.size) // max_side))
        return _array(_upright(small, embedded.orientation(picture)))


def thumbnail(path: Path, side: int) -> bytes:
    """A small copy as JPEG that fits a square of `side` pixels.

    Raises:
        UserError: as `decode`.
    """
    with opened(path) as picture:
        return small_jpeg(_small(picture, side))


def small_jpeg(image: Image.Image) -> bytes:
    """The file of a thumbnail."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
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
    from app.library.pictures.formats.pillow import Image

    image = Image.fromarray(pixels)
    own = metadata.to_json(request, provenance, created)
    parameters, xmp = metadata.to_parameters(request, provenance), metadata.xmp(request)
    buffer = io.BytesIO()
    if file_format != "png":
        details = exif(own, parameters)
        if file_format == "jpeg" and len(details) <= _LARGEST_JPEG_SEGMENT:
            image.save(buffer, "JPEG", quality=95, subsampling=0, exif=details, xmp=xmp)
            return buffer.getvalue(), _SUFFIX_OF["jpeg"]
        if file_format == "webp" and max(image.size) <= _LARGEST_WEBP_SIDE:
            image.save(buffer, "WEBP", quality=95, exif=details, xmp=xmp)
            return buffer.getvalue(), _SUFFIX_OF["webp"]
        if file_format == "avif" and AVIF:
            image.save(buffer, "AVIF", quality=90, subsampling="4:4:4", exif=details, xmp=xmp)
            return buffer.getvalue(), _SUFFIX_OF["avif"]
        if file_format not in {*_SUFFIX_OF, "avif"}:
            raise ValueError(f"no such file format: {file_format}")
        log.warning("This picture or its prompt is too large for %s and is saved as PNG.", file_format)
    from PIL import PngImagePlugin

    info = PngImagePlugin.PngInfo()
    info.add_itxt("parameters", parameters)
    info.add_itxt(metadata.OWN_KEY, own)
    info.add_itxt(embedded.XMP, xmp.decode())
    image.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue(), _SUFFIX_OF["png"]


def exif(own: str, parameters: str) -> bytes:
    """EXIF with our own JSON and AUTOMATIC1111's text, for the formats that have no text chunks."""
    from app.library.pictures.formats.pillow import Image

    data = Image.Exif()
    data[embedded.FIELDS["Software"]] = "Sana Studio"
    details = data.get_ifd(embedded.EXIF_IFD)
    details[embedded.USER_COMMENT] = embedded.UNICODE_COMMENT + parameters.encode("utf-16-be")
    details[embedded.MAKER_NOTE] = f"{metadata.OWN_KEY}\0{own}".encode()
    return data.tobytes()


def making(texts: Mapping[str, str]) -> tuple[GenerationRequest | None, Provenance, float | None]:
    """How a file was made, by its texts (`embedded.texts`): (request, provenance, created) of our own data, else what
    another program says.
    """
    if metadata.OWN_KEY in texts and (own := metadata.from_json(texts[metadata.OWN_KEY])):
        if own[0] is not None:
            return own
    else:
        own = None, Provenance(), None
    foreign = dialects.read(texts)
    if foreign is None:
        return own
    return (
        foreign.request,
        replace(own[1], source=foreign.source, model=foreign.model or None, unread=foreign.unread or None),
        own[2],
    )


def _small(picture: Opened, side: int) -> Image.Image:
    """A picture that fits a square of `side` pixels, RGB and upright."""
    picture.image.draft(None, (2 * side, 2 * side))  # a JPEG is decoded at a fraction of its size
    image = picture.load()
    small = colour.flat(image, picture.profile, max(1, max(image.size) // (2 * side)))
    if max(small.size) > side:
        small = small.copy() if small is image else small
        small.thumbnail((side, side), reducing_gap=2.0)
    return _upright(small, embedded.orientation(picture))


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = embedded.TURNS.get(orientation)
    if turn is None:
        return image
    from app.library.pictures.formats.pillow import Image

    return image.transpose(Image.Transpose[turn])


def _array(image: Image.Image) -> Pixels:
    """(height, width, 3) uint8, copied by rows: Pillow's own way holds three copies of a big picture."""
    import numpy as np  # it takes a tenth of a second, and thumbnails need none

    pixels: Pixels = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, 512):
        bottom = min(image.height, top + 512)
        pixels[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return pixels
