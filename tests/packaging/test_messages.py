"""What packaging/messages.py finds is what the app can say."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture
def extractor() -> dict[str, Any]:
    return runpy.run_path(str(PACKAGING / "messages.py"))


def test_templates_are_found_by_their_marker_alone(extractor: dict[str, Any], tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    source.write_text('message("One {n}.", n=1)\nlog.info("Two.")\nmessage(\n    "Three "\n    "of them."\n)\n')
    assert [*extractor["_templates"](source)] == ["One {n}.", "Three of them."]


@pytest.mark.parametrize("call", ['message(f"One {n}.")', "message(text)", 'message("One" + two)', 'message("a", "b")'])
def test_what_nobody_could_translate_is_refused(extractor: dict[str, Any], tmp_path: Path, call: str) -> None:
    (tmp_path / "source.py").write_text(call)
    with pytest.raises(ValueError, match="no literal"):
        [*extractor["_templates"](tmp_path / "source.py")]
