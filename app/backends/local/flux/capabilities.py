"""What can be done with a checkpoint of mflux's families."""

from __future__ import annotations

from app.backends.local.capabilities import MAX_GUIDANCE
from app.core.capabilities import Capabilities
from app.core.catalog import ModelSpec
from app.core.families.flux import FAMILIES
from app.core.limits import LORAS, MASK, START_PICTURE, Range
from app.core.request import AUTO
from app.library.models.checkpoint.checkpoint import Checkpoint

SMALLEST = 64
MAX_STEPS = 100
_SHAPES = ((1, 2), (9, 16), (2, 3), (3, 4), (1, 1), (4, 3), (3, 2), (16, 9), (2, 1))


def flux_capabilities(checkpoint: Checkpoint, spec: ModelSpec | None, precisions: tuple[str, ...]) -> Capabilities:
    """What can be done with a checkpoint in one of these precisions.

    Args:
        checkpoint: what it is.
        spec: the catalog's entry, if it has one.
        precisions: those that it can be computed in.
    """
    facts = FAMILIES[checkpoint.family]
    base, step = checkpoint.base_size, checkpoint.token_pixels
    return Capabilities(
        model=checkpoint.name,
        size=Range(SMALLEST, base * 2, base, step),
        max_pixels=4 * base * base,
        steps=Range(1, MAX_STEPS, spec.steps if spec else facts.steps),
        guidance=Range(1, MAX_GUIDANCE, 1, 0.1) if facts.guided else None,
        negative=facts.guided,
        solvers=checkpoint.solvers,
        precisions=(AUTO, *precisions),
        inputs=(START_PICTURE, MASK) if checkpoint.has_encoder else (),
        edits=checkpoint.has_encoder,
        loras=LORAS,
        prompt_tokens=checkpoint.prompt_tokens,
        notes=checkpoint.notes,
        aspect_sizes=tuple(_size(base, step, width / height) for width, height in _SHAPES),
        variations=True,
    )


def _size(base: int, step: int, shape: float) -> tuple[int, int]:
    """The size of a shape that has the area of the model's own square."""
    width, height = base * shape**0.5, base / shape**0.5
    return round(width / step) * step, round(height / step) * step
