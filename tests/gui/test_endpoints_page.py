"""The Endpoints page: add, edit, test and remove with mouse and keys; keys stay out of the file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.backends.cloud.endpoints import EndpointBackend, follow
from app.core.errors import UserError
from app.core.message import Message, message
from app.library import paths
from app.library.endpoint import Endpoint, Kind
from app.library.pictures import images
from app.ui.main_window import MainWindow
from app.ui.settings.dialog import SettingsDialog
from tests.gui.doubles import ScriptedBackend
from tests.gui.test_settings import Vault
from tests.servers.endpoints import EndpointServer

URL = "https://name--sana.modal.run"


class Mine(ScriptedBackend):
    """The backend of an endpoint; it answers when `go` is set."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint.name, endpoint.name, local=False)
        self.page = "Endpoints"
        self.endpoint = endpoint
        self.go = threading.Event()

    def test(self) -> Message:
        assert self.go.wait(10)
        if "broken" in self.endpoint.url:
            raise UserError(message("It does not answer."), message("Start it."))
        return message("It works and offers {n} model.", n=1)


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    return Vault(monkeypatch)


@pytest.fixture
def window(make_window: Callable[..., MainWindow], vault: Vault) -> MainWindow:
    window = make_window(ScriptedBackend())
    store, registry = window.engine.session.endpoints, window.engine.registry

    def follow() -> None:
        known = {endpoint.name: endpoint for endpoint in store.list()}
        drop = {id for id, backend in registry.backends.items() if isinstance(backend, Mine)} - known.keys()
        registry.change([Mine(endpoint) for endpoint in known.values()], drop)

    store.subscribe(follow)
    window.open_settings("Endpoints")
    return window


@pytest.fixture
def dialog(window: MainWindow) -> SettingsDialog:
    found = window._settings_dialog
    assert found is not None
    return found


def child(parent: QWidget, kind: type, name: str) -> Any:
    found: Any = parent.findChild(kind, name)
    assert found is not None, name
    return found


