"""What can be done with a video checkpoint on this machine."""

from __future__ import annotations

from app.backends.local.capabilities import MAX_GUIDANCE, MAX_STEPS
from app.core.capabilities import Capabilities
from app.core.catalog import ModelSpec
from app.core.families import sana_video
from app.core.families.sana import MAX_PROMPT_TOKENS
from app.core.limits import LORAS, ClipLimits, InputLimits, Range
from app.core.request import AUTO, Role
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.vocabulary import read_vocabulary

MAX_CLIPS = 4
"""Of one request: each may take many minutes."""
_SMALLEST = 32


def clip_capabilities(checkpoint: Checkpoint, spec: ModelSpec | None, precisions: tuple[str, ...]) -> Capabilities:
    """As `capabilities_of`, of a checkpoint that makes clips. A picture is their first frame, as it is: it has no
    strength.
    """
    base, step, factor = checkpoint.base_size, checkpoint.token_pixels, checkpoint.temporal_factor
    # The smallest decoders mirror what is beyond an edge, for which two tokens are needed.
    smallest = max(2 * step, _SMALLEST)
    first = spec.solver if spec and spec.solver in checkpoint.solvers else checkpoint.solvers[0]
    frames = spec.frames if spec and spec.frames else sana_video.FRAMES
    # A model too small for the instruction knows none of the words of a long negative prompt either.
    knows_words = checkpoint.token_limit > 2 * MAX_PROMPT_TOKENS
    return Capabilities(
        model=checkpoint.name,
        size=Range(smallest, base * 2, base, step),
        max_pixels=2 * base * base,
        steps=Range(1, MAX_STEPS, spec.steps if spec else sana_video.STEPS),
        guidance=Range(1, MAX_GUIDANCE, spec.guidance if spec else sana_video.GUIDANCE, 0.1),
        negative=True,
        usual_negative=sana_video.NEGATIVE if knows_words else "",
        solvers=(first, *(name for name in checkpoint.solvers if name != first)),
        start_solver="euler" if "euler" in checkpoint.solvers else "",
        precisions=(AUTO, *precisions),
        inputs=(InputLimits(Role.INIT),) if checkpoint.has_encoder else (),
        clip=ClipLimits(
            Range(factor + 1, sana_video.most_frames(frames), frames, factor),
            Range(1, sana_video.MOST_FPS, sana_video.FPS),
        ),
        loras=LORAS,
        max_count=MAX_CLIPS,
        prompt_tokens=checkpoint.prompt_tokens,
        knows=spec.knows if spec else "",
        knows_more=spec.knows_more if spec else "",
        notes=checkpoint.notes,
        vocabulary=read_vocabulary(checkpoint.folder),
        aspect_sizes=sana_video.trained_sizes(base),
        own_size=sana_video.own_size(base),
        variations=True,
    )
