"""The tables of the index, and how a file of an older version becomes one of today.

`PRAGMA user_version` is 100 x major + minor. Another minor means further columns or indexes, which older versions may
leave alone: a file with an older one is altered where it is, one with a newer one is used as it is. Another major means
other tables: they are made again from the pictures. What schemas 2 and 3 (of version 0.1) know is listed until then.
"""

from __future__ import annotations

import sqlite3
import unicodedata

APPLICATION_ID = 0x53616E61  # "Sana", in the header of the file
MAJOR, MINOR = 4, 1
VERSION = 100 * MAJOR + MINOR
_OLD = (2, 3)
"""Schemas before there were minor numbers."""

_TABLES = """
CREATE TABLE folders (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
CREATE TABLE pictures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder INTEGER NOT NULL REFERENCES folders, name BLOB NOT NULL, key BLOB NOT NULL,
    mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL, created REAL NOT NULL, state INTEGER NOT NULL DEFAULT 0,
    nested INTEGER NOT NULL DEFAULT 0, favourite INTEGER NOT NULL DEFAULT 0, rating INTEGER NOT NULL DEFAULT 0,
    width INTEGER NOT NULL DEFAULT 0, height INTEGER NOT NULL DEFAULT 0,
    model TEXT NOT NULL DEFAULT '', backend TEXT NOT NULL DEFAULT '', seed INTEGER,
    frames INTEGER NOT NULL DEFAULT 0, fps REAL NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '',
    sorting TEXT NOT NULL DEFAULT '', prompt TEXT NOT NULL DEFAULT '',
    UNIQUE (folder, name)
);
CREATE INDEX newest ON pictures (folder, state, nested, created, name);
CREATE INDEX by_key ON pictures (folder, key);
CREATE INDEX by_seed ON pictures (folder, seed);
CREATE INDEX marked ON pictures (folder) WHERE favourite = 1 OR rating > 0;
CREATE INDEX by_digest ON pictures (digest) WHERE digest != '';

CREATE TABLE parents (picture INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (picture, digest)) WITHOUT ROWID;
CREATE INDEX children ON parents (digest);
CREATE TABLE members (
    folder INTEGER NOT NULL, album TEXT NOT NULL, key BLOB NOT NULL, PRIMARY KEY (folder, album, key)
) WITHOUT ROWID;

CREATE INDEX albums_of ON members (folder, key);

CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(text, content = 'texts', content_rowid = 'id', tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER text_added AFTER INSERT ON texts BEGIN
    INSERT INTO words (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER text_removed AFTER DELETE ON texts BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER picture_removed AFTER DELETE ON pictures BEGIN
    DELETE FROM texts WHERE id = old.id;
    DELETE FROM parents WHERE picture = old.id;
END;
"""  # noqa: E501 - one statement

_CREATE = f"""
{_TABLES}
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
"""

_FROM_OLD = f"""
DROP INDEX newest;
ALTER TABLE pictures RENAME TO former;
{_TABLES}
INSERT INTO folders (path) SELECT DISTINCT folder FROM former;
INSERT INTO pictures (folder, name, key, mtime_ns, size, created, state, favourite)
    SELECT folders.id, name, composed(name), -1, size, created, 1 - readable, favourite
    FROM former JOIN folders ON folders.path = former.folder;
INSERT INTO texts (id, text)
    SELECT pictures.id, words FROM former JOIN folders ON folders.path = former.folder
    JOIN pictures ON pictures.folder = folders.id AND pictures.name = former.name;
DROP TABLE former;
PRAGMA user_version = {VERSION};
"""
"""The next look at the folder reads every picture anew, for no file has the time -1."""

_MINOR_STEPS = {
    1: """
ALTER TABLE pictures ADD COLUMN frames INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pictures ADD COLUMN fps REAL NOT NULL DEFAULT 0;
UPDATE pictures SET mtime_ns = -1 WHERE CAST(name AS TEXT) LIKE '%.webp';
""",  # a WebP may move, and none has the time -1: they are read anew
}
"""For each minor number what leads to it from the one before."""


class ForeignError(sqlite3.DatabaseError):
    """The file is a sound database, but not of this program and version."""


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty file, or bring those of an older version up to date.

    Raises:
        ForeignError: the file is another program's, or of a version whose tables are others.
    """
    connection.execute("BEGIN")  # or another process could make it between these looks at it
    script = _missing(connection)
    connection.execute("COMMIT")
    if script:
        connection.create_function("composed", 1, _composed, deterministic=True)
        connection.execute("BEGIN IMMEDIATE")
        _execute(connection, _missing(connection))  # another process may have done it meanwhile
        connection.execute("COMMIT")


def _missing(connection: sqlite3.Connection) -> str:
    """What is to be done; empty where the tables are those of today."""
    (owner,), (version,), (tables,) = (
        connection.execute(query).fetchone()
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if not tables:
        return _CREATE
    if owner == APPLICATION_ID and version in _OLD:
        return _FROM_OLD
    if owner != APPLICATION_ID or version // 100 != MAJOR:
        raise ForeignError("it was made by another program or version")
    steps = [_MINOR_STEPS[minor] for minor in range(version % 100 + 1, MINOR + 1)]
    return "".join((*steps, f"PRAGMA user_version = {VERSION};")) if steps else ""


def _execute(connection: sqlite3.Connection, script: str) -> None:
    """Each statement in the transaction that is open, which `executescript` would end."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def _composed(name: bytes) -> bytes:
    text = name.decode("utf-8", "surrogatepass")
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
