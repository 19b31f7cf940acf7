"""mflux's own `generate_image` on a small checkpoint, from the noise that a seed gives here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from app.core.families.flux import KLEIN, Z_IMAGE
from app.diffusion.model import Pixels
from app.diffusion.noise import Noise

os.environ["TQDM_DISABLE"] = "1"
QWEN = (
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim",
    "intermediate_size",
)  # fmt: skip


def generate(folder: Path, family: str, precision: str, **options: Any) -> Pixels:
    """The picture (H, W, 3) of a prompt.

    Args:
        family: as the catalog calls it.
        precision: what it computes in: "float32", "bfloat16", "8bit" or "4bit".
        options: those of `generate_image`.
    """
    import mlx.core as mx

    noise = Noise(options["seed"])

    def normal(shape: Any, key: Any = None) -> mx.array:
        return mx.array(noise.draw(tuple(shape)))

    with _computing_in("float32" if precision == "float32" else "bfloat16"):
        model = _MAKE[family](folder, {"8bit": 8, "4bit": 4}.get(precision))
        with patch.object(mx.random, "normal", normal):
            return np.asarray(model.generate_image(**options).image)


def save(folder: Path, family: str, target: Path, bits: int | None) -> Path:
    """The checkpoint as mflux packs it, from half precision; returns `target`."""
    with _computing_in("bfloat16"):
        _MAKE[family](folder, bits).save_model(str(target))
    return target


@contextmanager
def _computing_in(kind: str) -> Iterator[None]:
    """mflux computes in one type for the whole process, which a model of ours may have chosen before."""
    import mlx.core as mx
    from mflux.models.common.config import ModelConfig

    with patch.object(ModelConfig, "precision", getattr(mx, kind)):
        yield


def _klein(folder: Path, bits: int | None) -> Any:
    """mflux has one width of autoencoder: the small one is put in its place."""
    from mflux.models.flux2 import flux2_initializer
    from mflux.models.flux2.model.flux2_vae.decoder.decoder import Flux2Decoder
    from mflux.models.flux2.model.flux2_vae.encoder.encoder import Flux2Encoder
    from mflux.models.flux2.model.flux2_vae.vae import Flux2VAE
    from mflux.models.flux2.variants import Flux2Klein

    widths = tuple(_config(folder, "vae")["block_out_channels"])

    def small() -> Flux2VAE:
        vae = Flux2VAE(widths)
        vae.encoder, vae.decoder = Flux2Encoder(block_out_channels=widths), Flux2Decoder(block_out_channels=widths)
        return vae

    transformer, encoder = _config(folder, "transformer"), _config(folder, "text_encoder")
    names = ("num_layers", "num_single_layers", "attention_head_dim", "num_attention_heads", "joint_attention_dim",
             "axes_dims_rope")  # fmt: skip
    config = _model_config(
        transformer_overrides={name: transformer[name] for name in names},
        text_encoder_overrides=_qwen(encoder),
    )
    with patch.object(flux2_initializer, "Flux2VAE", small):
        return Flux2Klein(model_path=str(folder), model_config=config, quantize=bits)


def _z_image(folder: Path, bits: int | None) -> Any:
    """mflux has one width of each network: the small ones are put in their place."""
    from mflux.models.z_image import z_image_initializer
    from mflux.models.z_image.model.z_image_text_encoder.text_encoder import TextEncoder
    from mflux.models.z_image.model.z_image_transformer.transformer import ZImageTransformer
    from mflux.models.z_image.variants.z_image import ZImage

    transformer, encoder = _config(folder, "transformer"), _config(folder, "text_encoder")
    names = ("dim", "n_layers", "n_refiner_layers", "n_heads", "cap_feat_dim", "axes_dims", "axes_lens")
    small: dict[str, Any] = {
        "VAE": lambda: _small_autoencoder(folder),
        "ZImageTransformer": partial(ZImageTransformer, **{name: transformer[name] for name in names}),
        "TextEncoder": partial(TextEncoder, **_qwen(encoder)),
    }
    with patch.multiple(z_image_initializer, **small):
        return ZImage(model_path=str(folder), quantize=bits)


def _small_autoencoder(folder: Path) -> Any:
    from app.backends.local.flux.autoencoder import NETWORK

    widths = _config(folder, "vae")["block_out_channels"]
    shapes = {"encoder.conv_out.conv2d.bias": (32,)}
    for number, (down, up) in enumerate(zip(widths, reversed(widths), strict=True)):
        shapes[f"encoder.down_blocks.{number}.resnets.0.conv1.weight"] = (down,)
        shapes[f"encoder.down_blocks.{number}.resnets.1.conv1.weight"] = (down,)
        shapes[f"decoder.up_blocks.{number}.resnets.0.conv1.weight"] = (up,)
    return NETWORK.build({}, shapes)


_MAKE = {KLEIN: _klein, Z_IMAGE: _z_image}


def _model_config(**options: Any) -> Any:
    from mflux.models.common.config import ModelConfig

    return ModelConfig(
        priority=1, aliases=[], model_name="", base_model=None, controlnet_model=None, custom_transformer_model=None,
        num_train_steps=1000, max_sequence_length=512, supports_guidance=True, requires_sigma_shift=True, **options,
    )  # fmt: skip


def _qwen(config: dict[str, Any]) -> dict[str, Any]:
    return {name: config[name] for name in QWEN} | {"rope_theta": config["rope_parameters"]["rope_theta"]}


def _config(folder: Path, part: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((folder / part / "config.json").read_text())
    return values
