"""Enlarging as a job: the real queue, worker process, library and gallery, and a scripted backend."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from app.backends.registry import Registry
from app.core.enlarge import EnlargeRequest
from app.core.errors import UserError
from app.core.events import Stage
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.engine.engine import Engine
from app.engine.enlarging import wish
from app.engine.jobs import Job, JobState
from app.library import paths
from app.library.pictures import images, sources
from app.library.pictures.gallery import Gallery
from app.library.settings import Settings
from tests.engine.scripted import backends
from tests.engine.test_engine import make_engine

MakeEngine = Callable[[], Engine]
PARENT = GenerationRequest("a cat", seed=5, width=32, height=24, steps=3, guidance=4.5, solver="euler")


@pytest.fixture
def make(home: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[MakeEngine]:
    made: list[Engine] = []

    def engine() -> Engine:
        settings = Settings()
        gallery = Gallery(tmp_path / "Pictures", home / "gallery.sqlite")
        made.append(make_engine(Registry(backends(), settings), settings, gallery, home))
        made[-1].start()
        return made[-1]

    yield engine
    for each in made:
        each.shutdown()


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(1).integers(0, 255, (24, 32, 3), np.uint8)
    return images.save(pixels, PARENT, Provenance(model="Test"), tmp_path / "Pictures").path


def ended(qtbot: QtBot, engine: Engine, job: Job) -> Job:
    ends: list[Job] = []
    engine.jobEnded.connect(ends.append)
    qtbot.waitUntil(lambda: bool(ends) or job.id not in [each.id for each in engine.jobs()], timeout=15_000)
    return ends[0] if ends else job


def larger(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if "x" in path.stem.rpartition(" ")[2])


def test_a_larger_copy_stands_beside_its_picture_and_says_of_which_it_was_made(
    qtbot: QtBot, make: MakeEngine, cat: Path
) -> None:
    engine = make()
    stages: list[Stage] = []
    engine.jobChanged.connect(lambda job: stages.append(job.progress.stage))
    job = engine.submit(wish(engine.registry, cat, 4))
    assert (job.request.width, job.request.height, job.request.prompt, job.request.seed) == (128, 96, "a cat", 5)
    with qtbot.waitSignal(engine.generated, timeout=15_000) as told:
        pass
    picture = told.args[1]
    assert picture.path == cat.with_name(f"{cat.stem} 4x.png")
    assert (picture.width, picture.height) == (128, 96)
    assert engine.gallery.search()[0] == picture.path
    assert Stage.ENLARGE in stages
    kept = images.read(picture.path)
    assert kept.request == PARENT
    enlarged = kept.provenance.enlarged
    assert enlarged is not None
    assert (enlarged.factor, enlarged.source.name, enlarged.source.path) == (4, cat.name, "")
    assert enlarged.source.digest == hashlib.sha256(cat.read_bytes()).hexdigest()
    assert str(cat.parent).encode() not in picture.path.read_bytes()


def test_the_parent_is_found_again_where_it_was_or_beside(qtbot: QtBot, make: MakeEngine, cat: Path) -> None:
    engine = make()
    ended(qtbot, engine, engine.submit(wish(engine.registry, cat, 2)))
    enlarged = images.read(larger(cat.parent)[0]).provenance.enlarged
    assert enlarged is not None
    assert sources.place_of(enlarged.source, cat.parent) == cat
    (paths.home() / "sources.json").unlink()
    assert sources.place_of(enlarged.source, cat.parent) == cat
    assert sources.place_of(enlarged.source, cat.parent.parent) is None
    cat.write_bytes(cat.read_bytes() + b"x")
    assert sources.place_of(enlarged.source, cat.parent) is None


def test_a_photo_stays_a_photo_and_says_of_which_it_was_made(qtbot: QtBot, make: MakeEngine, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (9, 7), "teal").save(photo)
    engine = make()
    ended(qtbot, engine, engine.submit(wish(engine.registry, photo, 2)))
    picture = images.read(tmp_path / "Pictures" / "photo 2x.jpg")
    assert (picture.request, picture.width) == (None, 18)
    assert picture.provenance.enlarged is not None
    assert picture.provenance.enlarged.source.name == "photo.jpg"


def test_a_cancel_between_tiles_leaves_nothing(qtbot: QtBot, make: MakeEngine, cat: Path) -> None:
    engine = make()
    with qtbot.waitSignal(engine.jobEnded, timeout=15_000) as end:
        job = engine.submit(wish(engine.registry, cat, 4).replace(prompt="slow"))
        qtbot.waitUntil(lambda: engine.jobs()[0].progress.step == 1, timeout=15_000)
        engine.cancel(job.id)
    assert end.args[0].state is JobState.CANCELLED
    assert engine.jobs() == ()
    assert larger(cat.parent) == []


def test_what_went_wrong_stays_in_the_queue_and_can_be_tried_again(qtbot: QtBot, make: MakeEngine, cat: Path) -> None:
    engine = make()
    end = ended(qtbot, engine, engine.submit(wish(engine.registry, cat, 4).replace(prompt="fail")))
    assert (end.state, str(end.failure.message)) == (JobState.FAILED, "It failed.")
    with qtbot.waitSignal(engine.generated, timeout=15_000):
        engine.retry(end.id, prompt="a cat")
    assert len(larger(cat.parent)) == 1


def test_a_picture_that_is_gone_or_would_be_too_large_is_refused_before_it_is_queued(
    make: MakeEngine, cat: Path, tmp_path: Path
) -> None:
    engine = make()
    request = wish(engine.registry, cat, 4)
    cat.unlink()
    with pytest.raises(UserError):
        engine.submit(request)
    big = tmp_path / "big.png"
    Image.new("RGB", (2501, 2500)).save(big)
    with pytest.raises(UserError, match="10004 × 10000"):
        engine.submit(wish(engine.registry, big, 4))
    assert engine.jobs() == ()


def test_it_comes_back_paused_after_a_quit(qtbot: QtBot, make: MakeEngine, cat: Path) -> None:
    engine = make()
    job = engine.submit(wish(engine.registry, cat, 4).replace(prompt="slow"))
    qtbot.waitUntil(lambda: engine.jobs()[0].progress.step == 1, timeout=15_000)
    engine.shutdown()
    again = make()
    (back,) = again.jobs()
    assert (back.id, back.state, back.request) == (job.id, JobState.PAUSED, job.request)
    with qtbot.waitSignal(again.generated, timeout=15_000):
        again.resume_all()
    assert len(larger(cat.parent)) == 1


def test_what_was_saved_when_the_app_was_killed_is_not_made_again(
    qtbot: QtBot, make: MakeEngine, cat: Path, home: Path
) -> None:
    engine = make()
    job = engine.submit(wish(engine.registry, cat, 4))
    ended(qtbot, engine, job)
    engine.shutdown()
    queue = json.loads((home / "queue.json").read_text())
    queue["jobs"] = [job.to_json()]
    (home / "queue.json").write_text(json.dumps(queue))
    again = make()
    with qtbot.waitSignal(again.jobEnded, timeout=15_000) as end:
        again.resume_all()
    assert end.args[0].state is JobState.FINISHED
    assert len(larger(cat.parent)) == 1


def test_another_factor_or_an_older_copy_does_not_count(make: MakeEngine, qtbot: QtBot, cat: Path) -> None:
    engine = make()
    ended(qtbot, engine, engine.submit(wish(engine.registry, cat, 4)))
    found = engine.gallery.enlarged_since
    assert found(wish(engine.registry, cat, 4), time.time() - 60) is not None
    assert found(wish(engine.registry, cat, 2), time.time() - 60) is None
    assert found(wish(engine.registry, cat, 4), time.time() + 60) is None


def test_a_saved_job_is_read_as_it_was_written() -> None:
    refine = PARENT.replace(count=1)
    job = Job(EnlargeRequest("/a/b.png", 2, "span-x4", "mlx", refine, "a\n猫", 7, 64, 48))
    back = Job.from_json(json.loads(json.dumps(job.to_json())))
    assert (back.id, back.request, back.state) == (job.id, job.request, JobState.PAUSED)
    assert back.remaining() == (job.request,)
    assert job.replace(done=frozenset({0})).remaining() == ()


@pytest.mark.parametrize("change", [{"factor": 3}, {"factor": "4"}, {"path": None}, {"refine": {"prompt": 1}}])
def test_nonsense_is_no_job(change: dict[str, object]) -> None:
    document = Job(EnlargeRequest("/a/b.png", upscaler="span-x4")).to_json()
    with pytest.raises((ValueError, KeyError, TypeError)):
        Job.from_json({**document, "enlarge": {**document["enlarge"], **change}})
