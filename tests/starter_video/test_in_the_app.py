"""The bundled checkpoint for clips in the app: there at the first start, on both backends, with its own limits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import cli
from app.composition import local_backends
from app.core.request import GenerationRequest
from app.diffusion.families import sana_video
from app.library import paths
from app.library.models.vocabulary import read_vocabulary

MODEL = "starter-video"
GUIDANCE = 2.5
MOVING = "a red sailboat on the left on the sea at sunset, sailing to the right"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture as large as the picture model's."""
    path = tmp_path / "first.png"
    Image.radial_gradient("L").convert("RGB").save(path)
    return path


@pytest.mark.usefixtures("warm")
def test_both_backends_make_the_same_clip_from_a_picture(
    picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips = []
    for backend in ("torch", "mlx"):
        frames = tmp_path / backend
        status = cli.main(
            ["generate", MOVING, "--model", MODEL, "--backend", backend, "--precision", "float32", "--steps", "4",
             "--seed", "3", "--init-image", str(picture), "--frames-out", str(frames), "--out",
             str(tmp_path / f"{backend}.mp4"), "--json"]
        )  # fmt: skip
        out, err = capsys.readouterr()
        assert status == 0, err
        (row,) = json.loads(out)
        assert (row["model"], row["frames"], row["fps"], row["width"], row["height"]) == (
            "Starter Video", 17, 16.0, 96, 96,
        )  # fmt: skip
        pictures = [Image.open(path).convert("RGB") for path in sorted(frames.iterdir())]
        clips.append(np.stack([np.asarray(each, float) for each in pictures]))
    assert 10 * np.log10(255**2 / max(1e-9, np.mean((clips[0] - clips[1]) ** 2))) >= 40
    begun = np.asarray(Image.open(picture).convert("RGB").resize((96, 96)), float)
    assert np.abs(clips[0][0] - begun).mean() < 12, "it begins with the picture"


@pytest.mark.parametrize("backend", ["torch", "mlx"])
def test_its_limits_are_what_it_was_trained_with(backend: str) -> None:
    can = local_backends()[backend].capabilities(MODEL)
    assert can.clip is not None
    assert (can.own_size, can.clip.frames.default, can.clip.fps.default) == ((96, 96), 17, 16)
    assert can.clip.frames.maximum == 33
    assert can.clip.draft_frames is None, "a usual clip is as short"
    assert (can.usual_negative, can.start_solver) == ("", "euler")
    resolved = can.resolve(GenerationRequest(MOVING, model=MODEL))
    assert (resolved.steps, resolved.guidance, resolved.solver, resolved.negative) == (20, GUIDANCE, "dpmpp", "")


@pytest.mark.parametrize("backend", ["torch", "mlx"])
def test_its_memory_is_what_was_measured(backend: str) -> None:
    chosen = local_backends()[backend]
    request = chosen.capabilities(MODEL).resolve(GenerationRequest(MOVING, model=MODEL, precision="float32"))
    assert 100e6 < (chosen.estimate(request).peak_memory_bytes or 0) < 600e6


def test_a_prompt_is_read_without_an_instruction() -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(paths.resources() / "starter_video" / "tokenizer" / "tokenizer.json"))
    read = sana_video.tokenize(tokenizer, MOVING, 64)
    assert tokenizer.decode(list(read.ids)) == MOVING


def test_it_knows_the_words_of_its_examples_and_of_the_picture_models() -> None:
    own, pictures = (read_vocabulary(paths.resources() / name) for name in ("starter_video", "starter"))
    assert own is not None
    assert pictures is not None
    for prompt in (*own.examples, *pictures.examples, MOVING):
        assert own.unknown(prompt) == (), prompt
