"""Space opens the system's preview where there is one, with a stand-in for its program."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app import platform
from app.ui.main_window import MainWindow

SPACE = Qt.Key.Key_Space
Made = tuple[MainWindow, Callable[[], list[list[str]]], Callable[[], int]]


@pytest.fixture
def opened(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_window: Callable[..., MainWindow],
    make_pictures: Callable[[int], list[Path]],
    qtbot: QtBot,
) -> Made:
    """The window, what was previewed, and how many previews are open."""
    program, log, running = tmp_path / "preview", tmp_path / "log", tmp_path / "running"
    running.mkdir()
    program.write_text(
        f'#!/bin/sh\nfor each in "$@"; do printf "%s\\t" "$each"; done >> {log}\necho >> {log}\n'
        f"touch {running}/$$\nwhile [ -e {running}/$$ ]; do sleep 0.05; done\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(platform, "preview_command", lambda files: [str(program), "-p", *map(str, files)])
    make_pictures(3)
    window = make_window()
    window.gallery.setFocus()
    window.gallery.select(window.model.path_at(0))
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.menus.actions["quick_look"].isEnabled())

    def shown() -> list[list[str]]:
        return [line.split("\t")[:-1] for line in log.read_text().splitlines()] if log.exists() else []

    return window, shown, lambda: sum(is_alive(int(each.name)) for each in running.iterdir())


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_space_opens_it_and_the_next_one_ends_it(opened: Made, qtbot: QtBot) -> None:
    window, shown, running = opened
    QTest.keyClick(window.gallery, SPACE)
    qtbot.waitUntil(lambda: running() == 1)
    assert shown() == [["-p", str(window.model.path_at(0))]]
    assert not window.viewer.isVisible()
    QTest.keyClick(window.gallery, SPACE)
    assert running() == 0
    QTest.keyClick(window.gallery, SPACE)
    qtbot.waitUntil(lambda: running() == 1)


def test_other_pictures_take_its_place(opened: Made, qtbot: QtBot) -> None:
    window, shown, running = opened
    QTest.keyClick(window.gallery, SPACE)
    qtbot.waitUntil(lambda: running() == 1)
    QTest.keyClick(window.gallery, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window.gallery, SPACE)
    qtbot.waitUntil(lambda: len(shown()) == 2 and running() == 1)
    assert len(shown()[1]) == 4


def test_it_may_end_by_itself_and_ends_with_the_window(opened: Made, qtbot: QtBot, tmp_path: Path) -> None:
    window, shown, running = opened
    QTest.keyClick(window.gallery, SPACE)
    qtbot.waitUntil(lambda: running() == 1)
    next((tmp_path / "running").iterdir()).unlink()  # its window has a button for that
    qtbot.wait(300)
    window.menus.actions["quick_look"].trigger()
    qtbot.waitUntil(lambda: len(shown()) == 2 and running() == 1)
    window.close()
    assert running() == 0


def test_without_its_program_the_viewer_opens(
    opened: Made, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, tmp_path: Path
) -> None:
    window, _, running = opened
    monkeypatch.setattr(platform, "preview_command", lambda files: [str(tmp_path / "missing")])
    QTest.keyClick(window.gallery, SPACE)
    qtbot.waitUntil(window.viewer.isVisible)
    assert running() == 0


def test_return_opens_the_viewer_everywhere(opened: Made, qtbot: QtBot) -> None:
    window, _, running = opened
    QTest.keyClick(window.gallery, Qt.Key.Key_Return)
    qtbot.waitUntil(window.viewer.isVisible)
    assert running() == 0
