"""What the window tells of newer versions."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from app.core.errors import UserError
from app.core.message import message
from app.library.updates import Release
from app.ui.background import Background
from app.ui.controls.message_bar import MessageBar
from app.ui.start.update_check import UpdateCheck

PAGE = "https://github.com/someone/sana-studio/releases/tag/v9.1.0"


class Feed:
    def __init__(self, answer: Release | UserError | None) -> None:
        self.answer = answer
        self.asked = 0

    def look(self) -> Release | None:
        self.asked += 1
        if isinstance(self.answer, UserError):
            raise self.answer
        return self.answer

    def look_daily(self) -> Release | None:
        self.asked += 1
        return None if isinstance(self.answer, UserError) else self.answer


class Window:
    def __init__(self, qtbot: QtBot, answer: Release | UserError | None) -> None:
        self.bar = MessageBar()
        qtbot.addWidget(self.bar)
        self.background = Background(self.bar)
        self.feed = Feed(answer)
        self.check = UpdateCheck(self.feed, self.background, self.bar, self.bar)  # type: ignore[arg-type]

    def words(self) -> str:
        return f"{self.bar.text.text()} {self.bar.remedy.text()}".strip()


def test_newer_version_is_told_and_its_page_opened_on_a_click(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    window = Window(qtbot, Release("9.1.0", PAGE))
    window.check.look()
    qtbot.waitUntil(lambda: not window.bar.isHidden())
    assert "9.1.0" in window.words()
    assert opened == []
    window.bar.action.click()
    assert opened == [PAGE]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "This is the newest version."),
        (UserError(message("No answer."), message("Try again.")), "No answer. Try again."),
    ],
)
def test_asking_is_always_answered(qtbot: QtBot, answer: UserError | None, words: str) -> None:
    window = Window(qtbot, answer)
    window.check.look()
    qtbot.waitUntil(lambda: not window.bar.isHidden())
    assert window.words() == words


@pytest.mark.parametrize("answer", [None, UserError(message("No answer."), message("Try again."))])
def test_daily_look_without_news_says_nothing(qtbot: QtBot, answer: UserError | None) -> None:
    window = Window(qtbot, answer)
    window.check.look_daily()
    window.background.close()
    qtbot.wait(10)
    assert window.feed.asked == 1
    assert window.bar.isHidden()


def test_daily_look_tells_of_a_newer_version(qtbot: QtBot) -> None:
    window = Window(qtbot, Release("9.1.0", PAGE))
    window.check.look_daily()
    qtbot.waitUntil(lambda: not window.bar.isHidden())
    assert "9.1.0" in window.words()
