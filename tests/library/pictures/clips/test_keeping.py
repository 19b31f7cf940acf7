"""A finished clip becomes a file of its user's, which says how it was made."""

import json
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.output import ClipOutput, Provenance
from app.core.request import GenerationRequest, ImageInput, Role
from app.library.pictures.clips import keeping
from app.library.pictures.clips.reading import open_clip
from app.library.pictures.clips.writing import write_clip
from app.library.pictures.metadata import OWN_KEY, from_json
from tests.library.pictures.clips.scenes import moving_square, psnr

REQUEST = GenerationRequest(prompt="a red sailboat", model="starter", backend="torch", seed=7, frames=9, fps=8.0)
MADE = Provenance(model="Sana Video", licence="NVIDIA Open Model License", licence_url="https://example.org/l")


@pytest.fixture
def clip(tmp_path: Path) -> ClipOutput:
    """As the worker leaves it, in a folder of ours."""
    return write_clip(tmp_path / "work" / "clip.mp4", moving_square(9), 8.0)


def test_it_moves_there_with_how_it_was_made(clip: ClipOutput, tmp_path: Path) -> None:
    with open_clip(clip.path) as before:
        first = before.frame(0)
    folder = tmp_path / "Pictures" / "new"
    kept = keeping.keep(clip, REQUEST, MADE, folder)
    assert list(folder.iterdir()) == [kept.path]
    assert kept.path.suffix == ".mp4"
    assert "a red sailboat" in kept.path.stem.replace("-", " ")
    assert not clip.path.exists()
    assert (kept.width, kept.height, kept.request, kept.provenance) == (96, 64, REQUEST, MADE)
    with open_clip(kept.path) as after:
        assert (after.frame(0) == first).all(), "the pictures were encoded again"
        own = from_json(after.texts[OWN_KEY])
        assert own is not None
        assert own[:2] == (REQUEST, MADE)
        assert after.texts["Title"] == "a red sailboat"
        assert "Seed: 7" in after.texts["parameters"]
        assert after.texts["Copyright"] == "NVIDIA Open Model License https://example.org/l"
        assert "trainedAlgorithmicMedia" in after.texts["XML:com.adobe.xmp"]


def test_no_path_of_this_machine_goes_along(clip: ClipOutput, tmp_path: Path) -> None:
    start = tmp_path / "private" / "start.png"
    start.parent.mkdir()
    start.write_bytes(b"a picture")
    request = REQUEST.replace(inputs=(ImageInput(Role.INIT, str(start)),), model=str(tmp_path / "private" / "my-model"))
    kept = keeping.keep(clip, request, MADE, tmp_path / "Pictures")
    data = kept.path.read_bytes()
    assert str(tmp_path).encode() not in data
    assert b"start.png" in data
    with open_clip(kept.path) as after:
        assert json.loads(after.texts[OWN_KEY])["request"]["model"] == "my-model"


def test_a_taken_name_gets_a_number(clip: ClipOutput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.library.pictures.clips.keeping.time.time", lambda: 1_700_000_000.0)
    first = keeping.keep(clip, REQUEST, MADE, tmp_path)
    again = write_clip(clip.path, moving_square(5), 8.0)
    second = keeping.keep(again, REQUEST, MADE, tmp_path)
    assert second.path.name == f"{first.path.stem} (2).mp4"
    with open_clip(first.path) as one, open_clip(second.path) as two:
        assert (one.count, two.count) == (9, 5)


def test_a_folder_that_cannot_be_written_to_is_named_and_the_clip_stays(clip: ClipOutput, tmp_path: Path) -> None:
    folder = tmp_path / "Pictures"
    folder.write_text("a file is in the way")
    with pytest.raises(UserError, match="The clip could not be saved") as caught:
        keeping.keep(clip, REQUEST, MADE, folder)
    assert str(folder) in str(caught.value)
    assert clip.path.exists()


@pytest.mark.parametrize("name", ["named.mp4", "named.gif", "named.webp"])
def test_it_becomes_the_file_that_was_named(clip: ClipOutput, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    target.write_bytes(b"older")
    kept = keeping.save_as(clip, REQUEST, MADE, target)
    assert kept.path == target
    assert not clip.path.exists()
    with open_clip(target) as after:
        assert (after.width, after.height, after.count) == (96, 64, 9)
        assert after.fps == pytest.approx(8.0, rel=0.02)
        assert min(psnr(wanted, got) for wanted, got in zip(moving_square(9), after.frames(), strict=True)) > 24
        own = from_json(after.texts[OWN_KEY])
        assert own is not None
        assert own[0] == REQUEST


def test_another_suffix_is_refused_and_the_clip_stays(clip: ClipOutput, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no name for a clip"):
        keeping.save_as(clip, REQUEST, MADE, tmp_path / "named.avi")
    assert clip.path.exists()
