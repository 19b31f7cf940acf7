"""What is selected and seen stays so while the list changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, QPoint

from app.library.pictures.index.query import Query
from app.ui.gallery.pictures.model import GalleryModel
from app.ui.gallery.pictures.placeholders import Placeholder

if TYPE_CHECKING:
    from app.ui.gallery.grid.view import GalleryView


class _Before(NamedTuple):
    """How the view stood."""

    shown: Query
    selected: list[Path]
    current: Path | None
    placeholder: Placeholder | None
    row: int
    seen: list[tuple[Path, int]]


class ViewState(QObject):
    """Notes how the view stands before its model changes, and sets it right afterwards. A search begins at the top;
    whatever else comes or goes moves nothing under the eyes of who has scrolled.
    """

    def __init__(self, view: GalleryView, model: GalleryModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._before: _Before | None = None
        model.changing.connect(self._note)
        model.modelReset.connect(self._restore_selection)
        model.listed.connect(self._restore_place)

    def _note(self) -> None:
        view = self._view
        rows = view.selected_rows() or [view.currentIndex().row()]
        self._before = _Before(
            self._model.shown, view.selected(), view.current(), view.placeholder(), min(rows), self._look()
        )

    def _restore_selection(self) -> None:
        before, selection, flags = self._before, self._view.selectionModel(), QItemSelectionModel.SelectionFlag
        if before is None or not self._model.rowCount():
            return
        kept = self._ranges(before.selected)
        current = self._model.index_of(before.current)
        placeholder = self._model.index_of_placeholder(before.placeholder)
        if not kept.isEmpty():
            selection.select(kept, flags.ClearAndSelect)
            selection.setCurrentIndex(current if current.isValid() else kept.indexes()[0], flags.NoUpdate)
        elif placeholder.isValid():
            selection.setCurrentIndex(placeholder, flags.ClearAndSelect)
        elif before.selected and before.shown != self._model.shown:
            selection.setCurrentIndex(self._model.index(0), flags.ClearAndSelect)
        elif before.row >= 0:  # the keys go on from where what has gone was; nothing that nobody picked is selected
            row = min(before.row, self._model.rowCount() - 1)
            selection.setCurrentIndex(current if current.isValid() else self._model.index(row), flags.NoUpdate)

    def _restore_place(self) -> None:
        before, self._before = self._before, None
        if before is None:
            return
        if before.shown != self._model.shown:
            self._view.verticalScrollBar().setValue(0)
        elif before.seen:
            self._view.executeDelayedItemsLayout()
            self._scroll_back(before.seen)

    def _ranges(self, paths: Sequence[Path]) -> QItemSelection:
        """Those of the pictures that are listed, neighbours together."""
        rows = self._model.rows_of(paths)
        ranges = QItemSelection()
        start = 0
        for end, row in enumerate(rows):
            if end + 1 == len(rows) or rows[end + 1] != row + 1:
                ranges.select(self._model.index(rows[start]), self._model.index(row))
                start = end + 1
        return ranges

    # -- what is seen

    def _look(self) -> list[tuple[Path, int]]:
        """The pictures in sight and how high they stand; none at the top, where what is new is to be seen."""
        view = self._view
        if view.verticalScrollBar().value() == 0:
            return []
        cell = view.gridSize()
        first = view.indexAt(QPoint(cell.width() // 2, 1))
        if not first.isValid():
            first = view.indexAt(QPoint(cell.width() // 2, cell.height() // 2))
        seen = []
        for row in range(first.row(), self._model.rowCount()) if first.isValid() else ():
            top = view.visualRect(self._model.index(row)).top()
            if top > view.viewport().height():
                break
            path = self._model.path_at(row)
            if path is not None:
                seen.append((path, top))
        return seen

    def _scroll_back(self, seen: list[tuple[Path, int]]) -> None:
        for path, top in seen:
            index = self._model.index_of(path)
            if index.isValid():
                bar = self._view.verticalScrollBar()
                bar.setValue(bar.value() + self._view.visualRect(index).top() - top)
                return
