"""What a server lacks for a workflow is named; what it says of one is put into words."""

from __future__ import annotations

from typing import Any

import pytest

from app.backends.comfyui.graphs import Graph, Place, Slot
from app.backends.comfyui.workflow.lacks import check_against
from app.backends.comfyui.workflow.packs import pack_of
from app.backends.comfyui.workflow.refusals import refused
from app.core.errors import UserError
from tests.backends.comfyui import workflows
from tests.backends.comfyui.workflows import Workflow, node


def server(workflow: Workflow, **choices: Any) -> dict[str, Any]:
    """The descriptions that a server has of all nodes of a workflow; `choices` are those of inputs, by their names."""
    return {
        each["class_type"]: {
            "input": {"required": {name: choices.get(name, ["STRING", {}]) for name in each["inputs"]}},
            "output_node": each["class_type"] == "SaveImage",
        }
        for each in workflow.values()
    }


def check(workflow: Workflow, described: dict[str, Any], *filled: Slot) -> None:
    """As before it is sent."""
    places = {slot: (Place("10", "image"),) for slot in filled}
    check_against(Graph(workflow, places, ("9" if "9" in workflow else "10",)), described)


def problem(workflow: Workflow, described: dict[str, Any]) -> str:
    with pytest.raises(UserError) as caught:
        check(workflow, described)
    return str(caught.value)


OLDER: Any = [["a.safetensors", "sub/b.safetensors"], {"tooltip": "…"}]
NEWER: Any = ["COMBO", {"options": ["a.safetensors", "sub/b.safetensors"]}]


@pytest.mark.parametrize("choices", [OLDER, NEWER])
def test_a_missing_checkpoint_is_named(choices: Any) -> None:
    workflow = workflows.sd15()
    told = problem(workflow, server(workflow, ckpt_name=choices))
    assert "checkpoint “v1-5-pruned-emaonly.safetensors”" in told
    assert "models/checkpoints" in told
    workflow["4"]["inputs"]["ckpt_name"] = "a.safetensors"
    check(workflow, server(workflow, ckpt_name=choices))


def test_a_file_in_another_folder_is_named() -> None:
    workflow = workflows.sd15()
    workflow["4"]["inputs"]["ckpt_name"] = "other\\B.safetensors"
    assert "It has “sub/b.safetensors”" in problem(workflow, server(workflow, ckpt_name=NEWER))


def test_several_models_are_named_at_once() -> None:
    workflow = workflows.sd15()
    workflow["4"]["inputs"]["ckpt_name"] = "gone.safetensors"
    workflow["10"] = node("LoraLoader", lora_name="style.safetensors", model=["4", 0], clip=["4", 1])
    workflow["3"]["inputs"]["model"] = ["10", 0]
    workflow["8"]["inputs"]["vae"] = ["11", 0]
    workflow["11"] = node("VAELoader", vae_name="fine.safetensors")
    told = problem(workflow, server(workflow, ckpt_name=OLDER, lora_name=NEWER, vae_name=OLDER))
    for words in ("checkpoint “gone", "LoRA “style", "VAE “fine"):
        assert words in told


def test_what_does_not_lead_to_the_result_is_not_looked_at() -> None:
    workflow = workflows.sd15()
    workflow["4"]["inputs"]["ckpt_name"] = "a.safetensors"
    workflow["10"] = node("LoraLoader", lora_name="style.safetensors", model=["4", 0], clip=["4", 1])
    check(workflow, server(workflow, ckpt_name=OLDER, lora_name=NEWER))


def test_what_is_uploaded_or_filled_in_is_no_choice() -> None:
    workflow = workflows.img2img()
    uploads: Any = [["other.png"], {"image_upload": True}]
    check(workflow, server(workflow, image=uploads))
    check(workflow, server(workflow, image=OLDER), Slot.IMAGE)


