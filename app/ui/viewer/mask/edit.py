"""What is to change of a picture, as the mask editor and the panel hand it to each other."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.request import Extension

AS_IT_IS = Extension()
"""The picture does not become larger."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A start picture, and what of it is made anew.

    Attributes:
        path: the picture.
        mask: the file of its mask; empty for none.
        extend: by how much the picture becomes larger.
        detail: whether the masked part is worked on by itself.
    """

    path: str
    mask: str = ""
    extend: Extension = AS_IT_IS
    detail: bool = False

    @property
    def changes_part(self) -> bool:
        """Whether some of the picture stays as it is, so that the result has its size."""
        return bool(self.mask) or self.extend != AS_IT_IS
