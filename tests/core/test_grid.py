from __future__ import annotations

import pytest

from app.core.errors import UserError
from app.core.grid import MOST_VALUES, Axis, Grid, Value, parse_axis, parse_grid
from app.core.request import GenerationRequest, ImageInput, LoraUse, Role, Variation


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        ("steps", "10, 20,30", (10, 20, 30)),
        ("steps", "4-20:4", (4, 8, 12, 16, 20)),
        ("steps", "4-9:4", (4, 8)),
        ("steps", "1-4", (1, 2, 3, 4)),
        ("guidance", "3-4:0.25", (3.0, 3.25, 3.5, 3.75, 4.0)),
        ("guidance", "1-1.3:0.1", (1.0, 1.1, 1.2, 1.3)),
        ("lora", "-1-1:1", (-1.0, 0.0, 1.0)),
        ("seed", "7,7,8", (7, 8)),
        ("solver", "dpmpp,euler", ("dpmpp", "euler")),
        ("model", "org/a-1,b", ("org/a-1", "b")),
    ],
)
def test_values_are_a_list_or_a_range(field: str, text: str, values: tuple[Value, ...]) -> None:
    axis = parse_axis(field, text)
    assert axis == Axis(field, values)
    assert [type(value) for value in axis.values] == [type(value) for value in values]


@pytest.mark.parametrize(
    "axes",
    [
        ["steps"], ["steps="], ["steps=a"], ["steps=9-1"], ["steps=1-9:0"], ["size=1,2"], ["steps=1.5,2"],
        ["steps=1", "steps=2"], ["steps=1", "seed=2", "guidance=3"], [f"seed=0-{MOST_VALUES}"], ["seed=0-99999999999"],
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(axes: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        parse_grid(axes)
    assert str(caught.value.remedy)


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        ("steps=1-1000000000", "“steps” has 1000000000 values. Use 50 at most."),
        ("guidance=1-5:0.001", "“guidance” has 4001 values."),
        (f"steps=1-{'9' * 400}", "are no values of “steps”"),
        (f"guidance=0-{'9' * 300}:0.{'0' * 300}1", "values. Use 50 at most."),
    ],
)
def test_a_range_of_too_many_values_is_refused_with_their_number(axis: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_grid([axis])
    assert words in str(caught.value)


def test_cells_go_row_by_row() -> None:
    grid = parse_grid(["steps=1,2", "strength=0.2,0.4"])
    start = ImageInput(Role.INIT, "/a.png", 0.6)
    request = GenerationRequest("a house", seed=3, inputs=(start, ImageInput(Role.MASK, "/m.png")))
    cells = grid.cells(request)
    assert [(each.steps, each.inputs[0].strength, each.inputs[1].strength) for each in cells] == [
        (1, 0.2, 1.0), (2, 0.2, 1.0), (1, 0.4, 1.0), (2, 0.4, 1.0),
    ]  # fmt: skip
    assert (grid.columns, grid.rows) == (2, 2)
    varied = request.replace(loras=(LoraUse("/a", 0.5), LoraUse("/b", 0.7)), variations=(Variation(1, 0.1),))
    assert [[use.weight for use in each.loras] for each in parse_grid(["lora=0-1"]).cells(varied)] == [
        [0, 0.7], [1, 0.7],
    ]  # fmt: skip
    for axis in ("lora=1", "strength=0.5"):
        with pytest.raises(UserError):
            parse_grid([axis]).cells(GenerationRequest("a house"))


def test_labels_name_the_setting() -> None:
    grid = Grid((Axis("guidance", (3.0, 4.5)), Axis("solver", ("euler",))))
    assert [axis.labels() for axis in grid.axes] == [("guidance 3", "guidance 4.5"), ("solver euler",)]
