"""Enlarging in the window, and comparing before and after: with the mouse and the keys on the real widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.output import Provenance
from app.core.request import GenerationRequest, ImageInput, Role
from app.library import paths
from app.library.pictures import images
from app.ui.controls.style.theme import colours
from app.ui.main_window import MainWindow
from app.ui.viewer.compare.before_after import BeforeAfter
from app.ui.words import wording
from tests.gui.doubles import ScriptedBackend

Pictures = Callable[[int], list[Path]]
Windows = Callable[..., MainWindow]


@pytest.fixture
def house(make_pictures: Pictures) -> Path:
    return make_pictures(1)[0]


@pytest.fixture
def window(qtbot: QtBot, house: Path, make_window: Windows) -> MainWindow:
    window = make_window()
    pick(qtbot, window, house)
    return window


def pick(qtbot: QtBot, window: MainWindow, *chosen: Path) -> None:
    qtbot.waitUntil(lambda: all(window.model.index_of(path).isValid() for path in chosen))
    window.gallery.select(chosen[0])
    for path in chosen[1:]:
        place = window.gallery.visualRect(window.model.index_of(path)).center()
        qtbot.mouseClick(
            window.gallery.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place
        )
    if len(chosen) == 1:
        qtbot.waitUntil(lambda: window.selection.picture is not None)


def button(home: QWidget) -> QPushButton:
    found = home.findChild(QPushButton, "upscaleButton")
    assert isinstance(found, QPushButton)
    return found


def choose(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Press an entry of the menu that is open."""
    menu = window.menus.enlarge
    qtbot.waitUntil(menu.isVisible)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(window.menus.actions[name]).center())


def compare_view(window: MainWindow) -> BeforeAfter:
    found = window.findChild(BeforeAfter, "compareView")
    assert isinstance(found, BeforeAfter)
    return found


def larger() -> list[Path]:
    return sorted(paths.pictures().glob("* ?x.png"))


def test_the_inspectors_button_makes_a_larger_copy(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend, house: Path
) -> None:
    shown = button(window.inspector)
    assert shown.isVisible()
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.engine.generated, timeout=10_000):
        choose(qtbot, window, "enlarge_2")
    (made,) = larger()
    assert made == house.with_name(f"{house.stem} 2x.png")
    request = backend.enlarged[0]
    assert (request.factor, request.upscaler, request.refine) == (2, "span-x4", None)
    qtbot.waitUntil(lambda: window.model.index_of(made).isValid())
    pick(qtbot, window, made)
    qtbot.waitUntil(lambda: window.inspector.rows().get("Enlarged from") == house.name)
    rows = window.inspector.rows()
    assert rows["Size"] == "128 × 128"
    assert rows["Enlarged with"] == "2× · SPAN x4"
    assert window.inspector.prompt.text() == "a house zero"


def test_the_viewers_button_enlarges_what_is_seen_with_more_detail(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend
) -> None:
    qtbot.keyClick(window.gallery, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.viewer.isVisible())
    qtbot.mouseClick(button(window.viewer), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.engine.generated, timeout=10_000):
        choose(qtbot, window, "enlarge_4_detail")
    assert (backend.enlarged[0].factor, backend.enlarged[0].upscaler) == (4, "realesrgan-x4plus")
    assert window.viewer.isVisible()


def entries(window: MainWindow) -> list[str]:
    return [action.text() for action in window.menus.enlarge.actions() if action.text()]


