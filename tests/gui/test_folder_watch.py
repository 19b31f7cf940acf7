"""The window follows its folder while it is open."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.message import message
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images
from app.ui.gallery.files import folder_watch
from app.ui.main_window import MainWindow

MakePictures = Callable[[int], list[Path]]
MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def full(make_pictures: MakePictures, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(folder_watch, "LOOKS_MS", (20, 50, 200))
    make_pictures(4)
    return make_window()


def listed(window: MainWindow) -> list[str]:
    found = [window.model.path_at(row) for row in range(window.model.pictures)]
    return sorted(path.name for path in found if path)


def on_disk(window: MainWindow) -> list[str]:
    return sorted(path.name for path in window.engine.gallery.folder.glob("*.png"))


def activate(window: MainWindow) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


def repaint(path: Path, colour: str) -> None:
    """Write another picture over a file, with a time of its own."""
    full = QColor(colour)
    pixels = np.full((64, 64, 3), (full.red(), full.green(), full.blue()), np.uint8)
    request = GenerationRequest(f"all {colour}", width=64, height=64, seed=9)
    made = images.save(pixels, request, Provenance(), path.parent / "new")
    path.write_bytes(made.path.read_bytes())
    os.utime(path, (2_000_000, 2_000_000))


def test_what_comes_goes_and_is_renamed_is_seen(qtbot: QtBot, full: MainWindow) -> None:
    first, second, third, fourth = (full.model.path_at(row) for row in range(4))
    assert first
    assert second
    assert third
    full.gallery.select(fourth)
    first.unlink()
    second.rename(second.with_name("renamed.png"))
    shutil.copy(third, third.with_name("copied.png"))
    qtbot.waitUntil(lambda: listed(full) == on_disk(full))
    assert full.selection.paths() == [fourth], "what the user looks at stays"


def test_a_file_that_is_still_being_written_is_seen_once_it_is_whole(qtbot: QtBot, full: MainWindow) -> None:
    source = full.model.path_at(0)
    assert source is not None
    data = source.read_bytes()
    with source.with_name("slow.png").open("wb") as file:
        file.write(data[:100])
        file.flush()
        qtbot.wait(120)
        file.write(data[100:])
    qtbot.waitUntil(lambda: "slow.png" in listed(full))


def test_what_the_system_does_not_tell_is_seen_when_the_app_becomes_active(qtbot: QtBot, full: MainWindow) -> None:
    full.watch._watcher.removePaths(full.watch._watcher.directories())  # as on a network disk
    qtbot.waitUntil(lambda: not full.watch._looking)
    path = full.model.path_at(0)
    assert path is not None
    path.unlink()
    qtbot.wait(60)
    assert path.name in listed(full)
    activate(full)
    qtbot.waitUntil(lambda: listed(full) == on_disk(full))


def test_a_folder_that_comes_to_be_is_watched(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    folder = tmp_path / "later"
    window.engine.settings.set("pictures_folder", str(folder))
    qtbot.waitUntil(lambda: window.engine.gallery.folder == folder)
    images.save(np.zeros((64, 64, 3), np.uint8), GenerationRequest("x", seed=1), Provenance(), folder)
    activate(window)
    qtbot.waitUntil(lambda: window.model.pictures == 1)
    images.save(np.zeros((64, 64, 3), np.uint8), GenerationRequest("y", seed=2), Provenance(), folder)
    qtbot.waitUntil(lambda: window.model.pictures == 2)


def shown_colour(window: MainWindow, row: int) -> str:
    picture = window.gallery.viewport().grab().toImage()
    return picture.pixelColor(window.gallery.visualRect(window.model.index(row)).center()).name()


def test_a_file_that_is_replaced_in_place_is_shown_anew(qtbot: QtBot, full: MainWindow) -> None:
    path = full.model.path_at(0)
    assert path is not None
    full.gallery.select(path)
    qtbot.waitUntil(lambda: full.inspector.path == path)
    qtbot.waitUntil(lambda: shown_colour(full, 0) == "#3c3c3c")
    qtbot.waitUntil(lambda: not full.watch._looking)
    repaint(path, "red")
    activate(full)
    row = full.model.index_of(path).row
    qtbot.waitUntil(lambda: QColor(shown_colour(full, row())).red() > 200)
    qtbot.waitUntil(lambda: full.inspector.prompt.text() == "all red")
    assert full.selection.paths() == [path]


def test_the_viewer_shows_the_file_that_took_its_pictures_place(qtbot: QtBot, full: MainWindow) -> None:
    path = full.model.path_at(0)
    assert path is not None
    full.selection.view(path)
    qtbot.waitUntil(lambda: full.viewer.zoom_factor() > 1 and full.selection.picture is not None)
    repaint(path, "blue")
    activate(full)

    def middle() -> QColor:
        image: QImage = full.viewer.grab().toImage()
        return image.pixelColor(image.rect().center())

    qtbot.waitUntil(lambda: middle().blue() > 200)


def test_a_folder_that_cannot_be_read_is_told_once(
    qtbot: QtBot, full: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core.errors import UserError

    def refuse() -> bool:
        raise UserError(message("The folder may not be read."))

    qtbot.waitUntil(lambda: not full.watch._looking)
    monkeypatch.setattr(full.engine.gallery, "rescan", refuse)
    full.watch.look()
    qtbot.waitUntil(full.bar.isVisible)
    full.bar.dismiss()
    full.watch.look()
    qtbot.waitUntil(lambda: not full.watch._looking)
    assert not full.bar.isVisible()


def test_the_stars_of_another_machine_are_seen(qtbot: QtBot, full: MainWindow) -> None:
    path = full.model.path_at(0)
    assert path is not None
    (paths.pictures() / ".favourites.json").write_text(f'{{"{path.name}": true}}')
    qtbot.waitUntil(lambda: full.model.is_favourite(path))


def test_folders_below_are_shown_and_watched_where_wanted(
    qtbot: QtBot, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]
) -> None:
    one, two = make_pictures(2)
    below = one.parent / "trips" / "sea"
    below.mkdir(parents=True)
    moved = one.rename(below / one.name)
    window = make_window()
    assert window.model.pictures == 1
    window.menus.actions["subfolders"].trigger()
    qtbot.waitUntil(lambda: window.model.pictures == 2)
    assert window.menus.actions["subfolders"].isChecked()
    window.gallery.select(moved)
    qtbot.waitUntil(lambda: window.inspector.rows().get("Folder") == "trips/sea")
    qtbot.waitUntil(lambda: str(below) in window.watch._watcher.directories())
    qtbot.wait(100)
    shutil.copy(two, below / "new.png")
    qtbot.waitUntil(lambda: window.model.index_of(below / "new.png").isValid(), timeout=8_000)
    window.menus.actions["subfolders"].trigger()
    qtbot.waitUntil(lambda: window.model.pictures == 1)
