"""Clips in the gallery, the inspector and the menus: they play under the pointer, and what follows from them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolTip
from pytestqt.qtbot import QtBot

from app.core.output import ClipOutput, Provenance
from app.core.request import GenerationRequest, Role
from app.library import paths
from app.library.pictures import images
from app.library.pictures.clips import keeping
from app.library.pictures.clips.reading import open_clip
from app.library.pictures.clips.start_frame import keep_frame
from app.ui.gallery.files.export_dialog import ExportDialog
from app.ui.main_window import MainWindow
from tests.gui.clips import MOTION, Cinema, write_mp4
from tests.gui.doubles import ScriptedBackend
from tests.gui.test_dragging import Dragged, dragged, pull
from tests.gui.test_start_from_anything import drop

__all__ = ["dragged"]

LEFT = Qt.MouseButton.LeftButton
FRAMES = 17
REQUEST = GenerationRequest(
    "a boat sails", model="motion", backend="cinema", width=128, height=96, steps=6, guidance=6.0, solver="euler",
    seed=7, frames=FRAMES, fps=16.0,
)  # fmt: skip


def save_clip(request: GenerationRequest = REQUEST) -> Path:
    """A clip in the gallery's folder, as the engine saves it."""
    paths.cache().mkdir(parents=True, exist_ok=True)
    size, frames, fps = (request.width or 0, request.height or 0), request.frames or 0, request.fps or 0.0
    file = write_mp4(paths.cache() / "made.mp4", frames, fps, size)
    made = Provenance("cinema", "cpu", "float32", "Sana Motion", seconds=5.0)
    saved = keeping.keep(ClipOutput(file, *size, frames, fps), request, made, paths.pictures())
    os.utime(saved.path, (2_000_000, 2_000_000))
    return saved.path


@pytest.fixture
def clip(home: Path) -> Path:
    return save_clip()


@pytest.fixture
def window(
    clip: Path, make_pictures: Callable[[int], list[Path]], make_window: Callable[..., MainWindow]
) -> MainWindow:
    """A clip, and behind it two pictures."""
    make_pictures(2)
    window = make_window(ScriptedBackend(), Cinema(replace(MOTION, max_count=4)))
    window.panel.choice.choose("cinema", "motion")
    return window


def tile(window: MainWindow, path: Path) -> QPoint:
    return window.gallery.visualRect(window.model.index_of(path)).center()


