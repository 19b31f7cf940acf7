"""The cloud backend against the stand-in server, when all goes well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.backends.base import State
from app.core.errors import GenerationCancelled, UserError
from app.core.events import Event, Finished, Generated, Loading, Progress
from app.core.message import message
from app.core.request import GenerationRequest
from tests.servers.replicate import SANA_VERSION, SPRINT_VERSION, Fault, ReplicateServer, pixels


def test_start_up_imports_neither_client_nor_network() -> None:
    code = (
        "import sys, app.backends.cloud.replicate\n"
        "print([m for m in ('replicate', 'httpx', 'pydantic', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[4], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_picture_comes_whole_with_its_facts(studio, server: ReplicateServer) -> None:
    events = studio.events(negative="fog", guidance=3.5, steps=12)
    (generated,) = [event for event in events if isinstance(event, Generated)]
    assert isinstance(events[0], Loading)
    assert events[-1] == Finished()
    sent = {
        "prompt": "a red kite over dunes", "negative_prompt": "fog", "width": 256, "height": 256,
        "num_inference_steps": 12, "guidance_scale": 3.5, "seed": 7,
    }  # fmt: skip
    assert server.inputs() == [sent]
    assert np.array_equal(generated.output.pixels, pixels(sent))
    assert generated.output.pixels.dtype == np.uint8
    (prediction,) = server.predictions
    facts = generated.provenance.to_json()
    assert facts.pop("seconds") > 0
    assert facts == {
        "backend": "replicate", "device": "Replicate", "precision": "server",
        "model": "Sana 1.6B", "prediction": prediction, "version": SANA_VERSION, "predict_time": 1.87,
        "cost": pytest.approx(1.87 * 0.001525, abs=1e-7),
    }  # fmt: skip
    assert studio.under_way() == 0


def test_create_is_what_the_api_documents(studio, server: ReplicateServer) -> None:
    studio.generate()
    (create,) = [request for request in server.requests if request.endpoint == "create"]
    assert set(create.body) == {"version", "input"}
    assert create.body["version"] == SANA_VERSION
    assert create.headers["Authorization"] == f"Bearer {server.token}"
    assert create.headers["Cancel-After"] == "60s"
    assert "Prefer" not in create.headers
    assert server.file_requests
    assert not any("Authorization" in request.headers for request in server.file_requests)


def test_sprint_gets_its_own_fields(studio, server: ReplicateServer) -> None:
    (generated,) = studio.generate(
        model="nvidia/sana-sprint-1.6b", negative="fog", options=(("intermediate_timesteps", 1.1),)
    )
    (sent,) = server.inputs()
    assert sent == {
        "prompt": "a red kite over dunes", "width": 256, "height": 256, "inference_steps": 2, "guidance_scale": 4.5,
        "seed": 7, "output_format": "png", "intermediate_timesteps": 1.1,
    }  # fmt: skip
    assert generated.provenance.version == SPRINT_VERSION
    assert np.array_equal(generated.output.pixels, pixels(sent))


def test_intermediate_timesteps_only_for_two_steps(studio, server: ReplicateServer) -> None:
    studio.generate(model="nvidia/sana-sprint-1.6b", steps=4, options=(("intermediate_timesteps", 1.1),))
    assert "intermediate_timesteps" not in server.inputs()[0]


def test_options_that_the_model_has_are_sent_and_others_not(studio, server: ReplicateServer) -> None:
    studio.generate(options=(("model_variant", "600M-512px-multilang"), ("pag_guidance_scale", 3), ("scheduler", "x")))
    (sent,) = server.inputs()
    assert sent["model_variant"] == "600M-512px-multilang"
    assert sent["pag_guidance_scale"] == 3
    assert "scheduler" not in sent


def test_an_option_that_does_not_fit_is_told_and_costs_nothing(studio, server: ReplicateServer) -> None:
    with pytest.raises(UserError, match="“Model variant” cannot be") as error:
        studio.generate(options=(("model_variant", "9B"),))
    assert "600M-512px-multilang" in str(error.value.remedy)
    with pytest.raises(UserError, match="“Pag guidance scale” cannot be 99"):
        studio.generate(options=(("pag_guidance_scale", 99),))
    assert server.predictions == {}


def test_several_pictures_run_at_once_and_come_in_order(studio, server: ReplicateServer) -> None:
    def ended(*numbers: int) -> bool:
        names = list(server.predictions)
        return len(names) == 4 and all(server.current(names[number])["status"] == "succeeded" for number in numbers)

    server.plan(until=lambda: ended(1, 2, 3))  # one after another, this would never end
    server.plan(until=lambda: ended(2, 3))
    server.plan(until=lambda: ended(3))
    server.plan(until=lambda: ended())
    generated = studio.generate(count=4)
    assert [(event.picture, event.seed) for event in generated] == [(0, 7), (1, 8), (2, 9), (3, 10)]
    assert [sent["seed"] for sent in server.inputs()] == [7, 8, 9, 10]
    assert len(server.paths("model")) == 1
    for event, sent in zip(generated, server.inputs(), strict=True):
        assert np.array_equal(event.output.pixels, pixels(sent))


def test_the_servers_log_shows_as_progress(studio, server: ReplicateServer) -> None:
    server.plan(boot=0.3, duration=1)
    events = studio.events(steps=20)
    assert any(
        isinstance(event, Loading) and str(event.message).startswith("Waiting for Replicate") for event in events
    )
    steps = [event for event in events if isinstance(event, Progress)]
    assert len(steps) >= 3
    assert all(event.steps == 20 and event.picture == 0 for event in steps)
    assert [event.step for event in steps] == sorted(event.step for event in steps)


def test_news_come_at_least_every_heartbeat(studio, server: ReplicateServer) -> None:
    server.plan(duration=0.05)
    server.script("get", Fault(hang=0.6))
    events = studio.events()
    assert sum(isinstance(event, Loading) for event in events) >= 2


def test_cancel_ends_it_at_the_server_too(studio, server: ReplicateServer) -> None:
    server.plan_all(duration=30)
    events: list[Event] = []
    with pytest.raises(GenerationCancelled):
        studio.events(lambda _: len(server.paths("get")) > 2 and len(server.predictions) == 2, events, count=2)
    assert [prediction["status"] for prediction in server.predictions.values()] == ["canceled", "canceled"]
    assert not any(isinstance(event, Generated) for event in events)
    assert studio.under_way() == 0


def test_cancel_keeps_the_pictures_that_are_finished(studio, server: ReplicateServer) -> None:
    server.plan(duration=30)
    server.plan(duration=0.02)
    events: list[Event] = []
    with pytest.raises(GenerationCancelled):
        studio.events(lambda _: len(server.file_requests) > 0, events, count=2)
    assert [event.seed for event in events if isinstance(event, Generated)] == [8]
    assert studio.under_way() == 0
    month = studio.ledger.this_month()
    assert month.pictures == 1
    cost = next(event.provenance.cost for event in events if isinstance(event, Generated))
    assert month.cost == pytest.approx(2 * cost), "a cancelled prediction is billed for its time"


def test_cancel_before_the_first_order_orders_nothing(studio, server: ReplicateServer) -> None:
    server.script("model", Fault(hang=0.3))
    with pytest.raises(GenerationCancelled):
        studio.events(lambda _: True)
    assert server.predictions == {}


def test_check_and_key(studio, server: ReplicateServer) -> None:
    assert studio.backend.check().state is State.READY
    assert studio.backend.check_token() == "painter"
    with pytest.raises(UserError, match="does not accept the key"):
        studio.backend.check_token("r8_another")
    server.account = {"type": "organization", "username": "studio-nine"}  # a name and a page are not required
    assert studio.backend.check_token() == "studio-nine"


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_no_key(server: ReplicateServer, studio, key: str | None) -> None:
    keyless = studio.other(token=lambda: key)
    status = keyless.backend.check()
    assert status.state is State.NEEDS_KEY
    assert "Settings" in str(status.remedy)
    with pytest.raises(UserError, match="no key"):
        keyless.generate()
    assert server.requests == []


def test_a_keychain_that_is_locked_says_so(server: ReplicateServer, studio) -> None:
    def locked() -> str:
        raise UserError(message("The keychain is locked."), message("Unlock it."))

    status = studio.other(token=locked).backend.check()
    assert (status.state, str(status.reason), str(status.remedy)) == (
        State.NEEDS_KEY,
        "The keychain is locked.",
        "Unlock it.",
    )


def test_offline_connects_nowhere(studio, server: ReplicateServer) -> None:
    studio.settings.set("offline", True)
    assert studio.backend.check().state is State.UNAVAILABLE
    with pytest.raises(UserError, match="offline"):
        studio.generate()
    with pytest.raises(UserError, match="offline"):
        studio.backend.check_token()
    assert list(studio.backend.recover(lambda: False)) == []
    assert server.requests == []


def test_an_unknown_model_is_told(studio) -> None:
    assert [name for name, _ in studio.backend.models()] == ["nvidia/sana", "nvidia/sana-sprint-1.6b"]
    with pytest.raises(UserError, match=r"acme/paint.*nvidia/sana"):
        studio.backend.capabilities("acme/paint")
    with pytest.raises(UserError, match="starter"):
        list(studio.backend.generate(GenerationRequest("x", model="starter"), lambda: False))
