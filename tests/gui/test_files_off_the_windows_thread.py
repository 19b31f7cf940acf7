"""Pictures may lie on a slow disk: the window's thread opens none of them, whatever is done with them."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import app.ui
from app.ui.main_window import MainWindow
from tests.gui.doubles import ScriptedBackend

ASK = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DecorationRole)
BY_QT = re.compile(r"QImageReader|QPixmap\((str|path|self\._path)|QImage\((str|path)|\.load\(str\(path")
"""Ways to read a picture that Python does not see."""

_opened: list[str] | None = None


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _opened is not None and threading.current_thread() is threading.main_thread():
        name = str(arguments[0])
        if name.endswith((".png", ".jpg", ".webp")):
            _opened.append(name)


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The pictures that the window's thread has opened so far."""
    global _opened
    if not getattr(sys, "_hears_opens", False):
        sys.addaudithook(_hook)  # for as long as the process lives
        sys._hears_opens = True  # type: ignore[attr-defined]
    _opened = []
    yield _opened
    _opened = None


def drop(target: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    target.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, button, keys))


def test_nothing_that_is_done_with_pictures_opens_them_in_the_windows_thread(
    qtbot: QtBot,
    make_pictures: Callable[[int], list[Path]],
    make_window: Callable[..., MainWindow],
    backend: ScriptedBackend,
    tmp_path: Path,
    opened: list[str],
) -> None:
    paths = make_pictures(4)
    window = make_window()
    opened.clear()  # until here it was the test itself that opened them
    qtbot.waitUntil(lambda: window.model.pictures == 4)
    for row in range(4):
        for role in ASK:
            window.model.data(window.model.index(row), role)
    window.gallery.select(paths[1])
    qtbot.waitUntil(lambda: window.selection.picture is not None)
    window.gallery.selectAll()
    qtbot.wait(50)
    window.gallery.setFocus()
    window.gallery.select(paths[1])
    qtbot.keyClick(window.gallery, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not window.viewer._image.isNull())
    qtbot.keyClick(window.viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not window.viewer._image.isNull())
    qtbot.keyClick(window.viewer, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window.viewer, Qt.Key.Key_Escape)
    window.menus.actions["start"].trigger()
    qtbot.waitUntil(lambda: not window.panel.start_picture._thumb.pixmap().isNull())
    drop(window.panel.start_picture, paths[0])
    qtbot.waitUntil(lambda: [item.path for item in window.panel.request().inputs] == [str(paths[0])])
    drop(window, paths[2])
    qtbot.waitUntil(lambda: window.panel.seed.value() == 102)
    window.pictures.copy([paths[0]])
    qtbot.waitUntil(lambda: QApplication.clipboard().mimeData().hasImage())
    QApplication.clipboard().clear()
    window.pictures.export_to([paths[0]], [tmp_path / "out.jpg"])
    qtbot.waitUntil((tmp_path / "out.jpg").exists)
    window.panel.prompt.replace("a tree")
    window.panel.size_field.set_size(128, 128)
    window.panel.start_picture.set_path("")
    window.panel.generate()
    qtbot.waitUntil(lambda: window.model.pictures > 4)
    window.queue.open_jobs()
    window.pictures.delete([paths[3]])
    qtbot.waitUntil(lambda: bool(window.pictures.undo_title()))
    window.pictures.undo()
    qtbot.waitUntil(paths[3].exists)
    qtbot.wait(50)
    assert opened == []


def test_it_is_seen_when_the_windows_thread_opens_a_picture(
    make_pictures: Callable[[int], list[Path]], opened: list[str]
) -> None:
    (path,) = make_pictures(1)
    opened.clear()
    path.read_bytes()
    assert opened == [str(path)]


def test_no_widget_reads_a_picture_by_qt() -> None:
    sources = Path(app.ui.__file__).parent.rglob("*.py")
    found = [source.name for source in sources if BY_QT.search(source.read_text(encoding="utf-8"))]
    assert found == ["picture_label.py"], "that one reads no file, but the bytes of a thumbnail"
