"""How a server stands: what it has, and what else may answer at its address."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from app.backends.base import Group, OnServer, State
from app.backends.comfyui.address import headers_of
from app.backends.comfyui.backend import ComfyUIBackend
from app.backends.comfyui.sana import SanaModel
from app.core.errors import UserError
from app.core.request import GenerationRequest
from tests.servers.comfyui import ComfyServer, Fault, other_server

At = Callable[..., ComfyUIBackend]


def test_a_server_that_works_says_its_version_and_has_models(backend: ComfyUIBackend, server: ComfyServer) -> None:
    assert isinstance(backend, OnServer)
    assert backend.check().state is State.READY
    assert str(backend.check().reason) == f"ComfyUI {server.said['version']} works."
    assert backend.models() == (("tiny_sd15.safetensors", "tiny_sd15"),)
    assert (backend.group, backend.remote) == (Group.MACHINE, None)


def test_checks_ask_nothing(backend: ComfyUIBackend, server: ComfyServer) -> None:
    before = len(server.requests)
    backend.check()
    backend.models()
    backend.capabilities("tiny_sd15")
    assert len(server.requests) == before


def test_a_look_says_whether_something_changed(backend: ComfyUIBackend, server: ComfyServer) -> None:
    assert not backend.look()
    server.folders["checkpoints"].append("another.safetensors")
    assert backend.look()
    assert [name for _, name in backend.models()] == ["tiny_sd15", "another"]
    server.kill()
    assert backend.look()
    assert backend.check().state is State.NOT_RUNNING
    assert backend.models() == ()


def test_nothing_runs_there(backend_at: At) -> None:
    with ComfyServer() as server:
        url = server.url
    status = backend_at(url).check()
    assert (status.state, str(status.reason)) == (State.NOT_RUNNING, f"ComfyUI is not running at {url}.")


@pytest.mark.parametrize("body", [b"<html>Hello</html>", b"[]", b'{"a": 1}', b"\xff\xfe", b"[" * 100_000])
def test_something_else_runs_there(backend_at: At, body: bytes) -> None:
    with other_server(body) as url:
        status = backend_at(url).check()
    assert (status.state, str(status.reason)) == (State.UNAVAILABLE, f"What answers at {url} is not ComfyUI.")


@pytest.mark.parametrize(("code", "state"), [(401, State.NEEDS_KEY), (403, State.NEEDS_KEY), (404, State.UNAVAILABLE)])
def test_it_refuses(backend_at: At, code: int, state: State) -> None:
    with other_server(b"<html>no</html>", status=code) as url:
        assert backend_at(url).check().state is state


@pytest.mark.parametrize("version", ["0.3.56", "0.2.7", None])
def test_it_is_too_old(backend_at: At, version: str | None) -> None:
    with ComfyServer() as server:
        if version is None:
            del server.said["system_stats"]["system"]["comfyui_version"]
        else:
            server.said["system_stats"]["system"]["comfyui_version"] = version
        status = backend_at(server.url).check()
    assert status.state is State.UNAVAILABLE
    assert "too old" in str(status.reason)
    assert "0.3.57" in str(status.remedy)


def test_a_server_that_hangs_is_not_waited_for(backend_at: At) -> None:
    with ComfyServer() as server:
        server.script("/system_stats", Fault(hang=4, cut=True))
        began = time.monotonic()
        status = backend_at(server.url).check()
    assert time.monotonic() - began < 3
    assert status.state is State.NOT_RUNNING


def test_a_server_without_models_says_so(backend_at: At) -> None:
    with ComfyServer() as server:
        server.folders["checkpoints"] = []
        assert backend_at(server.url).check().state is State.NEEDS_MODEL


@pytest.mark.parametrize("address", ["ftp://x", "http://", "http://a b", "http://127.0.0.1:99999"])
def test_what_is_no_address_is_said(backend_at: At, address: str) -> None:
    try:
        status = backend_at(address).check()
    except UserError:  # the setting itself refuses it
        return
    assert status.state is State.UNAVAILABLE


def test_a_proxys_headers_go_with_everything(backend_at: At) -> None:
    with ComfyServer() as server:
        server.headers = {"Authorization": "Bearer s3cret", "X-Team": "a b"}
        assert backend_at(server.url).check().state is State.NEEDS_KEY
        backend = backend_at(server.url, "Authorization: Bearer s3cret\nX-Team:a b\n")
        assert backend.check().state is State.READY


def test_headers_that_cannot_be_read_are_not_shown() -> None:
    assert headers_of(" A: b \n\nC:d") == {"A": "b", "C": "d"}
    with pytest.raises(UserError) as error:
        headers_of("s3cret")
    assert "s3cret" not in str(error.value)


def test_another_machine_is_told_of(backend_at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    with ComfyServer() as server:
        backend = backend_at(server.url)
        monkeypatch.setattr(type(backend), "address", "http://studio.local:8188")
        assert backend.group is Group.NETWORK
        assert backend.remote is not None
        assert not backend.remote.charges
        assert "studio.local" in str(backend.remote.sends)
        assert "not asked yet" in str(backend.check().reason), "what another address said does not count"


def test_presets_of_sana_are_those_on_its_disk(backend_at: At) -> None:
    with ComfyServer() as server:
        here = "models--sana--sana-1600m-1024px-bf16/checkpoints/Sana_1600M_1024px_BF16.pth"
        sprint = "models--sana--sana-sprint-600m-1024px/checkpoints/Sana_Sprint_0.6B_1024px.pth"
        server.folders["sana"] = [here, sprint.replace("/", "\\"), "models--sana--sana-600m-512px/README.md"]
        backend = backend_at(server.url)
    assert [name for _, name in backend.models()] == ["Sana_Sprint_0.6B_1024px", "Sana_1600M_1024px_BF16", "tiny_sd15"]
    usual, sprint_too = backend.capabilities("Sana_1600M_1024px_BF16"), backend.capabilities("Sana_Sprint_0.6B_1024px")
    assert usual.negative
    assert usual.edits
    assert sprint_too.solvers == ("scm",)
    assert sprint_too.inputs == ()
    assert "no previews" in str(usual.notes[0])
    assert "downloads" in str(usual.notes[1]), "the autoencoder is not there"


def test_other_checkpoints_are_known_by_their_names(backend_at: At) -> None:
    with ComfyServer() as server:
        names = ["juggernautXL_v9", "flux1-schnell-fp8", "flux1-dev-fp8", "sub/dreamshaper_8", "sd_xl_turbo_1.0"]
        server.folders["checkpoints"] = [f"{name}.safetensors" for name in names]
        backend = backend_at(server.url)
        seen = [backend.capabilities(model) for model, _ in backend.models()]
    assert [(int(each.size.default), int(each.steps.default)) for each in seen] == [
        (1024, 25), (1024, 4), (1024, 20), (512, 20), (512, 2),
    ]  # fmt: skip
    assert [each.negative for each in seen] == [True, False, False, True, False]


def test_an_unknown_model_is_named(backend: ComfyUIBackend) -> None:
    with pytest.raises(UserError, match="no model called “nope”"):
        backend.capabilities("nope")


def test_the_recordings_hold_nothing_of_a_machine(server: ComfyServer) -> None:
    assert "/home" not in json.dumps(server.said)


@pytest.mark.parametrize(
    ("file", "architecture"),
    [
        ("Sana_Sprint_0.6B_1024px.safetensors", "SanaSprint_600M_P1_D28"),
        ("sana/SANA1.5_4.8B_1024px.safetensors", "SanaMS1.5_4800M_P1_D60"),
        ("SANA1.5_1.6B_1024px.pth", "SanaMS1.5_1600M_P1_D20"),
        ("Sana_1600M_4Kpx_BF16.safetensors", "SanaMS_1600M_P1_D20_4K"),
        ("my-sana.safetensors", "SanaMS_1600M_P1_D20"),
        ("sana_tiny_sprint.safetensors", "SanaTinySprint"),
        ("sana_tiny.safetensors", "SanaTiny"),
    ],
)
def test_a_file_of_sanas_is_loaded_as_its_name_says(backend_at: At, file: str, architecture: str) -> None:
    with ComfyServer() as server:
        server.folders["checkpoints"] = [file]
        server.folders["vae"] = ["dc-ae-sana.safetensors"]
        known = server.said["object_info"]["SanaCheckpointLoader"]["input"]["required"]["model"][0]
        known += [each for each in ("SanaTiny", "SanaTinySprint") if each not in known]
        backend = backend_at(server.url)
        (recipe,) = backend._recipes()
        assert isinstance(recipe, SanaModel)
        assert (recipe.architecture, recipe.vae) == (architecture, "dc-ae-sana.safetensors")
        assert backend.capabilities(file).notes[1:] == (), "its autoencoder is there"


def test_the_desktop_app_is_offered_where_it_answers(backend_at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    with ComfyServer() as desktop, ComfyServer() as usual:
        monkeypatch.setattr("app.backends.comfyui.backend.DESKTOP", desktop.url)
        address = usual.url
        usual.kill()
        status = backend_at(address).check()
        assert status.state is State.NOT_RUNNING
        assert str(status.remedy) == f"It answers at {desktop.url}: take this address in Settings, ComfyUI."
        desktop.kill()
        assert "It answers" not in str(backend_at(address).check().remedy)


def test_files_of_one_name_are_told_apart(backend_at: At) -> None:
    with ComfyServer() as server:
        server.folders["checkpoints"] = ["a/mix.safetensors", "b/mix.safetensors", "c/other.safetensors"]
        names = [name for _, name in backend_at(server.url).models()]
    assert names == ["a/mix.safetensors", "b/mix.safetensors", "other"]


@pytest.mark.parametrize(
    ("preset", "device", "dtype"),
    [
        ("Sana_600M_512px", "cpu", "FP32"),
        ("Sana_600M_512px", "mps", "FP16"),
        ("Sana_1600M_1024px_BF16", "cuda", "BF16"),
        ("SANA1.5_1.6B_1024px", "mps", "BF16"),
        ("Sana_Sprint_0.6B_1024px", "cuda", "BF16"),
    ],
)
def test_a_preset_computes_in_what_it_was_trained_in(preset: str, device: str, dtype: str) -> None:
    model = SanaModel(f"Efficient-Large-Model/{preset}", device=device)
    request = GenerationRequest("a cat", steps=2, solver=model.capabilities().solvers[0])
    assert model.graph(request).nodes["checkpoint"]["inputs"]["dtype"] == dtype
    assert ("trained in float16" in str(model.capabilities().notes)) == (dtype == "FP32")
    gemma = model.graph(request).nodes["gemma"]["inputs"]
    assert gemma["device"] == ("cuda" if device == "cuda" else "cpu"), "the pack knows no Metal"
