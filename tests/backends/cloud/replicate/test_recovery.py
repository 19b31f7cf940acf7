"""Pictures that were under way when the app ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.backends.base import Lost, Recovered
from app.core.errors import GenerationCancelled, UserError
from app.core.events import Generated, Loading, Progress
from tests.servers.replicate import Fault, ReplicateServer, pixels


def quit_while_generating(studio, **values) -> None:
    """Run a job until all of its pictures are ordered and one is generated, then leave as the app does when it quits.

    What is under way ends a moment later.
    """
    quitting = threading.Event()
    studio.server.plan_all(until=quitting.is_set, **values.pop("plan", {}))
    events = studio.backend.generate(studio.request(**values), lambda: False)
    for event in events:
        if isinstance(event, Progress) and len(studio.server.predictions) == values.get("count", 1):
            break
    events.close()
    deadline = time.monotonic() + 10
    while studio.backend._pending._followed and time.monotonic() < deadline:
        time.sleep(0.01)  # its threads end by themselves
    quitting.set()


def recovered(studio) -> list[Recovered | Lost]:
    return list(studio.backend.recover(lambda: False))


def test_pictures_under_way_are_fetched_at_the_next_start(studio, server: ReplicateServer) -> None:
    request = studio.request(count=2)
    quit_while_generating(studio, count=2)
    assert all(prediction["status"] != "canceled" for prediction in server.predictions.values())
    orders = len(server.paths("create"))
    found = sorted(recovered(studio.restarted()), key=lambda item: item.request.seed or 0)
    assert [item.request for item in found] == [request.replace(seed=7, count=1), request.replace(seed=8, count=1)]
    for item, sent in zip(found, server.inputs(), strict=True):
        assert isinstance(item, Recovered)
        assert np.array_equal(item.generated.output.pixels, pixels(sent))
        assert item.generated.seed == sent["seed"]
        assert item.generated.provenance.cost > 0
    assert len(server.paths("create")) == orders == 2
    assert studio.under_way() == 0
    assert studio.ledger.this_month().pictures == 2
    assert recovered(studio.restarted()) == []


def test_a_resumed_job_fetches_instead_of_ordering_again(studio, server: ReplicateServer) -> None:
    quit_while_generating(studio, count=2)
    again = studio.restarted()
    assert [event.seed for event in again.generate(count=3)] == [7, 8, 9]
    assert len(server.predictions) == 3
    assert studio.under_way() == 0


def test_a_picture_that_was_not_saved_is_fetched_again(studio, server: ReplicateServer) -> None:
    events = studio.backend.generate(studio.request(), lambda: False)
    while not isinstance(next(events), Generated):
        pass
    events.close()  # the engine could not save it: the disk is full
    (found,) = recovered(studio.restarted())
    assert isinstance(found, Recovered)
    assert studio.ledger.this_month().pictures == 1, "billed twice"


def test_recovering_nothing_connects_nowhere(studio, server: ReplicateServer) -> None:
    assert recovered(studio) == []
    assert server.requests == []


WORKER = """
import sys
from app.backends.cloud.replicate import ReplicateBackend
from app.backends.cloud.timeouts import Timeouts
from app.core.request import GenerationRequest
from app.library.settings import Settings
from app.library.spending import Ledger
backend = ReplicateBackend(lambda: sys.argv[1], Settings(), Ledger(), timing=Timeouts(poll=0.05))
request = GenerationRequest("a red kite over dunes", model="nvidia/sana", width=256, height=256, seed=7)
for event in backend.generate(backend.capabilities(request.model).resolve(request), lambda: False):
    print(type(event).__name__, flush=True)
