"""PyTorch, with the networks of diffusers and transformers: on Apple's GPU (mps), NVIDIA's (cuda) or the processor.

torch takes seconds to import, so nothing of it is imported before a model is loaded.

How each part is computed, and why, stands in `_dtypes`, `_clip`, `_contiguous` and `TorchModel.batched_guidance`.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib.metadata
import importlib.util
import os
import platform
import resource
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from app.backends.base import Status
from app.backends.local.backend import SENSELESS, LocalBackend, is_out_of_memory, lacks
from app.core.errors import NotFiniteError, UserError
from app.core.memory import DECODE_TILE
from app.diffusion.model import Array, Conditioning, OnTile, Pixels
from app.diffusion.prompt import read_tokenizer, tokenize
from app.diffusion.tiling import decoder_tail, encoder_head
from app.library import machine
from app.library.models.checkpoint import Checkpoint
from app.library.models.weights import DOWNLOAD_AGAIN

PACKAGES = ("torch", "diffusers", "transformers")
FLOAT16_MAX = 65504.0
DECODED = "the decoded picture"
SAFE_ON_A_MAC = (2, 14)
"""The first torch whose bfloat16 works on all of macOS: 2.13 aborts in its linear layers on macOS 27."""

_DECODE_COPIES = 18  # of the first stage's channels for each pixel; from the 9.2 GiB published for 1024 x 1024


class TorchBackend(LocalBackend):
    """Paints with PyTorch."""

    id = "torch"
    name = "PyTorch"
    precisions = ("float32", "bfloat16")

    def check(self) -> Status:
        if lacking := lacks(PACKAGES):
            return lacking
        device = _likely_device()
        words = {"mps": "on this Mac's GPU", "cuda": "on the NVIDIA GPU", "cpu": "on the processor, which is slow"}
        return self.ready(f"It works {words[device]}.", device)

    def open_model(self, checkpoint: Checkpoint, precision: str) -> TorchModel:
        return TorchModel(checkpoint, precision)


class TorchModel:
    """A checkpoint in PyTorch. It is loaded part by part, when each is first needed.

    Args:
        checkpoint: the checkpoint.
        precision: "float32", "bfloat16", or "auto" for what suits the device.
        device: "mps", "cuda" or "cpu"; the best there is when left out.
    """

    def __init__(self, checkpoint: Checkpoint, precision: str = "auto", device: str = "") -> None:
        torch = _import_torch()
        self._checkpoint = checkpoint
        self.device = device or _device(torch)
        self.precision = _best_precision(torch, self.device) if precision == "auto" else precision
        # By default cuDNN rounds the inputs of float32 convolutions to 10 bits.
        torch.backends.cudnn.allow_tf32 = self.precision != "float32"
        self._transformer_type, self._text_type, self._vae_type = _dtypes(torch, self.precision)
        self.latent_channels = checkpoint.latent_channels
        self.spatial_factor = checkpoint.spatial_factor
        self.guidance_embeds = checkpoint.guidance_embeds
        # On mps results for batches larger than 1 were reported wrong; elsewhere one large batch is faster.
        self.batched_guidance = self.device != "mps"
        self.tile: int | None = None
        """Side in pixels of the decoder's tiles; None to decide by this machine's memory. It does not change pixels."""
        self._tokenizer = read_tokenizer(checkpoint.folder)
        self._text_encoder: Any = None
        self._transformer: Any = None
        self._vae: Any = None
        self._peak = 0
        if self.device == "cuda":
            torch.cuda.reset_peak_memory_stats()

    def load(self) -> None:
        """Load what every picture needs; the text encoder follows with the first new prompt."""
        if self._transformer is None:
            from diffusers import SanaTransformer2DModel

            self._transformer = self._read("transformer", SanaTransformer2DModel, self._transformer_type)
            if self._checkpoint.clip:
                _clip(self._transformer)
            if self.device == "cpu":
                _pointwise_as_linear(self._transformer)
        if self._vae is None:
            from diffusers import AutoencoderDC

            self._vae = self._read("vae", AutoencoderDC, self._vae_type)
        self._note_memory()

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> Conditioning:
        import torch

        tokens = tokenize(self._tokenizer, prompt, self._checkpoint.token_limit, negative=negative)
        # Under Gemma's causal mask no token sees what follows it, so the padding on the right need not be computed.
        used = max(1, int(tokens.mask.sum()))
        keep = tokens.keep[tokens.keep < used]
        with torch.inference_mode():
            ids = torch.from_numpy(tokens.ids[:used]).to(self.device)[None]
            states = self._load_text_encoder()(ids, attention_mask=torch.ones_like(ids)).last_hidden_state
            embeddings = states[:, torch.from_numpy(keep).to(self.device)].float().cpu().numpy()
        self._note_memory()
        return Conditioning(embeddings, tokens.mask[keep][None].astype(np.float32), tokens.tokens, tokens.cut)

    def release_text_encoder(self) -> None:
        """Give back the text encoder's memory where it is short: if it takes more than an eighth of all there is."""
        if self._text_encoder is None:
            return
        size = sum(parameter.nbytes for parameter in self._text_encoder.parameters())
        if size > self._memory() / 8:
            self._text_encoder = None
            self._empty_cache()

    def velocity(
        self, latents: Array, timestep: float, conditioning: Conditioning, guidance: float | None = None
    ) -> Array:
        import torch

        self.load()
        config, kind = self._transformer.config, self._transformer_type
        # Sprint's schedule is already in the transformer's units.
        scale = 1.0 if self.guidance_embeds else config.timestep_scale
        with torch.inference_mode():
            embedded = None
            if guidance is not None:
                embedded = torch.full([len(latents)], guidance * config.guidance_embeds_scale, device=self.device)
            result = self._transformer(
                torch.from_numpy(latents).to(self.device, kind),
                encoder_hidden_states=torch.from_numpy(conditioning.embeddings).to(self.device, kind),
                encoder_attention_mask=torch.from_numpy(conditioning.mask).to(self.device),
                timestep=torch.full([len(latents)], timestep * scale, device=self.device),
                guidance=embedded,
                return_dict=False,
            )[0]
            # A transformer that also predicts a variance has twice the channels.
            velocity: Array = result[:, : self.latent_channels].float().cpu().numpy()
        self._note_memory()
        return velocity

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        import torch

        self.load()
        with torch.inference_mode():
            scaled = torch.from_numpy(latents).to(self.device) / self._vae.config.scaling_factor
            pictures = [self._decode(one[None].to(self._vae_type), on_tile) for one in scaled]
        self._note_memory()
        return np.stack(pictures)

    def encode_image(self, pixels: Pixels) -> Array:
        import torch

        self.load()
        with torch.inference_mode():
            pictures = torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)
            latents = [self._encode(one[None].to(self._vae_type)) for one in pictures]
            result: Array = (torch.cat(latents).float() * self._vae.config.scaling_factor).cpu().numpy()
        self._note_memory()
        return result

    def peak_memory(self) -> int:
        """Bytes: of the GPU on cuda and mps. On the processor of the process, since that began."""
        self._note_memory()
        return self._peak

    @contextlib.contextmanager
    def trace(self, names: Iterable[str], take: Callable[[str, Array], None]) -> Iterator[None]:
        """As `LocalModel.trace` says."""
        with contextlib.ExitStack() as stack:
            for name in names:
                stack.callback(self._module(name).register_forward_hook(_tracer(name, take)).remove)
            yield

    def close(self) -> None:
        """Give back all memory."""
        self._text_encoder = self._transformer = self._vae = None
        self._empty_cache()

    def _module(self, name: str) -> Any:
        """A module by its name in the checkpoint, with the component before it."""
        part, _, inner = name.partition(".")
        if part == "text_encoder":
            return self._load_text_encoder().get_submodule(inner)
        self.load()
        module = {"transformer": self._transformer, "vae": self._vae}[part].get_submodule(inner)
        # diffusers wraps the transformer's last norm together with its modulation.
        return module.norm if type(module).__name__ == "SanaModulatedNorm" else module

    def _read(self, part: str, architecture: Any, dtype: Any) -> Any:
        """One of diffusers' networks with exactly the weights of the checkpoint.

        Its own loader first fills the network with random numbers when the package accelerate is missing, which takes
        twice the memory and, for a large model, longer than reading the file.
        """
        import torch

        config = dict(getattr(self._checkpoint, part))
        try:
            with _quiet(), torch.device("meta"):
                network = architecture.from_config(config)
        except SENSELESS as error:
            raise _unfit(self._checkpoint.folder / part) from error
        try:
            network.load_state_dict(self._weights(part, self.device, dtype), strict=True, assign=True)
        except RuntimeError as error:
            raise _unfit(self._checkpoint.folder / part) from error
        _fill_buffers(network, architecture, config, self.device, dtype)
        if self.device == "mps":
            _contiguous(network)
        return network.eval().requires_grad_(False)

    def _weights(self, part: str, device: str, dtype: Any) -> dict[str, Any]:
        """The tensors of exactly the checkpoint's weight files."""
        from safetensors import safe_open

        weights = {}
        for path in self._checkpoint.weight_files(part):
            with safe_open(path, "pt") as file:
                weights.update({name: file.get_tensor(name).to(device, dtype) for name in file.keys()})  # noqa: SIM118
        return weights

    def _load_text_encoder(self) -> Any:
        """Gemma, given its weights: left to find them, transformers takes what config.json names, even a pickle."""
        if self._text_encoder is None:
            from huggingface_hub.errors import StrictDataclassError
            from transformers import Gemma2Config, Gemma2Model
            from transformers.utils import logging

            logging.disable_progress_bar()
            folder = self._checkpoint.folder / "text_encoder"
            try:
                encoder, problems = Gemma2Model.from_pretrained(
                    None,
                    config=Gemma2Config.from_dict(dict(self._checkpoint.text_encoder)),
                    state_dict=self._weights("text_encoder", "cpu", self._text_type),
                    dtype=self._text_type,
                    attn_implementation="eager",  # the only one that caps the scores as Gemma does
                    output_loading_info=True,
                )
            except (*SENSELESS, StrictDataclassError) as error:
                if is_out_of_memory(error):
                    raise
                raise _unfit(folder) from error
            if problems["missing_keys"]:
                raise _unfit(folder)
            self._text_encoder = encoder.eval().requires_grad_(False).to(self.device)
        return self._text_encoder

    def _decode(self, latents: Any, on_tile: OnTile | None) -> Pixels:
        """(1, C, h, w) to (H, W, 3): the stages with attention whole, the rest in tiles, which changes no pixel."""
        decoder, run = self._vae.decoder, decoder_tail(self._vae.config)
        hidden = decoder.conv_in(latents)
        if decoder.in_shortcut:
            hidden = hidden + latents.repeat_interleave(decoder.in_shortcut_repeats, dim=1)
        for index in reversed(range(len(decoder.up_blocks))):
            if index not in run.stages:
                hidden = decoder.up_blocks[index](hidden)
        self._require_finite(hidden, DECODED)

        height, width = hidden.shape[2:]
        picture = np.empty((*run.output_size(height, width), 3), np.uint8)
        tiles = run.tiles(height, width, self._tile_side(latents))
        for done, (source, crop, target) in enumerate(tiles, start=1):
            piece = hidden[:, :, *source]
            for index in run.stages:
                piece = decoder.up_blocks[index](piece)
            # Checked before the activation: on mps ReLU turned NaN into 0, and the picture into flat grey.
            self._require_finite(piece, DECODED)
            piece = decoder.conv_act(decoder.norm_out(piece.movedim(1, -1)).movedim(-1, 1))
            piece = decoder.conv_out(piece)[0, :, *crop].float()
            self._require_finite(piece, DECODED)
            piece = ((piece / 2 + 0.5).clamp(0, 1) * 255).round().byte()
            picture[target] = piece.permute(1, 2, 0).cpu().numpy()
            if on_tile is not None:
                on_tile(done, len(tiles))
        return picture

    def _encode(self, pixels: Any) -> Any:
        """(1, 3, H, W) to (1, C, h, w): the stages before the first attention in tiles, the rest whole."""
        import torch

        encoder, run = self._vae.encoder, encoder_head(self._vae.config)
        height, width = pixels.shape[2:]
        rows: dict[int, list[Any]] = {}
        for source, crop, target in run.tiles(height, width, self._tile_side(pixels, pixels=True)):
            piece = encoder.conv_in(pixels[:, :, *source].to(self.device))
            for index in run.stages:
                piece = encoder.down_blocks[index](piece)
            rows.setdefault(target[0].start, []).append(piece[:, :, *crop].contiguous())
        hidden = torch.cat([torch.cat(row, dim=3) for row in rows.values()], dim=2)
        for index, block in enumerate(encoder.down_blocks):
            if index not in run.stages:
                hidden = block(hidden)
        latents = encoder.conv_out(hidden)
        if encoder.out_shortcut:
            latents = latents + hidden.unflatten(1, (-1, encoder.out_shortcut_average_group_size)).mean(dim=2)
        self._require_finite(latents, "the encoded start picture")
        return latents

    def _tile_side(self, tensor: Any, *, pixels: bool = False) -> int:
        """All in one tile where that takes less than an eighth of the memory."""
        if self.tile is not None:
            return self.tile
        height, width = (side * (1 if pixels else self.spatial_factor) for side in tensor.shape[2:])
        channels = max(self._vae.config.decoder_block_out_channels[0], self._vae.config.encoder_block_out_channels[0])
        whole = height * width * channels * _DECODE_COPIES * tensor.element_size()
        return max(height, width) if whole <= self._memory() / 8 else DECODE_TILE

    @staticmethod
    def _require_finite(tensor: Any, place: str) -> None:
        if not tensor.sum().isfinite():  # one number to fetch from the GPU; NaN and infinity survive a sum
            raise NotFiniteError(place)

    def _memory(self) -> int:
        """All the bytes that the device has."""
        import torch

        if self.device == "cuda":
            return int(torch.cuda.get_device_properties(0).total_memory)
        return machine.total_memory()

    def _note_memory(self) -> None:
        import torch

        if self.device == "cuda":
            now = torch.cuda.max_memory_allocated()
        elif self.device == "mps":
            now = torch.mps.driver_allocated_memory()
        else:
            now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        self._peak = max(self._peak, now)

    def _empty_cache(self) -> None:
        import torch

        gc.collect()
        if self.device == "cuda":
            torch.cuda.empty_cache()
        elif self.device == "mps":
            torch.mps.empty_cache()


