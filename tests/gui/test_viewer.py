"""The viewer: open, walk, zoom, pan, close."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QNativeGestureEvent, QPainter, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import UserError
from app.core.message import message
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library.pictures import images
from app.ui.main_window import MainWindow
from app.ui.menus.commands import BENEATH
from app.ui.viewer import reading
from app.ui.viewer import viewer as viewer_module
from app.ui.viewer.viewer import Viewer
from tests.gui.doubles import SPRINT, ScriptedBackend


@pytest.fixture
def viewer(qtbot: QtBot, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]) -> Viewer:
    """The viewer, opened by the space bar on the second of three pictures."""
    make_pictures(3)
    window = make_window()
    window.gallery.setFocus()
    window.gallery.select(window.model.path_at(1))
    qtbot.keyClick(window.gallery, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.viewer.zoom_factor() > 1)  # 64 pixels, made larger to fit
    return window.viewer


def window_of(viewer: Viewer) -> MainWindow:
    window = viewer.window()
    assert isinstance(window, MainWindow)
    return window


def test_it_covers_the_window_and_takes_the_keys(qtbot: QtBot, viewer: Viewer) -> None:
    window = window_of(viewer)
    assert viewer.isVisible()
    assert viewer.hasFocus()
    assert viewer.path() == window.model.path_at(1)
    assert viewer.width() == window.width()
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: viewer.width() == 1000)


def test_tab_goes_round_within_it_and_the_other_keys_stay_the_viewers(qtbot: QtBot, viewer: Viewer) -> None:
    window, seen = window_of(viewer), []
    for _ in range(9):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert seen[-1] is viewer
    assert [each.objectName().removesuffix("Button").removesuffix("Viewer") for each in seen[:-1]] == [
        "use", "vary", "start", "edit", "upscale", "favourite", "delete", "close",
    ]  # fmt: skip
    qtbot.keyClick(viewer, Qt.Key.Key_Backtab)
    button = QApplication.focusWidget()
    assert button is seen[-2]
    qtbot.keyClick(button, Qt.Key.Key_Right)
    assert viewer.path() == window.model.path_at(2)
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Escape)
    assert not viewer.isVisible()


def click(qtbot: QtBot, viewer: Viewer, name: str) -> None:
    qtbot.waitUntil(viewer.bar.buttons[name].isEnabled)
    qtbot.mouseClick(viewer.bar.buttons[name], Qt.MouseButton.LeftButton)


def test_every_button_says_what_it_does_and_its_shortcut(viewer: Viewer, speak: Callable[[str], None]) -> None:
    for speech in ("en", "zh"):
        speak(speech)
        for name, button in viewer.bar.buttons.items():
            assert button.accessibleName() or button.text(), name
            assert button.toolTip(), name
    speak("en")
    assert viewer.bar.buttons["favourite"].toolTip() == "Favourite (Ctrl+D)"
    assert viewer.bar.buttons["favourite"].accessibleName() == "Favourite"


def test_a_favourite_set_in_the_viewer_shows_there(qtbot: QtBot, viewer: Viewer) -> None:
    window, path, star = window_of(viewer), viewer.path(), viewer.bar.star
    assert path is not None
    assert not star.isChecked()
    before = star.grab().toImage()
    qtbot.keyClick(viewer, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window.model.is_favourite(path)
    assert star.isChecked()
    assert star.grab().toImage() != before
    click(qtbot, viewer, "favourite")
    assert not window.model.is_favourite(path)
    assert not star.isChecked()
    click(qtbot, viewer, "favourite")
    assert star.isChecked()
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not star.isChecked())
    qtbot.keyClick(viewer, Qt.Key.Key_Left)
    qtbot.waitUntil(star.isChecked)


def test_its_place_is_right_after_each_change_of_the_list(
    qtbot: QtBot, viewer: Viewer, monkeypatch: pytest.MonkeyPatch, make_pictures: Callable[[int], list[Path]]
) -> None:
    assert "2 / 3" in written(viewer, monkeypatch)
    click(qtbot, viewer, "delete")
    qtbot.waitUntil(lambda: window_of(viewer).model.pictures == 2)
    qtbot.waitUntil(lambda: "2 / 2" in written(viewer, monkeypatch))
    window_of(viewer).menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: "2 / 3" in written(viewer, monkeypatch))


def test_use_settings_and_start_go_to_the_panel(qtbot: QtBot, viewer: Viewer) -> None:
    window, path = window_of(viewer), viewer.path()
    click(qtbot, viewer, "use")
    assert not viewer.isVisible()
    assert window.panel.prompt.toPlainText() == "a house one"
    window.selection.view(path)
    click(qtbot, viewer, "start")
    assert not viewer.isVisible()
    assert [item.path for item in window.panel.request().inputs] == [str(path)]
    qtbot.waitUntil(lambda: not window.panel.start_picture.visibleRegion().isEmpty())


def test_a_model_that_takes_no_start_picture_offers_none(
    qtbot: QtBot, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]
) -> None:
    (path,) = make_pictures(1)
    window = make_window(ScriptedBackend(models={"sprint": SPRINT}))
    window.selection.view(path)
    qtbot.waitUntil(window.viewer.bar.buttons["vary"].isEnabled)
    assert not window.viewer.bar.buttons["start"].isEnabled()


def test_vary_goes_on_showing_the_picture(
    qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow], backend: ScriptedBackend
) -> None:
    request = GenerationRequest("a tree", model="starter", width=128, height=128, steps=2, guidance=2.0, seed=1)
    path = images.save(np.zeros((128, 128, 3), np.uint8), request, Provenance(), home / "Pictures").path
    window = make_window()
    window.selection.view(path)
    click(qtbot, window.viewer, "vary")
    qtbot.waitUntil(lambda: window.model.pictures > 1)
    assert window.viewer.path() == path
    qtbot.waitUntil(lambda: [request.prompt for request in backend.generated] == ["a tree"])


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_it_closes_and_gives_the_focus_back(qtbot: QtBot, viewer: Viewer, key: Qt.Key) -> None:
    qtbot.keyClick(viewer, key)
    assert not viewer.isVisible()
    assert window_of(viewer).gallery.hasFocus()


def test_arrow_keys_walk_and_stop_at_the_ends(qtbot: QtBot, viewer: Viewer) -> None:
    window = window_of(viewer)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.path() == window.model.path_at(2)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.path() == window.model.path_at(2)
    for _ in range(4):
        qtbot.keyClick(viewer, Qt.Key.Key_Left)
    assert viewer.path() == window.model.path_at(0)
    assert window.gallery.current() == window.model.path_at(0)


def test_a_picture_that_cannot_be_read_is_not_told_of_once_another_is_shown(
    qtbot: QtBot, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = window_of(viewer)
    read, go_on = reading.read, threading.Event()
    broken, whole = window.model.path_at(0), window.model.path_at(2)

    def slow(path: Path) -> QImage:
        if path == broken:
            go_on.wait(10)
            raise UserError(message("It is gone."))
        return read(path)

    monkeypatch.setattr(viewer_module, "read", slow)
    window.selection.view(broken)
    window.selection.view(whole)
    go_on.set()
    qtbot.waitUntil(lambda: viewer.zoom_factor() > 1)
    qtbot.wait(50)
    assert viewer.path() == whole
    assert not window.bar.isVisible()


def test_zoom_and_pan(qtbot: QtBot, viewer: Viewer) -> None:
    fit = viewer.zoom_factor()
    qtbot.keyClick(viewer, Qt.Key.Key_1)
    assert viewer.zoom_factor() == 1
    qtbot.keyClick(viewer, Qt.Key.Key_0)
    assert viewer.zoom_factor() == fit
    for _ in range(20):
        qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    assert viewer.zoom_factor() > fit
    largest = viewer.zoom_factor()
    before = viewer.grab().toImage()
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    qtbot.mouseMove(viewer, QPoint(300, 250))
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    assert viewer.zoom_factor() == largest
    assert before.size() == viewer.grab().toImage().size()
    qtbot.mouseDClick(viewer, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    assert viewer.zoom_factor() == fit


def test_a_picture_that_is_gone_closes_it_with_a_message(qtbot: QtBot, viewer: Viewer) -> None:
    window = window_of(viewer)
    path = window.model.path_at(2)
    assert path is not None
    path.unlink()
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not viewer.isVisible())
    assert window.bar.isVisible()


def test_delete_goes_on_to_the_next_picture_and_can_be_undone(qtbot: QtBot, viewer: Viewer) -> None:
    window = window_of(viewer)
    newest, shown, oldest = (window.model.path_at(row) for row in range(3))
    assert shown is not None
    assert oldest is not None
    qtbot.keyClick(viewer, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: window.bar.isVisible())
    assert viewer.isAncestorOf(window.bar), "what can be undone is told where it is seen"
    assert not shown.exists()
    assert viewer.path() == window.gallery.current() == oldest
    window.menus.actions["delete"].trigger()  # the last of the list: back to the one before
    assert viewer.path() == newest
    qtbot.waitUntil(lambda: all(each.trashed for each in window.pictures._stack))
    window.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: viewer.path() == oldest)
    window.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: viewer.path() == shown)
    assert window.selection.paths() == [shown]


def test_deleting_the_only_picture_closes_it(
    qtbot: QtBot, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]
) -> None:
    path = make_pictures(1)[0]
    window = make_window()
    window.selection.view(path)
    window.menus.actions["delete"].trigger()
    assert not window.viewer.isVisible()
    qtbot.waitUntil(lambda: not path.exists())
    qtbot.waitUntil(lambda: window.bar.isVisible())
    assert window.page.isAncestorOf(window.bar)
    qtbot.mouseClick(window.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(path.exists)


def test_a_picture_that_another_program_deletes_closes_it(qtbot: QtBot, viewer: Viewer) -> None:
    path = viewer.path()
    assert path is not None
    path.unlink()
    window_of(viewer).model.rescan()
    qtbot.waitUntil(lambda: not viewer.isVisible())


@pytest.mark.parametrize("name", [*BENEATH, "start"])
def test_what_acts_on_the_window_beneath_closes_it(qtbot: QtBot, viewer: Viewer, name: str) -> None:
    window = window_of(viewer)
    qtbot.waitUntil(lambda: window.menus.actions[name].isEnabled())
    window.menus.actions[name].trigger()
    assert not viewer.isVisible()
    focus = {
        "find": window.header.search,
        "use": window.panel.prompt,
        "start": window.panel.findChild(QWidget, "strengthBox"),
    }
    assert focus.get(name, window.gallery).hasFocus()


def test_dropping_a_picture_closes_it(qtbot: QtBot, viewer: Viewer) -> None:
    path = viewer.path()
    assert path is not None
    window_of(viewer).open_picture(path)
    assert not viewer.isVisible()
    qtbot.waitUntil(lambda: window_of(viewer).panel.seed.value() == 101)


def test_the_mouse_closes_it(qtbot: QtBot, viewer: Viewer) -> None:
    window, left = window_of(viewer), Qt.MouseButton.LeftButton
    qtbot.mouseClick(viewer, left, pos=viewer.rect().center())
    qtbot.mouseClick(viewer, Qt.MouseButton.RightButton, pos=QPoint(10, 300))
    assert viewer.isVisible()
    qtbot.mousePress(viewer, left, pos=QPoint(10, 300))
    qtbot.mouseRelease(viewer, left, pos=viewer.rect().center())
    assert viewer.isVisible(), "that was no click"
    qtbot.mouseClick(viewer, left, pos=QPoint(10, 300))
    assert not viewer.isVisible()
    window.selection.view()
    button = viewer.findChild(QToolButton, "closeViewerButton")
    assert button is not None
    assert button.accessibleName() == "Close the viewer"
    qtbot.mouseClick(button, left)
    assert not viewer.isVisible()
    assert window.gallery.hasFocus()


def test_what_is_painted_meanwhile_does_not_take_its_place(
    qtbot: QtBot,
    make_pictures: Callable[[int], list[Path]],
    make_window: Callable[..., MainWindow],
    backend: ScriptedBackend,
) -> None:
    path = make_pictures(2)[0]
    backend.stop_at(1)
    window = make_window()
    window.jobs.submit(GenerationRequest("a tree", seed=1))
    qtbot.waitUntil(lambda: window.gallery.placeholder() is not None)
    window.selection.view(path)
    backend.gate.set()
    qtbot.waitUntil(lambda: window.model.pictures == 3)
    assert window.viewer.path() == path
    assert window.selection.paths() == [path], "Delete would delete another picture than the one that is seen"


def written(viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What stands at the foot of the viewer."""
    found: list[str] = []

    def note(painter: QPainter, foot: object, side: object, text: str, colour: object) -> None:
        found.append(text)

    monkeypatch.setattr(viewer_module, "paint_note", note)
    viewer.grab()
    return found


