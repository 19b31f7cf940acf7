from __future__ import annotations

import pytest

from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobState

REQUEST = GenerationRequest("a\n猫", seed=5, count=4, width=64, height=64, steps=3, guidance=4.5, solver="euler")


def test_remaining_keeps_the_seeds_of_the_pictures_not_yet_painted() -> None:
    rest = Job(REQUEST, painted=3).remaining()
    assert (rest.seed, rest.count) == (8, 1)


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.RUNNING, JobState.PAUSED])
def test_a_job_that_had_not_ended_comes_back_paused(state: JobState) -> None:
    job = Job(REQUEST, state=state, painted=1, message="Loading")
    back = Job.from_json(job.to_json())
    assert back.state is JobState.PAUSED
    assert (back.id, back.request, back.painted, back.message) == (job.id, REQUEST, 1, "")


def test_a_failed_job_comes_back_failed_with_its_message() -> None:
    failed = Job(REQUEST, state=JobState.FAILED, message="No room", remedy="Make some", bug=True, retry=False)
    back = Job.from_json(failed.to_json())
    assert (back.state, back.message, back.remedy) == (JobState.FAILED, "No room", "Make some")
    assert (back.bug, back.retry) == (True, False)


def test_fresh_forgets_the_failure_but_not_the_pictures() -> None:
    job = Job(REQUEST, state=JobState.FAILED, painted=2, message="No room").fresh(REQUEST.replace(precision="4bit"))
    assert (job.state, job.painted, job.message, job.request.precision) == (JobState.WAITING, 2, "", "4bit")


@pytest.mark.parametrize("change", [{"painted": 4}, {"painted": -1}, {"request": {"prompt": 3}}, {"created": "x"}])
def test_nonsense_is_no_job(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Job.from_json({**Job(REQUEST).to_json(), **change})