def _import_torch() -> Any:
    if sys.platform == "darwin":
        # Operators that Apple's GPU lacks run on the processor. torch reads this when it is imported.
        os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")
    with _own_symbols():
        import torch

    return torch


@contextlib.contextmanager
def _own_symbols() -> Iterator[None]:
    """Libraries loaded meanwhile keep to their own matrix product.

    The OpenBLAS that MLX needs on Linux is loaded for all to see. torch, imported after it, would use that instead of
    its own MKL: seen to make it four times slower.
    """
    if sys.platform != "linux" or "mlx.core" not in sys.modules:
        yield
        return
    flags = sys.getdlopenflags()
    sys.setdlopenflags(flags | os.RTLD_DEEPBIND)
    try:
        yield
    finally:
        sys.setdlopenflags(flags)


def _likely_device() -> str:
    """The device that torch will find, judged without importing it."""
    if sys.platform == "darwin":
        return "mps" if platform.machine() == "arm64" else "cpu"
    build = importlib.metadata.version("torch")
    return "cuda" if "cpu" not in build and Path("/proc/driver/nvidia/version").exists() else "cpu"


def _device(torch: Any) -> str:
    if torch.backends.mps.is_available():
        return "mps"
    return "cuda" if torch.cuda.is_available() else "cpu"


