"""“Runs on” lists the ways to compute in groups, with state and price; mouse and keys reach all but the headings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from app.backends.base import Estimate, Group, Placement, Remote, State, Status
from app.core.message import message
from app.ui.controls.fields.combo_box import DETAIL_ROLE, HEADING_ROLE
from app.ui.main_window import MainWindow
from app.ui.words import wording
from tests.gui.doubles import SPRINT, STARTER, ScriptedBackend

MakeWindow = Callable[..., MainWindow]


class Server(ScriptedBackend):
    """A program of one's own on this network, which costs nothing."""

    def __init__(self) -> None:
        stopped = Status(State.NOT_RUNNING, message("Nothing answers there."), message("Start it."))
        super().__init__("server", "Server", {}, stopped)
        self.placement, self.group = Placement.ENGINE, Group.NETWORK
        self.remote = Remote(message("The prompt is sent to your server."), charges=False)


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    cloud = ScriptedBackend("cloud", "Cloud One", {"starter": STARTER}, local=False)
    cloud.estimated = Estimate(seconds=2.0, cost=0.011)
    locked = ScriptedBackend("locked", "Cloud Two", {"sprint": SPRINT}, local=False)
    locked.status, locked.estimated = Status(State.NEEDS_KEY, message("There is no key.")), Estimate()
    return make_window(cloud, locked, ScriptedBackend(), ScriptedBackend("mlx", "MLX"), Server())


def shown(box: QComboBox) -> list[tuple[str, str]]:
    return [(box.itemText(row), str(box.itemData(row, DETAIL_ROLE) or "")) for row in range(box.count())]


def test_groups_have_headings_and_rows_say_state_and_price(window: MainWindow) -> None:
    box = window.panel.choice.backend_box
    assert shown(box) == [
        ("Automatic", "PyTorch"),
        ("This computer", ""), ("PyTorch", "ready · processor"), ("MLX", "ready · processor"),
        ("This network", ""), ("Server", "not running · free"),
        ("Cloud", ""), ("Cloud One", "ready · about $0.011 a picture"), ("Cloud Two", "needs a key · price unknown"),
    ]  # fmt: skip
    assert [row for row in range(box.count()) if box.itemData(row, HEADING_ROLE)] == [1, 4, 6]


def test_a_screen_reader_hears_group_state_and_price(window: MainWindow) -> None:
    box = window.panel.choice.backend_box
    view = QAccessible.queryAccessibleInterface(box.view())
    rows = [view.child(row) for row in range(view.childCount())]
    assert rows[7].text(QAccessible.Text.Name) == "Cloud One, Cloud, ready · about $0.011 a picture"
    assert [row.text(QAccessible.Text.Name) for row in rows if not row.state().selectable] == [
        "This computer", "This network", "Cloud",
    ]  # fmt: skip


def test_the_mouse_chooses_an_entry_but_no_heading(qtbot: QtBot, window: MainWindow) -> None:
    box = window.panel.choice.backend_box
    view = box.view()

    def press(row: int) -> None:
        place = view.visualRect(box.model().index(row, 0)).center()
        qtbot.mouseMove(view.viewport(), place)
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(view.isVisible)
    widest = max(view.sizeHintForIndex(box.model().index(row, 0)).width() for row in range(box.count()))
    assert view.width() >= widest > box.width() - 40, "nothing of a price is cut off"
    qtbot.wait(QApplication.doubleClickInterval() + 50)  # within it Qt takes a release for the end of the first press
    qtbot.mouseMove(view.viewport(), view.visualRect(box.model().index(5, 0)).center())
    press(6)
    assert box.currentData() == "auto"
    assert view.isVisible()
    press(7)
    qtbot.waitUntil(lambda: not view.isVisible())
    assert window.panel.request().backend == "cloud"


def test_the_keys_go_over_the_headings(qtbot: QtBot, window: MainWindow) -> None:
    box = window.panel.choice.backend_box
    box.setFocus()
    met = []
    for _ in range(6):
        qtbot.keyClick(box, Qt.Key.Key_Down)
        met.append(box.currentData())
    assert met == ["torch", "mlx", "server", "cloud", "locked", "locked"]
    qtbot.keyClick(box, Qt.Key.Key_Home)
    assert box.currentData() == "auto"
    qtbot.keyClicks(box, "This")  # only headings begin so
    assert box.currentData() in {"auto", "torch", "mlx", "server", "cloud", "locked"}
    qtbot.keyClick(box, Qt.Key.Key_End)
    assert box.currentData() == "locked"
    assert "There is no key." in window.panel.choice.note.text()


def test_automatic_says_which_and_why_beneath(qtbot: QtBot, window: MainWindow) -> None:
    why = window.findChild(QLabel, "backendWhy")
    assert why is not None
    assert why.isVisible()
    assert why.text() == "PyTorch: it works on this machine's processor."
    window.engine.settings.set("cloud_allowed", True)
    window.engine.backendsChanged.emit()
    assert why.text() == "Cloud One: the cloud is faster than this machine's processor, and you agreed to it."
    box = window.panel.choice.backend_box
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert not why.isVisible()


def test_what_changes_meanwhile_leaves_the_open_list_as_it_is(qtbot: QtBot, window: MainWindow) -> None:
    box = window.panel.choice.backend_box
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(box.view().isVisible)
    for _ in range(4):
        qtbot.keyClick(box.view(), Qt.Key.Key_Down)
    server = window.engine.registry.backends["server"]
    assert isinstance(server, Server)
    server.status = Status(State.READY, message("It answers."))
    window.engine.backendsChanged.emit()
    assert box.view().isVisible()
    assert box.view().currentIndex().data() == "Cloud One"
    assert ("Server", "ready · free") in shown(box)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    assert window.panel.request().backend == "cloud"


@pytest.mark.parametrize(
    ("group", "words"), [(Group.MACHINE, "about $0.020"), (Group.NETWORK, "about $0.020 · on this network")]
)
def test_the_estimate_says_where_only_where_that_is_elsewhere(window: MainWindow, group: Group, words: str) -> None:
    server = Server()
    server.group, server.remote = group, Remote(message("It is sent there."))
    assert wording.estimate(Estimate(cost=0.02), 1, server) == words
