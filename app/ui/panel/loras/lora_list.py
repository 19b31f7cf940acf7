"""The LoRAs of a request: added from their folder, by a file dialog or by a drop."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QMimeData, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.jsonable import from_json, to_json
from app.core.limits import LORAS
from app.core.message import message
from app.core.request import LoraUse
from app.library.models.loras.folder import LoraFolder, LoraWords, words_of
from app.library.models.loras.reading import SUFFIX, read_lora
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.gallery.files.drop_target import DropTarget
from app.ui.gallery.files.dropping import dropped_files
from app.ui.panel.loras.lora_row import LoraRow
from app.ui.words.language import set_translated

LOOK_MS = 400
"""Between a change of the folder and the look at it: files are written for a while."""
MOST_WATCHED = 200
"""Folders; what changes in further ones is seen when the menu opens."""


class LoraList(DropTarget):
    """A row for each LoRA, and a button that adds one; drops are taken too.

    Signals:
        changed: another LoRA or weight.
        problem(UserError): a file is no LoRA, or not there.
    """

    changed = Signal()
    problem = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("loraList")
        set_translated(self, lambda: self.tr("LoRAs"), self.setAccessibleName)
        self._limits = LORAS
        self._folder: LoraFolder | None = None
        self._files: list[Path] = []
        self._background = Background(self)
        self.rows: list[LoraRow] = []
        self.menu = QMenu(self)
        self.menu.setObjectName("loraMenu")
        self.add_button = push_button("loraAddButton", lambda: self.tr("Add a LoRA…"), self._open_menu)
        set_translated(
            self,
            lambda: self.tr("A LoRA changes a model's style. Choose one, or drop its file here."),
            self.add_button.setToolTip,
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        self._column.addWidget(self.add_button)
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._soon.timeout.connect(self.look)
        self._watcher.directoryChanged.connect(lambda _: self._soon.start())

    def follow(self, folder: LoraFolder) -> None:
        """Offer what is in this folder, which is watched from now on."""
        self._folder = folder
        self.look()

    def look(self) -> None:
        """Look at the folder, which the settings may have moved."""
        folder = self._folder
        if folder is not None:
            self._background.run(folder.look, lambda found: self._take_files(*found))

    def show_capabilities(self, capabilities: Capabilities) -> None:
        self.setVisible(capabilities.loras is not None)
        self._limits = capabilities.loras or self._limits
        for row in self.rows:
            row.set_limits(self._limits)
        self._show()

    def values(self) -> dict[str, Any]:
        """The field of a request that stands here."""
        shown = () if self.isHidden() else self.rows
        return {"loras": tuple(row.use() for row in shown if row.counts())}

    def set_loras(self, loras: Iterable[LoraUse]) -> None:
        """Take over a request's LoRAs. What is not on this machine any more is said."""
        for row in list(self.rows):
            self._remove(row)
        self.add(loras)

    def state(self) -> list[Any]:
        """What to keep until the next start, JSON-ready: those that do not count, too."""
        return [{**to_json(row.use()), "counts": row.counts()} for row in self.rows]

    def restore(self, state: list[Any]) -> None:
        """Take over what `state` gave, as far as it makes sense."""
        for row in list(self.rows):
            self._remove(row)
        for each in state[: self._limits.maximum]:
            with contextlib.suppress(ValueError):
                self.add([from_json(LoraUse, each)])
                self.rows[-1].check.setChecked(each.get("counts") is not False)

    def add(self, loras: Iterable[LoraUse]) -> None:
        """Add LoRAs; of those without a place, the file is looked for in the folder."""
        for lora in loras:
            if len(self.rows) < self._limits.maximum:
                self._add(lora)
        self._show()
        self.changed.emit()

    def add_files(self, paths: Sequence[Path]) -> None:
        self.add([LoraUse(str(path), 1.0, path.name) for path in paths])

    def close_down(self) -> None:
        """Before the window goes."""
        self._soon.stop()
        self._background.close()

    def takes(self, data: QMimeData) -> bool:
        """As `DropTarget` says."""
        return bool(dropped_loras(data))

    def receive(self, data: QMimeData) -> bool:
        """As `DropTarget` says."""
        paths = dropped_loras(data)
        if paths:
            self.add_files(paths)
        return bool(paths)

    def _add(self, lora: LoraUse) -> None:
        row = LoraRow(lora, self._limits)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove_by_hand(row))
        before: QWidget | None = self.rows[-1].remove if self.rows else None
        self.rows.append(row)
        self._column.insertWidget(len(self.rows) - 1, row)
        for stop in (row.check, row.box, row.remove):
            if before is not None:
                QWidget.setTabOrder(before, stop)
            before = stop
        QWidget.setTabOrder(row.remove, self.add_button)
        folder = self._folder

        def look() -> tuple[LoraUse, LoraWords]:
            found = folder.located(lora) if folder is not None else lora
            read_lora(Path(found.path))
            return found, words_of(Path(found.path))

        self._background.run(look, lambda found: row.found(*found), lambda error: self._miss(row, error))

    def _miss(self, row: LoraRow, error: UserError) -> None:
        if row in self.rows:
            self._remove(row)
            self.problem.emit(error)

    def _remove_by_hand(self, row: LoraRow) -> None:
        self._remove(row)
        self.add_button.setFocus()

    def _remove(self, row: LoraRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.add_button.setEnabled(len(self.rows) < self._limits.maximum)

    def _take_files(self, files: list[Path], folders: list[Path]) -> None:
        self._files = files
        folder = self._folder
        watched, wanted = set(self._watcher.directories()), set(map(str, folders[:MOST_WATCHED]))
        if watched - wanted:
            self._watcher.removePaths(sorted(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(sorted(wanted - watched))
        for row in list(self.rows):
            within = folder is not None and row.path and Path(row.path).is_relative_to(folder.path)
            if within and Path(row.path) not in files:
                self._miss(row, _gone(row.name))

    def _open_menu(self) -> None:
        """Offer the folder's files as they are now."""
        if self._folder is not None:
            self._take_files(*self._folder.look())
        self.menu.clear()
        for path in self._files:
            action = self.menu.addAction(path.stem.replace("&", "&&"))
            action.setEnabled(all(Path(row.path) != path for row in self.rows if row.path))
            action.triggered.connect(lambda _=False, path=path: self.add_files([path]))
        if self._files:
            self.menu.addSeparator()
        self.menu.addAction(self.tr("Choose a file…")).triggered.connect(self._ask)
        self.menu.popup(self.add_button.mapToGlobal(self.add_button.rect().bottomLeft()))

    def _ask(self) -> None:
        start = str(self._folder.path) if self._folder is not None and self._folder.path.is_dir() else ""
        kinds = self.tr("LoRAs (*.safetensors)")
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add a LoRA"), start, kinds)
        self.add_files([Path(name) for name in names])


def dropped_loras(data: QMimeData) -> list[Path]:
    """The files of a drop that may be LoRAs."""
    return dropped_files(data, SUFFIX)


def _gone(name: str) -> UserError:
    return UserError(message("The LoRA “{name}” is not here any more.", name=name), message("Choose another one."))
