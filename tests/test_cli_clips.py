"""`sana-studio generate --frames` end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app import cli
from app.core.request import Role
from app.library import paths
from app.library.pictures import images
from app.library.pictures.clips.reading import open_clip
from app.library.pictures.clips.writing import clip_file
from app.library.pictures.reading import read
from tests.backends.random_clip_checkpoint import LTX, WAN, write_clip_checkpoint

SIZE = (48, 32)
PICTURES = paths.resources() / "starter"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip_checkpoint(tmp_path_factory.mktemp("models") / "tiny-clips", WAN)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    path = tmp_path / "first.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 48, 3), np.uint8)).save(path)
    return path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str, model: Path = folder, frames: str = "5") -> tuple[int, Any, str]:
        common = ["--model", str(model), "--backend", "torch", "--steps", "2", "--seed", "5", "--precision", "float32"]
        size = ["--width", str(SIZE[0]), "--height", str(SIZE[1]), "--frames", frames] if frames else []
        status = cli.main(["generate", "a red boat", *common, *size, "--json", *arguments])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return run


def test_a_clip_is_what_was_asked_for_and_says_how_it_was_made(run: Any, tmp_path: Path) -> None:
    out, frames_out = tmp_path / "clip.mp4", tmp_path / "frames"
    status, rows, err = run("--out", str(out), "--frames-out", str(frames_out), "--fps", "12", frames="9")
    assert status == 0, err
    (row,) = rows
    assert (row["path"], row["frames"], row["fps"], row["width"], row["height"]) == (str(out), 9, 12.0, *SIZE)
    assert (row["seed"], row["backend"], row["precision"]) == (5, "torch", "float32")
    request = read(out).request
    assert (request.prompt, request.frames, request.fps, request.solver) == ("a red boat", 9, 12.0, "dpmpp")
    pictures = sorted(frames_out.iterdir())
    assert [path.name for path in pictures] == [f"frame-{number:05}.png" for number in range(1, 10)]
    with open_clip(out) as clip:
        assert (clip.count, clip.fps) == (9, 12.0)
        for path, frame in zip(pictures, clip.frames(), strict=True):
            exact = np.asarray(Image.open(path).convert("RGB")).astype(int)
            assert np.abs(exact - frame).mean() < 40  # noise loses its colours in a file of a clip


def test_a_clip_begins_with_a_picture(run: Any, first: Path, tmp_path: Path) -> None:
    """It has the picture's size, and goes on otherwise without it."""
    exact: list[np.ndarray] = []
    for name, more in (("with", ("--init-image", str(first))), ("without", ("--solver", "euler"))):
        folder = tmp_path / name
        status, _, err = run("--out", str(tmp_path / f"{name}.gif"), "--frames-out", str(folder), *more)
        assert status == 0, err
        exact.append(np.stack([np.asarray(Image.open(path)) for path in sorted(folder.iterdir())]).astype(int))
    assert exact[0].shape == exact[1].shape == (5, 32, 48, 3)
    assert np.abs(exact[0][0] - exact[1][0]).mean() > 1


def test_a_clip_begins_with_the_first_frame_of_another(run: Any, tmp_path: Path) -> None:
    """As with that frame itself, whose file is what is remembered; other roles take pictures alone."""
    shades = (np.full((32, 48, 3), shade, np.uint8) for shade in (200, 120, 40))
    earlier = tmp_path / "earlier.mp4"
    with clip_file(earlier, 8.0) as file:
        for shade in shades:
            file.add(shade)
    out = tmp_path / "next.mp4"
    status, _, err = run("--init-image", str(earlier), "--out", str(out))
    assert status == 0, err
    assert "The first frame of “earlier.mp4” is used." in err
    start = read(out).request.input(Role.INIT)
    assert abs(int(images.decode(Path(start.path)).mean()) - 200) < 4
    picture = ("--out", str(tmp_path / "next.png"))
    status, _, err = run("--init-image", str(earlier), "--mask", str(earlier), *picture, model=PICTURES, frames="")
    assert status == 2
    assert "Export one of its frames" in err
    status, _, err = run("--init-image", str(tmp_path / "gone.mp4"), "--out", str(out))
    assert status == 2
    assert "There is no clip “gone.mp4”" in err


