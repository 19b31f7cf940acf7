"""Undo and redo of what was painted: the parts that changed, as they were before."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect

from app.ui.viewer.mask.mask import Bytes, Mask

MAX_BYTES = 64_000_000
"""So much is remembered, compressed; then the oldest steps are forgotten."""
MAX_STEPS = 500


@dataclass(frozen=True, slots=True)
class _Patch:
    rect: QRect
    data: bytes

    @classmethod
    def of(cls, pixels: Bytes, rect: QRect) -> _Patch:
        part = pixels[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
        return cls(rect, zlib.compress(part.tobytes(), 1))

    def put(self, pixels: Bytes) -> None:
        shape = self.rect.height(), self.rect.width()
        part = np.frombuffer(zlib.decompress(self.data), np.uint8).reshape(shape)
        pixels[self.rect.top() : self.rect.bottom() + 1, self.rect.left() : self.rect.right() + 1] = part


class History:
    """The steps of one mask."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._before: list[_Patch] = []
        self._after: list[_Patch] = []

    def can_undo(self) -> bool:
        return bool(self._before)

    def can_redo(self) -> bool:
        return bool(self._after)

    def record(self, before: Bytes, changed: QRect) -> None:
        """Remember a step.

        Args:
            before: the mask's pixels before it.
            changed: where it has changed them.
        """
        rect = changed & self._mask.rect
        if rect.isEmpty():
            return
        self._after.clear()
        self._before.append(_Patch.of(before, rect))
        while len(self._before) > MAX_STEPS or sum(len(patch.data) for patch in self._before) > MAX_BYTES:
            del self._before[0]

    def undo(self) -> QRect:
        """Take the last step back. Returns what has changed."""
        return self._step(self._before, self._after)

    def redo(self) -> QRect:
        """Take a step again that was taken back. Returns what has changed."""
        return self._step(self._after, self._before)

    def _step(self, source: list[_Patch], target: list[_Patch]) -> QRect:
        if not source:
            return QRect()
        patch = source.pop()
        target.append(_Patch.of(self._mask.pixels, patch.rect))
        patch.put(self._mask.pixels)
        return self._mask.refresh(patch.rect)
