"""Every client of the app with a proxy in the environment, against stand-ins on loopback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest

from app.backends.cloud.endpoints import EndpointBackend
from app.backends.cloud.replicate.api import Api
from app.core.errors import UserError
from app.library import secrets, updates
from app.library.endpoints import Endpoint, Kind
from app.library.models.hub.hub import Hub
from app.library.settings import Settings
from app.library.spending import Ledger
from tests.servers.hub import HubServer
from tests.servers.replicate import ReplicateServer
from tests.servers.socks import SocksServer

REPO = "Efficient-Large-Model/Sana_600M_512px_diffusers"
UNUSABLE = [
    "socks4://127.0.0.1:1",
    "gopher://127.0.0.1:1",
    "http://[::1",
    "nonsense:::",
    "socks4://me:my-password@127.0.0.1:1",
]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr(secrets, "VARIABLES", dict(secrets.VARIABLES))
    monkeypatch.setattr(secrets, "_keychain", lambda: None)
    huggingface_hub.close_session()  # it remembers the proxy
    yield
    huggingface_hub.close_session()


def ask_hub() -> object:
    return Hub().files(REPO, "main")


def ask_replicate() -> object:
    with Api("r8_key") as api:
        return api.account()


def ask_an_endpoint() -> object:
    endpoint = Endpoint("mine", Kind.OPENAI, "https://api.invalid")
    return EndpointBackend(endpoint, Settings(), Ledger()).test()


def ask_for_updates() -> object:
    return updates._fetch("http://api.invalid/repos/a/b/releases/latest")


ASKING = pytest.mark.parametrize("ask", [ask_hub, ask_replicate, ask_an_endpoint, ask_for_updates])


@ASKING
@pytest.mark.parametrize("proxy", UNUSABLE)
def test_a_proxy_that_cannot_be_used_is_said_to_be_that(ask, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_BASE_URL", "http://api.invalid")
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(UserError, match=r"proxy .* cannot be used") as error:
        ask()
    assert "ALL_PROXY" in str(error.value.remedy)
    assert "password" not in str(error.value)


@pytest.mark.parametrize("ask", [ask_replicate, ask_for_updates])
def test_an_exception_that_cannot_be_read_is_said_to_be_that(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_BASE_URL", "http://api.invalid")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "fe80::/10:x")
    with pytest.raises(UserError, match=r"proxy .* cannot be used"):
        ask()


def test_the_hub_is_asked_through_socks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.json").write_text("{}")
    with HubServer() as server, SocksServer(server.url) as proxy:
        server.serve(REPO, tmp_path)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        _, files = Hub("http://hub.invalid").files(REPO, "main")
    assert [file.path for file in files] == ["config.json"]
    assert set(proxy.hosts) == {"hub.invalid"}


def test_replicate_is_asked_through_socks(monkeypatch: pytest.MonkeyPatch) -> None:
    with ReplicateServer() as server, SocksServer(server.url) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        monkeypatch.setenv("REPLICATE_BASE_URL", "http://api.invalid")
        with Api(server.token) as api:
            assert api.account() == "painter"
        monkeypatch.setenv("REPLICATE_BASE_URL", server.url)
        with Api(server.token) as api:
            assert api.account() == "painter"
    assert proxy.hosts == ["api.invalid"], "this machine needs no proxy"


def test_the_command_line_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for proxy in ("socks5://127.0.0.1:1", "socks4://127.0.0.1:1"):
        monkeypatch.setenv("ALL_PROXY", proxy)
        command = [sys.executable, "-m", "app", "models", "download", "sana-0.6b-512", "--accept-licence"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ended.returncode == 2, ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("token", ["hf_tökén", "hf_one two", "hf_one\ntwo", "“hf_quoted”"])
def test_a_token_that_cannot_be_sent_is_blamed_itself(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv("HF_TOKEN", token)
        for given in (token, None):
            with pytest.raises(UserError, match="Your Hugging Face token contains") as error:
                Hub(token=given).files(REPO, "main")
            assert token not in str(error.value)
        assert server.paths("hub") == [], "asked with a token that is none"
