"""MLX with our own port of SANA: on Apple's GPU, or on the processor elsewhere.

MLX takes a moment to import and belongs to one thread, so nothing of it is imported before a model is loaded.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from app.backends.base import Suits
from app.backends.local.misfits import SENSELESS, is_out_of_memory, misfits, no_encoder, other_family, senseless
from app.backends.local.mlx_device import BY_QUALITY, OnMLX, device_of
from app.backends.local.words import FREE
from app.core.errors import NotFiniteError, UserError
from app.core.events import CancelCheck, stop_if
from app.core.message import message
from app.core.request import AUTO
from app.diffusion.model import Array, Control, OnTile, Pixels
from app.library import paths
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.sana_mlx.blas import load_openblas
from app.sana_mlx.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig
from app.sana_mlx.memory import PROCESS, Peak, estimate_peak, largest_tile

if TYPE_CHECKING:
    from app.diffusion.families.sana import SanaConditioning
    from app.library.models.loras.changes import LowRank
    from app.sana_mlx.parts import Precision

Result = TypeVar("Result")


class MLXBackend(OnMLX):
    id = "mlx"
    name = "MLX"
    packages = ("mlx", "mlx_lm")
    packing = ("4bit", "8bit")
    reads_packed = True
    suits = Suits(message("Sana on a Mac with Apple silicon: fast, private and without a connection."), FREE)

    def batches_pictures(self, device: str) -> bool:
        return True

    def import_libraries(self) -> None:
        load_openblas()
        import app.sana_mlx.pipeline
        import app.sana_mlx.text_encoder  # noqa: F401

    def open_model(self, checkpoint: Checkpoint, precision: str) -> MLXModel:
        return MLXModel(checkpoint, precision, self.budget())

    def pack(self, checkpoint: Checkpoint, precision: str, folder: Path, cancel: CancelCheck) -> None:
        """As `Packs` says."""
        if checkpoint.family not in self.families:
            raise other_family(checkpoint, self.name)
        from app.library.models.hub.hub_cache import share
        from app.library.models.weights.packed import PACKED
        from app.library.models.weights.weights import stem_of

        model = MLXModel(checkpoint, precision, self.budget())
        for part in checkpoint.weights:
            stop_if(cancel)
            variant = "bf16" if part == "vae" else PACKED[precision]
            target = folder / part / f"{stem_of(part)}.{variant}.safetensors"
            share(model.convert(part), target)

    def precision_for(self, checkpoint: Checkpoint, device: str) -> str:
        return checkpoint.packed or best_precision(checkpoint, device, self.budget())

    def memory_parts(
        self, checkpoint: Checkpoint, width: int, height: int, precision: str, *, encodes: bool = False,
        controlnet: ControlNet | None = None, frames: int = 1,
    ) -> dict[str, int]:  # fmt: skip
        """Of the phase that needs most: they come one after another."""
        if checkpoint.makes_clips:
            return super().memory_parts(checkpoint, width, height, precision, frames=frames)
        peak = planned(checkpoint, width, height, precision, self.budget(), encodes=encodes, controlnet=controlnet)
        phases = {"text encoder": peak.text_encoder, "transformer": peak.transformer}
        phases["decoder"] = max(peak.encoder, peak.decoder)
        largest = max(phases, key=lambda name: phases[name])
        return {largest: phases[largest], "program": peak.total - phases[largest]}


class MLXModel:
    """A checkpoint in MLX. Each part is loaded when it is first needed.

    Args:
        checkpoint: the checkpoint.
        precision: "float32", "bfloat16", "8bit", "4bit", or "auto" for the best that fits the memory.
        memory: the bytes that it may take.
    """

    def __init__(self, checkpoint: Checkpoint, precision: str, memory: int) -> None:
        load_openblas()
        import mlx.core as mx

        from app.diffusion.families.sana import read_tokenizer
        from app.sana_mlx.pipeline import SanaMLX

        self._mx = mx
        self._checkpoint = checkpoint
        self._memory = memory
        self._together = _together(checkpoint, memory)
        self.device = device_of(mx)
        self.precision = best_precision(checkpoint, self.device, memory) if precision == AUTO else precision
        self.latent_channels = checkpoint.latent_channels
        self.spatial_factor = checkpoint.spatial_factor
        self.guidance_embeds = checkpoint.guidance_embeds
        self._tokenizer = read_tokenizer(checkpoint.folder)
        self._controlnet: ControlNet | None = None
        with _mended(checkpoint.name):
            self._sana = SanaMLX(
                checkpoint.folder,
                precision=cast("Precision", self.precision),
                clip=bool(checkpoint.clip),
                cache=paths.cache() / "mlx",
                configs={part: getattr(checkpoint, part) for part in checkpoint.weights},
                tensors={part: weights.tensors for part, weights in checkpoint.weights.items()},
                packed=[part for part, weights in checkpoint.weights.items() if weights.packed],
            )
        mx.reset_peak_memory()

    def convert(self, part: str) -> Path:
        """As `SanaMLX.convert` says."""
        return self._mended(lambda: self._sana.convert(part), part)

    def load(self) -> None:
        self._mended(self._sana.load_transformer, "transformer")

    def set_clip(self, clip_attention: bool) -> None:
        """As `LocalModel.set_clip` says."""
        self._sana.set_clip(clip_attention)

    def set_controlnet(self, controlnet: ControlNet | None) -> None:
        """As `LocalModel.set_controlnet` says."""
        if controlnet == self._controlnet:
            return
        self._controlnet = None
        self._sana.drop_controlnet()
        if controlnet is not None:
            with _mended(controlnet.name), misfits(controlnet.weights.files):
                self._sana.set_controlnet(controlnet.config, controlnet.weights.tensors)
                self._sana.load_controlnet()
            self._controlnet = controlnet

    def set_changes(self, changes: Mapping[str, LowRank]) -> None:
        """As `LocalModel.set_changes` says."""
        self._sana.set_changes(changes)

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> SanaConditioning:
        from app.diffusion.families.sana import conditioning, tokenize

        tokens = tokenize(self._tokenizer, prompt, self._checkpoint.token_limit, negative=negative)
        if not self._together and not self._sana.has_text_encoder:
            self._sana.free()
        self._mended(self._sana.load_text_encoder, "text_encoder")
        embeddings, _ = self._sana.encode_prompt(tokens.ids, tokens.mask, tokens.keep)
        return conditioning(embeddings, tokens, self.precision)

    def release_text_encoder(self) -> None:
        if not self._together:
            self._sana.drop_text_encoder()

    def shift(self, width: int, height: int, steps: int) -> float:
        """As the checkpoint says, alike for all sizes."""
        return self._checkpoint.flow_shift

    def velocity(
        self, latents: Array, timestep: float, conditionings: Sequence[SanaConditioning], guidance: float | None = None,
        control: Control | None = None,
    ) -> Array:  # fmt: skip
        import numpy as np

        self.load()
        followed = (control.latents, control.scale) if control is not None else ()
        # One pass after the other needs half the memory, and is as fast on Apple's GPU.
        return np.concatenate(
            [
                self._sana.velocity(latents, timestep, each.embeddings, None, guidance, *followed)
                for each in conditionings
            ]
        )

    def decode(self, latents: Array, on_tile: OnTile | None = None) -> Pixels:
        self._mended(self._sana.load_decoder, "vae")
        self._choose_tile(latents.shape[3] * self.spatial_factor, latents.shape[2] * self.spatial_factor)
        try:
            import numpy as np

            return np.asarray(self._sana.decode(latents, on_tile))
        except FloatingPointError as error:
            raise NotFiniteError(message("the decoded picture"), self.precision) from error

    def encode_image(self, pixels: Pixels) -> Array:
        if not self._checkpoint.has_encoder:
            raise no_encoder(self._checkpoint)
        self._mended(self._sana.load_encoder, "vae")
        self._choose_tile(pixels.shape[2], pixels.shape[1], encodes=True)
        latents = self._sana.encode_image(pixels)
        if not self._together:
            self._sana.drop_encoder()
        return latents

    def peak_memory(self) -> int:
        """Bytes that MLX had in use at most, and the process itself; on a Mac the GPU has no memory of its own."""
        return PROCESS + int(self._mx.get_peak_memory())

    @contextlib.contextmanager
    def trace(self, names: Iterable[str], take: Callable[[str, Array], None]) -> Iterator[None]:
        """As `LocalModel.trace` says."""
        from app.sana_mlx.tracing import traced

        with contextlib.ExitStack() as stack:
            for name in names:
                stack.enter_context(traced(self._module(name), functools.partial(take, name)))
            yield

    def close(self) -> None:
        self._sana.free()

    def _module(self, name: str) -> Any:
        """A module by its name in the checkpoint, with the component before it."""
        from app.sana_mlx.tracing import find_module

        networks: dict[str, Callable[[], Any]] = {
            "text_encoder.": lambda: self._sana.load_text_encoder().model,
            "transformer.": self._sana.load_transformer,
            "vae.encoder.": self._sana.load_encoder,
            "vae.decoder.": self._sana.load_decoder,
        }
        prefix = next(prefix for prefix in networks if name.startswith(prefix))
        return find_module(self._mended(networks[prefix], prefix.partition(".")[0]), name.removeprefix(prefix))

    def _choose_tile(self, width: int, height: int, *, encodes: bool = False) -> None:
        """Whole pictures where they fit: tiles change no pixel but compute their seams twice."""
        self._sana.tile = _tile(
            self._checkpoint, width, height, self.precision, self._memory, encodes=encodes, controlnet=self._controlnet
        )

    def _mended(self, load: Callable[[], Result], part: str) -> Result:
        with _mended(self._checkpoint.name), misfits(self._checkpoint.weight_files(part)):
            return load()


def best_precision(checkpoint: Checkpoint, device: str, memory: int) -> str:
    """What "auto" means: the first precision in which a picture of the model's own size fits into `memory` bytes."""
    order, side = ("float32", *BY_QUALITY) if device == "cpu" else BY_QUALITY, checkpoint.base_size
    fitting = (name for name in order if planned_peak(checkpoint, side, side, name, memory) <= memory)
    return next(fitting, order[-1])


