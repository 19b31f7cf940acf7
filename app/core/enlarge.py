"""A request for a larger copy of a picture that is there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.core import jsonable
from app.core.request import AUTO, GenerationRequest, ImageInput, Role

FACTORS = (2, 4)
FAITHFUL, DETAILED = "span-x4", "realesrgan-x4plus"
UPSCALERS = {FAITHFUL: "SPAN x4", DETAILED: "Real-ESRGAN x4plus"}
"""The names of the upscalers that come with the app, by their ids."""
DEFAULT_REFINE = 0.2
"""How far a refined picture goes from the enlarged one where nobody says: new detail, the same picture."""


@dataclass(frozen=True, slots=True)
class EnlargeRequest:
    """A request to make a picture two or four times as large. It travels as a `GenerationRequest` does.

    Attributes:
        path: of the picture, on this machine.
        factor: 2 or 4.
        upscaler: id of one that comes with the app, or the path of a user's own; empty for the one that suits the
            device, which a queued request never holds.
        backend: backend id, or "auto".
        refine: paints over the enlarged picture: a start picture with a low strength, and the size of the windows in
            which that is done. None to leave it as the upscaler made it.
        prompt: what the picture shows, as far as it says.
        seed: the picture's own; 0 where it does not say.
        width, height: of the larger picture.
        count: there is one.
    """

    path: str
    factor: int = max(FACTORS)
    upscaler: str = ""
    backend: str = AUTO
    refine: GenerationRequest | None = None
    prompt: str = ""
    seed: int = 0
    width: int = 0
    height: int = 0

    count: ClassVar[int] = 1

    @property
    def strength(self) -> float:
        """How far refining goes from the enlarged picture, 0..1; 0 where it is not refined."""
        start = self.refine.input(Role.INIT) if self.refine is not None else None
        return start.strength if start is not None else 0.0

    def to_json(self) -> dict[str, Any]:
        return jsonable.fields_to_json(self)

    @classmethod
    def from_json(cls, values: Any) -> EnlargeRequest:
        """Read what `to_json` wrote.

        Raises:
            ValueError: a field has the wrong type, or makes no sense.
        """
        request = jsonable.from_json(cls, values)
        if request.factor not in FACTORS:
            raise ValueError(f"a factor of {request.factor}")
        return request

    def of_picture(self, seed: int) -> EnlargeRequest:
        """The request for one picture of this one, which is itself."""
        return self

    def replace(self, **changes: Any) -> EnlargeRequest:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)


Request = GenerationRequest | EnlargeRequest
"""What a job can be asked for."""


@dataclass(frozen=True, slots=True)
class Enlarged:
    """How a picture was enlarged.

    Attributes:
        source: the picture that it was made of, by name and hash.
        factor: 2 or 4.
        upscaler: the name of the network.
        strength: how far refining went from the enlarged picture; None where it was not refined.
        model, prompt: what it was refined with.
    """

    source: ImageInput
    factor: int
    upscaler: str
    strength: float | None = None
    model: str | None = None
    prompt: str | None = None


def request_from_json(values: Mapping[str, Any]) -> Request:
    """What a job was asked for, by the key under which it is kept.

    Raises:
        ValueError, KeyError: it makes no sense.
    """
    enlarge = values.get("enlarge")
    return GenerationRequest.from_json(values["request"]) if enlarge is None else EnlargeRequest.from_json(enlarge)