def _best_precision(torch: Any, device: str) -> str:
    """bfloat16 where the GPU computes with it; the processor is faster, and exact, in float32."""
    if device == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    if device == "mps":
        version = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
        return "bfloat16" if version >= SAFE_ON_A_MAC else "float32"
    return "float32"


def _dtypes(torch: Any, precision: str) -> tuple[Any, Any, Any]:
    """The types of transformer, text encoder and autoencoder.

    Never float16: Gemma and the autoencoder overflow in it, and give NaN or a grey picture. The autoencoder stays in
    float32: it runs once for each picture and decides its fine detail.
    """
    kind = {"float32": torch.float32, "bfloat16": torch.bfloat16}[precision]
    return kind, kind, torch.float32


def _clip(transformer: Any) -> None:
    """Clip the linear attention's output to float16's range, whatever the type.

    Checkpoints that were trained in float16 learned with that limit and paint wrong pictures without it. diffusers
    clips only while it computes in float16.
    """
    import torch

    def hook(module: Any, inputs: Any, output: Any) -> Any:
        # clamp alone would hide a NaN on mps.
        return torch.where(output.isnan(), output, output.clamp(-FLOAT16_MAX, FLOAT16_MAX))

    for block in transformer.transformer_blocks:
        block.attn1.register_forward_hook(hook)


