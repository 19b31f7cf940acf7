"""The folder of workflows, and what each offers as a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.backends.comfyui.graphs import Place, Slot
from app.backends.comfyui.workflow.folder import Workflows
from app.core.errors import UserError
from app.core.request import GenerationRequest, ImageInput, Role
from tests.backends.comfyui import workflows
from tests.backends.comfyui.workflows import Workflow, node


@pytest.fixture
def folder(tmp_path: Path) -> Workflows:
    return Workflows(tmp_path / "workflows")


def write(folder: Path, name: str, workflow: Workflow) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(workflow), encoding="utf-8")
    return path


def test_files_are_listed_by_name_and_read_again_when_they_change(folder: Workflows) -> None:
    assert folder.list() == []
    write(folder.folder, "b.json", workflows.sd15())
    path = write(folder.folder, "A.json", workflows.flux())
    write(folder.folder, ".hidden.json", workflows.sd15())
    write(folder.folder, "broken.json", {})
    (folder.folder / "readme.txt").write_text("hello")
    assert [(each.id, each.name) for each in folder.list()] == [("A.json", "A"), ("b.json", "b")]
    assert folder.open("A.json").capabilities().own_size == (1216, 832)
    path.write_text(json.dumps({**workflows.sd15(), "30": node("Note")}))
    assert folder.open("A.json").capabilities().own_size == (512, 768)


def test_a_file_elsewhere_is_opened_by_its_path(folder: Workflows, tmp_path: Path) -> None:
    path = write(tmp_path, "mine.json", workflows.sd15())
    assert folder.open(str(path)).id == str(path)
    with pytest.raises(UserError, match=r"no workflow “gone\.json”"):
        folder.open("gone.json")


def test_adding_keeps_what_is_there(folder: Workflows, tmp_path: Path) -> None:
    first = write(tmp_path / "one", "mine.json", workflows.sd15())
    second = write(tmp_path / "two", "mine.json", workflows.flux())
    assert [folder.add(first), folder.add(second), folder.add(first)] == ["mine.json", "mine 2.json", "mine.json"]
    assert [path.name for path in folder.files()] == ["mine 2.json", "mine.json"]
    with pytest.raises(UserError):
        folder.add(write(tmp_path, "empty.json", {}))
    assert len(folder.files()) == 2


def test_what_was_found_is_what_is_offered(folder: Workflows) -> None:
    write(folder.folder, "plain.json", workflows.sd15())
    offered = folder.open("plain.json").capabilities()
    resolved = offered.resolve(GenerationRequest("a fox"))
    assert (resolved.width, resolved.height, resolved.steps, resolved.guidance) == (512, 768, 20, 8.0)
    assert offered.negative
    assert offered.takes(Role.INIT) is None

    write(folder.folder, "flux.json", workflows.flux())
    offered = folder.open("flux.json").capabilities()
    assert not offered.negative
    assert offered.guidance is not None
    assert offered.guidance.default == 3.5

    write(folder.folder, "start.json", workflows.img2img())
    limits = folder.open("start.json").capabilities().takes(Role.INIT)
    assert limits is not None
    assert limits.strength is not None
    assert limits.strength.default == 0.87


def test_an_upscaler_takes_a_picture_of_any_size(folder: Workflows) -> None:
    write(folder.folder, "large.json", workflows.upscaler())
    offered = folder.open("large.json").capabilities()
    assert offered.guidance is None
    assert not offered.seed
    request = GenerationRequest("x", inputs=(ImageInput(Role.INIT, "/a.png"),))
    resolved = offered.resolve(request, (333, 77))
    assert (resolved.width, resolved.height) == (333, 77)
    assert any("No prompt was found" in str(note) for note in offered.notes)


def test_without_a_start_picture_the_workflows_own_stays(folder: Workflows) -> None:
    write(folder.folder, "start.json", workflows.img2img())
    opened = folder.open("start.json")
    assert Slot.STRENGTH not in opened.graph(GenerationRequest("a fox")).places
    with_picture = opened.graph(GenerationRequest("a fox", inputs=(ImageInput(Role.INIT, "/a.png"),)))
    assert with_picture.places[Slot.IMAGE] == (Place("10", "image"),)
    assert with_picture.places[Slot.STRENGTH] == (Place("3", "denoise"),)


def test_one_picture_is_made_at_a_time(folder: Workflows) -> None:
    workflow = workflows.sd15()
    workflow["5"]["inputs"]["batch_size"] = 4
    write(folder.folder, "batch.json", workflow)
    graph = folder.open("batch.json").graph(GenerationRequest("a fox"))
    assert graph.nodes["5"]["inputs"]["batch_size"] == 1
    assert graph.outputs == ("9",)


def test_a_workflow_that_takes_nothing_is_refused(folder: Workflows) -> None:
    write(folder.folder, "odd.json", {"1": node("EmptyImage", width=8), "2": node("SaveImage", images=["1", 0])})
    with pytest.raises(UserError, match="neither a prompt nor a start picture"):
        folder.open("odd.json")
