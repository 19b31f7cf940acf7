"""`sana-studio endpoints ...` and `generate --backend NAME` against the stand-ins."""

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
from tests.servers.endpoints import EndpointServer

KEY = "a-secret-key-123"
KITE = ("generate", "a kite", "--backend", "mine", "--width", "64", "--height", "64")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    monkeypatch.setattr(secrets, "VARIABLES", dict(secrets.VARIABLES))
    monkeypatch.setattr(secrets, "_keychain", lambda: None)
    monkeypatch.setenv("MY_KEY", KEY)


@pytest.fixture
def server() -> Iterator[EndpointServer]:
    with EndpointServer("openai", KEY) as server:
        yield server


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> tuple[int, Any, str]:
        status = cli.main([*arguments, "--json"])
        out, err = capsys.readouterr()
        assert KEY not in out + err
        return status, json.loads(out) if out else None, err

    return run


def add(run: Any, server: EndpointServer, name: str = "mine") -> None:
    status, row, _ = run("endpoints", "add", name, "--kind", server.kind, "--url", server.url, "--key-env", "MY_KEY")
    assert (status, row["name"], row["kind"], row["url"]) == (0, name, server.kind, server.url)


def test_an_endpoint_is_added_tested_used_and_removed(run: Any, server: EndpointServer, home: Path) -> None:
    add(run, server)
    assert run("endpoints", "list")[1] == [
        {"name": "mine", "kind": "openai", "url": server.url, "key_env": "MY_KEY", "model": None, "price": None}
    ]
    status, told, _ = run("endpoints", "test", "Mine")
    assert (status, told["ok"], told["error"]) == (0, True, None)
    status, (row,), err = run("generate", "a red kite", "--backend", "MINE", "--width", "64", "--height", "64")
    assert (status, row["backend"], row["model"]) == (0, "mine", "sana-1.6b")
    assert Path(row["path"]).is_file()
    assert "mine: chosen by you" in err
    assert run("endpoints", "remove", "mine")[:2] == (0, [])
    status, _, err = run("generate", "a red kite", "--backend", "mine")
    assert (status, "There is no backend called “mine”" in err) == (2, True)
    assert KEY not in (home / "endpoints.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "mlx", "--kind", "openai", "--url", "https://x.com"),
        ("add", "a/b", "--kind", "openai", "--url", "https://x.com"),
        ("add", "a", "--kind", "openai", "--url", "http://x.com"),
        ("add", "a", "--kind", "runpod", "--url", "https://x.com", "--template", "nowhere.json"),
        ("remove", "nobody"),
        ("test", "nobody"),
    ],
)
def test_what_cannot_be_is_refused_with_a_word_on_what_can(run: Any, arguments: tuple[str, ...]) -> None:
    status, out, err = run("endpoints", *arguments)
    assert (status, out) == (2, None)
    assert err.startswith("sana-studio: ")
    assert run("endpoints", "list")[1] == []


def test_an_endpoint_that_does_not_work_ends_with_2_and_says_why(run: Any, server: EndpointServer) -> None:
    add(run, server)
    server.key = "another"
    status, told, err = run("endpoints", "test", "mine")
    assert (status, told["ok"]) == (2, False)
    assert "does not accept the key" in told["error"]
    assert "MY_KEY" in err


def test_a_terminal_is_asked_for_the_key(run: Any, server: EndpointServer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    kept: dict[str, str] = {}
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: KEY)
    status, _, err = run("endpoints", "add", "mine", "--kind", "openai", "--url", server.url)
    assert (status, "no keychain" in err, run("endpoints", "list")[1]) == (2, True, [])
    monkeypatch.setattr(secrets, "lasting", lambda: True)
    monkeypatch.setattr(secrets, "set", lambda name, value: kept.update({name: value}))
    run("endpoints", "add", "mine", "--kind", "openai", "--url", server.url)
    assert kept == {f"mine@{server.url.removeprefix('http://')}": KEY}


def kill_while_generating(server: EndpointServer) -> None:
    server.takes = 30
    command = [sys.executable, "-m", "app", *KITE]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as killed:
        waited = time.monotonic() + 60
        while not server.paths("status" if server.kind == "fal" else "order"):
            assert time.monotonic() < waited
            time.sleep(0.05)
        killed.kill()


def test_after_a_kill_the_same_command_tells_before_it_orders_again(run: Any, server: EndpointServer) -> None:
    add(run, server)
    kill_while_generating(server)
    server.takes = 0
    status, _, err = run(*KITE)
    assert (status, "may have been charged" in err, len(server.paths())) == (2, True, 1)
    assert run(*KITE)[0] == 0
    assert len(server.paths()) == 2


def test_after_a_kill_a_queue_is_asked_for_the_picture_that_was_ordered(run: Any) -> None:
    with EndpointServer("fal", KEY) as server:
        add(run, server)
        kill_while_generating(server)
        server.takes = 0
        status, (row,), _ = run(*KITE)
        assert (status, len(server.paths())) == (0, 1)
        assert row["seed"] == server.bodies()[0]["seed"]
        assert server.leaks == []


def test_the_kinds_are_named_as_they_are_typed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["endpoints", "add", "mine", "--kind", "nope", "--url", "https://x.com"])
    assert ended.value.code == 2
    assert "Kind." not in capsys.readouterr().err
