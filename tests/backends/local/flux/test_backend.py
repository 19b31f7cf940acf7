"""What the backend says of itself: whether it works here, what it offers, and how much memory it needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.backends.base import State
from app.backends.local import packages
from app.backends.local.flux import FluxBackend, pinned
from app.core.families.flux import KLEIN, Z_IMAGE, klein_shift, z_image_shift
from app.core.request import GenerationRequest, Role
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.settings import Settings
from tests.backends.conftest import FolderModels

Folder = Callable[[str], Path]


@pytest.fixture
def backend() -> FluxBackend:
    return FluxBackend(FolderModels(), Settings())  # type: ignore[arg-type]


def test_without_a_model_it_asks_for_one(backend: FluxBackend) -> None:
    assert backend.check().state is State.NEEDS_MODEL


def test_another_version_is_named_with_what_to_do(backend: FluxBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = pinned.VERSION
    monkeypatch.setattr(pinned, "VERSION", "0.23.0")
    pinned._is_beside.cache_clear()
    status = backend.check()
    pinned._is_beside.cache_clear()
    assert status.state is State.UNAVAILABLE
    assert "0.23.0" in str(status.reason)
    assert installed in str(status.reason)
    assert status.remedy


@pytest.mark.parametrize("package", ["mflux", "toml", "piexif"])
def test_a_missing_package_is_named(backend: FluxBackend, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setattr(packages, "is_installed", lambda name: name != package)
    status = backend.check()
    assert status.state is State.UNAVAILABLE
    assert package in str(status.reason)


def test_a_slow_step_has_time_to_end(backend: FluxBackend) -> None:
    assert backend.cancel_seconds >= 30


def test_what_it_offers(backend: FluxBackend, flux_folder: Folder) -> None:
    klein, z_image = (backend.capabilities(str(flux_folder(family))) for family in (KLEIN, Z_IMAGE))
    assert (klein.steps.default, z_image.steps.default) == (4, 9)
    assert klein.guidance is not None
    assert klein.guidance.default == 1
    assert z_image.guidance is None
    assert klein.solvers == z_image.solvers == ("euler",)
    assert klein.size.step == z_image.size.step == 16
    assert klein.takes(Role.INIT)
    assert klein.takes(Role.MASK)
    assert all(width % 16 == height % 16 == 0 for width, height in klein.aspect_sizes)


def test_less_precision_and_smaller_pictures_need_less_memory(backend: FluxBackend, flux_folder: Folder) -> None:
    checkpoint = open_checkpoint(flux_folder(KLEIN))
    needs = [
        sum(backend.memory_parts(checkpoint, side, side, precision).values())
        for side, precision in ((1024, "float32"), (1024, "bfloat16"), (512, "bfloat16"))
    ]
    assert needs == sorted(needs, reverse=True)


def test_the_shifts_are_those_of_mflux() -> None:
    from mflux.models.common.schedulers.flow_match_euler_discrete_scheduler import FlowMatchEulerDiscreteScheduler

    mu = FlowMatchEulerDiscreteScheduler._compute_empirical_mu
    for tokens, side in ((1024, 512), (4096, 1024), (16384, 2048)):
        for steps in (4, 20):
            assert klein_shift(side, side, steps) == pytest.approx(2.718281828459045 ** mu(tokens, steps))
    assert z_image_shift(1024, 1024) == pytest.approx(2.718281828459045**1.15)


def test_a_long_prompt_is_cut_where_the_text_encoder_cuts_it(backend: FluxBackend, flux_folder: Folder) -> None:
    folder = str(flux_folder(KLEIN))
    short, long = backend.count_tokens(folder, "a boat"), backend.count_tokens(folder, "boat " * 200)
    assert (short.tokens, short.cut) == (6, "")  # its words are letters
    assert long.tokens == long.room
    assert long.cut.endswith("boat")


def test_a_request_with_guidance_runs_the_transformer_twice(backend: FluxBackend, flux_folder: Folder) -> None:
    from app.backends.local.workload import passes

    checkpoint = open_checkpoint(flux_folder(KLEIN))
    assert passes(checkpoint, GenerationRequest("x", guidance=4.0)) == 2
    assert passes(checkpoint, GenerationRequest("x", guidance=1.0)) == 1
