"""Dragging pictures out of the window, with the mouse's own events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls.drop_frame import DropFrame
from app.ui.controls.style.theme import colours
from app.ui.gallery.files import dropping
from app.ui.main_window import MainWindow
from tests.gui.doubles import ScriptedBackend

LEFT, NONE, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
Dragged = list[tuple[Qt.DropAction, list[str], QMimeData]]


@pytest.fixture
def full(make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]) -> MainWindow:
    make_pictures(4)
    return make_window()


@pytest.fixture
def dragged(monkeypatch: pytest.MonkeyPatch) -> Dragged:
    """What was dragged: Qt's own drag would wait for a mouse that is not there."""
    drags: Dragged = []

    class Drag(QDrag):
        def exec(self, actions: Qt.DropAction) -> Qt.DropAction:  # type: ignore[override]
            drags.append((actions, [url.toLocalFile() for url in self.mimeData().urls()], self.mimeData()))
            return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(dropping, "QDrag", Drag)
    return drags


def pull(qtbot: QtBot, widget: QWidget, start: QPoint) -> None:
    """Press, move in several steps, let go."""
    qtbot.mousePress(widget, LEFT, pos=start)
    for step in range(1, 5):
        qtbot.mouseMove(widget, start + QPoint(8 * step, 6 * step))
    qtbot.mouseRelease(widget, LEFT, pos=start + QPoint(32, 24))


def tile(window: MainWindow, row: int) -> QPoint:
    return window.gallery.visualRect(window.model.index(row)).center()


def names(window: MainWindow, rows: Sequence[int]) -> list[str]:
    return [str(window.model.path_at(row)) for row in rows]


def test_a_tile_is_dragged_out_as_a_copy(qtbot: QtBot, full: MainWindow, dragged: Dragged) -> None:
    pull(qtbot, full.gallery.viewport(), tile(full, 2))
    ((actions, files, data),) = dragged
    assert actions == Qt.DropAction.CopyAction
    assert files == names(full, [2])
    assert data.hasImage()
    assert QImage(data.imageData()).width() == 64
    assert Path(files[0]).exists()


def test_all_that_are_selected_are_dragged_out(qtbot: QtBot, full: MainWindow, dragged: Dragged) -> None:
    viewport = full.gallery.viewport()
    qtbot.mouseClick(viewport, LEFT, NONE, tile(full, 0))
    qtbot.mouseClick(viewport, LEFT, CONTROL, tile(full, 3))
    pull(qtbot, viewport, tile(full, 3))
    assert [files for _, files, _ in dragged] == [names(full, [0, 3])]


def test_several_pictures_carry_their_number(qapp: QApplication) -> None:
    picture = QPixmap(256, 256)
    picture.fill(Qt.GlobalColor.black)
    alone, several = (dropping.carried(picture, count).toImage() for count in (1, 12))
    assert alone.size() == several.size() == QSize(128, 128)
    corner = QPoint(128 - 24, 10)
    assert (alone.pixelColor(corner).name(), several.pixelColor(corner).name()) == ("#000000", colours().fill)


def test_two_quick_clicks_that_select_open_nothing(qtbot: QtBot, full: MainWindow) -> None:
    viewport = full.gallery.viewport()
    qtbot.mouseClick(viewport, LEFT, NONE, tile(full, 0))
    qtbot.mouseClick(viewport, LEFT, CONTROL, tile(full, 2))
    qtbot.mouseDClick(viewport, LEFT, CONTROL, tile(full, 2))
    assert full.selection.paths() == [full.model.path_at(0), full.model.path_at(2)]
    assert not full.viewer.isVisible()