def test_mlx_and_pytorch_give_the_same_frames(run: Any, first: Path, tmp_path: Path) -> None:
    clips = []
    for backend in ("mlx", "torch"):
        frames = tmp_path / backend
        more = ("--init-image", str(first), "--frames-out", str(frames))
        status, rows, err = run("--backend", backend, "--out", str(tmp_path / f"{backend}.mp4"), *more)
        assert status == 0, err
        assert rows[0]["backend"] == backend
        clips.append(np.stack([np.asarray(Image.open(path)) for path in sorted(frames.iterdir())]).astype(int))
    assert np.mean((clips[0] - clips[1]) ** 2) < 255**2 / 1e4  # 40 dB


def test_each_of_several_clips_has_its_own_files(run: Any, tmp_path: Path) -> None:
    frames = tmp_path / "frames"
    status, rows, _ = run("--count", "2", "--out", str(tmp_path / "c.mp4"), "--frames-out", str(frames))
    assert status == 0
    assert [Path(row["path"]).name for row in rows] == ["c-1.mp4", "c-2.mp4"]
    assert sorted(path.name for path in frames.iterdir()) == ["1", "2"]
    assert len(list((frames / "2").iterdir())) == 5


def test_no_folder_for_the_frames_is_not_this_folder(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, _ = run("--out", "clip.mp4", "--frames-out", "")
    assert status == 0
    assert [path.name for path in tmp_path.iterdir() if path.suffix] == ["clip.mp4"]


@pytest.mark.parametrize(
    ("frames", "arguments", "words"),
    [
        ("8", (), "nearest number that fits is 9"),
        ("1", (), "A single frame does not fit"),
        ("5", ("--count", "9"), "9 clips are not possible"),
        ("5", ("--width", "50"), "nearest size is 48 × 32"),
        ("5", ("--out", "clip.png"), "“clip.png” is no name for a clip"),
        ("5", ("--out", "clip.mov"), "ends in .mp4, .gif or .webp"),
        ("5", ("--out", "n" * 252 + ".mp4"), "the name is too long"),
        ("5", ("--out", "n" * 250 + ".mp4", "--count", "2"), "the name is too long"),
        ("5", ("--fps", "500"), "1 to 60"),
        ("5", ("--control", "x.png", "--control-model", "starter-edges"), "ControlNet"),
        ("5", ("--lora", "x.safetensors"), "x.safetensors"),
    ],
)
def test_what_does_not_fit_is_refused_before_the_work(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frames: str, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    status, rows, err = run("--out", "clip.mp4", *arguments, frames=frames)
    assert (status, rows) == (2, None)
    assert words in err
    assert "step 1" not in err
    assert not list(tmp_path.glob("*.mp4"))


def test_a_first_frame_takes_no_mask_and_no_strength(run: Any, first: Path, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "clip.mp4"), "--init-image", str(first))
    status, _, err = run(*out, "--mask", str(first))
    assert status == 2
    assert "Remove the mask" in err
    status, _, err = run(*out, "--strength", "0.5")
    assert status == 2
    assert "--strength" in err


def test_a_model_of_pictures_makes_no_clips(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    frames_out = ["--frames-out", str(tmp_path / "frames")]
    for name, arguments in (("a.png", ["--frames", "9"]), ("a.mp4", ["--frames", "9"]), ("a.png", frames_out)):
        assert cli.main(["generate", "a boat", "--backend", "torch", "--out", str(tmp_path / name), *arguments]) == 2
        assert "makes pictures, not clips" in capsys.readouterr().err


def test_weights_of_another_shape_are_named(run: Any, tmp_path: Path) -> None:
    model = write_clip_checkpoint(tmp_path / "broken", LTX)
    path = model / "vae" / "config.json"
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, "decoder_block_out_channels": [8, 16, 64]}))
    status, _, err = run(
        "--width", "64", "--height", "64", "--out", str(tmp_path / "clip.mp4"), model=model, frames="9"
    )
    assert status == 2
    assert "do not fit their config.json" in err


def test_what_tests_with_pictures_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("self-test", "bench"):
        assert cli.main([command, "--backend", "torch", "--model", str(folder)]) == 2
        assert "makes clips" in capsys.readouterr().err
