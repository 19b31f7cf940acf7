"""What each protocol is asked, and what comes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.backends.base import Group
from app.backends.cloud.endpoints.backend import EndpointBackend, dialect_of
from app.backends.cloud.endpoints.outputs import picture_in
from app.core.errors import UserError
from app.core.events import Finished, Progress
from app.core.output import ImageOutput
from app.core.request import ImageInput, Role
from app.library import secrets
from app.library.endpoints import Endpoint, Kind
from app.library.settings import Settings
from app.library.spending import Ledger
from tests.backends.cloud.endpoints.conftest import Desk
from tests.servers.endpoints import EndpointServer, picture
from tests.servers.replicate import Fault

ALL = tuple(Kind)
every_kind = pytest.mark.parametrize("server", ALL, indirect=True)


def kind(name: str) -> Any:
    return pytest.mark.parametrize("server", [name], indirect=True)


@every_kind
def test_pictures_come_with_their_size_seed_and_facts(desk: Desk, server: EndpointServer) -> None:
    desk.backend.look_up(desk.backend.models()[0][0], lambda: False)
    events = desk.events(count=2)
    made = [event for event in events if hasattr(event, "output")]
    assert isinstance(events[-1], Finished)
    assert [event.seed for event in made] == [7, 8]
    for event in made:
        assert isinstance(event.output, ImageOutput)
        assert event.output.pixels.shape == (96, 64, 3)
        assert abs(event.output.pixels[0, 0].astype(int) - (200, 40, 20)).max() <= 2
        assert (event.provenance.backend, event.provenance.note) == ("mine", None)
    assert desk.under_way() == 0
    assert len(server.paths()) == 2


@every_kind
def test_the_test_orders_nothing_and_tells_a_wrong_key(
    desk: Desk, server: EndpointServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert str(desk.backend.test()).startswith("It answers")
    monkeypatch.setenv(desk.endpoint.key_env, "another-key")
    with pytest.raises(UserError, match="does not accept the key") as raised:
        desk.backend.test()
    assert "another-key" not in str(raised.value)
    assert server.paths() == []


@every_kind
@pytest.mark.parametrize("answer", [b"<html>Hello</html>", b"", b"[1", b"\xff" * 99])
def test_what_speaks_no_protocol_fails_the_test_of_it(desk: Desk, server: EndpointServer, answer: bytes) -> None:
    fault = Fault(body=answer, headers={"Content-Type": "text/html"})
    for endpoint in ("models", "health", "status"):
        server.script(endpoint, fault)
    with pytest.raises(UserError, match="cannot be reached"):
        desk.backend.test()


@kind("openai")
def test_openai_takes_addresses_and_other_models(desk: Desk, server: EndpointServer) -> None:
    server.models = ["one", "two"]
    server.shape = "url"
    assert desk.backend.look_up("two", lambda: False)
    assert not desk.backend.look_up("two", lambda: False)
    assert desk.backend.models() == (("mine", "one"), ("two", "two"))
    (made,) = desk.generate(model="two")
    assert server.bodies()[0]["model"] == "two"
    assert made.provenance.model == "two"
    with pytest.raises(UserError, match="“three” is no model that mine offers"):
        desk.request(model="three")
    assert desk.restarted().backend.models() == desk.backend.models()
    for name in ("mine", "one"):
        assert desk.generate(model=name, prompt=name)[0].provenance.model == "one"
        assert server.bodies()[-1]["model"] == "one"


@kind("openai")
def test_a_server_without_a_list_is_asked_without_a_model(desk: Desk, server: EndpointServer) -> None:
    server.script("models", *[Fault(status=404, body={"detail": "Not Found"})] * 2)
    desk.backend.look_up("mine", lambda: False)
    assert "does not list" in str(desk.backend.test())
    desk.generate()
    assert "model" not in server.bodies()[0]


@kind("openai")
@pytest.mark.parametrize("ending", ["/v1", "/v1/images/generations", "/v1/"])
def test_the_address_may_be_given_as_far_as_it_is_known(server: EndpointServer, ending: str) -> None:
    assert Desk(server, {"url": server.url + ending.rstrip("/")}).generate()
    assert server.paths() == ["/v1/images/generations"]


@kind("openai")
def test_fields_that_a_server_refuses_are_left_out_from_then_on(desk: Desk, server: EndpointServer) -> None:
    server.refuses = {"num_inference_steps", "seed", "guidance_scale", "response_format"}
    assert desk.backend.capabilities("mine").guidance is not None
    desk.generate(negative="fog", steps=9)
    tries = len(server.bodies())
    assert tries == 5
    assert server.bodies()[-1].keys() == {"prompt", "size", "n", "negative_prompt", "steps"}
    assert server.bodies()[-1]["steps"] == 9
    again = desk.restarted()
    taken = again.backend.capabilities("mine")
    assert (taken.seed, taken.guidance, taken.negative, taken.steps.maximum) == (False, None, True, 100)
    again.generate(prompt="another")
    assert len(server.bodies()) == tries + 1


@kind("openai")
def test_a_server_with_width_and_height_instead_of_a_size(desk: Desk, server: EndpointServer) -> None:
    server.refuses = {"size"}
    (made,) = desk.generate()
    assert isinstance(made.output, ImageOutput)
    assert made.output.pixels.shape == (96, 64, 3)


@kind("openai")
@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"message": "Unknown parameter.", "param": "seed", "code": "unknown_parameter"}},
        {"error": {"message": "Unrecognized request argument supplied: seed"}},
        {"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]},
        {"message": "Additional properties are not allowed ('seed' was unexpected)"},
        {"error": "Unsupported parameter: seed. Supported parameters: prompt, size, n, guidance_scale"},
        {"error": "unknown field `seed`, expected one of `prompt`, `size`, `n`"},
    ],
)
def test_a_field_is_known_as_refused_however_that_is_said(
    desk: Desk, server: EndpointServer, answer: dict[str, Any]
) -> None:
    server.script("order", Fault(status=422, body=answer))
    desk.generate()
    first, second = server.bodies()
    assert first.keys() - second.keys() == {"seed"}


@kind("fal")
def test_a_queue_whose_states_have_no_logs(desk: Desk, server: EndpointServer) -> None:
    server.script("status", Fault(status=404))
    assert len(desk.generate()) == 1
    assert [path.partition("?")[2] for path in server.paths("status")] == ["logs=1", ""]


@kind("openai")
def test_a_model_that_is_refused_is_not_replaced_by_another(desk: Desk, server: EndpointServer) -> None:
    desk.backend.look_up("mine", lambda: False)
    server.script("order", *[Fault(status=400, body={"error": {"message": "This model is not supported."}})] * 3)
    with pytest.raises(UserError, match="This model is not supported"):
        desk.events()
    assert all(body["model"] == "sana-1.6b" for body in server.bodies())


@pytest.mark.parametrize(("url", "works"), [("http://127.0.0.1:1", True), ("https://gpu.example.com", False)])
def test_a_locked_keychain_keeps_nobody_from_a_server_on_this_machine(
    url: str, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked() -> None:
        raise RuntimeError

    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    monkeypatch.setattr(secrets, "_keychain", locked)
    backend = EndpointBackend(Endpoint("mine", Kind.OPENAI, url), Settings(), Ledger())
    assert backend.check().ready == works


@kind("openai")
def test_a_refusal_for_another_reason_teaches_nothing(desk: Desk, server: EndpointServer) -> None:
    server.script("order", Fault(status=400, body={"error": {"message": "seed must be below 5"}}))
    with pytest.raises(UserError, match="seed must be below 5"):
        desk.events()
    assert len(server.bodies()) == 1
    assert desk.backend.capabilities("mine").seed


@kind("huggingface")
def test_a_deployment_that_lacks_an_argument(desk: Desk, server: EndpointServer) -> None:
    server.refuses = {"seed"}
    desk.generate(negative="fog")
    assert server.bodies()[-1]["parameters"].keys() == {
        "width", "height", "num_inference_steps", "guidance_scale", "negative_prompt"
    }  # fmt: skip
    assert not desk.backend.capabilities("mine").seed


@kind("huggingface")
def test_a_model_that_is_being_loaded_is_waited_for(desk: Desk, server: EndpointServer) -> None:
    server.script("order", Fault(status=503, body={"error": "Model is loading", "estimated_time": 0.2}))
    assert len(desk.generate()) == 1
    assert len(server.bodies()) == 2


@kind("huggingface")
def test_a_container_that_wraps_the_picture(desk: Desk, server: EndpointServer) -> None:
    import base64

    server.output = [{"generated_image": base64.b64encode(picture(64, 96)).decode()}]
    assert len(desk.generate()) == 1


@kind("fal")
def test_fal_always_gets_a_size_and_has_prices(desk: Desk, server: EndpointServer) -> None:
    names = [name for name, _ in desk.backend.models()]
    assert names == ["fal-ai/sana", "fal-ai/sana/v1.5/1.6b", "fal-ai/sana/v1.5/4.8b", "fal-ai/sana/sprint"]
    request = desk.request(model="fal-ai/sana/v1.5/4.8b", width=1024, height=1024, count=2)
    assert desk.backend.estimate(request).cost == pytest.approx(2 * 0.01 * 1.048576, rel=1e-4)
    (made,) = desk.generate(model="fal-ai/sana/v1.5/1.6b")
    assert server.bodies()[0]["image_size"] == {"width": 64, "height": 96}
    assert server.paths() == ["/fal-ai/sana/v1.5/1.6b"]
    assert made.provenance.cost == desk.ledger.this_month().cost == pytest.approx(0.0075 * 64 * 96 / 1e6, rel=1e-2)
    assert desk.backend.capabilities("fal-ai/sana/sprint").steps.default == 2
    assert desk.backend.capabilities("fal-ai/sana").steps.default == 18


@kind("fal")
def test_fal_follows_its_own_addresses_and_no_foreign_ones(desk: Desk, server: EndpointServer) -> None:
    answer = {"request_id": "job-0", "status_url": "http://127.0.0.1:1/steal", "response_url": 3}
    server.jobs["job-0"] = {"input": {"image_size": {"width": 64, "height": 96}}, "began": 0.0}
    server.script("order", Fault(body=answer))
    assert len(desk.generate()) == 1


@kind("fal")
def test_one_model_of_fal_by_its_address(server: EndpointServer) -> None:
    desk = Desk(server, {"url": f"{server.url}/fal-ai/sana/sprint"})
    assert desk.backend.models() == (("fal-ai/sana/sprint", "Sana Sprint 1.6B"),)
    desk.generate()
    assert server.paths() == ["/fal-ai/sana/sprint"]


@pytest.mark.parametrize("server", ["fal", "runpod"], indirect=True)
def test_a_queue_tells_its_progress(desk: Desk, server: EndpointServer) -> None:
    server.takes = 0.5
    events = desk.events()
    if server.kind == "fal":
        assert any(isinstance(event, Progress) for event in events)
    assert isinstance(events[-1], Finished)


@kind("runpod")
def test_a_worker_is_asked_by_the_users_template(server: EndpointServer) -> None:
    template = json.dumps(
        {"text": "{{prompt}}, {{width}} wide", "s": "{{ seed }}", "n": ["{{steps}}", "{{unknown}}"], "k": 1}
    )
    server.shape = "url"
    desk = Desk(server, {"template": template, "price": 0.02})
    taken = desk.backend.capabilities("mine")
    assert (taken.negative, taken.guidance, taken.seed, taken.size.minimum) == (False, None, True, 1024)
    (made,) = desk.generate(width=None, height=None, steps=12, prompt='a "b" {{seed}}')
    sent = server.bodies()[0]["input"]
    assert sent == {"text": 'a "b" {{seed}}, 1024 wide', "s": 7, "n": [12, "{{unknown}}"], "k": 1}
    assert made.provenance.cost == desk.ledger.this_month().cost == 0.02


@kind("runpod")
def test_a_worker_whose_template_has_a_hole_for_it_gets_the_start_picture(
    server: EndpointServer, tmp_path: Any
) -> None:

    (tmp_path / "start.png").write_bytes(picture(64, 64))
    template = json.dumps({"p": "{{prompt}}", "i": "{{init_image}}", "s": "{{strength}}"})
    desk = Desk(server, {"template": template})
    desk.generate(inputs=(ImageInput(Role.INIT, str(tmp_path / "start.png"), 0.25),), width=None, height=None)
    sent = server.bodies()[0]["input"]
    assert sent["i"].startswith("data:image/png;base64,")
    assert sent["s"] == 0.25
    with pytest.raises(UserError):
        Desk(server).request(inputs=(ImageInput(Role.INIT, str(tmp_path / "start.png"), 0.25),))


@pytest.mark.parametrize(
    ("output", "found"),
    [
        ("https://x.com/a.png", "https://x.com/a.png"),
        ({"message": "iVBORw0KGgoAAA=="}, "data:image/png;base64,iVBORw0KGgoAAA=="),
        ({"images": [{"type": "base64", "data": "/9j/\nAAA="}]}, "data:image/png;base64,/9j/AAA="),
        ([{"image": "data:image/png;base64,AAA"}], "data:image/png;base64,AAA"),
        ({"status": "success", "seed": 4}, None),
        ("file:///etc/passwd", None),
        (None, None),
    ],
)
def test_a_picture_is_found_wherever_a_worker_puts_it(output: Any, found: str | None) -> None:
    assert picture_in(output) == found


def test_where_it_computes_and_whether_that_costs() -> None:
    def facts(url: str, kind: Kind = Kind.OPENAI, **values: Any) -> tuple[Group, bool | None]:
        backend = EndpointBackend(Endpoint("mine", kind, url, **values), Settings(), Ledger())
        return backend.group, backend.remote.charges if backend.remote is not None else None

    assert facts("http://127.0.0.1:8000") == (Group.MACHINE, None)
    assert facts("http://127.0.0.1:8000", price=0.1) == (Group.MACHINE, True)
    assert facts("http://127.0.0.1:8000", Kind.FAL) == (Group.MACHINE, True)
    assert facts("https://192.168.1.4") == (Group.NETWORK, True)
    assert facts("https://gpu.example.com") == (Group.CLOUD, True)
    assert facts("https://gpu.example.com", price=0.0) == (Group.CLOUD, False)


def test_every_kind_has_its_dialect() -> None:
    assert len({dialect_of(kind) for kind in Kind}) == len(Kind)
