from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobState
from app.engine.queue import JobQueue

REQUEST = GenerationRequest("a cat", seed=5, count=2, width=64, height=64, steps=3, guidance=4.5, solver="euler")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "queue.json"


def test_jobs_survive_a_restart_paused_and_in_order(path: Path) -> None:
    queue = JobQueue(path)
    jobs = [Job(REQUEST.replace(prompt=f"cat {i}")) for i in range(3)]
    for job in jobs:
        queue.add(job)
    queue.update(jobs[0].id, state=JobState.RUNNING)
    queue.update(jobs[0].id, done=frozenset({1}))
    back = JobQueue(path).jobs()
    assert [job.id for job in back] == [job.id for job in jobs]
    assert {job.state for job in back} == {JobState.PAUSED}
    assert back[0].done == {1}


def test_ended_jobs_leave_and_failed_ones_stay(path: Path) -> None:
    queue = JobQueue(path)
    jobs = [Job(REQUEST) for _ in range(3)]
    for job, state in zip(jobs, (JobState.FINISHED, JobState.FAILED, JobState.CANCELLED), strict=True):
        queue.add(job)
        ended = queue.update(job.id, state=state)
        assert ended is not None
        assert ended.state is state
    assert [job.id for job in JobQueue(path).jobs()] == [jobs[1].id]


def test_only_waiting_jobs_are_next(path: Path) -> None:
    queue = JobQueue(path)
    for state in (JobState.PAUSED, JobState.FAILED, JobState.RUNNING):
        queue.add(Job(REQUEST, state=state))
    assert queue.next_waiting(0.01) is None
    waiting = Job(REQUEST)
    queue.add(waiting)
    assert queue.next_waiting(0.01) == waiting


