"""Nothing goes to a server of the user's own on another machine before they were asked, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.backends.comfyui.backend import ComfyUIBackend
from app.engine.consent import NotAllowedError, allow, check_leaving
from app.library.settings import Settings


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings()


def backend(settings: Settings, address: str) -> ComfyUIBackend:
    made = ComfyUIBackend(settings)
    settings.declare(*made.settings)
    settings.set("comfyui_address", address)
    return made


def test_another_machine_is_asked_for_once(settings: Settings) -> None:
    comfyui = backend(settings, "http://192.0.2.7:8188")
    with pytest.raises(NotAllowedError) as caught:
        check_leaving(comfyui, settings)
    assert "192.0.2.7" in str(caught.value)
    allow(settings, caught.value.host)
    check_leaving(comfyui, Settings())
    settings.set("comfyui_address", "http://192.0.2.8:8188")
    with pytest.raises(NotAllowedError):
        check_leaving(comfyui, settings)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8188", "http://localhost:8000", "http://[::1]:8188"])
def test_this_machine_is_not_asked_for(settings: Settings, address: str) -> None:
    check_leaving(backend(settings, address), settings)
