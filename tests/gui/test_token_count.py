"""The length of the prompt, counted with the real tokenizer of the bundled model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.backends.local.token_count import TokenCounter
from app.core.events import CancelCheck, Event, Generated
from app.core.request import GenerationRequest
from app.diffusion.families.sana import PromptTokens
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.paths import resources
from app.ui.main_window import MainWindow
from app.ui.panel.prompt.token_count import TokenCount
from tests.gui.doubles import SPRINT, ScriptedBackend

LONG = "🐈 A Red sailboat on the sea, " * 40


class Cutting(ScriptedBackend):
    """Leaves out what follows the 30th character of a prompt."""

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        for event in super().generate(request, cancel):
            if isinstance(event, Generated):
                yield replace(event, provenance=replace(event.provenance, prompt_cut=request.prompt[30:].strip()))
            else:
                yield event


class Counting(Cutting):
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


def generate(qtbot: QtBot, window: MainWindow) -> None:
    pictures = window.model.pictures
    qtbot.mouseClick(window.panel.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.model.pictures == pictures + 1)


def test_a_cut_that_only_the_picture_shows_is_told_once(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    window = make_window(Cutting())
    window.panel.prompt.replace("a red house, " * 50)
    generate(qtbot, window)
    assert window.bar.isVisible()
    assert window.bar.text.text().startswith("The end of the prompt was left out: “d house, a red house, a")
    assert window.bar.text.text().endswith("…”")
    assert len(window.bar.text.text()) < 130
    window.bar.dismiss()
    generate(qtbot, window)
    assert not window.bar.isVisible()
    window.panel.prompt.replace("a tree in a field, and a bird on <b>top</b>")
    generate(qtbot, window)
    assert window.bar.text.text() == "The end of the prompt was left out: “on <b>top</b>”"


def test_a_cut_that_was_crossed_out_is_not_told_again(qtbot: QtBot, window: MainWindow, label: TokenCount) -> None:
    window.panel.prompt.replace(LONG)
    qtbot.waitUntil(lambda: "crossed out" in label.text())
    generate(qtbot, window)
    assert not window.bar.isVisible()
