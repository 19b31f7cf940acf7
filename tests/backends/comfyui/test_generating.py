"""Pictures from a server, and what can happen on the way to them."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.backends.comfyui.backend import ComfyUIBackend
from app.backends.comfyui.pictures import encode
from app.core.errors import GenerationCancelled, UserError
from app.core.events import Event, Finished, Generated, Loading, Preview, Progress, Stage
from app.core.output import ImageOutput
from tests.backends.comfyui.conftest import asked, generated, start_picture
from tests.servers.comfyui import ComfyServer, Fault


def pictures(events: list[Event]) -> list[np.ndarray]:
    return [event.output.pixels for event in events if isinstance(event, Generated)]


def failure(backend: ComfyUIBackend, **fields: object) -> UserError:
    with pytest.raises(UserError) as error:
        generated(backend, asked(backend, **fields))
    return error.value


def waits(event: Event) -> bool:
    return isinstance(event, Loading) and "before this one" in str(event.message)


def failing(backend: ComfyUIBackend, when: Callable[[Event], bool], do: Callable[[], object]) -> UserError:
    """What it raises where something is done at an event."""
    done = False
    try:
        for event in backend.generate(asked(backend), lambda: False):
            if not done and when(event):
                do()
                done = True
    except UserError as error:
        return error
    raise AssertionError("it did not fail")


def cancelled_at(backend: ComfyUIBackend, when: Callable[[Event], bool]) -> None:
    cancel: list[Event] = []
    try:
        for event in backend.generate(asked(backend), lambda: bool(cancel)):
            if when(event):
                cancel.append(event)
    except GenerationCancelled:
        return
    raise AssertionError("it was not cancelled")


def test_a_picture_with_its_progress(backend: ComfyUIBackend, server: ComfyServer) -> None:
    events = generated(backend)
    assert isinstance(events[-1], Finished)
    steps = [(event.step, event.steps) for event in events if isinstance(event, Progress) and event.steps > 1]
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert any(isinstance(event, Progress) and event.stage is Stage.DECODE for event in events)
    (made,) = (event for event in events if isinstance(event, Generated))
    assert isinstance(made.output, ImageOutput)
    assert made.output.pixels.shape == (64, 64, 3)
    assert (made.seed, made.provenance.backend, made.provenance.device) == (7, "comfyui", "cpu")
    graph = server.orders[0]["prompt"]
    assert graph["prompt"]["inputs"]["text"] == "a cat"
    sampler = graph["sampler"]["inputs"]
    assert (sampler["seed"], sampler["steps"], sampler["cfg"], sampler["denoise"]) == (7, 3, 7.0, 1.0)


def test_previews_where_the_server_gives_them(backend: ComfyUIBackend, server: ComfyServer) -> None:
    shown = [event for event in generated(backend) if isinstance(event, Preview)]
    assert len(shown) == (3 if server.said["version"] == "0.8.0" else 0)
    assert server.orders[0]["extra_data"] == {"preview_method": "auto"}
    assert ("no previews" in str(backend.capabilities("tiny_sd15").notes)) == (not shown)
    server.said["system_stats"]["system"]["argv"] += ["--preview-method", "auto"]
    backend.look()
    assert "no previews" not in str(backend.capabilities("tiny_sd15").notes)


def test_several_pictures_are_made_one_by_one(backend: ComfyUIBackend, server: ComfyServer) -> None:
    events = generated(backend, asked(backend, count=3))
    made = [(event.picture, event.seed) for event in events if isinstance(event, Generated)]
    assert made == [(0, 7), (1, 8), (2, 9)]
    assert [order["prompt"]["sampler"]["inputs"]["seed"] for order in server.orders] == [7, 8, 9]
    assert {order["prompt"]["latents"]["inputs"]["batch_size"] for order in server.orders} == {1}


def test_a_start_picture_and_its_mask_are_uploaded(
    backend: ComfyUIBackend, server: ComfyServer, tmp_path: Path
) -> None:
    start, mask = start_picture(tmp_path)
    request = asked(backend, width=96, inputs=(start, mask))
    (result,) = pictures(generated(backend, request))
    graph = server.orders[0]["prompt"]
    assert graph["start"]["inputs"]["image"].endswith(".png [temp]"), "the server forgets it"
    assert graph["latents"]["class_type"] == "SetLatentNoiseMask"
    assert graph["sampler"]["inputs"]["denoise"] == 0.6
    own = np.asarray(Image.open(start.path))
    sent = np.asarray(Image.open(io.BytesIO(server.uploads[graph["start"]["inputs"]["image"].split(" ")[0]])))
    assert np.array_equal(sent, own)
    assert np.array_equal(result[:, :40], own[:, :40]), "where the mask is black, the picture's own pixels come back"
    assert not np.array_equal(result[:, 56:], own[:, 56:])


def test_a_cached_picture_is_fetched(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(run="cached")
    assert len(pictures(generated(backend))) == 1


@pytest.mark.parametrize("how", [{"drop": True}, {"silent": True}, {"late": 3}])
def test_a_socket_that_drops_or_falls_silent_loses_nothing(
    backend: ComfyUIBackend, server: ComfyServer, how: dict[str, object]
) -> None:
    server.plan(**how)
    began = time.monotonic()
    assert len(pictures(generated(backend))) == 1
    assert time.monotonic() - began < 5
    assert len(server.orders) == 1


def test_after_a_drop_it_goes_on_telling(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(drop=True, until=lambda: bool(server._sockets))
    events = generated(backend)
    assert len(server.paths("/ws")) == 2
    assert [event.step for event in events if isinstance(event, Progress)][-2:] == [3, 0], "told by the second socket"


def test_a_server_that_was_restarted_has_lost_the_job(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(until=lambda: False)
    began = time.monotonic()
    error = failing(backend, lambda event: isinstance(event, Progress) and event.step == 2, server.restart)
    assert "was restarted: the job is lost" in str(error)
    assert time.monotonic() - began < 5
    assert error.remedy
    assert len(server.orders) == 1


def test_a_server_that_was_killed_is_not_waited_for(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(kill=True)
    began = time.monotonic()
    assert "does not answer any more: the job is lost" in str(failure(backend))
    assert time.monotonic() - began < 5


def test_a_job_that_somebody_took_out_is_lost(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.foreign = ["another"]
    assert "taken out of its queue" in str(failing(backend, waits, server._waiting.clear))


def test_it_says_that_it_waits(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.foreign = ["one", "two"]
    words = []
    for event in backend.generate(asked(backend), lambda: False):
        if isinstance(event, Loading):
            words.append(str(event.message))
            if "jobs are before" in words[-1]:
                server.foreign = []
    assert "Waiting for ComfyUI: 2 jobs are before this one" in words


def test_cancel_stops_our_job_only(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(until=lambda: False)
    cancelled_at(backend, lambda event: isinstance(event, Progress) and event.step == 2)
    ours = server.orders[0]["prompt_id"]
    assert set(server.interrupted) == {ours}, "a bare interrupt stops anybody's job"
    assert server._queue() == {"queue_running": [], "queue_pending": []}


def test_cancel_takes_a_waiting_job_out_of_the_queue(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.foreign = ["theirs", "theirs too"]
    cancelled_at(backend, waits)
    assert server.foreign == ["theirs", "theirs too"]
    assert not server._waiting


def test_a_generator_that_is_left_stops_the_job(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(until=lambda: False)
    events = backend.generate(asked(backend), lambda: False)
    while not isinstance(next(events), Progress):
        pass
    events.close()  # type: ignore[attr-defined]
    assert server._running is None


def test_stopped_in_comfyui(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(run="interrupted")
    assert str(failure(backend)) == "The job was stopped in ComfyUI. Try again."


def test_an_error_names_its_node(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(run="failed")
    problem = str(failure(backend))
    assert "ComfyUI failed at “VAEDecode”" in problem
    assert "got 32 channels instead" in problem


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("torch.OutOfMemoryError", "CUDA out of memory. Tried to allocate 2 GiB"),
        ("RuntimeError", "MPS backend out of memory (MPS allocated: 9 GB)"),
        ("RuntimeError", "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_out_of_memory_offers_a_smaller_size(
    backend: ComfyUIBackend, server: ComfyServer, kind: str, words: str
) -> None:
    server.plan(run="failed", words={"exception_type": kind, "exception_message": words})
    error = failure(backend, width=512, height=512)
    assert "ran out of memory" in str(error)
    assert error.suggestion == {"width": 360, "height": 360}


def test_a_download_that_failed_there_is_said(backend: ComfyUIBackend, server: ComfyServer) -> None:
    words = {"exception_type": "huggingface_hub.errors.LocalEntryNotFoundError", "exception_message": "offline"}
    server.plan(run="failed", words=words)
    assert "could not download" in str(failure(backend))


def test_outputs_that_were_left_out_do_not_hide_ours(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(run="partly")
    assert len(pictures(generated(backend))) == 1


def test_a_model_that_is_gone_is_named_before_anything_is_sent(backend: ComfyUIBackend, server: ComfyServer) -> None:
    request = asked(backend)
    server.folders["checkpoints"] = ["other.safetensors"]
    with pytest.raises(UserError, match=r"tiny_sd15\.safetensors"):
        generated(backend, request)
    assert server.orders == []


def test_a_node_that_is_missing_is_named_with_its_pack(backend_at, tmp_path: Path) -> None:
    with ComfyServer() as server:
        server.folders["sana"] = ["models--sana--sana-600m-512px/checkpoints/Sana_600M_512px.pth"]
        backend = backend_at(server.url)
        request = asked(backend, model="Sana_600M_512px", width=512, height=512)
        del server.said["object_info"]["GemmaLoader"]
        with pytest.raises(UserError, match=r"GemmaLoader.*ComfyUI_ExtraModels"):
            generated(backend, request)
        assert server.orders == []


@pytest.mark.parametrize("fault", [Fault(handled=True, cut=True), Fault(handled=True, status=502, body=b"<html>")])
def test_an_order_whose_answer_got_lost_is_found_again(
    backend: ComfyUIBackend, server: ComfyServer, fault: Fault
) -> None:
    server.script("/prompt", fault)
    assert len(pictures(generated(backend))) == 1
    assert len(server.orders) == 1


def test_an_order_that_is_never_answered_can_be_cancelled(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.script("/prompt", Fault(hang=6, cut=True))
    began = time.monotonic()
    with pytest.raises(GenerationCancelled):
        generated(backend, cancel=lambda: "/prompt" in [path for _, path in server.requests])
    assert time.monotonic() - began < 3
    assert server.orders == []


@pytest.mark.parametrize(
    "fault",
    [Fault(status=500, body=b"Internal"), Fault(status=403), Fault(cut=True), Fault(body=b"<html>"), Fault(body=b"[]")],
)
def test_an_order_that_is_not_taken_fails_in_words(backend: ComfyUIBackend, server: ComfyServer, fault: Fault) -> None:
    server.script("/prompt", fault)
    assert failure(backend).remedy
    assert server.orders == []


@pytest.mark.parametrize("fault", [Fault(status=500), Fault(cut=True), Fault(body=b"nonsense"), Fault(body=b"[]")])
def test_a_question_that_fails_is_asked_again(backend: ComfyUIBackend, server: ComfyServer, fault: Fault) -> None:
    server.script("/queue", fault)
    server.plan(silent=True)
    assert len(pictures(generated(backend))) == 1


@pytest.mark.parametrize("file", [b"", b"<html>", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_refused(backend: ComfyUIBackend, server: ComfyServer, file: bytes) -> None:
    server.plan(file=file)
    assert "no picture that can be read" in str(failure(backend))


def test_a_picture_that_is_gone_is_told(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.script("/view", Fault(status=404))
    assert "no longer has the file" in str(failure(backend))


def test_an_answer_without_end_is_cut(
    backend: ComfyUIBackend, server: ComfyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.backends.comfyui.server.MAX_PICTURE", 1000)
    assert "too long" in str(failure(backend))


def test_a_proxys_headers_go_with_the_socket_too(backend_at) -> None:
    with ComfyServer() as server:
        server.headers = {"Authorization": "Bearer s3cret"}
        backend = backend_at(server.url, "Authorization: Bearer s3cret")
        assert [event.step for event in generated(backend) if isinstance(event, Progress)][:3] == [1, 2, 3]


def test_sprint_has_a_graph_of_its_own(backend_at) -> None:
    with ComfyServer() as server:
        server.folders["sana"] = ["models--sana--sana-sprint-600m-1024px/checkpoints/Sana_Sprint_0.6B_1024px.pth"]
        backend = backend_at(server.url)
        request = asked(backend, model="Sana_Sprint_0.6B_1024px", width=256, height=256, steps=2, guidance=4.0)
        assert pictures(generated(backend, request))[0].shape == (256, 256, 3)
    graph = server.orders[0]["prompt"]
    assert graph["consistency"]["inputs"]["cfg_scale"] == 4.0
    assert (graph["sampler"]["inputs"]["cfg"], graph["sampler"]["inputs"]["sampler_name"]) == (1.0, "scm")
    assert graph["latents"]["class_type"] == "EmptyDCAELatentImage", "EmptySanaLatentImage crashes"


def test_a_flat_picture_says_what_it_may_mean(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.plan(file=encode(np.zeros((64, 64, 3), np.uint8)))
    (made,) = (event for event in generated(backend) if isinstance(event, Generated))
    assert "one flat colour" in str(made.provenance.note)
    (usual,) = (event for event in generated(backend) if isinstance(event, Generated))
    assert usual.provenance.note is None


def test_without_a_socket_it_still_comes_to_its_end(backend: ComfyUIBackend, server: ComfyServer) -> None:
    server.script("/ws", *[Fault(status=404)] * 20)
    assert len(pictures(generated(backend))) == 1


def test_a_model_is_known_by_its_id_its_name_or_the_path_of_its_file(backend: ComfyUIBackend) -> None:
    for model in ("tiny_sd15.safetensors", "tiny_sd15", "/models/checkpoints/tiny_sd15.safetensors"):
        assert backend.capabilities(model).model == "tiny_sd15"
        assert len(pictures(generated(backend, asked(backend, model=model)))) == 1


@pytest.mark.parametrize("route", ["/ws", "/prompt", "/queue", "/view", "/system_stats"])
def test_headers_never_follow_a_redirection(backend_at, route: str) -> None:
    with ComfyServer() as server, ComfyServer() as other:
        backend = backend_at(server.url, "X-Key: s3cret")
        request = asked(backend)
        server.plan(silent=True)
        server.script(route, *[Fault(status=302, location=f"{other.url}{route}")] * 3)
        if route == "/system_stats":
            backend.look()
        elif route in ("/ws", "/queue"):
            generated(backend, request)
        else:
            with pytest.raises(UserError):
                generated(backend, request)
        assert other.requests == []


def test_steps_without_measure_are_no_steps(backend: ComfyUIBackend, server: ComfyServer) -> None:
    for frame in server.said["run"]["frames"]:
        if frame.get("type") == "progress":
            frame["data"]["max"] = float("inf")
    assert len(pictures(generated(backend))) == 1


def test_a_file_of_sanas_without_the_pack_names_the_pack(backend_at) -> None:
    with ComfyServer() as server:
        server.folders["checkpoints"] = ["Sana_600M_512px.pth", "rosana_mix.safetensors"]
        del server.said["object_info"]["SanaCheckpointLoader"]
        backend = backend_at(server.url)
        assert backend.capabilities("rosana_mix").negative, "which is a plain checkpoint"
        request = asked(backend, model="Sana_600M_512px.pth", width=512, height=512)
        with pytest.raises(UserError, match=r"SanaCheckpointLoader.*ComfyUI_ExtraModels"):
            generated(backend, request)
        assert server.orders == []
