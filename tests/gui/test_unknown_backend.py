"""A backend that only this test knows: the window, the settings and the command line show all that it tells."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.backends.base import Estimate, Group, Placement, Remote, State, Status
from app.cli.doctor import doctor
from app.core.capabilities import Capabilities
from app.core.limits import Range
from app.core.message import message, plain
from app.library.pictures import images
from app.library.setting import Setting
from app.ui.controls.fields.combo_box import DETAIL_ROLE
from app.ui.main_window import MainWindow
from tests.gui.doubles import ScriptedBackend

MODEL = Capabilities(
    model="Watercolour", size=Range(64, 256, 128, 64), max_pixels=256 * 256, steps=Range(1, 9, 5), guidance=None,
    negative=False, solvers=("euler",), max_count=2,
)  # fmt: skip


class Neighbour(ScriptedBackend):
    """Another computer in the house; what it charges is not known beforehand."""

    placement = Placement.ENGINE
    group = Group.NETWORK
    remote = Remote(message("The prompt is sent to the computer next door."))
    settings = (
        Setting("neighbour.pace", "brisk", plain("Pace"), plain("How fast."), "Backends", "choice",
                (("brisk", plain("Brisk")), ("slow", plain("Slow")))),
    )  # fmt: skip

    def __init__(self) -> None:
        status = Status(State.READY, message("It is awake."), device="Neighbour")
        super().__init__("neighbour", "Neighbour", {"watercolour": MODEL}, status)
        self.estimated = Estimate(seconds=3.0)


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window(ScriptedBackend(), Neighbour())


def child(window: MainWindow, kind: type[QWidget], name: str) -> QWidget:
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def test_it_is_offered_runs_and_its_picture_is_saved(qtbot: QtBot, window: MainWindow) -> None:
    box = child(window, QComboBox, "backendBox")
    assert isinstance(box, QComboBox)
    row = box.findData("neighbour")
    assert (box.itemText(row), box.itemData(row, DETAIL_ROLE)) == ("Neighbour", "ready · price unknown")
    assert box.itemData(row, Qt.ItemDataRole.ToolTipRole) == "It is awake."
    window.panel.choice.choose("neighbour", "watercolour")
    assert window.panel.request().model == "watercolour"
    assert not window.panel.negative.isVisible()
    estimate = child(window, QLabel, "estimateLabel")
    assert isinstance(estimate, QLabel)
    qtbot.waitUntil(lambda: estimate.text() == "About 3 s · price unknown · on this network")
    assert "The prompt is sent to the computer next door." in estimate.toolTip()

    qtbot.mouseClick(window.panel.prompt, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(window.panel.prompt, "a garden gate")
    button = child(window, QPushButton, "generateButton")
    with qtbot.waitSignal(window.engine.generated, timeout=15_000) as made:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    saved = images.read(made.args[1].path)
    assert saved.request is not None
    assert (saved.request.backend, saved.request.steps, saved.provenance.backend) == ("neighbour", 5, "neighbour")
    assert window.inspector._backend_name("neighbour") == "Neighbour"


def test_auto_sends_nothing_away_unasked(window: MainWindow) -> None:
    registry = window.engine.registry
    assert registry.choose("auto", None)[0].id == "torch"
    assert registry.elsewhere(window.panel.request().replace(width=100, height=100))["backend"] == "neighbour"


def test_the_settings_show_its_row_and_its_fields(window: MainWindow) -> None:
    window.open_settings("Backends")
    choice = child(window, QComboBox, "default_backendSetting")
    assert isinstance(choice, QComboBox)
    assert choice.findText("Neighbour") >= 0
    child(window, QComboBox, "neighbour.paceSetting")
    assert window.engine.settings.get("neighbour.pace") == "brisk"


def test_doctor_lists_it(window: MainWindow, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(argparse.Namespace(json=True), window.engine.session) == 0
    row = next(row for row in json.loads(capsys.readouterr().out) if row["backend"] == "neighbour")
    assert (row["name"], row["status"], row["models"]) == ("Neighbour", "ready", ["watercolour"])
