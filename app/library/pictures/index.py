"""A quick index of pictures in SQLite. It is a cache: whatever happens to its file, it is made again."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import unicodedata
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

from app.library.files import set_aside

log = logging.getLogger(__name__)

Result = TypeVar("Result")

APPLICATION_ID = 0x53616E61  # "Sana", in the header of the file
INDEX_SCHEMA = 3
BUSY_SECONDS = 3.0
"""So long another process may hold the file before the index goes on in memory."""

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}

_CREATE = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS pictures (
    folder BLOB NOT NULL, name BLOB NOT NULL, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL,
    created REAL NOT NULL, words TEXT NOT NULL, readable INTEGER NOT NULL, favourite INTEGER NOT NULL,
    prompt TEXT NOT NULL, seed INTEGER,
    PRIMARY KEY (folder, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS newest ON pictures (folder, readable, created, name, favourite);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {INDEX_SCHEMA};
COMMIT;
"""

_FROM_2 = f"""
BEGIN IMMEDIATE;
ALTER TABLE pictures ADD COLUMN prompt TEXT NOT NULL DEFAULT '';
ALTER TABLE pictures ADD COLUMN seed INTEGER;
UPDATE pictures SET mtime_ns = -1;
PRAGMA user_version = {INDEX_SCHEMA};
COMMIT;
"""
"""The next look at the folder reads every picture anew; until then they are listed as they were."""


class Stamp(NamedTuple):
    """How a file looked when it was read; another stamp means another content."""

    mtime_ns: int
    size: int


class IndexRow(NamedTuple):
    """A picture in the index.

    `words` is what a search looks in; what is not `readable` is only remembered as such; `prompt` is its beginning, and
    `seed` None where it is not known.
    """

    name: str
    stamp: Stamp
    created: float
    words: str
    readable: bool = True
    favourite: bool = False
    prompt: str = ""
    seed: int | None = None


