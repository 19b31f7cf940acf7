from __future__ import annotations

import numpy as np
import pytest

from app.core.errors import NotFiniteError
from app.diffusion.guidance import guided_velocity, together, trimmed
from app.diffusion.model import Conditioning
from app.diffusion.noise import Noise
from app.diffusion.sampler import Start, Step, sample
from app.diffusion.solvers import make_solver

SHAPE = (1, 4, 6, 5)
PROMPT = Conditioning(np.ones((1, 3, 2), np.float32), np.ones((1, 3), np.float32))
NEGATIVE = Conditioning(np.zeros((1, 1, 2), np.float32), np.ones((1, 1), np.float32))


class Painter:
    """A model that knows one picture by heart: its velocity always points from the picture to the noise.

    For flow matching that velocity makes any solver land on the picture exactly.
    """

    latent_channels = 4
    spatial_factor = 8

    def __init__(self, picture: np.ndarray, *, guidance_embeds: bool = False, batched_guidance: bool = False) -> None:
        self.picture = picture
        self.guidance_embeds = guidance_embeds
        self.batched_guidance = batched_guidance
        self.calls: list[tuple[int, float, float | None]] = []
        self.broken_at = 0

    def velocity(
        self, latents: np.ndarray, timestep: float, conditioning: Conditioning, guidance: float | None = None
    ) -> np.ndarray:
        self.calls.append((len(latents), timestep, guidance))
        sigma = timestep if self.guidance_embeds else timestep / 1000
        velocity = (latents - self.picture * conditioning.embeddings.mean((1, 2), keepdims=True)[..., None]) / sigma
        if len(self.calls) == self.broken_at:
            velocity[..., -1, -1] = np.nan
        return velocity.astype(np.float32)


def paint(model: Painter, solver: str = "euler", steps: int = 6, seed: int = 1, **options: object) -> list[Step]:
    return list(sample(model, make_solver(solver, steps, 3.0), Noise(seed), SHAPE[2:], PROMPT, **options))  # type: ignore[arg-type]


@pytest.fixture
def picture() -> np.ndarray:
    return Noise(99).draw(SHAPE)


@pytest.mark.parametrize("solver", ["euler", "dpmpp"])
def test_lands_on_the_picture(picture: np.ndarray, solver: str) -> None:
    steps = paint(Painter(picture), solver)
    assert [step.number for step in steps] == [1, 2, 3, 4, 5, 6]
    assert {step.total for step in steps} == {6}
    # DPM-Solver++ tells the transformer whole timesteps, so its sigma is off by up to 0.001.
    assert np.abs(steps[-1].denoised - picture).max() < (1e-5 if solver == "euler" else 0.02)


