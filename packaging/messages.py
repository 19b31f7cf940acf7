"""Finds the sentences that the rooms below the window say to its user, which `app/ui/messages.py` translates.

They speak plain English and know nothing of languages. A sentence is what they give to one of `SPEAKERS`, what is said
in a function of `SPEAKING`, any other text in them that begins and ends like one, and what is in `PUT_TOGETHER`. What
is filled in becomes {0}, {1}, ...
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.ui.words.messages import FEWEST_LETTERS, letters, sentences  # noqa: E402

ROOMS = ("core", "diffusion", "library", "backends", "engine", "ui")
SILENT_ROOMS = {"bench"}
"""They speak to the command line alone."""
SPEAKERS = {
    "UserError", "NotFiniteError", "PictureBroken", "Unanswered", "__init__", "Status", "Loading", "Layer",
    "disk_error", "_require_finite", "_IN_WORDS", "DECODED", "ENTER_TOKEN", "again", "how", "parts.append", "problem",
}  # fmt: skip
"""What is called with messages or names one, or a part of one."""
SPEAKING = {"choose", "failure", "_dollars", "_in_words", "_why"}
"""Functions that put messages into words."""
SILENT = re.compile(r"log\.\w+|.*Warning|(\w+\.)?(?!User|NotFinite)\w+Error|print|re\.compile|Setting|(.+\.)?tr")
"""Calls whose texts are for the log, for those who write the code, or translated elsewhere."""
SENTENCE = re.compile(r"[A-Z“{].*[\w)}”]\.", re.DOTALL)
AFTER_ANOTHER = re.compile("^{} (?=[A-Z])")
"""How a text begins that follows another one."""
PUT_TOGETHER = (
    "Starting",
    "the picture",
    "the velocity of step {0}",
    "in {0}, {1}",
    "{0} does not have {1} of {2}.",
    "Enter your Hugging Face token in Settings under Models, or with: sana-studio keys set huggingface.",
    "{0} is damaged: {1} has {2} entries, not {3}.",
    "{0} and {1} cannot be found.",
    "it gave no reason.",
    "{0}: {1}",
    "{0}; {1}",
    "{0} and {1}",
    ".",
)
"""What the code does not say in one piece, and what joins the parts of others."""


def messages() -> list[str]:
    """All of them by the sentence, each once."""
    found: dict[str, None] = dict.fromkeys(PUT_TOGETHER)
    for room in ROOMS:
        for path in sorted((ROOT / "app" / room).rglob("*.py")):
            if path.parent.name not in SILENT_ROOMS:
                for text in _said(ast.parse(path.read_text(encoding="utf-8"))):
                    found.update(dict.fromkeys(map(_numbered, sentences(AFTER_ANOTHER.sub("", text)))))
    return [text for text in found if text in PUT_TOGETHER or letters(text) >= FEWEST_LETTERS]


def _said(node: ast.AST, *, speaks: bool = False) -> Iterator[str]:
    """The texts within a node that are messages; where it `speaks`, all of them are."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant | ast.JoinedStr):
            text = _pattern(child).strip()
            if speaks or SENTENCE.fullmatch(text):
                yield text
            for part in getattr(child, "values", ()):
                yield from _said(part, speaks=speaks) if isinstance(part, ast.FormattedValue) else ()
        elif isinstance(child, ast.Call):
            yield from _said_in_call(child, speaks=speaks)
        elif isinstance(child, ast.FunctionDef):
            yield from _said(child, speaks=child.name in SPEAKING)
        elif isinstance(child, ast.Assign):
            yield from _said(child, speaks=speaks or ast.unparse(child.targets[0]) in SPEAKERS)
        elif isinstance(child, ast.Dict):
            for value in child.values:
                yield from _said(ast.Expression(value), speaks=speaks)
        elif isinstance(child, ast.BinOp | ast.Compare | ast.Subscript):
            yield from _said(child)
        elif not _is_docstring(child):
            yield from _said(child, speaks=speaks)


def _said_in_call(call: ast.Call, *, speaks: bool) -> Iterator[str]:
    """A speaking call's arguments speak; of another one the text does whose method it is."""
    name = ast.unparse(call.func)
    if SILENT.fullmatch(name):
        return
    yield from _said(call.func, speaks=speaks)
    speaks = bool(SPEAKERS & {name, name.rpartition(".")[2]})
    for argument in (*call.args, *call.keywords):
        yield from _said(ast.Expression(argument), speaks=speaks)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _pattern(literal: ast.Constant | ast.JoinedStr) -> str:
    """A text with {} for each thing, or several without a word between them, that is filled in."""
    if isinstance(literal, ast.Constant):
        return literal.value if isinstance(literal.value, str) else ""
    parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in literal.values]
    return re.sub(r"({})+", "{}", "".join(parts))


def _numbered(sentence: str) -> str:
    return sentence.format(*(f"{{{number}}}" for number in range(sentence.count("{}"))))
