"""What can be done with a checkpoint on this machine."""

from __future__ import annotations

from app.core.capabilities import Capabilities
from app.core.catalog import ModelSpec
from app.core.families.sana import TRAINED_SIZES
from app.core.limits import CONTROL_SCALE, LORAS, MASK, START_PICTURE, InputLimits, Range
from app.core.message import message
from app.core.request import AUTO, Role
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.vocabulary import read_vocabulary

MAX_STEPS = 100
MAX_SPRINT_STEPS = 4
MAX_GUIDANCE = 20.0

_CLIPPED = message("It was trained in float16, so its numbers are kept within that type's range.")


def capabilities_of(
    checkpoint: Checkpoint,
    spec: ModelSpec | None,
    precisions: tuple[str, ...],
    controlnets: tuple[tuple[str, str], ...] = (),
) -> Capabilities:
    """What can be done with a checkpoint in one of these precisions.

    Args:
        checkpoint: what it is.
        spec: the catalog's entry, if it has one.
        precisions: those that the backend has.
        controlnets: the ids and names of the ControlNets that are here and fit it.
    """
    sprint = checkpoint.guidance_embeds
    base, step = checkpoint.base_size, checkpoint.spatial_factor * checkpoint.patch_size
    sizes = ((width * base // 16, height * base // 16) for height, width in TRAINED_SIZES.get(base, ()))
    default_steps = spec.steps if spec else 2 if sprint else 20
    default_guidance = spec.guidance if spec else 4.5
    first = spec.solver if spec and spec.solver in checkpoint.solvers else checkpoint.solvers[0]
    # The layout of ControlNets has no place for Sprint's embedded guidance.
    control = () if sprint else (InputLimits(Role.CONTROL, CONTROL_SCALE, models=controlnets),)
    return Capabilities(
        model=checkpoint.name,
        # The trained shapes go from 1:4 to 4:1 on the trained area; on more than twice of it, pictures fall apart.
        size=Range(max(step, base // 4 // step * step), base * 2, base, step),
        max_pixels=2 * base * base,
        steps=Range(1, MAX_SPRINT_STEPS if sprint else MAX_STEPS, default_steps),
        guidance=Range(1, MAX_GUIDANCE, default_guidance, 0.1),
        negative=not sprint,
        solvers=(first, *(name for name in checkpoint.solvers if name != first)),
        precisions=(AUTO, *precisions),
        inputs=(START_PICTURE, MASK, *control) if checkpoint.has_encoder else (),
        edits=checkpoint.has_encoder,
        loras=LORAS,
        prompt_tokens=checkpoint.prompt_tokens,
        knows=spec.knows if spec else "",
        knows_more=spec.knows_more if spec else "",
        notes=checkpoint.notes if spec or not checkpoint.clip else (*checkpoint.notes, _CLIPPED),
        vocabulary=read_vocabulary(checkpoint.folder),
        aspect_sizes=tuple((width, height) for width, height in sizes if width % step == height % step == 0),
        variations=True,
        quick_steps=None if sprint else max(1, default_steps // 2),
    )