def test_the_inspectors_picture_is_dragged_out(qtbot: QtBot, full: MainWindow, dragged: Dragged) -> None:
    image = full.inspector.image
    pull(qtbot, image, image.rect().center())
    assert not dragged, "nothing is shown"
    qtbot.mouseClick(full.gallery.viewport(), LEFT, NONE, tile(full, 1))
    qtbot.waitUntil(lambda: full.inspector.path is not None)
    pull(qtbot, image, image.rect().center())
    assert [(actions, files) for actions, files, _ in dragged] == [(Qt.DropAction.CopyAction, names(full, [1]))]


def test_the_viewers_picture_is_dragged_out_unless_it_is_larger_than_the_window(
    qtbot: QtBot, full: MainWindow, dragged: Dragged
) -> None:
    qtbot.mouseDClick(full.gallery.viewport(), LEFT, NONE, tile(full, 1))
    viewer = full.viewer
    qtbot.waitUntil(lambda: viewer.zoom_factor() > 1)
    pull(qtbot, viewer, viewer.rect().center())
    assert [(actions, files) for actions, files, _ in dragged] == [(Qt.DropAction.CopyAction, names(full, [1]))]
    viewer.step(1)
    pull(qtbot, viewer, viewer.rect().center())
    assert len(dragged) == 1, "there the mouse moves the picture"
    assert viewer.isVisible()


def test_a_picture_in_work_is_not_dragged(
    qtbot: QtBot, make_window: Callable[..., MainWindow], backend: ScriptedBackend, dragged: Dragged
) -> None:
    backend.stop_at(1)
    window = make_window()
    window.panel.prompt.replace("a tree")
    window.panel.generate()
    qtbot.waitUntil(lambda: window.model.rowCount() == 1)
    pull(qtbot, window.gallery.viewport(), tile(window, 0))
    assert not dragged


@pytest.mark.parametrize("target", ["gallery", "start picture"])
def test_what_is_dropped_is_copied_at_every_step(qtbot: QtBot, full: MainWindow, tmp_path: Path, target: str) -> None:
    """Nautilus and Finder propose to move on one disk: who is told of a move deletes the file."""
    picture = tmp_path / "a.png"
    picture.write_bytes(Path(names(full, [0])[0]).read_bytes())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture))])
    widget: QWidget = full if target == "gallery" else full.panel.start_picture
    where = full.page.mapTo(full, QPoint(50, 50)) if target == "gallery" else QPoint(5, 5)
    offered = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    events: list[QDropEvent] = [
        QDragEnterEvent(where, offered, data, LEFT, NONE),
        QDragMoveEvent(where, offered, data, LEFT, NONE),
        QDropEvent(QPointF(where), offered, data, LEFT, NONE),
    ]
    for event in events:
        event.setDropAction(Qt.DropAction.MoveAction)
        event.ignore()
        QApplication.sendEvent(widget, event)
        assert event.isAccepted()
        assert event.dropAction() == Qt.DropAction.CopyAction
        frame = (full.page if target == "gallery" else widget).findChild(DropFrame)
        assert frame is not None
        if type(event) is QDragMoveEvent:
            assert frame.isVisible(), "it is seen where it would go"
            assert frame.words == ("Use its settings" if target == "gallery" else "")
    assert not frame.isVisible()
    assert picture.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.safetensors", "Add the LoRA"), ("a.jpg", "Use its settings"), ("", "Start from this picture")],
)
def test_the_window_says_what_would_become_of_a_drop(full: MainWindow, tmp_path: Path, name: str, words: str) -> None:
    data = QMimeData()
    if name:
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    else:
        data.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
    frame = full.page.findChild(DropFrame)
    assert frame is not None
    QApplication.sendEvent(full, QDragEnterEvent(QPoint(700, 400), Qt.DropAction.CopyAction, data, LEFT, NONE))
    QApplication.sendEvent(full, QDragMoveEvent(QPoint(700, 400), Qt.DropAction.CopyAction, data, LEFT, NONE))
    assert (frame.isVisible(), frame.words) == (True, words)
    assert frame.geometry() == full.page.rect()
    QApplication.sendEvent(full, QDragLeaveEvent())
    assert not frame.isVisible()