def test_its_foot_says_place_and_size_at_every_zoom(
    qtbot: QtBot, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: "a house one" in written(viewer, monkeypatch))
    viewer.set_zoom(1)
    assert written(viewer, monkeypatch) == ["2 / 3", "100 %"]


def turn(viewer: Viewer, pixels: QPoint, angle: QPoint, *, fingers: bool, control: bool = False) -> None:
    here = viewer.rect().center().toPointF()
    keys = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.ScrollUpdate if fingers else Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(here, viewer.mapToGlobal(here), pixels, angle, Qt.MouseButton.NoButton, keys, phase, False)
    QApplication.sendEvent(viewer, event)


def test_a_wheel_zooms_and_two_fingers_move_the_picture(qtbot: QtBot, viewer: Viewer) -> None:
    fit = viewer.zoom_factor()
    turn(viewer, QPoint(), QPoint(0, 120), fingers=False)
    assert viewer.zoom_factor() == pytest.approx(1.2 * fit)
    viewer.set_zoom(None)
    turn(viewer, QPoint(0, 30), QPoint(0, 60), fingers=True)
    assert viewer.zoom_factor() == fit, "there is nothing to move"
    viewer.set_zoom(2 * fit)
    zoom, before = viewer.zoom_factor(), viewer.view.target.topLeft()
    turn(viewer, QPoint(-30, 20), QPoint(-60, 40), fingers=True)
    assert viewer.zoom_factor() == zoom
    moved = viewer.view.target.topLeft() - before
    assert (moved.x(), moved.y()) == pytest.approx((-30, 20))
    turn(viewer, QPoint(0, -60), QPoint(0, -120), fingers=True, control=True)
    assert viewer.zoom_factor() < zoom


