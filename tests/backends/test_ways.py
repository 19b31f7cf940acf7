"""The table that helps to choose is made of what the backends tell."""

from __future__ import annotations

import argparse
import dataclasses
import json
import threading
import time

import pytest

from app.backends.base import Backend as AnyBackend
from app.backends.base import Group, State, Suits
from app.backends.registry import Registry
from app.backends.ways import Possible, look_at_servers, ways
from app.cli.doctor import doctor
from app.composition import open_session
from app.core.message import message, plain
from app.library.settings import Settings
from tests.backends.test_registry import Backend


class Server(Backend):
    """Another program, which answers at an address or not."""

    group = Group.NETWORK
    page = "Endpoints"
    suits = Suits(message("Whoever has it already."), message("Nothing."))

    def __init__(self, address: str) -> None:
        super().__init__("server", state=State.NOT_RUNNING)
        self.address, self.looks, self.group = address, 0, Group.NETWORK

    def look(self) -> bool:
        self.looks += 1
        self.state = State.READY
        return True


NEW = Possible(
    "own", plain("A server of your own"), Group.NETWORK, Suits(message("A GPU elsewhere.")), message("None is set up."),
    message("Add one."), "Endpoints", Server,
)  # fmt: skip


def registry(*backends: AnyBackend) -> Registry:
    return Registry({backend.id: backend for backend in backends}, Settings(), [NEW])


def test_rows_come_by_group_and_what_is_not_set_up_says_how() -> None:
    cloud, here = Backend("cloud", local=False, state=State.NEEDS_KEY), Backend("mlx")
    rows = ways(registry(cloud, here))
    assert [(row.id, row.group, row.usable) for row in rows] == [
        ("mlx", Group.MACHINE, True), ("own", Group.NETWORK, False), ("cloud", Group.CLOUD, False),
    ]  # fmt: skip
    assert str(rows[1].name) == "A server of your own"
    assert (str(rows[1].status.reason), str(rows[1].status.remedy)) == ("None is set up.", "Add one.")
    assert str(rows[1].suits.good_for) == "A GPU elsewhere."


def test_what_is_set_up_takes_the_place_of_what_could_be() -> None:
    (row,) = ways(registry(Server("http://127.0.0.1:1")))
    assert (row.id, row.page, str(row.suits.costs)) == ("server", "Endpoints", "Nothing.")


def test_a_missing_model_is_had_elsewhere_than_a_missing_key() -> None:
    here, cloud = Backend("mlx", state=State.NEEDS_MODEL), Backend("cloud", local=False, state=State.NEEDS_KEY)
    assert [row.page for row in ways(registry(here, cloud))] == ["Models", "Endpoints", "Cloud"]


@pytest.mark.parametrize(("address", "asked"), [("http://127.0.0.1:8188", 1), ("http://192.168.0.7:8188", 0)])
def test_only_servers_on_this_machine_are_asked(address: str, asked: int) -> None:
    server = Server(address)
    look_at_servers(registry(Backend("mlx"), server))
    assert server.looks == asked


def test_doctor_says_where_a_key_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPLICATE_API_TOKEN", "r8_a_secret_of_mine")
    session = open_session()
    assert doctor(argparse.Namespace(json=False), session) == 0
    out = capsys.readouterr().out
    assert "Key: environment" in out
    assert doctor(argparse.Namespace(json=True), session) == 0
    rows = {row["backend"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["replicate"]["key"], rows["replicate"]["usable"]) == ("environment", True)
    assert "r8_a_secret" not in out + json.dumps(rows)
    session.close()


def test_a_server_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.backends.ways.PATIENCE", 0.1)
    hangs, began = threading.Event(), time.monotonic()
    server = Server("http://127.0.0.1:8188")
    server.look = hangs.wait
    look_at_servers(registry(server))
    assert time.monotonic() - began < 5
    hangs.set()


def test_doctor_shows_the_table_with_this_machines_facts(capsys: pytest.CaptureFixture[str]) -> None:
    session = open_session()
    server = Server("http://127.0.0.1:8188")
    session = dataclasses.replace(session, registry=registry(*session.registry.backends.values(), server))
    assert doctor(argparse.Namespace(json=True), session) == 0
    rows = {row["backend"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["server"]["status"] == "ready", "it is asked now"
    assert (rows["server"]["address"], rows["server"]["group"]) == ("http://127.0.0.1:8188", "this network")
    assert rows["torch"]["memory_bytes"] > rows["torch"]["memory_limit_bytes"] > 0
    assert rows["torch"]["chip"]
    assert (rows["replicate"]["usable"], rows["replicate"]["key"]) == (False, "")
    assert all(row["good_for"] and row["costs"] for row in rows.values())
    assert doctor(argparse.Namespace(json=False), session) == 0
    out = capsys.readouterr().out
    assert all(words in out for words in ("of memory", "On this machine", "On this network", "In the cloud", "→"))
    session.close()
