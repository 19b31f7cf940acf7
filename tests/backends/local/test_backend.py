"""What local back ends share, with a model of plain numpy instead of a network."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.backends.base import State, Status
from app.backends.local.backend import LocalBackend
from app.backends.local.capabilities import capabilities_of
from app.backends.local.generation import FlatPictureError
from app.backends.local.timings import Setup, Timing, Timings
from app.core.catalog import ModelSpec
from app.core.errors import GenerationCancelled, NotFiniteError, UserError
from app.core.events import Event, Finished, Generated, Loading, Preview, Progress, Stage
from app.core.families.sana import TRAINED_SIZES
from app.core.message import NOTHING, message
from app.core.request import GenerationRequest, Role
from app.diffusion.families.sana import SanaConditioning
from app.diffusion.model import Control
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.models.checkpoint.controlnet import ControlNet
from app.library.models.loras.changes import LowRank
from app.library.settings import Settings
from tests.backends.conftest import SPRINT, FolderModels
from tests.inputs import start_from

SPEC = ModelSpec(
    id="x", name="Catalogued", family="sana", base_size=32, parameters=1, steps=12, guidance=3.0, solver="euler",
    shift=3.0, clip=False, languages=("en",), good_for="Tests.", licence="Some licence", licence_url="https://a.b",
    bundled="x", knows="Noise.", measured_memory={"numpy": {"bfloat16": 12345}},
)  # fmt: skip


class NumpyModel:
    """A "network" that generates coloured noise; `faults` says what goes wrong in which precision."""

    latent_channels = 32
    device = "cpu"

    def __init__(self, checkpoint: Checkpoint, precision: str, faults: dict[str, str], log: list[str]) -> None:
        self.spatial_factor = checkpoint.spatial_factor
        self.guidance_embeds = checkpoint.guidance_embeds
        self.precision = "bfloat16" if precision == "auto" else precision
        self._fault = faults.get(self.precision, "")
        self._log = log
        log.append(f"open {self.precision}")

    def load(self) -> None:
        pass

    def encode_prompt(self, prompt: str, *, negative: bool = False) -> SanaConditioning:
        self._log.append(f"encode {prompt!r}")
        states = np.full((1, 6, 2), len(prompt) % 7 / 7, np.float32)
        if self._fault == "embedding":
            raise NotFiniteError(message("the prompt embedding"))
        return SanaConditioning(embeddings=states, tokens=3, cut="the rest" if "long" in prompt else "")

    def shift(self, width: int, height: int, steps: int) -> float:
        return 3.0

    def velocity(
        self,
        latents: np.ndarray,
        timestep: float,
        conditionings: Sequence[SanaConditioning],
        guidance: float | None = None,
        control: Control | None = None,
    ) -> np.ndarray:
        assert control is None
        self._log += ["velocity"] * len(conditionings)
        means = [each.embeddings.mean() for each in conditionings]
        result = np.concatenate([latents - np.tanh(latents[:, ::-1] + mean) for mean in means])
        if self._fault == "velocity" and self._log.count("velocity") >= 3:
            result[0, 0, 0, 0] = np.inf
        return result.astype(np.float32)

    def decode(self, latents: np.ndarray, on_tile: Callable[[int, int], None] | None = None) -> np.ndarray:
        self._log.append("decode")
        if self._fault == "decoder":
            raise NotFiniteError(message("the decoded picture"))
        for done in (1, 2):
            if on_tile is not None:
                on_tile(done, 2)
        pixels = (latents[:, :3] * 50 + 128).clip(0, 255).transpose(0, 2, 3, 1)
        if self._fault == "flat":
            pixels[:] = 127
        if self._fault == "flat blue":  # what the biases of a last layer amount to
            pixels[:] = (110, 127, 141)
        return pixels.astype(np.uint8).repeat(self.spatial_factor, 1).repeat(self.spatial_factor, 2)

    def encode_image(self, pixels: np.ndarray) -> np.ndarray:
        self._log.append("encode image")
        cells = pixels[:, :: self.spatial_factor, :: self.spatial_factor].transpose(0, 3, 1, 2).astype(np.float32)
        return np.concatenate([(cells - 128) / 50, np.zeros((1, 29, *cells.shape[2:]), np.float32)], axis=1)

    def set_clip(self, clip_attention: bool) -> None:
        self.clip = clip_attention

    def set_controlnet(self, controlnet: ControlNet | None) -> None:
        assert controlnet is None

    def set_changes(self, changes: Mapping[str, LowRank]) -> None:
        assert not changes

    @contextlib.contextmanager
    def trace(self, names: Iterable[str], take: Callable[[str, np.ndarray], None]) -> Iterator[None]:
        yield

    def release_text_encoder(self) -> None:
        self._log.append("release")

    def peak_memory(self) -> int:
        return 1000

    def close(self) -> None:
        self._log.append("close")


class NumpyBackend(LocalBackend):
    id = "torch"  # whose setting for the precision it reads
    name = "Numpy"
    precisions = ("float32", "bfloat16", "8bit")

    def __init__(self, spec: ModelSpec | None = None, faults: dict[str, str] | None = None) -> None:
        super().__init__(FolderModels(spec), Settings())  # type: ignore[arg-type]
        self.faults = faults or {}
        self.log: list[str] = []

    def check(self) -> Status:
        return Status(State.READY, NOTHING, device="cpu")

    def open_model(self, checkpoint: Checkpoint, precision: str) -> NumpyModel:
        return NumpyModel(checkpoint, precision, self.faults, self.log)


@pytest.fixture
def folder(checkpoint_folder: Callable[..., Path]) -> Path:
    return checkpoint_folder(qk_norm="rms_norm_across_heads")  # a family that was never trained in float16


def request(folder: Path, **options: Any) -> GenerationRequest:
    values = {"width": 32, "height": 16, "steps": 4, "guidance": 2.0, "solver": "euler", "seed": 5, **options}
    return GenerationRequest("a house", model=str(folder), **values)


def run(backend: LocalBackend, wanted: GenerationRequest) -> list[Event]:
    return list(backend.generate(wanted, lambda: False))


def generated(events: list[Event]) -> list[Generated]:
    return [event for event in events if isinstance(event, Generated)]


def test_events_of_a_job(folder: Path) -> None:
    events = run(NumpyBackend(), request(folder, count=2))
    assert isinstance(events[0], Loading)
    assert isinstance(events[-1], Finished)
    steps = [(e.picture, e.step, e.steps) for e in events if isinstance(e, Progress) and e.stage is Stage.GENERATE]
    assert steps == [(number, step, 4) for number in (0, 1) for step in (1, 2, 3, 4)]
    assert [e.stage for e in events if isinstance(e, Progress)].count(Stage.DECODE) == 2
    left = [e.seconds_left for e in events if isinstance(e, Progress)]
    assert all(seconds is not None for seconds in left[:4])
    pictures = generated(events)
    assert [(p.picture, p.seed, p.output.pixels.shape, p.output.pixels.dtype) for p in pictures] == [
        (0, 5, (16, 32, 3), np.uint8), (1, 6, (16, 32, 3), np.uint8),
    ]  # fmt: skip
    facts = dataclasses.asdict(pictures[0].provenance)
    assert {
        "backend": "torch",
        "device": "cpu",
        "precision": "bfloat16",
        "peak_memory_bytes": 1000,
    }.items() <= facts.items()
    assert facts["seconds"] > 0
    assert facts["model"] == folder.name
    assert facts["prompt_tokens"] == 3
    assert facts["note"] is None


def test_a_model_that_is_loaded_ahead_is_the_one_that_the_job_takes(folder: Path) -> None:
    backend = NumpyBackend()
    backend.prepare(GenerationRequest("", model=str(folder)), lambda: False)
    assert backend.log == ["open bfloat16", "encode ''", "encode ''", "release"]
    run(backend, request(folder))
    assert backend.log.count("open bfloat16") == 1
    assert backend.log.count("encode ''") == 2  # an empty negative prompt is known by then


def test_getting_ready_stops_when_something_is_asked_for(folder: Path) -> None:
    backend = NumpyBackend()
    with pytest.raises(GenerationCancelled):
        backend.prepare(GenerationRequest("", model=str(folder)), lambda: True)
    assert backend.log == []


def test_picture_i_has_the_seed_plus_i(folder: Path) -> None:
    backend = NumpyBackend()
    both = generated(run(backend, request(folder, count=2)))
    second = generated(run(backend, request(folder, seed=6)))
    assert np.array_equal(both[1].output.pixels, second[0].output.pixels)
    assert not np.array_equal(both[0].output.pixels, both[1].output.pixels)


def test_previews_come_from_the_second_picture_on(folder: Path) -> None:
    events = run(NumpyBackend(), request(folder, count=2))
    previews = [event for event in events if isinstance(event, Preview)]
    assert [preview.picture for preview in previews] == [1, 1, 1]
    small = previews[-1].pixels
    assert small.shape == (4, 8, 3)
    last = generated(events)[1].output.pixels[::4, ::4].astype(float)
    assert np.corrcoef(small.ravel(), last.ravel())[0, 1] > 0.5


def test_a_reroll_runs_no_text_encoder(folder: Path) -> None:
    backend = NumpyBackend()
    run(backend, request(folder))
    assert backend.log.count("encode 'a house'") == backend.log.count("encode ''") == 1
    run(backend, request(folder, seed=9, steps=2, guidance=5.0))
    backend.unload()  # the embeddings outlive the model
    run(backend, request(folder, seed=10))
    assert [entry for entry in backend.log if entry.startswith("encode")] == ["encode 'a house'", "encode ''"]
    run(backend, request(folder, negative="fog"))
    assert backend.log.count("encode 'fog'") == 1
    run(backend, request(folder, precision="float32"))
    assert backend.log.count("encode 'a house'") == 2


def test_only_the_last_prompts_are_remembered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.backends.local.embeddings.MAX_EMBEDDINGS", 3)
    backend = NumpyBackend()
    for prompt in ("one", "two", "one", "three", "one"):
        run(backend, request(folder, guidance=1.0).replace(prompt=prompt))
    for prompt in ("four", "one", "two"):
        run(backend, request(folder, guidance=1.0).replace(prompt=prompt))
    encoded = [entry for entry in backend.log if entry.startswith("encode")]
    assert encoded == [f"encode '{prompt}'" for prompt in ("one", "two", "three", "four", "two")]


def test_one_model_stays_loaded(folder: Path, checkpoint_folder: Callable[..., Path]) -> None:
    backend = NumpyBackend()
    run(backend, request(folder))
    run(backend, request(folder))
    assert backend.log.count("open bfloat16") == 1
    run(backend, request(checkpoint_folder(**SPRINT), solver="scm"))
    assert [entry for entry in backend.log if entry[:2] in ("op", "cl")] == ["open bfloat16", "close", "open bfloat16"]
    backend.unload()
    backend.unload()
    assert backend.log.count("close") == 2


def test_no_guidance_needs_no_negative_prompt(folder: Path) -> None:
    backend = NumpyBackend()
    run(backend, request(folder, guidance=1.0, negative="fog"))
    assert backend.log.count("velocity") == 4
    assert "encode 'fog'" not in backend.log


def test_what_was_cut_off_is_told(folder: Path) -> None:
    (picture,) = generated(run(NumpyBackend(), request(folder).replace(prompt="a long story")))
    assert picture.provenance.prompt_cut == "the rest"


@pytest.mark.parametrize("fault", ["embedding", "velocity", "decoder", "flat", "flat blue"])
def test_broken_numbers_are_generated_again_in_a_safer_precision(folder: Path, fault: str) -> None:
    backend = NumpyBackend(faults={"bfloat16": fault})
    events = run(backend, request(folder))
    (picture,) = generated(events)
    assert picture.provenance.precision == "float32"
    assert "full precision" in str(picture.provenance.note)
    assert "half precision" in str(picture.provenance.note)
    assert any(isinstance(event, Loading) and "again" in str(event.message) for event in events)
    assert [entry for entry in backend.log if entry[:2] in ("op", "cl")] == ["open bfloat16", "close", "open float32"]
    good = generated(run(NumpyBackend(), request(folder, precision="float32")))[0]
    assert np.array_equal(picture.output.pixels, good.output.pixels)


def test_pictures_that_are_done_are_not_generated_again(folder: Path) -> None:
    class Tiring(NumpyBackend):
        def open_model(self, checkpoint: Checkpoint, precision: str) -> NumpyModel:
            model = super().open_model(checkpoint, precision)
            decode = model.decode

            def decode_once(*arguments: Any) -> np.ndarray:
                if model.precision == "bfloat16" and self.log.count("decode") == 1:
                    raise NotFiniteError(message("the decoded picture"))
                return decode(*arguments)

            model.decode = decode_once  # type: ignore[assignment]
            return model

    pictures = generated(run(Tiring(), request(folder, count=3)))
    assert [picture.picture for picture in pictures] == [0, 1, 2]
    assert [picture.seed for picture in pictures] == [5, 6, 7]
    assert [picture.provenance.note is not None for picture in pictures] == [False, True, True]


def test_it_is_tried_again_only_once(folder: Path) -> None:
    backend = NumpyBackend(faults={"8bit": "velocity", "bfloat16": "decoder"})
    with pytest.raises(NotFiniteError) as caught:
        run(backend, request(folder, precision="8bit"))
    assert (str(caught.value.place), caught.value.precision) == ("the decoded picture", "bfloat16")
    assert "open float32" not in backend.log


def test_the_safest_precision_fails_by_name(folder: Path) -> None:
    with pytest.raises(NotFiniteError, match="the velocity of step 2") as caught:
        run(NumpyBackend(faults={"float32": "velocity"}), request(folder, precision="float32"))
    assert caught.value.precision == "float32"


@pytest.mark.parametrize("fault", ["flat", "flat blue"])
def test_a_flat_picture_is_never_a_success(folder: Path, fault: str) -> None:
    with pytest.raises(FlatPictureError, match="one flat colour"):
        run(NumpyBackend(faults={"float32": fault}), request(folder, precision="float32"))


def test_flat_may_stay_flat(folder: Path, tmp_path: Path) -> None:
    """Little is changed of a blank sheet, so that is what comes out."""
    Image.new("RGB", (32, 16), (127, 127, 127)).save(tmp_path / "sheet.png")
    backend = NumpyBackend(faults={"float32": "flat"})
    events = run(backend, request(folder, precision="float32", inputs=start_from(tmp_path / "sheet.png", 0.2)))
    assert len(generated(events)) == 1


def test_the_settings_decide_what_auto_is(folder: Path) -> None:
    backend = NumpyBackend()
    backend._settings.set("precision.torch", "float32")
    run(backend, request(folder))
    run(backend, request(folder, precision="8bit"))
    assert [entry for entry in backend.log if entry.startswith("open")] == ["open float32", "open 8bit"]


@pytest.mark.parametrize("moment", range(1, 8))
def test_cancel_is_heard_everywhere(folder: Path, moment: int) -> None:
    """The user presses Cancel before the n-th time that it is asked for."""
    backend = NumpyBackend()
    asked: Iterator[int] = iter(range(1, 100))
    with pytest.raises(GenerationCancelled):
        list(backend.generate(request(folder, guidance=1.0, steps=2), lambda: next(asked) >= moment))
    assert backend.log.count("velocity") <= max(0, moment - 3)


def test_a_cancelled_job_leaves_the_model_usable(folder: Path) -> None:
    backend = NumpyBackend()
    asked = iter(range(100))
    with pytest.raises(GenerationCancelled):
        list(backend.generate(request(folder), lambda: next(asked) > 4))
    after = generated(run(backend, request(folder)))[0]
    assert np.array_equal(after.output.pixels, generated(run(NumpyBackend(), request(folder)))[0].output.pixels)


def save_start(tmp_path: Path) -> tuple[str, np.ndarray]:
    pixels = np.random.default_rng(3).integers(60, 200, (4, 8, 3)).astype(np.uint8).repeat(4, 0).repeat(4, 1)
    Image.fromarray(pixels).save(tmp_path / "start.png")
    return str(tmp_path / "start.png"), pixels


def test_strength_is_the_distance_from_the_start_picture(folder: Path, tmp_path: Path) -> None:
    path, pixels = save_start(tmp_path)
    backend = NumpyBackend()
    distances = []
    for strength in (0.1, 0.5, 1.0):
        wanted = request(folder, steps=10, inputs=start_from(path, strength))
        (picture,) = generated(run(backend, wanted))
        distances.append(np.abs(picture.output.pixels.astype(int) - pixels).mean())
    assert distances == sorted(distances)
    from_nothing = generated(run(backend, request(folder, steps=10)))[0]
    assert np.array_equal(picture.output.pixels, from_nothing.output.pixels)


def test_the_mask_decides_what_changes(folder: Path, tmp_path: Path) -> None:
    path, pixels = save_start(tmp_path)
    mask = np.zeros((16, 32), np.uint8)
    mask[4:12, 8:20] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    wanted = request(folder, inputs=start_from(path, 0.9, tmp_path / "mask.png"))
    (picture,) = generated(run(NumpyBackend(), wanted))
    changed = (picture.output.pixels != pixels).any(axis=2)
    assert not changed[mask == 0].any()
    assert changed[mask == 255].mean() > 0.9


def test_previews_of_a_changed_part_show_the_whole_picture(folder: Path, tmp_path: Path) -> None:
    path, pixels = save_start(tmp_path)
    mask = np.zeros((16, 32), np.uint8)
    mask[4:12, 8:20] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    wanted = request(folder, count=2, inputs=start_from(path, 0.9, tmp_path / "mask.png"))
    previews = [event.pixels for event in run(NumpyBackend(), wanted) if isinstance(event, Preview)]
    assert previews
    for preview in previews:
        assert np.array_equal(preview[mask == 0], pixels[mask == 0])
        assert not np.array_equal(preview[mask > 0], pixels[mask > 0])


def test_a_start_picture_is_encoded_once(folder: Path, tmp_path: Path) -> None:
    path, _ = save_start(tmp_path)
    backend = NumpyBackend()
    run(backend, request(folder, inputs=start_from(path), count=3))
    assert backend.log.count("encode image") == 1


def test_estimate_learns_from_pictures(folder: Path) -> None:
    backend = NumpyBackend()
    wanted = request(folder, precision="float32")
    before = backend.estimate(wanted)
    assert before.seconds is None
    assert before.peak_memory_bytes
    (picture,) = generated(run(backend, wanted))
    one, three = backend.estimate(wanted), backend.estimate(wanted.replace(count=3))
    assert one.seconds == pytest.approx(picture.provenance.seconds, abs=0.01)
    assert three.seconds == pytest.approx(one.seconds * 3)
    assert backend.estimate(wanted.replace(precision="bfloat16")).seconds is None


def test_the_estimate_counts_the_steps_that_are_done(folder: Path, tmp_path: Path) -> None:
    path, _ = save_start(tmp_path)
    backend = NumpyBackend()
    wanted = request(folder, precision="float32", steps=20)
    Timings().add(Setup("torch", "cpu", "float32", str(folder), 2), 32, 16, Timing(1.0, 0.5))
    assert backend.estimate(wanted).seconds == 20.5
    started = wanted.replace(inputs=start_from(path, 0.1))
    assert backend.estimate(started).seconds == 2.5
    assert sum(isinstance(event, Progress) and event.stage is Stage.GENERATE for event in run(backend, started)) == 2


@pytest.mark.parametrize("error", [MemoryError("Unable to allocate 9 GiB"), RuntimeError("std::bad_alloc")])
def test_what_runs_out_of_memory_is_unloaded(folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(NumpyModel, "decode", fail)
    backend = NumpyBackend()
    with pytest.raises(MemoryError, match=str(error)):
        run(backend, request(folder))
    assert backend.log[-1] == "close"


def test_another_fault_leaves_the_model_where_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(NumpyModel, "decode", fail)
    backend = NumpyBackend()
    with pytest.raises(RuntimeError, match="shapes"):
        run(backend, request(folder))
    assert "close" not in backend.log


def test_the_estimate_tells_where_the_memory_goes(folder: Path) -> None:
    backend = NumpyBackend()
    small, large = (backend.estimate(request(folder, width=side, height=side)) for side in (64, 128))
    assert small.memory_for in ("text encoder", "transformer", "decoder", "work")
    assert large.memory_for == "work"


def test_measured_memory_counts_more_than_a_formula(folder: Path) -> None:
    class Measured(NumpyBackend):
        id = "numpy"

        def _precision(self, request: GenerationRequest, checkpoint: Checkpoint) -> str:
            return request.precision

    backend = Measured(SPEC)
    assert backend.estimate(request(folder, precision="bfloat16")).peak_memory_bytes == 12345
    assert backend.estimate(request(folder, precision="bfloat16", width=64, height=64)).peak_memory_bytes != 12345


def test_the_catalog_gives_the_defaults(folder: Path) -> None:
    capabilities = capabilities_of(open_checkpoint(folder, SPEC), SPEC, ("float32",))
    assert capabilities.model == "Catalogued"
    assert capabilities.knows == "Noise."
    assert (capabilities.steps.default, capabilities.guidance and capabilities.guidance.default) == (12, 3.0)
    assert capabilities.solvers == ("euler", "dpmpp")
    assert capabilities.precisions == ("auto", "float32")
    (picture,) = generated(run(NumpyBackend(SPEC), request(folder)))
    assert picture.provenance.licence == "Some licence"
    assert picture.provenance.model == "Catalogued"


def test_a_folder_has_the_defaults_of_its_family(folder: Path, checkpoint_folder: Callable[..., Path]) -> None:
    base = NumpyBackend().capabilities(str(folder))
    assert (base.steps.default, base.size.default, base.size.step, base.negative) == (20, 32, 4, True)
    assert base.solvers == ("dpmpp", "euler")
    assert base.takes(Role.INIT)
    assert base.takes(Role.MASK)
    sprint = NumpyBackend().capabilities(str(checkpoint_folder(**SPRINT)))
    assert (sprint.steps.default, sprint.steps.maximum, sprint.negative, sprint.solvers) == (2, 4, False, ("scm",))
    assert sprint.guidance is not None
    assert sprint.guidance.default == 4.5


def test_sides_are_multiples_of_a_token(checkpoint_folder: Callable[..., Path]) -> None:
    capabilities = NumpyBackend().capabilities(str(checkpoint_folder(patch_size=2, sample_size=16)))
    assert (capabilities.size.step, capabilities.size.default) == (8, 64)
    with pytest.raises(UserError, match="68 × 64"):
        capabilities.resolve(GenerationRequest("x", width=68, height=64))


def test_a_foreign_scheduler_is_replaced(checkpoint_folder: Callable[..., Path]) -> None:
    folder = checkpoint_folder(scheduler_changes={"algorithm_type": "sde-dpmsolver++"})
    assert NumpyBackend().capabilities(str(folder)).solvers == ("dpmpp", "euler")


@pytest.mark.parametrize("base", TRAINED_SIZES)
def test_trained_sizes_are_those_of_diffusers(base: int) -> None:
    pipeline = pytest.importorskip("diffusers.pipelines.sana.pipeline_sana")
    table = getattr(pipeline, f"ASPECT_RATIO_{base}_BIN")
    theirs = {(int(height), int(width)) for height, width in table.values()}
    assert {(height * base // 16, width * base // 16) for height, width in TRAINED_SIZES[base]} == theirs


@pytest.mark.parametrize(("sample_size", "count"), [(128, len(TRAINED_SIZES[512])), (8, 0)])
def test_trained_sizes_are_offered(checkpoint_folder: Callable[..., Path], sample_size: int, count: int) -> None:
    sizes = NumpyBackend().capabilities(str(checkpoint_folder(sample_size=sample_size))).aspect_sizes
    assert len(sizes) == count
    if sizes:
        assert {(512, 512), (928, 256)} <= set(sizes)
        assert (256, 928) not in sizes  # some shapes were trained lying only
