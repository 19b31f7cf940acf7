"""The real window with four pictures at the screen's left edge, or with a clip in place of the last one; tells several
times a second where things are.

python tests/gui/x11/window.py STATE_FILE [clip]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QTimer
from PySide6.QtWidgets import QWidget

from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures import images
from app.ui.main_window import MainWindow
from app.window import application
from tests.gui.clips import write_mp4
from tests.gui.doubles import make_engine

PICTURES = 4


def main(state_file: Path, with_clip: bool) -> int:
    for number in range(PICTURES - with_clip):
        request = GenerationRequest(f"a house {number}", width=256, height=256, steps=7, seed=number)
        images.save(np.full((256, 256, 3), 40 * number, np.uint8), request, Provenance(), paths.pictures())
    if with_clip:
        write_mp4(paths.pictures() / "a boat.mp4", 33, size=(256, 256))
    app = application()
    engine = make_engine()
    engine.gallery.rescan()
    window = MainWindow(engine)
    window.setGeometry(0, 0, 1000, 700)
    window.show()

    def place(widget: QWidget, at: QPoint) -> list[int]:
        there = widget.mapToGlobal(at)
        return [there.x(), there.y()]

    def canvas() -> list[list[int]]:
        """Two points of the picture in the mask editor, (64, 128) and (192, 128), and the button that uses the mask."""
        editor = window.starting.editor
        if editor is None or not editor.bar.buttons["invert"].isEnabled():
            return []
        points = [editor.canvas.to_canvas(QPointF(x, 128)).toPoint() for x in (64, 192)]
        return [*(place(editor.canvas, point) for point in points), place(editor.use, editor.use.rect().center())]

    def tell() -> None:
        view, inspector, viewer = window.gallery, window.inspector, window.viewer
        albums = window.page.sidebar.albums
        tiles = [view.visualRect(window.model.index(row)).center() for row in range(window.model.rowCount())]
        state = {
            "tiles": [place(view.viewport(), tile) for tile in tiles],
            "files": [str(window.model.path_at(row)) for row in range(window.model.rowCount())],
            "selected": [str(path) for path in window.selection.paths()],
            "inspected": str(inspector.path or ""),
            "inspector": place(inspector.image, inspector.image.rect().center()),
            "viewed": str(viewer.path() or "") if viewer.zoom_factor() > 1 else "",
            "viewer": place(viewer, viewer.rect().center()),
            "playing": str(viewer.path() or "") if viewer.playback.playing else "",
            "hovered": bool(view.hover._playback.playing),
            "prompt": window.panel.prompt.toPlainText(),
            "albums_button": place(window.header.sidebar_button, window.header.sidebar_button.rect().center()),
            "albums": place(albums.viewport(), QPoint(60, 200)) if albums.isVisible() else [],
            "edit": place(viewer.bar.buttons["edit"], viewer.bar.buttons["edit"].rect().center()),
            "canvas": canvas(),
            "inputs": [item.path for item in window.panel.request().inputs],
        }
        aside = state_file.with_suffix(".new")
        aside.write_text(json.dumps(state))
        aside.replace(state_file)

    timer = QTimer(interval=100)
    timer.timeout.connect(tell)
    timer.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:] == ["clip"]))
