"""The strip with the months beside the gallery."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.library import paths
from app.library.pictures.index.query import Query
from app.ui.gallery.timeline.marks import days, months
from app.ui.gallery.timeline.timeline import Timeline
from app.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
DAYS = [date(2025, 11, 3), date(2025, 12, 30), date(2026, 1, 2), date(2026, 3, 12)]


def at(when: date, hour: int = 12) -> float:
    return datetime(when.year, when.month, when.day, hour).timestamp()


@pytest.fixture
def dated(qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow]) -> MainWindow:
    """A window with six pictures of each of these days, four in a row."""
    for when in DAYS:
        for number in range(6):
            path = paths.pictures() / f"{when.isoformat()} {number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (64, 64), (30 * number, 0, 0)).save(path)
            os.utime(path, (at(when) + number, at(when) + number))
    window = make_window()
    window.gallery.set_tile_size(300)
    qtbot.waitUntil(lambda: window.timeline.isVisible() and len(window.timeline.marks) == 4)
    return window


def seen(window: MainWindow) -> str:
    """The day of the first picture in sight."""
    index = window.gallery.indexAt(QPoint(40, 40))
    path = window.model.path_at(index.row())
    assert path is not None
    return path.name.split()[0]


def test_months_and_days_begin_where_they_do() -> None:
    times = [at(when, hour) for when in reversed(DAYS) for hour in (20, 3)]
    assert [(mark.place, mark.when) for mark in months(times)] == list(zip((0, 2, 4, 6), reversed(DAYS), strict=True))
    assert [mark.place for mark in months(sorted(times))] == [0, 2, 4, 6]
    close = [at(DAYS[0]) + hours * 3600 for hours in (0, 1, 24, 25, 48)]
    assert [mark.place for mark in days(close)] == [0, 2, 4]
    assert months([]) == []


def test_times_of_all_reason_and_beyond_are_marked() -> None:
    assert len(months([-1e30, 0.0, at(DAYS[0]), 1e30])) == 4


def test_a_press_goes_to_a_month_and_a_drag_through_all(qtbot: QtBot, dated: MainWindow) -> None:
    timeline = dated.timeline
    assert [text for _, text in timeline.labels()] == ["Mar 26", "Jan", "Dec 25", "Nov"]
    for mark in timeline.marks[:3]:
        qtbot.mouseClick(timeline, LEFT, pos=QPoint(20, round(timeline.height_of(mark.place))))
        assert seen(dated) in {mark.when.isoformat(), (timeline.marks[timeline.marks.index(mark) - 1]).when.isoformat()}
    assert dated.gallery.verticalScrollBar().value() > 0
    qtbot.mousePress(timeline, LEFT, pos=QPoint(20, timeline.height() // 2))
    qtbot.mouseMove(timeline, QPoint(20, 2))
    qtbot.mouseRelease(timeline, LEFT, pos=QPoint(20, 2))
    assert seen(dated) == "2026-03-12"
    assert timeline.accessibleDescription() == "Thursday, March 12, 2026"


def test_the_keys_go_from_month_to_month(qtbot: QtBot, dated: MainWindow) -> None:
    timeline = dated.timeline
    timeline.setFocus()
    for _ in range(2):
        qtbot.keyClick(timeline, Qt.Key.Key_Down)
    assert dated.gallery.verticalScrollBar().value() > 0
    qtbot.keyClick(timeline, Qt.Key.Key_Home)
    assert dated.gallery.verticalScrollBar().value() == 0
    assert seen(dated) == "2026-03-12"


def test_it_follows_the_gallery_and_what_is_searched_for(qtbot: QtBot, dated: MainWindow) -> None:
    dated.gallery.verticalScrollBar().setValue(dated.gallery.verticalScrollBar().maximum())
    assert "November" in dated.timeline.accessibleDescription() or "December" in dated.timeline.accessibleDescription()
    dated.header.search.setText("2025-12-30")
    qtbot.waitUntil(lambda: not dated.timeline.isVisible())


def test_it_speaks_the_windows_language(dated: MainWindow, speak: Callable[[str], None]) -> None:
    speak("zh")
    assert dated.timeline.words(0) == "2026年3月12日星期四"


def test_a_hundred_thousand_pictures_are_marked_at_once(qtbot: QtBot) -> None:
    begin = datetime(2016, 1, 1)
    times = [(begin + timedelta(minutes=50 * number)).timestamp() for number in range(100_000)][::-1]
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(52, 700)
    start = time.perf_counter()
    timeline.set_times(times)
    timeline.grab()
    assert time.perf_counter() - start < 0.2
    assert len(timeline.marks) > 100
    assert len(timeline.labels()) < 45
    assert [text[-2:] for _, text in timeline.labels() if text[-2:].isdigit()] == [str(y) for y in range(25, 15, -1)]


def test_the_library_tells_times_in_the_order_of_the_pictures(dated: MainWindow) -> None:
    times = list(dated.engine.gallery.times(Query()))
    assert times == sorted(times, reverse=True)
    assert len(times) == len(dated.engine.gallery.times(Query(text="2025"))) + 12 == 24
