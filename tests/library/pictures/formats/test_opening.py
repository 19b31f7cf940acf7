"""Files as phones, browsers and other programs leave them: whole ones are read, cut and hostile ones refused."""

import io
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.core.errors import UserError
from app.library.pictures import images

VALUES = "Steps: 25, Sampler: Euler, CFG scale: 6.5, Seed: 12345, Size: 640x832"
RED = (200, 30, 30)


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(path: Path, before: bytes = b"", after: bytes = b"", tail: bytes = b"", side: int = 16) -> Path:
    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    rows = zlib.compress((b"\0" + bytes(RED) * side) * side)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + before
        + chunk(b"IDAT", rows)
        + after
        + chunk(b"IEND", b"")
        + tail
    )
    return path


def encoded(file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, file_format, **options)
    return buffer.getvalue()


def damaged(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


TEXT = ("一只猫 café\n" + VALUES).encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (chunk(b"tEXt", b"parameters\0" + TEXT), b""),
        (b"", chunk(b"tEXt", b"parameters\0" + TEXT)),
        (b"", chunk(b"iTXt", b"parameters\0\0\0\0\0" + TEXT)),
        (chunk(b"iTXt", b"parameters\0\1\0en\0key\0" + zlib.compress(TEXT)), b""),
        (chunk(b"zTXt", b"parameters\0\0" + zlib.compress(TEXT)), b""),
        (damaged(chunk(b"tEXt", b"parameters\0" + TEXT)), b""),
        (damaged(chunk(b"tIME", b"1234567")), chunk(b"tEXt", b"parameters\0" + TEXT)),
    ],
)  # fmt: skip
def test_texts_of_a_png(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = png(tmp_path / "x.png", before, after)
    picture = images.read(path)
    assert (picture.prompt, picture.seed) == ("一只猫 café", 12345)
    assert tuple(images.decode(path)[0, 0]) == RED


def test_latin_1_stays_latin_1(tmp_path: Path) -> None:
    path = png(tmp_path / "x.png", chunk(b"tEXt", b"parameters\0" + ("café\n" + VALUES).encode("latin-1")))
    assert images.read(path).prompt == "café"


FILM = b"\0\0\0\x18ftypmp42" + bytes(200_000)


@pytest.mark.parametrize("tail", [FILM, b"\0" * 100_000, encoded("PNG"), encoded("JPEG")[:-2]])
@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_what_follows_the_end_is_no_matter(tmp_path: Path, file_format: str, tail: bytes) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(encoded(file_format))
    alone = images.decode(path)
    path.write_bytes(encoded(file_format) + tail)
    assert images.read(path).width == 64
    np.testing.assert_array_equal(images.decode(path), alone)
    assert images.thumbnail(path, 16)


def test_a_cut_photo_with_a_whole_small_one_inside_is_refused(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = encoded("JPEG").decode("latin-1")  # an end of a JPEG, within the first
    for options in ({"exif": exif}, {"exif": exif, "progressive": True}):
        whole = encoded("JPEG", **options)
        (tmp_path / "x.jpg").write_bytes(whole)
        assert images.read(tmp_path / "x.jpg").width == 64
        for kept in (len(whole) - 2, len(whole) - 1000):
            (tmp_path / "x.jpg").write_bytes(whole[:kept])
            with pytest.raises(UserError, match="not complete"):
                images.read(tmp_path / "x.jpg")


@pytest.mark.parametrize("suffix", ["gif", "avif", "tif", "bmp"])
def test_other_formats_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    Image.new("RGB", (64, 48), RED).save(path)
    assert (images.read(path).width, images.read(path).height) == (64, 48)
    assert images.decode(path).shape == (48, 64, 3)
    assert np.abs(images.decode(path)[5, 5].astype(int) - RED).max() < 8


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
        (b"\xff\x0a" + bytes(20), "JPEG XL"),
        (b"8BPS\0\1" + bytes(20), "Photoshop"),
        (b"%PDF-1.7", "PDF"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\0\0\0\x20ftypisom" + bytes(20), "MP4"),
    ],
)
def test_formats_that_cannot_be_read_are_named(tmp_path: Path, head: bytes, kind: str) -> None:
    (tmp_path / "x.jpg").write_bytes(head)
    with pytest.raises(UserError, match=f"its format is {kind}") as caught:
        images.decode(tmp_path / "x.jpg")
    assert f"Export {'one of its frames' if kind == 'MP4' else 'it'} as JPEG or PNG" in str(caught.value)


def progressive(scans: int, side: int) -> bytes:
    """A JPEG whose last scan comes again and again, as it is refined without end."""
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), RED).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + b"\xff\xd9"


def test_a_picture_of_many_scans_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(progressive(1, 3000))
    assert images.thumbnail(path, 64)
    path.write_bytes(progressive(500, 3000))
    started = time.perf_counter()
    for action in (images.decode, lambda path: images.thumbnail(path, 64), lambda path: images.view(path, 512)):
        with pytest.raises(UserError, match="too many pixels"):
            action(path)
    assert time.perf_counter() - started < 3


