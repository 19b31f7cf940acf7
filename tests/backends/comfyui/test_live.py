"""Against a real ComfyUI whose address is in COMFYUI_URL. It needs one plain checkpoint; a tiny one is quicker."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.backends.comfyui.backend import ComfyUIBackend
from app.backends.comfyui.checkpoints import Checkpoint
from app.core.errors import GenerationCancelled, UserError
from app.core.events import Event, Finished, Generated, Loading, Progress
from tests.backends.comfyui.conftest import asked, start_picture

URL = os.environ.get("COMFYUI_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="COMFYUI_URL names no server")


@pytest.fixture
def live(backend_at: Callable[[str], ComfyUIBackend]) -> ComfyUIBackend:
    backend = backend_at(URL)
    assert backend.check().ready, str(backend.check().reason)
    return backend


def request_for(live: ComfyUIBackend, **fields: object):
    model = next(recipe.id for recipe in live._recipes() if isinstance(recipe, Checkpoint))
    seed = time.time_ns() % 2**31  # a seed that was used before is not computed again
    return asked(live, **{"model": model, "width": 128, "height": 128, "seed": seed, **fields})


def made(events: list[Event]) -> np.ndarray:
    assert isinstance(events[-1], Finished)
    return next(event.output.pixels for event in events if isinstance(event, Generated))


def test_a_picture_comes_and_the_same_seed_gives_it_again(live: ComfyUIBackend) -> None:
    request = request_for(live)
    first = list(live.generate(request, lambda: False))
    steps = [event.step for event in first if isinstance(event, Progress) and event.steps == 3]
    assert steps[-1] == 3
    cached = list(live.generate(request, lambda: False))
    assert np.array_equal(made(first), made(cached))


def test_a_masked_start_picture_keeps_the_rest(live: ComfyUIBackend, tmp_path: Path) -> None:
    start, mask = start_picture(tmp_path, (128, 128))
    result = made(list(live.generate(request_for(live, inputs=(start, mask)), lambda: False)))
    own = np.asarray(Image.open(start.path))
    assert np.array_equal(result[:, :56], own[:, :56])
    assert not np.array_equal(result[:, 72:], own[:, 72:])


def test_cancel_ends_our_job_and_the_next_one_runs(live: ComfyUIBackend) -> None:
    seen: list[Event] = []

    def until_step_2() -> bool:
        return any(isinstance(event, Progress) and event.step >= 2 for event in seen)

    request = request_for(live, steps=40)
    with pytest.raises(GenerationCancelled):
        seen.extend(_each(live.generate(request, until_step_2), seen))
    assert made(list(live.generate(request_for(live), lambda: False))).shape == (128, 128, 3)


def test_a_second_job_waits_and_says_so(live: ComfyUIBackend) -> None:
    first = threading.Thread(target=lambda: list(live.generate(request_for(live, steps=12), lambda: False)))
    first.start()
    time.sleep(1)
    events = list(live.generate(request_for(live), lambda: False))
    first.join()
    assert any(isinstance(event, Loading) and "before this one" in str(event.message) for event in events)
    assert made(events) is not None


def test_a_model_that_is_gone_is_refused_there_too(live: ComfyUIBackend) -> None:
    request = request_for(live).replace(model="gone.safetensors")
    with pytest.raises(UserError, match="no model called"):
        list(live.generate(request, lambda: False))


def _each(events, seen: list[Event]) -> list[Event]:
    for event in events:
        seen.append(event)
    return []
