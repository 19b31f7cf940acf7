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
        self._warned = False

    def read(self) -> dict[str, Any]:
        """The object as it stands; empty where there is none.

        Raises:
            OSError: the file cannot be read, or not be set aside.
        """
        values = self._parsed()
        if values is None:
            with self._locked():
                values = self._mended()
        return values

    def read_if_possible(self) -> dict[str, Any]:
        """As `read`; empty also where the file cannot be read, which is logged once."""
        try:
            return self.read()
        except OSError as error:
            if not self._warned:
                log.warning("%s cannot be read (%s) and counts as empty.", self._path, error)
            self._warned = True
            return {}

    @contextlib.contextmanager
    def edit(self) -> Iterator[dict[str, Any]]:
        """The object, to be changed in place; it is written when the block ends without an exception.

        Raises:
            OSError: the file cannot be read or written; the old one stands.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            values = self._mended()
            yield values
            text = json.dumps(values, indent=1, ensure_ascii=False)
            # A lone surrogate cannot be UTF-8; it is written as JSON's escape.
            files.replace_file(self._path, text.encode(errors="backslashreplace"))

    def _parsed(self) -> dict[str, Any] | None:
        """The object; empty where there is no file, None where it is no object."""
        try:
            values = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError):
            return None
        return values if isinstance(values, dict) else None

    def _mended(self) -> dict[str, Any]:
        """The object; a file that is none is set aside. Without the lock that could hit a file just mended."""
        values = self._parsed()
        if values is None:
            log.warning("%s cannot be read and is kept as %s", self._path.name, files.set_aside(self._path).name)
        return values or {}

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self._path.with_name(f".{self._path.name}.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # closing the file lets go
            yield