def pick(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    qtbot.mouseClick(window.gallery.viewport(), LEFT, pos=tile(window, path))
    qtbot.waitUntil(lambda: window.selection.picture is not None and window.selection.picture.path == path)


def button(window: MainWindow, name: str) -> QPushButton:
    found = window.inspector.findChild(QPushButton, name)
    assert found is not None
    return found


def colour(window: MainWindow, path: Path) -> QColor:
    """Of a tile, near its left edge."""
    rect = window.gallery.visualRect(window.model.index_of(path))
    place = QPoint(rect.left() + 20, rect.center().y())
    return QColor(window.gallery.viewport().grab().toImage().pixelColor(place * window.devicePixelRatioF()))


def test_a_clip_tells_its_length(window: MainWindow, clip: Path) -> None:
    index = window.model.index_of(clip)
    assert "17 frames, 1.1 s" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    rect = window.gallery.visualRect(index)
    corner = QPoint(rect.right() - 30, rect.bottom() - 22)
    image = window.gallery.viewport().grab().toImage()
    mark = [image.pixelColor(corner + QPoint(x, 0)).lightness() for x in range(-20, 20)]
    assert max(mark) - min(mark) > 60, "words on a ground of their own"


def test_it_plays_under_the_pointer_and_stops_when_that_leaves(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    viewport, hover = window.gallery.viewport(), window.gallery.hover
    qtbot.waitUntil(lambda: colour(window, clip).lightness() < 30)  # its thumbnail is there
    poster = colour(window, clip)
    qtbot.mouseMove(viewport, tile(window, clip))
    seen: set[int] = set()
    qtbot.waitUntil(lambda: seen.add(hover._playback.index) is None and len(seen) > 4, timeout=10_000)
    qtbot.waitUntil(lambda: colour(window, clip) != poster)
    assert hover.image(clip).width() <= 2 * 200, "no larger than needed"
    other = next(path for path in map(window.model.path_at, (0, 1, 2)) if path not in (clip, None))
    assert other is not None
    qtbot.mouseMove(viewport, tile(window, other))
    qtbot.waitUntil(lambda: hover.image(clip).isNull())
    assert hover._playback.facts is None
    qtbot.waitUntil(lambda: colour(window, clip) == poster)
    qtbot.mouseMove(viewport, tile(window, clip))
    qtbot.waitUntil(lambda: not hover.image(clip).isNull())
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
    assert hover.image(clip).isNull()


def test_who_only_passes_by_opens_nothing(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    qtbot.mouseMove(window.gallery.viewport(), tile(window, clip))
    QApplication.sendEvent(window.gallery.viewport(), QEvent(QEvent.Type.Leave))
    QTest.qWait(250)
    assert window.gallery.hover._playback.facts is None


def test_the_inspector_tells_frames_rate_and_length(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    pick(qtbot, window, clip)
    qtbot.waitUntil(lambda: "Length" in window.inspector.rows())
    rows = window.inspector.rows()
    assert (rows["Length"], rows["Frames a second"], rows["Size"]) == ("17 frames, 1.1 s", "16", "128 × 96")


def test_its_file_is_dragged_out_of_the_gallery_and_the_inspector(
    qtbot: QtBot, window: MainWindow, clip: Path, dragged: Dragged
) -> None:
    pull(qtbot, window.gallery.viewport(), tile(window, clip))
    qtbot.waitUntil(lambda: window.inspector.path == clip)
    pull(qtbot, window.inspector.image, window.inspector.image.rect().center())
    assert [files for _, files, _ in dragged] == [[str(clip)], [str(clip)]]
    assert not any(data.hasImage() for _, _, data in dragged)


def test_copy_puts_the_file_on_the_clipboard(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    pick(qtbot, window, clip)
    window.gallery.setFocus()
    window.menus.actions["copy"].trigger()
    data = QApplication.clipboard().mimeData()
    assert [url.toLocalFile() for url in data.urls()] == [str(clip)]
    QTest.qWait(200)
    assert not window.bar.isVisible(), "nothing went wrong"


def test_what_makes_no_sense_says_why(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    window.panel.choice.choose("torch", "starter")
    pick(qtbot, window, clip)
    actions = window.menus.actions
    for name in ("edit", "upscale", "before_after"):
        assert not actions[name].isEnabled()
        assert actions[name].whatsThis()
    for name in ("editButton", "upscaleButton"):
        assert not button(window, name).isEnabled()
        assert "not" in button(window, name).toolTip()
    menu = window.menus.picture
    menu.popup(window.mapToGlobal(QPoint(10, 10)))
    place = menu.actionGeometry(actions["upscale"]).center()
    QApplication.sendEvent(menu, QHelpEvent(QEvent.Type.ToolTip, place, menu.mapToGlobal(place)))
    qtbot.waitUntil(lambda: QToolTip.text() == "Pictures can be enlarged, not clips.")
    menu.close()
    QToolTip.hideText()
    other = next(path for path in map(window.model.path_at, (0, 1, 2)) if path not in (clip, None))
    assert other is not None
    qtbot.mouseClick(window.gallery.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, tile(window, other))
    assert not actions["compare"].isEnabled()
    pick(qtbot, window, other)
    qtbot.waitUntil(actions["edit"].isEnabled)
    assert actions["upscale"].isEnabled()
    assert button(window, "upscaleButton").isEnabled()
    assert button(window, "upscaleButton").toolTip() == "Make a larger copy"


def test_it_is_exported_as_a_clip_or_as_the_frame_that_is_seen(
    qtbot: QtBot, window: MainWindow, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([tmp_path / "boat.gif", tmp_path / "boat.png"])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(next(answers)), ""))
    pick(qtbot, window, clip)
    qtbot.mouseClick(button(window, "exportButton"), LEFT)
    dialog = window.findChildren(ExportDialog)[-1]
    texts = [dialog.format.itemText(row) for row in range(dialog.format.count())]
    assert texts == ["As it is", "MP4", "GIF", "WebP", "One frame as PNG"]
    dialog.format.setFocus()
    qtbot.keyClicks(dialog.format, "G")
    qtbot.mouseClick(dialog.go_on, LEFT)
    qtbot.waitUntil((tmp_path / "boat.gif").exists, timeout=15_000)
    with open_clip(tmp_path / "boat.gif") as exported:
        assert exported.count == FRAMES
    qtbot.mouseDClick(window.gallery.viewport(), LEFT, pos=tile(window, clip))
    qtbot.waitUntil(window.viewer.shows_clip)
    qtbot.keyClick(window.viewer, Qt.Key.Key_Space)
    window.viewer.playback.seek(9)
    window.menus.actions["export"].trigger()
    dialog = window.findChildren(ExportDialog)[-1]
    assert dialog.format.currentText() == "GIF", "as the last time"
    dialog.format.setFocus()
    qtbot.keyClicks(dialog.format, "T")
    assert dialog.format.currentText() == "This frame as PNG"
    qtbot.mouseClick(dialog.go_on, LEFT)
    qtbot.waitUntil((tmp_path / "boat.png").exists, timeout=15_000)
    assert grey(images.decode(tmp_path / "boat.png")) == pytest.approx(9, abs=1)
    assert images.read(tmp_path / "boat.png").prompt == "a boat sails"


def test_pictures_and_clips_together_are_exported_as_they_are(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    window.gallery.setFocus()
    window.menus.actions["select_all"].trigger()
    window.menus.actions["export"].trigger()
    dialog = window.findChildren(ExportDialog)[-1]
    assert dialog.format.count() == 1
    qtbot.mouseClick(dialog.go_on, LEFT)
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("*.png"))) == 2 and len(list(tmp_path.glob("*.mp4"))) == 1)


def test_the_preview_of_a_clip_moves(qtbot: QtBot, window: MainWindow) -> None:
    cinema = window.engine.registry.backends["cinema"]
    assert isinstance(cinema, Cinema)
    cinema.stop_at(2)
    window.panel.prompt.setPlainText("a kite")
    qtbot.mouseClick(window.panel.button, LEFT)
    label = window.queue.preview
    qtbot.waitUntil(lambda: not label.pixmap().isNull())
    seen: set[int] = set()
    qtbot.waitUntil(
        lambda: seen.add(label.pixmap().toImage().pixelColor(2, 15).lightness()) is None and len(seen) >= 4,
        timeout=10_000,
    )
    assert "left" in window.queue.state.text()
    assert "after this step" in window.queue.pause.toolTip()
    qtbot.mouseClick(window.queue.pause, LEFT)
    assert window.queue.state.text().endswith("pausing") or window.queue.state.text() == "Queue paused"
    qtbot.mouseClick(window.queue.pause, LEFT)
    qtbot.waitUntil(lambda: "left" in window.queue.state.text())
    qtbot.mouseClick(window.queue.cancel, LEFT)
    qtbot.waitUntil(lambda: not window.engine.jobs())
    qtbot.waitUntil(lambda: not window.queue.preview.isVisible())
    assert not window.jobs._preview._timer.isActive()


def start_of(window: MainWindow) -> np.ndarray:
    start = window.panel.request().input(Role.INIT)
    assert start is not None
    return images.decode(Path(start.path))


def grey(pixels: np.ndarray) -> float:
    """The number of the frame, by its ground."""
    return (float(np.median(pixels[:, -4:])) - 20) / 2


def test_the_next_one_starts_from_the_frame_that_is_seen(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    pick(qtbot, window, clip)
    assert window.menus.actions["start"].text() == "Start from Its First Frame"
    qtbot.mouseDClick(window.gallery.viewport(), LEFT, pos=tile(window, clip))
    viewer = window.viewer
    qtbot.waitUntil(viewer.shows_clip)
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    viewer.playback.seek(11)
    assert window.menus.actions["start"].text() == "Start from This Frame"
    start = viewer.bar.buttons["start"]
    assert (start.text(), start.isVisible()) == ("Start from this frame", True)
    qtbot.mouseClick(start, LEFT)
    qtbot.waitUntil(lambda: not viewer.isVisible())
    assert grey(start_of(window)) == pytest.approx(11, abs=1)
    assert window.panel.prompt.hasFocus(), "what happens is asked for next"
    assert (window.panel.request().width, window.panel.request().height) == (128, 96)


def test_a_picture_model_starts_from_a_frame_too(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    window.panel.choice.choose("torch", "starter")
    pick(qtbot, window, clip)
    qtbot.mouseClick(button(window, "startButton"), LEFT)
    qtbot.waitUntil(lambda: window.panel.request().input(Role.INIT) is not None)
    assert grey(start_of(window)) == pytest.approx(0, abs=1)
    assert window.panel.request().frames is None


@pytest.mark.parametrize(
    ("model", "begins", "goes_on"),
    [
        (
            ("cinema", "motion"),
            "The new clip begins with its first frame.",
            "The new clip goes on from its last frame.",
        ),
        (("torch", "starter"), "Its first frame is used.", "Its last frame is used."),
    ],
)
def test_of_a_clip_that_is_dropped_on_the_field_a_frame_is_taken(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, model: tuple[str, str], begins: str, goes_on: str
) -> None:
    """The first one, and with a click the last one; the field says which."""
    window.panel.choice.choose(*model)
    field, link = window.panel.start_picture, window.findChild(QPushButton, "startFrameButton")
    assert link is not None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(write_mp4(tmp_path / "boat.mp4", FRAMES)))])
    assert drop(field, data)
    qtbot.waitUntil(link.isVisible)
    assert grey(start_of(window)) == pytest.approx(0, abs=1)
    assert (field._name.text(), field._note.text(), link.text()) == ("boat.mp4", begins, "Use its last frame")
    qtbot.mouseClick(link, LEFT)
    qtbot.waitUntil(lambda: link.text() == "Use its first frame")
    assert grey(start_of(window)) == pytest.approx(FRAMES - 1, abs=1)
    assert (field._name.text(), field._note.text()) == ("boat.mp4", goes_on)
    qtbot.mouseClick(link, LEFT)
    qtbot.waitUntil(lambda: link.text() == "Use its last frame")
    field.set_path(str(next(paths.pictures().glob("*.png"))))
    assert not link.isVisible()


def test_the_field_names_the_clip_whose_frame_was_chosen(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    field = window.panel.start_picture
    field.set_frame(keep_frame(clip, 11))
    assert (field._name.toolTip(), field._note.text()) == (str(clip), "The new clip begins with its frame 12.")


def test_clips_are_counted_as_clips_and_with_pictures_as_items(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    assert window.queue.count.text() == "3 items"
    pick(qtbot, window, clip)
    window.menus.actions["delete"].trigger()
    qtbot.waitUntil(lambda: window.bar.text.text() == "1 clip deleted")
    assert window.menus.actions["undo"].text() == "Undo Delete of 1 Clip"
    assert window.queue.count.text() == "2 pictures"
    qtbot.mouseClick(window.bar.action, LEFT)
    qtbot.waitUntil(lambda: window.model.pictures == 3)
    assert window.queue.count.text() == "3 items"
    qtbot.mouseClick(window.gallery.viewport(), LEFT, pos=tile(window, clip))
    window.gallery.selectAll()
    titles = window.inspector.findChildren(QLabel)
    qtbot.waitUntil(lambda: any(each.isVisible() and each.text() == "3 items selected" for each in titles))
    window.menus.actions["delete"].trigger()
    qtbot.waitUntil(lambda: window.bar.text.text() == "3 items deleted")
    assert window.menus.actions["undo"].text() == "Undo Delete of 3 Items"


def test_a_clip_that_was_just_made_is_counted_as_one(qtbot: QtBot, window: MainWindow) -> None:
    assert (window.model.pictures, window.model.clips) == (3, 1)
    window.panel.prompt.setPlainText("a boat sails")
    qtbot.mouseClick(window.panel.button, LEFT)
    qtbot.waitUntil(lambda: window.model.pictures == 4)
    assert window.model.clips == 2


def test_a_damaged_clip_that_is_dropped_is_told(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(write_mp4(tmp_path / "boat.mp4").read_bytes()[:900])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(broken))])
    drop(window.panel.start_picture, data)
    qtbot.waitUntil(lambda: "broken.mp4" in window.bar.text.text())
    assert window.panel.request().input(Role.INIT) is None


def test_a_clip_goes_on_from_the_last_frame(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    window.panel.choice.choose("torch", "starter")
    pick(qtbot, window, clip)
    qtbot.mouseClick(button(window, "continueButton"), LEFT)
    qtbot.waitUntil(lambda: window.panel.request().input(Role.INIT) is not None)
    request = window.panel.request()
    assert (request.prompt, request.model, request.frames, request.seed) == ("a boat sails", "motion", FRAMES, 7)
    assert grey(start_of(window)) == pytest.approx(FRAMES - 1, abs=1)


def test_a_draft_is_made_whole_with_the_same_seed(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    cinema = window.engine.registry.backends["cinema"]
    assert isinstance(cinema, Cinema)
    pick(qtbot, window, clip)
    assert not button(window, "wholeButton").isVisible(), "it is no draft"
    assert not window.menus.actions["whole"].isEnabled()
    draft = save_clip(REQUEST.replace(whole=25, seed=5))
    window.model.rescan()
    qtbot.waitUntil(lambda: window.model.index_of(draft).isValid())
    pick(qtbot, window, draft)
    qtbot.waitUntil(button(window, "wholeButton").isVisible)
    with qtbot.waitSignal(window.engine.generated, timeout=15_000) as made:
        qtbot.mouseClick(button(window, "wholeButton"), LEFT)
    (request,) = cinema.generated
    assert (request.frames, request.whole, request.seed, request.prompt) == (25, None, 5, "a boat sails")
    picture = made.args[1]
    assert (picture.frames, picture.request.frames) == (25, 25)
    qtbot.waitUntil(lambda: window.model.is_clip(picture.path))


def test_a_clip_in_the_viewer_can_be_made_whole(qtbot: QtBot, window: MainWindow) -> None:
    draft = save_clip(REQUEST.replace(whole=25, seed=5))
    window.model.rescan()
    qtbot.waitUntil(lambda: window.model.index_of(draft).isValid())
    qtbot.mouseDClick(window.gallery.viewport(), LEFT, pos=tile(window, draft))
    whole = window.viewer.bar.buttons["whole"]
    qtbot.waitUntil(whole.isVisible)
    with qtbot.waitSignal(window.engine.generated, timeout=15_000):
        qtbot.mouseClick(whole, LEFT)
    shown = [name for name, each in window.viewer.bar.buttons.items() if each.isVisible()]
    assert shown == ["use", "vary", "start", "continue", "whole", "favourite", "delete", "close"]


def test_a_clip_is_made_played_dragged_out_and_opened_again(
    qtbot: QtBot, make_window: Callable[..., MainWindow], dragged: Dragged, tmp_path: Path
) -> None:
    window = make_window(ScriptedBackend(), Cinema())
    window.panel.choice.choose("cinema", "motion")
    window.panel.parameters.clip.frames_box.setValue(33)
    qtbot.mouseClick(window.panel.prompt, LEFT)
    qtbot.keyClicks(window.panel.prompt, "a kite climbs")
    seed = window.panel.request().seed
    with qtbot.waitSignal(window.engine.generated, timeout=20_000) as made:
        qtbot.mouseClick(window.panel.button, LEFT)
    path = made.args[1].path
    qtbot.waitUntil(lambda: window.model.is_clip(path))
    qtbot.mouseDClick(window.gallery.viewport(), LEFT, pos=tile(window, path))
    viewer = window.viewer
    qtbot.waitUntil(lambda: viewer.playback.playing and viewer.playback.index > 3, timeout=10_000)
    pull(qtbot, viewer, viewer.rect().center())
    ((_, files, _),) = dragged
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(Path(files[0]).read_bytes())
    window.panel.prompt.replace("something else")
    window.open_picture(copy)
    qtbot.waitUntil(lambda: window.panel.request().prompt == "a kite climbs")
    request = window.panel.request()
    assert (request.model, request.frames, request.seed) == ("motion", 33, seed)
    assert not viewer.isVisible()
