"""The length of the prompt, counted with the real tokenizer of the bundled model."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.backends.local.token_count import TokenCounter
from app.diffusion.families.sana import PromptTokens
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.paths import resources
from app.ui.main_window import MainWindow
from app.ui.panel.prompt.token_count import TokenCount
from tests.gui.doubles import SPRINT, ScriptedBackend

LONG = "🐈 A Red sailboat on the sea, " * 40


class Counting(ScriptedBackend):
    counter = TokenCounter()

    def count_tokens(self, model: str, prompt: str) -> PromptTokens:
        return self.counter.count(open_checkpoint(resources() / "starter"), prompt)


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window(Counting(), ScriptedBackend("mlx", "MLX", {"cloudy": SPRINT}))


@pytest.fixture
def label(window: MainWindow) -> TokenCount:
    found = window.findChild(TokenCount, "tokenLabel")
    assert found is not None
    return found


def test_nothing_is_said_while_there_is_room(qtbot: QtBot, window: MainWindow, label: TokenCount) -> None:
    window.panel.prompt.replace("a red house, " * 14)  # 57 of 63 tokens
    qtbot.waitUntil(lambda: label.text() == "Nearly as long as this model can read.")
    assert label.isVisible()
    assert not window.panel.prompt.extraSelections()
    window.panel.prompt.replace("a red sailboat on the sea")
    qtbot.waitUntil(lambda: not label.isVisible())


def test_what_does_not_fit_is_crossed_out(qtbot: QtBot, window: MainWindow, label: TokenCount) -> None:
    window.panel.prompt.replace(LONG)
    qtbot.waitUntil(lambda: "crossed out" in label.text())
    (mark,) = window.panel.prompt.extraSelections()
    assert mark.format.fontStrikeOut()
    crossed = mark.cursor.selectedText()
    assert LONG.endswith(crossed)
    kept = Counting().count_tokens("starter", LONG[: len(LONG) - len(crossed)])
    assert not kept.cut
    assert 60 <= kept.tokens <= 63
    window.panel.prompt.replace("a house")
    qtbot.waitUntil(lambda: not window.panel.prompt.extraSelections())


def test_a_backend_that_cannot_tell_shows_nothing(qtbot: QtBot, window: MainWindow, label: TokenCount) -> None:
    window.panel.prompt.replace(LONG)
    qtbot.waitUntil(label.isVisible)
    window.panel.choice.choose("mlx", "cloudy")
    assert not label.isVisible()
