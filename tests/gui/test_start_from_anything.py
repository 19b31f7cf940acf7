"""Pictures that come from elsewhere become the start picture: dropped, pasted, dragged from a browser."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.request import Role
from app.library import paths
from app.library.pictures import fetching
from app.ui.main_window import MainWindow
from tests.gui.doubles import SPRINT, ScriptedBackend

LEFT, NONE, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def png(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "PNG")
    return buffer.getvalue()


def drop(widget: QWidget, data: QMimeData, at: QPoint | None = None) -> bool:
    """Let go of something there; whether it is taken."""
    at = at or QPoint(5, 5)
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, LEFT, NONE)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, LEFT, NONE))
    return enter.isAccepted()


def start_of(window: MainWindow) -> Path | None:
    start = window.panel.request().input(Role.INIT)
    return Path(start.path) if start is not None else None


def came(qtbot: QtBot, window: MainWindow) -> Path:
    qtbot.waitUntil(lambda: start_of(window) is not None, timeout=20_000)
    path = start_of(window)
    assert path is not None
    return path


def question(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "fetchQuestion") is not None)
    box = window.findChild(QMessageBox, "fetchQuestion")
    assert isinstance(box, QMessageBox)
    qtbot.waitUntil(box.isVisible)
    return box


@pytest.fixture
def ready(qtbot: QtBot, window: MainWindow) -> MainWindow:
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.panel.takes_start())
    QGuiApplication.clipboard().clear()
    return window


def pixels() -> QImage:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    return image


def of_image() -> QMimeData:
    data = QMimeData()
    data.setImageData(pixels())
    return data


def of_file() -> QMimeData:
    data = QMimeData()
    data.setData("image/png", png())
    data.setUrls([QUrl("https://pictures.example/a.png")])
    return data


def of_text() -> QMimeData:
    data = QMimeData()
    data.setText(f"data:image/png;base64,{base64.b64encode(png()).decode()}")
    return data


@pytest.mark.parametrize("made", [of_image, of_file, of_text])
@pytest.mark.parametrize("target", ["field", "window"])
def test_image_data_that_is_dropped_is_used_at_once(
    qtbot: QtBot, ready: MainWindow, made: Callable[[], QMimeData], target: str
) -> None:
    field = ready.panel.start_picture
    assert drop(*((field, made()) if target == "field" else (ready, made(), ready.page.mapTo(ready, QPoint(60, 60)))))
    path = came(qtbot, ready)
    assert path.parent == paths.home() / "inputs"
    with Image.open(path) as image:
        assert image.size == (40, 30)
    assert ready.findChild(QMessageBox, "fetchQuestion") is None


def test_the_same_picture_is_kept_once(qtbot: QtBot, ready: MainWindow) -> None:
    drop(ready.panel.start_picture, of_image())
    first = came(qtbot, ready)
    ready.panel.start_picture.set_path("")
    drop(ready.panel.start_picture, of_image())
    assert came(qtbot, ready) == first


@pytest.mark.parametrize("focused", ["prompt", "gallery"])
def test_a_picture_is_pasted_wherever_the_focus_is(qtbot: QtBot, ready: MainWindow, focused: str) -> None:
    widget: QWidget = ready.panel.prompt if focused == "prompt" else ready.gallery
    widget.setFocus()
    QGuiApplication.clipboard().setImage(pixels())
    qtbot.keyClick(widget, Qt.Key.Key_V, CONTROL)
    with Image.open(came(qtbot, ready)) as image:
        assert image.getpixel((3, 3)) == (0, 0, 255)
    assert ready.panel.prompt.toPlainText() == ""


def test_a_file_is_pasted(qtbot: QtBot, ready: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "beach.png"
    file.write_bytes(png())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    QGuiApplication.clipboard().setMimeData(data)
    ready.panel.prompt.setFocus()
    qtbot.keyClick(ready.panel.prompt, Qt.Key.Key_V, CONTROL)
    assert came(qtbot, ready) == file
    QGuiApplication.clipboard().clear()


def test_text_is_pasted_as_ever(qtbot: QtBot, ready: MainWindow) -> None:
    QGuiApplication.clipboard().setText("a tree")
    ready.panel.prompt.setFocus()
    qtbot.keyClick(ready.panel.prompt, Qt.Key.Key_V, CONTROL)
    assert ready.panel.prompt.toPlainText() == "a tree"
    assert start_of(ready) is None


def test_an_address_is_fetched_after_a_question_only(
    qtbot: QtBot, ready: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(fetching, "fetch", lambda address: asked.append(address) or png())
    data = QMimeData()
    data.setUrls([QUrl("https://pictures.example/a.png?size=2")])
    assert drop(ready.panel.start_picture, data)
    box = question(qtbot, ready)
    assert "pictures.example" in box.text()
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: ready.findChild(QMessageBox, "fetchQuestion") is None)
    assert asked == []
    assert start_of(ready) is None
    drop(ready.panel.start_picture, data)
    button = question(qtbot, ready).findChild(QPushButton, "fetchButton")
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, LEFT)
    assert came(qtbot, ready).read_bytes() == png()
    assert asked == ["https://pictures.example/a.png?size=2"]


def test_of_a_piece_of_a_page_the_picture_is_fetched(
    qtbot: QtBot, ready: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(fetching, "fetch", lambda address: asked.append(address) or png())
    data = QMimeData()
    data.setUrls([QUrl("https://pages.example/gallery")])
    data.setHtml('<a href="/gallery"><img alt="a" src="https://pictures.example/a.png?w=1&amp;h=2"></a>')
    assert drop(ready.panel.start_picture, data)
    button = question(qtbot, ready).findChild(QPushButton, "fetchButton")
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, LEFT)
    came(qtbot, ready)
    assert asked == ["https://pictures.example/a.png?w=1&h=2"]


@pytest.mark.parametrize("address", ["http://pictures.example/a.png", "https://127.0.0.1/a.png"])
def test_what_is_not_safe_is_not_even_asked_for(qtbot: QtBot, ready: MainWindow, address: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl(address)])
    drop(ready.panel.start_picture, data)
    qtbot.waitUntil(ready.bar.isVisible)
    assert ready.bar.remedy.text()
    assert ready.findChild(QMessageBox, "fetchQuestion") is None
    assert start_of(ready) is None


def test_text_that_is_no_picture_is_not_taken(ready: MainWindow) -> None:
    data = QMimeData()
    data.setText("a red house: https://pictures.example")
    assert not drop(ready.panel.start_picture, data)


def test_what_cannot_be_read_is_said(qtbot: QtBot, ready: MainWindow) -> None:
    data = QMimeData()
    data.setData("image/png", b"no picture at all")
    drop(ready.panel.start_picture, data)
    qtbot.waitUntil(ready.bar.isVisible)
    assert start_of(ready) is None


def test_a_model_that_takes_none_says_so(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    window = make_window(ScriptedBackend(models={"sprint": SPRINT}))
    window.panel.choice.choose("auto", "sprint")
    qtbot.waitUntil(window.isActiveWindow)
    QGuiApplication.clipboard().setImage(pixels())
    window.gallery.setFocus()
    qtbot.keyClick(window.gallery, Qt.Key.Key_V, CONTROL)
    assert window.bar.isVisible()
    QGuiApplication.clipboard().clear()


def test_a_start_picture_that_vanishes_is_noticed(qtbot: QtBot, ready: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "beach.png"
    file.write_bytes(png())
    ready.panel.start_picture.set_path(str(file))
    qtbot.waitUntil(lambda: ready.panel.start_picture._watch._watcher.files() == [str(file)])
    file.write_bytes(png("green"))
    qtbot.wait(400)
    assert start_of(ready) == file, "it is still there"
    with qtbot.waitSignal(ready.panel.start_picture.problem):
        file.unlink()
    assert start_of(ready) is None
    assert "beach.png" in ready.bar.text.text()


def test_the_strength_is_said_in_words(qtbot: QtBot, ready: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "beach.png"
    Image.fromarray(np.zeros((32, 32, 3), np.uint8)).save(file)
    ready.panel.start_picture.set_path(str(file))
    word = ready.panel.findChild(QLabel, "strengthWord")
    box = ready.panel.findChild(QWidget, "strengthBox")
    assert isinstance(word, QLabel)
    assert box is not None
    said = []
    for value in ("0.1", "0.3", "0.5", "0.6", "0.9", "1.0"):
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_A, CONTROL)
        qtbot.keyClicks(box, value)
        qtbot.keyClick(box, Qt.Key.Key_Tab)
        said.append(word.text())
        assert box.accessibleDescription() == word.text()
    assert said[0].startswith("Keep")
    assert said[-1] == "Change everything"
    assert len(set(said)) == 6


def test_the_mask_is_seen_over_the_start_picture(qtbot: QtBot, ready: MainWindow, tmp_path: Path) -> None:
    picture, mask = tmp_path / "beach.png", tmp_path / "mask.png"
    Image.new("RGB", (200, 100), "blue").save(picture)
    half = Image.new("L", (200, 100), "black")
    half.paste(255, (0, 0, 100, 100))
    half.save(mask)
    ready.panel.start_picture.set_path(str(picture), str(mask))
    thumb = ready.panel.start_picture._thumb
    qtbot.waitUntil(lambda: not thumb.pixmap().isNull())
    image = thumb.pixmap().toImage()
    painted, kept = image.pixelColor(20, 20), image.pixelColor(image.width() - 20, 20)
    assert painted.red() > 120 > 40 > kept.red()
