"""A small window with what pictures must have to be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QPushButton, QVBoxLayout, QWidget

from app.library.pictures.index.query import Filters, Shape
from app.library.pictures.marks.ratings import BEST
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.text.labels import buddy
from app.ui.words import wording
from app.ui.words.language import Text, on_language_change, set_translated

MEGAPIXELS = (0.25, 1, 2, 4, 16)
"""What a picture may have to have at least."""
WIDTH = 300


class FilterPopover(QFrame):
    """A field for each; together they make `Filters`.

    Signals:
        changed(Filters): the user wants the pictures with these.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget, backend_name: Callable[[str], str]) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("filterPopover")
        self.setProperty("role", "card")
        set_translated(self, lambda: self.tr("Filter"), self.setAccessibleName)
        self.setFixedWidth(WIDTH)
        self._backend_name = backend_name
        self._models: Sequence[str] = ()
        self._backends: Sequence[str] = ()
        self._filling = False
        self._form = QFormLayout()
        self._form.setSpacing(8)
        self.rating = self._box("filterRating", lambda: self.tr("Rating"))
        self.model = self._box("filterModel", lambda: self.tr("Model"))
        self.backend = self._box("filterBackend", lambda: self.tr("Made by"))
        self.shape = self._box("filterShape", lambda: self.tr("Shape"))
        self.pixels = self._box("filterSize", lambda: self.tr("Size"))
        self.date = self._box("filterDate", lambda: self.tr("Date"))
        self.clear_button: QPushButton = push_button("clearFiltersButton", lambda: self.tr("Clear"), self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(self._form)
        column.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignRight)
        on_language_change(self, self._fill)
        self._fill()

    def open_at(self, button: QWidget, models: Sequence[str], backends: Sequence[str]) -> None:
        """Show it beneath a button, with the models and backends that there are."""
        self._models, self._backends = models, backends
        self._fill()
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        self.move(corner)
        self.show()
        self.rating.setFocus()

    def clear(self) -> None:
        """Let all pictures through."""
        for box in (self.rating, self.model, self.backend, self.shape, self.pixels, self.date):
            box.blockSignals(True)
            box.setCurrentIndex(0)
            box.blockSignals(False)
        self._changed()

    def filters(self) -> Filters:
        """What is chosen."""
        model, backend, shape = (str(box.currentData() or "") for box in (self.model, self.backend, self.shape))
        return Filters(
            models=(model,) if model else (),
            backends=(backend,) if backend else (),
            shape=Shape(shape) if shape else None,
            min_pixels=int(float(self.pixels.currentData() or 0) * 1_000_000),
            min_rating=int(self.rating.currentData() or 0),
            since=_since(int(self.date.currentData() or 0)),
        )

    def _box(self, name: str, caption: Text) -> ComboBox:
        box = ComboBox()
        box.setObjectName(name)
        set_translated(box, caption, box.setAccessibleName)
        self._form.addRow(buddy(caption, box, "muted"), box)
        box.currentIndexChanged.connect(self._changed)
        return box

    def _fill(self) -> None:
        """The choices, in the present language; what is chosen stays so."""
        tr = wording.tr
        stars = [(wording.stars(each) if each == BEST else tr("{n} stars or more", n=each), each)
                 for each in range(BEST, 1, -1)]  # fmt: skip
        choices: list[tuple[ComboBox, list[tuple[str, object]]]] = [
            (self.rating, [(tr("Any rating"), 0), *stars, (tr("Any star"), 1)]),
            (self.model, [(tr("All models"), ""), *((each, each) for each in self._models)]),
            (self.backend, [(tr("Everything"), ""), *((self._backend_name(each), each) for each in self._backends)]),
            (self.shape, [
                (tr("Any shape"), ""), (tr("Landscape"), str(Shape.LANDSCAPE)), (tr("Square"), str(Shape.SQUARE)),
                (tr("Portrait"), str(Shape.PORTRAIT)),
            ]),
            (self.pixels, [
                (tr("Any size"), 0),
                *((tr("{n} megapixels or more", n=f"{each:g}"), each) for each in MEGAPIXELS),
            ]),
            (self.date, [
                (tr("Any time"), 0), (tr("Today"), 1), (tr("Last 7 days"), 7), (tr("Last 30 days"), 30),
                (tr("Last 365 days"), 365),
            ]),
        ]  # fmt: skip
        for box, items in choices:
            before = box.currentData()
            box.blockSignals(True)
            box.clear()
            for text, value in items:
                box.add(text, value)
            box.select(before)
            box.blockSignals(False)

    def _changed(self) -> None:
        self.changed.emit(self.filters())


def _since(days: int) -> float | None:
    """The beginning of the first of so many days, today the last of them; unix time."""
    if not days:
        return None
    today = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=days - 1)).timestamp()
