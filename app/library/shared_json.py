"""A small JSON object in a file that several threads, and several processes of the app, change."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.library import files

log = logging.getLogger(__name__)


class SharedJson:
    """Reads see whole files; edits take turns, so that none is lost.

    A file that is no JSON object is set aside under another name, and the object starts anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Any]:
        """The object as it stands; empty where there is none."""
        try:
            values = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, dict):
            return values
        with contextlib.suppress(FileNotFoundError):  # another process may have been quicker
            log.warning("%s cannot be read and is kept as %s", self._path.name, files.set_aside(self._path).name)
        return {}

    @contextlib.contextmanager
    def edit(self) -> Iterator[dict[str, Any]]:
        """The object, to be changed in place; it is written when the block ends without an exception.

        Raises:
            OSError: the file cannot be read or written; the old one stands.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(f".{self._path.name}.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # closing the file lets go
            values = self.read()
            yield values
            text = json.dumps(values, indent=1, ensure_ascii=False)
            # A lone surrogate cannot be UTF-8; it is written as JSON's escape.
            files.replace_file(self._path, text.encode(errors="backslashreplace"))
