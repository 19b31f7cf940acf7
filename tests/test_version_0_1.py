"""What version 0.1 wrote opens: pictures, queue, window, settings, index and what is known of earlier jobs."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from app.backends.cloud.pending import Pending
from app.backends.local.timings import Setup, Timings
from app.core.request import GenerationRequest, Role
from app.engine.jobs import JobState
from app.engine.queue import JobQueue
from app.library import paths
from app.library.pictures import images
from app.library.pictures.gallery import Gallery
from app.library.settings import Settings
from app.library.spending import Ledger
from app.ui.start.window_state import load_state

SAVED = Path(__file__).parent / "material" / "version_0_1"
PICTURES = SAVED / "Pictures" / "Sana Studio"
LIGHTHOUSE = sorted(PICTURES.glob("*lighthouse*"))


@pytest.fixture
def old_home(home: Path) -> Path:
    shutil.copytree(SAVED / "home", home)
    return home


def test_there_is_a_picture_of_each_format() -> None:
    assert [path.suffix for path in LIGHTHOUSE] == [".png", ".jpg", ".webp"]


@pytest.mark.parametrize("path", LIGHTHOUSE, ids=[path.suffix for path in LIGHTHOUSE])
def test_a_picture_with_everything(path: Path) -> None:
    picture = images.read(path)
    request, made = picture.request, picture.provenance
    assert request is not None
    assert (request.prompt, request.negative) == ("a lighthouse on a cliff\nat dusk, 灯塔 🌊", 'people, "text", boats')
    assert (request.steps, request.guidance, request.solver, request.precision) == (7, 3.5, "euler", "float32")
    assert request.model == "/Users/maria/Models/my-sana"
    start, mask = request.input(Role.INIT), request.input(Role.MASK)
    assert start is not None
    assert mask is not None
    assert (start.path, start.strength) == ("/Users/maria/Pictures/beach.png", 0.45)
    assert mask.path == "/Users/maria/Pictures/beach mask.png"
    assert (made.backend, made.device, made.precision, made.model) == ("torch", "cpu", "float32", "my-sana")
    assert (made.seconds, made.peak_memory_bytes, made.prompt_tokens) == (12.5, 2_000_000_000, 14)
    assert (made.prompt_cut, made.licence) == ("at dusk", "Apache-2.0")
    assert str(made.note).startswith("Painted again in float32")


def test_a_picture_of_the_cloud() -> None:
    picture = images.read(PICTURES / "2026-11-28 a kite 7.png")
    assert picture.request is not None
    assert dict(picture.request.options) == {"model_variant": "1600M-1024px", "pag_guidance_scale": 2}
    assert picture.request.inputs == ()
    assert (picture.provenance.prediction, picture.provenance.cost) == ("p1x2y3", 0.00366)


def test_the_queue(old_home: Path) -> None:
    paused, failed, cloud = JobQueue(paths.queue_file()).jobs()
    assert (paused.state, paused.done, paused.request.count) == (JobState.PAUSED, frozenset({0}), 3)
    assert [item.role for item in paused.request.inputs] == [Role.INIT, Role.MASK]
    assert (failed.state, failed.request.inputs) == (JobState.FAILED, ())
    assert failed.failure is not None
    assert (failed.failure.retry, str(failed.failure.message)) == (True, "There is not enough memory for this picture.")
    assert (cloud.request.seed, cloud.spend_up_to) == (7, 12.5)
    assert not list(old_home.glob("*.broken"))


def test_the_window_and_the_settings(old_home: Path) -> None:
    state = load_state()
    request = GenerationRequest.from_json(state["panel"]["request"])
    assert [item.path for item in request.inputs] == [
        "/Users/maria/Pictures/beach.png",
        "/Users/maria/Pictures/beach mask.png",
    ]
    assert state["panel"]["history"][:2] == ["a tree", "a house"]
    settings = Settings()
    assert (settings.get("file_format"), settings.get("memory_limit_gb")) == ("webp", 12.0)
    assert settings.get("pictures_folder") == "/Users/maria/Pictures/Sana Studio"


def test_the_index_with_its_favourites(old_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Pictures"
    shutil.copytree(PICTURES, folder)
    with sqlite3.connect(paths.index_file()) as connection:  # its folder was another one
        connection.execute("UPDATE pictures SET folder = ?", (str(folder).encode(),))
    connection.close()
    gallery = Gallery(folder, paths.index_file())
    gallery.rescan()
    assert gallery.count() == 4
    assert [path.suffix for path in gallery.search("lighthouse")] == [".webp", ".jpg", ".png"]
    assert len(gallery.search("my-sana")) == 3
    assert {path.name.split(" ", 1)[1] for path in gallery.search(favourites=True)} == {
        "a kite 7.png",
        "a lighthouse on a cliff at dusk 灯塔 41.png",
    }
    gallery.close()


def test_what_is_known_of_earlier_jobs(old_home: Path) -> None:
    timing = Timings().find(Setup("torch", "cpu", "float32", "starter", 2), 256, 256)
    assert timing is not None
    assert (timing.step, timing.decode) == (0.15, 0.35)
    assert Ledger().months()["2026-10"].cost == 0.5
    pending = Pending(old_home / "cloud.json")
    assert pending.predictions() == frozenset({"p9q8"})
    ordered = json.loads((old_home / "cloud.json").read_text())
    request = GenerationRequest.from_json(next(iter(ordered.values()))["request"])
    assert pending.unfinished_seed(request.replace(seed=None)) == 8