def planned_peak(
    checkpoint: Checkpoint, width: int, height: int, precision: str, memory: int, *, encodes: bool = False
) -> int:
    """The peak memory in bytes of a picture, as `planned` says."""
    return planned(checkpoint, width, height, precision, memory, encodes=encodes).total


def planned(
    checkpoint: Checkpoint, width: int, height: int, precision: str, memory: int, *, encodes: bool = False,
    controlnet: ControlNet | None = None,
) -> Peak:  # fmt: skip
    """The peaks of a picture's phases, with `memory` bytes to use: what decides on the tiles and what stays.

    Raises:
        UserError: the checkpoint is of a kind that the port does not know.
    """
    tile = _tile(checkpoint, width, height, precision, memory, encodes=encodes, controlnet=controlnet)
    more = _more(checkpoint, memory, controlnet, encodes=encodes)
    with _mended(checkpoint.name):
        peak = estimate_peak(*_parts(checkpoint), width, height, precision, tile, **more)
        if peak.total > sys.maxsize:  # nobody could compute with that, either
            raise OverflowError
    return peak


def _tile(
    checkpoint: Checkpoint, width: int, height: int, precision: str, memory: int, *, encodes: bool,
    controlnet: ControlNet | None,
) -> int | None:  # fmt: skip
    more = _more(checkpoint, memory, controlnet, encodes=encodes)
    with _mended(checkpoint.name):
        return largest_tile(memory, *_parts(checkpoint), width, height, precision, **more)