def _tracer(name: str, take: Callable[[str, Array], None]) -> Callable[[Any, Any, Any], None]:
    """A forward hook that gives a module's output away, channels last."""

    def hook(module: Any, inputs: Any, output: Any) -> None:
        tensor = output[0] if isinstance(output, tuple) else output
        # Pictures are channels first, except within the autoencoder's norms.
        if tensor.ndim == 4 and type(module).__name__ != "RMSNorm":
            tensor = tensor.movedim(1, -1)
        take(name, tensor.float().cpu().numpy())

    return hook


def _pointwise_as_linear(network: Any) -> None:
    """Compute 1x1 convolutions as the matrix products that they are.

    They are half of a SANA transformer, and torch's convolution of few tokens on a processor was seen to make the whole
    pass up to a tenth slower.
    """
    import torch

    def forward(module: Any, pixels: Any) -> Any:
        weight = module.weight.flatten(1)
        return torch.nn.functional.linear(pixels.movedim(1, -1), weight, module.bias).movedim(-1, 1)

    for module in network.modules():
        if not isinstance(module, torch.nn.Conv2d):
            continue
        if module.kernel_size == module.stride == (1, 1) and module.padding == (0, 0) and module.groups == 1:
            module.forward = functools.partial(forward, module)


def _contiguous(network: Any) -> None:
    """Give convolutions, activations and attention contiguous tensors.

    On mps SiLU and convolutions of chunked or permuted tensors, and attention with heads of 64 channels or more on
    permuted ones, were reported to give wrong numbers. The numbers stay the same elsewhere.
    """
    import torch

    def straighten(module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(item.contiguous() if isinstance(item, torch.Tensor) else item for item in inputs)

    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d | torch.nn.Linear | torch.nn.SiLU | torch.nn.ReLU):
            module.register_forward_pre_hook(straighten)
    for block in getattr(network, "transformer_blocks", ()):
        block.attn2.set_processor(_ContiguousAttention())


