"""Exporting from the window: what is said afterwards, and what the save dialog's answer means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.library.pictures import images
from app.library.pictures.formats.xmp_marks import XmpMarks
from app.ui.gallery.files.export_dialog import ExportDialog
from app.ui.main_window import MainWindow


@pytest.fixture
def full(make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]) -> MainWindow:
    make_pictures(3)
    return make_window()


def said(qtbot: QtBot, window: MainWindow) -> str:
    qtbot.waitUntil(lambda: window.bar.isVisible())
    text = window.bar.text.text()
    window.bar.dismiss()
    return text


def test_what_was_exported_where(qtbot: QtBot, full: MainWindow, tmp_path: Path) -> None:
    paths = _paths(full, 2)
    out = tmp_path / "for friends"
    full.pictures.export_to(paths[:1], [out / "a.png"])
    assert said(qtbot, full) == "Exported “a.png” to “for friends”"
    full.pictures.export_to(paths, [out / "a.png", out / "b.jpg"])
    assert said(qtbot, full) == "Exported 2 pictures to “for friends”"
    assert {path.name for path in out.iterdir()} == {"a.png", "a (2).png", "b.jpg"}


def test_a_copy_names_the_rating_and_the_star(qtbot: QtBot, full: MainWindow, tmp_path: Path) -> None:
    (path,) = _paths(full, 1)
    full.pictures.rate([path], 3)
    full.engine.gallery.set_favourite(path, True)
    qtbot.waitUntil(lambda: full.engine.gallery.marks(path) == XmpMarks(3, True))
    full.pictures.export_to([path], [tmp_path / "a.png"])
    said(qtbot, full)
    assert images.read(tmp_path / "a.png").marks == XmpMarks(3, True)


def test_what_failed_is_named_and_the_rest_is_exported(qtbot: QtBot, full: MainWindow, tmp_path: Path) -> None:
    paths = _paths(full, 3)
    paths[1].write_text("damaged")
    out = tmp_path / "out"
    full.pictures.export_to(paths, [out / f"{n}.png" for n in range(3)])
    text = said(qtbot, full)
    assert "2 of 3" in text
    assert paths[1].name in text
    assert "out" in text
    assert {path.name for path in out.iterdir()} == {"0.png", "2.png"}


@pytest.mark.parametrize(("typed", "made"), [("cat", "cat (2).jpg"), ("cat.jpg", "cat.jpg")])
def test_only_a_file_that_the_dialog_asked_about_is_replaced(
    qtbot: QtBot, full: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, made: str
) -> None:
    (tmp_path / "cat.jpg").write_text("older")
    answer = str(tmp_path / typed), "JPEG (*.jpg)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    full.pictures.export(_paths(full, 1))
    press_export(full)
    assert made in said(qtbot, full)
    assert images.read(tmp_path / made).seed is not None
    assert ((tmp_path / "cat.jpg").read_bytes() == b"older") == (made != "cat.jpg")


def _paths(window: MainWindow, count: int) -> list[Path]:
    paths = [window.model.path_at(row) for row in range(count)]
    return [path for path in paths if path is not None]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".avif"])
def test_without_the_words_nothing_of_the_prompt_goes_out_and_the_choice_is_kept(
    qtbot: QtBot, full: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    out = tmp_path / f"cat{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    (path,) = _paths(full, 1)
    prompt = images.read(path).prompt
    full.pictures.export([path])
    dialog = full.findChild(ExportDialog)
    assert dialog is not None
    QTest.mouseClick(dialog.words, Qt.MouseButton.LeftButton)
    dialog.format.setFocus()
    QTest.keyClicks(dialog.format, suffix[1:2])
    press_export(full)
    said(qtbot, full)
    assert images.read(out).request is None
    assert prompt.encode() not in out.read_bytes()
    assert b"digitalsourcetype/trainedAlgorithmicMedia" in out.read_bytes()
    full.pictures.export([path])
    again = full.findChildren(ExportDialog)[-1]
    assert not again.words.isChecked()
    again.reject()


def press_export(window: MainWindow) -> None:
    dialog = window.findChildren(ExportDialog)[-1]
    QTest.mouseClick(dialog.go_on, Qt.MouseButton.LeftButton)
