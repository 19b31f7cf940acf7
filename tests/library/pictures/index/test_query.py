from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library.pictures.index import query as query_module
from app.library.pictures.index.index import Index
from app.library.pictures.index.query import Filters, Query, Shape, Sort
from app.library.pictures.index.rows import IndexRow, Stamp

FOLDER = Path("/pictures")
ROWS = [
    IndexRow("picture 10.png", Stamp(1, 1), 10.0, "a red boat", rating=5, width=64, height=32, model="Sana 1.6B",
             backend="mlx"),
    IndexRow("picture 9.png", Stamp(2, 2), 30.0, "a red house", favourite=True, width=32, height=32, model="starter",
             backend="torch"),
    IndexRow("sub/picture 1.png", Stamp(3, 3), 20.0, "a house, red", rating=2, width=32, height=64, model="Starter",
             backend="torch"),
    IndexRow("Äpfel.jpg", Stamp(4, 4), 40.0, "日落时分的帆船", rating=3, width=100, height=200, model="", backend=""),
]  # fmt: skip
TEN, NINE, NESTED, APPLES = (row.name for row in ROWS)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    index = Index(tmp_path / "index.sqlite")
    index.put(FOLDER, ROWS)
    yield index
    index.close()


def names(index: Index, query: Query) -> list[str]:
    return index.names(index.find(FOLDER, query))


@pytest.mark.parametrize(
    ("sort", "descending", "wanted"),
    [
        (Sort.DATE, True, [APPLES, NINE, NESTED, TEN]),
        (Sort.DATE, False, [TEN, NESTED, NINE, APPLES]),
        (Sort.NAME, False, [NESTED, NINE, TEN, APPLES]),
        (Sort.NAME, True, [APPLES, TEN, NINE, NESTED]),
        (Sort.SIZE, True, [APPLES, NESTED, TEN, NINE]),
        (Sort.RATING, True, [TEN, APPLES, NESTED, NINE]),
        (Sort.MODEL, False, [APPLES, TEN, NINE, NESTED]),
    ],
)
def test_the_order(index: Index, sort: Sort, descending: bool, wanted: list[str]) -> None:
    assert names(index, Query(sort=sort, descending=descending, nested=True)) == wanted


def test_folders_below_count_only_where_wanted(index: Index) -> None:
    assert NESTED not in names(index, Query())
    assert index.count(FOLDER) == 3
    assert index.count(FOLDER, nested=True) == 4


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (Filters(models=("starter", "Starter")), {NINE, NESTED}),
        (Filters(backends=("mlx",)), {TEN}),
        (Filters(shape=Shape.PORTRAIT), {NESTED, APPLES}),
        (Filters(shape=Shape.SQUARE), {NINE}),
        (Filters(shape=Shape.LANDSCAPE), {TEN}),
        (Filters(min_pixels=64 * 32), {TEN, NESTED, APPLES}),
        (Filters(min_rating=3), {TEN, APPLES}),
        (Filters(since=20, before=40), {NINE, NESTED}),
        (Filters(min_rating=2, shape=Shape.PORTRAIT, backends=("torch",)), {NESTED}),
    ],
)
def test_filters(index: Index, filters: Filters, wanted: set[str]) -> None:
    assert set(names(index, Query(filters=filters, nested=True))) == wanted


@pytest.mark.parametrize("many", [1, 5_000])
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("red house", {NINE, NESTED}),
        ('"red house"', {NINE}),
        ('"red hou', {NINE}),
        ("hou re", {NINE, NESTED}),
        ("船", {APPLES}),
        ("帆船", {APPLES}),
        ("日落时分", {APPLES}),
        ("red oa", {TEN}),
        ("house boat", set()),
    ],
)
def test_words_and_quotes(
    index: Index, monkeypatch: pytest.MonkeyPatch, many: int, text: str, wanted: set[str]
) -> None:
    """Whether few pictures match or so many that every text is looked at."""
    monkeypatch.setattr("app.library.pictures.index.index.MANY", many)
    assert query_module.MANY == 5_000
    assert set(names(index, Query(text, nested=True))) == wanted


def test_albums_are_found_by_composed_names(index: Index) -> None:
    index.put(FOLDER, [IndexRow("Cafe\u0301.png", Stamp(5, 5), 50.0)])
    assert index.set_albums(FOLDER, {"Best": ["Caf\u00e9.png", TEN, "gone.png"], "Empty": []})
    assert not index.set_albums(FOLDER, {"Best": ["Caf\u00e9.png", TEN, "gone.png"], "Empty": []})
    assert names(index, Query(album="Best")) == ["Cafe\u0301.png", TEN]
    assert names(index, Query(album="Empty")) == names(index, Query(album="None")) == []
    assert names(index, Query("boat", album="Best")) == [TEN]
    assert index.take(FOLDER, [TEN])[TEN].albums == ("Best",)


def test_a_removed_picture_is_found_no_more(index: Index) -> None:
    before = index.take(FOLDER, [TEN])[TEN]
    assert names(index, Query("boat")) == []
    assert before == ROWS[0]
    index.put(FOLDER, [before._replace(words="a blue boat")])
    assert names(index, Query("blue")) == [TEN]
    index.put(FOLDER, [before])
    assert names(index, Query("blue")) == []


def test_what_is_in_use(index: Index) -> None:
    assert index.in_use(FOLDER, "backend") == ["mlx", "torch"]
    assert index.in_use(FOLDER, "model")[0] == "Sana 1.6B"


def test_ids_of_a_lost_index_stand_for_nothing(index: Index) -> None:
    ids, generation = index.find(FOLDER, Query()), index.generation
    assert {each.name for each in index.entries(ids, generation).values()} == {TEN, NINE, APPLES}
    assert index.entries(ids, generation + 1) == {}
