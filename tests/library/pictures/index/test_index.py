import contextlib
import logging
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from app.library.pictures.index import database
from app.library.pictures.index.index import Index
from app.library.pictures.index.rows import IndexRow, Stamp, State

FOLDER = Path("/pictures")
ROWS = [
    IndexRow("a.png", Stamp(1, 10), 100.0, "A red Sailboat on the sea"),
    IndexRow("b.png", Stamp(2, 20), 300.0, "日落时分海上的一艘红色帆船"),
    IndexRow("c.png", Stamp(3, 30), 200.0, "ＦＵＬＬ width, Straße, É", favourite=True),
    IndexRow("d.png", Stamp(4, 40), 400.0, "", state=State.UNREADABLE),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "index.sqlite"


def filled(path: Path) -> Index:
    index = Index(path)
    index.put(FOLDER, ROWS)
    return index


def test_newest_first_and_only_what_can_be_seen(path: Path) -> None:
    index = filled(path)
    assert index.search(FOLDER) == ["b.png", "c.png", "a.png"]
    assert index.search(FOLDER, favourites=True) == ["c.png"]
    assert index.count(FOLDER) == 3
    assert index.stamps(FOLDER) == {row.name: row.stamp for row in ROWS}
    assert index.search(Path("/elsewhere")) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sailboat", ["a.png"]),
        ("SEA red", ["a.png"]),
        ("boat", ["a.png"]),
        ("sailboat moon", []),
        ("日落", ["b.png"]),
        ("海", ["b.png"]),
        ("红色 帆船", ["b.png"]),
        ("full", ["c.png"]),
        ("strasse", ["c.png"]),
        ("e\u0301", ["c.png"]),
        ("%", []),
        ("_", []),
        ('"', []),
        ("* OR", []),
        ("\ud800", []),
        ("   ", ["b.png", "c.png", "a.png"]),
    ],
)
def test_search_finds_parts_of_words_in_any_language(path: Path, text: str, names: list[str]) -> None:
    assert filled(path).search(FOLDER, text) == names


def test_it_is_there_after_a_restart(path: Path) -> None:
    filled(path).close()
    assert Index(path).search(FOLDER) == ["b.png", "c.png", "a.png"]


def test_favourites(path: Path) -> None:
    index = filled(path)
    assert index.mark(FOLDER, {"a.png", "unknown.png"}, {})
    assert not index.mark(FOLDER, {"a.png"}, {})
    assert index.search(FOLDER, favourites=True) == ["a.png"]
    assert index.entry(FOLDER, "a.png").favourite
    assert not index.entry(FOLDER, "c.png").favourite
    assert index.entry(FOLDER, "unknown.png") is None


