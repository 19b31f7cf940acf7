"""The sampler against diffusers' own pipelines and schedulers: the same latents and embeddings give the same result."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import pytest

from app.diffusion.families.sana import SanaConditioning, batch
from app.diffusion.model import LatentModel
from app.diffusion.noise import Noise
from app.diffusion.sampler import Start, sample
from app.diffusion.solvers import make_solver
from tests.backends.random_checkpoint import write_checkpoint

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")

TOLERANCE = 1e-6
SIDE = 8  # latents; the random autoencoder has 4 pixels per latent
TOKENS = 12


class Transformer:
    """diffusers' transformer as a `LatentModel`, its inputs made as diffusers' pipelines make them.

    It computes in float64: in float32 its own rounding, which depends on the batch and the processor, would hide what
    the samplers differ in. Latents and velocity are float32, as in diffusers.
    """

    latent_channels = 32
    spatial_factor = 4

    def __init__(self, transformer: Any, batched: bool) -> None:
        self._transformer = transformer
        self.guidance_embeds = transformer.config.guidance_embeds
        self._batched = batched

    def velocity(
        self,
        latents: np.ndarray,
        timestep: float,
        conditionings: Sequence[SanaConditioning],
        guidance: float | None = None,
    ) -> np.ndarray:
        if not self._batched and len(conditionings) > 1:
            return np.concatenate([self.velocity(latents, timestep, [each], guidance) for each in conditionings])
        config = self._transformer.config
        assert latents.dtype == np.float32
        embeddings, mask = batch(conditionings)
        with torch.inference_mode():
            output = self._transformer(
                torch.from_numpy(latents.repeat(len(embeddings), 0)).double(),
                torch.from_numpy(embeddings).double(),
                torch.full([len(embeddings)], timestep * (1 if guidance else config.timestep_scale)),
                guidance=None if guidance is None else torch.tensor([guidance * config.guidance_embeds_scale]),
                encoder_attention_mask=torch.from_numpy(mask),
            )
        return output.sample.float().numpy()


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    made: dict[Any, Any] = {}

    def make(kind: str = "SanaPipeline", **options: Any) -> Any:
        key = (kind, repr(sorted(options.items())))
        if key not in made:
            folder = write_checkpoint(tmp_path_factory.mktemp("checkpoint"), **options)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made[key] = getattr(diffusers, kind).from_pretrained(folder)
            made[key].transformer.double()
            made[key].set_progress_bar_config(disable=True)
        return made[key]

    return make


def assert_close(ours: np.ndarray, theirs: np.ndarray) -> None:
    """The largest difference, relative to the largest value."""
    error = np.abs(ours - theirs).max() / np.abs(theirs).max()
    assert error <= TOLERANCE, f"relative error {error:.2e}"


def embeddings(seed: int) -> np.ndarray:
    """Of a prompt, padded to `TOKENS`."""
    return Noise(seed).draw((1, TOKENS, 12))


def conditioning(seed: int, tokens: int) -> SanaConditioning:
    return SanaConditioning(embeddings=embeddings(seed)[:, :tokens])


def padded(seed: int, tokens: int) -> tuple[Any, Any]:
    """The same as diffusers takes it: all embeddings, and a mask."""
    return torch.from_numpy(embeddings(seed)), (torch.arange(TOKENS) < tokens).float()[None]


def run_diffusers(pipe: Any, seed: int, guidance: float, steps: int, **options: Any) -> np.ndarray:
    embeds, mask = padded(1, 7)
    arguments = {
        "prompt_embeds": embeds,
        "prompt_attention_mask": mask,
        "latents": torch.from_numpy(Noise(seed).draw((1, 32, SIDE, SIDE))),
        "guidance_scale": guidance,
        "num_inference_steps": steps,
        "height": SIDE * 4,
        "width": SIDE * 4,
        "use_resolution_binning": False,
        "output_type": "latent",
        **options,
    }
    if type(pipe).__name__ == "SanaPipeline":
        arguments["negative_prompt"] = None
        arguments["negative_prompt_embeds"], arguments["negative_prompt_attention_mask"] = padded(2, 3)
    return pipe(**arguments).images.numpy()


def run_ours(
    pipe: Any, seed: int, solver: str, shift: float, guidance: float, steps: int,
    batched: bool = True, order: int = 2, start: Start | None = None,
) -> np.ndarray:  # fmt: skip
    model = Transformer(pipe.transformer, batched)
    negative = conditioning(2, 3) if guidance > 1 and not model.guidance_embeds else None
    *_, last = sample(
        cast(LatentModel, model), make_solver(solver, steps, shift, order), Noise(seed), (SIDE, SIDE),
        conditioning(1, 7), negative, guidance, start,
    )  # fmt: skip
    return last.denoised


@pytest.mark.parametrize(
    ("steps", "shift", "batched"),
    [*((steps, shift, True) for steps in (1, 2, 5, 20) for shift in (1.0, 3.0, 6.0)), (5, 3.0, False)],
)
def test_dpmpp(pipeline: Callable[..., Any], steps: int, shift: float, batched: bool) -> None:
    pipe = pipeline(shift=shift)
    expected = run_diffusers(pipe, 5, 4.5, steps)
    assert_close(run_ours(pipe, 5, "dpmpp", shift, 4.5, steps, batched), expected)


@pytest.mark.parametrize("steps", [1, 3, 20])
@pytest.mark.parametrize("shift", [1.0, 3.0, 6.0])
def test_euler(pipeline: Callable[..., Any], steps: int, shift: float) -> None:
    pipe = pipeline(scheduler="euler", shift=shift, qk_norm="rms_norm_across_heads", patch_size=2)
    expected = run_diffusers(pipe, 6, 4.5, steps)
    assert_close(run_ours(pipe, 6, "euler", shift, 4.5, steps), expected)


@pytest.mark.parametrize("shift", [3.0, 6.0])
def test_euler_on_a_checkpoint_made_for_dpmpp(pipeline: Callable[..., Any], shift: float) -> None:
    """Euler calls it `shift`. Given a `flow_shift` it says nothing, and takes 1."""
    pipe = pipeline(shift=shift)
    theirs, before = diffusers.FlowMatchEulerDiscreteScheduler, pipe.scheduler
    assert theirs.from_config(before.config).shift == 1.0
    pipe.scheduler = theirs.from_config(before.config, shift=shift)
    try:
        expected = run_diffusers(pipe, 6, 4.5, 8)
    finally:
        pipe.scheduler = before
    assert_close(run_ours(pipe, 6, "euler", shift, 4.5, 8), expected)


@pytest.mark.parametrize("shift", [3.0, 6.0])
def test_first_order(pipeline: Callable[..., Any], shift: float) -> None:
    pipe = pipeline(timestep_scale=0.5, shift=shift, scheduler_changes={"solver_order": 1})
    expected = run_diffusers(pipe, 6, 2.0, 10)
    assert pipe.scheduler.config.solver_order == 1
    assert_close(run_ours(pipe, 6, "dpmpp", shift, 2.0, 10, order=1), expected)


@pytest.mark.parametrize("guidance", [0.0, 1.0])
def test_no_guidance_is_one_pass(pipeline: Callable[..., Any], guidance: float) -> None:
    pipe = pipeline()
    expected = run_diffusers(pipe, 7, guidance, 4)
    assert_close(run_ours(pipe, 7, "dpmpp", 3.0, guidance, 4), expected)


@pytest.fixture
def diffusers_noise(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, bool], None]:
    """Makes diffusers draw its noise from our stream of a seed."""

    def use(seed: int, after_initial: bool) -> None:
        noise = Noise(seed)
        if after_initial:
            noise.draw((1, 32, SIDE, SIDE))

        def draw(shape: Any, **_: Any) -> Any:
            return torch.from_numpy(noise.draw(tuple(shape)))

        monkeypatch.setattr("diffusers.schedulers.scheduling_scm.randn_tensor", draw)
        monkeypatch.setattr("diffusers.pipelines.sana.pipeline_sana_sprint_img2img.randn_tensor", draw)

    return use


SPRINT = {"scheduler": "scm", "guidance_embeds": True, "qk_norm": "rms_norm_across_heads"}


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
@pytest.mark.parametrize("guidance", [1.0, 4.5])
def test_scm(pipeline: Callable[..., Any], diffusers_noise: Callable[..., None], steps: int, guidance: float) -> None:
    pipe = pipeline("SanaSprintPipeline", **SPRINT)
    diffusers_noise(8, after_initial=True)
    expected = run_diffusers(pipe, 8, guidance, steps, intermediate_timesteps=1.3 if steps == 2 else None)
    assert_close(run_ours(pipe, 8, "scm", 1.0, guidance, steps), expected)


@pytest.mark.parametrize(("steps", "strength"), [(2, 0.3), (2, 0.6), (4, 0.5), (4, 0.95)])
def test_scm_from_a_picture(
    pipeline: Callable[..., Any], diffusers_noise: Callable[..., None], steps: int, strength: float
) -> None:
    pipe = pipeline("SanaSprintImg2ImgPipeline", **SPRINT)
    picture = np.random.default_rng(1).random((1, 3, SIDE * 4, SIDE * 4), np.float32)
    with torch.inference_mode():
        latents = pipe.vae.encode(torch.from_numpy(picture) * 2 - 1).latent.numpy() * pipe.vae.config.scaling_factor
    diffusers_noise(9, after_initial=False)
    expected = run_diffusers(
        pipe, 9, 4.5, steps, image=torch.from_numpy(picture), strength=strength, latents=None,
        intermediate_timesteps=1.3 if steps == 2 else None,
    )  # fmt: skip
    ours = run_ours(pipe, 9, "scm", 1.0, 4.5, steps, start=Start(latents, strength))
    assert_close(ours, expected)


@pytest.mark.parametrize("solver", ["dpmpp", "euler"])
@pytest.mark.parametrize(("steps", "strength"), [(1, 0.5), (10, 0.05), (10, 0.6), (20, 0.99)])
def test_flow_matching_from_a_picture(pipeline: Callable[..., Any], solver: str, steps: int, strength: float) -> None:
    """As diffusers' image-to-image pipelines for flow matching do with the same scheduler; it has none for SANA."""
    pipe = pipeline(scheduler=solver, shift=3.0)
    picture = Noise(3).draw((1, 32, SIDE, SIDE))
    scheduler, prompt, negative = pipe.scheduler, conditioning(1, 7), conditioning(2, 3)
    model = Transformer(pipe.transformer, batched=False)

    scheduler.set_timesteps(steps)
    first = int(max(steps - min(steps * strength, steps), 0))
    scheduler.set_begin_index(first)
    sigma = scheduler.sigmas[first]
    latents = (1 - sigma) * torch.from_numpy(picture) + sigma * torch.from_numpy(Noise(4).draw(picture.shape))
    for t in scheduler.timesteps[first:]:
        without = model.velocity(latents.numpy(), float(t), [negative])
        towards = model.velocity(latents.numpy(), float(t), [prompt])
        velocity = torch.from_numpy(without + 4.5 * (towards - without)).float()
        latents = scheduler.step(velocity, t, latents, return_dict=False)[0]

    ours = run_ours(pipe, 4, solver, 3.0, 4.5, steps, start=Start(picture, strength))
    assert_close(ours, latents.numpy())