def test_views_are_reduced(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    Image.new("RGB", (900, 600), RED).save(path)
    assert images.view(path, 300).shape == (200, 300, 3)
    assert images.view(path, 1000).shape == (600, 900, 3)
    assert images.view(path, 100).shape == (67, 100, 3)
    assert tuple(images.view(path, 100)[5, 5]) == RED


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_large_pictures_are_shown_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "big.png"
    Image.new("RGBA", (9400, 9400), (*RED, 128)).save(path, compress_type=3, compress_level=1)
    script = f"""
from pathlib import Path
from app.library.pictures import images
view = images.view(Path({str(path)!r}), 2000)
assert view.shape == (1880, 1880, 3), view.shape
assert abs(int(view[5, 5, 0]) - 227) < 3, view[5, 5]
print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert int(result.stdout) < 600_000, "kB at most, where 9,400 pixels took 1,350 MB"


# Colour profiles.


def profile(red: tuple[float, float], green: tuple[float, float], blue: tuple[float, float]) -> bytes:
    """An ICC profile, version 2, of these primaries (x, y), D65 and a gamma of 2.2, adapted to D50 by Bradford."""
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    white, d50 = np.array([0.95047, 1.0, 1.08883]), np.array([0.9642, 1.0, 0.8249])
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in (red, green, blue)]).T
    columns = columns * np.linalg.solve(columns, white)
    columns = np.linalg.inv(bradford) @ np.diag((bradford @ d50) / (bradford @ white)) @ bradford @ columns

    def fixed(*values: float) -> bytes:
        return b"".join(round(value * 65536).to_bytes(4, "big", signed=True) for value in values)

    def text(kind: bytes, body: bytes) -> bytes:
        data = kind + bytes(4) + body
        return data + bytes(-len(data) % 4)

    tags = {b"wtpt": b"XYZ " + bytes(4) + fixed(*d50)}
    tags |= {name: b"XYZ " + bytes(4) + fixed(*columns[:, i]) for i, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))}
    curve = text(b"curv", (1).to_bytes(4, "big") + round(2.2 * 256).to_bytes(2, "big"))
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    tags[b"desc"] = text(b"desc", (5).to_bytes(4, "big") + b"test\0" + bytes(78))
    tags[b"cprt"] = text(b"text", b"none\0")
    table, body, start = len(tags).to_bytes(4, "big"), b"", 132 + 12 * len(tags)
    for name, data in tags.items():
        table += name + (start + len(body)).to_bytes(4, "big") + len(data).to_bytes(4, "big")
        body += data
    header = bytearray(128)
    header[8:12], header[12:24] = b"\x02\x40\0\0", b"mntrRGB XYZ "
    header[36:40], header[68:80] = b"acsp", fixed(*d50)
    whole = bytes(header) + table + body
    return (len(whole)).to_bytes(4, "big") + whole[4:]


DISPLAY_P3 = profile((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
ADOBE_RGB = profile((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize(
    ("icc", "stored", "seen"),
    [(DISPLAY_P3, (180, 90, 60), (195, 83, 47)), (ADOBE_RGB, (180, 90, 60), (205, 90, 56))],
)
def test_colours_are_those_of_the_profile(
    tmp_path: Path, file_format: str, icc: bytes, stored: tuple[int, ...], seen: tuple[int, ...]
) -> None:
    """The expected values come from the formulas of the colour spaces, not from the library that converts."""
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "x"
    Image.new("RGB", (40, 20), stored).save(path, file_format, icc_profile=icc, exif=exif)
    for pixels in (
        images.decode(path),
        images.view(path, 20),
        np.asarray(Image.open(io.BytesIO(images.thumbnail(path, 20)))),
    ):
        assert pixels.shape[0] == 2 * pixels.shape[1], "upright"
        assert np.abs(pixels[3, 3].astype(int) - seen).max() <= 5, pixels[3, 3]


def test_our_own_and_untagged_pictures_keep_each_value(tmp_path: Path) -> None:
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (None, srgb, b"nonsense"):
        Image.fromarray(ramp).save(tmp_path / "x.png", icc_profile=profile)
        np.testing.assert_array_equal(images.decode(tmp_path / "x.png"), ramp)


def test_profiles_of_other_kinds_of_pixels(tmp_path: Path) -> None:
    for mode in ("RGBA", "P", "L", "LA", "1"):
        Image.new(mode, (8, 8)).save(tmp_path / "x.png", icc_profile=DISPLAY_P3)
        assert images.decode(tmp_path / "x.png").shape == (8, 8, 3)
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "x.jpg", icc_profile=DISPLAY_P3)
    red = images.decode(tmp_path / "x.jpg")[4, 4]
    assert red[0] > 200
    assert max(red[1:]) < 60


def test_what_another_program_made_is_named_where_it_cannot_be_read(tmp_path: Path) -> None:
    picture = images.read(png(tmp_path / "x.png", chunk(b"tEXt", b'workflow\0{"nodes": []}')))
    assert picture.request is None
    assert picture.provenance.source == "ComfyUI"
