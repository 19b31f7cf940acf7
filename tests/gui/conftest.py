"""The window on scripted backends; everything between them is the product's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.engine.engine import Engine
from app.library import paths
from app.library.pictures import images
from app.ui.main_window import MainWindow
from app.ui.words.language import use_language
from tests.gui.doubles import ScriptedBackend, make_engine

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Qt's own warnings fail the tests of the window."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support "))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The window speaks English where no test asks for something else, whatever this machine's user speaks."""
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("en_US"))


@pytest.fixture(autouse=True)
def no_window_is_left() -> Iterator[None]:
    """A window that stays makes every later test slower: it hears of each change of style and language."""
    yield
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)], "close(window)"


@pytest.fixture
def speak(qapp: QApplication) -> Iterator[Callable[[str], None]]:
    """Choose the language for one test."""

    def choose(choice: str) -> None:
        use_language(qapp, choice)

    yield choose
    use_language(qapp, "en")


@pytest.fixture(scope="session")
def chinese() -> QTranslator:
    translator = QTranslator()
    assert translator.load(str(paths.resources() / "translations" / "sana_studio_zh.qm"))
    return translator


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend()


@pytest.fixture
def make_pictures(home: Path) -> Callable[[int], list[Path]]:
    """Save pictures into the gallery's folder, the last one the newest."""

    def make(count: int) -> list[Path]:
        made = []
        for number in range(count):
            request = GenerationRequest(
                f"a house {NUMBERS[number]}",
                width=64,
                height=64,
                steps=7,
                guidance=3.5,
                solver="dpmpp",
                seed=100 + number,
            )
            provenance = Provenance("torch", "cpu", model="Sana Starter", seconds=1.5)
            pixels = np.full((64, 64, 3), 20 * number % 256, np.uint8)
            picture = images.save(pixels, request, provenance, paths.pictures())
            os.utime(picture.path, (1_000_000 + number, 1_000_000 + number))
            made.append(picture.path)
        return made

    return make


@pytest.fixture
def make_window(qtbot: QtBot, backend: ScriptedBackend) -> Iterator[Callable[..., MainWindow]]:
    """Open the window as at a start of the app, with the pictures that are on the disk."""
    opened: list[MainWindow] = []

    def make(*backends: ScriptedBackend, start: bool = True) -> MainWindow:
        engine = make_engine(*(backends or (backend,)))
        engine.gallery.rescan()
        if start:
            engine.start()
        window = MainWindow(engine)
        opened.append(window)
        window.resize(1280, 800)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in opened:
        if isValid(window):  # a test may have closed one itself
            close(window)


def close(window: MainWindow) -> None:
    """Leave the app."""
    backends = window.engine.registry.backends.values()
    for backend in backends:
        if isinstance(backend, ScriptedBackend):
            backend.gate.set()
    window.engine.shutdown()
    window.close()
    window.engine.gallery.close()
    window.deleteLater()
    QApplication.processEvents()
    # Only a loop deletes what waits for that.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # The next window is dressed when it is complete, as at a start of the app, and not widget by widget.
    cast(QApplication, QApplication.instance()).setStyleSheet("")


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window()


@pytest.fixture
def engine(window: MainWindow) -> Engine:
    return window.engine
