"""The key goes to the API's host and nowhere else: no message, log, trace or file shows it."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest

from app.core.errors import GenerationCancelled, UserError
from app.core.events import Progress
from tests.servers.replicate import Fault, ReplicateServer

FAULTS = {
    "none": [],
    "401": [("create", Fault(status=401, body={"detail": "no"}))],
    "422": [("create", Fault(status=422, body={"detail": "width"}))],
    "500": [("create", Fault(status=500))],
    "cut": [("create", Fault(cut="body"))],
    "hang": [("create", Fault(hang=30))],
    "shape": [("create", Fault(status=201, body={"id": 7}))],
    "poll": [("get", Fault(status=403))],
    "file": [("file", Fault(status=500))] * 3,
    "html": [("file", Fault(body=b"<html>"))] * 3,
}


def traces(error: BaseException | None) -> str:
    text = ""
    while error is not None:
        text += "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error)) + str(error)
        error = error.__cause__ or error.__context__
    return text


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS.keys())
def test_the_key_is_nowhere(
    studio, server: ReplicateServer, home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, faults
) -> None:
    caplog.set_level(logging.DEBUG)
    for endpoint, fault in faults:
        server.script(endpoint, fault)
    translated = ""
    try:
        translated += repr(studio.other(read=2).events())
    except UserError as error:
        translated += traces(error)
    translated += repr(studio.backend) + repr(vars(studio.backend)) + repr(studio.backend.check())
    assert caplog.records
    translated += caplog.text + "".join(str(record.args) for record in caplog.records)
    assert server.token not in translated
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if server.token.encode() in path.read_bytes()]
    assert server.leaks == []
    assert all(f"Bearer {server.token}" == request.headers["Authorization"] for request in server.requests)


def test_nor_after_a_cancel(studio, server: ReplicateServer, home: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.plan(duration=30)
    server.script("cancel", Fault(cut="before"))
    with pytest.raises(GenerationCancelled) as error:
        studio.events(lambda events: any(isinstance(event, Progress) for event in events))
    assert server.token not in traces(error.value) + caplog.text
    assert server.token not in (home / "cloud.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", ["r8_sec\nret", "r8_secrét", "r8 secret", "r8_\x00", "x" * 2000])
def test_a_key_that_no_header_can_carry_is_not_shown(studio, server: ReplicateServer, key: str) -> None:
    broken = studio.other(token=lambda: key)
    for ask in (broken.events, broken.backend.check_token):
        with pytest.raises(UserError, match="characters that no key has") as error:
            ask()
        assert key.strip() not in traces(error.value)
    assert server.requests == []


def test_a_key_with_spaces_around_it_works(studio, server: ReplicateServer) -> None:
    assert studio.other(token=lambda: f" {server.token}\n").backend.check_token() == "painter"


def test_the_stand_in_notices_a_leak(server: ReplicateServer) -> None:
    import httpx

    httpx.get(f"{server.file_url}/x/y.png", headers={"Authorization": f"Bearer {server.token}"})
    assert len(server.leaks) == 1
    server.leaks.clear()
