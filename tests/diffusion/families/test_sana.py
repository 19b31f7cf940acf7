"""Token ids as diffusers makes them, with a small tokenizer of Gemma's build."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, processors, trainers

from app.core.errors import UserError
from app.diffusion.families.sana import INSTRUCTION, read_tokenizer, tokenize

WORDS = [
    "a red house by the lake at night, with a small boat and a tall lighthouse",
    "two cats sleeping on a warm windowsill; three birds above the snowy mountains",
    INSTRUCTION,
]
LARGE = 8192


@pytest.fixture(scope="module")
def tokenizer_file(tmp_path_factory):
    """A byte-fallback BPE that, like the saved one of the checkpoints, pads on the left."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Replace("▁", " ")
    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(WORDS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos> $A", pair="<bos> $A <bos> $B", special_tokens=[("<bos>", 2)]
    )
    tokenizer.enable_padding(direction="left", pad_id=0, pad_token="<pad>", length=40)
    tokenizer.enable_truncation(20)
    file = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    tokenizer.save(str(file))
    return file


@pytest.fixture
def tokenizer(tokenizer_file):
    return Tokenizer.from_file(str(tokenizer_file))


def reference(file, prompt, *, instruction, length):
    """ids, mask and the kept positions of diffusers' own pipeline."""
    import torch
    from diffusers import SanaPipeline
    from transformers import PreTrainedTokenizerFast

    seen: dict[str, Any] = {}

    def text_encoder(ids, attention_mask):
        seen.update(ids=ids[0].numpy(), mask=attention_mask[0].numpy())
        # each token's state is its position
        return (torch.arange(ids.shape[1], dtype=torch.float32)[None, :, None],)

    setattr(text_encoder, "dtype", torch.float32)  # noqa: B010
    fast = PreTrainedTokenizerFast(
        tokenizer_file=str(file), padding_side="left", pad_token="<pad>", bos_token="<bos>", eos_token="<eos>"
    )
    pipeline = SimpleNamespace(
        tokenizer=fast, text_encoder=text_encoder, _execution_device="cpu", transformer=None, lora_scale=None
    )
    for name in ("_get_gemma_prompt_embeds", "_text_preprocessing"):
        setattr(pipeline, name, getattr(SanaPipeline, name).__get__(pipeline))
    kept, *_ = SanaPipeline.encode_prompt(
        pipeline,
        prompt,
        do_classifier_free_guidance=False,
        max_sequence_length=length,
        complex_human_instruction=INSTRUCTION.split("\n") if instruction else None,
    )
    return seen["ids"], seen["mask"], kept[0, :, 0].numpy().astype(int)


PROMPTS = {
    "words": "A red House",
    "nothing": "",
    "other letters": "  Über-große 猫 🐈 on a lake \n",
    "over 300 tokens": "a cat, " * 300,
    "special tokens": "<bos>a red <BOS> house<eos> by <pad><pad> the <unk> lake <start_of_turn> <bos",
    "special tokens at the cut": "a<eos>" * 298 + "<bos>" * 40,
}


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
@pytest.mark.parametrize(
    ("limit", "negative", "length"),
    [(LARGE, False, 300), (LARGE, True, 300), (64, False, 64), (64, True, 64), (301, False, 300)],
)
def test_the_same_ids_as_diffusers(tokenizer, tokenizer_file, prompt, limit, negative, length):
    tokens = tokenize(tokenizer, prompt, limit, negative=negative)
    ids, mask, keep = reference(tokenizer_file, prompt, instruction=limit == LARGE and not negative, length=length)
    np.testing.assert_array_equal(tokens.ids, ids)
    np.testing.assert_array_equal(tokens.mask, mask)
    np.testing.assert_array_equal(tokens.keep, keep)


def test_what_did_not_fit_is_told(tokenizer):
    prompt = "red boat " * 200
    for limit in (LARGE, 64):
        tokens = tokenize(tokenizer, prompt, limit)
        assert tokens.cut
        assert prompt.strip().endswith(tokens.cut)
        whole = len(tokenizer.encode(prompt.strip()).ids) - 1
        rest = len(tokenizer.encode(tokens.cut).ids) - 1
        assert abs(tokens.tokens + rest - whole) <= 2
        assert tokens.tokens == tokens.room == (298 if limit == LARGE else 63)
    short = tokenize(tokenizer, "Red boat", 64)
    assert short.cut == ""
    assert short.tokens == len(tokenizer.encode("red boat").ids) - 1


@pytest.mark.parametrize("text", ["", "garbage", "{}", "[]"])
def test_a_damaged_tokenizer_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "tokenizer").mkdir()
    (tmp_path / "tokenizer" / "tokenizer.json").write_text(text)
    with pytest.raises(UserError, match=r"tokenizer\.json is damaged"):
        read_tokenizer(tmp_path)


def test_half_a_surrogate_pair_is_no_bug(tokenizer_file) -> None:
    assert tokenize(Tokenizer.from_file(str(tokenizer_file)), "a cat \ud83c", 64).tokens > 0
