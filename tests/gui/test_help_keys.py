"""The help says what keys do where no menu has them: each is pressed, and does that."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.request import GenerationRequest
from app.engine.jobs import JobState
from app.ui.main_window import MainWindow
from app.ui.menus.help import HelpDialog
from app.ui.viewer.mask.tools import Tool
from app.ui.viewer.view import View
from tests.gui.doubles import ScriptedBackend

NATIVE = QKeySequence.SequenceFormat.NativeText
Probes = dict[str, Callable[[], Any]]


@pytest.fixture
def window(
    qtbot: QtBot, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]
) -> MainWindow:
    make_pictures(3)
    made = make_window()
    made.gallery.setFocus()
    made.gallery.select(made.model.path_at(1))
    qtbot.waitUntil(lambda: made.isActiveWindow() and made.menus.actions["edit"].isEnabled())
    return made


def listed(window: MainWindow, heading: str) -> dict[str, list[str]]:
    """What the help lists under a heading: commands with their keys."""
    window.menus.actions["shortcuts"].trigger()
    dialog = window.findChild(HelpDialog)
    assert dialog is not None
    lines = iter(dialog.shortcuts.toPlainText().partition(f"\n{heading}\n")[2].split("\n"))
    dialog.close()
    window.activateWindow()
    rows: dict[str, list[str]] = {}
    for name in lines:
        if name.startswith(("In the ", "Comparing", "Editing")) or not name:
            break
        rows[name] = next(lines).split(", ")
    return rows


def press(widget: QWidget, key: str) -> None:
    """Press a key as the help writes it."""
    combination = QKeySequence.fromString(key, NATIVE)[0]  # type: ignore[index]
    QTest.keyClick(widget, combination.key(), combination.keyboardModifiers())


def check(widget: QWidget, rows: dict[str, list[str]], probes: Probes) -> None:
    """The rows are those that are known here, and each of their keys changes what its probe sees."""
    assert list(rows) == list(probes)
    for name, keys in rows.items():
        for key in keys:
            before = probes[name]()
            press(widget, key)
            assert probes[name]() != before, f"{name}: {key}"


def check_close(cover: QWidget, rows: dict[str, list[str]], name: str, opened: Callable[[], object]) -> None:
    """Each of the keys closes it."""
    for key in rows.pop(name):
        opened()
        press(cover, key)
        assert not cover.isVisible(), key
    opened()


def test_among_the_pictures(window: MainWindow) -> None:
    rows = listed(window, "Among the pictures")
    assert list(rows) == ["View it large"], "and Quick Look where the system has one"
    for key in rows["View it large"]:
        press(window.gallery, key)
        assert window.viewer.isVisible(), key
        window.viewer.dismiss()


def test_in_the_viewer(window: MainWindow, qtbot: QtBot) -> None:
    viewer = window.viewer

    def opened() -> None:
        window.selection.view(window.model.path_at(1))
        qtbot.waitUntil(lambda: not viewer.view.bounds.isEmpty())

    rows = listed(window, "In the viewer")
    check_close(viewer, rows, "Close", opened)
    walk = "Next or previous picture"
    check(viewer, {walk: rows.pop(walk)}, {walk: viewer.path})
    qtbot.waitUntil(lambda: not viewer.view.bounds.isEmpty())
    zoom = viewer.zoom_factor
    viewer.set_zoom(2)
    check(viewer, rows, {"Zoom in or out": zoom, "Fit the window, or its own pixels": zoom})


def zooms(view: Callable[[], View]) -> Probes:
    return {"Zoom in or out": lambda: view().zoom, "Fit the window, or its own pixels": lambda: view().zoom}


def test_comparing_side_by_side(window: MainWindow, qtbot: QtBot) -> None:
    cover = window.comparing.side_by_side

    def view() -> View:
        return cover.panes[0].canvas.view

    def opened() -> None:
        window.menus.actions["compare"].trigger()
        qtbot.waitUntil(lambda: cover.isVisible() and not view().bounds.isEmpty())

    window.gallery.selectAll()
    rows = listed(window, "Comparing side by side")
    check_close(cover, rows, "Close", opened)
    view().set_zoom(14)
    check(cover, rows, {"Move all of them": lambda: (view().target.x(), view().target.y()), **zooms(view)})


def test_comparing_before_and_after(window: MainWindow, qtbot: QtBot) -> None:
    cover = window.comparing.before_after

    def opened() -> None:
        cover.open([window.model.path_at(0), window.model.path_at(1)])
        qtbot.waitUntil(lambda: cover.isVisible() and not cover.view.bounds.isEmpty())

    rows = listed(window, "Comparing before and after")
    check_close(cover, rows, "Close", opened)
    cover.view.set_zoom(14)
    divider: Probes = dict.fromkeys(("Move the divider", "Show only one of them"), lambda: cover.divider)
    check(cover, rows, divider | zooms(lambda: cover.view))


def test_editing_part_of_a_picture(window: MainWindow, qtbot: QtBot) -> None:
    rows = listed(window, "Editing part of a picture")

    def opened() -> None:
        window.menus.actions["edit"].trigger()
        qtbot.waitUntil(
            lambda: window.starting.editor is not None and window.starting.editor.bar.buttons["invert"].isEnabled()
        )

    opened()
    editor = window.starting.editor
    assert editor is not None
    canvas = editor.canvas
    check_close(editor, rows, "Leave", opened)
    use, hold = rows.pop("Use this mask"), rows.pop("Move the picture while it is held")
    canvas.zoom_to(2)
    canvas.set_tool(Tool.RECTANGLE)
    check(
        canvas,
        rows,
        {
            "Brush, eraser, lasso, rectangle": lambda: canvas.tool,
            "Smaller or larger brush": lambda: canvas.size_of_brush,
            "Swap what changes and what stays": lambda: editor.use.isEnabled(),
            **zooms(lambda: canvas.view),
        },
    )
    assert hold == ["Space"]
    key = Qt.Key.Key_Space
    before = canvas.cursor().shape()
    QTest.keyPress(canvas, key)
    assert canvas.cursor().shape() != before
    QTest.keyRelease(canvas, key)
    assert canvas.cursor().shape() == before
    for each in use:
        press(canvas, each)
    qtbot.waitUntil(lambda: not editor.isVisible())


def test_in_the_queue(window: MainWindow, backend: ScriptedBackend, qtbot: QtBot) -> None:
    rows = listed(window, "In the queue")
    backend.stop_at(5)
    for prompt in ("runs", "one", "two", "three"):
        assert window.jobs.submit(GenerationRequest(prompt, model="starter", backend="torch", width=256, height=256))
    qtbot.waitUntil(lambda: window.engine.jobs()[0].state is JobState.RUNNING)
    window.queue.open_jobs()
    jobs = window.queue.popover.list

    def focused() -> QWidget:
        return next(row for row in jobs.rows() if row.hasFocus())

    jobs.rows()[1].setFocus()
    assert list(rows) == ["Next or previous job", "Move the job up or down", "Remove the job"]
    for key in reversed(rows["Next or previous job"]):
        before = focused()
        press(before, key)
        assert focused() is not before, key

    def order() -> list[str]:
        return [job.request.prompt for job in window.engine.jobs()]

    jobs.rows()[2].setFocus()
    for name in ("Move the job up or down", "Remove the job"):
        for key in rows[name]:
            before_it = order()
            press(focused(), key)
            qtbot.waitUntil(partial(lambda then: order() != then, before_it))


def test_in_the_timeline(window: MainWindow) -> None:
    timeline, rows = window.timeline, listed(window, "In the timeline")
    timeline.set_times([1.7e9, 1.69e9, 1.68e9])
    jumps: list[int] = []
    timeline.jumped.connect(jumps.append)
    timeline.set_place(1)
    check(timeline, rows, {"Next or previous month": lambda: len(jumps)})
