"""A quick index of pictures: what is known of each, which are to be shown, and what was made from what."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.library.pictures.index.database import Database
from app.library.pictures.index.query import MANY, SHORTEST, Query, conditions, match, order, words_of
from app.library.pictures.index.rows import Entry, IndexRow, Stamp, State, key, named, natural, plain, stored

_COLUMNS = (
    "name", "key", "mtime_ns", "size", "created", "state", "nested", "favourite", "rating", "width", "height", "model",
    "backend", "seed", "frames", "fps", "digest", "sorting", "prompt",
)  # fmt: skip
_PUT = (
    f"INSERT INTO pictures (folder, {', '.join(_COLUMNS)}) VALUES (?{', ?' * len(_COLUMNS)}) "
    f"ON CONFLICT (folder, name) DO UPDATE SET {', '.join(f'{each} = excluded.{each}' for each in _COLUMNS[1:])} "
    "RETURNING id"
)
_ROW = (
    "id, name, mtime_ns, size, created, state, favourite, rating, width, height, model, backend, seed, frames, fps, "
    "digest, prompt"
)
_AT_ONCE = 500
"""Values in one statement; SQLite allows 999 in old versions."""


class Index:
    """The index of one or more folders of pictures. Safe to use from several threads and processes.

    Attributes:
        database: its file; `lost` there says that everything must be put in again.
    """

    def __init__(self, path: Path) -> None:
        self.database = Database(path)

    def close(self) -> None:
        self.database.close()

    @property
    def generation(self) -> int:
        """Ids count within one generation only."""
        return self.database.generation

    # -- what is in it

    def stamps(self, folder: Path) -> dict[str, Stamp]:
        """The stamps of all known files of a folder, by name."""
        query = "SELECT name, mtime_ns, size FROM pictures WHERE folder = ? AND state != ?"

        def look(connection: sqlite3.Connection) -> dict[str, Stamp]:
            rows = connection.execute(query, (_folder(connection, folder), State.GONE)).fetchall()
            return {named(name): Stamp(mtime_ns, size) for name, mtime_ns, size in rows}

        return self.database.run(look)

    def put(self, folder: Path, rows: Iterable[IndexRow]) -> None:
        """Add pictures, or replace what was known of them."""
        values = [(_values(row), plain(row.words), row.parents) for row in rows]

        def put(connection: sqlite3.Connection) -> None:
            where = _folder(connection, folder, create=True)
            ids = [connection.execute(_PUT, (where, *each)).fetchone()[0] for each, _, _ in values]
            connection.executemany("DELETE FROM texts WHERE id = ?", [(each,) for each in ids])
            texts = [(each, words) for each, (_, words, _) in zip(ids, values, strict=True)]
            connection.executemany("INSERT INTO texts VALUES (?, ?)", texts)
            connection.executemany("DELETE FROM parents WHERE picture = ?", [(each,) for each in ids])
            parents = [(each, digest) for each, (_, _, digests) in zip(ids, values, strict=True) for digest in digests]
            connection.executemany("INSERT OR IGNORE INTO parents VALUES (?, ?)", parents)

        if values:
            self.database.run(put)

    def take(self, folder: Path, names: Iterable[str]) -> dict[str, IndexRow]:
        """Remove pictures, and give what was known of them, by name."""
        wanted = [stored(name) for name in names]

        def take(connection: sqlite3.Connection) -> dict[str, IndexRow]:
            where = _folder(connection, folder)
            rows = list(_rows(connection, where, wanted))
            connection.executemany("DELETE FROM pictures WHERE id = ?", [(each,) for each, _ in rows])
            return {row.name: row for _, row in rows}

        return self.database.run(take)

    def gone(self, folder: Path) -> list[IndexRow]:
        """The pictures whose files are not there, but whose marks wait."""

        def look(connection: sqlite3.Connection) -> list[IndexRow]:
            where = _folder(connection, folder)
            query = "SELECT name FROM pictures WHERE folder = ? AND state = ?"
            names = [name for (name,) in connection.execute(query, (where, State.GONE)).fetchall()]
            return [row for _, row in _rows(connection, where, names)]

        return self.database.run(look)

    def forget_gone(self, folder: Path, names: Iterable[str]) -> None:
        """These need not be waited for any more."""
        query = "DELETE FROM pictures WHERE folder = ? AND name = ? AND state = ?"

        def forget(connection: sqlite3.Connection) -> None:
            where = _folder(connection, folder)
            connection.executemany(query, [(where, stored(name), State.GONE) for name in names])

        self.database.run(forget)

    # -- which are to be shown

    def find(self, folder: Path, query: Query) -> array[int]:
        """The ids of the pictures that are wanted, in their order."""
        return array("q", self._wanted(folder, query, "id"))

    def clips(self, folder: Path) -> frozenset[int]:
        """The ids of all clips of a folder."""
        query = "SELECT id FROM pictures WHERE folder = ? AND frames > 0"

        def look(connection: sqlite3.Connection) -> frozenset[int]:
            return frozenset(each for (each,) in connection.execute(query, (_folder(connection, folder),)))

        return self.database.run(look)

    def times(self, folder: Path, query: Query) -> array[float]:
        """When the pictures that are wanted were made, in their order: unix times."""
        return array("d", self._wanted(folder, query, "created"))

    def search(self, folder: Path, text: str = "", favourites: bool = False) -> list[str]:
        """The names of the pictures with these words, newest first."""
        return self.names(self.find(folder, Query(text, favourites)))

    def names(self, ids: Sequence[int]) -> list[str]:
        """The names of pictures, in the order of their ids; without those that are gone."""
        found = self._by_id("SELECT id, name FROM pictures WHERE id IN", ids)
        return [named(found[each][0]) for each in ids if each in found]

    def entries(self, ids: Sequence[int], generation: int) -> dict[int, Entry]:
        """What is shown of pictures, by id; without those that are gone."""
        if generation != self.generation:
            return {}
        query = "SELECT id, name, prompt, seed, favourite, rating, frames, fps FROM pictures WHERE id IN"
        found = self._by_id(query, ids)
        return {
            each: Entry(named(name), prompt, seed, bool(favourite), rating, frames, fps)
            for each, (name, prompt, seed, favourite, rating, frames, fps) in found.items()
        }

    def ids(self, folder: Path, names: Iterable[str]) -> dict[str, int]:
        """The ids of pictures by name; without those that are not known."""
        wanted = [stored(name) for name in names]
        if not wanted:
            return {}

        def look(connection: sqlite3.Connection) -> dict[str, int]:
            where = _folder(connection, folder)
            found = {}
            for some in _portions(wanted):
                query = f"SELECT name, id FROM pictures WHERE folder = ? AND name IN ({_holes(some)})"
                found.update({named(name): each for name, each in connection.execute(query, (where, *some))})
            return found

        return self.database.glance(look)

    def count(self, folder: Path, nested: bool = False) -> int:
        """How many pictures can be shown."""
        query = "SELECT count(*) FROM pictures WHERE folder = ? AND state = 0 AND nested <= ?"
        return int(
            self.database.run(
                lambda connection: connection.execute(query, (_folder(connection, folder), nested)).fetchone()[0]
            )
        )

    def in_use(self, folder: Path, column: str) -> list[str]:
        """The "model"s or "backend"s of a folder's pictures, in the order of the alphabet."""
        assert column in {"model", "backend"}
        query = (
            f"SELECT DISTINCT {column} FROM pictures WHERE folder = ? AND state = 0 AND {column} != '' "
            f"ORDER BY {column} COLLATE NOCASE"
        )
        rows = self.database.run(
            lambda connection: connection.execute(query, (_folder(connection, folder),)).fetchall()
        )
        return [str(each) for (each,) in rows]

    # -- one picture

    def entry(self, folder: Path, name: str) -> Entry | None:
        """What is shown of a picture; None where it is not known."""
        each = self.ids(folder, [name]).get(name)
        return None if each is None else self.entries([each], self.generation).get(each)

    def of_seed(self, folder: Path, seed: int) -> list[str]:
        """Names of the readable pictures with a seed."""
        return self._names(folder, "seed = ?", [seed])

    # -- what was made from what

    def set_digest(self, folder: Path, name: str, digest: str) -> None:
        """Keep the hash of a picture's file."""
        query = "UPDATE pictures SET digest = ? WHERE folder = ? AND name = ?"
        self.database.run(
            lambda connection: connection.execute(query, (digest, _folder(connection, folder), stored(name)))
        )

    def digest(self, folder: Path, name: str) -> str:
        """The hash of a picture's file, where it is known; else empty."""
        query = "SELECT digest FROM pictures WHERE folder = ? AND name = ?"
        row = self.database.run(
            lambda connection: connection.execute(query, (_folder(connection, folder), stored(name))).fetchone()
        )
        return str(row[0]) if row else ""

    def with_digest(self, folder: Path, digests: Sequence[str]) -> list[str]:
        """The names of the pictures whose files have one of these hashes, as far as that is known."""
        return self._names(folder, f"digest != '' AND digest IN ({_holes(digests)})", digests)

    def children(self, folder: Path, digests: Sequence[str]) -> list[str]:
        """The names of the pictures that were made from files with one of these hashes, the oldest first."""
        made = f"SELECT picture FROM parents WHERE digest IN ({_holes(digests)})"
        return self._names(folder, f"id IN ({made})", digests)

    def parents(self, folder: Path, name: str) -> list[str]:
        """The hashes of the files that a picture was made from."""
        query = (
            "SELECT parents.digest FROM parents JOIN pictures ON pictures.id = parents.picture "
            "WHERE folder = ? AND name = ?"
        )
        rows = self.database.run(
            lambda connection: connection.execute(query, (_folder(connection, folder), stored(name))).fetchall()
        )
        return [str(each) for (each,) in rows]

    # -- marks

    def mark(self, folder: Path, stars: Collection[str], ratings: Mapping[str, int]) -> bool:
        """Make exactly these the marks of a folder's pictures; returns whether that changed anything.

        Args:
            stars: the names of the favourites, composed (NFC).
            ratings: 1 to 5 by such names.
        """
        wanted = {stored(each): (each in stars, ratings.get(each, 0)) for each in {*stars, *ratings}}

        def mark(connection: sqlite3.Connection) -> bool:
            where = _folder(connection, folder)
            query = "SELECT key FROM pictures WHERE folder = ? AND (favourite = 1 OR rating > 0)"
            without = {each for (each,) in connection.execute(query, (where,))} - wanted.keys()
            changes = [(*wanted.get(each, (False, 0)), where, each) for each in (*without, *wanted)]
            statement = (
                "UPDATE pictures SET favourite = ?1, rating = ?2 "
                "WHERE folder = ?3 AND key = ?4 AND (favourite != ?1 OR rating != ?2)"
            )
            return connection.executemany(statement, changes).rowcount > 0

        return self.database.run(mark)

    def set_albums(self, folder: Path, albums: Mapping[str, Iterable[str]]) -> bool:
        """Make exactly these the albums of a folder, by name and their pictures' composed names; returns whether that
        changed anything.
        """
        wanted = {(_text(album), stored(each)) for album, keys in albums.items() for each in keys}

        def change(connection: sqlite3.Connection) -> bool:
            where = _folder(connection, folder, create=bool(wanted))
            there = set(connection.execute("SELECT album, key FROM members WHERE folder = ?", (where,)).fetchall())
            for statement, some in (
                ("DELETE FROM members WHERE folder = ? AND album = ? AND key = ?", there - wanted),
                ("INSERT INTO members VALUES (?, ?, ?)", wanted - there),
            ):
                connection.executemany(statement, [(where, *each) for each in some])
            return there != wanted

        return self.database.run(change)

    # -- inside

    def _by_id(self, query: str, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        if not ids:
            return {}

        def look(connection: sqlite3.Connection) -> dict[int, tuple[Any, ...]]:
            found = {}
            for some in _portions(ids):
                for each, *rest in connection.execute(f"{query} ({_holes(some)})", tuple(some)).fetchall():
                    found[each] = tuple(rest)
            return found

        return self.database.glance(look)

    def _wanted(self, folder: Path, query: Query, column: str) -> list[Any]:
        words = words_of(query.text)

        def look(connection: sqlite3.Connection) -> list[Any]:
            where = _folder(connection, folder)
            condition, values = conditions(query)
            if query.album:
                condition += " AND key IN (SELECT key FROM members WHERE folder = ? AND album = ?)"
                values += [where, query.album]
            if words:
                more, further = _having(connection, words)
                condition, values = f"{condition} AND {more}", [*values, *further]
            found = f"SELECT {column} FROM pictures WHERE {condition} ORDER BY {order(query)}"
            # As one row: SQLite works through it without Python, and the window's thread goes on meanwhile.
            (row,) = connection.execute(
                f"SELECT json_group_array({column}) FROM ({found})", (where, *values)
            ).fetchone()
            return list(json.loads(row))

        return self.database.run(look)

    def _names(self, folder: Path, condition: str, values: Sequence[object]) -> list[str]:
        query = f"SELECT name FROM pictures WHERE folder = ? AND state = 0 AND {condition} ORDER BY created, name"
        rows = self.database.run(
            lambda connection: connection.execute(query, (_folder(connection, folder), *values)).fetchall()
        )
        return [named(name) for (name,) in rows]


def _folder(connection: sqlite3.Connection, folder: Path, create: bool = False) -> int:
    """The id of a folder; 0, which no folder has, where it is not known."""
    if create:
        connection.execute("INSERT OR IGNORE INTO folders (path) VALUES (?)", (stored(folder),))
    row = connection.execute("SELECT id FROM folders WHERE path = ?", (stored(folder),)).fetchone()
    return int(row[0]) if row else 0


def _values(row: IndexRow) -> tuple[object, ...]:
    return (
        stored(row.name), stored(key(row.name)), *row.stamp, row.created, int(row.state), "/" in row.name,
        row.favourite, row.rating, row.width, row.height, _text(row.model), _text(row.backend), row.seed, row.frames,
        row.fps, row.digest, natural(row.name), _text(row.prompt),
    )  # fmt: skip


def _rows(connection: sqlite3.Connection, where: int, names: Sequence[bytes]) -> Iterator[tuple[int, IndexRow]]:
    """What is known of pictures, with their ids."""
    for some in _portions(names):
        query = f"SELECT {_ROW} FROM pictures WHERE folder = ? AND name IN ({_holes(some)})"
        for each, name, mtime_ns, size, created, state, star, rating, *rest in connection.execute(
            query, (where, *some)
        ).fetchall():
            width, height, model, backend, seed, frames, fps, digest, prompt = rest
            (words,) = connection.execute("SELECT text FROM texts WHERE id = ?", (each,)).fetchone() or ("",)
            parents = connection.execute("SELECT digest FROM parents WHERE picture = ?", (each,)).fetchall()
            albums = connection.execute(
                "SELECT album FROM members WHERE folder = ? AND key = ?", (where, stored(key(named(name))))
            ).fetchall()
            yield each, IndexRow(
                named(name), Stamp(mtime_ns, size), created, words, State(state), bool(star), prompt, seed, rating,
                width, height, model, backend, frames, fps, digest, _firsts(parents), _firsts(albums),
            )  # fmt: skip


def _having(connection: sqlite3.Connection, words: Sequence[str]) -> tuple[str, list[object]]:
    """An SQL expression for the pictures with all of these words, and its values.

    The trigram index is quick where few match; where many do, and for words too short for it, every text is looked at.
    """
    long = [word for word in words if len(word) >= SHORTEST]
    rest = [word for word in words if len(word) < SHORTEST]
    parts: list[str] = []
    values: list[object] = []
    if long:
        wanted = match(long)
        some = connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT ?", (wanted, MANY)).fetchall()
        if len(some) < MANY:
            parts, values = ["id IN (SELECT rowid FROM words WHERE words MATCH ?)"], [wanted]
        else:
            rest = [*rest, *long]
    if rest:
        text = "(SELECT text FROM texts WHERE texts.id = pictures.id)"
        if parts:
            parts += [f"instr({text}, ?) > 0" for _ in rest]
        else:
            looks = " AND ".join("instr(text, ?) > 0" for _ in rest)
            parts.append(f"id IN (SELECT id FROM texts WHERE {looks})")
        values += rest
    return " AND ".join(parts), values


def _firsts(rows: Sequence[tuple[str]]) -> tuple[str, ...]:
    return tuple(first for (first,) in rows)


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _holes(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _text(text: str) -> str:
    return text.encode(errors="replace").decode()
