"""LoRAs that stand in a prompt."""

from __future__ import annotations

import time

import pytest

from app.core.lora_tags import MOST, split_loras, with_loras
from app.core.request import LoraUse


@pytest.mark.parametrize(
    ("written", "prompt", "loras"),
    [
        ("a house <lora:sepia:0.8>", "a house", [("sepia", 0.8)]),
        ("a house, <lora:sepia:0.8>, at night", "a house, at night", [("sepia", 0.8)]),
        ("<lora:sepia:-1> a house <LORA:ink>", "a house", [("sepia", -1), ("ink", 1)]),
        ("a house <lora:sepia:0.2:0.7>", "a house", [("sepia", 0.7)]),
        ("a house <lora:old photo:unet=0.5:te=1>", "a house", [("old photo", 0.5)]),
        ("a house <lora:sepia:much>", "a house <lora:sepia:much>", []),
        ("a house <lora:sepia:nan>", "a house <lora:sepia:nan>", []),
        ("a <house>, <lora:>", "a <house>, <lora:>", []),
        ("  a house,", "  a house,", []),
    ],
)
def test_split(written: str, prompt: str, loras: list[tuple[str, float]]) -> None:
    words, found = split_loras(written)
    assert words == prompt
    assert [(lora.name, lora.weight) for lora in found] == loras
    assert all(not lora.path for lora in found)


def test_there_and_back() -> None:
    lora = LoraUse("/home/me/private/ink <1>.safetensors", 0.35, "ink <1>.safetensors")
    text = with_loras("a house", [lora])
    assert text == "a house <lora:ink _1_:0.35>"
    words, found = split_loras(text)
    assert (words, found[0].name, found[0].weight) == ("a house", "ink _1_", 0.35)


def test_a_prompt_of_unknown_origin_takes_no_time() -> None:
    began = time.monotonic()
    assert len(split_loras("<lora:a:1>" * 20_000)[1]) == MOST
    split_loras("<lora:" * 200_000)
    split_loras("," + " \t" * 20_000)
    assert time.monotonic() - began < 5
