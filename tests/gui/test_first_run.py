"""The first start: three ways to paint, and a real download through the window from a stand-in for the hub."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from app.backends.base import Group, State, Status, Suits
from app.backends.ways import Possible
from app.core.message import message
from app.library import machine, paths, secrets
from app.library.models.hub import hub_cache
from app.library.models.model import ModelState
from app.library.secrets import Secret
from app.ui.controls.text.labels import LinkLabel
from app.ui.main_window import MainWindow
from tests.gui.doubles import ScriptedBackend
from tests.servers.hub import Fault, HubServer

MODEL = "sana-sprint-0.6b"
REPO = "Efficient-Large-Model/Sana_Sprint_0.6B_1024px_diffusers"
WEIGHTS = "transformer/diffusion_pytorch_model.safetensors"


@pytest.fixture(autouse=True)
def small_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "total_memory", lambda: 16 * 2**30)
    monkeypatch.setattr(machine, "chip", lambda: "Apple M4")
    monkeypatch.setattr(secrets, "get", lambda name: Secret())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


def sheet(window: MainWindow) -> QWidget:
    found = window.findChild(QWidget, "firstRunSheet")
    assert isinstance(found, QWidget)
    return found


def press(qtbot: QtBot, parent: QWidget, name: str) -> None:
    button = parent.findChild(QPushButton, name)
    assert button is not None, name
    assert button.isVisible(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def words(parent: QWidget) -> str:
    return "\n".join(label.text() for label in parent.findChildren(QLabel) if label.isVisible())


def test_there_are_three_ways_with_what_each_costs(window: MainWindow) -> None:
    told = words(sheet(window))
    assert all(title in told for title in ("Try the starter", "Get Sana on this", "Use the cloud"))
    assert all(fact in told for fact in ("SANA-Sprint 0.6B", "7.7 GB to download", "of memory", "NVIDIA License"))
    assert "prompts are sent there" in told


def test_the_starter_is_chosen_once(qtbot: QtBot, window: MainWindow, make_window: Callable[..., MainWindow]) -> None:
    press(qtbot, window, "tryStarterButton")
    assert not sheet(window).isVisible()
    assert window.engine.settings.get("first_run_done")
    qtbot.waitUntil(window.page.empty.examples.isVisible)
    assert make_window().findChild(QWidget, "firstRunSheet") is None


def test_the_cloud_leads_to_its_key(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, "useCloudButton")
    tabs = window.findChild(QTabWidget, "settingsTabs")
    assert tabs is not None
    assert tabs.tabText(tabs.currentIndex()) == "Cloud"


def test_sana_is_two_presses_away_even_with_a_cut_line(qtbot: QtBot, server: HubServer, window: MainWindow) -> None:
    server.serve(REPO, paths.resources() / "starter")
    server.script("content", Fault(cut_after=1_000_000), Fault(cut_after=2_000_000), file=WEIGHTS)
    press(qtbot, window, "downloadButton")
    assert not server.requests, "the licence comes first"
    assert "comes under the" in words(sheet(window))
    press(qtbot, window, "agreeButton")
    qtbot.waitUntil(lambda: window.engine.settings.get("default_model") == MODEL, timeout=60_000)
    assert window.models.state(MODEL) is ModelState.READY
    assert window.models.licence_accepted(window.models.spec(MODEL))
    assert {range_ for range_ in server.ranges(WEIGHTS) if range_} >= {"bytes=0-", "bytes=1000000-", "bytes=3000000-"}
    qtbot.waitUntil(lambda: window.findChild(QWidget, "firstRunSheet") is None)


def test_it_can_be_paused_and_the_settings_show_the_same_download(
    qtbot: QtBot, server: HubServer, window: MainWindow
) -> None:
    server.serve(REPO, paths.resources() / "starter")
    server.rate = 500_000
    press(qtbot, window, "downloadButton")
    press(qtbot, window, "agreeButton")
    qtbot.waitUntil(lambda: " of " in words(sheet(window)), timeout=60_000)
    window.open_settings("Models")
    assert window._settings_dialog is not None
    assert window._settings_dialog.models.rows[MODEL].findChild(QPushButton, "pauseButton").isVisible()
    press(qtbot, sheet(window), "pauseButton")
    qtbot.waitUntil(lambda: window.downloads.state(MODEL) is None, timeout=60_000)
    assert window.models.state(MODEL) is ModelState.PARTIAL
    assert sheet(window).findChild(QPushButton, "downloadButton").text() == "Go on"


def test_what_goes_wrong_is_told_in_place(qtbot: QtBot, server: HubServer, window: MainWindow) -> None:
    server.serve(REPO, paths.resources() / "starter", token="hf_token", gated=True)
    press(qtbot, window, "downloadButton")
    press(qtbot, window, "agreeButton")
    qtbot.waitUntil(lambda: "wants to know who downloads it" in words(sheet(window)), timeout=60_000)
    assert window.findChild(QPushButton, "tryStarterButton").isVisible()


def test_too_little_memory_is_said(make_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "total_memory", lambda: 4 * 2**30)
    assert "need more memory than there is here" in words(sheet(make_window()))


def test_what_another_tool_downloaded_can_be_used_at_once(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    snapshot = hub_cache.repo_folder(REPO) / "snapshots" / ("a" * 40)
    shutil.copytree(paths.resources() / "starter", snapshot)
    window = make_window()
    press(qtbot, window, "useSanaButton")
    assert window.engine.settings.get("default_model") == MODEL
    assert not sheet(window).isVisible()


def test_whoever_has_pictures_is_not_welcomed(
    make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]
) -> None:
    make_pictures(1)
    window = make_window()
    shown = window.findChild(QWidget, "firstRunSheet")
    assert shown is None or not shown.isVisible()


def test_a_search_hides_the_ways(qtbot: QtBot, window: MainWindow) -> None:
    window.model.search(text="zebra")
    qtbot.waitUntil(lambda: "zebra" in window.page.empty.text.text())
    assert not sheet(window).isVisible()
    window.model.search(text="")
    qtbot.waitUntil(lambda: sheet(window).isVisible())


def test_links_follow_the_colours(window: MainWindow) -> None:
    def blue(label: LinkLabel) -> set[int]:
        picture = label.grab().toImage()
        pixels = (picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height()))
        return {colour.blue() for colour in pixels if colour.blue() > colour.red() + 100}

    window.engine.settings.set("appearance", "light")
    (facts,) = (label for label in sheet(window).findChildren(LinkLabel) if label.isVisible())
    light = blue(facts)
    window.engine.settings.set("appearance", "dark")
    assert max(blue(facts)) > max(light) + 5  # the accent of the dark colours is the lighter one


class Pod(ScriptedBackend):
    """A server of one's own, of which there is none yet."""