"""


def start(server: ReplicateServer) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, server.token], cwd=Path(__file__).parents[4], text=True, stdout=subprocess.PIPE
    )


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    assert process.stdout is not None
    process.stdout.close()


def test_a_process_that_is_killed_loses_nothing_and_a_living_one_is_left_alone(studio, server: ReplicateServer) -> None:
    killed = threading.Event()
    server.plan(until=killed.is_set)
    process = start(server)
    try:
        while "Progress" not in process.stdout.readline():
            assert process.poll() is None
        assert recovered(studio) == [], "another process follows it"
        assert process.poll() is None
    finally:
        kill(process)
        killed.set()
    (found,) = recovered(studio)
    assert isinstance(found, Recovered)
    assert found.request.prompt == "a red kite over dunes"
    assert len(server.predictions) == 1


@pytest.mark.slow
def test_killed_between_the_order_and_its_answer(studio, server: ReplicateServer) -> None:
    server.script("create", Fault(handled=True, hang=30))
    process = start(server)
    try:
        deadline = time.monotonic() + 60
        while not server.predictions and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        kill(process)
    (found,) = recovered(studio)
    assert isinstance(found, Recovered)
    assert len(server.paths("create")) == 1


def test_an_order_that_never_arrived_is_forgotten(studio, server: ReplicateServer) -> None:
    server.script("create", Fault(cut="before"))
    with pytest.raises(UserError, match="may have been charged"):
        studio.generate()
    assert studio.under_way() == 1
    assert recovered(studio.restarted()) == []
    assert studio.under_way() == 0


def test_a_cancel_that_did_not_get_through_is_made_good(studio, server: ReplicateServer) -> None:
    server.plan(duration=60)
    server.script("cancel", Fault(cut="before"))
    with pytest.raises(GenerationCancelled):
        studio.events(lambda events: any(isinstance(event, Progress) for event in events))
    assert studio.under_way() == 1
    assert recovered(studio.restarted()) == []
    assert [prediction["status"] for prediction in server.predictions.values()] == ["canceled"]
    assert studio.under_way() == 0


def test_a_cancel_before_the_answer_to_an_order(studio, server: ReplicateServer) -> None:
    server.plan(duration=60)
    server.script("create", Fault(handled=True, hang=0.2))
    with pytest.raises(GenerationCancelled):
        studio.events(lambda _: bool(server.predictions))
    assert [prediction["status"] for prediction in server.predictions.values()] == ["canceled"]
    assert studio.under_way() == 0


@pytest.mark.parametrize("case", ["deleted", "unknown", "failed", "gone", "filtered"])
def test_what_is_lost_is_told(studio, server: ReplicateServer, case: str) -> None:
    quit_while_generating(studio, plan={"status": "failed", "error": "boom"} if case == "failed" else {})
    if case == "deleted":
        server.current(next(iter(server.predictions))).update(output=None, data_removed=True)
    elif case == "filtered":
        server.current(next(iter(server.predictions)))["output"] = []
    elif case == "unknown":
        server.predictions.clear()
    elif case == "gone":
        server.script("file", Fault(status=410))
    (lost,) = recovered(studio.restarted())
    assert isinstance(lost, Lost)
    assert lost.request == studio.request()
    assert lost.message
    assert lost.remedy
    assert studio.under_way() == 0
    assert recovered(studio.restarted()) == []


def test_without_connection_or_key_it_stays_for_later(studio, server: ReplicateServer, monkeypatch) -> None:
    quit_while_generating(studio)
    assert recovered(studio.other(token=lambda: None)) == []
    monkeypatch.setenv("REPLICATE_BASE_URL", "http://127.0.0.1:9")
    assert recovered(studio.other(silence=0.3)) == []
    assert studio.under_way() == 1
    monkeypatch.setenv("REPLICATE_BASE_URL", server.url)
    assert len(recovered(studio.restarted())) == 1


def test_recovering_can_be_stopped_and_leaves_everything_as_it_is(studio, server: ReplicateServer) -> None:
    quit_while_generating(studio, plan={"duration": 60})
    again = studio.restarted()
    began = time.monotonic()
    assert list(again.backend.recover(lambda: True)) == []
    assert time.monotonic() - began < 30
    assert studio.under_way() == 1
    assert [prediction["status"] for prediction in server.predictions.values()] == ["processing"]


def test_an_order_that_cannot_be_written_down_is_not_made(studio, server: ReplicateServer, home: Path) -> None:
    (home / "cloud.json").mkdir(parents=True)
    with pytest.raises(UserError, match="could not be written down"):
        studio.generate()
    assert server.predictions == {}


def test_a_list_that_makes_no_sense_is_kept_aside(studio, server: ReplicateServer, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "cloud.json").write_text("[1, 2", encoding="utf-8")
    assert recovered(studio) == []
    assert (home / "cloud.json.broken").exists()
    (home / "cloud.json").write_text(json.dumps({"a": 1, "b": {"request": {"prompt": "x"}}}), encoding="utf-8")
    assert recovered(studio) == []
    assert len(studio.generate()) == 1


def test_the_list_says_what_was_ordered_before_it_is_ordered(studio, server: ReplicateServer, home: Path) -> None:
    seen = []
    original = server.create

    def create(body):
        seen.append(json.loads((home / "cloud.json").read_text(encoding="utf-8")))
        return original(body)

    server.create = create
    events = studio.events()
    assert isinstance(events[0], Loading)
    (entry,) = seen[0].values()
    assert entry["inputs"] == server.inputs()[0]
    assert entry["prediction"] == ""
    assert entry["owner"].startswith(f"{os.getpid()}:")


def test_one_that_is_not_ready_holds_up_no_other(studio, server: ReplicateServer) -> None:
    quit_while_generating(studio, count=2)
    oldest = next(iter(server.predictions))
    server.script("get", *[Fault(hang=0.2, status=503)] * 3)
    held = server.predictions[oldest]
    while server.current(oldest)["status"] != "succeeded":
        time.sleep(0.02)
    held["status"] = "processing"
    backend = studio.restarted().backend
    first = next(iter(backend.recover(lambda: False)))
    assert isinstance(first, Recovered)
    assert first.generated.seed == 8


def test_the_same_request_takes_up_the_seed_that_was_never_delivered(studio, server: ReplicateServer) -> None:
    quit_while_generating(studio)
    again = studio.restarted().backend
    assert again.unfinished_seed(studio.request(seed=999)) == 7
    assert again.unfinished_seed(studio.request(seed=999, prompt="another")) is None
    assert studio.backend.unfinished_seed(studio.request(seed=999)) in (7, None)


def test_what_is_fetched_here_already_is_not_ordered_beside_it(studio, server: ReplicateServer) -> None:
    """Recovery and a job of the same process may meet over one picture."""
    quit_while_generating(studio)
    backend = studio.restarted().backend
    earlier = backend.recover(lambda: False)
    found = next(earlier)
    assert isinstance(found, Recovered)
    earlier.close()
    assert len([e for e in backend.generate(found.request, lambda: False) if isinstance(e, Generated)]) == 1
    assert len(server.paths("create")) == 1


def all_finished(server: ReplicateServer) -> bool:
    return all(server.current(name)["status"] == "succeeded" for name in list(server.predictions))


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_was_finished_when_nobody_listened_any_more_is_fetched_later(studio, server: ReplicateServer) -> None:
    """As when the first picture of a job cannot be saved."""
    events = studio.backend.generate(studio.request(count=2), lambda: False)
    next(event for event in events if isinstance(event, Generated))
    wait_for(lambda: not any(thread.name.startswith("replicate-") for thread in threading.enumerate()))
    events.close()
    wait_for(lambda: not studio.backend._pending._followed)
    assert sorted(event.seed for event in studio.generate(count=2)) == [7, 8]
    assert len(server.paths("create")) == 2


def test_a_search_that_is_interrupted_leaves_the_rest_to_the_job(studio, server: ReplicateServer) -> None:
    quit_while_generating(studio, count=3)
    wait_for(lambda: all_finished(server))
    backend = studio.restarted().backend
    fetched = len(server.file_requests)
    saving = threading.Event()
    found = []
    for item in backend.recover(saving.is_set):
        found.append(item.generated.seed)
        wait_for(lambda: len(server.file_requests) == fetched + 3)
        saving.set()
    assert len(found) == 1
    wait_for(lambda: not backend._pending._followed)
    rest = [seed for seed in (7, 8, 9) if seed not in found]
    generated = [
        event.seed
        for seed in rest
        for event in backend.generate(studio.request(seed=seed), lambda: False)
        if isinstance(event, Generated)
    ]
    assert generated == rest
    assert len(server.paths("create")) == 3
