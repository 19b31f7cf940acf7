"""What can go wrong, in three kinds: the user can mend it, the numbers broke, or the user said stop.

Everything else is a bug and keeps its own exception type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.message import NOTHING, Message, message, sentences


class UserError(Exception):
    """Something a person can mend.

    Args:
        problem: what is wrong, one plain sentence.
        remedy: what to do about it, one plain sentence; may be empty.
        suggestion: changes to the request (field name to value) that the user may be offered, as in `events.Failed`.
    """

    def __init__(
        self, problem: Message, remedy: Message = NOTHING, suggestion: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(problem, remedy)
        self.message = problem
        self.remedy = remedy
        self.suggestion: Mapping[str, Any] = suggestion or {}

    def __str__(self) -> str:
        return str(self.text)

    @property
    def text(self) -> Message:
        """What is wrong and what to do about it."""
        return sentences(self.message, self.remedy)


_SAFER = message("Choose full precision, or something else to run on, in Settings.")
_DAMAGED = message("The model's weights may be damaged: download it again, or choose another model.")


class NotFiniteError(UserError):
    """NaN or infinity at a named place of the computation; on MPS this is what a grey picture really is.

    Args:
        place: where it was seen, e.g. "the prompt embedding", "the velocity of step 3".
        precision: the precision the model ran in.
    """

    def __init__(self, place: Message, precision: str = "") -> None:
        super().__init__(
            message("The computation broke down: {place} contains values that are not numbers.", place=place),
            _DAMAGED if precision == "float32" else _SAFER,
        )
        self.place = place
        self.precision = precision

    def __reduce__(self) -> tuple[type[NotFiniteError], tuple[Message, str]]:
        return type(self), (self.place, self.precision)


class GenerationCancelled(Exception):  # noqa: N818 - an outcome that the user asked for, not an error
    """Raised between steps or tiles after the user pressed Cancel."""