def test_removed_rows_are_gone(path: Path) -> None:
    index = filled(path)
    index.take(FOLDER, ["a.png", "unknown.png"])
    assert "a.png" not in index.stamps(FOLDER)


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4096, b"{}"])
def test_a_corrupt_file_is_set_aside(path: Path, caplog: pytest.LogCaptureFixture, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    filled(path).close()
    assert Index(path).count(FOLDER) == 3, "the new index is on the disk"
    assert path.with_name("index.sqlite.broken").read_bytes() == content
    assert "made anew" in caplog.text


def test_another_programs_database_is_kept(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE pictures (theirs)")
        other.execute("INSERT INTO pictures VALUES ('precious')")
    other.close()
    assert filled(path).count(FOLDER) == 3
    other = sqlite3.connect(path.with_name("index.sqlite.broken"))
    assert other.execute("SELECT * FROM pictures").fetchall() == [("precious",)]
    other.close()


def test_another_version_is_made_anew(path: Path) -> None:
    filled(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    assert Index(path).count(FOLDER) == 0


def test_an_index_from_before_there_were_clips_stays(path: Path) -> None:
    index = filled(path)
    index.put(FOLDER, [IndexRow("moving.webp", Stamp(9, 90), 900.0, "a boat")])
    index.close()
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        old.executescript(
            "ALTER TABLE pictures DROP COLUMN frames; ALTER TABLE pictures DROP COLUMN fps; PRAGMA user_version = 400"
        )
    index = Index(path)
    assert not index.database.lost
    assert index.count(FOLDER) == 4
    stamps = index.stamps(FOLDER)
    assert stamps["moving.webp"] != Stamp(9, 90), "it may move, and must be read anew"
    assert stamps["c.png"] == ROWS[2].stamp
    index.put(FOLDER, [IndexRow("clip.mp4", Stamp(1, 1), 1.0, frames=17, fps=16.0)])
    entry = index.entry(FOLDER, "clip.mp4")
    assert entry is not None
    assert (entry.frames, entry.fps) == (17, 16.0)


def test_a_table_that_lacks_a_column_is_made_anew(path: Path) -> None:
    filled(path).close()
    other = sqlite3.connect(path)
    other.executescript("DROP INDEX newest; DROP INDEX marked; ALTER TABLE pictures DROP COLUMN favourite")
    other.close()
    index = Index(path)
    assert index.search(FOLDER, favourites=True) == []
    assert index.database.lost
    index.put(FOLDER, ROWS)
    assert index.search(FOLDER, favourites=True) == ["c.png"]


def test_damage_while_it_is_open_is_mended(path: Path) -> None:
    index = Index(path)
    index.put(FOLDER, [IndexRow(f"{i}.png", Stamp(i, i), float(i), "word " * 200) for i in range(500)])
    index.close()
    index = Index(path)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    assert index.search(FOLDER, "word") == []
    assert index.database.lost
    index.put(FOLDER, ROWS)
    assert index.count(FOLDER) == 3
    assert path.with_name("index.sqlite.broken").exists()


def test_a_locked_file_leads_to_an_index_in_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    filled(path).close()
    index = Index(path)
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    started = time.perf_counter()
    assert index.count(FOLDER) == 3, "reading goes on beside a writer"
    index.put(FOLDER, ROWS[:1])
    assert time.perf_counter() - started < 2
    assert index.database.lost
    assert index.count(FOLDER) == 1
    assert "in memory" in caplog.text
    other.rollback()
    other.close()
    assert Index(path).count(FOLDER) == 3, "the file itself is unharmed"


def test_writing_goes_on_beside_a_reader(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    index = filled(path)
    other = sqlite3.connect(path)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM pictures").fetchone()
    index.put(FOLDER, [IndexRow("e.png", Stamp(5, 50), 500.0, "")])
    assert not index.database.lost
    other.close()


def test_a_file_locked_from_the_start_leads_to_memory(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    assert filled(path).count(FOLDER) == 3
    other.close()


def test_a_place_that_cannot_be_written_leads_to_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert filled(tmp_path / "file" / "index.sqlite").count(FOLDER) == 3
    (tmp_path / "folder").mkdir()
    assert filled(tmp_path / "folder").count(FOLDER) == 3


def test_two_open_at_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        one, two = Index(path), Index(path)
        for i in range(20):
            one.put(FOLDER, [IndexRow(f"one {i}.png", Stamp(i, i), i, "")])
            two.put(FOLDER, [IndexRow(f"two {i}.png", Stamp(i, i), i, "")])
        assert one.count(FOLDER) == two.count(FOLDER) == 40
    assert not caplog.records


def test_several_open_it_first_at_the_same_moment(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """None may take the half-made file for a foreign one, or give up because it is locked."""
    for number in range(20):
        path = tmp_path / f"{number}.sqlite"
        together = threading.Barrier(4)

        def open_it(path: Path = path, together: threading.Barrier = together) -> None:
            together.wait()
            index = Index(path)
            index.put(tmp_path, [IndexRow(threading.current_thread().name, Stamp(1, 1), 1.0, "words")])
            index.close()

        threads = [threading.Thread(target=open_it, name=f"{each}.png") for each in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        index = Index(path)
        assert index.count(tmp_path) == 4
        index.close()
    assert not caplog.records


@pytest.mark.parametrize("name", ["caf\udce9.png", "\ud800.png", "café.png", "红.png"])
def test_any_name_of_a_file_comes_back(path: Path, name: str) -> None:
    index, folder = Index(path), Path(f"/pictures/{name}")
    index.put(folder, [IndexRow(name, Stamp(1, 10), 100.0, name)])
    assert index.search(folder) == [name]
    assert index.stamps(folder) == {name: Stamp(1, 10)}
    assert index.mark(folder, {name}, {})
    assert index.entry(folder, name).favourite
    assert index.count(folder) == 1
    index.take(folder, [name])
    assert index.search(folder) == []


def test_an_index_of_the_version_before_is_listed_at_once_and_read_anew(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        old.executescript(
            """
            CREATE TABLE pictures (
                folder BLOB NOT NULL, name BLOB NOT NULL, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL,
                created REAL NOT NULL, words TEXT NOT NULL, readable INTEGER NOT NULL, favourite INTEGER NOT NULL,
                PRIMARY KEY (folder, name)
            ) WITHOUT ROWID;
            CREATE INDEX newest ON pictures (folder, readable, created, name, favourite);
            PRAGMA application_id = 1398894177;
            PRAGMA user_version = 2;
            """
        )
        old.execute("INSERT INTO pictures VALUES (?, ?, 5, 6, 7.0, 'a boat', 1, 1)", (str(FOLDER).encode(), b"a.png"))
    index = Index(path)
    assert not index.database.lost
    assert index.search(FOLDER, "boat") == ["a.png"]
    assert index.stamps(FOLDER)["a.png"] != Stamp(5, 6), "its prompt and seed are not known yet"
    index.close()
    again = Index(path)
    assert again.search(FOLDER, favourites=True) == ["a.png"]
    again.close()
    assert not list(path.parent.glob("*.broken"))