def press(qtbot: QtBot, parent: QWidget, name: str) -> None:
    button = child(parent, QPushButton, name)
    assert button.isVisible(), name
    assert button.isEnabled(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def row(dialog: SettingsDialog, name: str) -> QWidget:
    found: QWidget = child(dialog, QWidget, f"endpoint:{name}")
    return found


def words(parent: QWidget) -> str:
    return "\n".join(label.text() for label in parent.findChildren(QLabel) if label.isVisible())


def add(qtbot: QtBot, dialog: SettingsDialog, name: str, url: str, key: str = "") -> None:
    """Fill in the form as a person does, from field to field with Tab, and press Save."""
    press(qtbot, dialog, "addEndpointButton")
    dialog.activateWindow()
    qtbot.waitUntil(lambda: child(dialog, QLineEdit, "endpointNameEdit").hasFocus())
    for typed in (name, "", url, key):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClicks(focused, typed)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    press(qtbot, dialog, "saveEndpointButton")


def test_an_endpoint_is_added_with_its_key_in_the_keychain(
    qtbot: QtBot, window: MainWindow, dialog: SettingsDialog, vault: Vault
) -> None:
    assert "There is none yet." in words(dialog.endpoints)
    add(qtbot, dialog, "My pod", URL, "sk-secret")
    qtbot.waitUntil(lambda: "Its key is in the keychain." in words(row(dialog, "My pod")))
    assert URL in words(row(dialog, "My pod"))
    assert not dialog.endpoints.form.isVisible()
    assert "There is none yet." not in words(dialog.endpoints)
    assert window.engine.session.endpoints.get("My pod") == Endpoint("My pod", Kind.OPENAI, URL)
    assert vault.kept == "sk-secret"
    assert "sk-secret" not in (paths.home() / "endpoints.json").read_text()
    box = window.panel.choice.backend_box
    qtbot.waitUntil(lambda: box.findData("My pod") > 0)


def test_what_does_not_fit_is_said_and_stays_to_be_mended(
    qtbot: QtBot, window: MainWindow, dialog: SettingsDialog
) -> None:
    add(qtbot, dialog, "pod", "http://gpu.example.com")
    told = child(dialog, QLabel, "endpointFormMessage")
    assert "Use https" in told.text()
    assert child(dialog, QLineEdit, "endpointUrlEdit").text() == "http://gpu.example.com"
    url = child(dialog, QLineEdit, "endpointUrlEdit")
    url.setFocus()
    url.selectAll()
    qtbot.keyClicks(url, URL)
    price = child(dialog, QLineEdit, "endpointPriceEdit")
    qtbot.keyClicks(price, "much")
    press(qtbot, dialog, "saveEndpointButton")
    assert "cannot be the price" in told.text()
    price.clear()
    qtbot.keyClicks(price, "0,02")
    press(qtbot, dialog, "saveEndpointButton")
    qtbot.waitUntil(lambda: "pod" in dialog.endpoints.rows)
    assert window.engine.session.endpoints.get("pod").price == 0.02
    qtbot.waitUntil(lambda: "$0.020 a picture" in words(row(dialog, "pod")))
    add(qtbot, dialog, "POD", URL)
    qtbot.waitUntil(lambda: "already" in told.text())


def test_a_test_runs_in_the_background_and_says_what_answered(
    qtbot: QtBot, window: MainWindow, dialog: SettingsDialog
) -> None:
    store = window.engine.session.endpoints
    store.add(Endpoint("good", Kind.OPENAI, URL))
    store.add(Endpoint("bad", Kind.OPENAI, "https://broken.example.org"))
    qtbot.waitUntil(lambda: {"good", "bad"} <= dialog.endpoints.rows.keys())
    qtbot.waitUntil(lambda: row(dialog, "bad").isVisible())
    for name in ("good", "bad"):
        press(qtbot, row(dialog, name), "testEndpointButton")
        assert f"Asking {name}…" in words(row(dialog, name))
        assert not child(row(dialog, name), QPushButton, "testEndpointButton").isEnabled()
    for backend in window.engine.registry.backends.values():
        if isinstance(backend, Mine):
            backend.go.set()
    qtbot.waitUntil(lambda: "It works and offers 1 model." in words(row(dialog, "good")))
    qtbot.waitUntil(lambda: "It does not answer. Start it." in words(row(dialog, "bad")))
    assert child(row(dialog, "bad"), QLabel, "endpointStatusLabel").property("role") == "danger"
    assert child(row(dialog, "bad"), QPushButton, "testEndpointButton").isEnabled()


def test_it_is_edited_in_place_and_keeps_its_name(qtbot: QtBot, window: MainWindow, dialog: SettingsDialog) -> None:
    store = window.engine.session.endpoints
    store.add(Endpoint("pod", Kind.OPENAI, URL, model="sana"))
    qtbot.waitUntil(lambda: "pod" in dialog.endpoints.rows and row(dialog, "pod").isVisible())
    press(qtbot, row(dialog, "pod"), "editEndpointButton")
    assert child(dialog, QLineEdit, "endpointNameEdit").isReadOnly()
    model = child(dialog, QLineEdit, "endpointModelEdit")
    assert model.text() == "sana"
    model.selectAll()
    qtbot.keyClicks(model, "sana-sprint")
    press(qtbot, dialog, "saveEndpointButton")
    qtbot.waitUntil(lambda: "sana-sprint" in words(row(dialog, "pod")))
    assert store.get("pod").model == "sana-sprint"
    press(qtbot, row(dialog, "pod"), "editEndpointButton")
    child(dialog, QLineEdit, "endpointModelEdit").setText("other")
    press(qtbot, dialog, "cancelEndpointButton")
    assert not dialog.endpoints.form.isVisible()
    assert store.get("pod").model == "sana-sprint"


def test_removing_asks_once_more(qtbot: QtBot, window: MainWindow, dialog: SettingsDialog, vault: Vault) -> None:
    add(qtbot, dialog, "pod", URL, "sk-secret")
    qtbot.waitUntil(lambda: "pod" in dialog.endpoints.rows and vault.kept == "sk-secret")
    qtbot.waitUntil(lambda: row(dialog, "pod").isVisible())
    press(qtbot, row(dialog, "pod"), "removeEndpointButton")
    assert child(row(dialog, "pod"), QPushButton, "removeEndpointButton").text() == "Really remove it?"
    assert window.engine.session.endpoints.list()
    press(qtbot, row(dialog, "pod"), "removeEndpointButton")
    qtbot.waitUntil(lambda: "There is none yet." in words(dialog.endpoints))
    assert vault.kept is None
    assert not window.engine.session.endpoints.list()
    assert "pod" not in window.engine.registry.backends


def test_a_locked_keychain_keeps_the_key_for_the_session(qtbot: QtBot, dialog: SettingsDialog, vault: Vault) -> None:
    vault.refusal = UserError(message("The keychain is locked."), message("Unlock it."))
    add(qtbot, dialog, "pod", URL, "sk-secret")
    qtbot.waitUntil(lambda: "pod" in dialog.endpoints.rows)
    qtbot.waitUntil(lambda: "The keychain is locked. The key is kept until you quit." in words(row(dialog, "pod")))
    assert (vault.kept, vault.source) == ("sk-secret", "session")


def test_a_template_is_checked_while_it_is_typed(qtbot: QtBot, window: MainWindow, dialog: SettingsDialog) -> None:
    press(qtbot, dialog, "addEndpointButton")
    template = child(dialog, QPlainTextEdit, "endpointTemplateEdit")
    assert not template.isVisible(), "only a kind that takes one has it"
    box = child(dialog, QComboBox, "endpointKindBox")
    box.setFocus()
    for _ in Kind:
        if box.currentData() != Kind.RUNPOD:
            qtbot.keyClick(box, Qt.Key.Key_Down)
    assert template.isVisible()
    verdict = child(dialog, QLabel, "endpointTemplateMessage")
    assert "ready-made one" in verdict.text()
    template.setFocus()
    qtbot.keyClicks(template, '{"a": 1}')
    assert "no place for the prompt" in verdict.text()
    template.selectAll()
    qtbot.keyClicks(template, '{"prompt": "{{prompt}}"')
    assert "no JSON object" in verdict.text()
    qtbot.keyClicks(template, "}")
    assert verdict.text() == "This can be sent."
    template.selectAll()
    qtbot.keyClicks(template, '{"prompt": "{{prompt}}", "x": "{{promt}}"}')
    assert verdict.text().startswith("Nothing goes into {{promt}}. What is filled in: prompt, negative,")
    press(qtbot, dialog, "endpointPresetButton")
    assert verdict.text() == "This can be sent."
    assert "CheckpointLoaderSimple" in template.toPlainText()
    template.selectAll()
    qtbot.keyClicks(template, '{"prompt": "{{prompt}}"}')
    qtbot.keyClicks(child(dialog, QLineEdit, "endpointNameEdit"), "pod")
    qtbot.keyClicks(child(dialog, QLineEdit, "endpointUrlEdit"), "https://api.runpod.ai/v2/abc")
    press(qtbot, dialog, "saveEndpointButton")
    qtbot.waitUntil(lambda: "pod" in dialog.endpoints.rows)
    assert window.engine.session.endpoints.get("pod").template == '{"prompt": "{{prompt}}"}'


def test_all_of_it_is_reached_with_tab_and_has_a_name(qtbot: QtBot, dialog: SettingsDialog) -> None:
    press(qtbot, dialog, "addEndpointButton")
    child(dialog, QComboBox, "endpointKindBox").select(Kind.RUNPOD)
    dialog.endpoints.form._show_kind()
    dialog.activateWindow()
    child(dialog, QLineEdit, "endpointNameEdit").setFocus()
    met = []
    for _ in range(10):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.accessibleName() or isinstance(focused, QPushButton), focused.objectName()
        met.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert met == [
        "endpointNameEdit", "endpointKindBox", "endpointUrlEdit", "endpointKeyEdit", "endpointKeyEnvEdit",
        "endpointModelEdit", "endpointPriceEdit", "endpointTemplateEdit", "endpointPresetButton",
        "cancelEndpointButton",
    ]  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EndpointServer]:
    with EndpointServer("openai", key="sk-right") as server:
        yield server


