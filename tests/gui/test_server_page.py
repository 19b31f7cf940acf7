"""The settings of a server of one's own, with a backend that only this test knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.backends.base import Group, Placement, Remote, ServerSetup
from app.backends.comfyui.address import checked_headers
from app.backends.comfyui.workflow.folder import Workflows
from app.core.errors import UserError
from app.core.message import Message, message
from app.library import paths, secrets
from app.library.addresses import is_loopback
from app.library.setting import Setting
from app.library.settings import Settings
from app.ui.main_window import MainWindow
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.server.page import ServerPage
from tests.backends.comfyui import workflows
from tests.gui.doubles import ScriptedBackend

MakeWindow = Callable[..., MainWindow]
NEAR = "http://127.0.0.1:9000"


def own_secret(address: str) -> str:
    name = f"own@{urlsplit(address).netloc}"
    secrets.declare(name, "OWN_HEADERS", checked_headers)
    return name


class Own(ScriptedBackend):
    """Answers at `NEAR` alone, and takes workflows."""

    page = "Own server"
    settings = (
        Setting("own_address", "http://127.0.0.1:9001", message("Address"), message("Where."), page, "address"),
    )
    setup = ServerSetup(
        "own_address",
        own_secret,
        "OWN_HEADERS",
        (message("Begin."), message("Run this:"), message("Never that.")),
        "run me",
    )

    def __init__(self) -> None:
        super().__init__("own", "Own server")
        self.files = Workflows()
        self.placement, self.group = Placement.ENGINE, Group.NETWORK
        self.known: Settings | None = None

    @property
    def address(self) -> str:
        return str(self.known.get("own_address")) if self.known else NEAR

    @property
    def remote(self) -> Remote | None:
        host = urlsplit(self.address).hostname or ""
        return None if is_loopback(self.address) else Remote(message("Sent to {host}.", host=host), False, host)

    @remote.setter
    def remote(self, value: Remote | None) -> None: ...

    def models(self) -> tuple[tuple[str, str], ...]:
        return (*super().models(), *((each.id, each.name) for each in self.files.list()))

    def look(self) -> bool:
        return False

    def test(self) -> Message:
        if self.address != NEAR:
            raise UserError(message("Nothing answers at {address}.", address=self.address), message("Start it."))
        return message("Version {n} answers.", n="1.2")

    def elsewhere(self) -> str:
        return NEAR


@pytest.fixture
def own() -> Own:
    return Own()


@pytest.fixture
def window(make_window: MakeWindow, own: Own, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    monkeypatch.setattr(secrets, "_keychain", lambda: None)
    made = make_window(own, start=False)
    own.known = made.engine.settings
    return made


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> ServerPage:
    window.open_settings("Own server")
    dialog = window.findChild(SettingsDialog, "settingsDialog")
    assert dialog is not None
    found = dialog.findChild(ServerPage)
    assert isinstance(found, ServerPage)
    qtbot.waitUntil(found.isVisible)
    return found


def press(parent: QWidget, name: str) -> None:
    button = parent.findChild(QPushButton, name)
    assert button is not None, name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def type_address(page: ServerPage, address: str) -> None:
    edit = page.findChild(QLineEdit, "own_addressSetting")
    assert edit is not None
    edit.selectAll()
    QTest.keyClicks(edit, address)


def said(parent: QWidget, name: str) -> str:
    found = parent.findChild(QLabel, name)
    assert found is not None
    return "" if found.isHidden() else found.text()


def test_the_test_says_what_answers_and_offers_where_it_was_found(
    page: ServerPage, window: MainWindow, qtbot: QtBot
) -> None:
    press(page, "ownTestServerButton")
    qtbot.waitUntil(lambda: "Nothing answers at http://127.0.0.1:9001" in said(page, "ownTestMessage"))
    qtbot.waitUntil(page.test.use.isVisible)
    assert page.test.use.text() == f"Use {NEAR}"
    press(page, "ownUseAddressButton")
    qtbot.waitUntil(lambda: "Version 1.2 answers" in said(page, "ownTestMessage"))
    assert window.engine.settings.get("own_address") == NEAR
    assert not page.test.use.isVisible()


def test_what_is_being_typed_is_what_is_tested(page: ServerPage, window: MainWindow, qtbot: QtBot) -> None:
    type_address(page, "127.0.0.1:9000")
    press(page, "ownTestServerButton")
    qtbot.waitUntil(lambda: "Version 1.2 answers" in said(page, "ownTestMessage"))
    assert window.engine.settings.get("own_address") == NEAR


def test_what_is_no_address_is_told_and_not_asked(page: ServerPage, window: MainWindow) -> None:
    type_address(page, "http://me:hunter2@127.0.0.1:9000")
    press(page, "ownTestServerButton")
    assert any("must not contain a password" in each.text() for each in page.address.findChildren(QLabel))
    assert said(page, "ownTestMessage") == ""
    assert "hunter2" not in paths.settings_file().read_text() if paths.settings_file().exists() else True
    assert window.engine.settings.get("own_address") == "http://127.0.0.1:9001"


def test_another_machine_is_asked_for_once(page: ServerPage, window: MainWindow, qtbot: QtBot) -> None:
    assert not page.leaving.isVisible()
    type_address(page, "http://192.0.2.5:9000")
    QTest.keyClick(page.address.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(page.leaving.isVisible)
    assert said(page, "ownLeavingNote") == "Sent to 192.0.2.5."
    press(page, "ownAllowButton")
    assert not page.leaving.allow.isVisible()
    assert page.leaving.note.isVisible()
    assert window.engine.settings.get("allowed_hosts") == "192.0.2.5"


def test_generate_asks_before_anything_leaves(window: MainWindow, own: Own, qtbot: QtBot) -> None:
    window.engine.start()
    window.engine.settings.set("own_address", "http://192.0.2.5:9000")
    window.panel.choice.choose("own", "starter")
    window.panel.prompt.setFocus()
    QTest.keyClicks(window.panel.prompt, "a house")
    generate = window.findChild(QPushButton, "generateButton")
    assert generate is not None
    QTest.mouseClick(generate, Qt.MouseButton.LeftButton)
    assert not window.engine.jobs()
    send = next(each for each in window.bar.findChildren(QPushButton) if each.text() == "Send to 192.0.2.5")
    QTest.mouseClick(send, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(own.generated))
    QTest.mouseClick(generate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(own.generated) == 2)


def test_headers_are_for_the_host_that_they_were_given_for(page: ServerPage, qtbot: QtBot) -> None:
    edit = page.findChild(QLineEdit, "ownHeadersEdit")
    assert edit is not None
    QTest.keyClicks(edit, "Authorization: Bearer one")
    press(page.headers, "saveKeyButton")
    qtbot.waitUntil(lambda: "Authorization" in said(page.headers, "keySourceLabel"))
    type_address(page, "http://192.0.2.5:9000")
    QTest.keyClick(page.address.editor, Qt.Key.Key_Return)
    assert "Authorization" not in said(page.headers, "keySourceLabel")
    QTest.keyClicks(edit, "X-Id: 12345678")
    press(page.headers, "saveKeyButton")
    qtbot.waitUntil(lambda: "X-Id" in said(page.headers, "keySourceLabel"))
    assert secrets.get("own@192.0.2.5:9000").value == "X-Id: 12345678"
    assert secrets.get("own@127.0.0.1:9001").value == "Authorization: Bearer one"


def test_headers_are_kept_masked_and_named(page: ServerPage, qtbot: QtBot) -> None:
    edit = page.findChild(QLineEdit, "ownHeadersEdit")
    assert edit is not None
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    for typed in ("Authorization: Bearer one", "X-Id: 12345678", "authorization: Bearer two"):
        QTest.keyClicks(edit, typed)
        press(page.headers, "saveKeyButton")
        qtbot.waitUntil(lambda: edit.text() == "")
        kept = typed.partition(":")[0]
        qtbot.waitUntil(lambda kept=kept: kept in said(page.headers, "keySourceLabel"))  # type: ignore[misc]
    assert secrets.get("own@127.0.0.1:9001").value == "X-Id: 12345678\nauthorization: Bearer two"
    assert "Bearer" not in said(page.headers, "keySourceLabel")
    QTest.keyClicks(edit, "no header")
    press(page.headers, "saveKeyButton")
    qtbot.waitUntil(lambda: "not a header" in said(page.headers, "keyMessage"))
    press(page.headers, "removeKeyButton")
    qtbot.waitUntil(lambda: secrets.get("own@127.0.0.1:9001").value is None)
    files = [path for path in paths.home().rglob("*") if path.is_file()]
    assert not any(b"Bearer" in path.read_bytes() for path in files)


def test_it_says_how_the_server_is_started(page: ServerPage) -> None:
    texts = [each.text() for each in page.findChildren(QLabel)]
    assert [text for text in texts if text in ("Begin.", "Run this:", "run me", "Never that.")] == [
        "Begin.",
        "Run this:",
        "run me",
        "Never that.",
    ]


def let_go(widget: QWidget, *files: Path) -> None:
    """Drag files over a widget and drop them there, as the system tells of it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    at, copy, left = QPoint(5, 5), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, copy, data, left, none)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(at), copy, data, left, none))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my portrait.json"
    path.write_text(json.dumps(workflows.sd15()), encoding="utf-8")
    return path


