"""The list of words beside a model."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from app.library.models.vocabulary import NAME, read_vocabulary


def test_most_models_have_none(tmp_path: Path) -> None:
    assert read_vocabulary(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"words": 3, "subjects_by_language": {}}', '{"words": []}'])
def test_a_list_that_makes_no_sense_counts_as_none(tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / NAME).write_text(text)
    with caplog.at_level(logging.WARNING):
        assert read_vocabulary(tmp_path) is None
    assert NAME in caplog.text
