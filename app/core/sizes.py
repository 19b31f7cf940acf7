"""The size of a result: what a request leaves open, and what fits a model."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import UserError
from app.core.limits import Range
from app.core.message import Message, message
from app.core.request import Extension, GenerationRequest, Role

Size = tuple[int, int]
"""(width, height) in pixels."""

MAX_SIDE = 16_384
"""Of a picture of which only a part is computed."""
_LONGEST_WISH = 2**31
"""A longer side is cut to this before it is computed with: it may have more digits than a float."""


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """What sizes a model takes.

    Attributes:
        model: its name.
        side: limits of each side in pixels; its step is what both sides must be a multiple of.
        max_pixels: largest width x height.
        edits, own: as `edits` and `own_size` in `Capabilities`.
    """

    model: str
    side: Range
    max_pixels: int
    edits: bool = False
    own: Size | None = None

    def holds(self, width: int, height: int) -> bool:
        """Whether a picture of this size is within the limits, multiples aside."""
        return width in self.side and height in self.side and width * height <= self.max_pixels

    def nearest(self, width: int, height: int) -> Size:
        """The allowed (width, height) that is nearest in area and shape to the wish."""
        multiple = int(self.side.step)
        width, height = min(width, _LONGEST_WISH), min(height, _LONGEST_WISH)
        scale = min(1.0, (self.max_pixels / max(1, width * height)) ** 0.5)

        def snap(side: int) -> int:
            smallest = -(-int(self.side.minimum) // multiple) * multiple
            largest = int(self.side.maximum) // multiple * multiple
            return min(largest, max(smallest, int(side * scale / multiple + (0.5 if scale == 1.0 else 0)) * multiple))

        return snap(width), snap(height)

    def chosen(self, request: GenerationRequest, start: Size | None) -> Size:
        """The size of a request's result. What it leaves open follows the start picture.

        Args:
            start: the size of the start picture; None where there is none, or it is not known.
        """
        width, height = request.width, request.height
        more = request.extend or Extension()
        if start is None:
            usual_width, usual_height = self.own or (int(self.side.default), int(self.side.default))
            return (
                usual_width + more.width if width is None else width,
                usual_height + more.height if height is None else height,
            )
        own_width, own_height = start
        if width is not None or height is not None:  # one side follows the other by the shape
            if width is None:
                width = max(1, round((height or 0) * own_width / own_height))
            return width, max(1, round(width * own_height / own_width)) if height is None else height
        if request.extend is not None:
            return own_width + more.width, own_height + more.height
        if self.edits and (self.holds(*start) or _in_part(request)):
            return start
        if self.own is not None and own_width * own_height > self.max_pixels:
            # as many pixels as it was trained with, rather than the most that it takes
            scale = (self.own[0] * self.own[1] / (own_width * own_height)) ** 0.5
            return self.nearest(round(own_width * scale), round(own_height * scale))
        return self.nearest(*start)

    def check(self, request: GenerationRequest) -> None:
        """Raises UserError where the size of a resolved request does not fit; its remedy names the nearest one."""
        width, height = request.width or 0, request.height or 0
        free = self.edits and request.input(Role.INIT) is not None
        multiple = 1 if free else int(self.side.step)
        if self.holds(width, height) and width % multiple == height % multiple == 0:
            return
        if free and _in_part(request) and max(width, height) <= MAX_SIDE and min(width, height) > 0:
            return
        problem = message("{width} × {height} does not fit {model}.", width=width, height=height, model=self.model)
        nearest = self._nearest_extension(request) if free and request.extend else None
        if nearest is not None:
            raise UserError(problem, _extend_less(nearest))
        best_width, best_height = self.nearest(width, height)
        limits = {"minimum": self.side.minimum, "maximum": self.side.maximum}
        nearest_size = {"best_width": best_width, "best_height": best_height}
        if free:
            raise UserError(
                problem,
                message(
                    "Sides must be from {minimum:g} to {maximum:g} pixels; the nearest size is "
                    "{best_width} × {best_height}.",
                    **limits,
                    **nearest_size,
                ),
            )
        raise UserError(
            problem,
            message(
                "Sides must be multiples of {multiple} from {minimum:g} to {maximum:g} pixels; the nearest size "
                "is {best_width} × {best_height}.",
                multiple=multiple,
                **limits,
                **nearest_size,
            ),
        )

    def _nearest_extension(self, request: GenerationRequest) -> Extension | None:
        """The longest part of a request's extension with which its result fits; None where no part of it does."""
        more = request.extend or Extension()
        width, height = (request.width or 0) - more.width, (request.height or 0) - more.height
        sides = more.left, more.top, more.right, more.bottom
        for longest in range(min(max(sides), int(self.side.maximum)), 0, -1):
            less = Extension(*(side * longest // max(sides) for side in sides))
            if self.holds(width + less.width, height + less.height):
                return less
        return None


def check_extension(request: GenerationRequest, limits: SizeLimits) -> None:
    """Raises UserError where there is nothing to extend, or the model extends no pictures."""
    more = request.extend
    if more is None:
        return
    if request.input(Role.INIT) is None:
        raise UserError(message("Extending needs a start picture."), message("Choose one, or do not extend."))
    if not limits.edits:
        raise UserError(
            message("{model} cannot extend a picture here.", model=limits.model),
            message("Do not extend, or choose another model."),
        )
    if min(more.left, more.top, more.right, more.bottom) < 0 or more == Extension():
        raise UserError(
            message("This extends the picture nowhere."),
            message("Give the pixels for left, top, right and bottom, at least one of them above 0."),
        )
    if (request.width or 0) <= more.width or (request.height or 0) <= more.height:
        raise UserError(
            message("The extension leaves no room for the picture."),
            message("Extend by less, or leave width and height out."),
        )


def check_detail(request: GenerationRequest, limits: SizeLimits) -> None:
    """Raises UserError where a detail pass is asked for without a mask, or with a model that has none."""
    if request.detail and (not limits.edits or request.input(Role.MASK) is None):
        raise UserError(
            message("A detail pass needs a mask and a model that takes one."), message("Leave the detail pass out.")
        )


def computed_size(request: GenerationRequest, base: int) -> Size:
    """(width, height) of what a model of this base size makes for a request, about; no file is read for it."""
    width, height = request.width or base, request.height or base
    in_part = _in_part(request) and (request.detail or width * height > 2 * base * base)
    return (base, base) if in_part else (width, height)


def _in_part(request: GenerationRequest) -> bool:
    """Whether a picture may be larger than the model's own: only what surrounds the mask is computed."""
    return request.detail is not False and request.extend is None and request.input(Role.MASK) is not None


def _extend_less(extend: Extension) -> Message:
    return message(
        "The nearest that fits extends it by {left} pixels on the left, {top} at the top, {right} on the right and "
        "{bottom} at the bottom.",
        left=extend.left,
        top=extend.top,
        right=extend.right,
        bottom=extend.bottom,
    )
