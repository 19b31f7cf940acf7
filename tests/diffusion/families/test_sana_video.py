"""SANA-Video's prompts: its own instruction, and how much moves."""

from __future__ import annotations

import inspect

import pytest

from app.diffusion.families import sana, sana_video
from tests.backends.random_checkpoint import _tokenizer as tokenizer

ROOM = 4096


def test_the_instruction_is_that_of_diffusers() -> None:
    diffusers = pytest.importorskip("diffusers")
    parameters = inspect.signature(diffusers.SanaVideoPipeline.__call__).parameters
    assert "\n".join(parameters["complex_human_instruction"].default) == sana_video.INSTRUCTION


def test_a_prompt_says_how_much_moves_unless_it_does_already() -> None:
    assert sana_video.with_motion("a boat") == "a boat motion score: 30."
    assert sana_video.with_motion("a boat Motion score: 5.") == "a boat Motion score: 5."


def test_what_is_read_is_the_instruction_the_prompt_and_the_motion() -> None:
    words = tokenizer().backend_tokenizer
    found = sana_video.tokenize(words, "A boat", ROOM)
    wanted = sana.tokenize(words, "a boat motion score: 30.", ROOM, instruction=sana_video.INSTRUCTION)
    assert found.ids.tolist() == wanted.ids.tolist()
    assert found.ids.tolist() != sana.tokenize(words, "a boat motion score: 30.", ROOM).ids.tolist()


def test_a_negative_prompt_and_a_small_model_read_the_prompt_alone() -> None:
    words = tokenizer().backend_tokenizer
    for found, limit in (
        (sana_video.tokenize(words, "a boat", ROOM, negative=True), ROOM),
        (sana_video.tokenize(words, "a boat", 64), 64),
    ):
        alone = sana.tokenize(words, "a boat", limit, negative=True)
        assert found.ids[found.mask == 1].tolist() == alone.ids[alone.mask == 1].tolist()
