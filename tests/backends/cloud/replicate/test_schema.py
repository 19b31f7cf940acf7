"""What a model takes, read from its own schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.backends.cloud.following import progress
from app.backends.cloud.replicate.catalog import MODELS
from app.backends.cloud.replicate.schema import InputSchema
from app.core.capabilities import Capabilities, Choice
from app.core.errors import GenerationCancelled, UserError
from app.core.events import Generated
from app.core.limits import Range
from app.core.request import GenerationRequest
from tests.servers.replicate import Fault, ReplicateServer


def schema(properties: dict[str, Any], **others: Any) -> InputSchema:
    schemas = {"Input": {"properties": {"prompt": {"type": "string"}, **properties}}, **others}
    return InputSchema.parse("v1", {"components": {"schemas": schemas}})


def test_limits_defaults_and_enums_are_read(server: ReplicateServer) -> None:
    model = server.models["nvidia/sana"]["latest_version"]
    capabilities = InputSchema.parse(model["id"], model["openapi_schema"]).capabilities("Sana", 32)
    assert capabilities == Capabilities(
        model="Sana",
        size=Range(256, 4096, 1024, 32),
        max_pixels=4096 * 4096,
        steps=Range(1, 50, 18),
        guidance=Range(1, 20, 5, 0.1),
        negative=True,
        choices=(
            Choice(
                "model_variant",
                "Model variant",
                (
                    "1600M-1024px",
                    "1600M-1024px-multilang",
                    "1600M-512px",
                    "600M-1024px-multilang",
                    "600M-512px-multilang",
                ),
                "1600M-1024px",
            ),
        ),
        prompt_tokens=300,
    )


def test_sprint_has_no_negative_prompt_and_few_steps(server: ReplicateServer) -> None:
    model = server.models["nvidia/sana-sprint-1.6b"]["latest_version"]
    capabilities = InputSchema.parse(model["id"], model["openapi_schema"]).capabilities("Sprint", 32)
    assert not capabilities.negative
    assert capabilities.steps == Range(1, 4, 2)
    assert capabilities.choices == (), "the format is chosen by the app"


@pytest.mark.parametrize("name", [model.id for model in MODELS])
def test_what_the_app_knows_fits_what_the_service_says(server: ReplicateServer, name: str) -> None:
    (known,) = [model for model in MODELS if model.id == name]
    version = server.models[name]["latest_version"]
    told = InputSchema.parse(version["id"], version["openapi_schema"]).capabilities(known.name, 32)
    assert known.fallback().capabilities(known.name, 32) == told


@pytest.mark.parametrize(
    "rule",
    [
        {"allOf": [{"$ref": "#/components/schemas/look"}], "default": "oil"},
        {"$ref": "#/components/schemas/look", "default": "oil"},
        {"anyOf": [{"$ref": "#/components/schemas/look"}, {"type": "null"}], "default": "oil"},
        {"type": "string", "enum": ["ink", "oil"], "default": "oil"},
    ],
)
def test_every_way_to_write_an_enum_is_a_choice(rule: dict[str, Any]) -> None:
    described = schema({"look": rule}, look={"type": "string", "enum": ["ink", "oil"], "title": "look"})
    assert described.capabilities("M", 32).choices == (Choice("look", "Look", ("ink", "oil"), "oil"),)


def test_an_enum_of_numbers_without_default_takes_its_first() -> None:
    described = schema({"factor": {"type": "integer", "enum": [2, 4]}})
    assert described.capabilities("M", 32).choices == (Choice("factor", "Factor", (2, 4), 2),)


def test_choices_come_in_the_models_order() -> None:
    described = schema({"b": {"enum": ["x"], "x-order": 5}, "a": {"enum": ["x"], "x-order": 9}, "c": {"enum": ["x"]}})
    assert [choice.name for choice in described.capabilities("M", 32).choices] == ["c", "b", "a"]


def test_what_the_schema_lacks_is_neither_shown_nor_sent() -> None:
    described = schema({"seed": {"type": "integer"}})
    capabilities = described.capabilities("M", 32)
    assert (capabilities.guidance, capabilities.negative, capabilities.steps) == (None, False, Range(1, 1, 1))
    assert capabilities.size == Range(1024, 1024, 1024, 32)
    request = capabilities.resolve(GenerationRequest("x", negative="fog", seed=3))
    assert described.inputs(request) == {"prompt": "x", "seed": 3}


def test_integers_are_sent_as_integers() -> None:
    described = schema({"guidance_scale": {"type": "integer", "minimum": 1, "maximum": 9, "default": 4}})
    request = described.capabilities("M", 32).resolve(GenerationRequest("x", guidance=3.0, seed=1))
    sent = described.inputs(request)["guidance_scale"]
    assert (sent, type(sent)) == (3, int)


def test_png_is_asked_for_where_it_can_be_had() -> None:
    request = GenerationRequest("x", seed=1)
    assert schema({"output_format": {"enum": ["webp", "png"]}}).inputs(request)["output_format"] == "png"
    assert "output_format" not in schema({"output_format": {"enum": ["webp", "jpg"]}}).inputs(request)


@pytest.mark.parametrize(
    "openapi",
    [{}, {"components": None}, {"components": {"schemas": {"Input": {"properties": {"text": {}}}}}}, {"components": 7}],
)
def test_a_schema_without_a_prompt_is_refused(openapi: Any) -> None:
    with pytest.raises(ValueError):
        InputSchema.parse("v1", openapi)


def test_nonsense_in_limits_is_left_out() -> None:
    rule = {"type": "integer", "minimum": "low", "maximum": None, "default": "many", "x-order": "first"}
    assert schema({"num_inference_steps": rule}).capabilities("M", 32).steps == Range(1, 50, 20)


def test_the_services_description_is_kept_for_offline_use(studio, server: ReplicateServer, home: Path) -> None:
    properties = server.models["nvidia/sana"]["latest_version"]["openapi_schema"]["components"]["schemas"]["Input"][
        "properties"
    ]
    properties["num_inference_steps"]["maximum"] = 30
    del properties["negative_prompt"]
    assert studio.backend.capabilities("nvidia/sana").steps.maximum == 50
    studio.generate()
    assert studio.backend.capabilities("nvidia/sana").steps.maximum == 30
    server.requests.clear()
    offline = studio.restarted().backend.capabilities("nvidia/sana")
    assert offline.steps.maximum == 30
    assert not offline.negative
    assert server.requests == []


def test_a_request_that_the_model_no_longer_takes_is_told_before_it_costs(studio, server: ReplicateServer) -> None:
    request = studio.request(steps=40)
    schemas = server.models["nvidia/sana"]["latest_version"]["openapi_schema"]["components"]["schemas"]
    schemas["Input"]["properties"]["num_inference_steps"]["maximum"] = 30
    with pytest.raises(UserError, match="40 steps do not fit") as error:
        list(studio.backend.generate(request, lambda: False))
    assert "1 to 30" in str(error.value.remedy)
    assert server.predictions == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": "v", "openapi": {"components": 3}}', "null"])
def test_a_broken_cache_counts_as_none(studio, home: Path, text: str) -> None:
    file = home / "cache" / "replicate" / "nvidia--sana.json"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    assert studio.backend.capabilities("nvidia/sana") == MODELS[0].fallback().capabilities("Sana 1.6B", 32)
    assert len(studio.generate()) == 1
    if text != "":
        assert json.loads(file.read_text(encoding="utf-8"))["version"]


@pytest.mark.parametrize(
    ("logs", "step"),
    [
        ("", None),
        ("Using seed: 7\n", None),
        ("\r 33%|███▎      | 6/18 [00:00<00:01, 9.9it/s]\r 67%|██████▋   | 12/18 [00:01<00:00, 9.9it/s]", (12, 18)),
        ("step 3/20\nstep 4/20\nsaving\n", (4, 20)),
        ("60%", (12, 20)),
        ("loading on 2024/01/02 at 7.5%\n", None),
        ("took 12/3 of nothing, 250% sure", None),
        ("0/0", None),
    ],
)
def test_progress_in_logs(logs: str, step: tuple[int, int] | None) -> None:
    assert progress(logs, 20) == step


def test_a_field_that_refers_to_nothing_is_left_out_alone() -> None:
    described = schema({"style": {"allOf": [{"$ref": "#/components/schemas/style"}]}, "seed": {"type": "integer"}})
    assert set(described.fields) == {"prompt", "seed"}


def test_a_required_enum_without_default_is_sent_and_kept_in_the_cache() -> None:
    schemas = {
        "Input": {
            "properties": {"prompt": {"type": "string"}, "style": {"$ref": "#/components/schemas/style"}},
            "required": ["prompt", "style"],
        },
        "style": {"type": "string", "enum": ["photo", "anime"]},
    }
    described = InputSchema.parse("v1", {"components": {"schemas": schemas}})
    described = InputSchema.from_json(json.loads(json.dumps(described.to_json())))
    assert described.inputs(GenerationRequest("x", seed=1)) == {"prompt": "x", "style": "photo"}
    chosen = GenerationRequest("x", seed=1, options=(("style", "anime"),))
    assert described.inputs(chosen)["style"] == "anime"


@pytest.mark.parametrize(
    ("limits", "seed", "sent"),
    [
        ({}, 4_000_000_000, 4_000_000_000),
        ({"maximum": 2147483647}, 4_000_000_000, 4_000_000_000 - 2**31),
        ({"minimum": -1, "maximum": 99}, 100, 0),
        ({"minimum": 1, "maximum": 10}, 10, 10),
    ],
)
def test_a_seed_that_the_model_cannot_take_begins_anew(limits: dict[str, Any], seed: int, sent: int) -> None:
    described = schema({"seed": {"type": "integer", **limits}})
    assert described.inputs(GenerationRequest("x", seed=seed))["seed"] == sent


def test_the_panel_is_told_whether_there_is_a_seed() -> None:
    assert schema({"seed": {"type": "integer"}}).capabilities("M", 32).seed
    assert not schema({}).capabilities("M", 32).seed


def test_sides_of_a_closed_set_are_the_sizes_and_nothing_else_is_sent() -> None:
    side = {"type": "integer", "enum": [512, 1024], "default": 1024}
    described = schema({"width": side, "height": side})
    capabilities = described.capabilities("M", 32)
    assert (capabilities.size.minimum, capabilities.size.maximum) == (512, 1024)
    assert capabilities.aspect_sizes[0] == (1024, 1024), "the default comes first"
    assert set(capabilities.aspect_sizes) == {(512, 512), (512, 1024), (1024, 512), (1024, 1024)}
    with pytest.raises(UserError, match="“Width” cannot be “768”"):
        described.inputs(GenerationRequest("x", width=768, height=512, seed=1))


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        ({"default": 1000, "minimum": 100, "maximum": 2000}, {}, Range(256, 1984, 992, 32)),
        ({"minimum": 1000, "maximum": 1000}, {"minimum": 1000, "maximum": 1000}, Range(1000, 1000, 1000)),
        ({"minimum": 5000}, {"maximum": 128}, Range(5024, 5024, 5024, 32)),
    ],
)
def test_the_sides_fit_the_models_limits(width: dict[str, Any], height: dict[str, Any], size: Range) -> None:
    described = schema({"width": {"type": "integer", **width}, "height": {"type": "integer", **height}})
    found = described.capabilities("M", 32).size
    assert found.minimum <= found.default <= found.maximum
    if size.maximum < 5000:
        assert found == size


def test_a_limit_on_one_side_is_told_as_one() -> None:
    described = schema({"boost": {"type": "number", "maximum": 4}})
    with pytest.raises(UserError) as error:
        described.inputs(GenerationRequest("x", seed=1, options=(("boost", 9.0),)))
    assert str(error.value.remedy) == "Choose at most 4."


def test_no_negative_prompt_means_none_even_where_the_model_has_one_of_its_own() -> None:
    request = GenerationRequest("x", seed=1)
    assert schema({"negative_prompt": {"type": "string", "default": "blurry"}}).inputs(request)["negative_prompt"] == ""
    assert "negative_prompt" not in schema({"negative_prompt": {"type": "string", "default": ""}}).inputs(request)


def inputs_of(server: ReplicateServer) -> dict[str, Any]:
    version = server.models["nvidia/sana"]["latest_version"]
    found: dict[str, Any] = version["openapi_schema"]["components"]["schemas"]["Input"]["properties"]
    return found


def test_a_look_up_brings_what_the_service_says_now(studio, server: ReplicateServer) -> None:
    backend = studio.backend
    assert not backend.look_up("nvidia/sana", lambda: False)
    inputs_of(server)["num_inference_steps"]["default"] = 25
    del inputs_of(server)["negative_prompt"]
    assert backend.look_up("nvidia/sana", lambda: False)
    capabilities = backend.capabilities("nvidia/sana")
    assert (capabilities.steps.default, capabilities.negative) == (25, False)
    assert server.predictions == {}


def test_a_look_up_that_fails_or_is_cancelled_says_so(studio, server: ReplicateServer) -> None:
    server.script("model", Fault(hang=3))
    with pytest.raises(GenerationCancelled):
        studio.backend.look_up("nvidia/sana", lambda: bool(server.paths("model")))
    with pytest.raises(UserError, match="does not accept the key"):
        studio.other(lambda: "r8_wrong_key_0000000000").backend.look_up("nvidia/sana", lambda: False)


def test_a_request_from_before_a_field_went_away_is_generated_without_it(studio, server: ReplicateServer) -> None:
    request = studio.request(steps=18)
    for name in ("num_inference_steps", "width", "height", "guidance_scale"):
        del inputs_of(server)[name]
    assert any(isinstance(event, Generated) for event in studio.backend.generate(request, lambda: False))
    assert set(server.inputs()[0]) == {"prompt", "seed"}


def test_references_behind_references_are_followed() -> None:
    found = schema(
        {"kind": {"allOf": [{"$ref": "#/components/schemas/outer"}]}},
        outer={"allOf": [{"$ref": "#/components/schemas/inner"}]},
        inner={"type": "string", "enum": ["a", "b"]},
    )
    assert found.capabilities("X", 32).choices == (Choice("kind", "Kind", ("a", "b"), "a"),)
    circle = schema({"kind": {"$ref": "#/components/schemas/kind"}}, kind={"$ref": "#/components/schemas/kind"})
    assert circle.capabilities("X", 32).choices == ()


def test_multiples_and_types_with_null() -> None:
    side = {"type": ["integer", "null"], "minimum": 256, "maximum": 1024, "multipleOf": 64, "default": 512}
    found = schema({"width": side, "height": side})
    assert found.capabilities("X", 32).size == Range(256, 1024, 512, 64)
    with pytest.raises(UserError, match="“Width” cannot be 2048"):
        found.inputs(GenerationRequest("x", width=2048, height=512))
    kept = InputSchema.from_json(found.to_json())
    assert kept.capabilities("X", 32).size == Range(256, 1024, 512, 64)


def test_a_default_above_the_usual_limit_raises_it() -> None:
    found = schema({"num_inference_steps": {"type": "integer", "minimum": 1, "default": 60}})
    assert found.capabilities("X", 32).steps == Range(1, 60, 60, 1)


def test_whole_numbers_only_where_the_model_takes_no_others() -> None:
    found = schema({"guidance_scale": {"type": "integer", "minimum": 1, "maximum": 9}})
    with pytest.raises(UserError, match=r"“Guidance scale” cannot be 4\.5") as error:
        found.inputs(GenerationRequest("x", guidance=4.5))
    assert str(error.value.remedy) == "Choose a whole number."


def test_numbers_that_are_written_as_words() -> None:
    side = {"type": "string", "enum": ["512", "1024"], "default": "512"}
    found = schema({"width": side, "height": side})
    assert (512, 1024) in found.capabilities("X", 32).aspect_sizes
    assert found.inputs(GenerationRequest("x", width=512, height=1024)) == {
        "prompt": "x", "width": "512", "height": "1024"
    }  # fmt: skip


def test_one_side_alone_is_left_to_the_model() -> None:
    found = schema({"width": {"type": "integer", "default": 512}})
    assert found.inputs(GenerationRequest("x", width=1024, height=1024)) == {"prompt": "x"}


def test_png_in_capitals() -> None:
    found = schema({"output_format": {"type": "string", "enum": ["JPG", "PNG"]}})
    assert found.inputs(GenerationRequest("x"))["output_format"] == "PNG"
