"""What the window remembers, and what it makes of a file that somebody broke."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.ui.start import window_state


def test_state_comes_back(home: Path) -> None:
    state = {"panel": {"prompt": "日落时的帆船 🌅"}, "geometry": "AdnQywADAAA=", "splitter": "", "tile": 200}
    window_state.save_state(state)
    assert window_state.load_state() == state


def test_lone_surrogate_does_not_stop_it(home: Path) -> None:
    window_state.save_state({"panel": {"prompt": "\ud800"}, "tile": 200})
    assert window_state.load_state()["tile"] == 200


@pytest.mark.parametrize("broken", ["abc", "é", "A", "AA==\u0000", 7, None, ["AA=="]])
def test_bytes_that_are_none_are_left_out(home: Path, broken: object) -> None:
    window_state.save_state({"geometry": broken, "splitter": broken, "tile": 200})
    assert window_state.load_state() == {"tile": 200}


@pytest.mark.parametrize("text", ["", "no json", "[1]", "[" * 100_000, '"text"'])
def test_file_that_makes_no_sense_is_an_empty_state(home: Path, text: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    window_state.state_file().write_text(text)
    assert window_state.load_state() == {}


def test_state_that_cannot_be_saved_bothers_nobody(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    window_state.state_file().mkdir(parents=True)
    window_state.save_state({"tile": 200})
    assert "could not be saved" in caplog.text
