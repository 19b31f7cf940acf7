"""The settings dialog: it applies at once, tells what does not fit, and keeps keys where they belong."""

from __future__ import annotations

import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.backends.base import Account, State, Status
from app.core.errors import GenerationCancelled, UserError
from app.core.message import message
from app.library import secrets
from app.library.models.store import Models
from app.library.secrets import Secret
from app.ui.controls.fields.check_box import CheckBox
from app.ui.controls.fields.number_box import CorrectionNote
from app.ui.main_window import MainWindow
from app.ui.settings import own_command, self_test
from app.ui.settings.dialog import SettingsDialog
from tests.gui.doubles import SPRINT, ScriptedBackend

MakeWindow = Callable[..., MainWindow]


class Vault:
    """Stands for the keychain."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kept: str | None = None
        self.source: secrets.Source = "keychain"
        self.lasts = True
        self.refusal: UserError | None = None
        monkeypatch.setattr(secrets, "get", self.get)
        monkeypatch.setattr(secrets, "set", self.set)
        monkeypatch.setattr(secrets, "delete", self.delete)
        monkeypatch.setattr(secrets, "lasting", lambda: self.lasts)

    def get(self, name: str) -> Secret:
        if self.refusal is not None and self.source == "keychain":
            raise self.refusal
        return Secret(self.kept, self.source) if self.kept else Secret()

    def set(self, name: str, value: str, *, session_only: bool = False) -> str:
        if self.refusal is not None and not session_only:
            raise self.refusal
        self.kept = value
        self.source = "keychain" if self.lasts and not session_only else "session"
        return self.source

    def delete(self, name: str) -> None:
        self.kept = None
        if self.refusal is not None:
            raise self.refusal


class Cloud(ScriptedBackend):
    account = Account("replicate", "REPLICATE_API_TOKEN", "https://replicate.com/account/api-tokens")

    def check_token(self, token: str | None = None) -> str:
        if token == "wrong":
            raise UserError(message("The key is not accepted."), message("Make a new one."))
        return "somebody"


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    return Vault(monkeypatch)


@pytest.fixture
def window(make_window: MakeWindow, vault: Vault) -> MainWindow:
    needs_key = Status(State.NEEDS_KEY, message("There is no key."), message("Enter one."))
    cloud = Cloud("replicate", "Replicate", {"nvidia/sana": SPRINT}, needs_key, local=False)
    old = Status(State.UNAVAILABLE, message("There is no GPU here."), message("Use another computer."))
    window = make_window(ScriptedBackend(), ScriptedBackend("mlx", "MLX", status=old), cloud)
    window.menus.actions["settings"].trigger()
    return window


@pytest.fixture
def dialog(window: MainWindow) -> SettingsDialog:
    found = window.findChild(QDialog, "settingsDialog")
    assert isinstance(found, SettingsDialog)
    return found


def child(dialog: QWidget, kind: type, name: str) -> Any:
    found: Any = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def test_it_has_six_pages_and_opens_once(window: MainWindow, dialog: SettingsDialog) -> None:
    tabs = child(dialog, QTabWidget, "settingsTabs")
    titles = [tabs.tabText(index) for index in range(tabs.count())]
    assert titles == ["General", "Runs On", "Models", "Cloud", "Endpoints", "Advanced"]
    assert not dialog.isModal()
    dialog.close()
    window.menus.actions["settings"].trigger()
    assert dialog.isVisible()


def test_what_is_chosen_applies_at_once(dialog: SettingsDialog, window: MainWindow) -> None:
    settings = window.engine.settings
    box = child(dialog, QComboBox, "file_formatSetting")
    box.setCurrentIndex(box.findData("webp"))
    box.activated.emit(box.currentIndex())
    assert settings.get("file_format") == "webp"
    child(dialog, CheckBox, "notificationsSetting").click()
    assert settings.get("notifications") is False
    child(dialog, QDoubleSpinBox, "cloud_monthly_limitSetting").setValue(12.5)
    assert settings.get("cloud_monthly_limit") == 12.5


def test_it_follows_changes_from_elsewhere(qtbot: QtBot, dialog: SettingsDialog, window: MainWindow) -> None:
    window.engine.settings.set("file_format", "jpeg")
    box = child(dialog, QComboBox, "file_formatSetting")
    qtbot.waitUntil(lambda: box.currentData() == "jpeg")


def test_return_in_a_field_presses_no_button(
    qtbot: QtBot, dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: asked.append("folder") or "")
    edit = child(dialog, QLineEdit, "pictures_folderSetting")
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert not asked
    assert dialog.isVisible()
    assert [button.objectName() for button in dialog.findChildren(QPushButton) if button.autoDefault()] == []


def test_a_number_says_its_unit(dialog: SettingsDialog) -> None:
    assert child(dialog, QSpinBox, "idle_minutesSetting").text() == "10 min"
    assert child(dialog, QDoubleSpinBox, "cloud_monthly_limitSetting").text() == "5"


def test_nought_is_said_in_words_where_it_is_no_number(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow
) -> None:
    box = child(dialog, QDoubleSpinBox, "memory_limit_gbSetting")
    assert box.text() == "Automatic"
    for typed, shown in (("12", "12 GB"), ("0", "Automatic")):
        box.selectAll()
        qtbot.keyClicks(box, typed)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert (box.text(), window.engine.settings.get("memory_limit_gb")) == (shown, float(typed))


def test_a_number_beyond_the_limits_becomes_the_nearest_and_that_is_said(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow
) -> None:
    box = child(dialog, QSpinBox, "idle_minutesSetting")
    dialog.show_page("Advanced")
    dialog.show()
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "99999")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (box.text(), window.engine.settings.get("idle_minutes")) == ("1440 min", 1440)
    notes = [each.text() for each in dialog.findChildren(CorrectionNote) if each.isVisible()]
    assert notes == ["Changed 99999 to 1440, the largest allowed here."]


def test_models_come_first_and_their_names_have_the_room_that_is_there(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.show_page("Models")
    dialog.show()
    qtbot.wait(20)
    page = dialog.models
    tops = [row.mapTo(page, QPoint()).y() for row in page.rows.values()]
    assert tops == sorted(tops)
    for later in (child(dialog, QLineEdit, "hub_endpointSetting"), page.token):
        assert later.mapTo(page, QPoint()).y() > max(tops)
    for row in page.rows.values():
        name = row._name
        assert name.heightForWidth(name.width()) < 2 * name.fontMetrics().height(), (
            f"“{name.text()}” stands on one line"
        )


def test_controlnets_stand_beneath_the_model_that_they_fit(dialog: SettingsDialog) -> None:
    rows = dialog.models.rows
    names = list(rows)
    assert names[:2] == ["starter", "starter-edges"]
    own = [label.text() for label in rows["starter-edges"].findChildren(QLabel)]
    assert {"ControlNet", "Comes with the app"} < set(own)
    place = names.index("sana-0.6b-1024")
    assert names[place + 1 : place + 3] == ["sana-0.6b-edges-plus", "sana-0.6b-edges"]
    texts = [label.text() for label in rows["sana-0.6b-edges"].findChildren(QLabel)]
    assert "ControlNet" in texts
    assert any("Unknown" in text for text in texts)  # its licence
    assert not any("of memory" in text for text in texts)  # it comes on top of the model's
    assert dialog.models.default.findData("sana-0.6b-edges") < 0


def test_a_folder_that_is_none_is_told(dialog: SettingsDialog, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    edit = child(dialog, QLineEdit, "pictures_folderSetting")
    edit.setText(str(tmp_path / "file"))
    edit.editingFinished.emit()
    assert window.engine.settings.get("pictures_folder") == ""
    assert "Choose a folder." in [label.text().split("”. ")[-1] for label in dialog.findChildren(QLabel)]


def test_the_default_backend_moves_the_panel(dialog: SettingsDialog, window: MainWindow) -> None:
    box = child(dialog, QComboBox, "default_backendSetting")
    box.setCurrentIndex(box.findData("torch"))
    box.activated.emit(box.currentIndex())
    assert window.panel.choice.backend() == "torch"


def test_each_backend_says_how_it_stands(dialog: SettingsDialog) -> None:
    texts = [label.text() for label in dialog.backends.rows["mlx"].findChildren(QLabel)]
    assert "There is no GPU here." in texts
    assert "Use another computer." in texts
    assert not dialog.backends.rows["mlx"].test.isEnabled()
    assert dialog.backends.rows["torch"].test.isEnabled()
    assert dialog.backends.rows["replicate"].test.isHidden()


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        ("import sys; sys.exit(0)", "Passed"),
        ('print(\'{"backends": [{"message": {"template": "PSNR 51 dB"}}]}\')', "PSNR 51 dB"),
        ("import sys; print('The numbers differ.', file=sys.stderr); sys.exit(1)", "The numbers differ."),
    ],
)
def test_a_self_test_runs_in_another_process_and_its_verdict_is_kept(
    qtbot: QtBot, dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch, program: str, verdict: str
) -> None:
    monkeypatch.setattr(own_command, "program", lambda: [sys.executable, "-c", program])
    row = dialog.backends.rows["torch"]
    row.test.click()
    assert not row.test.isEnabled()
    label = child(row, QLabel, "torchVerdict")
    qtbot.waitUntil(lambda: verdict in label.text(), timeout=20_000)
    again = self_test.SelfTests().verdict("torch")
    assert again is not None
    assert again.passed is (program != "import sys; print('The numbers differ.', file=sys.stderr); sys.exit(1)")


def test_a_test_that_runs_is_told_in_the_new_language(
    dialog: SettingsDialog, window: MainWindow, monkeypatch: pytest.MonkeyPatch, speak: Callable[[str], None]
) -> None:
    monkeypatch.setattr(own_command, "program", lambda: [sys.executable, "-c", "import time; time.sleep(60)"])
    with dialog.backends.tests._kept.edit() as kept:
        kept["torch"] = {"passed": True, "text": "", "when": 0}
    row = dialog.backends.rows["torch"]
    row.test.click()
    verdict = child(row, QLabel, "torchVerdict")
    assert verdict.text() == "Testing…"
    window.engine.settings.set("language", "zh")
    assert verdict.text() == "正在测试…"
    dialog.backends.close_down()


def test_the_key_is_saved_tested_and_removed(
    qtbot: QtBot, dialog: SettingsDialog, window: MainWindow, vault: Vault
) -> None:
    key = child(dialog, QLineEdit, "replicateKeyEdit")
    source = child(dialog, QLabel, "keySourceLabel")
    told = child(dialog, QLabel, "keyMessage")
    dialog.tabs.setCurrentWidget(dialog.cloud)
    assert key.echoMode() is QLineEdit.EchoMode.Password
    qtbot.waitUntil(lambda: "replicate.com" in source.text())
    qtbot.keyClicks(key, "r8_secret")
    with qtbot.waitSignal(window.engine.backendsChanged):
        qtbot.mouseClick(child(dialog, QPushButton, "saveKeyButton"), Qt.MouseButton.LeftButton)
    assert vault.kept == "r8_secret"
    assert key.text() == ""
    qtbot.waitUntil(lambda: "keychain" in source.text())
    qtbot.mouseClick(child(dialog, QPushButton, "testKeyButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "somebody" in told.text())
    key.setText("wrong")
    qtbot.mouseClick(child(dialog, QPushButton, "testKeyButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "not accepted" in told.text())
    qtbot.mouseClick(child(dialog, QPushButton, "removeKeyButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: vault.kept is None)


def test_a_locked_keychain_offers_a_way_on(qtbot: QtBot, dialog: SettingsDialog, vault: Vault) -> None:
    vault.refusal = UserError(message("The keychain is locked."), message("Unlock it."))
    dialog.tabs.setCurrentWidget(dialog.cloud)
    dialog.cloud.keys[0].key.setText("r8_secret")
    dialog.cloud.keys[0].save.click()
    qtbot.waitUntil(lambda: dialog.cloud.keys[0].session.isVisible())
    assert "locked" in dialog.cloud.keys[0].status.text()
    dialog.cloud.keys[0].session.click()
    qtbot.waitUntil(lambda: "until you quit" in dialog.cloud.keys[0].source.text())
    assert vault.kept == "r8_secret"
    assert dialog.cloud.keys[0].key.text() == ""


def test_a_session_key_is_gone_though_the_keychain_is_locked(
    qtbot: QtBot, dialog: SettingsDialog, vault: Vault
) -> None:
    cloud = dialog.cloud.keys[0]
    dialog.tabs.setCurrentWidget(dialog.cloud)
    vault.kept, vault.source = "r8_secret", "session"
    cloud._read()
    qtbot.waitUntil(lambda: cloud.remove.isVisible())
    vault.refusal = UserError(message("The keychain is locked."), message("Unlock it."))
    cloud.remove.click()
    qtbot.waitUntil(lambda: "Without a key" in cloud.source.text())
    assert "locked" in cloud.status.text()
    assert not cloud.remove.isVisible()


def test_a_keychain_that_was_locked_can_be_asked_again(
    qtbot: QtBot, window: MainWindow, dialog: SettingsDialog, vault: Vault
) -> None:
    vault.kept, vault.refusal = "r8_secret", UserError(message("The keychain is locked."), message("Unlock it."))
    cloud = dialog.cloud.keys[0]
    dialog.tabs.setCurrentWidget(dialog.cloud)
    cloud._read()
    qtbot.waitUntil(lambda: cloud.again.isVisible())
    assert "locked" in cloud.status.text()
    vault.refusal = None
    with qtbot.waitSignal(window.engine.backendsChanged):
        cloud.again.click()
    qtbot.waitUntil(lambda: "in the keychain" in cloud.source.text())
    assert not cloud.again.isVisible()
    assert not cloud.status.isVisible(), "what is mended is not complained about"
    assert cloud.remove.isVisible()


@pytest.mark.parametrize(
    ("source", "lasts", "says"),
    [
        ("environment", True, "REPLICATE_API_TOKEN. It goes before"),
        ("keychain", True, "in the keychain"),
        ("session", True, "kept until you quit."),
        ("session", False, "no keychain on this computer"),
        ("", False, "There is no keychain on this computer: it is kept until you quit."),
    ],
)
def test_the_page_says_where_the_key_is_and_how_long_it_is_kept(
    qtbot: QtBot, dialog: SettingsDialog, vault: Vault, source: secrets.Source, lasts: bool, says: str
) -> None:
    vault.kept, vault.source, vault.lasts = ("r8_secret" if source else None), source, lasts
    dialog.tabs.setCurrentWidget(dialog.cloud)
    dialog.cloud.keys[0]._read()
    qtbot.waitUntil(lambda: says in dialog.cloud.keys[0].source.text())
    assert dialog.cloud.keys[0].remove.isVisible() is (source in ("keychain", "session"))
    assert ("replace" in dialog.cloud.keys[0].key.placeholderText()) is bool(source)


def test_a_backend_that_misses_something_leads_to_where_it_can_be_had(dialog: SettingsDialog) -> None:
    dialog.tabs.setCurrentWidget(dialog.backends)
    row = dialog.backends.rows["replicate"]
    assert row.mend.isVisible()
    row.mend.click()
    assert dialog.tabs.currentWidget() is dialog.cloud
    assert not dialog.backends.rows["torch"].mend.isVisibleTo(dialog.backends)


def test_nothing_is_cut_off_at_the_smallest_size(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.resize(1, 1)
    for index in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(index)
        page = dialog.tabs.widget(index)
        for scroll in page.findChildren(QScrollArea):
            assert scroll.widget().minimumSizeHint().width() <= scroll.viewport().width(), dialog.tabs.tabText(index)


def test_a_licence_is_accepted_before_a_download(
    qtbot: QtBot, dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def download(self: Models, model: str, on_progress, cancel, on_begin):
        asked.append(model)
        on_progress(500_000_000, 1_000_000_000, 30.0)
        while not cancel():
            time.sleep(0.005)
        raise GenerationCancelled

    monkeypatch.setattr(Models, "download", download)
    dialog.tabs.setCurrentWidget(dialog.models)
    model_id, row = next((name, row) for name, row in dialog.models.rows.items() if "starter" not in name)
    child(row, QPushButton, "downloadButton").click()
    agree = child(row, QPushButton, "agreeButton")
    assert agree.isVisible()
    assert not asked
    agree.click()
    qtbot.waitUntil(lambda: any("500 MB of 1.0 GB" in label.text() for label in row.findChildren(QLabel)))
    assert asked == [model_id]
    child(row, QPushButton, "pauseButton").click()
    qtbot.waitUntil(lambda: dialog.models.downloads.state(model_id) is None)
    child(row, QPushButton, "downloadButton").click()  # the licence is not asked for again
    qtbot.waitUntil(lambda: len(asked) == 2)
    dialog.models.downloads.pause(model_id)


def test_a_download_that_fails_says_so_in_its_row(
    qtbot: QtBot, dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(self: Models, *_: object) -> None:
        raise UserError(message("There is no room on the disk."), message("Free 4 GB."))

    monkeypatch.setattr(Models, "download", download)
    dialog.tabs.setCurrentWidget(dialog.models)
    row = next(row for name, row in dialog.models.rows.items() if "starter" not in name)
    child(row, QPushButton, "downloadButton").click()
    child(row, QPushButton, "agreeButton").click()
    qtbot.waitUntil(lambda: any("no room" in label.text() for label in row.findChildren(QLabel)))


def test_what_a_model_asks_or_tells_stays_until_it_is_answered(
    qtbot: QtBot, window: MainWindow, dialog: SettingsDialog, speak: Callable[[str], None]
) -> None:
    dialog.tabs.setCurrentWidget(dialog.models)
    (first, asking), (second, telling) = [item for item in dialog.models.rows.items() if "starter" not in item[0]][:2]
    terms, agree = child(asking, QLabel, "termsLabel"), child(asking, QPushButton, "agreeButton")
    state = child(telling, QLabel, "modelStateLabel")
    child(asking, QPushButton, "downloadButton").click()
    window.downloads.failed.emit(second, UserError(message("The prompt is empty."), message("Choose a picture.")))
    for refresh in (dialog.models.refresh, lambda: window.downloads.changed.emit("starter")):
        refresh()
        assert agree.isVisible()
        assert "comes under the" in terms.text()
        assert state.text() == "The prompt is empty. Choose a picture."
    window.engine.settings.set("language", "zh")
    assert agree.isVisible()
    assert "comes under the" not in terms.text()
    assert state.text() == "提示词是空的。请选择一张图片。"
    child(asking, QPushButton, "notNowButton").click()
    child(telling, QPushButton, "downloadButton").click()
    dialog.models.refresh()
    assert not agree.isVisible()
    assert not state.text()
    assert window.downloads.state(first) is None


def test_the_hub_token_is_kept_and_removed(qtbot: QtBot, dialog: SettingsDialog, vault: Vault) -> None:
    dialog.tabs.setCurrentWidget(dialog.models)
    token = dialog.models.token
    qtbot.waitUntil(lambda: "huggingface.co" in token.status.text())
    token.edit.setText("hf_secret")
    token.save.click()
    qtbot.waitUntil(lambda: "in the keychain" in token.status.text())
    assert (vault.kept, token.edit.text()) == ("hf_secret", "")
    assert token.edit.echoMode() is QLineEdit.EchoMode.Password
    token.remove.click()
    qtbot.waitUntil(lambda: vault.kept is None and "huggingface.co" in token.status.text())
    vault.refusal = UserError(message("The keychain is locked."), message("Unlock it."))
    token.edit.setText("hf_other")
    token.save.click()
    qtbot.waitUntil(lambda: "kept until you quit" in token.status.text())
    assert vault.kept == "hf_other"


def test_the_hub_tokens_page_opens_from_its_name(qtbot: QtBot, dialog: SettingsDialog, vault: Vault) -> None:
    status = dialog.models.token.status
    qtbot.waitUntil(lambda: "huggingface.co" in status.text())
    assert shown(status).endswith("Make one at huggingface.co.")
    assert '<a href="https://huggingface.co/settings/tokens"' in status.text()
    status.show_text("No <b>folder</b> at huggingface.co", "danger", "https://huggingface.co/x")
    assert shown(status) == "No <b>folder</b> at huggingface.co"


def test_the_name_of_a_folder_is_not_read_as_html(dialog: SettingsDialog, tmp_path: Path) -> None:
    folder = tmp_path / "a <b>bold<b> & <img src=x> one"
    folder.mkdir()
    dialog.models.add_folder(folder)
    assert folder.name in shown(child(dialog, QLabel, "modelsMessage"))


def shown(label: QLabel) -> str:
    """What is read on a label, also by a screen reader."""
    interface: Any = QAccessible.queryAccessibleInterface(label)
    return str(interface.text(QAccessible.Text.Name))


def test_a_folder_that_is_no_model_is_told(dialog: SettingsDialog, tmp_path: Path) -> None:
    dialog.models.add_folder(tmp_path)
    assert child(dialog, QLabel, "modelsMessage").text()


def test_reset_asks_twice(dialog: SettingsDialog, window: MainWindow) -> None:
    settings = window.engine.settings
    settings.set("file_format", "webp")
    button = child(dialog, QPushButton, "resetButton")
    button.click()
    assert settings.get("file_format") == "webp"
    button.click()
    assert settings.get("file_format") == "png"
    dialog.tabs.setCurrentIndex(dialog.tabs.count() - 1)
    told = child(dialog, QLabel, "advancedMessage")
    assert told.isVisible()
    assert told.heightForWidth(told.width()) <= told.height()
    assert told.mapTo(dialog, QPoint()).y() > button.mapTo(dialog, QPoint()).y(), "it has a row of its own"


def test_a_disk_that_refuses_is_told(dialog: SettingsDialog, window: MainWindow, home: Path) -> None:
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        child(dialog, CheckBox, "offlineSetting").click()
        refused = window.engine.settings.get("offline") is False
    finally:
        home.chmod(stat.S_IRWXU)
    told = any("could not be saved" in label.text() for label in dialog.findChildren(QLabel))
    assert refused == told  # root may write anywhere
