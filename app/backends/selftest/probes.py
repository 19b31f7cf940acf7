"""Which modules of a checkpoint the self-test looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.library.models.checkpoint.checkpoint import Checkpoint
from app.sana_mlx.config import AutoencoderConfig

KINDS = {
    "self_attn": "Gemma: attention",
    "mlp": "Gemma: feed-forward",
    "layers": "Gemma: whole layer",
    "norm": "Gemma: last norm",
    "patch_embed": "patch embedding",
    "time_embed": "timestep embedding",
    "caption_projection": "caption projection",
    "caption_norm": "caption norm",
    "attn1": "linear attention",
    "attn2": "cross-attention",
    "ff": "Mix-FFN",
    "transformer_blocks": "whole block",
    "norm_out": "last norm",
    "proj_out": "last projection",
    "velocity": "velocity",
    "conv_in": "DC-AE: first convolution",
    "ResBlock": "DC-AE: ResBlock",
    "attn": "DC-AE: attention",
    "conv_out": "DC-AE: EfficientViT feed-forward",
    "down": "DC-AE: down",
    "up": "DC-AE: up",
    "vae.norm_out": "DC-AE: last norm",
    "vae.conv_out": "DC-AE: last convolution",
    "latents": "encoded picture",
}
"""The kinds of layers in forward order, with the words of the table."""

VELOCITY = "velocity"
LATENTS = "latents"
"""What the whole networks give, beside the modules by name."""


def probes(checkpoint: Checkpoint) -> dict[str, str]:
    """The probed modules in forward order, as name to kind.

    Names are the checkpoint's, with the component before them: "transformer.transformer_blocks.3.attn2".
    """
    found: dict[str, str] = {}
    for name in _text_encoder(checkpoint.text_encoder):
        found[f"text_encoder.{name}"] = _last_word(name)
    for name in _transformer(checkpoint.transformer):
        found[f"transformer.{name}"] = _last_word(name)
    found[VELOCITY] = VELOCITY
    config = AutoencoderConfig.from_dict(checkpoint.vae)
    found |= {f"vae.encoder.{name}": kind for name, kind in _encoder(config)}
    found[LATENTS] = LATENTS
    found |= {f"vae.decoder.{name}": kind for name, kind in _decoder(config)}
    return found


def _text_encoder(config: Mapping[str, Any]) -> Iterator[str]:
    for i in range(config["num_hidden_layers"]):
        yield from (f"layers.{i}.self_attn", f"layers.{i}.mlp", f"layers.{i}")
    yield "norm"


def _transformer(config: Mapping[str, Any]) -> Iterator[str]:
    yield from ("patch_embed", "time_embed", "caption_projection", "caption_norm")
    for i in range(config["num_layers"]):
        block = f"transformer_blocks.{i}"
        yield from (f"{block}.attn1", f"{block}.attn2", f"{block}.ff", block)
    yield from ("norm_out", "proj_out")


def _encoder(config: AutoencoderConfig) -> Iterator[tuple[str, str]]:
    """As `sana_mlx.autoencoder.Encoder` lays out its stages: blocks, then the way down."""
    layers = config.encoder_layers_per_block
    yield "conv_in", "conv_in" if layers[0] else "down"
    for i, (count, kind) in enumerate(zip(layers, _kinds(config.encoder_block_types, layers), strict=True)):
        for j in range(count):
            yield from _block(f"down_blocks.{i}.{j}", kind)
        if count and i < len(layers) - 1:
            yield f"down_blocks.{i}.{count}", "down"
    yield "conv_out", "vae.conv_out"


def _decoder(config: AutoencoderConfig) -> Iterator[tuple[str, str]]:
    """The way up, then blocks; the last stage, at the lowest resolution, is the first to run."""
    layers = config.decoder_layers_per_block
    yield "conv_in", "conv_in"
    for i, (count, kind) in reversed(
        list(enumerate(zip(layers, _kinds(config.decoder_block_types, layers), strict=True)))
    ):
        up = int(count > 0 and i < len(layers) - 1)
        if up:
            yield f"up_blocks.{i}.0", "up"
        for j in range(up, up + count):
            yield from _block(f"up_blocks.{i}.{j}", kind)
    yield from (("norm_out", "vae.norm_out"), ("conv_out", "vae.conv_out"))


def _block(name: str, kind: str) -> Iterator[tuple[str, str]]:
    if kind == "ResBlock":
        yield name, kind
    else:
        yield from ((f"{name}.attn", "attn"), (f"{name}.conv_out", "conv_out"))


def _kinds(value: str | tuple[str, ...], layers: tuple[int, ...]) -> tuple[str, ...]:
    return (value,) * len(layers) if isinstance(value, str) else value


def _last_word(name: str) -> str:
    return next(word for word in reversed(name.split(".")) if not word.isdecimal())
