"""The mask editor, with the mouse's and the keyboard's own events."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core.request import Extension, Role
from app.library import paths
from app.ui.main_window import MainWindow
from app.ui.viewer.mask.canvas import MaskCanvas
from app.ui.viewer.mask.editor import MaskEditor
from app.ui.viewer.mask.handles import Handle
from app.ui.viewer.mask.history import History
from app.ui.viewer.mask.mask import Mask
from app.ui.viewer.mask.painting import levels
from tests.gui.doubles import STARTER, ScriptedBackend

LEFT, MIDDLE, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(
    qtbot: QtBot, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]
) -> MainWindow:
    make_pictures(2)
    made = make_window()
    made.gallery.select(made.model.path_at(0))
    qtbot.waitUntil(lambda: made.isActiveWindow() and made.menus.actions["edit"].isEnabled())
    return made


@pytest.fixture
def editor(qtbot: QtBot, window: MainWindow) -> MaskEditor:
    """Opened by its shortcut on a picture of 64 pixels, with a brush of 8."""
    window.gallery.setFocus()
    qtbot.keyClick(window.gallery, Qt.Key.Key_E, CONTROL)
    return ready(qtbot, window)


def ready(qtbot: QtBot, window: MainWindow) -> MaskEditor:
    """The editor, once the picture is there."""
    qtbot.waitUntil(
        lambda: window.starting.editor is not None and window.starting.editor.bar.buttons["invert"].isEnabled()
    )
    editor = window.starting.editor
    assert editor is not None
    editor.bar.size_box.setValue(8)
    return editor


def place(canvas: MaskCanvas, x: float, y: float) -> QPoint:
    return canvas.to_canvas(QPointF(x, y)).toPoint()


def drag(qtbot: QtBot, canvas: MaskCanvas, *points: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
    first, *others = (place(canvas, *point) for point in points)
    qtbot.mousePress(canvas, button, pos=first)
    for there in others:
        qtbot.mouseMove(canvas, there)
    qtbot.mouseRelease(canvas, button, pos=others[-1])


def use(qtbot: QtBot, window: MainWindow) -> np.ndarray:
    """Press the button, and read the file that came of it."""
    editor = window.starting.editor
    assert editor is not None
    qtbot.mouseClick(editor.use, LEFT)
    qtbot.waitUntil(lambda: window.starting.editor is None, timeout=20_000)
    mask = window.panel.request().input(Role.MASK)
    assert mask is not None
    with Image.open(mask.path) as image:
        assert (image.format, image.mode) == ("PNG", "L")
        return np.asarray(image)


def test_what_is_painted_goes_into_the_panel(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    assert editor.canvas.objectName() == "maskCanvas"
    assert editor.canvas.accessibleName()
    assert editor.canvas.hasFocus()
    assert not editor.use.isEnabled(), "nothing is painted"
    drag(qtbot, editor.canvas, (10, 20), (50, 20))
    mask = use(qtbot, window)
    assert mask.shape == (64, 64)
    assert mask[20, 10:51].min() == 255
    assert mask[18:22, 30].min() == 255
    assert mask[:15].max() == mask[26:].max() == 0
    start = window.panel.request().input(Role.INIT)
    assert start is not None
    assert start.path == str(window.model.path_at(0))
    assert Path(window.panel.request().inputs[1].path).parent == paths.home() / "inputs"
    assert window.panel.prompt.hasFocus()
    assert (window.panel.request().width, window.panel.request().height) == (128, 128), "the nearest that it takes"


def test_each_tool_paints_its_shape(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    canvas = editor.canvas
    qtbot.mouseClick(editor.bar.tools["rectangle"], LEFT)  # type: ignore[index]
    drag(qtbot, canvas, (8, 8), (20, 30), (40, 40))
    qtbot.keyClick(canvas, Qt.Key.Key_E)
    drag(qtbot, canvas, (24, 24), (28, 24))
    qtbot.keyClick(canvas, Qt.Key.Key_L)
    drag(qtbot, canvas, (44, 44), (60, 44), (60, 60), (44, 60))
    mask = use(qtbot, window)
    assert mask[10:19, 10:38].min() == 255, "the rectangle"
    assert mask[24, 22:31].max() == 0, "the eraser"
    assert mask[46:58, 46:58].min() == 255, "the lasso"
    assert mask[42, 42] == mask[4, 4] == mask[62, 62] == 0


def test_undo_and_redo_are_the_editors_while_it_is_open(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    canvas, bar = editor.canvas, editor.bar
    drag(qtbot, canvas, (10, 10), (50, 10))
    drag(qtbot, canvas, (10, 50), (50, 50))
    qtbot.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    assert not editor.use.isEnabled()
    qtbot.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    assert window.model.pictures == 2
    qtbot.keyClick(canvas, Qt.Key.Key_Z, CONTROL | SHIFT)
    qtbot.mouseClick(bar.buttons["redo"], LEFT)
    assert not bar.buttons["redo"].isEnabled()
    qtbot.mouseClick(bar.buttons["undo"], LEFT)
    mask = use(qtbot, window)
    assert mask[10, 10:51].min() == 255
    assert mask[50].max() == 0


def test_invert_and_clear_can_be_undone(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    canvas = editor.canvas
    drag(qtbot, canvas, (10, 20), (50, 20))
    qtbot.keyClick(canvas, Qt.Key.Key_I)
    qtbot.mouseClick(editor.bar.buttons["clear"], LEFT)
    assert not editor.use.isEnabled()
    qtbot.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    mask = use(qtbot, window)
    assert mask[20, 10:51].max() == 0
    assert mask[40:].min() == 255


def test_the_bracket_keys_change_the_brush(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    canvas = editor.canvas
    for _ in range(4):
        qtbot.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert editor.bar.size_box.value() == canvas.size_of_brush == 17
    qtbot.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert canvas.size_of_brush == 14
    for _ in range(30):
        qtbot.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert canvas.size_of_brush == 1
    drag(qtbot, canvas, (10, 20), (50, 20))
    assert 1 <= np.count_nonzero(use(qtbot, window)[:, 30]) <= 3


def test_a_soft_edge_may_be_chosen_before_or_after(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    qtbot.keyClick(editor.canvas, Qt.Key.Key_R)
    drag(qtbot, editor.canvas, (8, 8), (32, 56))
    editor.bar.feather_box.setValue(6)
    drag(qtbot, editor.canvas, (32, 8), (56, 56))
    mask = use(qtbot, window)
    assert mask[32, 20:44].min() > 250, "no seam between what was painted before and after"
    for row in (mask[32, :20], mask[32, :43:-1], mask[:20, 32]):
        assert (np.diff(row.astype(int)) >= 0).all()
        assert 60 < row[8] < 200
        assert np.count_nonzero((row > 5) & (row < 250)) >= 6


def test_zoom_and_pan_and_then_paint_where_the_mouse_is(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    canvas = editor.canvas
    at, before = place(canvas, 20, 20), canvas.zoom_factor()
    wheel = QWheelEvent(
        QPointF(at), QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, wheel)
    assert canvas.zoom_factor() > 1.9 * before
    assert (place(canvas, 20, 20) - at).manhattanLength() <= 1, "what is under the mouse stays there"
    drag(qtbot, canvas, (20, 20), (24, 23), button=MIDDLE)
    moved = place(canvas, 20, 20) - at
    assert moved.x() > 20
    assert moved.y() > 20
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    drag(qtbot, canvas, (24, 23), (20, 20))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert (place(canvas, 20, 20) - at).manhattanLength() <= 2
    assert not editor.use.isEnabled(), "nothing was painted on the way"
    drag(qtbot, canvas, (20, 20), (26, 20))
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.zoom_factor() == pytest.approx(before)
    mask = use(qtbot, window)
    assert mask[20, 20:27].min() == 255
    assert mask[:, :15].max() == mask[:, 32:].max() == 0


def test_escape_keeps_what_was_painted(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    drag(qtbot, editor.canvas, (10, 20), (50, 20))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert window.starting.editor is None
    assert window.panel.request().inputs == ()
    window.gallery.setFocus()
    qtbot.keyClick(window.gallery, Qt.Key.Key_E, CONTROL)
    again = ready(qtbot, window)
    assert again.use.isEnabled()
    assert again.bar.buttons["undo"].isEnabled()
    assert use(qtbot, window)[20, 30] == 255


def test_each_picture_keeps_its_own_mask_and_edge(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    drag(qtbot, editor.canvas, (10, 20), (50, 20))
    editor.bar.feather_box.setValue(6)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    for row, feather in ((1, 0), (0, 6)):
        window.gallery.select(window.model.path_at(row))
        window.menus.actions["edit"].trigger()
        qtbot.keyClick(editor.canvas, Qt.Key.Key_I)  # before it is there, nothing happens
        assert ready(qtbot, window) is editor
        assert editor.bar.feather_box.value() == feather
        assert editor.use.isEnabled() is bool(feather)
        if not feather:
            qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    mask = use(qtbot, window)
    assert 100 < mask[20, 30] <= 255
    assert mask[45:].max() == 0


def test_from_the_viewer_and_back(qtbot: QtBot, window: MainWindow) -> None:
    window.gallery.setFocus()
    qtbot.keyClick(window.gallery, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.viewer.zoom_factor() > 1)
    shown = window.viewer.path()
    qtbot.mouseClick(window.viewer.bar.buttons["edit"], LEFT)
    editor = ready(qtbot, window)
    assert editor.path() == shown
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert window.viewer.isVisible()
    assert window.viewer.path() == shown
    qtbot.mouseClick(window.viewer.bar.buttons["edit"], LEFT)
    drag(qtbot, ready(qtbot, window).canvas, (10, 20), (50, 20))
    use(qtbot, window)
    assert not window.viewer.isVisible()


def test_the_mask_of_a_saved_picture_is_edited_again(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    """Use settings, and the mask is there as it was drawn."""
    drag(qtbot, editor.canvas, (10, 20), (50, 20))
    drawn = use(qtbot, window)
    window.panel.prompt.replace("a tree")
    window.panel.generate()
    qtbot.waitUntil(lambda: window.model.pictures == 3 and not window.engine.jobs(), timeout=20_000)
    made = window.model.path_at(0)
    window.panel.start_picture.set_path("")
    window.gallery.select(made)
    qtbot.waitUntil(lambda: window.menus.actions["use"].isEnabled())
    window.menus.actions["use"].trigger()
    button = window.panel.start_picture.findChild(QWidget, "editMaskButton")
    assert isinstance(button, QWidget)
    assert window.panel.request().input(Role.MASK) is not None
    window.starting._made()._sessions.clear()  # as after a new start of the app
    qtbot.mouseClick(button, LEFT)
    again = ready(qtbot, window)
    assert again.use.isEnabled()
    assert (use(qtbot, window) == drawn).all()


def test_a_soft_edge_can_be_made_harder_after_a_new_start(qtbot: QtBot, window: MainWindow, editor: MaskEditor) -> None:
    qtbot.keyClick(editor.canvas, Qt.Key.Key_R)
    drag(qtbot, editor.canvas, (16, 16), (48, 48))
    editor.bar.feather_box.setValue(8)
    soft = use(qtbot, window)
    assert 0 < soft[32, 14] < 250
    window.starting._made()._sessions.clear()  # as after a new start of the app
    button = window.panel.start_picture.findChild(QWidget, "editMaskButton")
    assert isinstance(button, QWidget)
    qtbot.mouseClick(button, LEFT)
    again = ready(qtbot, window)
    assert again.bar.feather_box.value() == 8
    assert (use(qtbot, window) == soft).all()
    qtbot.mouseClick(button, LEFT)
    ready(qtbot, window).bar.feather_box.setValue(0)
    hard = use(qtbot, window)
    assert not ((hard > 40) & (hard < 215)).any()
    assert hard[32, 20] == 255
    assert hard[32, 12] == 0


@pytest.mark.parametrize(
    "texts",
    [
        {"feather": "8"}, {"feather": "x", "painted": ""}, {"feather": "8", "painted": "AAAA"},
        {"feather": "-1", "painted": base64.b64encode(Mask(9, 9).png()).decode()},
        {"feather": "8", "painted": base64.b64encode(Mask(8, 9).png()).decode()},
    ],
)  # fmt: skip
def test_what_a_file_says_wrongly_of_what_was_painted_is_left_out(texts: dict[str, str]) -> None:
    mask = Mask(9, 9)
    assert not mask.take_painted(texts)
    assert mask.is_empty()
    assert mask.feather == 0


def test_tab_stays_within_the_editor(qtbot: QtBot, editor: MaskEditor) -> None:
    seen = set()
    for _ in range(20):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert editor.isAncestorOf(focused)
        seen.add(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert len(seen) == 6, "of the tools, Tab reaches the chosen one"
    assert editor.canvas in seen


def test_a_stroke_on_a_large_picture_draws_little_anew(qtbot: QtBot) -> None:
    large = QImage(4096, 4096, QImage.Format.Format_RGB888)
    large.fill(Qt.GlobalColor.gray)
    mask = Mask(4096, 4096)
    canvas = MaskCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(1200, 800)
    canvas.show()
    canvas.show_picture(levels(large), mask, History(mask))
    canvas.set_size(200)
    qtbot.wait(50)
    qtbot.mousePress(canvas, LEFT, pos=QPoint(400, 300))
    QApplication.processEvents()
    started = time.perf_counter()
    for step in range(40):
        qtbot.mouseMove(canvas, QPoint(400 + 10 * step, 300 + step))
        QApplication.processEvents()
    seconds = (time.perf_counter() - started) / 40
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(790, 339))
    assert not mask.is_empty()
    assert seconds < 0.05


@pytest.fixture
def extending(
    qtbot: QtBot, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]
) -> MainWindow:
    """With a model that can extend pictures."""
    make_pictures(1)
    made = make_window(ScriptedBackend(models={"starter": replace(STARTER, edits=True)}))
    made.gallery.select(made.model.path_at(0))
    qtbot.waitUntil(lambda: made.isActiveWindow() and made.menus.actions["edit"].isEnabled())
    made.menus.actions["edit"].trigger()
    ready(qtbot, made)
    return made


def type_into(qtbot: QtBot, editor: MaskEditor, name: str, text: str) -> None:
    box = editor.findChild(QWidget, name)
    assert isinstance(box, QWidget)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_A, CONTROL)
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Tab)


@pytest.mark.parametrize(
    ("handle", "moved", "sides"),
    [
        (Handle(1, 0), (70, 500), (0, 0, 64, 0)),
        (Handle(-1, 0), (-40, 0), (32, 0, 0, 0)),
        (Handle(-1, -1), (-64, -95), (64, 96, 0, 0)),
        (Handle(0, 1), (0, -300), (0, 0, 0, 0)),
    ],
)
def test_a_picture_is_extended_by_its_handles(
    qtbot: QtBot, extending: MainWindow, handle: Handle, moved: tuple[int, int], sides: tuple[int, ...]
) -> None:
    editor = extending.starting.editor
    assert editor is not None
    canvas = editor.canvas

    def grip() -> QPoint:
        return handle.middle(canvas.view.target).toPoint()

    start, scale = grip(), canvas.view.transform.m11()
    end = start + QPoint(round(moved[0] * scale), round(moved[1] * scale))
    qtbot.mouseMove(canvas, start)
    assert canvas.cursor().shape() == handle.cursor
    assert canvas.toolTip()
    qtbot.mousePress(canvas, LEFT, pos=start)
    qtbot.mouseMove(canvas, (start + end) / 2)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, LEFT, pos=end)
    assert tuple(box.value() for box in editor.foot.sides.values()) == sides
    assert canvas.view.bounds.width() == 64 + sides[0] + sides[2], "it is drawn, too"
    assert editor.use.isEnabled() is any(sides)
    qtbot.mouseMove(canvas, grip())
    qtbot.mousePress(canvas, LEFT, pos=grip())
    qtbot.mouseRelease(canvas, LEFT, pos=grip())
    assert tuple(box.value() for box in editor.foot.sides.values()) == sides, "a click changes nothing"
    qtbot.mouseMove(canvas, canvas.view.target.center().toPoint())
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    assert not canvas.toolTip()


def test_beside_the_handles_one_can_paint_up_to_the_edge(qtbot: QtBot, extending: MainWindow) -> None:
    editor = extending.starting.editor
    assert editor is not None
    drag(qtbot, editor.canvas, (62, 32), (63, 36))
    assert editor.canvas.history.can_undo()
    assert not any(box.value() for box in editor.foot.sides.values())


def test_a_picture_is_extended(qtbot: QtBot, extending: MainWindow) -> None:
    editor = extending.starting.editor
    assert editor is not None
    before = editor.canvas.zoom_factor()
    type_into(qtbot, editor, "rightExtendBox", "600")
    type_into(qtbot, editor, "topExtendBox", "64")
    assert editor.canvas.zoom_factor() < before, "all of it is seen"
    image = editor.canvas.grab().toImage()
    inside, outside = place(editor.canvas, 32, 32), place(editor.canvas, 300, 32)
    assert image.pixelColor(inside) != image.pixelColor(outside)
    qtbot.mouseClick(editor.use, LEFT)
    qtbot.waitUntil(lambda: extending.starting.editor is None, timeout=20_000)
    request = extending.panel.request()
    assert request.extend == Extension(0, 64, 608, 0), "in steps of 32"
    assert (request.width, request.height, request.detail) == (None, None, None)
    assert [(item.role, item.strength) for item in request.inputs] == [(Role.INIT, 1.0)]
    extending.panel.apply(request)
    assert extending.panel.request() == request


def test_details_are_worked_on_where_something_is_painted(qtbot: QtBot, extending: MainWindow) -> None:
    editor = extending.starting.editor
    assert editor is not None
    assert not editor.foot.detail.isEnabled()
    drag(qtbot, editor.canvas, (10, 20), (50, 20))
    qtbot.mouseClick(editor.foot.detail, LEFT)
    use(qtbot, extending)
    request = extending.panel.request()
    assert request.detail is True
    assert request.extend is None
    assert (request.width, request.height) == (None, None), "as large as the picture"
    button = extending.panel.start_picture.findChild(QWidget, "editMaskButton")
    assert isinstance(button, QWidget)
    qtbot.mouseClick(button, LEFT)
    again = ready(qtbot, extending)
    assert again.foot.detail.isChecked()
    qtbot.mouseClick(again.foot.detail, LEFT)
    use(qtbot, extending)
    assert extending.panel.request().detail is None


def test_a_model_that_extends_nothing_offers_nothing_of_it(qtbot: QtBot, editor: MaskEditor) -> None:
    assert not editor.foot.isVisible()
