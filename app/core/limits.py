"""Which pictures, LoRAs and kinds of output a backend takes with a model: the limits, and the check of a request."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import UserError
from app.core.message import Message, message
from app.core.request import MAX_SEED, GenerationRequest, ImageInput, Role


@dataclass(frozen=True, slots=True)
class Range:
    """A number's limits, both included, its step and its default."""

    minimum: float
    maximum: float
    default: float
    step: float = 1

    def __contains__(self, value: float | None) -> bool:
        return value is not None and self.minimum <= value <= self.maximum


@dataclass(frozen=True, slots=True)
class InputLimits:
    """What is taken of the pictures with one role.

    Attributes:
        strength: of their strength; None where it has no effect.
        maximum: how many there may be.
        needs: the role without which this one makes no sense.
        models: where the role needs a model of its own, a ControlNet: the ids and names of those that fit and are here;
            a folder will do as well. None where it needs none.
    """

    role: Role
    strength: Range | None = None
    maximum: int = 1
    needs: Role | None = None
    models: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class LoraLimits:
    """How many LoRAs may be used at once, and with which weights."""

    maximum: int
    weight: Range


DRAFT_FRAMES = 17
"""Of a draft, where the model takes that number."""


@dataclass(frozen=True, slots=True)
class ClipLimits:
    """The clips that can be made: `frames.step` k and `frames.minimum` m allow m, m + k, m + 2k, ... frames."""

    frames: Range
    fps: Range

    @property
    def draft_frames(self) -> int | None:
        """The frames of a draft: a cheap first look at a clip. None where a usual clip is as short."""
        frames = self.nearest_frames(DRAFT_FRAMES)
        return frames if frames < self.frames.default else None

    def nearest_frames(self, wish: int) -> int:
        """The allowed number of frames that is nearest to a wish."""
        low, step = int(self.frames.minimum), int(self.frames.step)
        nearest = low + round((wish - low) / step) * step
        highest = low + (int(self.frames.maximum) - low) // step * step
        return min(highest, max(low, nearest))


_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Mc", "Me"})
"""Unicode's categories of what is not seen by itself. What is not assigned yet may be a newer emoji."""
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters that are seen as a space: the fillers of Hangul, and Braille without a dot."""

START_PICTURE = InputLimits(Role.INIT, Range(0.05, 1, 0.6, 0.05))
MASK = InputLimits(Role.MASK, needs=Role.INIT)
CONTROL_SCALE = Range(0, 2, 1, 0.05)
LORAS = LoraLimits(8, Range(-2, 2, 1, 0.05))


def is_empty(prompt: str) -> bool:
    """Whether nothing of a prompt can be seen: spaces, control characters, letters without width, marks on nothing."""
    return all(letter in _BLANK or unicodedata.category(letter) in _UNSEEN for letter in prompt)


def check_inputs(request: GenerationRequest, limits: Sequence[InputLimits], model: str) -> None:
    """Raises UserError where a picture has a role that the model does not take, or a strength out of range."""
    known = {limit.role: limit for limit in limits}
    for item in request.inputs:
        limit = known.get(item.role)
        if limit is None:
            raise _not_taken(item, model)
        if limit.needs is not None and request.input(limit.needs) is None:
            raise _lonely_mask()
        if sum(other.role is item.role for other in request.inputs) > limit.maximum:
            raise UserError(
                message("{model} takes {most} of these pictures at most.", model=model, most=limit.maximum),
                message("Remove one."),
            )
        if limit.models is not None and not item.model:
            raise UserError(
                message("A control picture needs a ControlNet, which follows it."), message("Choose a ControlNet.")
            )
        _check_strength(item, limit)
        if not 0 <= item.start < item.end <= 1:
            raise UserError(
                message("The steps from {start:g} to {end:g} make no range.", start=item.start, end=item.end),
                message("Choose a start below the end, both from 0 to 1."),
            )


def check_loras(request: GenerationRequest, limits: LoraLimits | None, model: str) -> None:
    """Raises UserError where the model takes no LoRA, not so many, or not with this weight."""
    if not request.loras:
        return
    if limits is None:
        raise UserError(
            message("{model} takes no LoRA here.", model=model), message("Remove the LoRA, or choose another model.")
        )
    if len(request.loras) > limits.maximum:
        raise UserError(
            message("{n} LoRAs are too many.", n=len(request.loras)),
            message("Choose {most} at most.", most=limits.maximum),
        )
    for lora in request.loras:
        if lora.weight not in limits.weight:
            raise UserError(
                message("A LoRA weight of {weight:g} is out of range.", weight=lora.weight), _within(limits.weight)
            )


def check_variations(request: GenerationRequest, model: str, *, taken: bool) -> None:
    """Raises UserError where noise cannot be varied with the model, or a variation is out of range."""
    if request.variations and not taken:
        raise UserError(
            message("{model} cannot vary a picture here.", model=model), message("Use new seeds, or a local model.")
        )
    for variation in request.variations:
        if not 0 <= variation.seed <= MAX_SEED:
            raise UserError(
                message("The variation seed {seed} is out of range.", seed=str(variation.seed)),
                message("Choose 0 to {most}.", most=MAX_SEED),
            )
        if not 0 <= variation.amount <= 1:
            raise UserError(
                message("A variation amount of {amount:g} is out of range.", amount=variation.amount),
                message("Choose {low:g} to {high:g}.", low=0, high=1),
            )


def check_clip(request: GenerationRequest, limits: ClipLimits | None, model: str) -> None:
    """Raises UserError where the model makes no clips, or not of so many frames or so fast."""
    if request.frames is None and request.fps is None:
        return
    if limits is None:
        raise UserError(
            message("{model} makes pictures, not clips.", model=model),
            message("Leave the frames out, or choose a video model."),
        )
    if request.frames is not None and limits.nearest_frames(request.frames) != request.frames:
        problem = message("{n} frames do not fit {model}.", n=request.frames, model=model)
        if request.frames == 1:
            problem = message("A single frame does not fit {model}.", model=model)
        raise UserError(
            problem,
            message("The nearest number that fits is {nearest}.", nearest=limits.nearest_frames(request.frames)),
        )
    if request.fps is not None and request.fps not in limits.fps:
        raise UserError(
            message("{fps:g} frames a second do not fit {model}.", fps=request.fps, model=model), _within(limits.fps)
        )


def _check_strength(item: ImageInput, limit: InputLimits) -> None:
    if limit.strength is None:
        return
    if item.role is Role.INIT:  # its limits are the slider's; any change that is one will do
        fits, remedy = 0 < item.strength <= 1, message("Choose more than 0, at most 1.")
    else:
        fits, remedy = item.strength in limit.strength, _within(limit.strength)
    if not fits:
        raise UserError(message("A strength of {strength:g} is out of range.", strength=item.strength), remedy)


def _within(limits: Range) -> Message:
    return message("Choose {low:g} to {high:g}.", low=limits.minimum, high=limits.maximum)


def _not_taken(item: ImageInput, model: str) -> UserError:
    match item.role:
        case Role.INIT:
            return UserError(
                message("{model} cannot start from a picture here.", model=model), message("Remove the start picture.")
            )
        case Role.MASK:
            return _lonely_mask()
        case Role.CONTROL:
            return UserError(
                message("{model} takes no control picture here.", model=model), message("Remove the control picture.")
            )
        case Role.REFERENCE:
            return UserError(
                message("{model} takes no reference picture here.", model=model),
                message("Remove the reference picture."),
            )


def _lonely_mask() -> UserError:
    return UserError(message("A mask needs a start picture and a model that takes one."), message("Remove the mask."))
