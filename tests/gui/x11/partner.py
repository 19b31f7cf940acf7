"""Another program's window at the screen's right edge: takes what is dropped on it, and drags a file that it would
rather move than copy. Writes a line of JSON for each drop, and for the end of each of its own drags.

    python tests/gui/x11/partner.py REPORT_FILE FILE_TO_DRAG
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


class Partner(QWidget):
    def __init__(self, report: Path, file: Path) -> None:
        super().__init__()
        self._lines = report
        self._file = file
        self.setAcceptDrops(True)
        self.setGeometry(1100, 100, 400, 400)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        image = event.mimeData().imageData()
        self._report(
            urls=[url.toLocalFile() for url in event.mimeData().urls()],
            offered=event.possibleActions().name,
            proposed=event.proposedAction().name,
            width=image.width() if isinstance(image, QImage) else 0,
        )
        event.acceptProposedAction()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(self._file))])
            drag = QDrag(self)
            drag.setMimeData(data)
            actions = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
            self._report(ended=drag.exec(actions, Qt.DropAction.MoveAction).name)

    def _report(self, **values: Any) -> None:
        with self._lines.open("a") as file:
            file.write(json.dumps(values) + "\n")


def main(report: Path, file: Path) -> int:
    app = QApplication([])
    partner = Partner(report, file)
    partner.show()
    report.touch()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