def test_upscalers_in_the_apps_own_folder_are_offered(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend
) -> None:
    backend.own_upscalers = True
    paths.upscalers().mkdir(parents=True)
    kept = paths.upscalers() / "anime & line art.safetensors"
    for path in (kept, kept.with_name(".hidden.safetensors"), kept.with_name("pickle.pth")):
        path.write_bytes(b"weights")
    (paths.upscalers() / "folder.safetensors").mkdir()
    menu = window.menus.enlarge
    qtbot.mouseClick(button(window.inspector), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(menu.isVisible)
    assert entries(window)[6:] == ["2×, anime && line art", "4×, anime && line art"]
    with qtbot.waitSignal(window.engine.generated, timeout=10_000):
        last = menu.actions()[-1]
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(last).center())
    assert (backend.enlarged[0].factor, backend.enlarged[0].upscaler) == (4, str(kept))
    kept.unlink()
    qtbot.mouseClick(button(window.inspector), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(menu.isVisible)
    assert len(entries(window)) == 6
    menu.close()


def test_what_no_backend_can_run_is_not_offered(qtbot: QtBot, window: MainWindow, backend: ScriptedBackend) -> None:
    assert not backend.own_upscalers
    paths.upscalers().mkdir(parents=True)
    (paths.upscalers() / "anime.safetensors").write_bytes(b"weights")
    qtbot.mouseClick(button(window.inspector), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.menus.enlarge.isVisible)
    assert len(entries(window)) == 6
    window.menus.enlarge.close()


def test_refining_takes_the_pictures_own_prompt_and_model(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend
) -> None:
    qtbot.mouseClick(button(window.inspector), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.engine.generated, timeout=10_000):
        choose(qtbot, window, "enlarge_4_refine")
    refine = backend.enlarged[0].refine
    assert refine is not None
    assert (refine.prompt, refine.model, refine.steps, refine.seed) == ("a house zero", "starter", 7, 100)
    assert 0 < backend.enlarged[0].strength < 0.5


def test_a_photo_without_a_prompt_is_refined_with_that_of_the_panel_or_not_at_all(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend
) -> None:
    photo = paths.pictures() / "photo.png"
    Image.new("RGB", (20, 20), "teal").save(photo)
    window.model.rescan()
    pick(qtbot, window, photo)
    window.menus.actions["enlarge_2_refine"].trigger()
    qtbot.waitUntil(lambda: "does not say what it shows" in window.bar.text.text())
    assert backend.enlarged == []
    qtbot.keyClicks(window.panel.prompt, "a teal square")
    with qtbot.waitSignal(window.engine.generated, timeout=10_000):
        window.menus.actions["enlarge_2_refine"].trigger()
    refine = backend.enlarged[0].refine
    assert refine is not None
    assert refine.prompt == "a teal square"


def test_each_selected_picture_is_a_job_and_a_bad_one_stops_no_other(
    qtbot: QtBot, make_pictures: Pictures, make_window: Windows, backend: ScriptedBackend
) -> None:
    made = make_pictures(3)
    window = make_window()
    pick(qtbot, window, *made)
    window.watch.close()  # which would take the bad one out of the list
    made[1].write_bytes(b"no picture")
    qtbot.mouseClick(button(window.inspector), Qt.MouseButton.LeftButton)
    choose(qtbot, window, "enlarge_2")
    qtbot.waitUntil(lambda: len(larger()) == 2 and not window.engine.jobs(), timeout=10_000)
    assert {Path(request.path) for request in backend.enlarged} == {made[0], made[2]}
    qtbot.waitUntil(window.bar.isVisible)


def test_a_larger_copy_in_work_has_a_tile_and_says_how_far_it_is(
    qtbot: QtBot, window: MainWindow, backend: ScriptedBackend, house: Path
) -> None:
    backend.stop_at(2)
    window.menus.actions["enlarge_4"].trigger()
    qtbot.waitUntil(lambda: "part 2 of 4" in window.queue.state.text(), timeout=10_000)
    assert "4 s left" in window.queue.state.text()
    assert window.queue.bar.value() == window.queue.bar.maximum() // 2
    index = window.model.in_work()
    assert index.isValid()
    assert "a house zero" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    window.gallery.pick(index)
    qtbot.waitUntil(lambda: window.inspector.rows().get("Enlarged from") == house.name)
    assert window.inspector.rows()["Size"] == "256 × 256"
    qtbot.mouseClick(window.queue.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.engine.jobs(), timeout=10_000)
    assert larger() == []


def test_without_a_picture_nothing_can_be_enlarged(make_window: Windows) -> None:
    window = make_window()
    assert not window.menus.actions["upscale"].isEnabled()
    assert not window.menus.actions["enlarge_4"].isEnabled()
    assert not window.menus.actions["before_after"].isEnabled()


def test_the_menus_offer_it(window: MainWindow) -> None:
    entries = {action.objectName() for action in window.menus.picture.actions()}
    assert {"upscaleAction", "before_afterAction"} <= entries
    assert isinstance(window.menus.enlarge, QMenu)
    assert all(isinstance(action, QAction) for action in window.menus.enlarge.actions())


def test_the_progress_of_what_is_refined_goes_on_after_enlarging() -> None:
    from app.core.enlarge import EnlargeRequest
    from app.core.events import Stage
    from app.engine.jobs import Job, JobProgress

    job = Job(EnlargeRequest("/a.png", refine=GenerationRequest("a")))
    stages = [(Stage.ENLARGE, 1), (Stage.ENLARGE, 4), (Stage.GENERATE, 1), (Stage.GENERATE, 4), (Stage.DECODE, 4)]
    shares = [
        wording.fraction(job.replace(progress=JobProgress(step=step, steps=4, stage=stage))) for stage, step in stages
    ]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    plain = Job(EnlargeRequest("/a.png"), progress=JobProgress(step=4, steps=4, stage=Stage.ENLARGE))
    assert wording.fraction(plain) == 1


@pytest.fixture
def compared(qtbot: QtBot, make_window: Windows, home: Path) -> BeforeAfter:
    """A red picture and the blue one that was made from it, compared by a key."""
    request = GenerationRequest("a", width=64, height=48, steps=1, seed=1)
    before = images.save(np.full((48, 64, 3), (255, 0, 0), np.uint8), request, Provenance(), paths.pictures()).path
    start = ImageInput(Role.INIT, str(before), 0.5)
    blue = np.full((96, 128, 3), (0, 0, 255), np.uint8)
    after = images.save(blue, request.replace(prompt="b", inputs=(start,)), Provenance(), paths.pictures()).path
    window = make_window()
    pick(qtbot, window, after)
    qtbot.waitUntil(lambda: window.menus.actions["before_after"].isEnabled())
    qtbot.keyClick(
        window.gallery, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    view = compare_view(window)
    qtbot.waitUntil(view.isVisible)
    return view


def colour(view: BeforeAfter, share: float) -> str:
    """What is seen at a share of the pictures' width, below the words."""
    seen = view.seen()
    place = QPointF(seen.left() + share * seen.width(), seen.bottom() - 20)
    return str(view.grab().toImage().pixelColor((place * view.devicePixelRatioF()).toPoint()).name())


RED, BLUE = "#ff0000", "#0000ff"


def test_the_words_stand_on_a_ground_of_their_own(compared: BeforeAfter) -> None:
    image, seen = compared.grab().toImage(), compared.seen()
    ground = colours().color("viewer").name()
    for x in (seen.left() + 11, seen.right() - 11):
        at = QPointF(x, seen.top() + 18) * compared.devicePixelRatioF()
        assert image.pixelColor(at.toPoint()).name() == ground


def test_before_is_left_of_the_divider_and_after_right_of_it(compared: BeforeAfter) -> None:
    assert (colour(compared, 0.4), colour(compared, 0.6)) == (RED, BLUE)
    assert compared.accessibleName() == "Before and after"
    assert "50 %" in compared.accessibleDescription()


def test_the_mouse_drags_the_divider(qtbot: QtBot, compared: BeforeAfter) -> None:
    seen, start = compared.seen(), compared.handle().toPoint()
    end = QPoint(round(seen.left() + 0.2 * seen.width()), start.y())
    qtbot.mousePress(compared, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(compared, end)
    qtbot.mouseRelease(compared, Qt.MouseButton.LeftButton, pos=end)
    assert compared.divider == pytest.approx(0.2, abs=0.01)
    assert (colour(compared, 0.1), colour(compared, 0.4)) == (RED, BLUE)


def test_the_keys_move_the_divider_and_close_the_view(qtbot: QtBot, compared: BeforeAfter) -> None:
    qtbot.keyClick(compared, Qt.Key.Key_Right)
    assert compared.divider == pytest.approx(0.52)
    qtbot.keyClick(compared, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert compared.divider == pytest.approx(0.42)
    qtbot.keyClick(compared, Qt.Key.Key_End)
    assert colour(compared, 0.95) == RED
    qtbot.keyClick(compared, Qt.Key.Key_Home)
    assert colour(compared, 0.05) == BLUE
    qtbot.keyClick(compared, Qt.Key.Key_Escape)
    assert not compared.isVisible()


def test_both_pictures_are_zoomed_and_moved_together(qtbot: QtBot, compared: BeforeAfter) -> None:
    qtbot.keyClick(compared, Qt.Key.Key_Plus)
    assert compared.view.zoom == pytest.approx(1.5 * compared.view.fit_zoom)
    place = compared.seen().center()
    wheel = QWheelEvent(
        place, compared.mapToGlobal(place), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(compared, wheel)
    assert compared.view.zoom == pytest.approx(1.5 * 1.44 * compared.view.fit_zoom)
    before = compared.view.target.x()
    start = compared.handle().toPoint() + QPoint(120, 40)
    qtbot.mousePress(compared, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(compared, start + QPoint(60, 0))
    qtbot.mouseRelease(compared, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    assert compared.view.target.x() > before
    assert compared.divider == 0.5
    assert (colour(compared, 0.4), colour(compared, 0.6)) == (RED, BLUE)
    qtbot.keyClick(compared, Qt.Key.Key_0)
    assert compared.view.fits


def test_two_selected_pictures_of_other_shapes_are_told(
    qtbot: QtBot, make_pictures: Pictures, make_window: Windows
) -> None:
    first = make_pictures(1)[0]
    wide = images.save(np.zeros((32, 90, 3), np.uint8), GenerationRequest("w"), Provenance(), paths.pictures()).path
    window = make_window()
    pick(qtbot, window, first, wide)
    assert window.menus.actions["before_after"].isEnabled()
    window.menus.actions["before_after"].trigger()
    qtbot.waitUntil(lambda: "differ in their shapes" in window.bar.text.text())
    assert not compare_view(window).isVisible()


def test_a_parent_that_is_gone_is_told(qtbot: QtBot, window: MainWindow, house: Path) -> None:
    with qtbot.waitSignal(window.engine.generated, timeout=10_000):
        window.menus.actions["enlarge_2"].trigger()
    (made,) = larger()
    pick(qtbot, window, made)
    house.unlink()
    qtbot.waitUntil(lambda: window.menus.actions["before_after"].isEnabled())
    window.menus.actions["before_after"].trigger()
    qtbot.waitUntil(lambda: "cannot be found" in window.bar.text.text())
