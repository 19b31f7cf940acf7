"""The engine with the real worker process, the real queue, library and gallery, and a scripted backend."""

from __future__ import annotations

import os
import signal
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.backends.base import Backend, Group, Lost, Placement, Recovered, Remote
from app.backends.registry import Registry
from app.core.errors import UserError
from app.core.events import CancelCheck, Event, Finished, Generated, Loading, Progress
from app.core.grid import parse_grid
from app.core.message import message
from app.core.output import ImageOutput, Provenance
from app.core.request import GenerationRequest
from app.engine import runner as runner_module
from app.engine.engine import Engine
from app.engine.jobs import Job, JobState
from app.engine.session import Session
from app.engine.worker_process import WorkerProcess
from app.library import machine
from app.library.models.store import Models
from app.library.pictures import images
from app.library.pictures.gallery import Gallery
from app.library.settings import Settings
from app.library.spending import Ledger
from tests.engine.scripted import ScriptedBackend, backends

REQUEST = GenerationRequest("a cat", seed=5, count=2, width=32, height=32, backend="scripted")
BLACK = ImageOutput(np.zeros((32, 32, 3), np.uint8))
FACTORY = "tests.engine.scripted:backends"

MakeEngine = Callable[[], Engine]


def make_engine(registry: Registry, settings: Settings, gallery: Gallery, home: Path) -> Engine:
    session = Session(settings, Models(settings), registry, Ledger(), gallery, WorkerProcess(FACTORY))
    return Engine(session, home / "queue.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Pictures"


@pytest.fixture
def make(home: Path, folder: Path, qtbot: QtBot) -> Iterator[MakeEngine]:
    made: list[Engine] = []

    def engine() -> Engine:
        settings = Settings()
        gallery = Gallery(folder, home / "gallery.sqlite")
        engine = make_engine(Registry(backends(), settings), settings, gallery, home)
        made.append(engine)
        engine.start()
        return engine

    yield engine
    for engine_ in made:
        engine_.shutdown()


def run(qtbot: QtBot, engine: Engine, request: GenerationRequest) -> Job:
    """Submit and wait for the end."""
    ended: list[Job] = []
    engine.jobEnded.connect(ended.append)
    job = engine.submit(request)
    qtbot.waitUntil(lambda: any(end.id == job.id for end in ended), timeout=15_000)
    engine.jobEnded.disconnect(ended.append)
    return next(end for end in ended if end.id == job.id)


def test_a_job_becomes_pictures_that_are_on_disk_before_anyone_is_told(
    qtbot: QtBot, make: MakeEngine, folder: Path
) -> None:
    engine = make()
    told: list[tuple[str, Any, bool]] = []
    previews: list[Any] = []
    engine.generated.connect(lambda job, picture: told.append((job, picture, picture.path.exists())))
    engine.previewed.connect(lambda *args: previews.append(args))
    end = run(qtbot, engine, REQUEST)
    assert end.state is JobState.FINISHED
    assert engine.jobs() == ()
    assert [(picture.seed, there) for _, picture, there in told] == [(5, True), (6, True)]
    assert images.read(told[1][1].path).request == end.request.replace(seed=6, count=1)
    assert len(previews) == 6
    assert len(engine.gallery.search()) == 2


def test_the_next_picture_is_made_while_one_is_saved(
    qtbot: QtBot, make: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make()
    save, seen = engine.gallery.save, threading.Event()

    def slow(*args: Any) -> images.Picture:
        assert seen.wait(10)
        return save(*args)

    monkeypatch.setattr(engine.gallery, "save", slow)
    engine.jobChanged.connect(lambda job: seen.set() if job.progress.picture == 1 else None)
    told: list[int | None] = []
    engine.generated.connect(lambda _, picture: told.append(picture.seed))
    assert run(qtbot, engine, REQUEST).state is JobState.FINISHED
    assert told == [5, 6]


def test_a_job_fails_when_its_picture_cannot_be_saved_and_makes_that_one_again(
    qtbot: QtBot, make: MakeEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make()
    save = engine.gallery.save

    def full(output: Any, request: GenerationRequest, *args: Any) -> images.Picture:
        if request.seed == 6:
            raise UserError(message("The disk is full."))
        return save(output, request, *args)

    monkeypatch.setattr(engine.gallery, "save", full)
    end = run(qtbot, engine, REQUEST)
    assert (end.state, end.done) == (JobState.FAILED, {0})
    assert end.failure is not None
    assert "full" in str(end.failure.message)
    monkeypatch.undo()
    engine.retry(end.id)
    qtbot.waitUntil(lambda: not engine.jobs(), timeout=15_000)
    assert sorted(images.read(path).seed or 0 for path in folder.glob("*.png")) == [5, 6]


def test_jobs_run_in_order_one_at_a_time(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    running: list[int] = []
    engine.jobChanged.connect(lambda _: running.append(sum(j.state is JobState.RUNNING for j in engine.jobs())))
    first, second = engine.submit(REQUEST), engine.submit(REQUEST)
    ended: list[str] = []
    engine.jobEnded.connect(lambda job: ended.append(job.id))
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=15_000)
    assert ended == [first.id, second.id]
    assert max(running) == 1


@pytest.mark.parametrize("changes", [{"prompt": " "}, {"width": 33}, {"model": "none"}, {"backend": "none"}])
def test_what_does_not_fit_is_refused_before_it_is_queued(make: MakeEngine, changes: dict[str, Any]) -> None:
    engine = make()
    with pytest.raises(UserError):
        engine.submit(REQUEST.replace(**changes))
    assert engine.jobs() == ()


def test_a_failed_job_stays_and_can_be_tried_again_with_changes(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    end = run(qtbot, engine, REQUEST.replace(prompt="fail"))
    assert (end.state, str(end.failure.message), str(end.failure.remedy)) == (
        JobState.FAILED,
        "It failed.",
        "Do something else.",
    )
    assert [job.id for job in engine.jobs()] == [end.id]
    with qtbot.waitSignal(engine.jobEnded, timeout=15_000) as ended:
        engine.retry(end.id, prompt="a cat")
    assert ended.args[0].state is JobState.FINISHED


def test_a_killed_worker_loses_no_picture_and_retry_generates_only_the_rest(
    qtbot: QtBot, make: MakeEngine, folder: Path
) -> None:
    engine = make()
    end = run(qtbot, engine, REQUEST.replace(prompt="kill"))
    assert end.state is JobState.FAILED
    assert end.done == {0}
    assert run(qtbot, engine, REQUEST.replace(seed=50)).state is JobState.FINISHED  # the next job runs
    with qtbot.waitSignal(engine.jobEnded, timeout=15_000):
        engine.retry(end.id, prompt="a cat")
    assert sorted(images.read(path).seed or 0 for path in folder.glob("*.png")) == [5, 6, 50, 51]


def test_a_worker_that_seems_to_have_run_out_of_memory_is_offered_less(
    qtbot: QtBot, make: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make()
    monkeypatch.setattr(engine.registry, "smaller", lambda request: {"width": request.width // 2})
    assert run(qtbot, engine, REQUEST.replace(prompt="kill")).failure.suggestion == {"width": REQUEST.width // 2}
    assert not run(qtbot, engine, REQUEST.replace(prompt="bug")).failure.suggestion


def test_a_worker_killed_from_outside_in_mid_generation_fails_the_job(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    with qtbot.waitSignal(engine.previewed, timeout=15_000):
        engine.submit(REQUEST.replace(prompt="slow", steps=50))
    assert engine.worker.pid is not None
    with qtbot.waitSignal(engine.jobEnded, timeout=5_000) as ended:
        os.kill(engine.worker.pid, signal.SIGKILL)
    assert ended.args[0].state is JobState.FAILED
    assert ended.args[0].failure.retry


def test_cancel_stops_a_running_job_and_removes_a_waiting_one(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    with qtbot.waitSignal(engine.previewed, timeout=15_000):
        running = engine.submit(REQUEST.replace(prompt="slow", steps=50))
        waiting = engine.submit(REQUEST)
    engine.cancel(waiting.id)
    assert [job.id for job in engine.jobs()] == [running.id]
    with qtbot.waitSignal(engine.jobEnded, timeout=5_000) as ended:
        engine.cancel(running.id)
    assert ended.args[0].state is JobState.CANCELLED
    assert engine.jobs() == ()


def test_jobs_survive_quitting_while_one_runs_and_come_back_paused(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    with qtbot.waitSignal(engine.previewed, timeout=15_000):
        running = engine.submit(REQUEST.replace(prompt="slow", steps=50))
    waiting = engine.submit(REQUEST)
    engine.shutdown()
    again = make()
    assert [(job.id, job.state) for job in again.jobs()] == [
        (running.id, JobState.PAUSED), (waiting.id, JobState.PAUSED)
    ]  # fmt: skip
    again.cancel(running.id)
    with qtbot.waitSignal(again.jobEnded, timeout=15_000) as ended:
        again.resume_all()
    assert (ended.args[0].id, ended.args[0].state) == (waiting.id, JobState.FINISHED)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_fails_the_job_with_what_to_do(qtbot: QtBot, make: MakeEngine, folder: Path) -> None:
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    end = run(qtbot, make(), REQUEST)
    assert end.state is JobState.FAILED
    assert end.failure.remedy


def test_a_pictures_folder_that_is_a_file_fails_the_job_and_a_retry_after_mending_generates(
    qtbot: QtBot, make: MakeEngine, folder: Path
) -> None:
    engine = make()
    folder.rmdir() if folder.exists() else None
    folder.write_text("in the way")
    end = run(qtbot, engine, REQUEST)
    assert end.state is JobState.FAILED
    assert "folder" in str(end.failure.message)
    folder.unlink()
    with qtbot.waitSignal(engine.jobEnded, timeout=15_000) as ended:
        engine.retry(end.id)
    assert ended.args[0].state is JobState.FINISHED
    assert len(list(folder.glob("*.png"))) == 2


def test_an_idle_worker_is_ended(qtbot: QtBot, make: MakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = make()
    run(qtbot, engine, REQUEST)
    assert engine.worker.pid is not None
    get = engine.settings.get
    monkeypatch.setattr(engine.settings, "get", lambda key: 0.001 if key == "idle_minutes" else get(key))
    run(qtbot, engine, REQUEST)
    qtbot.waitUntil(lambda: engine.worker.pid is None, timeout=5_000)


def test_the_idle_time_is_what_the_settings_say_now(
    qtbot: QtBot, make: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "SETTING_SECONDS", 0.05)
    engine = make()
    run(qtbot, engine, REQUEST)
    assert engine.worker.pid is not None
    get = engine.settings.get
    monkeypatch.setattr(engine.settings, "get", lambda key: 0.001 if key == "idle_minutes" else get(key))
    qtbot.waitUntil(lambda: engine.worker.pid is None, timeout=5_000)


def test_a_defect_in_the_engine_fails_the_job_and_the_next_one_runs(
    qtbot: QtBot, make: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make()
    with monkeypatch.context() as broken:
        broken.setattr(images, "save", lambda *args: 1 / 0)
        end = run(qtbot, engine, REQUEST)
    assert (end.state, end.failure.bug, end.done) == (JobState.FAILED, True, frozenset())
    assert run(qtbot, engine, REQUEST).state is JobState.FINISHED


def test_a_saved_picture_that_the_index_cannot_take_is_no_failure(
    qtbot: QtBot, make: MakeEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make()

    def gone(picture: Any) -> None:
        raise FileNotFoundError(picture.path)

    monkeypatch.setattr(engine.gallery, "add", gone)
    assert run(qtbot, engine, REQUEST).state is JobState.FINISHED
    assert len(list(folder.glob("*.png"))) == 2


def test_a_cancel_that_came_too_late_does_not_cancel_the_retry(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    end = run(qtbot, engine, REQUEST.replace(prompt="fail"))
    engine._runner.cancel(end.id)  # pressed while it failed
    with qtbot.waitSignal(engine.jobEnded, timeout=15_000) as ended:
        engine.retry(end.id, prompt="a cat")
    assert ended.args[0].state is JobState.FINISHED


def test_a_job_that_is_taken_out_just_before_it_starts_is_not_generated(
    qtbot: QtBot, make: MakeEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make()
    run(qtbot, engine, REQUEST)
    next_waiting = engine._queue.next_waiting

    def too_late(timeout: float | None, until: Callable[[], bool] = lambda: False) -> Job | None:
        job = next_waiting(timeout, until)
        if job is not None and job.request.seed == 70:
            engine.cancel(job.id)
        return job

    monkeypatch.setattr(engine._queue, "next_waiting", too_late)
    run(qtbot, engine, REQUEST)
    engine.submit(REQUEST.replace(seed=70))
    run(qtbot, engine, REQUEST.replace(seed=80))
    assert 70 not in {images.read(path).seed for path in folder.glob("*.png")}


def test_nothing_is_generated_for_a_folder_that_cannot_be_written_to(
    qtbot: QtBot, make: MakeEngine, folder: Path
) -> None:
    folder.write_text("in the way")
    engine = make()
    end = run(qtbot, engine, REQUEST)
    assert "No picture can be saved" in str(end.failure.message)
    assert engine.worker.pid is None, "a picture that cannot be kept need not be painted"


class CloudBackend(ScriptedBackend):
    """Runs in the engine's thread; a picture of seed 5 was under way when the app last ended."""

    id = "cloud"
    name = "Cloud"
    placement, group = Placement.ENGINE, Group.CLOUD
    remote = Remote(message("Prompts are sent to the cloud."))

    def __init__(self) -> None:
        super().__init__()
        self.cancelled = False

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        yield Loading(message("Waiting"))
        while True:
            time.sleep(0.05)
            self.cancelled = self.cancelled or cancel()
            yield Progress(0, 1, 2)

    def unfinished_seed(self, request: GenerationRequest) -> int | None:
        return None

    def recover(self, cancel: CancelCheck) -> Iterator[Recovered | Lost]:
        request = REQUEST.replace(backend="cloud", steps=3, guidance=4.5, solver="dpmpp", model="starter")
        yield Recovered(request.of_picture(5), Generated(0, BLACK, 5, Provenance(cost=0.01)))
        yield Lost(request.of_picture(6), message("One picture was lost."), message("Paint it again."))


def cloud_engine(home: Path, folder: Path) -> tuple[Engine, CloudBackend]:
    settings, cloud = Settings(), CloudBackend()
    gallery = Gallery(folder, home / "gallery.sqlite")
    registry = Registry({"cloud": cloud}, settings)
    return make_engine(registry, settings, gallery, home), cloud


def test_quitting_does_not_cancel_what_the_cloud_generates_and_the_next_start_fetches_it(
    qtbot: QtBot, home: Path, folder: Path
) -> None:
    engine, cloud = cloud_engine(home, folder)
    engine.submit(REQUEST.replace(backend="cloud"))
    engine.start()
    qtbot.waitUntil(lambda: any(job.progress.steps == 2 for job in engine.jobs()), timeout=15_000)
    engine.shutdown()
    assert not cloud.cancelled

    again, _ = cloud_engine(home, folder)
    problems: list[UserError] = []
    again.problem.connect(problems.append)
    with qtbot.waitSignal(again.problem, timeout=15_000):
        again.start()
    again.shutdown()
    assert [(job.done, job.state) for job in again.jobs()] == [({0}, JobState.PAUSED)]
    assert str(problems[0].message) == "One picture was lost."
    assert images.read(next(folder.glob("*.png"))).provenance.cost == 0.01


class Cloud(ScriptedBackend):
    """A cloud whose earlier pictures take as long to fetch as `recovering` is clear; jobs fail with their prompt."""

    id = "cloud"
    name = "Cloud"
    placement, group = Placement.ENGINE, Group.CLOUD
    remote = Remote(message("Prompts are sent to the cloud."))

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[int, int]] = []
        self.rounds = 0
        self.recovering = threading.Event()
        self.found: list[Recovered | Lost] = []

    def unfinished_seed(self, request: GenerationRequest) -> int | None:
        return None

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        assert request.seed is not None
        self.asked.append((request.seed, request.count))
        if request.prompt == "fail":
            raise UserError(message("It failed."), message("Do something else."))
        for number in range(request.count):
            yield Generated(number, BLACK, request.seed + number)
        yield Finished()

    def recover(self, cancel: CancelCheck) -> Iterator[Recovered | Lost]:
        self.rounds += 1
        while not self.recovering.wait(0.01):
            if cancel():
                return
        while self.found:
            yield self.found.pop(0)


@pytest.fixture
def cloudy(home: Path, folder: Path, qtbot: QtBot) -> Iterator[tuple[Engine, Cloud]]:
    settings, cloud = Settings(), Cloud()
    settings.set("cloud_allowed", True)
    registry = Registry({**backends(), "cloud": cloud}, settings)
    gallery = Gallery(folder, home / "gallery.sqlite")
    engine = make_engine(registry, settings, gallery, home)
    yield engine, cloud
    engine.shutdown()


def test_local_jobs_do_not_wait_for_pictures_of_earlier_runs(qtbot: QtBot, cloudy: tuple[Engine, Cloud]) -> None:
    engine, cloud = cloudy
    engine.start()
    qtbot.waitUntil(lambda: cloud.rounds == 1)
    assert run(qtbot, engine, REQUEST).state is JobState.FINISHED
    assert not cloud.recovering.is_set()


def test_a_cloud_job_has_the_earlier_pictures_to_itself_and_the_search_goes_on_after_it(
    qtbot: QtBot, cloudy: tuple[Engine, Cloud]
) -> None:
    engine, cloud = cloudy
    engine.start()
    qtbot.waitUntil(lambda: cloud.rounds == 1)
    assert run(qtbot, engine, REQUEST.replace(backend="cloud")).state is JobState.FINISHED
    qtbot.waitUntil(lambda: cloud.rounds == 2)


def test_a_new_key_lets_earlier_pictures_be_looked_for_again(qtbot: QtBot, cloudy: tuple[Engine, Cloud]) -> None:
    engine, cloud = cloudy
    cloud.recovering.set()
    engine.start()
    qtbot.waitUntil(lambda: cloud.rounds == 1)
    engine.backendsChanged.emit()
    qtbot.waitUntil(lambda: cloud.rounds == 2)


def test_what_was_fetched_of_a_job_is_not_ordered_again(qtbot: QtBot, cloudy: tuple[Engine, Cloud]) -> None:
    engine, cloud = cloudy
    job = engine.submit(REQUEST.replace(backend="cloud", count=4))
    assert isinstance(job.request, GenerationRequest)
    cloud.found = [Recovered(job.request.of_picture(seed), Generated(0, BLACK, seed)) for seed in (6, 7)]
    cloud.recovering.set()
    engine._recovery.start()
    qtbot.waitUntil(lambda: bool(engine.jobs()) and engine.jobs()[0].done == {1, 2}, timeout=15_000)
    engine._runner.start()
    qtbot.waitUntil(lambda: not engine.jobs(), timeout=15_000)
    assert cloud.asked == [(5, 1), (8, 1)]


def test_a_job_of_which_all_was_fetched_is_finished(qtbot: QtBot, cloudy: tuple[Engine, Cloud]) -> None:
    engine, cloud = cloudy
    job = engine.submit(REQUEST.replace(backend="cloud", count=1))
    assert isinstance(job.request, GenerationRequest)
    cloud.found = [Recovered(job.request, Generated(0, BLACK, 5))]
    cloud.recovering.set()
    ended: list[Job] = []
    engine.jobEnded.connect(ended.append)
    engine._recovery.start()
    qtbot.waitUntil(lambda: bool(ended), timeout=15_000)
    assert [(end.id, end.state) for end in ended] == [(job.id, JobState.FINISHED)]
    assert engine.jobs() == ()
    assert cloud.asked == []


def test_what_failed_in_the_cloud_is_not_offered_there_again(qtbot: QtBot, cloudy: tuple[Engine, Cloud]) -> None:
    engine, _ = cloudy
    cast(dict[str, Backend], engine.registry.backends).pop("scripted")
    engine.start()
    end = run(qtbot, engine, REQUEST.replace(backend="auto", prompt="fail"))
    assert (end.state, end.backend, dict(end.failure.suggestion)) == (JobState.FAILED, "cloud", {})


def test_what_failed_here_is_offered_in_the_cloud(qtbot: QtBot, cloudy: tuple[Engine, Cloud]) -> None:
    engine, _ = cloudy
    engine.start()
    end = run(qtbot, engine, REQUEST.replace(prompt="fail"))
    assert (end.state, end.failure.suggestion["backend"]) == (JobState.FAILED, "cloud")


def test_a_defect_in_what_is_offered_leaves_no_job_without_an_end(
    qtbot: QtBot, cloudy: tuple[Engine, Cloud], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    engine, _ = cloudy

    def broken(request: GenerationRequest) -> dict[str, Any]:
        raise OSError("the disk is away")

    monkeypatch.setattr(engine.registry, "elsewhere", broken)
    engine.start()
    assert run(qtbot, engine, REQUEST.replace(prompt="fail")).state is JobState.FAILED
    assert run(qtbot, engine, REQUEST).state is JobState.FINISHED
    assert "Nothing can be offered" in caplog.text


def pause_in_the_first_picture(qtbot: QtBot, engine: Engine, request: GenerationRequest) -> Job:
    """Ask for pictures, and pause the queue while the first one is in work; the job once it has given way."""
    states: list[JobState] = []
    engine.jobChanged.connect(lambda job: states.append(job.state))
    job = engine.submit(request)
    qtbot.waitUntil(lambda: any(each.progress.step for each in engine.jobs()), timeout=15_000)
    engine.pause()
    qtbot.waitUntil(lambda: states[-1:] == [JobState.WAITING], timeout=15_000)
    return job


def test_a_pause_lets_the_picture_in_work_end_and_the_job_goes_on_with_the_next(
    qtbot: QtBot, make: MakeEngine, folder: Path
) -> None:
    engine = make()
    job = pause_in_the_first_picture(qtbot, engine, REQUEST.replace(prompt="slow", count=3))
    second = engine.submit(REQUEST.replace(seed=90))
    (waiting, _) = engine.jobs()
    assert (waiting.id, waiting.done) == (job.id, {0})
    assert not engine.busy()
    ended: list[str] = []
    engine.jobEnded.connect(lambda job: ended.append(job.id))
    engine.resume_all()
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=15_000)
    assert ended == [job.id, second.id]
    assert sorted(images.read(path).seed for path in folder.glob("*.png")) == [5, 6, 7, 90, 91]


def test_a_pause_lets_all_pictures_of_a_batch_end(qtbot: QtBot, make: MakeEngine, folder: Path) -> None:
    engine = make()
    job = pause_in_the_first_picture(qtbot, engine, REQUEST.replace(prompt="together", count=4))
    (waiting,) = engine.jobs()
    assert (waiting.id, waiting.done) == (job.id, {0, 1})


def test_a_clip_gives_way_after_its_step(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    clip = REQUEST.replace(model="clips", prompt="slow", count=1, steps=50, frames=9)
    job = pause_in_the_first_picture(qtbot, engine, clip)
    (waiting,) = engine.jobs()
    assert (waiting.id, waiting.done) == (job.id, frozenset())


def test_a_pause_outlasts_a_quit(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    pause_in_the_first_picture(qtbot, engine, REQUEST.replace(prompt="slow"))
    engine.shutdown()
    again = make()
    assert again.paused()
    job = again.submit(REQUEST)
    assert [each.state for each in again.jobs()] == [JobState.PAUSED, JobState.WAITING]
    ended: list[Job] = []
    again.jobEnded.connect(ended.append)
    again.resume_all()
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=15_000)
    assert [each.state for each in ended] == [JobState.FINISHED] * 2
    assert ended[1].id == job.id


def test_a_job_in_the_last_picture_ends_although_the_queue_is_paused(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    ended: list[Job] = []
    engine.jobEnded.connect(ended.append)
    engine.submit(REQUEST.replace(prompt="slow", count=1))
    qtbot.waitUntil(lambda: any(each.progress.step for each in engine.jobs()), timeout=15_000)
    engine.pause()
    qtbot.waitUntil(lambda: len(ended) == 1, timeout=15_000)
    assert ended[0].state is JobState.FINISHED


def test_cleared_jobs_come_back_in_order_and_run(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    engine.pause()
    jobs = [engine.submit(REQUEST.replace(count=1, seed=seed)).id for seed in range(3)]
    engine.move(jobs[2], jobs[0])
    removed = engine.clear()
    assert engine.jobs() == ()
    engine.put_back(removed)
    ended: list[str] = []
    engine.jobEnded.connect(lambda job: ended.append(job.id))
    engine.resume_all()
    qtbot.waitUntil(lambda: len(ended) == 3, timeout=15_000)
    assert ended == [jobs[2], jobs[0], jobs[1]]


def test_the_worker_gets_ready_before_a_job_is_asked_for(qtbot: QtBot, make: MakeEngine) -> None:
    engine = make()
    engine.prepare(REQUEST)
    qtbot.waitUntil(lambda: engine.worker.pid is not None)
    before = engine.worker.pid
    told: list[Any] = []
    engine.generated.connect(lambda _, picture: told.append(picture.provenance.version))
    run(qtbot, engine, REQUEST)
    assert engine.worker.pid == before
    assert set(told) == {"prepared 1 times starter"}


def test_a_model_that_takes_much_of_the_free_memory_is_not_loaded_ahead(
    qtbot: QtBot, make: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make()
    monkeypatch.setattr(machine, "available_memory", lambda: 3 * 2**30)  # the model is said to need 1 GB
    engine.prepare(REQUEST)
    qtbot.waitUntil(lambda: engine.worker.pid is not None)
    told: list[Any] = []
    engine.generated.connect(lambda _, picture: told.append(picture.provenance.version))
    run(qtbot, engine, REQUEST)
    assert set(told) == {"prepared 1 times"}


@pytest.mark.parametrize("short", [True, False])
def test_the_worker_does_not_get_ready_where_memory_is_short_or_nobody_wants_it(
    qtbot: QtBot, make: MakeEngine, monkeypatch: pytest.MonkeyPatch, short: bool
) -> None:
    engine = make()
    asked: list[str] = []
    monkeypatch.setattr(engine.worker, "prepare", lambda backend, request: asked.append(backend))
    if short:
        monkeypatch.setattr(machine, "available_memory", lambda: 10**9)
    else:
        engine.settings.set("prepare", False)
    engine.prepare(REQUEST)
    qtbot.wait(100)
    assert asked == []
    monkeypatch.undo()
    engine.settings.set("prepare", True)
    engine.prepare(REQUEST)
    qtbot.waitUntil(lambda: engine.worker.pid is not None)


def test_a_grid_ends_with_a_sheet_also_after_a_restart(make: MakeEngine, folder: Path, qtbot: QtBot) -> None:
    engine = make()
    grid = parse_grid(["steps=1-2"])
    jobs = engine.submit_wish(REQUEST.replace(prompt="slow {cat|dog}", count=1), grid)
    assert len(jobs) == 4
    engine.start()
    qtbot.waitUntil(lambda: len(list(folder.glob("*.png"))) >= 1, timeout=20_000)
    engine.shutdown()
    assert len(list(folder.glob("*grid*"))) < 2, "not all of it was made"
    engine = make()
    engine.start()
    engine.resume_all()
    qtbot.waitUntil(lambda: len(list(folder.glob("*grid*"))) == 2, timeout=40_000)
    read = [images.read(path) for path in sorted(folder.glob("*.png"))]
    sheets = [each for each in read if each.provenance.grid]
    assert len(read) - len(sheets) == 4
    assert {each.prompt for each in sheets} == {"slow cat", "slow dog"}
    assert {each.provenance.grid for each in sheets} == {grid}
    qtbot.waitUntil(lambda: engine.gallery.count() == 6)
    engine.shutdown()
    again = make()
    again.start()
    qtbot.wait(300)
    assert len(list(folder.glob("*.png"))) == 6, "no sheet is made twice"


def test_nothing_of_a_grid_is_queued_where_a_cell_does_not_fit(make: MakeEngine) -> None:
    engine = make()
    with pytest.raises(UserError, match="900"):
        engine.submit_wish(REQUEST, parse_grid(["steps=1,900"]))
    assert engine.jobs() == ()
