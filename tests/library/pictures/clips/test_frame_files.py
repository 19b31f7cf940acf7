"""Frames become numbered files on their way."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.errors import UserError
from app.library.pictures.clips.frame_files import saved
from tests.library.pictures.clips.scenes import moving_square


def test_each_frame_is_saved_exactly_and_passed_on(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "frames"
    passed = saved(moving_square(5), folder)
    next(passed)
    assert [file.name for file in folder.iterdir()] == ["frame-00001.png"], "they are not saved as they come"
    assert len(list(passed)) == 4
    assert sorted(file.name for file in folder.iterdir()) == [f"frame-0000{number}.png" for number in range(1, 6)]
    for path, frame in zip(sorted(folder.iterdir()), moving_square(5), strict=True):
        with Image.open(path) as image:
            assert (np.asarray(image) == frame).all()


def test_a_shorter_clip_leaves_no_frames_of_the_longer_one_and_other_files_alone(tmp_path: Path) -> None:
    list(saved(moving_square(5), tmp_path))
    (tmp_path / "frame-notes.png").write_bytes(b"mine")
    list(saved(moving_square(2), tmp_path))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["frame-00001.png", "frame-00002.png", "frame-notes.png"]


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="The frames could not be saved"):
        list(saved(moving_square(2), tmp_path / "file"))
