"""The real window with a paused queue; tells several times a second how the queue stands and where its rows are. The
job that the file "remove" beside STATE_FILE names leaves the queue.

python tests/gui/x11/queue_window.py STATE_FILE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, QTimer

from app.core.request import GenerationRequest
from app.ui.main_window import MainWindow
from app.window import application
from tests.gui.doubles import make_engine


def main(state_file: Path) -> int:
    app = application()
    engine = make_engine()
    engine.pause()
    for number in range(5):
        engine.submit(GenerationRequest(f"a house {number}", model="starter", backend="torch"))
    window = MainWindow(engine)
    window.setGeometry(0, 0, 1000, 700)
    window.show()

    removing = state_file.with_name("remove")

    def tell() -> None:
        if removing.exists():  # as a job that ends by itself
            engine.remove(next(job.id for job in engine.jobs() if job.request.prompt == removing.read_text()))
            removing.unlink()
        rows = window.queue.popover.list.rows() if window.queue.popover.isVisible() else []
        places = [row.mapToGlobal(QPoint(80, row.height() // 2)) for row in rows]
        strip = window.queue.others.mapToGlobal(window.queue.others.rect().center())
        state = {
            "strip": [strip.x(), strip.y()],
            "rows": [[place.x(), place.y()] for place in places],
            "listed": [row.accessibleName().partition(",")[0] for row in rows],
            "queue": [job.request.prompt for job in engine.jobs()],
        }
        aside = state_file.with_suffix(".new")
        aside.write_text(json.dumps(state))
        aside.replace(state_file)

    timer = QTimer(interval=100)
    timer.timeout.connect(tell)
    timer.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
