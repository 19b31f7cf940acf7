"""Renders resources/icons/sana-studio.svg into the files that the systems want: one .icns, or PNGs for Linux.

Usage: python packaging/icon_files.py FOLDER
"""

from __future__ import annotations

import struct
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = Path(__file__).resolve().parents[1] / "resources" / "icons" / "sana-studio.svg"
LINUX_SIDES = (16, 24, 32, 48, 64, 128, 256, 512)
SMALLEST_WITH_DETAIL = 64
_GROUP = "{http://www.w3.org/2000/svg}g"

# Apple's icon types that hold a PNG, by side in pixels. A side that stands twice is also the double of the half.
ICNS_PNG = (
    (b"ic11", 32), (b"ic12", 64), (b"ic07", 128), (b"ic13", 256), (b"ic08", 256),
    (b"ic14", 512), (b"ic09", 512), (b"ic10", 1024),
)  # fmt: skip
# 16 and 32 px at single density take run-length coded colours and a separate mask: a PNG is ignored there in apps.
ICNS_CODED = ((b"is32", b"s8mk", 16), (b"il32", b"l8mk", 32))


def render(side: int) -> QImage:
    """The icon as a square image with alpha. Small ones leave the details of the water out."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # The tile's edges fall on whole pixels, or small icons look blurred.
    margin = side * 100 // 1024
    scale = (side - 2 * margin) / 824
    whole = QRectF(margin - 100 * scale, margin - 100 * scale, 1024 * scale, 1024 * scale)
    QSvgRenderer(QByteArray(_drawing(side))).render(painter, whole)
    painter.end()
    return image


def png(side: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not render(side).save(buffer, "PNG"):  # type: ignore[call-overload]
        raise RuntimeError("Qt could not write a PNG")
    return bytes(buffer.data().data())


def icns() -> bytes:
    """Apple's icon file: a header, then entries of type, length and data."""
    entries = [(kind, png(side)) for kind, side in ICNS_PNG]
    for colours, mask, side in ICNS_CODED:
        image = render(side).convertToFormat(QImage.Format.Format_RGBA8888)
        pixels = bytes(image.constBits())
        entries.append((colours, b"".join(_run_lengths(pixels[channel::4]) for channel in range(3))))
        entries.append((mask, pixels[3::4]))
    body = b"".join(kind + struct.pack(">I", 8 + len(data)) + data for kind, data in entries)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def write_icns(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(icns())
    return path


def write_pngs(folder: Path) -> list[Path]:
    """One PNG for each side in use on Linux, named by it: 16.png and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{side}.png" for side in LINUX_SIDES]
    for side, path in zip(LINUX_SIDES, paths, strict=True):
        path.write_bytes(png(side))
    return paths


def _drawing(side: int) -> bytes:
    if side >= SMALLEST_WITH_DETAIL:
        return SOURCE.read_bytes()
    root = ET.fromstring(SOURCE.read_text("utf-8"))
    for parent in root.iter(_GROUP):
        for child in parent.findall(_GROUP):
            if child.get("id") == "fine":
                parent.remove(child)
    return ET.tostring(root)


def _run_lengths(channel: bytes) -> bytes:
    """Apple's run-length code, of literal runs alone: a byte n < 128 says that n + 1 bytes follow as they are."""
    return b"".join(
        bytes([len(channel[start : start + 128]) - 1]) + channel[start : start + 128]
        for start in range(0, len(channel), 128)
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write_icns(Path(sys.argv[1]) / "sana-studio.icns")
    write_pngs(Path(sys.argv[1]))
