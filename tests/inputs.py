"""The pictures that a request starts from, in few words."""

from __future__ import annotations

from pathlib import Path

from app.core.request import DEFAULT_STRENGTH, ImageInput, Role


def start_from(
    path: Path | str, strength: float = DEFAULT_STRENGTH, mask: Path | str | None = None
) -> tuple[ImageInput, ...]:
    """A start picture and, where one is named, its mask."""
    inputs = (ImageInput(Role.INIT, str(path), strength),)
    return inputs if mask is None else (*inputs, ImageInput(Role.MASK, str(mask)))
