"""Pictures from the web: over HTTPS, bounded, and never from this machine or its network."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.core.errors import UserError
from app.library import network
from app.library.pictures import fetching, inputs
from tests.servers.pictures import HOST, PictureServer
from tests.servers.socks import SocksServer

pytest.importorskip("cryptography")


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PictureServer]:
    """The web, as a proxy leads to it; the name server is a dictionary."""
    asks = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **options: Any) -> Any:
        if host == HOST:
            raise socket.gaierror("the proxy knows")
        return asks("10.1.2.3" if host == "inside.example" else host, *args, **options)

    with PictureServer(tmp_path) as made, SocksServer(made.url) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        network.trusted.cache_clear()
        made.content = png()
        yield made
    network.trusted.cache_clear()


def test_a_picture_is_fetched(server: PictureServer, home: Path) -> None:
    assert fetching.fetch(f"https://{HOST}/picture") == server.content
    assert fetching.fetch(f"https://{HOST}/to?https://{HOST}/picture") == server.content
    path = inputs.keep_picture(server.content)
    assert path.suffix == ".png"
    assert path.read_bytes() == server.content


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/picture", "https://[::1]/picture", "https://192.168.1.1/picture", "https://localhost/picture",
        "https://printer.local/picture", "https://169.254.169.254/latest", "https://10.0.0.8/picture",
        "https://inside.example/picture", "https://user:secret@pictures.example/picture",
    ],
)  # fmt: skip
def test_nothing_local_is_asked_not_even_by_a_redirect(server: PictureServer, address: str) -> None:
    with pytest.raises(UserError):
        fetching.fetch(address)
    assert server.asked == []
    with pytest.raises(UserError):
        fetching.fetch(f"https://{HOST}/to?{address}")
    assert server.asked == [f"/to?{address}"]


@pytest.mark.parametrize("address", [f"http://{HOST}/picture", f"ftp://{HOST}/picture", "file:///etc/passwd"])
def test_only_https_is_asked(server: PictureServer, address: str) -> None:
    with pytest.raises(UserError, match="https://"):
        fetching.fetch(address)
    with pytest.raises(UserError):
        fetching.fetch(f"https://{HOST}/to?{address}")
    assert server.asked == [f"/to?{address}"]


def test_what_is_no_picture_or_too_large_is_refused(
    server: PictureServer, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    server.kind = "text/html"
    with pytest.raises(UserError, match="no picture"):
        fetching.fetch(f"https://{HOST}/picture")
    server.kind = "image/png"
    with pytest.raises(UserError, match="404"):
        fetching.fetch(f"https://{HOST}/nothing")
    monkeypatch.setattr(fetching, "MAX_BYTES", len(server.content) - 1)
    with pytest.raises(UserError, match="larger"):
        fetching.fetch(f"https://{HOST}/picture")
    for content in (b"", b"<html>", server.content[:50]):
        with pytest.raises(UserError):
            inputs.keep_picture(content)
    assert not inputs.folder().exists()
