"""The peak memory of a picture with PyTorch, before it is made. Arithmetic on the files' headers; imports no torch.

Weights are counted exactly. What is needed besides was measured on a processor (`tests/benchmarks/torch_memory.py`) and
is written here as copies of each layer's own arrays. A picture has three phases: the text encoder; the transformer,
beside the decoder; and the decoder, beside the transformer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from app.backends.local.torch.autoencoder import ITEM as VAE_ITEM
from app.backends.local.torch.autoencoder import tile_side
from app.diffusion.tiling import ConvRun, Tile, decoder_tail, encoder_head
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.sana_mlx.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from app.sana_mlx.memory import PROMPT_TOKENS

PROGRAM = 260_000_000
"""Python, numpy and torch by themselves, resident; with the little that all models load."""
KEPT = 128_000_000
"""Of what is freed, the processor's allocator keeps as much as is in use, up to so many bytes: in small pieces."""


def together(checkpoint: Checkpoint, precision: str, memory: int) -> bool:
    """Whether all parts stay loaded. Gemma is the largest part of a real checkpoint: where it takes more than an eighth
    of the memory, it leaves before the transformer comes, and has the memory to itself when it reads again."""
    return checkpoint.weights["text_encoder"].parameters * item_of(precision) <= memory / 8


def item_of(precision: str) -> int:
    """Bytes of a number of the transformer and the text encoder."""
    return 4 if precision == "float32" else 2


def phases(
    checkpoint: Checkpoint, width: int, height: int, precision: str, memory: int, *, encodes: bool = False,
    controlnet: ControlNet | None = None, batched: bool = True,
) -> dict[str, int]:  # fmt: skip
    """The bytes at the peak of each phase, by `Estimate.memory_for`, without the program itself.

    Args:
        width, height: of the picture, in pixels; sides that the model cannot make are computed a little larger.
        precision: "float32" or "bfloat16".
        memory: all the bytes of the device: they decide on the tiles, and on what stays loaded.
        encodes: there is a picture to start from.
        controlnet: the ControlNet beside the transformer, if there is one.
        batched: both passes of a step with guidance go through the transformer as one batch.
    """
    step = checkpoint.token_pixels
    width, height = -(-width // step) * step, -(-height // step) * step
    item, weights = item_of(precision), checkpoint.weights
    gemma = weights["text_encoder"].parameters * item
    trunk = weights["transformer"].parameters * item
    if controlnet is not None:
        trunk += controlnet.weights.parameters * item
    decoder = _half(checkpoint, "decoder")
    encoder = _half(checkpoint, "encoder") if encodes else 0
    kept = gemma if together(checkpoint, precision, memory) else 0
    network, vae = TransformerConfig.from_dict(checkpoint.transformer), AutoencoderConfig.from_dict(checkpoint.vae)
    tokens = width * height // step**2
    passes = 2 if batched and not checkpoint.guidance_embeds else 1
    reading = _reading(TextEncoderConfig.from_dict(checkpoint.text_encoder), checkpoint.token_limit, item)
    tile = tile_side(vae, height, width, memory)
    coding = _decoding(vae, width, height, tile)
    if encodes:
        coding = max(coding, _encoding(vae, width, height, tile))
    beside = trunk + decoder + encoder
    return {
        "text encoder": gemma + reading + (beside if kept else 0),
        "transformer": kept + beside + _resident(passes * tokens * _token_bytes(network, item)),
        "decoder": kept + beside + _resident(coding),
    }


def _half(checkpoint: Checkpoint, half: str) -> int:
    """Bytes of the autoencoder's "encoder" or "decoder"."""
    tensors = checkpoint.weights["vae"].tensors.items()
    return VAE_ITEM * sum(math.prod(tensor.shape) for name, tensor in tensors if name.startswith(f"{half}."))


def _resident(work: float) -> int:
    return int(work + min(work, KEPT))


def _reading(config: TextEncoderConfig, limit: int, item: int) -> int:
    """Of the longest prompt: the feed-forward's three arrays, the trunk's, and the scores of all heads."""
    tokens = min(PROMPT_TOKENS, limit)
    feed_forward = tokens * (3 * config.intermediate_size + 4 * config.hidden_size)
    return _resident((feed_forward + 5 * config.num_attention_heads * tokens**2) * item)


def _token_bytes(config: TransformerConfig, item: int) -> int:
    """Of each token: two arrays of the feed-forward's doubled width and three of the trunk's; or what the linear
    attention needs, which computes in float32: the trunk and ten of its width, of which half are in `item` bytes."""
    hidden = int(config.mlp_ratio * config.width)
    return max(item * (4 * hidden + 3 * config.width), config.width * (8 * item + 6 * 4))


def _decoding(config: AutoencoderConfig, width: int, height: int, tile: int) -> int:
    """The picture itself and the larger of the stages with attention, which are computed whole, and of a tile."""
    run = decoder_tail(asdict(config))
    held, whole = _stages(run, width, height, config.decoder_block_out_channels, config.decoder_qkv_multiscales)
    pieces = run.tiles(height // run.up, width // run.up, tile)
    return 3 * width * height + VAE_ITEM * max(whole, held + max(_tail(config, each) for each in pieces))


def _encoding(config: AutoencoderConfig, width: int, height: int, tile: int) -> int:
    """As `_decoding`; the picture is there in float32, and the tiles' results before they are put together."""
    run = encoder_head(asdict(config))
    held, whole = _stages(run, width, height, config.encoder_block_out_channels, config.encoder_qkv_multiscales)
    pieces = run.tiles(height, width, tile)
    return VAE_ITEM * (3 * width * height + max(whole, held + max(_head(config, each) for each in pieces)))


def _stages(
    run: ConvRun, width: int, height: int, channels: Sequence[int], scales: Sequence[Sequence[int]]
) -> tuple[int, int]:
    """The numbers between the stages with attention and the `run` in tiles, and what the former need: a feed-forward of
    four times the width, doubled, in three arrays, where more scales make another arrangement of them a fourth. Nothing
    where there are no such stages.
    """
    area = width * height // (run.up * run.down) ** 2
    held = area * channels[min(len(run.stages), len(channels) - 1)]
    return held, held * (33 if any(scales) else 25) if len(run.stages) < len(channels) else 0


def _tail(config: AutoencoderConfig, tile: Tile) -> int:
    return max(_tail_blocks(config, _pixels(tile)))


def _pixels(tile: Tile) -> int:
    rows, columns = tile.source
    return (rows.stop - rows.start) * (columns.stop - columns.start)


def _tail_blocks(config: AutoencoderConfig, pixels: int) -> Iterator[int]:
    """Numbers that each block of the decoder's tail needs for a tile of so many pixels of the run's input."""
    channels, layers = config.decoder_block_out_channels, config.decoder_layers_per_block
    for stage in decoder_tail(asdict(config)).stages:
        if layers[stage] == 0:
            continue
        if stage < len(channels) - 1:
            before, pixels = pixels * channels[stage + 1], 4 * pixels
            yield before + 5 * pixels * channels[stage]
        yield 4 * pixels * channels[stage]
    yield 4 * pixels * channels[0 if layers[0] > 0 else 1]


def _head(config: AutoencoderConfig, tile: Tile) -> int:
    """Of the encoder's head: its first stage, whose arrays are the largest."""
    channels, layers = config.encoder_block_out_channels, config.encoder_layers_per_block
    pixels = _pixels(tile)
    return 5 * (pixels * channels[0] if layers[0] > 0 else pixels // 4 * channels[1])
