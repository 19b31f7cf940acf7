"""Each picture says in XMP what made it, and keeps what it says of itself, in every format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.core.output import Provenance
from app.core.request import GenerationRequest, ImageInput, Role
from app.library.pictures import images
from app.library.pictures.export.copying import export

PIXELS = np.arange(64 * 64 * 3, dtype=np.uint32).reshape(64, 64, 3).astype(np.uint8)
START, MASK = ImageInput(Role.INIT, "/home/somebody/house.png", 0.5), ImageInput(Role.MASK, "/home/somebody/mask.png")
SUFFIXES = [".png", ".jpg", ".webp", ".avif"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("inputs", "kind"),
    [((), "trainedAlgorithmicMedia"), ((START, MASK), "compositeWithTrainedAlgorithmicMedia")],
)
def test_whole_and_repaired_pictures_say_so_and_tell_no_place(
    home: Path, tmp_path: Path, suffix: str, inputs: tuple[ImageInput, ...], kind: str
) -> None:
    request = GenerationRequest(
        "a 猫", width=64, height=64, steps=3, guidance=2.0, seed=7, solver="euler", inputs=inputs
    )
    made = images.save_as(PIXELS, request, Provenance(), tmp_path / f"a{suffix}")
    for other in SUFFIXES:
        copy = export(made.path, tmp_path / f"copy of {suffix[1:]}{other}")
        data = copy.read_bytes()
        assert f"digitalsourcetype/{kind}".encode() in data
        assert b"somebody" not in data
        read = images.read(copy)
        assert (read.prompt, read.seed) == ("a 猫", 7)
        assert read.request is not None
        assert [item.name for item in read.request.inputs] == [Path(item.path).name for item in inputs]
