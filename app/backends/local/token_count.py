"""How many of a model's tokens a prompt takes, and what of it does not fit, before anything is generated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from app.core.families import flux
from app.library.models.checkpoint.checkpoint import Checkpoint

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from app.diffusion.families.sana import PromptTokens


@runtime_checkable
class CountsTokens(Protocol):
    """A backend that knows how its models read a prompt."""

    def count_tokens(self, model: str, prompt: str) -> PromptTokens:
        """The prompt's tokens. It reads the model's tokenizer, which may take a second: not in the window's thread.

        Raises:
            UserError: the model is unknown or damaged.
        """
        ...


class TokenCounter:
    """Keeps the tokenizer that was used last: a real one has a quarter of a million words."""

    def __init__(self) -> None:
        self._kept: tuple[Path, Tokenizer] | None = None

    def count(self, checkpoint: Checkpoint, prompt: str) -> PromptTokens:
        from tokenizers import Tokenizer

        from app.diffusion.families import sana_video
        from app.diffusion.families.flux import count
        from app.diffusion.families.sana import tokenize

        folder = "tokenizer_2" if "text_encoder_2" in checkpoint.weights else "tokenizer"
        path = checkpoint.folder / folder / "tokenizer.json"
        if self._kept is None or self._kept[0] != path:
            self._kept = path, Tokenizer.from_file(str(path))
        if checkpoint.family in flux.FAMILIES:
            return count(self._kept[1], prompt, checkpoint.family)
        if checkpoint.makes_clips:
            return sana_video.tokenize(self._kept[1], prompt, checkpoint.token_limit)
        return tokenize(self._kept[1], prompt, checkpoint.token_limit)
