"""What a checkpoint in MLX is for the sampler, whether it makes pictures or clips."""

from __future__ import annotations

import abc
import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from app.backends.local.misfits import SENSELESS, is_out_of_memory, misfits, senseless
from app.backends.local.mlx_device import device_of
from app.core.errors import UserError
from app.core.message import message
from app.diffusion.model import Array
from app.library import paths
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.sana_mlx.blas import load_openblas
from app.sana_mlx.memory import PROCESS

if TYPE_CHECKING:
    from app.diffusion.families.sana import PromptTokens, SanaConditioning
    from app.library.models.loras.changes import LowRank
    from app.sana_mlx.parts import Parts, Precision

Result = TypeVar("Result")


class MLXParts(abc.ABC):
    """A checkpoint in MLX. Each part is loaded when it is first needed.

    Args:
        checkpoint: the checkpoint.
        precision: "float32", "bfloat16", "8bit" or "4bit".
        memory: the bytes that it may take.
    """

    _parts: Parts

    def __init__(self, checkpoint: Checkpoint, precision: str, memory: int) -> None:
        load_openblas()
        import mlx.core as mx

        from app.diffusion.families.sana import read_tokenizer

        self._mx = mx
        self._checkpoint = checkpoint
        self._memory = memory
        self._together = together(checkpoint, memory)
        self.device = device_of(mx)
        self.precision = precision
        self.latent_channels = checkpoint.latent_channels
        self.spatial_factor = checkpoint.spatial_factor
        self.guidance_embeds = checkpoint.guidance_embeds
        self._tokenizer = read_tokenizer(checkpoint.folder)
        with mended(checkpoint.name):
            self._parts = self._open(
                precision=cast("Precision", precision),
                cache=paths.cache() / "mlx",
                configs={part: getattr(checkpoint, part) for part in checkpoint.weights},
                tensors={part: weights.tensors for part, weights in checkpoint.weights.items()},
                packed=[part for part, weights in checkpoint.weights.items() if weights.packed],
            )
        mx.reset_peak_memory()

    @abc.abstractmethod
    def _open(self, **options: Any) -> Parts:
        """The checkpoint's parts, none of which is loaded yet."""

    @abc.abstractmethod
    def _tokens(self, prompt: str, *, negative: bool) -> PromptTokens:
        """What the text encoder reads of a prompt."""

    def convert(self, part: str) -> Path:
        """As `Parts.convert` says."""
        return self._mended(lambda: self._parts.convert(part), part)

    def load(self) -> None:
        self._mended(self._parts.load_transformer, "transformer")

    def set_changes(self, changes: Mapping[str, LowRank]) -> None:
        """As `LocalModel.set_changes` says."""
        self._parts.set_changes(changes)

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> SanaConditioning:
        from app.diffusion.families.sana import conditioning

        tokens = self._tokens(prompt, negative=negative)
        if not self._together and not self._parts.has_text_encoder:
            self._parts.free()
        self._mended(self._parts.load_text_encoder, "text_encoder")
        embeddings, _ = self._parts.encode_prompt(tokens.ids, tokens.mask, tokens.keep)
        return conditioning(embeddings, tokens, self.precision)

    def release_text_encoder(self) -> None:
        if not self._together:
            self._parts.drop_text_encoder()

    def shift(self, width: int, height: int, steps: int) -> float:
        """As the checkpoint says, alike for all sizes."""
        return self._checkpoint.flow_shift

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
        self._parts.free()

    def _module(self, name: str) -> Any:
        """A module by its name in the checkpoint, with the component before it."""
        from app.sana_mlx.tracing import find_module

        networks = self._networks()
        prefix = next(prefix for prefix in networks if name.startswith(prefix))
        return find_module(self._mended(networks[prefix], prefix.partition(".")[0]), name.removeprefix(prefix))

    def _networks(self) -> dict[str, Callable[[], Any]]:
        """How the names of modules begin, and what loads the network that has them."""
        return {
            "text_encoder.": lambda: self._parts.load_text_encoder().model,
            "transformer.": self._parts.load_transformer,
            "vae.encoder.": self._parts.load_encoder,
            "vae.decoder.": self._parts.load_decoder,
        }

    def _mended(self, load: Callable[[], Result], part: str) -> Result:
        with mended(self._checkpoint.name), misfits(self._checkpoint.weight_files(part)):
            return load()


def together(checkpoint: Checkpoint, memory: int) -> bool:
    """Whether all parts stay loaded. Gemma is the largest part of a real checkpoint: where it takes more than an eighth
    of the memory it has it to itself, and leaves before the transformer comes."""
    return sum(path.stat().st_size for path in checkpoint.weight_files("text_encoder")) <= memory / 8


@contextlib.contextmanager
def mended(name: str) -> Iterator[None]:
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
