"""How long a clip will take, where none was made on this machine yet."""

from __future__ import annotations

from app.backends.local.timings import Timing
from app.core.request import GenerationRequest
from app.library.models.checkpoint.checkpoint import Checkpoint

SHARE = 0.5
"""Of the operations per second of one large matrix product, what a step comes to."""
# Decoding 81 frames took 275e12 operations at 480 x 832 (AutoencoderKLWan) and 93e12 at 704 x 1280
# (AutoencoderKLLTX2Video): for each pixel of each frame, and each of the autoencoder's weights.
_DECODE = {"AutoencoderKLWan": 8.5e6 / 126_892_531, "AutoencoderKLLTX2Video": 1.27e6 / 1_222_479_601}


def planned(checkpoint: Checkpoint, request: GenerationRequest, work: float, rate: float) -> Timing:
    """How long a clip takes by its operations.

    Args:
        work: operations of a step.
        rate: operations per second.
    """
    pixels = (request.width or 0) * (request.height or 0) * (request.frames or 1)
    each = _DECODE.get(str(checkpoint.vae.get("_class_name")), max(_DECODE.values()))
    return Timing(work / rate, each * checkpoint.weights["vae"].parameters * pixels / rate)
