"""The config.json of Wan 2.1's autoencoder as a dataclass. Imports nothing of MLX."""

from __future__ import annotations

from dataclasses import dataclass

from ...config import Config

# fmt: off
LATENTS_MEAN = (
    -0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508,
    0.4134, -0.0715, 0.5517, -0.3632, -0.1922, -0.9497, 0.2503, -0.2921,
)
LATENTS_STD = (
    2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743,
    3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.9160,
)
# fmt: on


@dataclass(frozen=True)
class WanConfig(Config):
    """vae/config.json of an `AutoencoderKLWan`. Fields that it leaves out have diffusers' defaults.

    Raises:
        ValueError: it asks for what Wan 2.1 has not: patches and the residual blocks are Wan 2.2's.
    """

    base_dim: int = 96
    decoder_base_dim: int | None = None
    z_dim: int = 16
    dim_mult: tuple[int, ...] = (1, 2, 4, 4)
    num_res_blocks: int = 2
    attn_scales: tuple[float, ...] = ()
    temperal_downsample: tuple[bool, ...] = (False, True, True)
    latents_mean: tuple[float, ...] = LATENTS_MEAN
    latents_std: tuple[float, ...] = LATENTS_STD
    is_residual: bool = False
    in_channels: int = 3
    out_channels: int = 3
    patch_size: int | None = None

    def __post_init__(self) -> None:
        if self.is_residual or self.patch_size not in (None, 1):
            raise ValueError("the autoencoder is Wan 2.2's, not Wan 2.1's")
        if self.attn_scales:
            raise ValueError(f"unknown attn_scales {self.attn_scales}: attention is in the middle only")
        if len(self.temperal_downsample) != len(self.dim_mult) - 1:
            raise ValueError(f"temperal_downsample needs {len(self.dim_mult) - 1} values for {self.dim_mult}")
        for name in ("latents_mean", "latents_std"):
            if len(getattr(self, name)) != self.z_dim:
                raise ValueError(f"{name} has {len(getattr(self, name))} values, not {self.z_dim}")

    @property
    def encoder_dims(self) -> tuple[int, ...]:
        """Channels of the encoder's stages, from the full resolution down."""
        return tuple(self.base_dim * factor for factor in self.dim_mult)

    @property
    def decoder_dims(self) -> tuple[int, ...]:
        """Channels of the decoder's stages, from the lowest resolution up."""
        base = self.base_dim if self.decoder_base_dim is None else self.decoder_base_dim
        return tuple(base * factor for factor in reversed(self.dim_mult))

    @property
    def factor(self) -> int:
        """Pixels per latent along a side."""
        return 1 << len(self.temperal_downsample)

    @property
    def temporal_factor(self) -> int:
        """Frames per latent frame: k + 1 latent frames are `temporal_factor` * k + 1 frames."""
        return 1 << sum(self.temperal_downsample)
