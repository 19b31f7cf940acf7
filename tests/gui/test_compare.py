"""Two to four pictures side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images
from app.ui.controls.style.theme import colours
from app.ui.main_window import MainWindow
from app.ui.viewer.compare.side_by_side import SideBySide

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def compared(qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow]) -> Callable[[int], SideBySide]:
    """Select so many pictures, which differ in seed and steps and partly in size, and press Compare."""

    def compare(count: int) -> SideBySide:
        for number in range(5):
            side = 64 if number % 2 else 128
            request = GenerationRequest(
                "a house", width=side, height=side, steps=10 + number, guidance=4.5, seed=number
            )
            images.save(np.full((side, side, 3), 40 * number, np.uint8), request, Provenance(), paths.pictures())
        window = make_window()
        for row in range(count):
            where = window.gallery.visualRect(window.model.index(row)).center()
            held = Qt.KeyboardModifier.ControlModifier if row else Qt.KeyboardModifier.NoModifier
            qtbot.mouseClick(window.gallery.viewport(), LEFT, held, where)
        button = window.inspector.findChild(QPushButton, "compareButton")
        assert button is not None
        qtbot.waitUntil(button.isVisible)
        assert button.isEnabled() is window.menus.actions["compare"].isEnabled() is (count <= 4)
        if count <= 4:
            qtbot.mouseClick(button, LEFT)
            qtbot.waitUntil(lambda: all(pane.caption.text() for pane in window.comparing.side_by_side.panes))
            qtbot.waitUntil(
                lambda: all(not pane.canvas.view.target.isEmpty() for pane in window.comparing.side_by_side.panes)
            )
        return window.comparing.side_by_side

    return compare


@pytest.mark.parametrize("count", [2, 3, 4])
def test_selected_pictures_stand_side_by_side_with_what_differs(
    compared: Callable[[int], SideBySide], count: int
) -> None:
    view = compared(count)
    assert view.isVisible()
    assert len(view.panes) == count
    for pane in view.panes:
        made = images.read(pane.path)
        assert made.request is not None
        words = pane.canvas.accessibleDescription()
        assert f"Steps {made.request.steps}" in words
        assert f"Seed {made.request.seed}" in words
        assert f"Size {made.width} × {made.height}" in words
        assert "Guidance" not in words, "they agree in that"
        assert "Prompt" not in words
    corners = {(pane.x(), pane.y()) for pane in view.panes}
    assert len(corners) == count
    assert len({y for _, y in corners}) == (2 if count == 4 else 1)


def test_a_picture_that_is_gone_is_told_in_its_place(
    make_pictures: Callable[[int], list[Path]], make_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    first, second = make_pictures(2)
    window = make_window()
    first.unlink()
    window.comparing.side_by_side.open([first, second])
    gone, there = (pane.canvas for pane in window.comparing.side_by_side.panes)
    qtbot.waitUntil(lambda: gone.problem is not None and not there.view.bounds.isEmpty())
    assert first.name in gone.accessibleDescription()
    image = gone.grab().toImage()
    shown = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert colours().danger in shown
    qtbot.keyClick(window.comparing.side_by_side, Qt.Key.Key_Plus)
    assert there.view.zoom == pytest.approx(1.5 * there.view.fit_zoom), "the other one can still be looked at"
    assert not window.bar.isVisible()


def test_five_are_not_compared(compared: Callable[[int], SideBySide]) -> None:
    assert not compared(5).isVisible()


def test_they_are_zoomed_and_panned_together(qtbot: QtBot, compared: Callable[[int], SideBySide]) -> None:
    view = compared(2)
    first, second = (pane.canvas for pane in view.panes)

    def places() -> list[tuple[float, float, float]]:
        """Size and place of each picture in its room, which are equally large."""
        return [(each.view.target.width(), each.view.target.x(), each.view.target.y()) for each in (first, second)]

    fit = places()[0]
    at = QPointF(first.rect().center()) + QPointF(20, 10)
    QApplication.sendEvent(
        first,
        QWheelEvent(
            at, first.mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip
    assert places()[0][0] > 2 * fit[0]
    assert places()[0] == pytest.approx(places()[1], abs=1.5)
    before = places()
    start = first.rect().center()
    qtbot.mousePress(first, LEFT, pos=start)
    qtbot.mouseMove(first, start + QPoint(30, -20))
    qtbot.mouseRelease(first, LEFT, pos=start + QPoint(30, -20))
    for (_, x, y), (_, old_x, old_y) in zip(places(), before, strict=True):
        assert (x - old_x, y - old_y) == pytest.approx((30, -20), abs=1.5)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert places()[1][1] < before[1][1] + 30
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert places()[0] == pytest.approx(fit)
    qtbot.keyClick(view, Qt.Key.Key_1)
    sizes = sorted(images.read(pane.path).width for pane in view.panes)
    assert places()[0][0] * view.devicePixelRatioF() in (pytest.approx(sizes[0]), pytest.approx(sizes[1]), fit[0])
    qtbot.mouseDClick(second, LEFT, pos=start)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view.isVisible()
