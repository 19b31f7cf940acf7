"""Pillow, with this program's bound. It takes a moment to import: who needs it imports this when it does."""

from __future__ import annotations

from PIL import Image as Image

from app.library.pictures.formats.opening import MAX_PIXELS

Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # Pillow warns of smaller ones
