from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.limits import MASK, START_PICTURE, Range
from app.core.request import Extension, GenerationRequest
from app.core.sizes import computed_size
from tests.inputs import start_from

EDITOR = Capabilities(
    model="Sana", size=Range(64, 512, 256, 32), max_pixels=2 * 256 * 256, steps=Range(1, 50, 20), guidance=None,
    negative=False, inputs=(START_PICTURE, MASK), edits=True,
)  # fmt: skip
PLAIN = dataclasses.replace(EDITOR, edits=False)


def request(*, mask: bool = False, **options: Any) -> GenerationRequest:
    return GenerationRequest("x", inputs=start_from("/a.png", 0.6, "/m.png" if mask else None), **options)


@pytest.mark.parametrize(
    ("start", "options", "size"),
    [
        (None, {}, (256, 256)),
        ((250, 187), {}, (250, 187)),
        ((250, 187), {"mask": True}, (250, 187)),
        ((250, 187), {"width": 400}, (400, 299)),
        ((250, 187), {"height": 100}, (134, 100)),
        ((250, 187), {"width": 256, "height": 256}, (256, 256)),
        ((4000, 3000), {}, (416, 288)),  # too large: the nearest that fits
        ((4000, 3000), {"mask": True}, (4000, 3000)),  # only what surrounds the mask is computed
        ((4000, 3000), {"mask": True, "detail": False}, (416, 288)),
        ((20, 30), {}, (64, 64)),
        ((250, 187), {"extend": Extension(10, 20, 0, 3)}, (260, 210)),
        (None, {"extend": Extension(10, 20, 0, 3)}, (266, 279)),
    ],
)
def test_the_size_follows_the_start_picture(
    start: tuple[int, int] | None, options: dict[str, Any], size: tuple[int, int]
) -> None:
    resolved = EDITOR.resolve(request(**options), start)
    assert (resolved.width, resolved.height) == size
    assert EDITOR.resolve(resolved) == resolved


def test_a_model_of_fixed_multiples_gets_the_nearest_size() -> None:
    resolved = PLAIN.resolve(request(), (250, 187))
    assert (resolved.width, resolved.height) == (256, 192)


@pytest.mark.parametrize(
    ("wish", "says", "remedy"),
    [
        (request(extend=Extension(0, 0, 600, 0)), "856 × 256 does not fit", "256 on the right"),
        (request(extend=Extension(100, 200, 100, 200)), "456 × 656", "35 pixels on the left, 71 at the top"),
        (request(extend=Extension()), "nowhere", "above 0"),
        (request(extend=Extension(-10, 20, 0, 0)), "nowhere", "above 0"),
        (request(extend=Extension(200, 0, 100, 0), width=256), "no room", "less"),
        (GenerationRequest("x", extend=Extension(10)), "needs a start picture", "Choose one"),
        (request(detail=True), "needs a mask", "Leave"),
        (request(width=1000, height=1000), "1000 × 1000", "the nearest size is 352 × 352"),
        (request(mask=True, width=20_000, height=1000), "20000 × 1000", "nearest size"),
        (request(width=0), "0 × 1", "nearest size"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_nearest(wish: GenerationRequest, says: str, remedy: str) -> None:
    with pytest.raises(UserError) as caught:
        EDITOR.resolve(wish, (256, 256))
    assert says in str(caught.value.message)
    assert remedy in str(caught.value.remedy)


def test_a_model_that_does_not_edit_extends_nothing() -> None:
    with pytest.raises(UserError, match="cannot extend"):
        PLAIN.resolve(request(extend=Extension(32)), (256, 256))
    with pytest.raises(UserError, match="detail pass"):
        PLAIN.resolve(request(mask=True, detail=True), (256, 256))


def test_extension_and_detail_are_read_back_and_missing_ones_are_none() -> None:
    full = request(mask=True, extend=Extension(1, 2, 3, 4), detail=True)
    assert GenerationRequest.from_json(full.to_json()) == full
    old = {name: value for name, value in full.to_json().items() if name not in ("extend", "detail")}
    assert GenerationRequest.from_json(old) == full.replace(extend=None, detail=None)


@pytest.mark.parametrize(
    ("changes", "computed"),
    [
        ({"inputs": start_from("/a.png", mask="/m.png")}, (256, 256)),
        ({"inputs": start_from("/a.png", mask="/m.png"), "detail": False}, (512, 384)),
        ({"inputs": start_from("/a.png", mask="/m.png"), "width": 300, "height": 300}, (300, 300)),
        ({"inputs": start_from("/a.png", mask="/m.png"), "width": 300, "height": 300, "detail": True}, (256, 256)),
        ({"inputs": start_from("/a.png", mask="/m.png"), "extend": Extension(right=64)}, (512, 384)),
        ({"inputs": start_from("/a.png", mask="/m.png"), "extend": Extension(right=64), "detail": True}, (512, 384)),
        ({"inputs": start_from("/a.png"), "extend": Extension(right=64)}, (512, 384)),
        ({}, (512, 384)),
    ],
)
def test_what_is_computed_is_the_canvas(changes: dict[str, Any], computed: tuple[int, int]) -> None:
    """A detail pass is as large as the model; an extended picture is seen whole, also where a mask is painted on it."""
    assert computed_size(GenerationRequest("x", width=512, height=384).replace(**changes), 256) == computed
