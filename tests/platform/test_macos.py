"""The Mac's module, with stand-ins at the very edge: Apple's frameworks."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.platform import linux, macos

USER_INITIATED = 0x00FFFFFF


class Frameworks:
    """Notes what AppKit is asked, by selector."""

    def __init__(self, bundle: str, granted: bool) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.granted = granted
        process = SimpleNamespace(
            beginActivityWithOptions_reason_=lambda options, reason: self._note("begin", (options, reason)) or "token",
            endActivity_=lambda token: self._note("end", token),
        )
        main_bundle = SimpleNamespace(bundlePath=lambda: bundle)
        self.foundation = SimpleNamespace(
            NSActivityUserInitiated=USER_INITIATED,
            NSProcessInfo=SimpleNamespace(processInfo=lambda: process),
            NSBundle=SimpleNamespace(mainBundle=lambda: main_bundle),
        )
        content: dict[str, str] = {}
        mutable = SimpleNamespace(
            setTitle_=lambda text: content.update(title=text), setBody_=lambda text: content.update(body=text)
        )
        center = SimpleNamespace(
            requestAuthorizationWithOptions_completionHandler_=lambda _options, handler: handler(self.granted, None),
            addNotificationRequest_withCompletionHandler_=lambda request, handler: (
                self._note("notify", request),
                handler(None),
            ),
        )
        self.notifications = SimpleNamespace(
            UNAuthorizationOptionAlert=4,
            UNAuthorizationOptionSound=2,
            UNMutableNotificationContent=SimpleNamespace(alloc=lambda: SimpleNamespace(init=lambda: mutable)),
            UNNotificationRequest=SimpleNamespace(
                requestWithIdentifier_content_trigger_=lambda _identifier, _content, _trigger: dict(content)
            ),
            UNUserNotificationCenter=SimpleNamespace(currentNotificationCenter=lambda: center),
        )

    def _note(self, name: str, value: Any) -> None:
        self.calls.append((name, value))


def install(
    monkeypatch: pytest.MonkeyPatch, bundle: str = "/Applications/Sana Studio.app", granted: bool = True
) -> Frameworks:
    frameworks = Frameworks(bundle, granted)
    monkeypatch.setitem(sys.modules, "Foundation", frameworks.foundation)
    monkeypatch.setitem(sys.modules, "UserNotifications", frameworks.notifications)
    return frameworks


def test_both_systems_offer_the_same() -> None:
    def offer(module: Any) -> dict[str, str]:
        return {
            name: str(inspect.signature(function))
            for name, function in inspect.getmembers(module, inspect.isfunction)
            if function.__module__ == module.__name__ and not name.startswith("_")
        }

    assert offer(macos) == offer(linux)


def test_activity_lasts_as_long_as_the_context_even_when_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    frameworks = install(monkeypatch)
    began = [("begin", (USER_INITIATED, "Generating pictures"))]

    def fail() -> None:
        with macos.keep_awake("Generating pictures"):
            assert frameworks.calls == began
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert frameworks.calls == [*began, ("end", "token")]


def test_notification_is_shown_once_the_user_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    frameworks = install(monkeypatch)
    macos.notify("Ready", "a red boat")
    assert frameworks.calls == [("notify", {"title": "Ready", "body": "a red boat"})]


def test_no_notification_against_the_users_will(monkeypatch: pytest.MonkeyPatch) -> None:
    frameworks = install(monkeypatch, granted=False)
    macos.notify("Ready", "a red boat")
    assert frameworks.calls == []


def test_no_notification_outside_a_bundle_where_the_system_would_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    frameworks = install(monkeypatch, bundle="/Users/somebody/sana-studio")
    macos.notify("Ready", "a red boat")
    assert frameworks.calls == []


def test_share_opens_the_systems_menu_with_the_files(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []

    def with_items(items: list[str]) -> SimpleNamespace:
        return SimpleNamespace(
            showRelativeToRect_ofView_preferredEdge_=lambda rect, view, edge: shown.append((items, view, edge, rect[1]))
        )

    install(monkeypatch)
    picker = SimpleNamespace(alloc=lambda: SimpleNamespace(initWithItems_=with_items))
    monkeypatch.setitem(sys.modules, "AppKit", SimpleNamespace(NSSharingServicePicker=picker))
    foundation = SimpleNamespace(NSURL=SimpleNamespace(fileURLWithPath_=lambda path: f"url of {path}"), NSMinYEdge=1)
    monkeypatch.setitem(sys.modules, "Foundation", foundation)
    monkeypatch.setitem(sys.modules, "objc", SimpleNamespace(objc_object=lambda c_void_p: ("view", c_void_p)))
    window = QWidget()
    qtbot.addWidget(window)
    macos.share([Path("/a b.png"), Path("/c.png")], window)
    assert shown == [(["url of /a b.png", "url of /c.png"], ("view", int(window.winId())), 1, (1, 1))]


def test_text_of_another_program_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    provided: list[Any] = []

    class Object:
        @classmethod
        def alloc(cls) -> Any:
            return SimpleNamespace(init=cls)

    app = SimpleNamespace(setServicesProvider_=provided.append)
    install(monkeypatch)
    monkeypatch.setitem(sys.modules, "AppKit", SimpleNamespace(NSApp=app, NSPasteboardTypeString="text"))
    monkeypatch.setitem(sys.modules, "Foundation", SimpleNamespace(NSObject=Object))
    monkeypatch.setitem(sys.modules, "objc", SimpleNamespace(selector=lambda method, **_: method))
    taken: list[str] = []
    macos.offer_service(taken.append)
    for board in ({"text": "a red boat"}, {}):
        provided[0].makePicture_userData_error_(SimpleNamespace(stringForType_=board.get), None, None)
    assert taken == ["a red boat"]


def test_the_preview_is_the_systems_own() -> None:
    files = [Path("/Users/somebody/a red boat.png"), Path("/b.png")]
    assert macos.preview_command(files) == ["/usr/bin/qlmanage", "-p", *map(str, files)]
    assert linux.preview_command(files) == []


def test_reveal_asks_finder_to_select_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(QProcess, "startDetached", lambda program, arguments: commands.append((program, arguments)))
    macos.reveal(Path("/Users/somebody/a red boat.png"))
    assert commands == [("/usr/bin/open", ["-R", "/Users/somebody/a red boat.png"])]


def test_title_bar_and_window_become_one(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    macos.unify_title_bar(window)
    assert window.windowFlags() & Qt.WindowType.ExpandedClientAreaHint
    assert window.windowFlags() & Qt.WindowType.NoTitleBarBackgroundHint
    assert window.isWindow()


def test_window_put_aside_is_hidden(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    macos.put_aside(window)
    assert window.isHidden()
