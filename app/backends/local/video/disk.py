"""How much room on the disk a clip needs, told before it is made."""

from __future__ import annotations

from app.core.families.sana_video import latent_frames
from app.library.models.checkpoint.checkpoint import Checkpoint

_BYTES_PER_PIXEL = 0.5
"""Of the file, for each pixel of each frame. H.264 as `clips/mp4.py` writes it took 0.40 for a moving texture with the
spectrum of photographs, 0.45 with strong grain on it; plain scenes take a tenth.
"""


def disk_needed(checkpoint: Checkpoint, width: int, height: int, frames: int, count: int) -> int:
    """Bytes at most, while `count` clips are made: their files, the last one's twice while it is kept, and the latents
    of one that is not finished, float32, which a solver may need of two steps.
    """
    side, depth = checkpoint.spatial_factor, latent_frames(frames, checkpoint.temporal_factor)
    latents = checkpoint.latent_channels * depth * (height // side) * (width // side)
    return round(_BYTES_PER_PIXEL * width * height * frames) * (count + 1) + 2 * 4 * latents
