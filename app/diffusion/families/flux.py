"""FLUX and Z-Image, for every backend alike: how many tokens of a prompt their text encoders read."""

from __future__ import annotations

import numpy as np
from tokenizers import Tokenizer

from app.core.families.flux import FAMILIES
from app.diffusion.families.sana import PromptTokens


def count(tokenizer: Tokenizer, prompt: str, family: str) -> PromptTokens:
    """A prompt's tokens, without the template that the family puts around it.

    Args:
        tokenizer: of the text encoder that reads most of it.
        family: as the catalog calls it.
    """
    # Half of a surrogate pair is no character: the tokenizer would refuse it.
    prompt = prompt.encode("utf-8", "replace").decode().strip()
    tokenizer.no_padding()
    tokenizer.no_truncation()
    room = FAMILIES[family].prompt_tokens - FAMILIES[family].template_tokens
    found = tokenizer.encode(prompt, add_special_tokens=False)
    ids = np.array(found.ids[:room], np.int64)
    kept = max((stop for _, stop in found.offsets[:room]), default=0)
    cut = prompt[kept:].strip() if len(found.ids) > room else ""
    return PromptTokens(ids, np.ones_like(ids), np.arange(len(ids)), len(ids), room, cut)
