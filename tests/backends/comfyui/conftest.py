"""A stand-in server of each version, and the backend that asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.backends.comfyui.backend import ComfyUIBackend
from app.backends.comfyui.timing import Timing
from app.backends.comfyui.workflow.folder import Workflows
from app.core.events import Event
from app.core.request import GenerationRequest, ImageInput, Role
from app.library.settings import Settings
from tests.servers.comfyui import ComfyServer

QUICK = Timing(look=0.8, wait=0.02, waiting=0.1, running=0.2, silence=3, refused=0.3, gone=0.3)
MODEL = "tiny_sd15.safetensors"


@pytest.fixture(params=["0.3.64", "0.8.0"])
def server(request: pytest.FixtureRequest) -> Iterator[ComfyServer]:
    with ComfyServer(request.param) as server:
        yield server


@pytest.fixture
def backend_at(tmp_path: Path) -> Callable[[str], ComfyUIBackend]:
    def at(url: str, headers: str | None = None) -> ComfyUIBackend:
        settings = Settings(tmp_path / "settings.json")
        backend = ComfyUIBackend(settings, lambda _: headers, Workflows(tmp_path / "workflows"), QUICK)
        settings.declare(*backend.settings)
        settings.set("comfyui_address", url)
        backend.look()
        return backend

    return at


@pytest.fixture
def backend(server: ComfyServer, backend_at: Callable[[str], ComfyUIBackend]) -> ComfyUIBackend:
    return backend_at(server.url)


def asked(backend: ComfyUIBackend, **fields: object) -> GenerationRequest:
    """A resolved request."""
    wish: dict = {"model": MODEL, "width": 64, "height": 64, "steps": 3, "seed": 7, **fields}
    request = GenerationRequest("a cat", backend="comfyui", **wish)
    return backend.capabilities(request.model).resolve(request)


def generated(
    backend: ComfyUIBackend, request: GenerationRequest | None = None, cancel: Callable[[], bool] = lambda: False
) -> list[Event]:
    return list(backend.generate(request or asked(backend), cancel))


def start_picture(folder: Path, size: tuple[int, int] = (96, 64)) -> tuple[ImageInput, ImageInput]:
    """A picture and a mask of its right half."""
    width, height = size
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    Image.fromarray(pixels).save(folder / "start.png")
    mask = np.zeros((height, width), np.uint8)
    mask[:, width // 2 :] = 255
    Image.fromarray(mask).save(folder / "mask.png")
    return (
        ImageInput(Role.INIT, str(folder / "start.png"), 0.6),
        ImageInput(Role.MASK, str(folder / "mask.png")),
    )
