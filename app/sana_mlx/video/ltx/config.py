"""The config.json of LTX-2's autoencoder as a dataclass. Imports nothing of MLX."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from ...config import Config

Stride = tuple[int, int, int]
"""Along time, rows and columns."""
STRIDES: dict[str, Stride] = {"spatial": (1, 2, 2), "temporal": (2, 1, 1), "spatiotemporal": (2, 2, 2)}
DOWN_BLOCK = "LTX2VideoDownBlock3D"
PADDINGS = ("zeros", "reflect")


@dataclass(frozen=True)
class LTXConfig(Config):
    """vae/config.json of an `AutoencoderKLLTX2Video`. Fields that it leaves out have diffusers' defaults.

    What the file calls `scaling_factor` is left out: SANA-Video's latents are normalized by mean and deviation alone.

    Raises:
        ValueError: it asks for what no published autoencoder has, and this port has not.
    """

    in_channels: int = 3
    out_channels: int = 3
    latent_channels: int = 128
    block_out_channels: tuple[int, ...] = (256, 512, 1024, 2048)
    down_block_types: tuple[str, ...] = (DOWN_BLOCK,) * 4
    decoder_block_out_channels: tuple[int, ...] = (256, 512, 1024)
    layers_per_block: tuple[int, ...] = (4, 6, 6, 2, 2)
    decoder_layers_per_block: tuple[int, ...] = (5, 5, 5, 5)
    spatio_temporal_scaling: bool | tuple[bool, ...] = (True, True, True, True)
    decoder_spatio_temporal_scaling: bool | tuple[bool, ...] = (True, True, True)
    decoder_inject_noise: bool | tuple[bool, ...] = False
    downsample_type: tuple[str, ...] = ("spatial", "temporal", "spatiotemporal", "spatiotemporal")
    upsample_type: tuple[str, ...] = ("spatiotemporal", "spatiotemporal", "spatiotemporal")
    upsample_residual: bool | tuple[bool, ...] = (True, True, True)
    upsample_factor: tuple[int, ...] = (2, 2, 2)
    timestep_conditioning: bool = False
    patch_size: int = 4
    patch_size_t: int = 1
    resnet_norm_eps: float = 1e-6
    encoder_causal: bool = True
    decoder_causal: bool = True
    encoder_spatial_padding_mode: str = "zeros"
    decoder_spatial_padding_mode: str = "reflect"

    def __post_init__(self) -> None:
        noise = self.decoder_inject_noise
        if self.timestep_conditioning or (any(noise) if isinstance(noise, tuple) else noise):
            raise ValueError("the autoencoder's decoder takes noise or a timestep")
        if self.patch_size_t != 1:
            raise ValueError(f"unknown patch_size_t {self.patch_size_t}")
        if unknown := {*self.down_block_types} - {DOWN_BLOCK}:
            raise ValueError(f"unknown down block type {min(unknown)!r}")
        if unknown := {*self.downsample_type, *self.upsample_type} - STRIDES.keys():
            raise ValueError(f"unknown change of resolution {min(unknown)!r}")
        if unknown := {self.encoder_spatial_padding_mode, self.decoder_spatial_padding_mode} - {*PADDINGS}:
            raise ValueError(f"unknown padding {min(unknown)!r}")

    @property
    def up_strides(self) -> tuple[Stride | None, ...]:
        """For each of the decoder's blocks, in the order in which they are computed, what it enlarges."""
        count = len(self.decoder_block_out_channels)
        scaling = each(self.decoder_spatio_temporal_scaling, count)[::-1]
        kinds = zip(self.upsample_type, scaling, strict=True)
        return tuple(STRIDES[kind] if scaled else None for kind, scaled in kinds)

    @property
    def up_residuals(self) -> tuple[bool, ...]:
        """For each of the decoder's blocks, in the order in which they are computed, whether it has a shortcut."""
        return each(self.upsample_residual, len(self.decoder_block_out_channels))[::-1]

    @property
    def down_strides(self) -> tuple[Stride | None, ...]:
        """For each of the encoder's blocks, what it reduces."""
        scaling = each(self.spatio_temporal_scaling, len(self.block_out_channels))
        kinds = zip(self.downsample_type, scaling, strict=True)
        return tuple(STRIDES[kind] if scaled else None for kind, scaled in kinds)

    @property
    def factor(self) -> int:
        """Pixels per latent along a side."""
        return self.patch_size * prod(stride[1] for stride in self.up_strides if stride)

    @property
    def temporal_factor(self) -> int:
        """Frames per latent frame: k + 1 latent frames are `temporal_factor` * k + 1 frames."""
        return prod(stride[0] for stride in self.up_strides if stride)


def each(value: bool | tuple[bool, ...], count: int) -> tuple[bool, ...]:
    """A setting for each of `count` blocks, where a config may say one for all."""
    return (value,) * count if isinstance(value, bool) else value