@pytest.mark.parametrize("content", ["", "{", "[]", '{"jobs": 3}', "\x00\x01", "[" * 200_000])
def test_an_unreadable_queue_is_set_aside_and_not_fatal(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    queue = JobQueue(path)
    assert queue.jobs() == ()
    assert [file.read_text() for file in path.parent.glob("*.broken*")] == [content]
    queue.add(Job(REQUEST))
    assert len(JobQueue(path).jobs()) == 1


def test_one_unreadable_job_does_not_lose_the_others(path: Path) -> None:
    queue = JobQueue(path)
    queue.add(Job(REQUEST))
    document = json.loads(path.read_text())
    document["jobs"].insert(0, {"id": "x"})
    path.write_text(json.dumps(document))
    assert len(JobQueue(path).jobs()) == 1


@pytest.mark.parametrize("number", ["1e999", "9" * 400])
def test_numbers_out_of_all_reason_do_not_lose_the_others(path: Path, number: str) -> None:
    JobQueue(path).add(Job(REQUEST))
    document = json.loads(path.read_text())
    document["jobs"].insert(0, {**document["jobs"][0], "created": "x"})
    path.write_text(json.dumps(document).replace('"x"', number))
    assert len(JobQueue(path).jobs()) == 1


def test_a_prompt_with_half_a_surrogate_pair_is_kept(path: Path) -> None:
    JobQueue(path).add(Job(REQUEST.replace(prompt="日落 \ud83c 🌅")))
    assert [job.request.prompt for job in JobQueue(path).jobs()] == ["日落 \ud83c 🌅"]


def names(queue: JobQueue) -> str:
    return " ".join(job.id for job in queue.jobs())


def filled(path: Path, states: str = "waiting waiting waiting waiting") -> JobQueue:
    """A queue of jobs "a", "b", ... in these states."""
    queue = JobQueue(path)
    for number, state in enumerate(states.split()):
        queue.add(Job(REQUEST, id="abcdef"[number], state=JobState(state)))
    return queue


def test_a_running_job_is_not_taken_out(path: Path) -> None:
    queue = filled(path, "running waiting failed")
    assert queue.remove(lambda job: job.id == "a").jobs == ()
    assert [job.id for job in queue.remove(lambda job: True).jobs] == ["b", "c"]
    assert names(queue) == names(JobQueue(path)) == "a"


@pytest.mark.parametrize(
    ("job", "before", "order"),
    [
        ("d", "b", "a d b c"),
        ("b", None, "a c d b"),
        ("d", "a", "a d b c"),
        ("b", "d", "a c b d"),
        ("c", "d", "a b c d"),
    ],
)
def test_waiting_jobs_move_behind_the_running_one_and_stay_there_over_a_restart(
    path: Path, job: str, before: str | None, order: str
) -> None:
    queue = filled(path, "running waiting failed paused")
    assert queue.move(job, before) is (order != "a b c d")
    assert names(queue) == names(JobQueue(path)) == order


@pytest.mark.parametrize(("job", "before"), [("a", None), ("x", "b"), ("b", "x"), ("b", "b")])
def test_what_cannot_be_moved_moves_nothing(path: Path, job: str, before: str | None) -> None:
    queue = filled(path, "running waiting waiting")
    assert not queue.move(job, before)
    assert names(queue) == "a b c"


def test_the_first_in_the_new_order_is_next(path: Path) -> None:
    queue = filled(path)
    queue.move("c", "a")
    job = queue.next_waiting(0)
    assert job is not None
    assert job.id == "c"
    queue.update("b", state=JobState.RUNNING)
    assert names(queue) == "b c a d", "the running job is the first"


def test_removed_jobs_come_back_where_they_stood(path: Path) -> None:
    queue = filled(path)
    removed = queue.remove(lambda job: job.id in "bc")
    queue.put_back(removed)
    assert names(queue) == names(JobQueue(path)) == "a b c d"


def test_removed_jobs_come_back_among_what_has_changed_meanwhile(path: Path) -> None:
    queue = filled(path)
    removed = queue.remove(lambda job: job.id != "b")
    queue.add(Job(REQUEST, id="e"))
    queue.update("b", state=JobState.RUNNING)
    queue.put_back(removed)
    assert names(queue) == "b a c d e"


def test_a_paused_queue_starts_nothing_until_it_goes_on_also_after_a_restart(path: Path) -> None:
    queue = filled(path)
    queue.pause(True)
    assert queue.next_waiting(0) is None
    again = JobQueue(path)
    assert again.paused
    again.add(Job(REQUEST, id="e"))
    assert again.next_waiting(0) is None
    again.pause(False)
    job = again.next_waiting(0)
    assert job is not None
    assert job.id == "e"
    assert not JobQueue(path).paused


def test_a_folder_that_cannot_be_written_to_does_not_stop_the_queue(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    queue = JobQueue(tmp_path / "file" / "queue.json")
    queue.add(Job(REQUEST))
    assert len(queue.jobs()) == 1


def test_a_full_disk_costs_no_job_of_a_queue_with_one_that_cannot_be_read(path: Path) -> None:
    """The operating system itself refuses to write more than 100 bytes."""
    queue = JobQueue(path)
    for prompt in ("one", "two"):
        queue.add(Job(REQUEST.replace(prompt=prompt)))
    document = json.loads(path.read_text())
    document["jobs"][0]["request"] = "nonsense"
    path.write_text(json.dumps(document))
    before = path.read_bytes()
    script = f"""
import resource, signal
from pathlib import Path
from app.engine.queue import JobQueue
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
assert len(JobQueue(Path({str(path)!r})).jobs()) == 1
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_job_that_cannot_be_read_is_kept_aside(path: Path) -> None:
    queue = JobQueue(path)
    for prompt in ("one", "two"):
        queue.add(Job(REQUEST.replace(prompt=prompt)))
    document = json.loads(path.read_text())
    document["jobs"][0]["request"] = "nonsense"
    path.write_text(json.dumps(document))
    again = JobQueue(path)
    assert [job.request.prompt for job in again.jobs()] == ["two"]
    again.add(Job(REQUEST))
    (kept,) = path.parent.glob("queue.json.broken*")
    assert "nonsense" in kept.read_text()


def test_what_was_generated_while_a_job_was_put_back_stays_generated(path: Path) -> None:
    queue = JobQueue(path)
    job = Job(REQUEST.replace(count=3), state=JobState.FAILED)
    queue.add(job)
    queue.update(job.id, done=frozenset({2}))
    queue.put(job.fresh(job.request))
    assert queue.jobs()[0].done == {2}
