"""Prompts without end, and files that take their time: neither stops the window."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.core.events import Failed
from app.core.message import message, plain
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobProgress, JobState
from app.library.pictures import images
from app.ui.controls.text.long_text import BEGINNING, LONGEST_SHOWN
from app.ui.main_window import MainWindow

LENGTH = 100_000
ENDLESS = {
    "words": "a red boat under soft golden light ",
    "one word": "boat",
    "lines": "boat\n",
    "Chinese": "红色的船在柔和的光线下",
    "emoji": "🚢é",
}


@pytest.fixture(params=list(ENDLESS.values()), ids=list(ENDLESS))
def endless(request: pytest.FixtureRequest) -> GenerationRequest:
    text = (request.param * LENGTH)[:LENGTH]
    return GenerationRequest(
        text, text, model="starter", width=64, height=64, steps=7, guidance=3.5, solver="dpmpp", seed=1,
        options=(("style", text),),
    )  # fmt: skip


@contextmanager
def at_once(seconds: float = 1.0) -> Iterator[None]:
    """The window is never held up for that long. What it takes for real is a tenth of that."""
    began = time.process_time()
    yield
    QApplication.processEvents()
    assert time.process_time() - began < seconds


def longest_text(window: QWidget) -> int:
    """Characters of the longest text that any part of the window holds."""
    parts = [window, *window.findChildren(QWidget)]
    texts = [each.text() for each in parts if isinstance(each, QLabel | QAbstractButton)]
    texts += [text for each in parts for text in (each.toolTip(), each.accessibleName(), each.accessibleDescription())]
    return max(map(len, texts))


def test_a_picture_with_a_prompt_without_end(
    qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow], endless: GenerationRequest
) -> None:
    made = Provenance(note=plain(endless.prompt), licence=endless.prompt, model=endless.prompt)
    path = images.save(np.zeros((64, 64, 3), np.uint8), endless, made, home / "Pictures").path
    picture = images.read(path)
    window = make_window()
    window.gallery.select(path)
    qtbot.waitUntil(lambda: window.selection.picture is not None, timeout=20_000)
    with at_once():
        window.inspector.show_picture(picture)
    assert longest_text(window) <= BEGINNING + 1
    window.resize(900, 600)
    with at_once():
        window.resize(1100, 700)
    button = window.inspector.findChild(QAbstractButton, "showAllButton")
    assert button is not None
    with at_once(3):  # ten thousand characters, on demand
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert longest_text(window) <= LONGEST_SHOWN + 1
    window.selection.view(path)
    qtbot.waitUntil(lambda: bool(window.viewer.accessibleDescription()))
    with at_once():
        window.viewer.set_caption(path, picture.prompt)
        window.viewer.grab()
    index = window.model.index_of(path)
    with at_once():
        tip = window.model.data(index, Qt.ItemDataRole.ToolTipRole)
        called = window.model.data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert len(tip) < 3000
    assert len(called) < 1000


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.PAUSED, JobState.FAILED])
def test_a_job_with_a_prompt_without_end(window: MainWindow, endless: GenerationRequest, state: JobState) -> None:
    words = message("{text}", text=endless.prompt)
    failure = Failed(words, words) if state is JobState.FAILED else None
    job = Job(endless, state=state, progress=JobProgress(waits_for=words), failure=failure)
    with at_once():
        window.queue.show_jobs((job,))
        window.queue.open_jobs()
    window.queue.popover.hide()
    assert longest_text(window) <= BEGINNING + 1


def test_a_prompt_without_end_in_the_panel_its_history_and_the_search(
    qtbot: QtBot, window: MainWindow, endless: GenerationRequest
) -> None:
    with at_once(3):  # the field lays ten thousand characters out
        window.panel.apply(endless)
    window.panel.prompt.remember(endless.prompt)
    with at_once():
        window.panel.words.history.fill()
    with at_once():
        window.header.search.setText(endless.prompt)
        window.page.show_state()
    assert longest_text(window) <= BEGINNING + 1