def test_workflows_are_added_by_a_drop_and_listed(
    page: ServerPage, window: MainWindow, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    let_go(page.files, file)
    qtbot.waitUntil(lambda: "my portrait" in [row.text() for row in page.files.rows])
    assert ("my portrait.json", "my portrait") in window.engine.registry.backends["own"].models()
    broken = tmp_path / "editor.json"
    broken.write_text('{"nodes": [], "links": []}')
    let_go(page.files, broken)
    qtbot.waitUntil(lambda: "editor, not in API format" in said(page, "ownFilesMessage"))
    assert [path.name for path in paths.workflows().iterdir()] == ["my portrait.json"]


def test_a_file_in_the_folder_that_cannot_be_used_says_why(own: Own, window: MainWindow, qtbot: QtBot) -> None:
    paths.workflows().mkdir(parents=True)
    (paths.workflows() / "notes.json").write_text("[]")
    window.open_settings("Own server")
    page = window.findChild(ServerPage)
    assert isinstance(page, ServerPage)
    qtbot.waitUntil(lambda: any("not a ComfyUI workflow" in row.text() for row in page.files.rows))


def test_a_workflow_let_go_on_the_window_is_added_and_chosen(window: MainWindow, file: Path, qtbot: QtBot) -> None:
    let_go(window, file)
    qtbot.waitUntil(lambda: window.panel.choice.model() == "my portrait.json")
    assert window.panel.choice.backend() == "own"
    assert (paths.workflows() / "my portrait.json").read_bytes() == file.read_bytes()
