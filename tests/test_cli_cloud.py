"""`sana-studio generate --backend replicate` against the stand-in: prices, the limit, and what was left behind."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.library import secrets
from app.library.settings import Settings
from app.library.spending import Ledger
from tests.servers.replicate import ReplicateServer

SMALL = ("a red kite", "--width", "256", "--height", "256")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplicateServer]:
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    with ReplicateServer() as server:
        monkeypatch.setenv("REPLICATE_BASE_URL", server.url)
        monkeypatch.setenv("REPLICATE_API_TOKEN", server.token)
        yield server
        assert server.leaks == []


@pytest.fixture
def generate(capsys: pytest.CaptureFixture[str]) -> Any:
    def generate(*arguments: str) -> tuple[int, list[dict[str, Any]], str]:
        status = cli.main(["generate", *SMALL, "--json", *arguments])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else [], err

    return generate


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def properties(server: ReplicateServer) -> dict[str, Any]:
    version = server.models["nvidia/sana"]["latest_version"]
    found: dict[str, Any] = version["openapi_schema"]["components"]["schemas"]["Input"]["properties"]
    return found


def test_price_progress_picture_and_cost_are_told(generate, server: ReplicateServer) -> None:
    server.plan(duration=1.0)
    status, (row,), err = generate("--backend", "replicate")
    assert status == 0
    assert Path(row["path"]).is_file()
    assert row["cost"] == pytest.approx(Ledger().this_month().cost)
    assert row["prediction"] in server.predictions
    assert "Estimate: about " in err
    assert "$0.00" in err
    assert "step " in err
    assert f"(${row['cost']:.4f})" in err


def test_what_the_service_says_today_counts_from_the_first_picture(generate, server: ReplicateServer) -> None:
    """A new default, a wider limit and a field that is gone: none of them is what the app has on its shelf."""
    del properties(server)["negative_prompt"]
    properties(server)["guidance_scale"].update(default=7, maximum=40)
    properties(server)["num_inference_steps"].update(maximum=100)
    status, _, _ = generate("--backend", "replicate", "--negative", "fog", "--steps", "80")
    assert status == 0
    (sent,) = server.inputs()
    assert (sent["guidance_scale"], sent["num_inference_steps"]) == (7, 80)
    assert "negative_prompt" not in sent


def test_a_wait_is_told_once_a_second_and_not_over_and_over(generate, server: ReplicateServer) -> None:
    from tests.servers.replicate import Fault

    server.script("create", Fault(status=429, headers={"Retry-After": "2"}))
    server.plan(duration=3)
    status, _, err = generate("--backend", "replicate")
    assert status == 0
    assert "asks to wait (2 s)" in err
    lines = err.splitlines()
    assert len(lines) == len(set(lines))


def test_the_monthly_limit_stops_before_the_order(generate, server: ReplicateServer) -> None:
    Settings().set("cloud_monthly_limit", 0)
    status, rows, err = generate("--backend", "replicate")
    assert (status, rows) == (2, [])
    assert "this month's limit" in err
    assert "Paint it anyway" not in err, "nobody is there to press a button"
    assert server.predictions == {}


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("\n", 2), ("", 2)])
def test_in_a_terminal_the_monthly_limit_asks(
    generate, server: ReplicateServer, monkeypatch: pytest.MonkeyPatch, answer: str, status: int
) -> None:
    Settings().set("cloud_monthly_limit", 0)
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert generate("--backend", "replicate")[0] == status
    assert len(server.predictions) == (1 if status == 0 else 0)


def test_automatic_takes_the_cloud_before_the_processor_once_it_is_allowed(generate, server: ReplicateServer) -> None:
    Settings().set("cloud_allowed", True)
    status, (row,), err = generate()
    assert status == 0
    assert (row["backend"], row["model"]) == ("replicate", "Sana 1.6B")
    assert "you agreed to it" in err


def kill_while_generating(server: ReplicateServer, *arguments: str) -> None:
    server.plan(duration=3)
    command = [sys.executable, "-m", "app", "generate", *SMALL, "--backend", "replicate", *arguments]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as killed:
        waited = time.monotonic() + 60
        while not server.paths("get"):
            assert time.monotonic() < waited
            time.sleep(0.05)
        killed.kill()


@pytest.mark.parametrize("seed", [[], ["--seed", "0"]], ids=["random", "0"])
def test_the_same_command_again_fetches_the_picture_instead_of_ordering_another(
    generate, server: ReplicateServer, seed: list[str]
) -> None:
    """Also where it says nothing of the seed, which is random then."""
    kill_while_generating(server, *seed)
    _, (row,), _ = generate("--backend", "replicate")
    (sent,) = server.inputs()
    assert row["seed"] == sent["seed"]


def test_a_picture_of_a_command_that_was_killed_is_fetched_by_the_next(
    generate, server: ReplicateServer, home: Path
) -> None:
    kill_while_generating(server, "--seed", "1")
    status, rows, err = generate("--backend", "replicate", "--seed", "2")
    assert status == 0
    assert [row["seed"] for row in rows] == [2]
    assert "under way earlier" in err
    assert len(list((home / "Pictures").glob("*.png"))) == 2
    assert len(server.paths("create")) == 2
    assert json.loads((home / "cloud.json").read_text(encoding="utf-8")) == {}
