"""What a backend can do with a model. The prompt panel shows just that, and requests are checked against it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

from app.core.errors import UserError
from app.core.limits import (
    ClipLimits,
    InputLimits,
    LoraLimits,
    Range,
    check_clip,
    check_inputs,
    check_loras,
    check_variations,
    is_empty,
)
from app.core.message import Message, any_of, message, quoted
from app.core.request import AUTO, MAX_SEED, GenerationRequest, ImageInput, Option, Role
from app.core.sizes import Size, SizeLimits, check_detail, check_extension
from app.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Choice:
    """A further input of a model that takes one of several values (a cloud model's enum)."""

    name: str
    label: str
    values: tuple[Option, ...]
    default: Option


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one backend can do with one model.

    Attributes:
        model: display name of the model.
        size: limits of each side in pixels; `size.step` is what both sides must be a multiple of, and
            `size.default` the side of the square that the model was trained for.
        max_pixels: largest width x height.
        steps: limits of the number of steps.
        quick_steps: a smaller number of steps whose pictures are nearly the same; None where there is none.
        guidance: limits of the guidance scale; None where the model has none.
        negative: whether a negative prompt has an effect.
        usual_negative: what is avoided where nobody says; empty for nothing.
        solvers: the solvers that fit the model, the default first.
        start_solver: the default with a start picture; empty where it is the same.
        precisions: "auto" first, then what may be chosen.
        inputs: the roles that pictures may have, with their limits.
        edits: whether it edits pictures: the result of a start picture may have any size of the picture itself, which
            can be extended, and what a mask shows can be repainted in a detail pass.
        loras: None where it takes none.
        clip: the clips that it makes; None where it makes pictures.
        max_count: most pictures of one request.
        choices: further inputs with a closed set of values.
        prompt_tokens: most tokens of a prompt that have an effect; None where unknown.
        knows: a few words on what the model can show; empty where it shows anything.
        knows_more: the same in one or two sentences.
        notes: what else its user should know of the model, a sentence each.
        vocabulary: the words that the model knows, where they are few; None where it knows a whole language.
        aspect_sizes: the sizes the model was trained for as (width, height); empty where any multiple will do.
        own_size: (width, height) where nobody says; None for the square of `size.default`.
        seed: whether the seed has an effect.
        variations: whether a picture's noise can be varied.
    """

    model: str
    size: Range
    max_pixels: int
    steps: Range
    guidance: Range | None
    negative: bool
    solvers: tuple[str, ...] = ()
    precisions: tuple[str, ...] = (AUTO,)
    inputs: tuple[InputLimits, ...] = ()
    edits: bool = False
    loras: LoraLimits | None = None
    clip: ClipLimits | None = None
    max_count: int = 16
    choices: tuple[Choice, ...] = ()
    prompt_tokens: int | None = None
    knows: str = ""
    knows_more: str = ""
    notes: tuple[Message, ...] = ()
    vocabulary: Vocabulary | None = None
    aspect_sizes: tuple[tuple[int, int], ...] = ()
    own_size: Size | None = None
    seed: bool = True
    variations: bool = False
    quick_steps: int | None = None
    usual_negative: str = ""
    start_solver: str = ""

    @property
    def sizes(self) -> SizeLimits:
        """The sizes that it makes."""
        return SizeLimits(self.model, self.size, self.max_pixels, self.edits, self.own_size)

    def resolve(self, request: GenerationRequest, start: Size | None = None) -> GenerationRequest:
        """Fill in the model's defaults and a random seed, and check every field.

        Args:
            request: what is asked for.
            start: the size of its start picture, where it is known.

        Raises:
            UserError: a field does not fit the model; the remedy names what would.
        """
        width, height = self.sizes.chosen(request, start)
        changes: dict[str, Any] = {
            "width": width,
            "height": height,
            "steps": request.steps if request.steps is not None else int(self.steps.default),
            "guidance": request.guidance,
            "solver": request.solver if request.solver is not None else self._usual_solver(request),
            "seed": request.seed if request.seed is not None else random.randrange(MAX_SEED - self.max_count),
        }
        if self.guidance is None:
            changes["guidance"] = 1.0
        elif request.guidance is None:
            changes["guidance"] = self.guidance.default
        if not self.negative:
            changes["negative"] = ""
        elif not request.negative:
            changes["negative"] = self.usual_negative
        changes["inputs"] = tuple(self._heeded(item) for item in request.inputs)
        if self.clip is not None:
            changes["frames"] = request.frames if request.frames is not None else int(self.clip.frames.default)
            changes["fps"] = request.fps if request.fps is not None else float(self.clip.fps.default)
        resolved = request.replace(**changes)
        self._check(resolved)
        return resolved

    def ignored(self, request: GenerationRequest) -> tuple[Message, ...]:
        """What the user asked for and the model does not heed."""
        if request.negative and not self.negative:
            return (message("“{name}” does not heed a negative prompt.", name=self.model),)
        return ()

    def _usual_solver(self, request: GenerationRequest) -> str | None:
        if self.start_solver and request.input(Role.INIT) is not None:
            return self.start_solver
        return self.solvers[0] if self.solvers else None

    def _heeded(self, item: ImageInput) -> ImageInput:
        """A start picture with a strength of 1 where the model heeds none."""
        limits = self.takes(item.role)
        without = item.role is Role.INIT and limits is not None and limits.strength is None
        return replace(item, strength=1.0) if without else item

    def _check(self, request: GenerationRequest) -> None:
        if is_empty(request.prompt):
            raise UserError(message("The prompt is empty."), message("Type what you would like to see."))
        check_extension(request, self.sizes)
        self.sizes.check(request)
        if request.steps not in self.steps:
            raise UserError(
                message("{steps} steps do not fit {model}.", steps=request.steps or 0, model=self.model),
                message(
                    "Choose {minimum:g} to {maximum:g} steps.", minimum=self.steps.minimum, maximum=self.steps.maximum
                ),
            )
        if self.guidance is not None and request.guidance not in self.guidance:
            raise UserError(
                message(
                    "A guidance of {guidance:g} does not fit {model}.", guidance=request.guidance or 0, model=self.model
                ),
                message(
                    "Choose {minimum:g} to {maximum:g}.", minimum=self.guidance.minimum, maximum=self.guidance.maximum
                ),
            )
        if self.solvers and request.solver not in self.solvers:
            raise UserError(
                message(
                    "{model} does not work with the solver {solver}.",
                    model=self.model,
                    solver=quoted(request.solver or ""),
                ),
                message("Choose {choices}.", choices=_either(self.solvers)),
            )
        if request.precision not in self.precisions:
            raise UserError(
                message("The precision “{precision}” is not available here.", precision=request.precision),
                message("Choose {choices}.", choices=_either(self.precisions)),
            )
        if not 1 <= request.count <= self.max_count:
            raise UserError(
                message("{count} clips are not possible.", count=request.count)
                if self.clip is not None
                else message("{count} pictures are not possible.", count=request.count),
                message("Choose 1 to {most}.", most=self.max_count),
            )
        if request.seed is None or not 0 <= request.seed <= MAX_SEED - request.count + 1:
            raise UserError(
                message("The seed {seed} is out of range.", seed=str(request.seed)),
                message("Choose 0 to {most}.", most=MAX_SEED - request.count + 1),
            )
        check_variations(request, self.model, taken=self.variations)
        check_inputs(request, self.inputs, self.model)
        check_detail(request, self.sizes)
        check_loras(request, self.loras, self.model)
        check_clip(request, self.clip, self.model)

    def takes(self, role: Role) -> InputLimits | None:
        """The limits of the pictures with this role; None where it takes none."""
        return next((limit for limit in self.inputs if limit.role is role), None)

    def nearest_size(self, width: int, height: int) -> Size:
        """The allowed (width, height) that is nearest in area and shape to the wish."""
        return self.sizes.nearest(width, height)


def _either(names: tuple[str, ...]) -> Message:
    return any_of([quoted(name) for name in names])
