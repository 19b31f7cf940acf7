"""Many pictures at once: alternatives, styles, variations, the steps between two, grids."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtCore import QMimeData, QPointF, Qt, QTranslator, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QInputDialog, QSpinBox
from pytestqt.qtbot import QtBot

from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images
from app.library.styles import Style, Styles
from app.ui.controls.style.theme import colours
from app.ui.gallery.inspector.facts import picture_rows
from app.ui.main_window import MainWindow
from app.ui.panel.exploring.grid_dialog import GridDialog
from app.ui.panel.exploring.styles_dialog import StylesDialog


def type_prompt(window: MainWindow, text: str) -> None:
    window.panel.prompt.setFocus()
    window.panel.prompt.selectAll()
    QTest.keyClicks(window.panel.prompt, text)


def make(count: int) -> list[Path]:
    """Pictures of following seeds, from 100 on."""
    made = []
    for seed in range(100, 100 + count):
        request = GenerationRequest(
            "a {house}", width=128, height=128, steps=3, guidance=3.5, solver="dpmpp", seed=seed
        )
        made.append(images.save(np.zeros((128, 128, 3), np.uint8), request, Provenance(), paths.pictures()).path)
    return made


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(640, 400), Qt.DropAction.CopyAction, data, button, keys))


def saved() -> list[images.Picture]:
    return [images.read(path) for path in sorted(paths.pictures().glob("*.png"), key=lambda path: path.stat().st_mtime)]


def test_the_button_counts_the_pictures_and_each_alternative_is_made(window: MainWindow, qtbot: QtBot) -> None:
    type_prompt(window, "a {red|blue} {house|boat}")
    window.panel.count.box.setValue(1)
    qtbot.waitUntil(lambda: window.panel.button.text().startswith("Generate 4 "))
    QTest.mouseClick(window.panel.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(saved()) == 4, timeout=10_000)
    made = [picture.request for picture in saved()]
    assert {each.prompt for each in made if each} == {"a red house", "a red boat", "a blue house", "a blue boat"}
    assert len({each.seed for each in made if each}) == 1
    assert window.panel.prompt.toPlainText() == "a {red|blue} {house|boat}"
    type_prompt(window, "a {red|blue house")
    qtbot.waitUntil(lambda: "no partner" in window.panel.estimate.text())
    QTest.mouseClick(window.panel.button, Qt.MouseButton.LeftButton)
    assert "no partner" in window.bar.text.text()
    assert window.engine.jobs() == ()


def test_settings_give_the_picture_and_the_template_what_was_typed(window: MainWindow, qtbot: QtBot) -> None:
    type_prompt(window, r"a {red|\{big\}} house")
    window.panel.words.style.choose("Photo")
    QTest.mouseClick(window.panel.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(saved()) == 2 and not window.engine.jobs(), timeout=10_000)
    braces = next(each for each in saved() if "{big}" in each.prompt)
    window.commands.show_picture(braces.path)
    qtbot.waitUntil(lambda: window.selection.picture is not None and window.selection.picture.path == braces.path)
    window.menus.actions["use"].trigger()
    assert window.panel.prompt.toPlainText() == braces.prompt.replace("{", r"\{").replace("}", r"\}")
    assert window.panel.words.style.value() == ""
    assert window.engine.session.requests(window.panel.request())[0].prompt == braces.prompt
    window.menus.actions["use_template"].trigger()
    assert window.panel.prompt.toPlainText() == r"a {red|\{big\}} house"
    assert window.panel.words.style.value() == "Photo"


def test_styles_are_chosen_and_edited(window: MainWindow, qtbot: QtBot) -> None:
    button = window.panel.words.style
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(button.list.isVisible)
    ink = next(action for action in button.list.actions() if action.text() == "Watercolour")
    QTest.mouseClick(button.list, Qt.MouseButton.LeftButton, pos=button.list.actionGeometry(ink).center())
    assert (button.value(), button.text()) == ("Watercolour", "Watercolour")
    button.list.aboutToShow.emit()
    button.list.actions()[-1].trigger()
    dialog = window.findChild(StylesDialog)
    assert dialog is not None
    row = next(row for row in range(dialog.list.count()) if dialog.list.item(row).text() == "Watercolour")
    dialog.list.setCurrentRow(row)
    dialog.name.setFocus()
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "Ink")
    dialog.prompt.selectAll()
    QTest.keyClicks(dialog.prompt, "ink of {prompt}")
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    QTest.keyClicks(dialog.name, "Ink")
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert dialog.isVisible(), "two styles of one name cannot be told apart"
    QTest.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert button.value() == "Ink"
    assert Styles().get("Ink") == Style("Ink", "ink of {prompt}", Styles().get("Ink").negative)
    type_prompt(window, "a house")
    QTest.mouseClick(window.panel.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [each.prompt for each in saved()] == ["ink of a house"], timeout=10_000)


class _ChineseStyles(QTranslator):
    def translate(self, context: str, source: str, *_: object) -> str:
        return "水彩" if (context, source) == ("Styles", "Watercolour") else source


def test_styles_have_names_in_the_windows_language_and_one_name_in_files(
    qapp: QApplication, window: MainWindow, qtbot: QtBot
) -> None:
    translator = _ChineseStyles()
    qapp.installTranslator(translator)
    try:
        button = window.panel.words.style
        button.list.aboutToShow.emit()
        next(action for action in button.list.actions() if action.text() == "水彩").trigger()
        assert (button.value(), button.text()) == ("Watercolour", "水彩")
        button.list.actions()[-1].trigger()
        dialog = window.findChild(StylesDialog)
        assert dialog is not None
        row = next(row for row in range(dialog.list.count()) if dialog.list.item(row).text() == "水彩")
        dialog.list.setCurrentRow(row)
        assert dialog.name.text() == "水彩"
        dialog.prompt.setFocus()
        QTest.keyClicks(dialog.prompt, "x")
        QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
        assert Styles().get("Watercolour").prompt.startswith("x")
        assert button.value() == "Watercolour"
    finally:
        qapp.removeTranslator(translator)


def test_variations_keep_the_seed_and_differ_in_their_own(
    home: Path, make_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    (path,) = make(1)
    window = make_window()
    window.gallery.select(path)
    qtbot.waitUntil(window.menus.actions["variations"].isEnabled)
    window.gallery.setFocus()
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(saved()) == 5, timeout=10_000)
    made = [picture.request for picture in saved() if picture.request and picture.request.variations]
    assert len({each.variations for each in made}) == 4
    assert {each.seed for each in made} == {100}
    assert all(0 < each.variations[0].amount < 0.5 for each in made)


def test_a_row_between_two_pictures(home: Path, make_window: Callable[[], MainWindow], qtbot: QtBot) -> None:
    make(2)
    window = make_window()
    window.gallery.setFocus()
    QTest.keyClick(window.gallery, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.menus.actions["between"].isEnabled)
    window.menus.actions["between"].trigger()
    qtbot.waitUntil(lambda: window.findChild(QInputDialog, "betweenDialog") is not None)
    dialog = window.findChild(QInputDialog, "betweenDialog")
    box = dialog.findChild(QDialogButtonBox)
    assert box.button(QDialogButtonBox.StandardButton.Ok).text() == "Generate"
    field = dialog.findChild(QSpinBox)
    edges = {field.grab().toImage().pixelColor(x, field.height() - 1).name() for x in range(4, field.width() - 4)}
    assert edges & {colours().edge, colours().accent}, "one sees that it is a field"
    QTest.mouseClick(box.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(saved()) == 5, timeout=10_000)
    made = [each.request for each in saved() if each.request and each.request.variations]
    seeds = {(each.seed, each.variations[0].seed) for each in made}
    assert seeds in ({(100, 101)}, {(101, 100)})
    assert sorted(each.variations[0].amount for each in made) == [0.25, 0.5, 0.75]


def test_a_grid_is_counted_made_and_put_on_a_sheet(window: MainWindow, qtbot: QtBot) -> None:
    type_prompt(window, "a house")
    window.panel.count.box.setValue(1)
    QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.findChild(GridDialog) is not None)
    dialog = window.findChild(GridDialog)
    assert dialog is not None
    assert not dialog.values[1].isEnabled(), "nothing goes down yet"
    dialog.boxes[0].select("guidance")
    assert dialog.values[0].text() == "3, 4.5, 6", "around the model's own"
    dialog.boxes[0].select("steps")
    dialog.values[0].selectAll()
    QTest.keyClicks(dialog.values[0], "2-6:2")
    dialog.boxes[1].setFocus()
    QTest.keyClicks(dialog.boxes[1], "gui")
    assert dialog.boxes[1].currentData() == "guidance"
    dialog.values[1].selectAll()
    QTest.keyClicks(dialog.values[1], "3, 900")
    assert not dialog.make.isEnabled()
    dialog.values[1].selectAll()
    QTest.keyClicks(dialog.values[1], "3, 4")
    assert dialog.estimate.text().startswith("6 pictures")
    QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(saved()) == 7, timeout=20_000)
    sheet = next(each for each in saved() if each.provenance.grid)
    qtbot.waitUntil(lambda: window.model.index_of(sheet.path).isValid())
    window.commands.show_picture(sheet.path)
    QApplication.processEvents()
    rows = {row.caption: row.text for row in picture_rows(sheet, str)}
    assert rows["Grid"] == "Steps × Guidance"
    assert rows["Size"] == f"{sheet.width} × {sheet.height}"
    assert rows["Model"].startswith("Sana Starter")
    assert rows["Ran on"].startswith("torch")


def test_wildcards_are_listed_and_put_in(window: MainWindow, qtbot: QtBot) -> None:
    paths.wildcards().mkdir(parents=True)
    (paths.wildcards() / "colour.txt").write_text("red\nblue\n", encoding="utf-8")
    type_prompt(window, "a ")
    button = window.panel.words.wildcards
    button.list.aboutToShow.emit()
    button.list.actions()[0].trigger()
    assert window.panel.prompt.toPlainText() == "a __colour__"
    qtbot.waitUntil(lambda: window.panel.button.text().startswith("Generate 2 "))


def test_a_dropped_picture_of_another_program_tells_what_was_not_understood(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    info = PngInfo()
    info.add_text(
        "parameters", "a {cat}\nSteps: 9, Sampler: Euler, CFG scale: 3, Seed: 5, Size: 128x128, Hires upscale: 2"
    )
    Image.new("RGB", (128, 128)).save(tmp_path / "theirs.png", pnginfo=info)
    drop(window, tmp_path / "theirs.png")
    qtbot.waitUntil(lambda: "Not understood: Hires upscale" in window.bar.text.text())
    assert window.panel.prompt.toPlainText() == r"a \{cat\}"
    assert (window.panel.steps_box.value(), window.panel.seed.value()) == (9, 5)
