"""Finds the messages in the source: the first argument of each `message(...)`, which `app.ui.words` translates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parent.parent / "app"


def messages() -> list[str]:
    """All templates, each once.

    Raises:
        ValueError: a template is put together in the code, so that nobody could translate it.
    """
    found = (template for path in sorted(APP.rglob("*.py")) for template in _templates(path))
    return list(dict.fromkeys(found))


def _templates(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
            match node.args:
                case [ast.Constant(value=str(template))]:
                    yield template
                case _:
                    raise ValueError(f"{path}:{node.lineno}: the template is no literal")
