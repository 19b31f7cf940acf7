"""A workflow's file is read within bounds, and what is wrong with it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.backends.comfyui.workflow.reading import MAX_BYTES, MAX_LINKS, MAX_NODES, parse_workflow, read_workflow
from app.core.errors import UserError
from tests.backends.comfyui import workflows
from tests.backends.comfyui.workflows import node


def problem(data: object) -> str:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(UserError) as caught:
        parse_workflow(content, "my.json")
    return str(caught.value)


def test_the_editors_format_is_told_from_the_apis() -> None:
    editor = {"last_node_id": 9, "nodes": [{"id": 3, "type": "KSampler"}], "links": [], "version": 0.4}
    told = problem(editor)
    assert "editor" in told
    assert "Export (API)" in told


def test_the_body_of_a_request_is_taken_too() -> None:
    body = {"client_id": "x", "prompt": workflows.sd15(), "extra_data": {}}
    assert parse_workflow(json.dumps(body).encode(), "my.json") == workflows.sd15()


def test_a_byte_order_mark_and_remarks_are_no_trouble() -> None:
    workflow = {"_comment": "mine", **workflows.sd15()}
    assert parse_workflow(b"\xef\xbb\xbf" + json.dumps(workflow).encode(), "my.json") == workflows.sd15()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"[]",
        b"3",
        b"{}",
        b'{"a": NaN}',
        b'{"1": {"a": 1}}',
        b"\x89PNG\r\n\x1a\n",
        b'"\\ud800"',
    ],
)
def test_what_is_no_workflow(data: bytes) -> None:
    assert "not a ComfyUI workflow" in problem(data)


def test_half_a_character_is_refused() -> None:
    assert "not a ComfyUI workflow" in problem(json.dumps({"1": node("A", text="\ud800")}).encode())


def test_bounds() -> None:
    assert "larger than" in problem(b" " * (MAX_BYTES + 1))
    assert "nested too deeply" in problem(b"[" * 100_000)
    deep: object = 1
    for _ in range(60):
        deep = [deep]
    assert "nested too deeply" in problem({"1": node("A", x=deep)})
    assert f"{MAX_NODES:d} at most" in problem({str(i): node("A") for i in range(MAX_NODES + 1)})
    assert "too large" in problem({"1": node("A" * 1000)})
    many = {f"i{i}": ["1", 0] for i in range(MAX_LINKS + 1)}
    assert f"{MAX_LINKS:d} at most" in problem({"1": node("A"), "2": node("B", **many)})


def test_broken_nodes_and_links_are_named() -> None:
    workflow = workflows.sd15()
    workflow["8"]["inputs"]["vae"] = ["99", 0]
    told = problem(workflow)
    assert "VAEDecode (node 8)" in told
    assert "node 99" in told
    assert "node 7" in problem({**workflows.sd15(), "7": {"inputs": {}}})


def test_a_circle_is_named() -> None:
    workflow = workflows.sd15()
    workflow["5"] = node("VAEEncode", pixels=["8", 0], vae=["4", 2])
    told = problem(workflow)
    assert "circle: 3 → 5 → 8 → 3" in told
    long = {str(i): node("A", x=[str((i + 1) % 1_500), 0]) for i in range(1_500)}
    assert "…" in problem(long)


def test_a_file_that_is_gone_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.json", tmp_path):
        with pytest.raises(UserError):
            read_workflow(path)
