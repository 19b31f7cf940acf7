"""Pictures that come while the user looks at others: placeholders, following, the selection that stays."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobProgress, JobState
from app.library import paths
from app.library.pictures import images
from app.ui.gallery.pictures.model import JOB_ROLE
from app.ui.gallery.pictures.placeholders import MOST, Placeholder, placeholders
from app.ui.main_window import MainWindow
from tests.gui.doubles import ScriptedBackend

MakePictures = Callable[[int], list[Path]]
MakeWindow = Callable[..., MainWindow]
LEFT = Qt.MouseButton.LeftButton


def click(qtbot: QtBot, window: MainWindow, row: int) -> None:
    where = window.gallery.visualRect(window.model.index(row)).center()
    qtbot.mouseClick(window.gallery.viewport(), LEFT, pos=where)


def generate(qtbot: QtBot, window: MainWindow, prompt: str, count: int = 1) -> None:
    window.panel.prompt.replace(prompt)
    window.panel.count.box.setValue(count)
    button = window.findChild(QPushButton, "generateButton")
    assert button is not None
    qtbot.mouseClick(button, LEFT)


def states(window: MainWindow) -> list[str]:
    shown = [window.model.index(row).data(JOB_ROLE) for row in range(window.model.rowCount())]
    return [each.state if isinstance(each, Placeholder) else "picture" for each in shown] or [""]


def test_each_picture_of_a_job_has_a_place_of_its_own(
    qtbot: QtBot, make_window: MakeWindow, backend: ScriptedBackend
) -> None:
    backend.stop_at(5)
    window = make_window()
    generate(qtbot, window, "a tree", count=4)
    qtbot.waitUntil(lambda: "step 5 of 20" in states(window)[-1])
    assert states(window) == [
        "Waiting · 38 s left", "Waiting · 28 s left", "Waiting · 18 s left", "step 5 of 20 · 8 s left",
    ]  # fmt: skip
    names = [window.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(4)]
    seed = window.engine.jobs()[0].seed
    assert [f"seed {seed + number}" in name for number, name in zip((3, 2, 1, 0), names, strict=True)] == [True] * 4
    window.grab()
    backend.gate.set()
    qtbot.waitUntil(lambda: states(window) == ["picture"] * 4)


def test_a_placeholder_is_replaced_where_it_stands(
    qtbot: QtBot, make_window: MakeWindow, backend: ScriptedBackend
) -> None:
    window = make_window()
    seen: list[list[str]] = []
    window.model.listed.connect(lambda: seen.append(["picture" if s == "picture" else "work" for s in states(window)]))
    generate(qtbot, window, "a tree", count=3)
    qtbot.waitUntil(lambda: states(window) == ["picture"] * 3)
    for wanted in (["work", "work", "work"], ["work", "work", "picture"], ["work", "picture", "picture"]):
        assert wanted in seen
    paths = [window.model.path_at(row) for row in range(3)]
    seeds = [images.read(path).seed or 0 for path in paths if path]
    assert seeds == sorted(seeds, reverse=True)


def test_who_looks_at_nothing_goes_along_with_the_work(
    qtbot: QtBot, make_window: MakeWindow, backend: ScriptedBackend
) -> None:
    backend.stop_at(3)
    window = make_window()
    generate(qtbot, window, "a tree", count=2)
    qtbot.waitUntil(lambda: window.gallery.placeholder() is not None)
    backend.gate.set()
    qtbot.waitUntil(lambda: window.gallery.current() == window.model.path_at(0) is not None)
    first = window.gallery.current()
    generate(qtbot, window, "a house")
    qtbot.waitUntil(lambda: window.gallery.current() not in (None, first))


def make_own(count: int) -> None:
    """Save pictures that the scripted model can generate again."""
    for number in range(count):
        request = GenerationRequest(f"a house {number}", model="starter", width=256, height=256, steps=5, seed=number)
        images.save(np.zeros((256, 256, 3), np.uint8), request, Provenance(), paths.pictures())


@pytest.mark.parametrize("act", ["generate", "vary"])
def test_what_comes_takes_nothing_away_from_what_is_looked_at(
    qtbot: QtBot, home: Path, make_window: MakeWindow, act: str
) -> None:
    make_own(4)
    window = make_window()
    path = window.model.path_at(2)
    click(qtbot, window, 2)
    qtbot.waitUntil(lambda: window.inspector.path == path)
    window.panel.prompt.replace("a tree")
    window.menus.actions[act].trigger()
    qtbot.waitUntil(lambda: window.model.pictures == 5)
    qtbot.waitUntil(lambda: not window.engine.busy())
    assert window.selection.paths() == [path]
    assert window.inspector.path == path
    assert window.model.path_at(3) == path


def test_vary_in_the_viewer_leaves_the_picture_there(qtbot: QtBot, home: Path, make_window: MakeWindow) -> None:
    make_own(2)
    window = make_window()
    window.gallery.setFocus()
    click(qtbot, window, 1)
    path = window.model.path_at(1)
    qtbot.waitUntil(lambda: window.selection.picture is not None)
    qtbot.keyClick(window.gallery, Qt.Key.Key_Space)
    window.menus.actions["vary"].trigger()
    assert window.bar.text.text() == "Added to the queue"
    qtbot.waitUntil(lambda: window.model.pictures == 3)
    assert window.viewer.path() == path
    assert window.selection.paths() == [path]


def test_who_picks_a_place_sees_the_picture_that_comes_there(
    qtbot: QtBot, make_pictures: MakePictures, make_window: MakeWindow, backend: ScriptedBackend
) -> None:
    make_pictures(3)
    backend.stop_at(3)
    window = make_window()
    click(qtbot, window, 2)
    generate(qtbot, window, "a tree", count=2)
    qtbot.waitUntil(lambda: window.model.rowCount() == 5)
    click(qtbot, window, 1)
    assert window.gallery.placeholder() is not None
    backend.gate.set()
    qtbot.waitUntil(lambda: window.model.pictures == 5)
    assert window.selection.paths() == [window.model.path_at(1)]


def test_pictures_that_come_move_nothing_for_who_has_scrolled(
    qtbot: QtBot, make_pictures: MakePictures, make_window: MakeWindow
) -> None:
    make_pictures(6)
    window = make_window()
    window.gallery.set_tile_size(700)
    qtbot.waitUntil(lambda: window.gallery.verticalScrollBar().maximum() > 0)
    click(qtbot, window, 0)
    window.gallery.verticalScrollBar().setValue(1500)
    seen = window.gallery.indexAt(QPoint(100, 100)).data(Qt.ItemDataRole.AccessibleTextRole)
    top = window.gallery.visualRect(window.gallery.indexAt(QPoint(100, 100))).top()
    generate(qtbot, window, "a tree", count=2)
    qtbot.waitUntil(lambda: window.model.pictures == 8)
    qtbot.waitUntil(lambda: not window.engine.busy())
    index = window.gallery.indexAt(QPoint(100, 100))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == seen
    assert window.gallery.visualRect(index).top() == top


def test_the_time_of_a_waiting_picture_is_unknown_at_first(
    qtbot: QtBot, make_window: MakeWindow, backend: ScriptedBackend
) -> None:
    backend.stop_at(0)
    window = make_window()
    generate(qtbot, window, "a tree", count=2)
    qtbot.waitUntil(lambda: states(window) == ["Waiting", "Loading the model"])
    first, second = reversed(placeholders(window.engine.jobs()))
    assert (first.fraction, second.fraction, second.ahead) == (None, None, 1)


def test_a_picture_is_being_saved_while_the_next_one_is_made() -> None:
    progress = JobProgress(picture=1, step=3, steps=4)
    job = Job(GenerationRequest("a tree", count=3, seed=1), state=JobState.RUNNING, progress=progress)
    last, second, first = placeholders([job])
    assert (first.state, first.fraction, first.waits) == ("Saving", 1.0, False)
    assert (second.state, second.waits, last.ahead) == ("step 3 of 4", False, 1)


def test_pictures_that_are_made_together_all_say_how_far_they_are() -> None:
    progress = JobProgress(picture=1, step=3, steps=4, seconds_left=2, together=2)
    job = Job(GenerationRequest("a tree", count=5, seed=1), state=JobState.RUNNING, progress=progress)
    last, fourth, third, second, first = placeholders([job])
    assert first.state == "Saving"
    assert second.state == third.state == "step 3 of 4 · 2 s left"
    assert second.fraction == third.fraction is not None
    assert (fourth.waits, fourth.ahead, last.ahead) == (True, 2, 3)
    # The two take 8 seconds together, so each of the others 4.
    assert (fourth.state, last.state) == ("Waiting · 6 s left", "Waiting · 10 s left")


def to_come(window: MainWindow) -> list[str]:
    """The prompts of the tiles of pictures to come, in the order in which they are generated."""
    shown = [window.model.index(row).data(JOB_ROLE) for row in range(window.model.rowCount())]
    return [each.request.prompt for each in reversed(shown) if isinstance(each, Placeholder)]


def test_the_pictures_of_all_jobs_have_their_places_in_the_order_of_the_queue(
    qtbot: QtBot, make_window: MakeWindow, backend: ScriptedBackend
) -> None:
    backend.stop_at(5)
    window = make_window()
    generate(qtbot, window, "a tree", count=2)
    qtbot.waitUntil(lambda: "step 5 of 20" in states(window)[-1])
    generate(qtbot, window, "a house", count=2)
    generate(qtbot, window, "a boat")
    assert to_come(window) == ["a tree", "a tree", "a house", "a house", "a boat"]
    assert states(window)[:3] == ["Waiting"] * 3
    assert window.model.in_work().row() == 4
    qtbot.waitUntil(lambda: window.gallery.currentIndex().row() == 4)
    _, house, boat = window.engine.jobs()
    window.engine.move(boat.id, house.id)
    assert to_come(window) == ["a tree", "a tree", "a boat", "a house", "a house"]
    assert window.gallery.currentIndex().row() == 4, "the picture in work stays the selected one"
    window.engine.remove(boat.id)
    assert to_come(window) == ["a tree", "a tree", "a house", "a house"]
    backend.gate.set()
    qtbot.waitUntil(lambda: states(window) == ["picture"] * 4)


def test_hundreds_of_pictures_to_come_leave_room_for_those_that_are_there(
    qtbot: QtBot, make_pictures: MakePictures, make_window: MakeWindow, backend: ScriptedBackend
) -> None:
    make_pictures(2)
    window = make_window()
    window.engine.pause()
    for _ in range(100):
        window.engine.submit(GenerationRequest("a tree", model="starter", backend="torch", count=3))
    assert window.model.rowCount() == MOST + 2
    assert states(window)[:2] == [f"{300 - MOST + 1} more wait", "Waiting"]
    window.engine.clear()
    assert states(window) == ["picture"] * 2


def test_who_follows_the_work_sees_the_picture_when_the_queue_is_paused(
    qtbot: QtBot, make_window: MakeWindow, backend: ScriptedBackend
) -> None:
    backend.stop_at(5)
    window = make_window()
    generate(qtbot, window, "a tree", count=2)
    qtbot.waitUntil(lambda: "step 5 of 20" in states(window)[-1])
    window.engine.pause()
    backend.gate.set()
    qtbot.waitUntil(lambda: states(window) == ["Waiting", "picture"])
    qtbot.waitUntil(lambda: window.selection.paths() == [window.model.path_at(1)])


def test_who_asked_for_several_pictures_sees_each_at_work(
    qtbot: QtBot, make_pictures: MakePictures, make_window: MakeWindow, backend: ScriptedBackend
) -> None:
    make_pictures(2)
    window = make_window()
    draw, missed = backend.draw, []

    def slowly(request: GenerationRequest, seed: int) -> np.ndarray:
        time.sleep(0.02)
        return draw(request, seed)

    def done() -> bool:
        index = window.model.in_work()
        if index.isValid() and not window.gallery.selectionModel().isSelected(index):
            missed.append(index.row())
        return window.model.pictures == 5

    backend.draw = slowly
    window.jobs.submit(GenerationRequest("a house", model="starter", backend="torch", steps=20, count=3, seed=1))
    qtbot.waitUntil(done, timeout=30_000)
    assert len(missed) <= 2, "only between two pictures"
