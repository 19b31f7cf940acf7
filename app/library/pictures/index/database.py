"""The file of the index. It is a cache: whatever happens to it, it is made again."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.library.files import set_aside
from app.library.pictures.index.schema import ForeignError, prepare

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Action = Callable[[sqlite3.Connection], Result]

BUSY_SECONDS = 3.0
"""So long another process may hold the file before the index goes on in memory."""

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_BUGS = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError)


class Database:
    """An SQLite file with the tables of the index. Safe to use from several threads and processes.

    A file that is damaged or not ours is renamed to "name.broken" and begun anew; where the file cannot be used at
    all (locked for long, read-only, a full disk), the tables live in memory. Both leave them empty and set `lost`.

    Attributes:
        lost: the tables were begun anew, and nobody has filled them yet.
        generation: which tables these are: what was read of others says nothing of them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._glancing = threading.Lock()
        self._glances: sqlite3.Connection | None = None
        self.generation = 0
        try:
            self._connection = self._open()
        except (sqlite3.Error, OSError) as error:
            self._connection = self._renewed(error)
        self.lost = False

    def close(self) -> None:
        with self._lock:
            self._connection.close()
        self._end_glances()

    def run(self, action: Action[Result]) -> Result:
        """Do something in one transaction; if the file fails, once more with a fresh one."""
        with self._lock:
            try:
                with self._connection:
                    return action(self._connection)
            except sqlite3.DatabaseError as error:
                if isinstance(error, _BUGS):
                    raise
                self._connection.close()
                self._connection = self._renewed(error)
                self.lost = True
                with self._connection:
                    return action(self._connection)

    def glance(self, action: Action[Result]) -> Result:
        """Look something up that takes a moment only, and wait for no other thread: the window asks while it paints."""
        with self._glancing:
            try:
                if self._glances is not None:
                    return action(self._glances)
            except sqlite3.DatabaseError as error:
                if isinstance(error, _BUGS):
                    raise
        return self.run(action)

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = self._connect()
        try:
            prepare(connection)
            with contextlib.suppress(sqlite3.OperationalError):  # locked: another process is doing the same
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            glances = self._connect()
            glances.execute("PRAGMA query_only = 1")
        except BaseException:
            connection.close()
            raise
        self._glances = glances
        return connection

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=BUSY_SECONDS, check_same_thread=False)

    def _renewed(self, error: Exception) -> sqlite3.Connection:
        self.generation += 1
        self._end_glances()
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind of error
        if isinstance(error, ForeignError) or code in _BROKEN:
            try:
                aside = set_aside(self._path)
                for suffix in ("-wal", "-shm"):
                    self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
                log.warning(
                    "The gallery's index cannot be used (%s); it was kept as %s and is made anew.", error, aside
                )
                return self._open()
            except (sqlite3.Error, OSError) as further:
                error = further
        log.warning("The gallery's index is kept in memory for this session (%s).", error)
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        prepare(connection)
        return connection

    def _end_glances(self) -> None:
        with self._glancing:
            if self._glances is not None:
                self._glances.close()
                self._glances = None

    def __del__(self) -> None:
        for connection in (getattr(self, "_connection", None), getattr(self, "_glances", None)):
            if connection is not None:
                connection.close()