def test_another_choice_is_named_with_what_there_is() -> None:
    workflow = workflows.sd15()
    workflow["3"]["inputs"]["sampler_name"] = "scm"
    told = problem(workflow, server(workflow, sampler_name=[["euler", "ddim"], {}]))
    assert "“scm” is not a choice for sampler_name in “KSampler”" in told
    assert "“euler” and “ddim”" in told


def test_missing_nodes_are_named_with_their_pack() -> None:
    workflow = workflows.sana_sprint()
    described = server(workflow)
    for gone in ("SanaTextEncode", "ScmModelSampling"):
        del described[gone]
    told = problem(workflow, described)
    assert "“SanaTextEncode” (of the pack ComfyUI_ExtraModels)" in told
    assert "Install “ComfyUI_ExtraModels” with ComfyUI Manager" in told


@pytest.mark.parametrize(
    ("node_class", "pack"),
    [
        ("EmptyDCAELatentImage", "ComfyUI_ExtraModels"),
        ("Seed (rgthree)", "rgthree-comfy"),
        ("easy fullLoader", "ComfyUI-Easy-Use"),
        ("UnetLoaderGGUF", "ComfyUI-GGUF"),
        ("FaceDetailer", "ComfyUI-Impact-Pack"),
        ("SanaGenerate", "ComfyUI-SANA"),
        ("SomethingOwn", ""),
        ("KSampler", ""),
    ],
)
def test_packs(node_class: str, pack: str) -> None:
    assert pack_of(node_class) == pack


def test_an_answer_of_an_older_server_names_the_node() -> None:
    error = {
        "type": "invalid_prompt",
        "message": "Cannot execute because node Seed (rgthree) does not exist.",
        "details": "Node ID '#5'",
        "extra_info": {},
    }
    assert "“Seed (rgthree)” (of the pack rgthree-comfy)" in str(refused({"error": error, "node_errors": {}}, {}))


def test_an_answer_of_a_newer_server_names_the_node() -> None:
    more = {"node_id": "5", "class_type": "FaceDetailer", "node_title": "Faces"}
    error = {"type": "missing_node_type", "message": "Node 'Faces' not found.", "details": "…", "extra_info": more}
    assert "“FaceDetailer” (of the pack ComfyUI-Impact-Pack)" in str(refused({"error": error}, {}))


def failed(kind: str, **more: Any) -> str:
    """What is told where the sampler of the first workflow is refused for a reason."""
    each = {"type": kind, "message": "Odd", "details": "so it is", "extra_info": more}
    errors = {"3": {"errors": [each], "dependent_outputs": ["9"], "class_type": "KSampler"}}
    whole = {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation", "details": ""}
    return str(refused({"error": whole, "node_errors": errors}, workflows.sd15()))


def test_answers_about_values_are_put_into_words() -> None:
    assert "checkpoint “x.ckpt”" in failed("value_not_in_list", input_name="ckpt_name", received_value="x.ckpt")
    assert "lacks its input model" in failed("required_input_missing", input_name="model")
    assert "0 is too small for steps" in failed("value_smaller_than_min", input_name="steps", received_value=0)
    assert "999 is too large for cfg" in failed("value_bigger_than_max", input_name="cfg", received_value=999)
    assert "does not fit" in failed("return_type_mismatch", input_name="latent_image")
    assert "is not on the server" in failed("custom_validation_failed", input_name="image")
    assert "Odd: so it is" in failed("something_new")


@pytest.mark.parametrize(
    "answer",
    [None, [], "no", {}, {"error": "odd"}, {"error": {"extra_info": 3}}, {"node_errors": {"3": {"errors": [3, {}]}}}],
)
def test_an_answer_that_makes_no_sense_is_told_all_the_same(answer: Any) -> None:
    assert str(refused(answer, workflows.sd15()))


def test_a_workflow_without_a_picture() -> None:
    error = {"type": "prompt_no_outputs", "message": "Prompt has no outputs", "details": "", "extra_info": {}}
    assert "Save Image" in str(refused({"error": error, "node_errors": {}}, {}))
