"""Amounts of memory in messages."""

from __future__ import annotations

import pytest

from app.core.message import gigabytes


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "under 0.1 GB"),
        (40e6, "under 0.1 GB"),
        (466e6, "0.5 GB"),
        (2e9, "2 GB"),
        (8.54e9, "8.5 GB"),
        (12.44e9, "12.4 GB"),
        (128e9, "128 GB"),
    ],
)
def test_an_amount_of_memory_is_never_nought(size: float, words: str) -> None:
    assert str(gigabytes(size)) == words
