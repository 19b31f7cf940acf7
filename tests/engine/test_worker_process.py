"""The real worker process, with a scripted backend in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import cast

import psutil
import pytest

from app.core.events import TERMINAL, Cancelled, Event, Failed, Finished, Generated
from app.core.request import GenerationRequest
from app.engine import worker
from app.engine.worker_process import WorkerProcess

REQUEST = GenerationRequest("a cat", seed=5, count=2, width=32, height=32, steps=3, guidance=4.5, solver="euler")


@pytest.fixture(scope="module")
def shared() -> Iterator[WorkerProcess]:
    process = WorkerProcess("tests.engine.scripted:backends")
    yield process
    process.stop()


def run(process: WorkerProcess, prompt: str) -> list[Event]:
    return list(process.generate("scripted", REQUEST.replace(prompt=prompt), lambda: False))


def test_events_arrive_in_order_and_exactly_the_last_is_terminal(shared: WorkerProcess) -> None:
    events = run(shared, "a cat")
    assert isinstance(events[-1], Finished)
    assert not any(isinstance(event, TERMINAL) for event in events[:-1])
    assert [event.seed for event in events if isinstance(event, Generated)] == [5, 6]


def test_the_worker_stays_warm_between_jobs(shared: WorkerProcess) -> None:
    pids = {event.provenance.device for _ in range(2) for event in run(shared, "a cat") if isinstance(event, Generated)}
    assert pids == {str(shared.pid)}
    assert str(os.getpid()) not in pids


def test_a_worker_is_made_ready_once_before_the_first_job() -> None:
    process = WorkerProcess("tests.engine.scripted:backends")
    process.prepare("scripted")
    pid = process.pid
    assert pid is not None
    made = [event.provenance for event in run(process, "a cat") if isinstance(event, Generated)]
    assert {(each.device, each.version) for each in made} == {(str(pid), "prepared 1 times")}
    process.stop()


@pytest.mark.parametrize(
    ("prompt", "message", "bug"),
    [("fail", "It failed.", False), ("bug", "Something went wrong inside the app.", True),
     ("short", "The picture did not finish.", True)],
)  # fmt: skip
def test_errors_become_one_failure_and_the_worker_lives_on(
    shared: WorkerProcess, prompt: str, message: str, bug: bool
) -> None:
    end = run(shared, prompt)[-1]
    assert isinstance(end, Failed)
    assert (str(end.message), end.bug) == (message, bug)
    assert isinstance(run(shared, "a cat")[-1], Finished)


def test_a_killed_worker_fails_the_job_and_the_next_one_runs(shared: WorkerProcess) -> None:
    events = run(shared, "kill")
    end = events[-1]
    assert isinstance(end, Failed)
    assert "memory" in str(end.message)
    assert end.retry
    assert [event.seed for event in events if isinstance(event, Generated)] == [5]
    assert isinstance(run(shared, "a cat")[-1], Finished)


def test_a_worker_killed_while_it_looks_for_a_cancel_leaves_no_lock_behind() -> None:
    process = WorkerProcess("tests.engine.scripted:backends")
    assert isinstance(run(process, "die asked")[-1], Failed)
    ended: list[Event] = []

    def cancelled() -> None:
        ended.extend(process.generate("scripted", REQUEST.replace(prompt="slow", steps=50), lambda: True))

    thread = threading.Thread(target=cancelled, daemon=True)
    thread.start()
    thread.join(20)
    assert isinstance(ended[-1], Cancelled)
    process.stop()


def test_a_cancel_that_comes_too_late_does_not_touch_the_next_job(shared: WorkerProcess) -> None:
    assert isinstance(run(shared, "a cat")[-1], Finished)
    assert shared._connection is not None
    shared._connection.send(worker.Cancel())
    assert isinstance(run(shared, "a cat")[-1], Finished)


def test_a_worker_whose_parent_is_gone_stops_between_steps(tmp_path: Path) -> None:
    code = (
        "from tests.engine.test_worker_process import *\n"
        "if __name__ == '__main__':\n"
        "    process = WorkerProcess('tests.engine.scripted:backends')\n"
        "    events = process.generate('scripted', REQUEST.replace(prompt='slow', steps=50), lambda: False)\n"
        "    next(events); next(events)\n"
        "    print(process.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    pid = int(done.stdout)
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "it would have generated for ten seconds more"
        time.sleep(0.05)


def test_cancel_is_honoured_between_steps(shared: WorkerProcess) -> None:
    started = time.monotonic()
    events = list(
        shared.generate("scripted", REQUEST.replace(prompt="slow", steps=50), lambda: time.monotonic() - started > 0.5)
    )
    assert isinstance(events[-1], Cancelled)
    assert isinstance(run(shared, "a cat")[-1], Finished)


def test_a_worker_that_ignores_a_cancel_is_ended_when_its_backend_has_had_its_time() -> None:
    process = WorkerProcess("tests.engine.scripted:backends", {"scripted": 0.5, "other": 60.0})
    end = list(process.generate("scripted", REQUEST.replace(prompt="hang"), lambda: process.pid is not None))[-1]
    assert isinstance(end, Cancelled)
    assert process.pid is None


def test_a_caller_that_goes_away_stops_the_worker() -> None:
    process = WorkerProcess("tests.engine.scripted:backends")
    events = process.generate("scripted", REQUEST.replace(prompt="slow"), lambda: False)
    next(events)
    pid = process.pid
    assert pid is not None
    cast(Generator[Event], events).close()
    assert process.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def test_a_worker_that_is_stopped_from_another_thread_has_not_failed(caplog: pytest.LogCaptureFixture) -> None:
    process = WorkerProcess("tests.engine.scripted:backends")
    events = process.generate("scripted", REQUEST.replace(prompt="slow", steps=50), lambda: False)
    next(events)
    thread = threading.Thread(target=process.stop, kwargs={"now": True})
    thread.start()
    *_, end = events
    thread.join()
    assert isinstance(end, Cancelled), "else quitting during the self-test would be its verdict"
    assert not caplog.records


def test_the_pipe_of_a_stopped_worker_is_closed() -> None:
    process = WorkerProcess("tests.engine.scripted:backends")
    list(process.generate("scripted", REQUEST, lambda: False))
    before = psutil.Process().num_fds()
    process.stop()
    assert psutil.Process().num_fds() < before


def test_the_window_process_imports_nothing_heavy_for_it() -> None:
    heavy = "print([m for m in ('torch', 'mlx', 'diffusers') if m in sys.modules])"
    code = f"import sys, app.engine.worker_process; {heavy}"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


INTERRUPTED = """
import os, signal, threading
from app.core.request import GenerationRequest
from app.engine.worker_process import WorkerProcess

process, stopped = WorkerProcess("tests.engine.scripted:backends"), threading.Event()

def interrupt():
    while not stopped.wait(0.005):
        if process.pid is not None:
            os.kill(process.pid, signal.SIGINT)

thread = threading.Thread(target=interrupt)
thread.start()
request = GenerationRequest("a red boat", seed=3, steps=3, width=32, height=32)
*_, end = process.generate("scripted", request, lambda: False)
stopped.set()
thread.join()
process.stop()
print(type(end).__name__)
"""


def test_ctrl_c_does_not_reach_a_worker_that_is_just_starting() -> None:
    """A terminal sends it to the whole group of processes; the parent decides what it means. In a new process, for with
    the first worker Python starts a process of its own, and lets the signal through again.
    """
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True)
    assert done.stdout == "Finished\n", done.stderr
