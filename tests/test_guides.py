"""What the README and the guides tell a reader to type can be typed, and what they link to is there."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.parser import make_parser
from app.composition import open_session

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", *GUIDES]


def commands(page: Path) -> Iterator[list[str]]:
    """The commands in the blocks of a guide."""
    for block in re.findall(r"^ *```\w*\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if line.strip().startswith("sana-studio "):
                yield shlex.split(line)[1:]


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_commands_of_the_guides_are_understood(page: Path) -> None:
    session = open_session()
    parser, typed = make_parser(session), list(commands(page))
    assert {"endpoints", "generate"} <= {words[0] for words in typed}
    for words in typed:
        parser.parse_args(words)  # ends the test where it is not understood
    for words in typed:
        if words[:2] == ["endpoints", "add"]:
            options = parser.parse_args([word.replace("NAME", "x") for word in words])
            assert options.run(options, session) == 0, "its address and name can be kept"
    session.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_scripts_in_the_guides_are_python() -> None:
    scripts = [code for page in GUIDES for code in re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)]
    assert scripts
    for code in scripts:
        ast.parse(code)
