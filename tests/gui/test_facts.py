"""What the inspector says of a picture."""

from __future__ import annotations

from pathlib import Path

from app.core.output import Provenance
from app.core.request import GenerationRequest, ImageInput, LoraUse, Role, Variation
from app.library.pictures.images import Picture
from app.ui.gallery.inspector.facts import differences, picture_rows


def made(**options: object) -> Picture:
    request = GenerationRequest("a house", width=64, height=32, steps=4, seed=1).replace(**options)
    return Picture(Path("a.png"), 64, 32, 0.0, request, Provenance("torch", model="Starter"))


def rows(picture: Picture) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in picture_rows(picture, str):
        found.setdefault(row.caption, []).append(row.text)
    return found


INIT, MASK = ImageInput(Role.INIT, "/x/start.png", 0.9), ImageInput(Role.MASK, "/x/mask.png")
CONTROL = ImageInput(Role.CONTROL, "/x/lines.png", 0.8)


def test_all_that_went_in_is_told() -> None:
    loras = (LoraUse("", 0.8, "sepia.safetensors"), LoraUse("/x/ink.safetensors", -1.0))
    found = rows(made(inputs=(INIT, MASK, CONTROL), loras=loras))
    assert found["Started from"] == ["start.png"]
    assert found["Change"] == ["90% of a part"]
    assert found["Edges from"] == ["lines.png · 0.8"]
    assert found["LoRA"] == ["sepia · 0.8", "ink · -1"]
    assert rows(made(inputs=(INIT,)))["Change"] == ["90%"]


def test_compared_pictures_differ_in_what_went_in() -> None:
    first, second = differences([made(inputs=(CONTROL,), style="Photo"), made()], str)
    assert [(row.caption, row.text) for row in first] == [("Edges from", "lines.png 0.8"), ("Style", "Photo")]
    assert [row.text for row in second] == ["none", "none"]
    first, second = differences([made(variations=(Variation(seed, 0.3),)) for seed in (5, 6)], str)
    assert [(row.caption, row.text) for row in first + second] == [("Variation", "5 30%"), ("Variation", "6 30%")]