class _ContiguousAttention:
    """SANA's cross-attention on contiguous queries, keys and values; stands in for `SanaAttnProcessor2_0`."""

    def __call__(
        self, attn: Any, hidden_states: Any, encoder_hidden_states: Any = None, attention_mask: Any = None
    ) -> Any:
        import torch

        def heads(states: Any, norm: Any) -> Any:
            states = states if norm is None else norm(states)
            return states.unflatten(2, (attn.heads, -1)).transpose(1, 2).contiguous()

        query = heads(attn.to_q(hidden_states), attn.norm_q)
        key = heads(attn.to_k(encoder_hidden_states), attn.norm_k)
        value = heads(attn.to_v(encoder_hidden_states), None)
        # (batch, 1, tokens) becomes (batch, 1, 1, tokens): alike for all heads and queries.
        mask = None if attention_mask is None else attention_mask[:, None].to(query.dtype)
        result = torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return attn.to_out[0](result.transpose(1, 2).flatten(2).contiguous()) / attn.rescale_output_factor


def _fill_buffers(network: Any, architecture: Any, config: Mapping[str, Any], device: str, dtype: Any) -> None:
    """What is computed rather than stored, the table of positions: taken from the same network without its layers."""
    if not any(buffer.is_meta for buffer in network.buffers()):
        return
    with _quiet():
        small = architecture.from_config({**config, "num_layers": 0})
    for name, buffer in small.named_buffers():
        module, _, key = name.rpartition(".")
        setattr(network.get_submodule(module), key, buffer.to(device, dtype))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without diffusers' warnings about keys of a config that it does not know; the strict load tells what matters."""
    from diffusers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)


def _unfit(folder: Path) -> UserError:
    return UserError(f"The weights in {folder} do not fit its config.json.", DOWNLOAD_AGAIN)
