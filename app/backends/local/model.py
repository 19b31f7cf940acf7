"""What a local backend needs of a checkpoint that it has in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from app.diffusion.model import Array, LatentModel
from app.library.models.checkpoint.controlnet import ControlNet

if TYPE_CHECKING:
    from app.library.models.loras.changes import LowRank


class LocalModel(LatentModel, Protocol):
    """A checkpoint as a back end has it in memory."""

    device: str
    """"cpu", "mps", "cuda" or "metal"."""
    precision: str
    """What it computes in, never "auto"."""

    def load(self) -> None:
        """Load what every picture needs, after the prompts were encoded."""
        ...

    def set_clip(self, clip_attention: bool) -> None:
        """Clip the linear attention to float16's range from now on, or do not: see `Checkpoint.clip`."""
        ...

    def set_controlnet(self, controlnet: ControlNet | None) -> None:
        """Load this ControlNet, for `velocity` with a `Control`, and keep it; None gives its memory back.

        Raises:
            UserError: its weights and its config.json do not fit each other.
        """
        ...

    def set_changes(self, changes: Mapping[str, LowRank]) -> None:
        """Add these changes to the transformer's layers from now on, instead of those of before.

        The weights stay as they are: without changes the numbers are those of the checkpoint, to the last bit.
        """
        ...

    def release_text_encoder(self) -> None:
        """All prompts of the job are encoded: give back the text encoder's memory where it is short."""
        ...

    def peak_memory(self) -> int:
        """The most bytes that were in use: since the model was made, or by the whole process since that began."""
        ...

    def trace(self, names: Iterable[str], take: Callable[[str, Array], None]) -> AbstractContextManager[None]:
        """Within the context, `take(name, values)` gets what each named module gives, float32 and channels last.

        Names are the checkpoint's with the component before them, "vae.decoder.conv_in". Of a tuple it is the first
        item.
        """
        ...

    def close(self) -> None:
        """Give back all memory."""
        ...
