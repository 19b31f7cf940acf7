"""Drag and drop between the window and another program's, with a mouse that the X server moves (Linux)."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library.pictures import images

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
PARTNER = [1300, 300]
SECONDS = 60.0

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool (Debian: xvfb, xdotool)"
)


def wait_for(what: Callable[[], Any]) -> Any:
    """The first answer that is not empty."""
    end = time.monotonic() + SECONDS
    while not (found := what()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)
    return found


class Screen:
    """A display with some windows, and its mouse."""

    def __init__(self, display: str, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.photo = folder / "photo.png"
        made = images.save(
            np.zeros((64, 64, 3), np.uint8), GenerationRequest("a photo from outside", seed=5), Provenance(),
            folder / "made",
        )  # fmt: skip
        self.photo.write_bytes(made.path.read_bytes())
        self._environment = {
            **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT),
            "SANA_STUDIO_HOME": str(folder / "home"),
        }  # fmt: skip
        self._environment.pop("WAYLAND_DISPLAY", None)

    def open(self, script: str, *arguments: Path) -> None:
        """Start a program with a window."""
        command = [sys.executable, str(HERE / script), *map(str, arguments)]
        self._processes.append(subprocess.Popen(command, env=self._environment, cwd=ROOT))

    def close(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait()

    def state(self) -> dict[str, Any]:
        """What the window tells."""
        file = self._folder / "state.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def reports(self) -> list[dict[str, Any]]:
        """What `partner.py` tells."""
        return [json.loads(line) for line in (self._folder / "report.json").read_text().splitlines()]

    def mouse(self, *commands: object) -> None:
        subprocess.run(["xdotool", *map(str, commands)], env=self._environment, check=True)
        time.sleep(0.03)

    def click(self, at: Sequence[int], *, key: str = "", times: int = 1) -> None:
        self.mouse("mousemove", *at)
        if key:
            self.mouse("keydown", key)
        self.mouse("click", "--repeat", times, "--delay", 60, 1)
        if key:
            self.mouse("keyup", key)

    def drag(self, start: Sequence[int], end: Sequence[int]) -> None:
        time.sleep(0.6)  # or the press would make a double click of the click before
        self.mouse("mousemove", *start)
        self.mouse("mousedown", 1)
        for step in range(1, 9):
            self.mouse("mousemove", *(round(a + (b - a) * step / 8) for a, b in zip(start, end, strict=True)))
        self.mouse("mouseup", 1)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    spec = importlib.util.spec_from_file_location("measure_start", ROOT / "packaging" / "measure_start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.virtual_display() as name:
        yield name


@pytest.fixture
def screen(display: str, tmp_path: Path) -> Iterator[Screen]:
    opened = Screen(display, tmp_path)
    yield opened
    opened.close()


def test_pictures_go_out_as_copies_and_files_come_in_as_copies(screen: Screen, tmp_path: Path) -> None:
    screen.open("window.py", tmp_path / "state.json")
    screen.open("partner.py", tmp_path / "report.json", screen.photo)
    wait_for(lambda: screen.state() and len(screen.state()["tiles"]) == 4 and (tmp_path / "report.json").exists())
    state = screen.state()
    files = state["files"]

    def dropped(number: int) -> dict[str, Any]:
        return wait_for(lambda: len(screen.reports()) > number and screen.reports()[number])

    screen.drag(state["tiles"][1], PARTNER)
    copied = {"offered": "CopyAction", "proposed": "CopyAction", "width": 256}
    assert dropped(0) == {"urls": [files[1]], **copied}

    screen.click(state["tiles"][0])
    screen.click(state["tiles"][2], key="ctrl")
    wait_for(lambda: screen.state()["selected"] == [files[0], files[2]])
    screen.drag(state["tiles"][2], PARTNER)
    assert dropped(1) == {"urls": [files[0], files[2]], **copied}
    assert screen.state()["selected"] == [files[0], files[2]]

    screen.click(state["tiles"][3])
    wait_for(lambda: screen.state()["inspected"] == files[3])
    screen.drag(screen.state()["inspector"], PARTNER)
    assert dropped(2) == {"urls": [files[3]], **copied}

    screen.click(state["tiles"][1], times=2)
    wait_for(lambda: screen.state()["viewed"] == files[1])
    screen.drag(screen.state()["viewer"], PARTNER)
    assert dropped(3) == {"urls": [files[1]], **copied}
    assert screen.state()["viewed"] == files[1]

    screen.drag(PARTNER, screen.state()["viewer"])
    assert dropped(4) == {"ended": "CopyAction"}, "told of a move, it would delete the file"
    wait_for(lambda: screen.state()["prompt"] == "a photo from outside")
    assert screen.photo.exists()
    assert all(Path(file).exists() for file in files)


def test_a_real_mouse_drags_pictures_into_albums(screen: Screen, tmp_path: Path) -> None:
    def albums() -> dict[str, list[str]]:
        file = tmp_path / "home" / "Pictures" / ".albums.json"
        return json.loads(file.read_text()) if file.exists() else {}

    screen.open("window.py", tmp_path / "state.json")
    state = wait_for(lambda: screen.state() if len(screen.state().get("tiles", [])) == 4 else {})
    names = [Path(file).name for file in state["files"]]
    screen.click(state["albums_button"])
    wait_for(lambda: screen.state()["albums"])
    time.sleep(0.5)  # the tiles make room
    state = screen.state()
    screen.click(state["tiles"][0])
    screen.click(state["tiles"][1], key="ctrl")
    wait_for(lambda: len(screen.state()["selected"]) == 2)
    screen.drag(state["tiles"][1], state["albums"])
    wait_for(lambda: albums() == {"New album": names[:2]})
    assert all(Path(file).exists() for file in state["files"])


def test_the_mouse_reorders_the_queue(screen: Screen, tmp_path: Path) -> None:
    def order() -> list[int]:
        return [int(prompt[-1]) for prompt in screen.state()["queue"]]

    screen.open("queue_window.py", tmp_path / "state.json")
    wait_for(lambda: screen.state().get("queue"))
    screen.click(wait_for(lambda: screen.state()["strip"]))
    rows = wait_for(lambda: screen.state()["rows"])
    screen.drag(rows[3], [rows[1][0], rows[1][1] - 18])
    wait_for(lambda: order() == [0, 3, 1, 2, 4])
    assert [name[-1] for name in screen.state()["listed"]] == ["0", "3", "1", "2", "4"]
    screen.drag(rows[0], [rows[4][0], rows[4][1] + 18])
    wait_for(lambda: order() == [3, 1, 2, 4, 0])
    saved = json.loads((tmp_path / "home" / "queue.json").read_text())["jobs"]
    assert [job["request"]["prompt"][-1] for job in saved] == ["3", "1", "2", "4", "0"]

    def listed() -> list[int]:
        return [int(name[-1]) for name in screen.state()["listed"]]

    (tmp_path / "remove.new").write_text("a house 1")
    (tmp_path / "remove.new").rename(tmp_path / "remove")
    wait_for(lambda: order() == [3, 2, 4, 0])
    assert listed() == [3, 1, 2, 4, 0], "nothing moves under the pointer"
    screen.mouse("mousemove", 900, 100)
    wait_for(lambda: listed() == [3, 2, 4, 0])


def test_a_real_mouse_draws_a_mask(screen: Screen, tmp_path: Path) -> None:
    screen.open("window.py", tmp_path / "state.json")
    state = wait_for(lambda: screen.state() if len(screen.state().get("tiles", [])) == 4 else {})
    screen.click(state["tiles"][1], times=2)
    wait_for(lambda: screen.state()["viewed"] == state["files"][1])
    screen.click(screen.state()["edit"])
    start, end, use = wait_for(lambda: screen.state()["canvas"])
    screen.drag(start, end)
    screen.click(use)
    picture, mask = wait_for(lambda: screen.state()["inputs"])
    assert picture == state["files"][1]
    with Image.open(mask) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "L", (256, 256))
        drawn = np.asarray(image)
    assert drawn[128, 64:193].min() == 255, "white where it was drawn"
    assert drawn[:100].max() == drawn[156:].max() == 0
    assert drawn[:, :40].max() == drawn[:, 216:].max() == 0


def test_a_clip_plays_under_the_mouse_and_goes_out_as_its_file(screen: Screen, tmp_path: Path) -> None:
    screen.open("window.py", tmp_path / "state.json", Path("clip"))
    screen.open("partner.py", tmp_path / "report.json", screen.photo)
    wait_for(lambda: screen.state() and len(screen.state()["tiles"]) == 4 and (tmp_path / "report.json").exists())
    state = screen.state()
    (clip,) = (file for file in state["files"] if file.endswith(".mp4"))
    tile = state["tiles"][state["files"].index(clip)]

    def dropped(number: int) -> dict[str, Any]:
        return wait_for(lambda: len(screen.reports()) > number and screen.reports()[number])

    screen.mouse("mousemove", *tile)
    screen.mouse("mousemove", tile[0] + 3, tile[1])
    wait_for(lambda: screen.state()["hovered"])
    screen.drag(tile, PARTNER)
    wait_for(lambda: not screen.state()["hovered"])
    assert dropped(0)["urls"] == [clip]
    assert dropped(0)["offered"] == "CopyAction"

    screen.click(tile, times=2)
    wait_for(lambda: screen.state()["playing"] == clip)
    screen.drag(screen.state()["viewer"], PARTNER)
    assert dropped(1)["urls"] == [clip]
    assert screen.state()["playing"] == clip
