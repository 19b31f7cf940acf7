"""The starter model's tokenizer: a small BPE laid out like Gemma's, in which any text of any language encodes.

Merges are learnt from the captions' vocabulary, word by word, so that a word of a caption is one token and "红色" never
melts into the noun after it. Characters outside the vocabulary become their UTF-8 bytes; no text needs <unk>.
"""

from __future__ import annotations

import json
import string
from collections.abc import Iterable

from captions import lexicon
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

MAX_TOKENS = 64
SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>")  # ids 0..3, in Gemma's order
PUNCTUATION = ",.!?;:'\"()-，。！？、；："


def _pipeline(tokenizer: Tokenizer) -> None:
    """Spaces become ▁ in front of the word; the first word gets one too, so that it is the same token anywhere."""
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(prepend_scheme="first", split=True),
            pre_tokenizers.Punctuation("isolated"),
        ]
    )
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )


def learn_merges(more: Iterable[str] = ()) -> tuple[list[str], list[tuple[str, str]]]:
    """The characters and merges of a BPE over the captions' vocabulary, until every word in it is one token."""
    learner = Tokenizer(models.BPE())
    words = [f"▁{word}" if word.isascii() else word for word in (*lexicon(), *more)]
    alphabet = ["▁", *PUNCTUATION, *string.ascii_lowercase, *string.digits]
    trainer = trainers.BpeTrainer(vocab_size=4000, min_frequency=1, show_progress=False, initial_alphabet=alphabet)
    learner.train_from_iterator(words, trainer)
    model = json.loads(learner.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    return tokens, [tuple(merge) for merge in model["merges"]]


def build_tokenizer(more: Iterable[str] = ()) -> PreTrainedTokenizerFast:
    """<bos> + caption, padded on the right, at most `MAX_TOKENS` long.

    Args:
        more: words that captions can contain beyond those of the picture model's.
    """
    tokens, merges = learn_merges(more)
    byte_tokens = [f"<0x{value:02X}>" for value in range(256)]
    vocabulary = {token: index for index, token in enumerate(dict.fromkeys([*SPECIAL, *byte_tokens, *tokens]))}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    _pipeline(tokenizer)
    tokenizer.post_processor = TemplateProcessing(
        single="<bos> $A", pair="<bos> $A <bos> $B", special_tokens=[("<bos>", vocabulary["<bos>"])]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<eos>",
        bos_token="<bos>",
        unk_token="<unk>",
        padding_side="right",
        model_max_length=MAX_TOKENS,
    )