OWN = Possible(
    "own", message("A server of your own"), Group.CLOUD,
    Suits(message("A GPU elsewhere."), message("What it charges.")),
    message("None is set up."), message("Add one in Settings."), "Cloud", Pod,
)  # fmt: skip


def test_the_table_shows_each_way_with_this_machines_facts(
    qtbot: QtBot, make_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = ScriptedBackend()
    here.suits = Suits(message("Any computer."), message("Nothing."))
    cloud = ScriptedBackend("cloud", "Cloud", {}, Status(State.NEEDS_KEY, message("There is no key.")), local=False)
    window = make_window(here, cloud)
    registry = window.engine.registry
    registry.possible = (OWN,)
    window.engine.backendsChanged.emit()
    table = sheet(window).findChild(QWidget, "waysTable")
    assert table is not None
    assert table.accessibleName() == "All ways to make pictures"
    facts = table.findChild(QLabel, "machineFacts")
    assert facts is not None
    assert "Apple M4" in facts.text()
    assert "17.2 GB of memory" in facts.text()

    def row(name: str) -> QWidget:
        found = table.findChild(QWidget, f"way:{name}")
        assert isinstance(found, QWidget)
        return found

    qtbot.waitUntil(lambda: row("torch").isVisible())
    assert "PyTorch\nready · processor\nGood for: Any computer.\nCosts: Nothing." in words(row("torch"))
    assert "Cloud\nneeds a key\nThere is no key." in words(row("cloud"))
    assert "None is set up. Add one in Settings.\nGood for: A GPU elsewhere." in words(row("own"))
    assert not row("torch").findChild(QPushButton, "wayButton").isVisible()

    cloud.status = Status(State.READY, message("It works."))
    window.engine.backendsChanged.emit()
    assert "ready" in words(row("cloud"))
    assert not row("cloud").findChild(QPushButton, "wayButton").isVisible()
    registry.change(put=[Pod("mine", "Mine", {}, local=False)])
    qtbot.waitUntil(lambda: "Mine" in words(row("mine")))
    assert table.findChild(QWidget, "way:own") is None


def test_a_row_leads_to_what_is_missing(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    cloud = ScriptedBackend("cloud", "Cloud", {}, Status(State.NEEDS_KEY, message("There is no key.")), local=False)
    window = make_window(ScriptedBackend(), cloud)
    qtbot.waitUntil(lambda: sheet(window).findChild(QWidget, "way:cloud") is not None)
    button = sheet(window).findChild(QWidget, "way:cloud").findChild(QPushButton, "wayButton")
    assert (button.text(), button.accessibleName()) == ("Enter a key…", "Cloud, Enter a key…")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    tabs = window.findChild(QTabWidget, "settingsTabs")
    assert tabs is not None
    assert tabs.tabText(tabs.currentIndex()) == "Cloud"


@pytest.mark.parametrize("size", [(1280, 800), (900, 600)])
def test_nothing_of_the_table_is_cut_off(
    qtbot: QtBot, make_window: Callable[..., MainWindow], size: tuple[int, int]
) -> None:
    window = make_window(ScriptedBackend(), ScriptedBackend("long", "W" * 40, local=False))
    window.resize(*size)
    qtbot.waitUntil(lambda: sheet(window).findChild(QWidget, "way:long") is not None)
    column = sheet(window)
    while not isinstance(column, QScrollArea):
        column = column.parentWidget()
    QApplication.processEvents()
    assert sheet(window).width() <= column.viewport().width()
