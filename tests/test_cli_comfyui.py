"""The command line with a ComfyUI server, end to end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app import cli
from app.backends.comfyui.address import headers_secret
from app.library import secrets
from app.library.pictures import images
from tests.backends.comfyui import workflows
from tests.backends.comfyui.conftest import start_picture
from tests.servers.comfyui import ComfyServer, Fault

KEYS = {"path", "seed", "width", "height", "seconds", "peak_memory_bytes", "backend", "device", "precision", "model"}


@pytest.fixture
def server(home: Path) -> Iterator[ComfyServer]:
    with ComfyServer() as server:
        home.mkdir(exist_ok=True)
        (home / "settings.json").write_text(json.dumps({"comfyui_address": server.url}))
        yield server


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> tuple[int, Any, str]:
        status = cli.main(["generate", "a cat", "--backend", "comfyui", "--json", *arguments])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out.strip() else None, err

    return run


def test_pictures_with_what_they_say(run: Any, server: ComfyServer, tmp_path: Path) -> None:
    status, rows, said = run("--width", "64", "--height", "96", "--seed", "5", "--count", "2", "--out", str(tmp_path))
    assert status == 0
    assert [row["seed"] for row in rows] == [5, 6]
    assert rows[0].keys() >= KEYS
    assert (rows[0]["backend"], rows[0]["model"]) == ("comfyui", "tiny_sd15"), "the first that the server has"
    assert (rows[0]["width"], rows[0]["height"]) == (64, 96)
    kept = images.read(Path(rows[1]["path"])).request
    assert kept is not None
    assert (kept.backend, kept.model, kept.seed) == ("comfyui", "tiny_sd15.safetensors", 6)
    assert "picture 2 of 2" in said
    assert "cost" not in said


def test_its_name_may_be_in_capitals(run: Any, server: ComfyServer, tmp_path: Path) -> None:
    status, rows, said = run("--backend", "ComfyUI", "--width", "64", "--height", "64", "--out", str(tmp_path))
    assert status == 0, said
    assert rows[0]["backend"] == "comfyui"


def test_a_start_picture_and_a_mask(run: Any, server: ComfyServer, tmp_path: Path) -> None:
    start, mask = start_picture(tmp_path)
    out = tmp_path / "out.png"
    status, rows, _ = run("--init-image", start.path, "--mask", mask.path, "--strength", "0.5", "--out", str(out))
    assert (status, rows[0]["width"], rows[0]["height"]) == (0, 96, 64)
    made, own = (np.asarray(Image.open(path).convert("RGB")) for path in (out, start.path))
    assert np.array_equal(made[:, :40], own[:, :40])
    assert server.orders[0]["prompt"]["sampler"]["inputs"]["denoise"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--model", "nope"], "no model called “nope”"),
        (["--width", "63"], "does not fit tiny_sd15"),
        (["--solver", "scm"], "does not work with the solver"),
        (["--lora", "/nowhere.safetensors"], "nowhere"),
        (["--init-image", "/nowhere.png"], "nowhere.png"),
    ],
)
def test_what_does_not_fit_is_status_2(run: Any, server: ComfyServer, arguments: list[str], says: str) -> None:
    status, _, said = run(*arguments)
    assert status == 2
    assert says in said
    assert server.orders == []


def test_a_server_that_is_not_there_is_status_2(run: Any, server: ComfyServer) -> None:
    server.kill()
    status, rows, said = run()
    assert (status, rows) == (2, None)
    assert f"ComfyUI is not running at {server.url}" in said


def test_a_job_that_fails_there_is_status_2(run: Any, server: ComfyServer, tmp_path: Path) -> None:
    server.plan()
    server.plan(run="failed")
    status, rows, said = run("--width", "64", "--height", "64", "--count", "2", "--out", str(tmp_path))
    assert status == 2
    assert len(rows) == 1, "what was made before is kept"
    assert "ComfyUI failed at “VAEDecode”" in said


def test_a_proxys_headers_come_from_the_environment(
    run: Any, server: ComfyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.headers = {"Authorization": "Bearer s3cret-token"}
    status, _, said = run()
    assert status == 2
    assert "asks who you are" in said
    monkeypatch.setenv("COMFYUI_HEADERS", "Authorization: Bearer s3cret-token")
    status, rows, said = run("--width", "64", "--height", "64", "--out", str(tmp_path))
    assert status == 0
    assert "s3cret" not in json.dumps(rows) + said


def test_a_proxys_headers_go_to_the_host_that_they_were_given_for(
    run: Any, server: ComfyServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    monkeypatch.setattr(secrets, "_keychain", lambda: None)
    secrets.set(headers_secret(server.url), "Authorization: Bearer s3cret-token", session_only=True)
    server.headers = {"Authorization": "Bearer s3cret-token"}
    size = ("--width", "64", "--height", "64", "--out", str(tmp_path))
    assert run(*size)[0] == 0
    with ComfyServer() as other:
        (home / "settings.json").write_text(json.dumps({"comfyui_address": other.url}))
        assert run(*size)[0] == 0
        assert "s3cret-token" not in str(other.seen_headers)


def test_an_order_that_is_refused_says_why(run: Any, server: ComfyServer) -> None:
    server.script("/prompt", Fault(status=400, body=server.said["missing_model"][1]))
    status, _, said = run()
    assert status == 2
    assert "gone.safetensors" in said


def test_a_workflow_without_its_backend_says_which_to_add(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(workflows.sd15()))
    assert cli.main(["generate", "a cat", "--model", str(path)]) == 2
    assert "--backend comfyui" in capsys.readouterr().err
