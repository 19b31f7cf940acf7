"""Zoom and pan, as the viewer, the mask editor and the views that compare have them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMargins, QPointF, QRectF
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.viewer.view import LARGEST_ZOOM, View

MARGINS = QMargins(20, 40, 20, 40)


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(440, 280)
    return made


def view_of(widget: QWidget, width: int = 800, height: int = 400, **options: bool) -> View:
    view = View(widget, MARGINS, **options)
    view.bounds = QRectF(0, 0, width, height)
    return view


def test_a_picture_fits_within_the_margins(widget: QWidget) -> None:
    view = view_of(widget)
    assert view.target == QRectF(20, 40, 400, 200)
    assert (view.fits, view.zoom) == (True, 0.5)
    widget.resize(240, 280)
    assert view.target == QRectF(20, 90, 200, 100)


@pytest.mark.parametrize("loose", [False, True])
def test_what_is_under_the_mouse_stays_there(widget: QWidget, loose: bool) -> None:
    view, at = view_of(widget, loose=loose), QPointF(150, 120)
    pixel = view.to_pixels(at)
    for zoom in (1.3, 4.0, 2.0, 1.1):
        view.set_zoom(zoom, at)
        assert view.zoom == zoom
        again = view.to_pixels(at)
        assert (again.x(), again.y()) == pytest.approx((pixel.x(), pixel.y()))


def test_zooms_have_bounds(widget: QWidget) -> None:
    view = view_of(widget)
    view.set_zoom(1000)
    assert view.zoom == LARGEST_ZOOM
    view.set_zoom(0)
    assert view.fits
    small = view_of(widget, 10, 5)
    small.set_zoom(1000)
    assert small.zoom == 80, "twice what fits"
    small.set_zoom(0)
    assert small.zoom == 1, "its own pixels"
    assert small.target.center() == small.room.center()


@pytest.mark.parametrize("fills", [False, True])
def test_no_drag_shows_the_ground_beside_a_larger_picture(widget: QWidget, fills: bool) -> None:
    view = view_of(widget, fills=fills)
    view.set_zoom(1.0)
    for distance in (QPointF(5000, -5000), QPointF(-5000, 5000)):
        view.pan(distance)
        assert view.target.contains(view.area)
    view.pan(QPointF(7, -3))
    assert view.target.right() == view.area.right() + 7, "nothing of the drag before is left over"


def test_a_picture_that_fits_moves_only_where_it_is_loose(widget: QWidget) -> None:
    view, loose = view_of(widget), view_of(widget, loose=True)
    for each in (view, loose):
        each.pan(QPointF(30, 10))
    assert view.target.topLeft() == QPointF(20, 40)
    assert loose.target.topLeft() == QPointF(50, 50)
    loose.pan(QPointF(10_000, 0))
    assert loose.target.left() == loose.room.center().x(), "its edge stays in sight"


def test_another_picture_is_seen_at_the_same_place(widget: QWidget) -> None:
    first, second = view_of(widget), view_of(widget, 1600, 800)
    first.set_zoom(2.0, QPointF(100, 100))
    second.follow(first)
    assert second.zoom == pytest.approx(1.0)
    assert second.target.getRect() == pytest.approx(first.target.getRect())
    first.fit()
    second.follow(first)
    assert second.fits


def test_nothing_is_zoomed_before_there_is_a_picture(widget: QWidget) -> None:
    view, other = view_of(widget, 0, 0, loose=True), view_of(widget)
    view.set_zoom(3)
    view.pan(QPointF(5, 5))
    other.follow(view)
    assert view.fits
    assert other.fits


def test_its_own_pixels_on_a_sharp_screen(widget: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(widget), "devicePixelRatioF", lambda _: 2.0)
    view = view_of(widget, 400, 200)
    assert view.zoom == 2.0
    view.set_zoom(1.0)
    assert view.target.width() == 200
