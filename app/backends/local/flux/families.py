"""The families by name."""

from __future__ import annotations

from app.backends.local.flux.family import Family
from app.backends.local.flux.klein import Klein
from app.backends.local.flux.schnell import Schnell
from app.backends.local.flux.z_image import ZImage
from app.core.families.flux import KLEIN, SCHNELL, Z_IMAGE

_FAMILIES: dict[str, type[Family]] = {KLEIN: Klein, Z_IMAGE: ZImage, SCHNELL: Schnell}


def family_of(name: str) -> Family:
    """A family by the name that the catalog gives it."""
    return _FAMILIES[name]()
