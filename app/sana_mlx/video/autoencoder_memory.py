"""The memory of decoding and encoding clips besides the weights. Arithmetic on config.json files; without MLX.

Both autoencoders stream: what takes the memory is what their convolutions keep of a clip, which grows with a frame and
not with the clip. It is counted; what one convolution needs at once was measured with
`python -m tests.benchmarks.video_memory --parts decoder`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .ltx.config import LTXConfig
from .wan.config import WanConfig

KEPT = 4
"""Frames that a residual block keeps: two for each of its two convolutions,"""
WAITING = 3
"""and those that wait for the frames after them, where it sees those."""
AT_ONCE = 20
"""Frames of LTX's largest layer while a convolution works: its input and output, its shares of three frames, the same
again while these are added up, and what is spread over larger frames."""
LEAST_VALUES = 1 << 22
"""LTX's decoder takes several small frames together, up to so many values."""
WAN_AT_ONCE = 4
"""As much of Wan's, where all else is in strips: a block's input and output, in strips and put together."""
WAN_STRIP = 22
"""Numbers for each value of such a strip where a convolution copies neighbourhoods: 9 are those."""
TILE_CHANNELS = 8
"""Values that LTX's tiles take for each pixel; Wan's take as many as its last stage has channels."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Blocks of one resolution: their channels, the pixels of a frame there, and the frames that they keep in all."""

    channels: int
    pixels: float
    kept: float

    @property
    def values(self) -> float:
        """Of one frame."""
        return self.channels * self.pixels


def autoencoder_work(
    config: LTXConfig | WanConfig, pixels: int, tile: int | None, item: int, unfolds: bool, *, decodes: bool = True
) -> int:
    """Bytes besides the weights, of a clip whose frames have so many pixels; without `decodes` of encoding one frame.

    Args:
        tile: side of a tile in pixels, None for whole frames.
        item: bytes of a number.
        unfolds: convolutions copy each pixel's 3 x 3 neighbourhood in float32, as MLX's CPU build does.
    """
    if isinstance(config, LTXConfig):
        stages = _ltx_decoder(config, pixels) if decodes else _ltx_encoder(config, pixels)
        per_pixel, at_once, copies, least = TILE_CHANNELS, AT_ONCE, 11 + 3, LEAST_VALUES
    else:
        # a frame alone keeps nothing of itself
        stages = _wan_decoder(config, pixels) if decodes else [Stage(config.encoder_dims[0], pixels, kept=0)]
        per_pixel, at_once, copies, least = config.decoder_dims[-1], WAN_AT_ONCE, WAN_STRIP, 0
    kept = sum(stage.values * stage.kept for stage in stages)
    largest = max(stage.values for stage in stages)
    taken = largest if tile is None else min(largest, 1.2 * tile * tile * per_pixel)
    convolving = taken * copies * 4 if unfolds else taken * (3.8 + 3 * 2.8) * item
    return int((kept + at_once * max(largest, least)) * item + convolving)


def _ltx_decoder(config: LTXConfig, pixels: int) -> list[Stage]:
    channels, layers = config.decoder_block_out_channels[::-1], config.decoder_layers_per_block[::-1]
    each = KEPT + (0 if config.decoder_causal else WAITING)
    area = pixels / config.factor**2
    stages, dims = [Stage(channels[0], area, layers[0] * each)], channels[0]
    for i, stride in enumerate(config.up_strides):
        factor = config.upsample_factor[::-1][i]
        dims = channels[i] // factor
        kept = layers[i + 1] * each
        if stride:
            area *= stride[1] * stride[2]
            # the upsampling convolution's output, before it is spread over the larger frames
            kept += 2 * stride[0]
        stages.append(Stage(dims, area, kept))
    return stages


def _ltx_encoder(config: LTXConfig, pixels: int) -> list[Stage]:
    each = KEPT + (0 if config.encoder_causal else WAITING)
    stages, dims, area = [], config.latent_channels, pixels / config.patch_size**2
    for i, stride in enumerate(config.down_strides):
        stages.append(Stage(dims, area, config.layers_per_block[i] * each + 2))
        dims = config.block_out_channels[i]
        if stride:
            area /= stride[1] * stride[2]
    return [*stages, Stage(dims, area, config.layers_per_block[-1] * each)]


def _wan_decoder(config: WanConfig, pixels: int) -> list[Stage]:
    dims, rates = config.decoder_dims, [*reversed(config.temperal_downsample), None]
    area = pixels / config.factor**2
    stages = [Stage(dims[0], area, 2 * KEPT)]
    for outs, in_time in zip(dims, rates, strict=True):
        kept = (config.num_res_blocks + 1) * KEPT + (4 if in_time else 0)
        stages.append(Stage(outs, area, kept))
        if in_time is not None:
            area *= 4
    return stages
