"""What is found in a user's workflow, and what is left alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.backends.comfyui.graphs import Place
from app.backends.comfyui.workflow.finding import Inputs, find_inputs
from app.backends.comfyui.workflow.reading import read_workflow
from tests.backends.comfyui import workflows
from tests.backends.comfyui.workflows import Workflow, node, sampler


@pytest.fixture
def found(tmp_path: Path) -> Callable[[Workflow], Inputs]:
    """What is found in a workflow that was read from a file."""

    def find(workflow: Workflow) -> Inputs:
        path = tmp_path / "workflow.json"
        path.write_text(json.dumps(workflow), encoding="utf-8")
        return find_inputs(read_workflow(path))

    return find


def names(places: tuple[Place, ...]) -> list[str]:
    return [f"{place.node}.{place.input}" for place in places]


Find = Callable[[Workflow], Inputs]


def test_the_first_workflow(found: Find) -> None:
    inputs = found(workflows.sd15())
    assert {name: names(getattr(inputs, name)) for name in Inputs.__slots__ if name != "result"} == {
        "prompt": ["6.text"],
        "negative": ["7.text"],
        "seed": ["3.seed"],
        "width": ["5.width"],
        "height": ["5.height"],
        "steps": ["3.steps"],
        "guidance": ["3.cfg"],
        "picture": [],
        "strength": [],
        "batch": ["5.batch_size"],
    }
    assert inputs.result == "9"


def test_a_start_picture_comes_with_its_strength_and_canvas(found: Find) -> None:
    inputs = found(workflows.img2img())
    assert names(inputs.picture) == ["10.image"]
    assert names(inputs.strength) == ["3.denoise"]
    assert names(inputs.width) == ["11.width"]


def test_a_refiner_gets_the_same_prompt_and_steps(found: Find) -> None:
    inputs = found(workflows.refined())
    assert names(inputs.prompt) == ["6.text_g", "6.text_l", "15.text"]
    assert names(inputs.negative) == ["7.text_g", "7.text_l", "16.text"]
    assert names(inputs.seed) == ["10.noise_seed"]
    assert names(inputs.steps) == ["10.steps", "11.steps"]
    assert names(inputs.guidance) == ["10.cfg", "11.cfg"]
    assert names(inputs.width) == ["5.width", "6.target_width", "7.target_width"]


def test_flux_has_its_guidance_beside_the_prompt_and_no_negative(found: Find) -> None:
    inputs = found(workflows.flux())
    assert names(inputs.prompt) == ["6.text"]
    assert names(inputs.negative) == []
    assert names(inputs.guidance) == ["26.guidance"]
    assert names(inputs.seed) == ["25.noise_seed"]
    assert names(inputs.steps) == ["17.steps"]
    assert (names(inputs.width), names(inputs.height)) == (["34.value"], ["35.value"])


def test_sprint_has_its_guidance_in_its_schedule(found: Find) -> None:
    inputs = found(workflows.sana_sprint())
    assert names(inputs.guidance) == ["6.cfg_scale"]
    assert names(inputs.prompt) == ["3.text"]
    assert names(inputs.negative) == ["4.text"]
    assert names(inputs.steps) == ["7.steps"]


def test_what_a_controlnet_follows_is_no_start_picture(found: Find) -> None:
    inputs = found(workflows.controlnet())
    assert names(inputs.picture) == []
    assert (names(inputs.prompt), names(inputs.negative)) == (["6.text"], ["7.text"])


def test_crossed_wires_are_followed(found: Find) -> None:
    """The second output of a ControlNet is the negative conditioning, wherever it goes."""
    workflow = workflows.controlnet()
    workflow["3"]["inputs"] |= {"positive": ["20", 1], "negative": ["20", 0]}
    inputs = found(workflow)
    assert (names(inputs.prompt), names(inputs.negative)) == (["7.text"], ["6.text"])


def test_the_last_stage_is_the_result_and_the_first_one_decides(found: Find) -> None:
    inputs = found(workflows.enlarged())
    assert inputs.result == "15"
    assert names(inputs.seed) == ["3.seed"]
    assert names(inputs.width) == ["5.width"]
    assert names(inputs.steps) == ["3.steps", "11.steps"]


def test_an_upscaler_takes_a_picture_alone(found: Find) -> None:
    assert found(workflows.upscaler()) == Inputs("4", picture=(Place("1", "image"),))


def test_a_model_that_edits_has_its_picture_beside_the_prompt(found: Find) -> None:
    inputs = found(workflows.kontext())
    assert names(inputs.picture) == ["40.image"]
    assert names(inputs.strength) == []
    assert names(inputs.prompt) == ["6.text"]


def test_the_nearest_of_several_start_pictures_counts(found: Find) -> None:
    workflow = workflows.img2img()
    workflow["11"] = node("ImageBlend", image1=["10", 0], image2=["5", 0], blend_factor=0.5, blend_mode="normal")
    assert names(found(workflow).picture) == ["10.image"]


def test_texts_and_numbers_come_through_nodes_that_hold_them(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["6"] = node("CLIPTextEncode", text=["20", 0], clip=["4", 1])
    workflow["20"] = node("StringConcatenate", string_a="best quality", string_b=["21", 0], delimiter=", ")
    workflow["21"] = node("PrimitiveStringMultiline", value="a fox")
    workflow["3"]["inputs"] |= {"seed": ["22", 0], "steps": ["23", 0], "cfg": ["24", 0]}
    workflow["22"] = node("Seed (rgthree)", seed=5)
    workflow["23"] = node("Reroute", **{"": ["25", 0]})
    workflow["24"] = node("PrimitiveFloat", value=6.5)
    workflow["25"] = node("PrimitiveInt", value=12, control_after_generate="fixed")
    inputs = found(workflow)
    assert names(inputs.prompt) == ["21.value"]
    assert names(inputs.seed) == ["22.seed"]
    assert names(inputs.steps) == ["25.value"]
    assert names(inputs.guidance) == ["24.value"]


def test_a_node_that_styles_both_texts_is_followed_by_side(found: Find) -> None:
    workflow = workflows.sd15()
    for encoder, output in (("6", 0), ("7", 1)):
        workflow[encoder]["inputs"]["text"] = ["20", output]
    workflow["20"] = node(
        "SDXLPromptStyler", text_positive="a fox", text_negative="bad", style="base", log_prompt=False
    )
    inputs = found(workflow)
    assert (names(inputs.prompt), names(inputs.negative)) == (["20.text_positive"], ["20.text_negative"])


def test_two_passes_through_another_packs_upscaler(found: Find) -> None:
    """The later stages have samplers of their own kinds; the first one decides."""
    workflow = workflows.sd15()
    again = {"model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0], "vae": ["4", 2], "cfg": 8.0, "denoise": 0.2}
    workflow["20"] = node("UltimateSDUpscale", image=["8", 0], upscale_by=2, seed=3, steps=12, **again)
    workflow["21"] = node("FaceDetailer", image=["20", 0], guide_size=512, seed=4, steps=9, clip=["4", 1], **again)
    workflow["9"]["inputs"]["images"] = ["21", 0]
    inputs = found(workflow)
    assert names(inputs.seed) == ["3.seed"]
    assert names(inputs.steps) == ["3.steps"]
    assert names(inputs.guidance) == ["3.cfg", "20.cfg", "21.cfg"]
    assert names(inputs.width) == ["5.width"]


def test_inpainting_takes_its_picture_through_the_conditioning(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["20"] = node(
        "InpaintModelConditioning", positive=["6", 0], negative=["7", 0], vae=["4", 2], pixels=["21", 0], mask=["21", 1]
    )  # fmt: skip
    workflow["21"] = node("LoadImage", image="photo.png")
    workflow["3"]["inputs"] |= {"positive": ["20", 0], "negative": ["20", 1], "latent_image": ["20", 2]}
    inputs = found(workflow)
    assert (names(inputs.prompt), names(inputs.negative)) == (["6.text"], ["7.text"])
    assert names(inputs.picture) == ["21.image"]


def test_parts_of_a_negative_that_are_set_to_zero_leave_the_rest(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["3"]["inputs"]["negative"] = ["20", 0]
    workflow["20"] = node("ConditioningCombine", conditioning_1=["21", 0], conditioning_2=["22", 0])
    workflow["21"] = node("ConditioningSetTimestepRange", start=0.1, end=1.0, conditioning=["23", 0])
    workflow["22"] = node("ConditioningSetTimestepRange", start=0.0, end=0.1, conditioning=["7", 0])
    workflow["23"] = node("ConditioningZeroOut", conditioning=["7", 0])
    assert names(found(workflow).negative) == ["7.text"]


def test_what_is_computed_is_not_offered(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["5"]["inputs"] |= {"width": ["20", 0], "height": ["20", 0]}
    workflow["20"] = node("MathExpression|pysssss", expression="a*8", a=["21", 0])
    workflow["21"] = node("PrimitiveInt", value=64)
    inputs = found(workflow)
    assert (inputs.width, inputs.height) == ((), ())


def test_texts_written_in_the_loader_of_another_pack(found: Find) -> None:
    workflow = {
        "1": node(
            "Efficient Loader", ckpt_name="a.safetensors", positive="a fox", negative="bad", empty_latent_width=512,
            empty_latent_height=512, batch_size=1,
        ),
        "2": node(
            "KSampler (Efficient)", seed=1, steps=20, cfg=7.0, denoise=1.0, model=["1", 0], positive=["1", 1],
            negative=["1", 2], latent_image=["1", 3], optional_vae=["1", 4],
        ),
        "3": node("SaveImage", images=["2", 5]),
    }  # fmt: skip
    inputs = found(workflow)
    assert (names(inputs.prompt), names(inputs.negative)) == (["1.positive"], ["1.negative"])
    assert (names(inputs.width), names(inputs.batch)) == (["1.empty_latent_width"], ["1.batch_size"])


def test_a_title_decides_between_encoders(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["3"]["inputs"]["positive"] = ["20", 0]
    workflow["20"] = node("ConditioningCombine", conditioning_1=["6", 0], conditioning_2=["21", 0])
    workflow["21"] = node("CLIPTextEncode", "My prompt", text="a fox", clip=["4", 1])
    assert names(found(workflow).prompt) == ["21.text"]
    workflow["21"]["_meta"] = {"title": "Background"}
    assert names(found(workflow).prompt) == ["6.text"]


def test_what_is_set_to_zero_has_no_negative(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["3"]["inputs"]["negative"] = ["20", 0]
    workflow["20"] = node("ConditioningZeroOut", conditioning=["6", 0])
    inputs = found(workflow)
    assert (names(inputs.prompt), names(inputs.negative)) == (["6.text"], [])


def test_the_same_encoder_on_both_sides_is_the_prompt(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["3"]["inputs"]["negative"] = ["6", 0]
    assert names(found(workflow).negative) == []


def test_equal_texts_on_both_sides_stay_apart(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["6"]["inputs"]["text"] = workflow["7"]["inputs"]["text"] = ""
    inputs = found(workflow)
    assert (names(inputs.prompt), names(inputs.negative)) == (["6.text"], ["7.text"])


def test_what_leads_nowhere_is_not_looked_at(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["1"] = sampler(["4", 0], ["7", 0], ["6", 0], ["5", 0], seed=1)
    inputs = found(workflow)
    assert names(inputs.seed) == ["3.seed"]
    assert names(inputs.prompt) == ["6.text"]


def test_a_pipe_is_followed(found: Find) -> None:
    workflow = workflows.sd15()
    workflow["20"] = node(
        "ToBasicPipe", model=["4", 0], clip=["4", 1], vae=["4", 2], positive=["6", 0], negative=["7", 0]
    )
    workflow["21"] = node("FromBasicPipe", basic_pipe=["20", 0])
    workflow["3"]["inputs"] |= {"positive": ["21", 3], "negative": ["21", 4], "model": ["21", 0]}
    inputs = found(workflow)
    assert (names(inputs.prompt), names(inputs.negative)) == (["6.text"], ["7.text"])


def test_a_deep_chain_is_followed(found: Find) -> None:
    assert names(found(workflows.deep(1_900)).prompt) == ["6.text"]


def test_the_largest_workflows_are_looked_through_at_once(found: Find) -> None:
    """Hundreds of stages that share hundreds of encoders, and hundreds of results."""
    workflow, text, latent = workflows.sd15(), "6", "5"
    for number in range(600):
        mixed = node("ConditioningCombine", conditioning_1=[text, 0], conditioning_2=[text, 0])
        text = f"1{number:03d}"
        stage = sampler(["4", 0], [text, 0], ["7", 0], [latent, 0])
        latent = f"2{number:03d}"
        workflow |= {text: mixed, latent: stage, f"3{number:03d}": node("SaveImage", images=[latent, 0])}
    began = time.monotonic()
    assert names(found(workflow).prompt) == ["6.text"]
    assert time.monotonic() - began < 10


def test_nothing_is_found_where_nothing_is(found: Find) -> None:
    assert found({"1": node("Note", text="hello")}) == Inputs()


def test_odd_values_do_no_harm(found: Find) -> None:
    odd: dict[str, Any] = {"text": {"a": 1}, "seed": None, "steps": True, "cfg": "8", "width": [1, 2, 3]}
    workflow = {**workflows.sd15(), "6": node("CLIPTextEncode", clip=["4", 1], **odd)}
    workflow["3"]["inputs"] |= {name: odd[name] for name in ("seed", "steps", "cfg")}
    inputs = found(workflow)
    assert (inputs.prompt, inputs.seed, inputs.steps, inputs.guidance) == ((), (), (), ())
