"""From a picture to those that it was made from, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.enlarge import Enlarged
from app.core.output import Provenance
from app.core.request import GenerationRequest, ImageInput, Role
from app.library import paths
from app.library.pictures import images
from app.library.pictures.sources import identified
from app.ui.controls.column import Column
from app.ui.gallery.inspector.lineage import NAME_LENGTH
from app.ui.main_window import MainWindow
from app.ui.words import wording

LEFT = Qt.MouseButton.LeftButton
BLACK = np.zeros((256, 256, 3), np.uint8)


def save(request: GenerationRequest, provenance: Provenance | None = None) -> Path:
    return images.save(BLACK, identified(request), provenance or Provenance(), paths.pictures()).path


def request(prompt: str, parent: Path | None = None, *more: ImageInput) -> GenerationRequest:
    inputs = (ImageInput(Role.INIT, str(parent), strength=0.5), *more) if parent is not None else ()
    return GenerationRequest(prompt, model="starter", backend="torch", width=256, height=256, seed=3, inputs=inputs)


def link(window: MainWindow, name: str) -> QPushButton:
    found = window.inspector.findChild(QPushButton, name)
    assert found is not None
    return found


def look_at(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    index = window.model.index_of(path)
    qtbot.mouseClick(window.gallery.viewport(), LEFT, pos=window.gallery.visualRect(index).center())
    qtbot.waitUntil(lambda: window.inspector.path == path)


def test_links_go_to_the_parent_and_to_the_children(
    qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow]
) -> None:
    parent = save(request("a house"))
    child = save(request("a tree", parent))
    window = make_window()
    look_at(qtbot, window, child)
    up, down = link(window, "madeFromLink"), link(window, "madeOfItLink")
    qtbot.waitUntil(up.isVisible)
    assert up.text() == up.accessibleName() == f"Made from “{parent.stem}”"
    assert not down.isVisible()
    qtbot.mouseClick(up, LEFT)
    qtbot.waitUntil(lambda: window.selection.paths() == [parent])
    qtbot.waitUntil(down.isVisible)
    assert down.text() == "1 made from this"
    down.setFocus()
    qtbot.keyClick(down, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.selection.paths() == [child])


def test_a_long_name_does_not_widen_the_inspector(
    qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow]
) -> None:
    parent = save(request("a red house with very many windows on a hill & a tree beside it"))
    child = save(request("a tree", parent))
    window = make_window()
    window.resize(900, 600)
    look_at(qtbot, window, child)
    up = link(window, "madeFromLink")
    qtbot.waitUntil(up.isVisible)
    column = window.inspector.findChild(Column)
    assert column is not None
    qtbot.waitUntil(lambda: column.widget().width() <= column.viewport().width())
    assert "…" in up.text()
    assert up.toolTip() == up.accessibleName() == f"Made from “{wording.shortened(parent.stem, NAME_LENGTH)}”"


def test_a_picture_that_a_search_leaves_out_is_shown_all_the_same(
    qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow]
) -> None:
    parent = save(request("a house"))
    child = save(request("a tree", parent))
    window = make_window()
    window.header.search.setText("tree")
    qtbot.waitUntil(lambda: window.model.pictures == 1)
    look_at(qtbot, window, child)
    up = link(window, "madeFromLink")
    qtbot.waitUntil(up.isVisible)
    qtbot.mouseClick(up, LEFT)
    qtbot.waitUntil(lambda: window.selection.paths() == [parent])


def test_an_album_and_a_filter_do_not_hide_a_parent(
    qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow]
) -> None:
    parent = save(request("a house"))
    child = save(request("a tree", parent))
    window = make_window()
    window.engine.gallery.create_album("trees", [child])
    window.model.search(album="trees")
    qtbot.waitUntil(lambda: window.model.pictures == 1)
    look_at(qtbot, window, child)
    up = link(window, "madeFromLink")
    qtbot.waitUntil(up.isVisible)
    qtbot.mouseClick(up, LEFT)
    qtbot.waitUntil(lambda: window.selection.paths() == [parent])


def test_what_is_made_meanwhile_is_told_at_once(
    qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow]
) -> None:
    parent = save(request("a house"))
    window = make_window()
    look_at(qtbot, window, parent)
    window.engine.submit(request("a tree", parent))
    window.engine.submit(request("a boat", parent))
    down = link(window, "madeOfItLink")
    qtbot.waitUntil(lambda: down.text() == "2 made from this")
    actions = window.inspector.lineage.menu(window.engine.gallery.children(parent)).actions()
    assert len(actions) == 2
    actions[0].trigger()
    qtbot.waitUntil(lambda: window.selection.paths() == [window.engine.gallery.children(parent)[0]])


@pytest.mark.parametrize(("how", "words"), [("enlarged", "Enlarged from"), ("mask", "Repaired from")])
def test_it_says_how_a_picture_was_made(
    qtbot: QtBot, home: Path, make_window: Callable[..., MainWindow], how: str, words: str
) -> None:
    parent = save(request("a house"))
    if how == "enlarged":
        source = identified(request("", parent)).inputs[0]
        child = save(request("a house"), Provenance(enlarged=Enlarged(source, 2, "span")))
    else:
        child = save(request("a tree", parent, ImageInput(Role.MASK, str(parent))))
    window = make_window()
    look_at(qtbot, window, child)
    up = link(window, "madeFromLink")
    qtbot.waitUntil(up.isVisible)
    assert up.accessibleName() == up.toolTip() == f"{words} “{parent.stem}”"
