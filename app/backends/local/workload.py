"""How much work a request is with a checkpoint."""

from __future__ import annotations

from app.backends.local.timings import Setup
from app.core.families.sana_video import latent_frames
from app.core.request import GenerationRequest, Role
from app.library.models.checkpoint.checkpoint import Checkpoint


def passes(checkpoint: Checkpoint, request: GenerationRequest) -> int:
    """Passes of the transformer in each step: 2 for classifier-free guidance, which a scale of 1 switches off."""
    guidance = 1.0 if request.guidance is None else request.guidance
    return 2 if guidance > 1 and not checkpoint.guidance_embeds else 1


def setup_of(backend: str, device: str, precision: str, checkpoint: Checkpoint, request: GenerationRequest) -> Setup:
    """What the time of a request's pictures depends on."""
    controlled = request.input(Role.CONTROL) is not None
    return Setup(backend, device, precision, request.model, passes(checkpoint, request), controlled)


def timed_size(checkpoint: Checkpoint, width: int, height: int, frames: int) -> tuple[int, int]:
    """Width and height of what takes time: of a clip as if its latent frames stood above each other."""
    return width, height * (latent_frames(frames, checkpoint.temporal_factor) if checkpoint.makes_clips else 1)


def step_work(checkpoint: Checkpoint, setup: Setup, width: int, height: int) -> float:
    """Operations of a step, from each weight's use with each token: the linear attention's own are few beside these.

    `width` and `height` are those of `timed_size`.
    """
    tokens = width * height / checkpoint.token_pixels**2
    return 2 * checkpoint.weights["transformer"].parameters * tokens * setup.passes


def steps_done(request: GenerationRequest) -> int:
    """The steps that are done: a start picture enters the schedule later."""
    steps = request.steps or 0
    start = request.input(Role.INIT)
    if start is None:
        return steps
    from app.diffusion.schedule import first_step

    return steps - first_step(steps, start.strength)
