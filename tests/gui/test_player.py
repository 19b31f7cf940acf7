"""A clip in the viewer: it plays, stops, goes frame by frame, and is zoomed and dragged as a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.viewer.player.reader import AHEAD, ClipReader
from app.ui.viewer.viewer import Viewer
from tests.gui.clips import write_mp4
from tests.gui.test_dragging import Dragged, dragged, pull

__all__ = ["dragged"]

LEFT = Qt.MouseButton.LeftButton
FRAMES = 17


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_mp4(tmp_path / "a boat.mp4", FRAMES)


@pytest.fixture
def viewer(qtbot: QtBot, make_window: Callable[..., MainWindow], clip: Path) -> Viewer:
    """The viewer with a clip that plays."""
    viewer = make_window().viewer
    viewer.open(clip, "1 / 1")
    qtbot.waitUntil(viewer.shows_clip)
    return viewer


def part(viewer: Viewer, kind: type[QWidget], name: str) -> QWidget:
    found = viewer.findChild(kind, name)
    assert found is not None, name
    return found


def press(qtbot: QtBot, viewer: Viewer, name: str) -> None:
    qtbot.mouseClick(part(viewer, QToolButton, name), LEFT)


def plays(viewer: Viewer) -> bool:
    return viewer.playback.playing


def seen(viewer: Viewer) -> int:
    """The number of the frame that is painted, by its grey."""
    viewer.repaint()
    corner = viewer.view.target.bottomRight().toPoint() - QPoint(8, 8)
    grey = QColor(viewer.grab().toImage().pixelColor(corner * viewer.devicePixelRatioF())).green()
    return round((grey - 20) / 2)


def stopped(qtbot: QtBot, viewer: Viewer, index: int) -> None:
    """At this frame, and it is seen."""
    qtbot.waitUntil(lambda: viewer.playback.index == index and abs(seen(viewer) - index) <= 1)
    assert not plays(viewer)


def test_it_plays_at_once_again_and_again(qtbot: QtBot, viewer: Viewer) -> None:
    passed: list[int] = []
    viewer.frameShown.connect(lambda: passed.append(viewer.playback.index))
    assert plays(viewer)
    qtbot.waitUntil(lambda: passed != sorted(passed), timeout=15_000)
    assert max(passed) <= FRAMES - 1
    assert passed[-1] < FRAMES // 2, "from the beginning again"
    assert part(viewer, QWidget, "playerBar").isVisible()


def test_space_pauses_and_plays_and_escape_closes(qtbot: QtBot, viewer: Viewer) -> None:
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert viewer.isVisible()
    assert not plays(viewer)
    assert part(viewer, QToolButton, "playButton").accessibleName() == "Play (space)"
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert plays(viewer)
    press(qtbot, viewer, "playButton")
    assert not plays(viewer)
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()
    assert not viewer.shows_clip()


def test_frame_by_frame_with_keys_and_buttons(qtbot: QtBot, viewer: Viewer) -> None:
    qtbot.keyClick(viewer, Qt.Key.Key_Home)
    qtbot.keyClick(viewer, Qt.Key.Key_Period)
    qtbot.keyClick(viewer, Qt.Key.Key_Period)
    now = viewer.playback.index
    stopped(qtbot, viewer, now)
    qtbot.keyClick(viewer, Qt.Key.Key_Comma)
    stopped(qtbot, viewer, now - 1)
    press(qtbot, viewer, "nextFrameButton")
    stopped(qtbot, viewer, now)
    press(qtbot, viewer, "previousFrameButton")
    stopped(qtbot, viewer, now - 1)
    qtbot.keyClick(viewer, Qt.Key.Key_End)
    stopped(qtbot, viewer, FRAMES - 1)
    qtbot.keyClick(viewer, Qt.Key.Key_Period)
    stopped(qtbot, viewer, 0)


def test_arrows_still_walk_to_other_pictures(qtbot: QtBot, viewer: Viewer) -> None:
    for widget in (viewer, part(viewer, QToolButton, "playButton"), part(viewer, QToolButton, "loopButton")):
        with qtbot.waitSignal(viewer.walked) as walked:
            qtbot.keyClick(widget, Qt.Key.Key_Right)
        assert walked.args == [1]


def test_the_slider_goes_where_it_is_pressed_and_follows_the_mouse(qtbot: QtBot, viewer: Viewer) -> None:
    slider = part(viewer, QSlider, "frameSlider")
    middle = slider.height() // 2
    qtbot.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, middle))
    qtbot.waitUntil(lambda: viewer.playback.index == FRAMES // 2)
    QTest.qWait(150)
    assert viewer.playback.index == FRAMES // 2, "the mouse holds it"
    qtbot.mouseMove(slider, QPoint(slider.width() - 2, middle))
    qtbot.waitUntil(lambda: abs(seen(viewer) - (FRAMES - 1)) <= 1)
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(slider.width() - 2, middle))
    assert viewer.playback.playing, "as it did before"
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    viewer.playback.seek(3)
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    stopped(qtbot, viewer, 4)


def test_without_a_loop_it_ends_at_its_last_frame(qtbot: QtBot, viewer: Viewer) -> None:
    qtbot.keyClick(viewer, Qt.Key.Key_L)
    loop = part(viewer, QToolButton, "loopButton")
    assert isinstance(loop, QToolButton)
    assert not loop.isChecked()
    qtbot.waitUntil(lambda: not viewer.playback.playing, timeout=5000)
    stopped(qtbot, viewer, FRAMES - 1)
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: 0 < viewer.playback.index < FRAMES - 1)
    press(qtbot, viewer, "loopButton")
    assert viewer.playback.loops


def test_speed_from_a_quarter_to_double(qtbot: QtBot, viewer: Viewer) -> None:
    box = part(viewer, QComboBox, "speedBox")
    assert isinstance(box, QComboBox)
    assert [box.itemText(row) for row in range(box.count())] == ["0.25×", "0.5×", "1×", "1.5×", "2×"]
    for _ in range(9):
        qtbot.keyClick(viewer, Qt.Key.Key_Greater, Qt.KeyboardModifier.ShiftModifier)
    assert viewer.playback.speed == 2.0
    for _ in range(9):
        qtbot.keyClick(viewer, Qt.Key.Key_Less, Qt.KeyboardModifier.ShiftModifier)
    assert (viewer.playback.speed, box.currentText()) == (0.25, "0.25×")
    viewer.playback.seek(0)
    QTest.qWait(600)
    assert 1 <= viewer.playback.index <= 3, "0.6 s at 4 frames a second"


def test_the_time_tells_where_it_is(qtbot: QtBot, viewer: Viewer) -> None:
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    viewer.playback.seek(8)
    label = part(viewer, QLabel, "timeLabel")
    assert isinstance(label, QLabel)
    assert label.text() == "0.5 of 1.1 s · 9 / 17"


def test_it_is_zoomed_and_moved_as_a_picture(qtbot: QtBot, viewer: Viewer) -> None:
    qtbot.waitUntil(lambda: not viewer.view.bounds.isEmpty())
    fitting = viewer.zoom_factor()
    bottom = viewer.view.target.bottom()
    assert bottom <= part(viewer, QWidget, "playerBar").y(), "the buttons hide nothing of it"
    qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    assert viewer.zoom_factor() == pytest.approx(1.5 * fitting)
    before = viewer.view.target.center()
    qtbot.mousePress(viewer, LEFT, pos=viewer.rect().center())
    qtbot.mouseMove(viewer, viewer.rect().center() + QPoint(30, 0))
    qtbot.mouseRelease(viewer, LEFT, pos=viewer.rect().center() + QPoint(30, 0))
    assert viewer.view.target.center() != before
    QTest.qWait(100)
    assert viewer.zoom_factor() == pytest.approx(1.5 * fitting), "further frames leave it so"
    qtbot.keyClick(viewer, Qt.Key.Key_0)
    assert viewer.view.fits


def test_its_file_is_dragged_out(qtbot: QtBot, viewer: Viewer, clip: Path, dragged: Dragged) -> None:
    qtbot.waitUntil(lambda: not viewer.view.bounds.isEmpty())
    pull(qtbot, viewer, viewer.rect().center())
    ((actions, files, data),) = dragged
    assert (actions, files) == (Qt.DropAction.CopyAction, [str(clip)])
    assert not data.hasImage(), "its file alone: a clip is no picture"


def test_a_picture_after_a_clip_has_no_player(
    qtbot: QtBot, viewer: Viewer, make_pictures: Callable[[int], list[Path]]
) -> None:
    viewer.open(make_pictures(1)[0], "2 / 2")
    qtbot.waitUntil(lambda: viewer.zoom_factor() > 1)
    assert not part(viewer, QWidget, "playerBar").isVisible()
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert not viewer.isVisible()


def test_tab_reaches_the_players_buttons(qtbot: QtBot, viewer: Viewer) -> None:
    names = set()
    for _ in range(20):
        qtbot.keyClick(viewer.window().focusWidget(), Qt.Key.Key_Tab)
        names.add(viewer.window().focusWidget().objectName())
    assert set(viewer.player.stops) <= names


def test_a_clip_that_cannot_be_read_is_told(
    qtbot: QtBot, make_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0\0\0\x18ftypisom" + bytes(200))
    viewer = make_window().viewer
    with qtbot.waitSignal(viewer.problem) as told:
        viewer.open(broken, "1 / 1")
    assert "broken.mp4" in str(told.args[0].message)
    assert not viewer.isVisible()


def test_only_a_few_frames_are_kept(qtbot: QtBot, tmp_path: Path) -> None:
    reader = ClipReader(write_mp4(tmp_path / "long.mp4", 60, size=(64, 64)))
    with qtbot.waitSignal(reader.opened):
        reader.start()
    for index in (0, 5, 30, 58):
        with qtbot.waitSignal(reader.came) as came:
            assert reader.want(index, ahead=True) is None
        assert came.args[0] == index
        qtbot.waitUntil(lambda: len(reader._ready) == AHEAD + 1)
    assert sorted(reader._ready) == [0, 1, 2, 58, 59], "what follows the last frame is the first"
    assert reader.want(0) is not None
    reader.close(wait=True)
    assert not reader._ready


def test_a_gif_that_does_not_move_is_a_picture(
    qtbot: QtBot, make_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    still = tmp_path / "still.gif"
    Image.new("RGB", (40, 30), "#2060c0").save(still)
    viewer = make_window().viewer
    viewer.open(still, "1 / 1")
    qtbot.waitUntil(lambda: not viewer.view.bounds.isEmpty())
    assert not viewer.shows_clip()
    assert not part(viewer, QWidget, "playerBar").isVisible()
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert not viewer.isVisible()