def _more(checkpoint: Checkpoint, memory: int, controlnet: ControlNet | None, *, encodes: bool) -> dict[str, Any]:
    """What else than the parts and the picture decides on the peak."""
    control = TransformerConfig.from_dict(controlnet.config) if controlnet is not None else None
    return {"encodes": encodes, "together": _together(checkpoint, memory), "controlnet": control}


def _together(checkpoint: Checkpoint, memory: int) -> bool:
    """Whether all parts stay loaded. Gemma is the largest part of a real checkpoint: where it takes more than an eighth
    of the memory it has it to itself, and leaves before the transformer comes."""
    return sum(path.stat().st_size for path in checkpoint.weight_files("text_encoder")) <= memory / 8


def _parts(checkpoint: Checkpoint) -> tuple[TransformerConfig, AutoencoderConfig, TextEncoderConfig]:
    return (
        TransformerConfig.from_dict(checkpoint.transformer),
        AutoencoderConfig.from_dict(checkpoint.vae),
        TextEncoderConfig.from_dict(checkpoint.text_encoder),
    )


@contextlib.contextmanager
def _mended(name: str) -> Iterator[None]:
    """What the port says of a model that does not fit, or trips over in it, as a message for the user."""
    try:
        yield
    except (FileNotFoundError, ValueError) as error:
        raise UserError(
            message(
                "“{name}” cannot be used: MLX does not support what its files ask for ({detail}).",
                name=name,
                detail=str(error),
            ),
            message("Choose another model."),
        ) from error
    except SENSELESS as error:
        if is_out_of_memory(error):
            raise
        raise senseless(name) from error
