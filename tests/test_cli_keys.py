"""Keys by the command line, with a keychain that the test holds."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

from app import cli
from app.library import secrets

KEY = "r8_0123456789abcdef"


class Keychain:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch) -> Keychain:
    keychain = Keychain()
    monkeypatch.setattr(secrets, "_keychain", lambda: keychain)
    monkeypatch.setattr(secrets, "VARIABLES", {"huggingface": "HF_TOKEN"})
    return keychain


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        status = cli.main(["keys", *arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_key_is_kept_listed_and_removed_and_never_shown(run: Any, keychain: Keychain) -> None:
    status, out, err = run("set", "replicate", "--json", typed=f"{KEY}\n")
    assert (status, err) == (0, "")
    sources = {row["name"]: row["source"] for row in json.loads(out)}
    assert {name: sources[name] for name in ("huggingface", "replicate")} == {
        "huggingface": None,
        "replicate": "keychain",
    }
    assert keychain.kept == {("Sana Studio", "replicate"): KEY}
    listed = [line.split() for line in run("list")[1].splitlines()]
    assert ["huggingface", "none"] in listed
    assert ["replicate", "keychain"] in listed
    assert KEY not in out
    assert run("remove", "replicate")[0] == 0
    assert keychain.kept == {}


def test_key_of_the_environment_is_named_as_such(run: Any, keychain: Keychain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", KEY)
    _, out, _ = run("list", "--json")
    assert {"name": "huggingface", "source": "environment"} in json.loads(out)
    assert KEY not in out


def test_without_a_keychain_the_way_out_is_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_keychain", lambda: None)
    status, _, err = run("set", "replicate", typed=KEY)
    assert status == 2
    assert "REPLICATE_API_TOKEN" in err
    assert KEY not in err


@pytest.mark.parametrize("typed", ["", "two words", "x" * 600])
def test_what_cannot_be_a_key_is_refused(run: Any, keychain: Keychain, typed: str) -> None:
    assert run("set", "replicate", typed=typed)[0] == 2
    assert keychain.kept == {}


def test_unknown_name_is_refused(run: Any) -> None:
    with pytest.raises(SystemExit, match="2"):
        run("set", "somebody", typed=KEY)
