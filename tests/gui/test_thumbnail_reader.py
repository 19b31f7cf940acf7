"""Thumbnails are read in threads, where only the reader of JPEG may be asked: that of SVG takes a lock of Qt's."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QImage

from app.ui.controls.picture_label import jpeg_image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'


def encoded(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(buffer, kind)
    return buffer.getvalue()


def test_a_jpeg_is_read() -> None:
    image = jpeg_image(encoded("JPEG"))
    assert (image.width(), image.height()) == (8, 6)
    assert image.pixelColor(4, 3).green() > 100


@pytest.mark.parametrize("data", [SVG, encoded("PNG"), b""], ids=["svg", "png", "empty"])
def test_nothing_else_is_asked(qapp: object, data: bytes) -> None:
    assert jpeg_image(data).isNull()
    assert data != SVG or not QImage.fromData(SVG).isNull(), "Qt itself would have read it"


def test_no_other_way_is_taken() -> None:
    sources = [path for path in Path("app/ui").rglob("*.py") if "QImage.fromData" in path.read_text(encoding="utf-8")]
    assert not sources
