"""The worker starts while the prompt is typed, and some seconds after the window is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.request import GenerationRequest
from app.ui.main_window import MainWindow
from app.ui.start.head_start import HeadStart


@pytest.mark.parametrize("typed", [True, False])
def test_the_engine_gets_ready_for_the_chosen_model(
    qtbot: QtBot, make_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, typed: bool
) -> None:
    window = make_window()
    asked: list[GenerationRequest] = []
    monkeypatch.setattr(window.engine, "prepare", asked.append)
    HeadStart(window.panel, window.engine, settled_ms=60_000 if typed else 20)
    if typed:
        QTest.keyClicks(window.panel.prompt, "a")
    qtbot.waitUntil(lambda: bool(asked))
    assert (asked[0].model, asked[0].backend) == ("starter", "auto")
