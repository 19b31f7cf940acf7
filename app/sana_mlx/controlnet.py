"""The ControlNet of SANA: a copy of a transformer's first blocks that reads a picture too and corrects the original.

Reference: diffusers, models/controlnets/controlnet_sana.py (https://arxiv.org/abs/2302.05543). Module names are those
of its checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterator

import mlx.core as mx
import mlx.nn as nn

from .config import TransformerConfig
from .layers import RMSNorm
from .transformer import AdaLayerNormSingle, CaptionProjection, PatchEmbed, SanaTransformer, SanaTransformerBlock, bias


class SanaControlNet(nn.Module):
    """What is added to the tokens of a transformer, given a picture that they are to follow.

    Args:
        config: the checkpoint's own.
        clip: as in `SanaTransformer`.
    """

    def __init__(self, config: TransformerConfig, clip: bool = False) -> None:
        super().__init__()
        width = config.width
        self.patch_embed = PatchEmbed(config)
        self.input_block = nn.Linear(width, width)
        self.time_embed = AdaLayerNormSingle(width)
        self.caption_projection = CaptionProjection(config.caption_channels, width)
        self.caption_norm = RMSNorm(width, 1e-5)
        self.transformer_blocks = [SanaTransformerBlock(config, clip) for _ in range(config.num_layers)]
        self.controlnet_blocks = [nn.Linear(width, width) for _ in range(config.num_layers)]

    def __call__(
        self,
        latents: mx.array,
        picture: mx.array,
        timestep: mx.array,
        caption: mx.array,
        mask: mx.array | None = None,
        scale: float = 1.0,
    ) -> Iterator[mx.array]:
        """One forward pass, block by block as the transformer asks for it: no more than one block's is held.

        Args:
            latents, timestep, caption, mask: as the transformer gets them.
            picture: (1 or B, h, w, in_channels), the encoded picture to follow.
            scale: the weight of all that is added.

        Yields:
            For the output of the transformer's second block, then of each one after it, what to add: (B, N, width).
        """
        dtype = latents.dtype
        x, grid = self.patch_embed(latents)
        x = x + self.input_block(self.patch_embed(picture.astype(dtype))[0])
        time, _ = self.time_embed(timestep.astype(mx.float32), None, dtype)
        context = self.caption_norm(self.caption_projection(caption.astype(dtype)))
        added = bias(mask, dtype)
        for block, out in zip(self.transformer_blocks, self.controlnet_blocks, strict=True):
            x = block(x, context, added, time, grid)
            yield out(x) * scale

    sanitize = staticmethod(SanaTransformer.sanitize)
