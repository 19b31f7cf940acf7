"""A finished clip moves into the pictures' folder."""

from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.output import ClipOutput, Provenance
from app.core.request import GenerationRequest
from app.library.pictures import clips

REQUEST = GenerationRequest(prompt="a red sailboat", model="starter", backend="torch", seed=7)
MADE = Provenance(model="Sana Video")


@pytest.fixture
def clip(tmp_path: Path) -> ClipOutput:
    """As the worker leaves it, in a folder of ours."""
    path = tmp_path / "work" / "clip.mp4"
    path.parent.mkdir()
    path.write_bytes(b"frames")
    return ClipOutput(path, 832, 480, 81, 16.0)


def test_it_moves_there_with_how_it_was_made(clip: ClipOutput, tmp_path: Path) -> None:
    folder = tmp_path / "Pictures" / "new"
    kept = clips.keep(clip, REQUEST, MADE, folder)
    assert list(folder.iterdir()) == [kept.path]
    assert kept.path.read_bytes() == b"frames"
    assert kept.path.suffix == ".mp4"
    assert "a red sailboat" in kept.path.stem.replace("-", " ")
    assert not clip.path.exists()
    assert (kept.width, kept.height, kept.request, kept.provenance) == (832, 480, REQUEST, MADE)


def test_a_taken_name_gets_a_number(clip: ClipOutput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.library.pictures.clips.time.time", lambda: 1_700_000_000.0)
    first = clips.keep(clip, REQUEST, MADE, tmp_path)
    clip.path.write_bytes(b"other frames")
    second = clips.keep(clip, REQUEST, MADE, tmp_path)
    assert second.path.name == f"{first.path.stem} (2).mp4"
    assert (first.path.read_bytes(), second.path.read_bytes()) == (b"frames", b"other frames")


def test_a_folder_that_cannot_be_written_to_is_named_and_the_clip_stays(clip: ClipOutput, tmp_path: Path) -> None:
    folder = tmp_path / "Pictures"
    folder.write_text("a file is in the way")
    with pytest.raises(UserError, match="The clip could not be saved") as caught:
        clips.keep(clip, REQUEST, MADE, folder)
    assert str(folder) in str(caught.value)
    assert clip.path.read_bytes() == b"frames"
