"""Clips with PyTorch against diffusers' own pipelines, from the same noise: text and picture to video, both solvers."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.diffusion.families.sana_video import MOTION_SCORE
from app.diffusion.model import Pixels
from app.diffusion.noise import Noise
from app.diffusion.sampler import sample
from app.diffusion.solvers import make_solver
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from tests.backends.random_clip_checkpoint import LTX, WAN, write_clip_checkpoint

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")

PROMPT, NEGATIVE = "a red sailboat on the sea", "a blue house"
STEPS, GUIDANCE, SEED = 3, 6.0, 7
ENOUGH = 60.0
"""dB; 85 to 92 were measured."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        kind: write_clip_checkpoint(tmp_path_factory.mktemp("checkpoint"), kind, max_positions=2048)
        for kind in (WAN, LTX)
    }


@pytest.mark.parametrize(
    ("kind", "solver", "size", "frames", "pictured"),
    [
        (WAN, "dpmpp", (48, 32), 9, False),
        (WAN, "euler", (32, 48), 5, True),
        (LTX, "euler", (64, 96), 17, False),
        (LTX, "dpmpp", (96, 64), 9, True),
    ],
)
def test_a_clip_is_that_of_diffusers(
    folders: dict[str, Path], kind: str, solver: str, size: tuple[int, int], frames: int, pictured: bool
) -> None:
    checkpoint = open_checkpoint(folders[kind])
    width, height = size
    first = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8) if pictured else None
    factor = checkpoint.spatial_factor
    shape = ((frames - 1) // checkpoint.temporal_factor + 1, height // factor, width // factor)
    right = _of_diffusers(checkpoint, solver, size, frames, shape, first)
    found = _ours(checkpoint, solver, shape, first)
    assert found.shape == right.shape == (frames, height, width, 3)
    error = np.mean((found.astype(float) - right) ** 2)
    assert 10 * np.log10(255**2 / max(error, 1e-9)) > ENOUGH


def _ours(checkpoint: Checkpoint, solver: str, shape: tuple[int, ...], first: Pixels | None) -> Pixels:
    from app.backends.local.torch.video.model import TorchClipModel

    model = TorchClipModel(checkpoint, "float32", "cpu")
    prompt, negative = model.encode_prompt(PROMPT), model.encode_prompt(NEGATIVE, negative=True)
    held = None if first is None else model.encode_image(first[None])
    steps = make_solver(solver, STEPS, model.shift(0, 0, STEPS), checkpoint.solver_order)
    *_, last = sample(model, steps, Noise(SEED), shape, prompt, negative, GUIDANCE, held=held)
    if held is not None:
        assert np.array_equal(last.denoised[:, :, :1], held)
    pieces = list(model.decode_frames(last.denoised))
    assert max(len(piece) for piece in pieces) < sum(len(piece) for piece in pieces)
    return np.concatenate(pieces)


def _of_diffusers(
    checkpoint: Checkpoint, solver: str, size: tuple[int, int], frames: int, shape: tuple[int, ...],
    first: Pixels | None,
) -> np.ndarray:  # fmt: skip
    kind = diffusers.SanaVideoPipeline if first is None else diffusers.SanaImageToVideoPipeline
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = kind.from_pretrained(checkpoint.folder)
    pipeline.set_progress_bar_config(disable=True)
    if solver == "euler":
        pipeline.scheduler = diffusers.FlowMatchEulerDiscreteScheduler(shift=8.0)
    noise = Noise(SEED).draw((1, checkpoint.latent_channels, *shape))
    more: dict[str, Any] = {} if first is None else {"image": Image.fromarray(first)}
    # The width and height of the check: multiples of 32, though the network of 480p takes those of 16.
    pipeline.check_inputs = lambda *arguments, **named: None
    clip = pipeline(
        prompt=f"{PROMPT} motion score: {MOTION_SCORE}.", negative_prompt=NEGATIVE, width=size[0], height=size[1],
        frames=frames, num_inference_steps=STEPS, guidance_scale=GUIDANCE, use_resolution_binning=False,
        latents=torch.from_numpy(noise), output_type="np", **more,
    ).frames[0]  # fmt: skip
    return (clip * 255).round()


@pytest.mark.parametrize(("kind", "latents", "side"), [(WAN, (1, 16, 2, 8, 4), 48), (LTX, (1, 8, 2, 6, 2), 128)])
def test_a_frame_in_tiles_is_nearly_that_of_one_piece(
    folders: dict[str, Path], kind: str, latents: tuple[int, ...], side: int
) -> None:
    """Where memory is short, tiles blend into each other. With random weights all that a tile does not see shows."""
    from app.backends.local.torch.video import autoencoder
    from app.backends.local.torch.video.networks import fill_half, load_autoencoder

    checkpoint = open_checkpoint(folders[kind])
    vae = load_autoencoder(checkpoint)
    fill_half(vae, "decoder", checkpoint, "cpu", torch.float32)
    noise, factor = torch.from_numpy(Noise(1).draw(latents)), checkpoint.spatial_factor
    done: list[tuple[int, int]] = []
    whole = np.concatenate(list(autoencoder.decode(vae, noise, factor, 1 << 60)))
    tiled = np.concatenate(list(autoencoder.decode(vae, noise, factor, 1, lambda *counted: done.append(counted), side)))
    assert whole.shape == tiled.shape
    assert done == [(number + 1, len(done)) for number in range(len(done))]
    assert len(done) >= 2
    spread = np.abs(whole.astype(int) - whole.mean()).mean()
    assert np.abs(whole.astype(int) - tiled).mean() < spread / 2
