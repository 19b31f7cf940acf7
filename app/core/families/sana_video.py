"""SANA-Video's figures: what its checkpoints were trained with, and what their networks take."""

from __future__ import annotations

from dataclasses import replace

from app.core.families import sana
from app.core.memory import ModelSize

SANA_VIDEO = "sana-video"
"""As the catalog calls the family."""
PIPELINES = ("SanaVideoPipeline", "SanaImageToVideoPipeline")
"""The classes that a model_index.json may name: the weights of both are the same."""

FRAMES = 81
"""Of a clip where nobody says."""
FPS = 16.0
MOST_FPS = 60.0
STEPS = 50
GUIDANCE = 6.0
FLOW_SHIFT = 8.0
"""Where a checkpoint does not say."""
NEGATIVE = (
    "A chaotic sequence with misshapen, deformed limbs in heavy motion blur, sudden disappearance, jump cuts, jerky "
    "movements, rapid shot changes, frames out of sync, inconsistent character shapes, temporal artifacts, jitter, and "
    "ghosting effects, creating a disorienting visual experience."
)
"""What is avoided where nobody says, in the words that the model's authors use."""

# (height, width) in pixels, as diffusers has them.
_SIZES = {
    480: (
        (448, 896), (480, 832), (528, 768), (560, 720), (624, 624), (672, 592), (720, 560), (768, 528), (816, 496),
        (832, 480), (896, 448),
    ),
    704: (
        (672, 1344), (704, 1280), (800, 1152), (832, 1088), (960, 960), (1024, 896), (1088, 832), (1152, 800),
        (1248, 736), (1280, 704), (1344, 672),
    ),
}  # fmt: skip
_OWN_SIZES = {480: (832, 480), 704: (1280, 704)}


def trained_sizes(base_size: int) -> tuple[tuple[int, int], ...]:
    """The (width, height) that a model of this base size was trained with; empty where that is not known."""
    return tuple((width, height) for height, width in _SIZES.get(base_size, ()))


def own_size(base_size: int) -> tuple[int, int]:
    """(width, height) of a clip where nobody says."""
    return _OWN_SIZES.get(base_size, (base_size, base_size))


def most_frames(trained: int) -> int:
    """Of a model that was trained with clips of so many: longer ones than about twice of that fall apart."""
    return 2 * trained - 1


def latent_frames(frames: int, temporal_factor: int) -> int:
    """How many latent frames a clip of so many frames has: the first frame has one of its own."""
    return (frames - 1) // temporal_factor + 1


# The transformer's widest layer for each token: 2240 channels, expanded three-fold and gated, about three copies in
# float32.
_TOKEN_BYTES = 3 * 2 * 3 * 2240 * 4
# Decoding 240 x 416 untiled in float32 took 2.2 GB with the autoencoder of 480p, whose latents are of 8 pixels.
_DECODE_BYTES = 2.2e9 / (240 * 416)
# That of 720p decodes all frames at once where nothing streams it: six copies of 128 channels for each of the 64 cells
# of a latent, which stands for 32 x 32 pixels, for each frame; and all frames stay until the last tile is decoded.
_LTX_FRAME_BYTES = 6 * 128 * 64 * 4 / 32**2
_LTX_KEPT_BYTES = 3 * 4
# What stays whole of the clip while it is decoded: the frames of one latent frame as floats and bytes, twice.
_WHOLE_BYTES = 2 * 8 * 3 * (4 + 1)


# Parameters of the published autoencoders, Wan's and that of LTX-2, pixels of a token, and frames for a latent frame.
_WAN = (126_892_531, 16, 4)
_LTX = (1_222_479_601, 32, 8)
_GEMMA_2_2B = 2_614_341_888


def published_size(transformer: int, base_size: int, frames: int) -> ModelSize:
    """As `model_size`, of a published model."""
    vae, token_pixels, temporal_factor = _LTX if base_size == 704 else _WAN
    return model_size(transformer, _GEMMA_2_2B, vae, token_pixels, temporal_factor, frames)


def model_size(
    transformer: int, text_encoder: int, vae: int, token_pixels: int, temporal_factor: int, frames: int = FRAMES
) -> ModelSize:
    """What decides on the memory that a clip of so many frames takes, from the parameters of a model's parts."""
    tokens = latent_frames(frames, temporal_factor)
    size = sana.model_size(transformer, text_encoder, vae, token_pixels)
    decode, whole = _DECODE_BYTES, float(_WHOLE_BYTES)
    if temporal_factor == _LTX[2]:
        decode, whole = frames * _LTX_FRAME_BYTES, whole + frames * _LTX_KEPT_BYTES
    return replace(size, token_bytes=tokens * _TOKEN_BYTES, decode_bytes=decode, whole_bytes=whole)
