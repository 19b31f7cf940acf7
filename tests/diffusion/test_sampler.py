from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest

from app.core.errors import NotFiniteError
from app.core.request import Variation
from app.diffusion.guidance import guided_velocity
from app.diffusion.model import Conditioning, LatentModel
from app.diffusion.noise import Noise
from app.diffusion.sampler import Start, Step, sample
from app.diffusion.solvers import make_solver

SHAPE = (1, 4, 6, 5)
CLIP = (1, 4, 3, 6, 5)
"""Latents with an axis of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Conditioning):
    """How much of the picture is wanted: nothing that the sampler could know."""

    share: float


PROMPT, NEGATIVE = Share(share=1.0), Share(share=0.0)


class OnePicture:
    """A model that knows one picture by heart: its velocity always points from the picture to the noise.

    For flow matching that velocity makes any solver land on the picture exactly.
    """

    latent_channels = 4
    spatial_factor = 8

    def __init__(self, picture: np.ndarray, *, guidance_embeds: bool = False) -> None:
        self.picture = picture
        self.guidance_embeds = guidance_embeds
        self.calls: list[tuple[int, float, float | None]] = []
        self.broken_at = 0

    def velocity(
        self, latents: np.ndarray, timestep: float, conditionings: Sequence[Share], guidance: float | None = None
    ) -> np.ndarray:
        self.calls.append((len(conditionings), timestep, guidance))
        sigma = timestep if self.guidance_embeds else timestep / 1000
        velocity = np.concatenate([(latents - self.picture * each.share) / sigma for each in conditionings])
        if len(self.calls) == self.broken_at:
            velocity[..., -1, -1] = np.nan
        return velocity.astype(np.float32)


def generate(model: OnePicture, solver: str = "euler", steps: int = 6, seed: int = 1, **options: object) -> list[Step]:
    size = model.picture.shape[2:]
    return list(sample(model, make_solver(solver, steps, 3.0), Noise(seed), size, PROMPT, **options))  # type: ignore[arg-type]


@pytest.fixture
def picture() -> np.ndarray:
    return Noise(99).draw(SHAPE)


@pytest.mark.parametrize("solver", ["euler", "dpmpp"])
def test_lands_on_the_picture(picture: np.ndarray, solver: str) -> None:
    steps = generate(OnePicture(picture), solver)
    assert [step.number for step in steps] == [1, 2, 3, 4, 5, 6]
    assert {step.total for step in steps} == {6}
    # DPM-Solver++ tells the transformer whole timesteps, so its sigma is off by up to 0.001.
    assert np.abs(steps[-1].denoised - picture).max() < (1e-5 if solver == "euler" else 0.02)


@pytest.mark.parametrize("solver", ["euler", "dpmpp", "scm"])
def test_the_seed_decides(solver: str) -> None:
    class Bent(OnePicture):
        def velocity(self, latents: np.ndarray, *others: object) -> np.ndarray:
            return np.tanh(latents)

    model = Bent(np.zeros(SHAPE, np.float32), guidance_embeds=solver == "scm")
    first, same, other = (generate(model, solver, seed=seed)[-1].denoised for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert np.abs(first - other).max() > 0.1


def test_classifier_free_guidance_goes_away_from_the_negative_prompt(picture: np.ndarray) -> None:
    latents = Noise(2).draw(SHAPE)
    velocity = guided_velocity(cast(LatentModel, OnePicture(picture)), latents, 500.0, PROMPT, NEGATIVE, 3.0)
    expected = (latents - 3 * picture) / 0.5  # without the prompt the model sees an empty picture
    assert velocity.shape == SHAPE
    assert np.allclose(velocity, expected, atol=1e-4)


def test_each_step_asks_once_with_all_its_conditionings(picture: np.ndarray) -> None:
    both, without = OnePicture(picture), OnePicture(picture)
    embedded = OnePicture(picture, guidance_embeds=True)
    generate(both, negative=NEGATIVE, guidance=4.5)
    generate(without)
    generate(embedded, "scm", steps=2, guidance=4.5)
    assert [size for size, _, _ in both.calls] == [2] * 6
    assert [size for size, _, _ in without.calls] == [1] * 6
    assert [guidance for _, _, guidance in without.calls] == [None] * 6
    assert [(size, guidance) for size, _, guidance in embedded.calls] == [(1, 4.5)] * 2


@pytest.mark.parametrize("solver", ["euler", "dpmpp", "scm"])
@pytest.mark.parametrize("strength", [0.4, 1.0])
def test_what_the_mask_keeps_is_kept_exactly(picture: np.ndarray, solver: str, strength: float) -> None:
    start = Noise(5).draw(SHAPE)
    mask = np.zeros((1, 1, *SHAPE[2:]), np.float32)
    mask[..., 2:4, 1:3] = 1
    model = OnePicture(picture, guidance_embeds=solver == "scm")
    steps = generate(model, solver, start=Start(start, strength, mask))
    kept = np.broadcast_to(mask == 0, SHAPE)
    for step in steps:
        assert np.array_equal(step.denoised[kept], start[kept])
    assert np.abs(steps[-1].denoised - start)[~kept].max() > 0.1


@pytest.mark.parametrize(("solver", "steps"), [("euler", 12), ("dpmpp", 12), ("euler", 2)])
def test_grey_lets_the_picture_go_later_the_darker_it_is(picture: np.ndarray, solver: str, steps: int) -> None:
    start, greys = np.zeros(SHAPE, np.float32), (0.0, 0.25, 0.5, 0.75, 1.0)
    mask = np.zeros((1, 1, *SHAPE[2:]), np.float32)
    mask[0, 0, 0] = greys
    seen = [step.denoised for step in generate(OnePicture(picture), solver, steps, start=Start(start, 1.0, mask))]
    # The model sees the picture from the first step on, so this is the share of it that is used at each step.
    shares = np.array([(each / picture)[0, :, 0].mean(0) for each in seen])
    assert (np.diff(shares, axis=0) > -0.1).all()
    assert shares.sum(0) == pytest.approx([0, *(grey * (steps + 0.5) for grey in greys[1:4]), steps], abs=0.8)
    assert (np.diff(shares.sum(0)) > 0.2).all()


def test_a_white_mask_is_none(picture: np.ndarray) -> None:
    start, everywhere = Noise(5).draw(SHAPE), np.ones((1, 1, *SHAPE[2:]), np.float32)
    with_mask, without = (
        generate(OnePicture(picture), start=Start(start, 0.77, mask))[-1].denoised for mask in (everywhere, None)
    )
    assert np.array_equal(with_mask, without)


def test_strength_is_how_many_steps_are_done(picture: np.ndarray) -> None:
    start = Start(Noise(5).draw(SHAPE), 0.5)
    steps = generate(OnePicture(picture), steps=10, start=start)
    assert [step.number for step in steps] == [1, 2, 3, 4, 5]
    assert {step.total for step in steps} == {5}


def test_full_strength_ignores_the_picture(picture: np.ndarray) -> None:
    from_picture = generate(OnePicture(picture), start=Start(Noise(5).draw(SHAPE), 1.0))
    assert np.array_equal(from_picture[-1].denoised, generate(OnePicture(picture))[-1].denoised)


@pytest.mark.parametrize("number", [1, 4])
def test_nan_in_a_velocity_is_named(picture: np.ndarray, number: int) -> None:
    model = OnePicture(picture)
    model.broken_at = number
    with pytest.raises(NotFiniteError) as caught:
        generate(model)
    assert str(caught.value.place) == f"the velocity of step {number}"


def test_nan_in_the_latents_is_named(picture: np.ndarray) -> None:
    encoded = np.full(SHAPE, np.inf, np.float32)  # what a broken encoder gives
    with np.errstate(invalid="ignore"), pytest.raises(NotFiniteError) as caught:
        generate(OnePicture(picture), steps=1, start=Start(encoded, 1.0, np.zeros((1, 1, *SHAPE[2:]), np.float32)))
    assert str(caught.value.place) == "the result"


@pytest.mark.parametrize("solver", ["euler", "dpmpp", "scm"])
@pytest.mark.parametrize("start", [False, True])
def test_a_clip_is_sampled_as_its_frames_are(solver: str, start: bool) -> None:
    """All is done value by value, so latents with an axis of time need nothing else."""
    noise, frames = Noise(1).draw(CLIP), Noise(7).draw(CLIP)
    mask = np.zeros((1, 1, *CLIP[2:]), np.float32)
    mask[:, :, 1] = 1

    class Fixed(Noise):
        """Draws the noise of one frame, or of all."""

        def __init__(self, frame: int | None) -> None:
            super().__init__(1)
            self.frame = frame

        def draw(self, shape: tuple[int, ...]) -> np.ndarray:
            return noise if self.frame is None else noise[:, :, self.frame]

    def last(frame: int | None) -> np.ndarray:
        here = (slice(None), slice(None)) if frame is None else (slice(None), slice(None), frame)
        model = OnePicture(frames[here], guidance_embeds=solver == "scm")
        begin = Start(frames[here] * 0.5, 0.6, mask[here]) if start else None
        *_, step = sample(
            cast(LatentModel, model),
            make_solver(solver, 4, 3.0),
            Fixed(frame),
            model.picture.shape[2:],
            PROMPT,
            NEGATIVE,
            2.0,
            begin,
        )
        return step.denoised

    clip = last(None)
    assert clip.shape == CLIP
    for frame in range(CLIP[2]):
        assert np.array_equal(clip[:, :, frame], last(frame))


@pytest.mark.parametrize("solver", ["euler", "dpmpp", "scm"])
@pytest.mark.parametrize("variations", [(), (Variation(77, 0.3),)])
def test_a_batch_is_the_pictures_of_its_seeds(solver: str, variations: tuple[Variation, ...]) -> None:
    class Bent(OnePicture):
        def velocity(self, latents: np.ndarray, timestep: float, conditionings: Sequence[Share], *_: object) -> Any:
            return np.concatenate([np.tanh(latents * (1 + each.share)) for each in conditionings])

    model = Bent(np.zeros(SHAPE, np.float32))

    def made(noise: Noise) -> np.ndarray:
        steps = sample(
            cast(LatentModel, model), make_solver(solver, 4, 3.0), noise, SHAPE[2:], PROMPT, NEGATIVE, 3.0,
            Start(np.ones(SHAPE, np.float32), 0.9, np.linspace(0, 1, 5, dtype=np.float32).reshape(1, 1, 1, 5)),
        )  # fmt: skip
        return list(steps)[-1].denoised

    alone = [made(Noise(seed, variations)) for seed in (5, 6, 7)]
    assert np.array_equal(made(Noise(5, variations, pictures=3)), np.concatenate(alone))


@pytest.mark.parametrize("solver", ["euler", "dpmpp"])
@pytest.mark.parametrize("behind", [1, 2, 5, 6])
def test_a_walk_goes_on_from_any_step_to_the_same_result(picture: np.ndarray, solver: str, behind: int) -> None:
    whole = generate(OnePicture(picture), solver)
    model = OnePicture(picture)
    rest = generate(model, solver, reached=whole[behind - 1].reached)
    assert [step.number for step in rest] == ([6] if behind == 6 else list(range(behind + 1, 7)))
    assert len(model.calls) == 6 - behind
    assert np.array_equal(rest[-1].denoised, whole[-1].denoised)


class OneClip(OnePicture):
    """One that is told how many latent frames are given."""

    held: int = 0

    def velocity(
        self, latents: np.ndarray, timestep: float, conditionings: Sequence[Share], guidance: float | None = None,
        held: int = 0,
    ) -> np.ndarray:  # fmt: skip
        self.held = held
        return super().velocity(latents, timestep, conditionings, guidance)


@pytest.mark.parametrize("solver", ["euler", "dpmpp"])
def test_frames_that_are_held_stay_as_they_are_and_the_others_come_as_ever(solver: str) -> None:
    clip, first = Noise(99).draw(CLIP), Noise(5).draw((1, 4, 1, 6, 5))
    free, model = generate(OneClip(clip), solver), OneClip(clip)
    steps = generate(model, solver, held=first)
    assert model.held == 1
    for step, other in zip(steps, free, strict=True):
        assert np.array_equal(step.denoised[:, :, :1], first)
        assert np.array_equal(step.denoised[:, :, 1:], other.denoised[:, :, 1:])
