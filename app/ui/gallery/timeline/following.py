"""Keeps the timeline in step with the gallery."""

from __future__ import annotations

from array import array

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QAbstractItemView

from app.library.pictures.gallery import Gallery
from app.library.pictures.index.query import Query, Sort
from app.ui.background import Background
from app.ui.gallery.grid.view import GalleryView
from app.ui.gallery.pictures.model import GalleryModel
from app.ui.gallery.timeline.timeline import Timeline

SETTLE_MS = 250
"""So long the list must stay as it is before its times are looked up again."""


class TimelineFollowing(QObject):
    """Shows the timeline where the pictures are sorted by date and do not all fit into the view."""

    def __init__(self, library: Gallery, model: GalleryModel, view: GalleryView, background: Background) -> None:
        super().__init__(view)
        self._library = library
        self._model = model
        self._view = view
        self.timeline = Timeline()
        self._background = background
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._look_up)
        model.listed.connect(self._settle.start)
        bar = view.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._show)
        self.timeline.jumped.connect(self._go)
        self.timeline.hide()

    def _query(self) -> Query:
        return self._model.shown

    def _look_up(self) -> None:
        query = self._query()
        if query.sort is not Sort.DATE:
            self._take(query, array("d"))
            return
        self._background.run(lambda: self._library.times(query), lambda times: self._take(query, times))

    def _take(self, query: Query, times: array[float]) -> None:
        if query == self._query():
            self.timeline.set_times(times)
            self._show()
            self._scrolled()

    def _show(self, *_: int) -> None:
        several = len(self.timeline.marks) > 1
        self.timeline.setVisible(several and self._view.verticalScrollBar().maximum() > 0)

    def _to_come(self) -> int:
        """How many rows stand above the first picture."""
        return self._model.rowCount() - self._model.pictures

    def _scrolled(self, *_: int) -> None:
        cell = self._view.gridSize()
        index = self._view.indexAt(QPoint(cell.width() // 2, cell.height() // 2))
        if index.isValid():
            self.timeline.set_place(max(0, index.row() - self._to_come()))

    def _go(self, place: int) -> None:
        self._view.auto_selection.end()
        index = self._model.index(place + self._to_come())
        self._view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
