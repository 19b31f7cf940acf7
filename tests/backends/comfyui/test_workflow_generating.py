"""A workflow of the user's on a server: what a request says stands at its places, and what is refused is told."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.backends.comfyui.backend import ComfyUIBackend
from app.core.errors import UserError
from app.core.events import Generated
from app.core.message import Message
from tests.backends.comfyui import workflows
from tests.backends.comfyui.conftest import MODEL, asked, generated, start_picture
from tests.backends.comfyui.workflows import Workflow, node
from tests.servers.comfyui import ComfyServer, Fault


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "mine.json", known(workflows.sd15()))


@pytest.fixture(autouse=True)
def drawn(server: ComfyServer) -> None:
    """What the server draws, which knows no graphs but the app's."""
    picture = io.BytesIO()
    Image.new("RGB", (96, 64), "teal").save(picture, "PNG")
    for _ in range(2):
        server.plan(file=picture.getvalue())


def known(workflow: Workflow) -> Workflow:
    """With the checkpoint that the server has, and its result where the server tells of it."""
    workflow["4"]["inputs"]["ckpt_name"] = MODEL
    workflow["saved"] = node("PreviewImage", images=workflow.pop("9")["inputs"]["images"])
    return workflow


def written(path: Path, workflow: Workflow) -> Path:
    path.write_text(json.dumps(workflow), encoding="utf-8")
    return path


def sent(server: ComfyServer, order: int = 0) -> dict[str, Any]:
    """What stands in the graph of an order, by node and input."""
    graph = server.orders[order]["prompt"]
    return {f"{id}.{name}": value for id, node in graph.items() for name, value in node["inputs"].items()}


def test_what_is_asked_for_stands_at_its_places(backend: ComfyUIBackend, server: ComfyServer, file: Path) -> None:
    request = asked(backend, model=str(file), width=128, height=64, steps=5, guidance=3.0, negative="a dog", count=2)
    events = generated(backend, request)
    assert [event.seed for event in events if isinstance(event, Generated)] == [7, 8]
    first = sent(server)
    wanted = {"6.text": "a cat", "7.text": "a dog", "3.seed": 7, "3.steps": 5, "3.cfg": 3.0, "5.width": 128}
    assert {place: first[place] for place in wanted} == wanted
    assert first["4.ckpt_name"] == MODEL
    assert sent(server, 1)["3.seed"] == 8


def test_a_start_picture_is_uploaded_for_it(backend: ComfyUIBackend, server: ComfyServer, tmp_path: Path) -> None:
    workflow = known(workflows.img2img())
    workflow["12"]["inputs"]["pixels"] = ["10", 0]
    del workflow["11"]
    path = written(tmp_path / "mine.json", workflow)
    start, _ = start_picture(tmp_path)
    request = asked(backend, model=str(path), inputs=(start,), width=96, height=64)
    generated(backend, request)
    assert sent(server)["10.image"].removesuffix(" [temp]") in server.uploads
    assert sent(server)["3.denoise"] == start.strength


def test_what_is_lacking_is_told_before_anything_is_sent(
    backend: ComfyUIBackend, server: ComfyServer, tmp_path: Path
) -> None:
    workflow = known(workflows.sd15())
    workflow["4"]["inputs"]["ckpt_name"] = "v1-5-pruned-emaonly.safetensors"
    path = written(tmp_path / "mine.json", workflow)
    with pytest.raises(UserError, match="checkpoint “v1-5-pruned-emaonly"):
        generated(backend, asked(backend, model=str(path)))
    assert not server.orders


def test_what_the_server_refuses_all_the_same_is_told(backend: ComfyUIBackend, server: ComfyServer, file: Path) -> None:
    error = {"type": "required_input_missing", "extra_info": {"input_name": "vae"}}
    errors = {"8": {"errors": [error], "class_type": "VAEDecode", "dependent_outputs": ["9"]}}
    whole = {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"}
    server.script("/prompt", Fault(400, {"error": whole, "node_errors": errors}))
    with pytest.raises(UserError, match="“VAEDecode” lacks its input vae"):
        generated(backend, asked(backend, model=str(file)))


def test_the_test_counts_models_and_workflows(
    backend: ComfyUIBackend, server: ComfyServer, file: Path, tmp_path: Path
) -> None:
    backend.files.add(file)
    said = backend.test()
    assert isinstance(said, Message)
    assert str(said).startswith(f"ComfyUI {server.said['system_stats']['system']['comfyui_version']} answers.")
    assert str(said).endswith("Models: 1. Your workflows: 1.")
    assert ("mine.json", "mine") in backend.models()
    server.kill()
    with pytest.raises(UserError, match="is not running"):
        backend.test()
