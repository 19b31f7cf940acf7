"""What Undo can take back beside deletions."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Undoable(NamedTuple):
    """Something that was done to pictures.

    Attributes:
        title: what Undo would do, as the menu says it.
        undo: does it.
    """

    title: Callable[[], str]
    undo: Callable[[], None]
