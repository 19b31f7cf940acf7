"""The user's files that a backend has among its models: listed, and added by a button or a drop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.backends.base import ModelFiles
from app.core.errors import UserError
from app.core.message import NOTHING, Message
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import StatusLabel, label
from app.ui.gallery.files.dropping import accept_copy, dropped_files
from app.ui.settings.editors import ROOM
from app.ui.words.language import set_translated
from app.ui.words.messages import translated

Row = tuple[Path, Message]
"""A file, and why it cannot be used; nothing where it can."""


class FilesList(QWidget):
    """A row for each file, what is wrong with it beneath.

    Args:
        backend_id: begins the names of its parts.
        files: the folder.

    Signals:
        changed: there are others now.
    """

    changed = Signal()

    def __init__(self, backend_id: str, files: ModelFiles, background: Background) -> None:
        super().__init__()
        self.setObjectName(f"{backend_id}Files")
        self.setFixedWidth(ROOM)
        self.setAcceptDrops(True)
        self._files, self._background = files, background
        set_translated(self, lambda: translated(files.title), self.setAccessibleName)
        self.add_button = push_button(f"{backend_id}AddFileButton", lambda: translated(files.adding), self._choose)
        self.open_button = push_button(f"{backend_id}OpenFolderButton", lambda: self.tr("Open the folder"), self._open)
        self.status = StatusLabel()
        self.status.setObjectName(f"{backend_id}FilesMessage")
        self.status.hide()
        self.rows: list[QLabel] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.open_button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(buttons)
        column.addWidget(self.status)
        column.addWidget(label(lambda: translated(files.words), "caption", wrap=True))
        column.addLayout(self._rows)
        self.refresh()

    def refresh(self) -> None:
        """Read the folder again."""
        self._background.run(self._look, self._show_rows)

    def add(self, paths: Sequence[Path]) -> None:
        """Copy files into the folder; the first that cannot be used is told, the others are added all the same."""

        def work() -> tuple[list[str], UserError | None]:
            added, problem = [], None
            for path in paths:
                try:
                    added.append(self._files.add(path))
                except UserError as error:
                    problem = problem or error
            return added, problem

        self._background.run(work, self._added)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData(), self._files.suffix):
            accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := dropped_files(event.mimeData(), self._files.suffix):
            accept_copy(event)
            self.add(paths)

    def _look(self) -> list[Row]:
        return [(path, self._problem(path)) for path in self._files.files()]

    def _problem(self, path: Path) -> Message:
        try:
            self._files.check(path)
        except UserError as error:
            return error.text
        return NOTHING

    def _show_rows(self, rows: Sequence[Row]) -> None:
        for shown in self.rows:
            shown.hide()
            shown.deleteLater()
        self.rows = []
        for path, problem in rows:
            self.rows.append(label(path.stem, wrap=True))
            if problem:
                self.rows.append(label(partial(translated, problem), "danger", wrap=True))
        for row in self.rows:
            self._rows.addWidget(row)

    def _added(self, came: tuple[list[str], UserError | None]) -> None:
        added, problem = came
        if problem is not None:
            self.status.show_text(lambda: translated(problem.text), "danger")
        else:
            names = ", ".join(Path(each).stem for each in added)
            self.status.show_text(lambda: self.tr("Added: {names}").format(names=names), "caption")
        self.status.setVisible(bool(added or problem))
        self.refresh()
        self.changed.emit()

    def _choose(self) -> None:
        title = translated(self._files.title)
        names, _ = QFileDialog.getOpenFileNames(self, title, "", f"{title} (*{self._files.suffix})")
        if names:
            self.add([Path(name) for name in names])

    def _open(self) -> None:
        self._files.folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._files.folder)))
