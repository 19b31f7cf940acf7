"""SANA, for every backend alike: from a prompt to the token ids that its text encoder reads, and what comes of them.

SANA precedes a prompt with a "complex human instruction" (https://arxiv.org/abs/2410.10629, Section 2.3), then keeps
the first token and the last 299. Follows `diffusers.SanaPipeline.encode_prompt`; the tokenizer is one of the
`tokenizers` library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from app.core.errors import NotFiniteError, UserError
from app.core.families.sana import MAX_PROMPT_TOKENS
from app.core.message import message
from app.diffusion.model import Array, Conditioning
from app.library.models.weights.header import DOWNLOAD_AGAIN

# The words the checkpoints were trained with: a changed letter changes the pictures. From diffusers (Apache-2.0).
INSTRUCTION = "\n".join(
    [
        "Given a user prompt, generate an 'Enhanced prompt' that provides detailed visual descriptions suitable for "
        "image generation. Evaluate the level of detail in the user prompt:",
        "- If the prompt is simple, focus on adding specifics about colors, shapes, sizes, textures, and spatial "
        "relationships to create vivid and concrete scenes.",
        "- If the prompt is already detailed, refine and enhance the existing details slightly without "
        "overcomplicating.",
        "Here are examples of how to transform or refine prompts:",
        "- User Prompt: A cat sleeping -> Enhanced: A small, fluffy white cat curled up in a round shape, sleeping "
        "peacefully on a warm sunny windowsill, surrounded by pots of blooming red flowers.",
        "- User Prompt: A busy city street -> Enhanced: A bustling city street scene at dusk, featuring glowing "
        "street lamps, a diverse crowd of people in colorful clothing, and a double-decker bus passing by towering "
        "glass skyscrapers.",
        "Please generate only the enhanced description for the prompt below and avoid including any additional "
        "commentary or evaluations:",
        "User Prompt: ",
    ]
)


@dataclass(frozen=True, slots=True)
class PromptTokens:
    """A prompt ready for the text encoder.

    Attributes:
        ids: (length,) int64, padded on the right.
        mask: (length,) int64, 1 for a token, 0 for padding.
        keep: (kept,) int64, the positions of the encoder's output that the transformer sees.
        tokens: how many tokens of the prompt itself count.
        room: how many could.
        cut: the end of the prompt that did not fit, empty where all of it did.
    """

    ids: npt.NDArray[np.int64]
    mask: npt.NDArray[np.int64]
    keep: npt.NDArray[np.int64]
    tokens: int
    room: int
    cut: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SanaConditioning(Conditioning):
    """What SANA's transformer sees of a prompt.

    Attributes:
        embeddings: (1, n, channels) float32, the text encoder's last hidden states, without padding.
    """

    embeddings: Array


def conditioning(embeddings: Array, prompt: PromptTokens, precision: str) -> SanaConditioning:
    """What the text encoder made of a prompt in a precision.

    Raises:
        NotFiniteError: there is NaN or infinity in it.
    """
    if not np.isfinite(embeddings).all():
        raise NotFiniteError(message("the prompt embedding"), precision)
    return SanaConditioning(embeddings=embeddings, tokens=prompt.tokens, cut=prompt.cut)


def batch(conditionings: Sequence[SanaConditioning]) -> tuple[Array, Array]:
    """One batch of several: embeddings (B, n, channels), the shorter ones padded, and (B, n) with 0 for the padding,
    which cross-attention weighs with zero.
    """
    lengths = [each.embeddings.shape[1] for each in conditionings]
    padded = [
        np.pad(each.embeddings, [(0, 0), (0, max(lengths) - length), (0, 0)])
        for each, length in zip(conditionings, lengths, strict=True)
    ]
    mask = np.arange(max(lengths)) < np.array(lengths)[:, None]
    return np.concatenate(padded), mask.astype(np.float32)


def read_tokenizer(checkpoint: Path) -> Tokenizer:
    """The tokenizer of a checkpoint's folder. Raises UserError where its file is damaged."""
    path = checkpoint / "tokenizer" / "tokenizer.json"
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing more precise
        raise UserError(message("{path} is damaged: it is no tokenizer.", path=path), DOWNLOAD_AGAIN) from error


def has_room(tokenizer: Tokenizer, limit: int, instruction: str = INSTRUCTION) -> bool:
    """Whether the instruction and a whole prompt fit into the checkpoint's `token_limit`."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return len(tokenizer.encode(instruction).ids) + MAX_PROMPT_TOKENS - 2 <= limit


def tokenize(
    tokenizer: Tokenizer, prompt: str, limit: int, *, negative: bool = False, instruction: str = INSTRUCTION
) -> PromptTokens:
    """Token ids of a prompt.

    Args:
        tokenizer: the checkpoint's tokenizer/tokenizer.json. Its padding and truncation settings are overridden.
        limit: the checkpoint's `token_limit`. A model too small for the instruction gets the prompt alone.
        negative: a negative prompt, which has no instruction.
        instruction: what precedes the prompt.
    """
    # Half of a surrogate pair is no character: the tokenizer would refuse it.
    prompt = prompt.encode("utf-8", "replace").decode().lower().strip()
    tokenizer.no_padding()
    tokenizer.no_truncation()
    longest = min(MAX_PROMPT_TOKENS, limit)
    prefix, first = "", len(tokenizer.encode("").ids)
    keep = np.arange(longest)
    if not negative and has_room(tokenizer, limit, instruction):
        first = len(tokenizer.encode(instruction).ids)
        prefix, longest = instruction, first + MAX_PROMPT_TOKENS - 2
        keep = np.concatenate([[0], np.arange(longest - MAX_PROMPT_TOKENS + 1, longest)])

    full = tokenizer.encode(prefix + prompt)
    ids, cut = full.ids, ""
    if len(ids) > longest:
        # The tokenizer truncates before it adds the special tokens, so let it do so itself.
        tokenizer.enable_truncation(longest)
        ids = tokenizer.encode(prefix + prompt).ids
        tokenizer.no_truncation()
        cut = prompt[_kept_characters(full.offsets, longest) - len(prefix) :].strip()
    padding = longest - len(ids)
    return PromptTokens(
        ids=np.array(ids + [_pad_id(tokenizer)] * padding, np.int64),
        mask=np.array([1] * len(ids) + [0] * padding, np.int64),
        keep=keep.astype(np.int64),
        tokens=max(0, len(ids) - first),
        room=max(0, longest - first),
        cut=cut,
    )


def _kept_characters(offsets: list[tuple[int, int]], kept: int) -> int:
    return max((stop for _, stop in offsets[:kept]), default=0)


def _pad_id(tokenizer: Tokenizer) -> int:
    # The mask hides padding, so any id would do; Gemma's own is 0.
    return tokenizer.token_to_id("<pad>") or 0