@pytest.mark.parametrize("solver", ["euler", "dpmpp", "scm"])
def test_the_seed_decides(solver: str) -> None:
    class Bent(Painter):
        def velocity(self, latents: np.ndarray, *others: object) -> np.ndarray:  # type: ignore[override]
            return np.tanh(latents)

    model = Bent(np.zeros(SHAPE, np.float32), guidance_embeds=solver == "scm")
    first, same, other = (paint(model, solver, seed=seed)[-1].denoised for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert np.abs(first - other).max() > 0.1


def test_classifier_free_guidance_is_the_same_in_one_batch(picture: np.ndarray) -> None:
    latents = Noise(2).draw(SHAPE)
    one, two = (
        guided_velocity(Painter(picture, batched_guidance=batched), latents, 500.0, PROMPT, NEGATIVE, 3.0)
        for batched in (True, False)
    )
    expected = (latents - 3 * picture) / 0.5  # without the prompt the painter sees an empty picture
    assert np.allclose(one, two, atol=1e-5)
    assert np.allclose(two, expected, atol=1e-4)


def test_passes_of_the_transformer(picture: np.ndarray) -> None:
    batched, two_passes, without = (Painter(picture, batched_guidance=True), Painter(picture), Painter(picture))
    embedded = Painter(picture, guidance_embeds=True)
    paint(batched, negative=NEGATIVE, guidance=4.5)
    paint(two_passes, negative=NEGATIVE, guidance=4.5)
    paint(without)
    paint(embedded, "scm", steps=2, guidance=4.5)
    assert [size for size, _, _ in batched.calls] == [2] * 6
    assert [size for size, _, _ in two_passes.calls] == [1] * 12
    assert [size for size, _, _ in without.calls] == [1] * 6
    assert [guidance for _, _, guidance in without.calls] == [None] * 6
    assert [(size, guidance) for size, _, guidance in embedded.calls] == [(1, 4.5)] * 2


@pytest.mark.parametrize("solver", ["euler", "dpmpp", "scm"])
@pytest.mark.parametrize("strength", [0.4, 1.0])
def test_what_the_mask_keeps_is_kept_exactly(picture: np.ndarray, solver: str, strength: float) -> None:
    start = Noise(5).draw(SHAPE)
    mask = np.zeros((1, 1, *SHAPE[2:]), np.float32)
    mask[..., 2:4, 1:3] = 1
    model = Painter(picture, guidance_embeds=solver == "scm")
    steps = paint(model, solver, start=Start(start, strength, mask))
    kept = np.broadcast_to(mask == 0, SHAPE)
    for step in steps:
        assert np.array_equal(step.denoised[kept], start[kept])
    assert np.abs(steps[-1].denoised - start)[~kept].max() > 0.1


def test_strength_is_how_many_steps_are_done(picture: np.ndarray) -> None:
    start = Start(Noise(5).draw(SHAPE), 0.5)
    steps = paint(Painter(picture), steps=10, start=start)
    assert [step.number for step in steps] == [1, 2, 3, 4, 5]
    assert {step.total for step in steps} == {5}


def test_full_strength_ignores_the_picture(picture: np.ndarray) -> None:
    from_picture = paint(Painter(picture), start=Start(Noise(5).draw(SHAPE), 1.0))
    assert np.array_equal(from_picture[-1].denoised, paint(Painter(picture))[-1].denoised)


def test_nan_in_the_embedding_is_named(picture: np.ndarray) -> None:
    broken = Conditioning(np.full((1, 3, 2), np.inf, np.float32), PROMPT.mask)
    with pytest.raises(NotFiniteError) as caught:
        paint(Painter(picture), negative=broken, guidance=2.0)
    assert caught.value.place == "the prompt embedding"


@pytest.mark.parametrize("number", [1, 4])
def test_nan_in_a_velocity_is_named(picture: np.ndarray, number: int) -> None:
    model = Painter(picture)
    model.broken_at = number
    with pytest.raises(NotFiniteError) as caught:
        paint(model)
    assert caught.value.place == f"the velocity of step {number}"


def test_nan_in_the_latents_is_named(picture: np.ndarray) -> None:
    encoded = np.full(SHAPE, np.inf, np.float32)  # what a broken encoder gives
    with np.errstate(invalid="ignore"), pytest.raises(NotFiniteError) as caught:
        paint(Painter(picture), steps=1, start=Start(encoded, 1.0, np.zeros((1, 1, *SHAPE[2:]), np.float32)))
    assert caught.value.place == "the latents"


def test_trimming_takes_the_padding_away() -> None:
    mask = np.array([[1, 1, 0, 0]], np.float32)
    short = trimmed(Conditioning(Noise(1).draw((1, 4, 2)), mask, 2, "rest"))
    assert short.embeddings.shape == (1, 2, 2)
    assert (short.tokens, short.cut) == (2, "rest")
    assert trimmed(Conditioning(np.ones((1, 4, 2), np.float32), np.zeros((1, 4), np.float32))).mask.shape == (1, 1)


def test_a_batch_of_two_pads_the_shorter() -> None:
    both = together(NEGATIVE, PROMPT)
    assert both.embeddings.shape == (2, 3, 2)
    assert both.mask.tolist() == [[1, 0, 0], [1, 1, 1]]
    assert not both.embeddings[0, 1:].any()
