"""Styles: named pieces of prompts that the user edits."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core import jsonable
from app.core.errors import UserError
from app.core.message import message
from app.library import paths
from app.library.files import disk_error, replace_file

log = logging.getLogger(__name__)

PLACE = "{prompt}"
"""Where the user's words go in a style's piece; a piece without it is added to their end."""
MOST_STYLES = 500
LONGEST = 2_000
"""Characters of a piece."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style. `prompt` and `negative` are added to what the user types."""

    name: str
    prompt: str = ""
    negative: str = ""

    def applied(self, prompt: str, negative: str) -> tuple[str, str]:
        """(prompt, negative prompt) in this style. A negative piece that is there is not added again."""
        avoided = negative if self.negative and self.negative in negative else _joined(self.negative, negative)
        return _joined(self.prompt, prompt), avoided


class Styles:
    """The styles of this user, in a JSON file; those that come with the app until they are edited.

    Args:
        path: the file; `paths.styles_file()` when left out.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or paths.styles_file()

    def all(self) -> tuple[Style, ...]:
        """In the user's order. A file that makes no sense counts as none."""
        for path in (self._path, paths.resources() / "styles.json"):
            try:
                saved = json.loads(path.read_text(encoding="utf-8"))["styles"]
                return tuple(jsonable.from_json(Style, values) for values in saved[:MOST_STYLES])
            except FileNotFoundError:
                continue
            except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
                log.warning("The styles in %s cannot be read: %s", path, error)
        return ()

    def get(self, name: str) -> Style:
        """A style by its name.

        Raises:
            UserError: there is none.
        """
        for style in self.all():
            if style.name.casefold() == name.casefold():
                return style
        raise UserError(message("There is no style “{name}”.", name=name), message("Choose another one."))

    def save(self, styles: Sequence[Style]) -> None:
        """Replace them all.

        Raises:
            UserError: it cannot be saved; the old ones stand.
        """
        document = {"schema": 1, "styles": [jsonable.to_json(style) for style in styles]}
        try:
            replace_file(self._path, json.dumps(document, ensure_ascii=False, indent=1).encode())
        except OSError as error:
            raise disk_error(error, message("The styles could not be saved"), self._path.parent) from error


def _joined(piece: str, words: str) -> str:
    if PLACE in piece:
        return piece.replace(PLACE, words).strip(" ,")
    return ", ".join(part for part in (words, piece) if part)
