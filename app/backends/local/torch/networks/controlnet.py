"""The ControlNet of SANA: a copy of a transformer's first blocks that reads a picture too and corrects the original.

Reference: diffusers, models/controlnets/controlnet_sana.py (https://arxiv.org/abs/2302.05543). Module names are those
of its checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor, nn

from app.backends.local.torch.networks.transformer import Trunk
from app.sana_mlx.config import TransformerConfig


class SanaControlNet(Trunk):
    """What is added to the tokens of a transformer, given a picture that they are to follow."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(config)
        width = config.width
        self.input_block = nn.Linear(width, width)
        self.controlnet_blocks = nn.ModuleList(nn.Linear(width, width) for _ in range(config.num_layers))

    def forward(
        self,
        latents: Tensor,
        picture: Tensor,
        timestep: Tensor,
        caption: Tensor,
        mask: Tensor | None = None,
        scale: float = 1.0,
    ) -> Iterator[Tensor]:
        """One forward pass, block by block as the transformer asks for it: no more than one block's is held.

        Args:
            latents, timestep, caption, mask: as the transformer gets them.
            picture: (1 or B, in_channels, h, w), the encoded picture to follow.
            scale: the weight of all that is added.

        Yields:
            For the output of the transformer's second block, then of each one after it, what to add: (B, N, width).
        """
        x, grid = self.patch_embed(latents)
        x = x + self.input_block(self.patch_embed(picture)[0])
        time, _ = self.time_embed(timestep, None, x.dtype)
        context, bias = self.read(caption, mask)
        for block, out in zip(self.transformer_blocks, self.controlnet_blocks, strict=True):
            x = block(x, context, bias, time, grid)
            yield out(x) * scale