def test_from_an_empty_page_to_a_picture(
    qtbot: QtBot, make_window: Callable[..., MainWindow], vault: Vault, server: EndpointServer
) -> None:
    """All of it is the product's own, but for the server, which answers over HTTP, and the keychain."""
    window = make_window(ScriptedBackend())
    engine = window.engine
    follow(
        engine.session.endpoints, engine.registry,
        lambda endpoint: EndpointBackend(endpoint, engine.settings, engine.session.ledger),
    )  # fmt: skip
    window.open_settings("Endpoints")
    dialog = window._settings_dialog
    assert dialog is not None
    add(qtbot, dialog, "mine", server.url, "sk-wrong")
    qtbot.waitUntil(lambda: "mine" in dialog.endpoints.rows and row(dialog, "mine").isVisible())
    assert not server.requests, "nothing is sent unasked"
    press(qtbot, row(dialog, "mine"), "testEndpointButton")
    status = child(row(dialog, "mine"), QLabel, "endpointStatusLabel")
    qtbot.waitUntil(lambda: status.property("role") == "danger")

    press(qtbot, row(dialog, "mine"), "editEndpointButton")
    qtbot.keyClicks(child(dialog, QLineEdit, "endpointKeyEdit"), "sk-right")
    press(qtbot, dialog, "saveEndpointButton")
    qtbot.waitUntil(lambda: vault.kept == "sk-right" and not dialog.endpoints.form.isVisible())
    press(qtbot, row(dialog, "mine"), "testEndpointButton")
    qtbot.waitUntil(lambda: status.property("role") == "good", timeout=10_000)

    box = window.panel.choice.backend_box
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    assert box.currentData() == "mine"
    window.panel.prompt.replace("a red kite")
    with qtbot.waitSignal(engine.generated, timeout=20_000) as made:
        qtbot.mouseClick(window.panel.button, Qt.MouseButton.LeftButton)
    assert images.read(made.args[1].path).provenance.backend == "mine"
    assert "sk-right" not in made.args[1].path.read_bytes().decode("latin-1")


