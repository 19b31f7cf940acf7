from __future__ import annotations

import pytest

from app.core.message import message
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobState

REQUEST = GenerationRequest("a\n猫", seed=5, count=4, width=64, height=64, steps=3, guidance=4.5, solver="euler")


def test_remaining_keeps_the_seeds_of_the_pictures_not_yet_generated() -> None:
    (rest,) = Job(REQUEST, done=frozenset({0, 1, 2})).remaining()
    assert (rest.seed, rest.count) == (8, 1)


def test_what_is_missing_in_the_middle_is_asked_for_alone() -> None:
    rest = Job(REQUEST, done=frozenset({1})).remaining()
    assert [(request.seed, request.count) for request in rest] == [(5, 1), (7, 2)]
    assert Job(REQUEST, done=frozenset(range(4))).remaining() == ()


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.RUNNING, JobState.PAUSED])
def test_a_job_that_had_not_ended_comes_back_paused(state: JobState) -> None:
    job = Job(REQUEST, state=state, done=frozenset({2}), message=message("Loading"))
    back = Job.from_json(job.to_json())
    assert back.state is JobState.PAUSED
    assert (back.id, back.request, back.done, str(back.message)) == (job.id, REQUEST, {2}, "")


def test_a_failed_job_comes_back_failed_with_its_message() -> None:
    failed = Job(
        REQUEST, state=JobState.FAILED, message=message("No room"), remedy=message("Make some"), bug=True, retry=False
    )
    back = Job.from_json(failed.to_json())
    assert (back.state, str(back.message), str(back.remedy)) == (JobState.FAILED, "No room", "Make some")
    assert (back.bug, back.retry) == (True, False)


def test_fresh_forgets_the_failure_but_not_the_pictures() -> None:
    failed = Job(REQUEST, state=JobState.FAILED, done=frozenset({0, 1}), message=message("No room"))
    job = failed.fresh(REQUEST.replace(precision="4bit"))
    assert (job.state, job.done, str(job.message), job.request.precision) == (JobState.WAITING, {0, 1}, "", "4bit")


@pytest.mark.parametrize(
    "change", [{"done": [4]}, {"done": [0, 1, 2, 3]}, {"done": 1}, {"request": {"prompt": 3}}, {"created": "x"}]
)
def test_nonsense_is_no_job(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Job.from_json({**Job(REQUEST).to_json(), **change})
