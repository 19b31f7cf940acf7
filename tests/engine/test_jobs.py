from __future__ import annotations

import json

import pytest

from app.core.events import Failed
from app.core.message import message
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobProgress, JobState
from app.engine.spending import SPEND_UP_TO

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
    job = Job(REQUEST, state=state, done=frozenset({2}), progress=JobProgress(waits_for=message("Loading")))
    back = Job.from_json(job.to_json())
    assert back.state is JobState.PAUSED
    assert (back.id, back.request, back.done, back.progress) == (job.id, REQUEST, {2}, JobProgress())


def test_a_failed_job_comes_back_failed_with_its_message() -> None:
    changes = {"precision": "bfloat16", "width": 512}
    failure = Failed(message("No {what}", what="room"), message("Make some"), True, False, changes, memory=True)
    back = Job.from_json(json.loads(json.dumps(Job(REQUEST, state=JobState.FAILED, failure=failure).to_json())))
    assert (back.state, back.failure) == (JobState.FAILED, failure)


def test_consent_and_the_question_for_it_survive_a_restart() -> None:
    failure = Failed(message("It costs more."), suggestion={SPEND_UP_TO: 1.25})
    job = Job(REQUEST, state=JobState.FAILED, failure=failure, spend_up_to=0.5)
    back = Job.from_json(json.loads(json.dumps(job.to_json())))
    assert (back.failure, back.spend_up_to) == (failure, 0.5)
    assert back.fresh(REQUEST).spend_up_to == 0.5


def test_a_job_of_an_older_version_is_read() -> None:
    old = {
        "id": "a", "created": 5.0, "state": "failed", "done": [0], "message": "No room", "remedy": "Make some",
        "bug": False, "retry": False,
        "request": {**REQUEST.to_json(), "schema": 1, "options": {"spend_up_to": 0.02, "style": "ink"}},
    }  # fmt: skip
    job = Job.from_json(old)
    assert job.failure is not None
    assert (str(job.failure.message), str(job.failure.remedy), job.failure.retry) == ("No room", "Make some", False)
    assert (job.spend_up_to, job.request.options) == (0.02, (("style", "ink"),))


def test_fresh_forgets_the_failure_but_not_the_pictures() -> None:
    failed = Job(REQUEST, state=JobState.FAILED, done=frozenset({0, 1}), failure=Failed(message("No room")))
    job = failed.fresh(REQUEST.replace(precision="4bit"))
    assert (job.state, job.done, job.failure, job.request.precision) == (JobState.WAITING, {0, 1}, None, "4bit")


@pytest.mark.parametrize("change", [{"done": [4]}, {"done": 1}, {"request": {"prompt": 3}}, {"created": "x"}])
def test_nonsense_is_no_job(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Job.from_json({**Job(REQUEST).to_json(), **change})