class Index:
    """The index of one or more folders of pictures. Safe to use from several threads and processes.

    A file that is damaged or not ours is renamed to "name.broken" and begun anew; where the file cannot be used at
    all (locked for long, read-only, a full disk), the index lives in memory. Both leave it empty and set `lost`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            self._connection = self._open()
        except (sqlite3.Error, OSError) as error:
            self._connection = self._renewed(error)
        self.lost = False

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def stamps(self, folder: Path) -> dict[str, Stamp]:
        """The stamps of all known files of a folder, by name."""
        query = "SELECT name, mtime_ns, size FROM pictures WHERE folder = ?"
        rows = self._run(lambda connection: connection.execute(query, (_stored(folder),)).fetchall())
        return {_named(name): Stamp(mtime_ns, size) for name, mtime_ns, size in rows}

    def put(self, folder: Path, rows: Iterable[IndexRow]) -> None:
        """Add pictures, or replace what was known of them."""
        where = _stored(folder)
        values = [
            (
                where, _stored(row.name), *row.stamp, row.created, _plain(row.words), row.readable, row.favourite,
                row.prompt.encode(errors="replace").decode(), row.seed,
            )
            for row in rows
        ]  # fmt: skip
        statement = "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self._run(lambda connection: connection.executemany(statement, values))

    def take(self, folder: Path, names: Iterable[str]) -> dict[str, IndexRow]:
        """Remove pictures, and give what was known of them, by name."""
        where, names = _stored(folder), list(names)
        query = (
            "DELETE FROM pictures WHERE folder = ? AND name = ? "
            "RETURNING mtime_ns, size, created, words, readable, favourite, prompt, seed"
        )

        def take(connection: sqlite3.Connection) -> dict[str, IndexRow]:
            taken = {}
            for name in names:
                for mtime_ns, size, *rest in connection.execute(query, (where, _stored(name))).fetchall():
                    taken[name] = IndexRow(name, Stamp(mtime_ns, size), *rest)
            return taken

        return self._run(take)

    def prompt_and_seed(self, folder: Path, name: str) -> tuple[str, int | None]:
        """The beginning of a picture's prompt and its seed, as far as they are known."""
        query = "SELECT prompt, seed FROM pictures WHERE folder = ? AND name = ?"
        row = self._run(lambda connection: connection.execute(query, (_stored(folder), _stored(name))).fetchone())
        return (str(row[0]), row[1]) if row else ("", None)

    def of_seed(self, folder: Path, seed: int) -> list[str]:
        """Names of the readable pictures with a seed."""
        query = "SELECT name FROM pictures WHERE folder = ? AND seed = ? AND readable = 1"
        rows = self._run(lambda connection: connection.execute(query, (_stored(folder), seed)).fetchall())
        return [_named(name) for (name,) in rows]

    def search(self, folder: Path, text: str = "", favourites: bool = False) -> list[str]:
        """Names of the readable pictures, newest first, whose words contain every word of `text`.

        A word may stand anywhere, also within a word, so that Chinese needs no spaces. Comparing every row is quicker
        than it sounds (a few milliseconds for 10,000), and unlike a trigram index it finds words of two characters.
        """
        words = _plain(text).split()
        query = "SELECT name FROM pictures WHERE folder = ? AND readable = 1"
        query += " AND favourite = 1" if favourites else ""
        query += " AND instr(words, ?) > 0" * len(words)
        query += " ORDER BY created DESC, name DESC"
        rows = self._run(lambda connection: connection.execute(query, (_stored(folder), *words)).fetchall())
        return [_named(name) for (name,) in rows]

    def count(self, folder: Path) -> int:
        query = "SELECT count(*) FROM pictures WHERE folder = ? AND readable = 1"
        return int(self._run(lambda connection: connection.execute(query, (_stored(folder),)).fetchone())[0])

    def mark_favourites(self, folder: Path, keys: Collection[str]) -> bool:
        """Make exactly these the favourites of a folder; returns whether that changed anything.

        Args:
            keys: their names, composed (NFC).
        """

        def mark(connection: sqlite3.Connection) -> bool:
            query = "SELECT name, favourite FROM pictures WHERE folder = ?"
            known = connection.execute(query, (_stored(folder),)).fetchall()
            starred = [(unicodedata.normalize("NFC", _named(name)) in wanted, name, marked) for name, marked in known]
            changes = [(star, _stored(folder), name) for star, name, marked in starred if star != marked]
            connection.executemany("UPDATE pictures SET favourite = ? WHERE folder = ? AND name = ?", changes)
            return bool(changes)

        wanted = frozenset(keys)
        return self._run(mark)

    def is_favourite(self, folder: Path, name: str) -> bool:
        query = "SELECT favourite FROM pictures WHERE folder = ? AND name = ?"
        row = self._run(lambda connection: connection.execute(query, (_stored(folder), _stored(name))).fetchone())
        return bool(row and row[0])

    def _run(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do something in one transaction; if the file fails, once more with a fresh index."""
        with self._lock:
            try:
                with self._connection:
                    return action(self._connection)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError | sqlite3.InterfaceError):
                    raise  # a bug of ours
                self._connection.close()
                self._connection = self._renewed(error)
                self.lost = True
                with self._connection:
                    return action(self._connection)

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            connection.execute("BEGIN")  # or another process could make it between these looks at it
            (owner,), (schema,), (tables,) = (
                connection.execute(query).fetchone()
                for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
            )
            connection.execute("COMMIT")
            if (owner, schema) == (APPLICATION_ID, 2):
                connection.executescript(_FROM_2)
                schema = INDEX_SCHEMA
            if tables and (owner, schema) != (APPLICATION_ID, INDEX_SCHEMA):
                raise _ForeignError("it was made by another program or version")
            if not tables:
                connection.executescript(_CREATE)
            with contextlib.suppress(sqlite3.OperationalError):  # locked: another process is doing the same
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _renewed(self, error: Exception) -> sqlite3.Connection:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind of error
        if isinstance(error, _ForeignError) or code in _BROKEN:
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
        connection.executescript(_CREATE)
        return connection

    def __del__(self) -> None:
        if hasattr(self, "_connection"):
            self._connection.close()


class _ForeignError(sqlite3.DatabaseError):
    """The file is a sound database, but not of this program and version."""


def _stored(name: Path | str) -> bytes:
    """A file's name as it is kept: one that is not UTF-8, which Python reads as surrogates, is no text for SQLite."""
    return str(name).encode("utf-8", "surrogatepass")


def _named(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogatepass")


def _plain(text: str) -> str:
    """Without differences of case, width or composition."""
    return unicodedata.normalize("NFKC", text).casefold().encode(errors="replace").decode()