def test_a_key_and_a_variable_are_one_too_many(qtbot: QtBot, window: MainWindow, dialog: SettingsDialog) -> None:
    press(qtbot, dialog, "addEndpointButton")
    for name, typed in (("NameEdit", "pod"), ("UrlEdit", URL), ("KeyEdit", "sk-secret"), ("KeyEnvEdit", "POD_KEY")):
        qtbot.keyClicks(child(dialog, QLineEdit, f"endpoint{name}"), typed)
    qtbot.keyClick(child(dialog, QLineEdit, "endpointKeyEnvEdit"), Qt.Key.Key_Return)
    assert "Leave one of them empty." in child(dialog, QLabel, "endpointFormMessage").text()
    child(dialog, QLineEdit, "endpointKeyEdit").clear()
    qtbot.keyClick(child(dialog, QLineEdit, "endpointKeyEnvEdit"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "pod" in dialog.endpoints.rows)
    assert window.engine.session.endpoints.get("pod").key_env == "POD_KEY"


def test_leaving_does_not_wait_for_a_silent_server(qtbot: QtBot, window: MainWindow, dialog: SettingsDialog) -> None:
    window.engine.session.endpoints.add(Endpoint("pod", Kind.OPENAI, URL))
    qtbot.waitUntil(lambda: "pod" in dialog.endpoints.rows and row(dialog, "pod").isVisible())
    press(qtbot, row(dialog, "pod"), "testEndpointButton")
    silent = window.engine.registry.backends["pod"]
    assert isinstance(silent, Mine)
    began = time.monotonic()
    dialog.close_down()
    assert time.monotonic() - began < 5
    silent.go.set()


def test_the_key_of_an_endpoint_is_on_its_page_alone(make_window: Callable[..., MainWindow], vault: Vault) -> None:
    window = make_window(ScriptedBackend())
    engine = window.engine
    endpoint = Endpoint("fal", Kind.FAL, "https://queue.fal.run")
    engine.registry.change([EndpointBackend(endpoint, engine.settings, engine.session.ledger)])
    window.panel.choice.choose("fal", "")
    assert "There is no key" in window.panel.choice.note.text()
    window.panel.choice.mend.click()
    dialog = window._settings_dialog
    assert dialog is not None
    assert dialog.tabs.currentWidget() is dialog.endpoints
    assert not dialog.cloud.keys
