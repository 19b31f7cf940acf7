"""Each picture says in XMP what made it, and keeps what it says of itself, in every format."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from app.core.enlarge import Enlarged
from app.core.output import Provenance
from app.core.request import GenerationRequest, ImageInput, Role
from app.library.pictures import images
from app.library.pictures.export.copying import export
from app.library.pictures.export.enlarged import save_enlarged

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


PHOTO_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Hamburg"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("model", [None, "Starter"])
@pytest.mark.parametrize("xmp", [PHOTO_XMP, b""])
def test_a_photo_that_a_model_painted_into_says_so_and_keeps_its_own_words(
    home: Path, tmp_path: Path, suffix: str, model: str | None, xmp: bytes
) -> None:
    photo = tmp_path / "photo.jpg"
    Image.fromarray(PIXELS).save(photo, xmp=xmp)
    made = Provenance(enlarged=Enlarged(ImageInput(Role.INIT, str(photo)), 2, "SPAN x4", 0.2 if model else None, model))
    large = save_enlarged(PIXELS, photo, tmp_path / f"large{suffix}", made)
    data = large.path.read_bytes()
    assert (b"digitalsourcetype/compositeWithTrainedAlgorithmicMedia" in data) == (model is not None)
    assert (b"Hamburg" in data) == bool(xmp)
    with Image.open(large.path) as image:
        packet = image.info.get("xmp", image.info.get("XML:com.adobe.xmp", b""))
    if packet:
        ElementTree.fromstring(packet)
    plain = export(large.path, tmp_path / f"plain{suffix}", words=False).read_bytes()
    assert b"Hamburg" not in plain
    assert (b"digitalsourcetype/compositeWithTrainedAlgorithmicMedia" in plain) == (model is not None)
