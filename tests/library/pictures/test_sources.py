"""No place on this machine goes out with a picture; its files are found again by what is in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.output import Provenance
from app.core.request import GenerationRequest, ImageInput, LoraUse, Role
from app.library.pictures import images
from app.library.pictures.export.copying import export

USER = "maria-secret-home"
FORMATS = ("png", "jpeg", "webp")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Users" / USER
    folder.mkdir(parents=True)
    for name, grey in (("beach.png", 90), ("mask.png", 255), ("edges.png", 10)):
        Image.fromarray(np.full((8, 8, 3), grey, np.uint8)).save(folder / name)
    (folder / "style.safetensors").write_bytes(b"weights")
    (folder / "my-sana").mkdir()
    (folder / "my-net").mkdir()
    return folder


def request(folder: Path) -> GenerationRequest:
    return GenerationRequest(
        "a house", model=str(folder / "my-sana"), width=32, height=32, steps=2, guidance=1.0, solver="euler", seed=3,
        inputs=(
            ImageInput(Role.INIT, str(folder / "beach.png"), 0.5),
            ImageInput(Role.MASK, str(folder / "mask.png")),
            ImageInput(Role.CONTROL, str(folder / "edges.png"), 0.8, model=str(folder / "my-net")),
        ),
        loras=(LoraUse(str(folder / "style.safetensors"), 0.7),),
    )  # fmt: skip


def saved(folder: Path, file_format: str, where: Path) -> images.Picture:
    return images.save(np.zeros((32, 32, 3), np.uint8), request(folder), Provenance(), where, file_format)


def holds(path: Path, text: str) -> bool:
    """Whether a file holds a text in any of the encodings that metadata use."""
    data = path.read_bytes()
    return any(text.encode(code) in data for code in ("utf-8", "utf-16-le", "utf-16-be"))


@pytest.mark.parametrize("file_format", FORMATS)
def test_no_place_goes_out_with_a_picture(folder: Path, tmp_path: Path, file_format: str) -> None:
    picture = saved(folder, file_format, tmp_path / "out")
    assert holds(picture.path, "beach.png")
    assert holds(picture.path, "my-sana")
    assert not holds(picture.path, USER)
    assert not holds(picture.path, str(tmp_path))
    for suffix in (".png", ".jpg", ".webp"):
        copy = tmp_path / f"exported{suffix}"
        export(picture.path, copy)
        assert holds(copy, "beach.png")
        assert not holds(copy, USER)


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_files_are_found_again(folder: Path, tmp_path: Path, file_format: str) -> None:
    found = images.read(saved(folder, file_format, tmp_path / "out").path).request
    assert found is not None
    assert [(item.path, item.name, item.strength) for item in found.inputs] == [
        (str(folder / name), name, strength)
        for name, strength in (("beach.png", 0.5), ("mask.png", 1), ("edges.png", 0.8))
    ]
    assert [(lora.path, lora.weight) for lora in found.loras] == [(str(folder / "style.safetensors"), 0.7)]
    assert found.model == str(folder / "my-sana")


def test_another_file_in_its_place_is_not_taken_for_it(folder: Path, tmp_path: Path) -> None:
    picture = saved(folder, "png", tmp_path / "out")
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(folder / "beach.png")
    (folder / "mask.png").unlink()
    found = images.read(picture.path).request
    assert found is not None
    start, mask, control = found.inputs
    assert (start.path, start.name, len(start.digest)) == ("", "beach.png", 64)
    assert (mask.path, mask.name) == ("", "mask.png")
    assert control.path


def test_on_another_machine_only_names_are_known(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = saved(folder, "png", tmp_path / "out")
    monkeypatch.setenv("SANA_STUDIO_HOME", str(tmp_path / "elsewhere"))
    found = images.read(picture.path).request
    assert found is not None
    assert [*(item.path for item in found.inputs), *(lora.path for lora in found.loras)] == [""] * 4
    assert found.model == "my-sana"


def test_models_that_are_no_places_keep_their_names(tmp_path: Path) -> None:
    for model in ("starter", "nvidia/sana"):
        plain = GenerationRequest("x", model=model, width=32, height=32, steps=2, seed=3)
        picture = images.save(np.zeros((32, 32, 3), np.uint8), plain, Provenance(), tmp_path / "out")
        found = images.read(picture.path).request
        assert found is not None
        assert found.model == model