def test_a_pinch_zooms(qtbot: QtBot, viewer: Viewer) -> None:
    fit, here = viewer.zoom_factor(), QPointF(viewer.rect().center())

    def pinch(value: float) -> None:
        gesture = Qt.NativeGestureType.ZoomNativeGesture
        device = QPointingDevice.primaryPointingDevice()
        event = QNativeGestureEvent(gesture, device, 2, here, here, here, value, QPointF())
        QApplication.sendEvent(viewer, event)

    pinch(0.25)
    assert viewer.zoom_factor() == pytest.approx(1.25 * fit)
    for _ in range(40):
        pinch(-0.2)
    assert viewer.zoom_factor() == 1
    for _ in range(40):
        pinch(0.2)
    assert viewer.zoom_factor() == pytest.approx(max(16, 2 * fit))


def test_the_shortcuts_for_thumbnails_zoom_the_picture(viewer: Viewer) -> None:
    window, fit = window_of(viewer), viewer.zoom_factor()
    tile = window.gallery.tile_size()
    window.menus.actions["larger"].trigger()
    assert viewer.zoom_factor() > fit
    window.menus.actions["smaller"].trigger()
    assert viewer.zoom_factor() == pytest.approx(fit)
    assert window.gallery.tile_size() == tile


def test_only_the_left_button_closes_it_and_only_by_a_click(qtbot: QtBot, viewer: Viewer) -> None:
    beside, further = QPoint(5, viewer.height() // 2), QPoint(5, viewer.height() // 2 + 100)
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=beside)
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=further)
    qtbot.mouseClick(viewer, Qt.MouseButton.RightButton, pos=beside)
    assert viewer.isVisible()
    qtbot.mouseClick(viewer, Qt.MouseButton.LeftButton, pos=beside)
    assert not viewer.isVisible()


def test_a_picture_of_81_million_pixels_is_shown(
    qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow]
) -> None:
    path = home / "Pictures" / "large.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (9000, 9000), (9, 90, 9)).save(path, compress_level=1)
    window = make_window()
    window.selection.view(path)
    qtbot.waitUntil(lambda: not window.viewer._fitted.isNull(), timeout=60_000)
    assert window.viewer.isVisible()
    assert not window.bar.isVisible()
    assert window.viewer.grab().toImage().pixelColor(window.viewer.rect().center()).getRgb() == (9, 90, 9, 255)
