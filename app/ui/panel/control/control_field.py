"""The picture to follow: a place to drop one, its edges, the ControlNet, and how closely and when it is followed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.core.capabilities import Capabilities
from app.core.limits import CONTROL_SCALE
from app.core.message import Message, message
from app.core.request import Edges, ImageInput, Role
from app.ui.controls.buttons import push_button
from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.fields.number_box import DecimalBox
from app.ui.controls.fields.sliders import SliderField
from app.ui.controls.style.icons import IconButton
from app.ui.controls.text.labels import label
from app.ui.panel.control.preview import EdgePreview
from app.ui.panel.control.step_range import StepRange
from app.ui.panel.start.picture_field import PictureField
from app.ui.words.language import on_language_change, set_translated

_OTHER = "\0"
"""The value of the entry that asks for a folder."""


class ControlField(PictureField):
    """Empty: a button that also takes drops and pastes. Filled: the picture's edges and how they are followed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("controlBox")
        set_translated(self, lambda: self.tr("Follow the edges of a picture"), self.setAccessibleName)
        self._path = ""
        self._size = (512, 512)
        self._folders: list[str] = []
        self._offered: tuple[tuple[str, str], ...] = ()
        self._net = ""
        self._choose = push_button("controlPictureButton", lambda: self.tr("Follow a picture…"), self._ask)
        set_translated(
            self,
            lambda: self.tr("Choose a picture, or drop or paste one here: its edges say where things stand."),
            self._choose.setToolTip,
        )
        self._make_fields()
        self._lay_out()
        self._fill_lists()
        self._show()
        on_language_change(self, self._fill_lists)

    def show_capabilities(self, capabilities: Capabilities) -> None:
        limits = capabilities.takes(Role.CONTROL)
        self.setVisible(limits is not None)
        if limits is None:
            return
        self.scale.set_range(limits.strength or CONTROL_SCALE)
        self._offered = limits.models or ()
        self._fill_lists()

    def set_size(self, width: int, height: int) -> None:
        """The size of the result, whose shape the edges take."""
        self._size = (width, height)
        self._show_edges()

    def inputs(self) -> tuple[ImageInput, ...]:
        """The control picture, if there is one."""
        if not self._path or self.isHidden():
            return ()
        start, end = self.steps.values()
        scale, edges = round(self.scale_box.value(), 2), Edges(self.edges.currentData())
        return (ImageInput(Role.CONTROL, self._path, scale, start, end, model=self._net, edges=edges),)

    def set_inputs(self, inputs: Sequence[ImageInput]) -> None:
        """Take over a request's control picture. What is not on this machine any more is said."""
        control = next((item for item in inputs if item.role is Role.CONTROL), None)
        if control is None:
            self.set_path("")
            return
        self.scale_box.setValue(control.strength)
        self.steps.set_values(control.start, control.end)
        self.edges.select(control.edges.value)
        self._choose_model(control.model)
        self.set_path(control.path)
        if not control.path:
            self._miss(_missing(control.name))

    def set_path(self, path: str) -> None:
        """Follow this picture; an empty path for none. A file that is not there any more is none soon."""
        self._path = path
        self._show()
        self.changed.emit()
        if path:
            self._background.run(lambda: Path(path).is_file(), lambda there: None if there else self._gone(path))

    def close_down(self) -> None:
        """Before the window goes."""
        self.preview.close_down()
        super().close_down()

    def event(self, event: QEvent) -> bool:
        override = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if override and event.matches(QKeySequence.StandardKey.Paste):  # type: ignore[attr-defined]
            event.accept()  # else the menu would take it
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.receive(QGuiApplication.clipboard().mimeData())
            event.accept()
        else:
            super().keyPressEvent(event)

    def _make_fields(self) -> None:
        self._filled = QWidget()
        self._name = label("", "muted")
        self._remove = IconButton("close", lambda: self.tr("Remove the picture to follow"))
        self._remove.clicked.connect(lambda: self.set_path(""))
        self.preview = EdgePreview(self._background)
        self.model = ComboBox()
        self.model.setObjectName("controlModelBox")
        set_translated(self, lambda: self.tr("ControlNet"), self.model.setAccessibleName)
        self.model.activated.connect(self._model_chosen)
        self.edges = ComboBox()
        self.edges.setObjectName("controlEdgesBox")
        set_translated(self, lambda: self.tr("Edges"), self.edges.setAccessibleName)
        set_translated(
            self,
            lambda: self.tr("Automatic finds the edges of a picture, and takes a drawing of lines as it is."),
            self.edges.setToolTip,
        )
        self.edges.currentIndexChanged.connect(self._edges_chosen)
        self.scale_box = DecimalBox()
        self.scale_box.setObjectName("controlScaleBox")
        set_translated(self, lambda: self.tr("How closely to follow the edges"), self.scale_box.setAccessibleName)
        self.scale = SliderField(lambda: self.tr("Weight"), self.scale_box)
        self.scale.set_range(CONTROL_SCALE)
        self.scale_box.setValue(CONTROL_SCALE.default)
        self.scale.valueChanged.connect(self.changed)
        self.steps = StepRange()
        self.steps.changed.connect(self.changed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self._remove)
        beside = QVBoxLayout()
        beside.setSpacing(5)
        beside.addLayout(top)
        beside.addWidget(self.edges)
        beside.addWidget(self.model)
        beside.addStretch()
        pictured = QHBoxLayout()
        pictured.setSpacing(10)
        pictured.addWidget(self.preview.picture, 0, Qt.AlignmentFlag.AlignTop)
        pictured.addLayout(beside, 1)
        filled = QVBoxLayout(self._filled)
        filled.setContentsMargins(0, 0, 0, 0)
        filled.setSpacing(5)
        filled.addLayout(pictured)
        for widget in (self.preview.note, self.scale, self.steps):
            filled.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._choose)
        column.addWidget(self._filled)

    def _fill_lists(self) -> None:
        """Both lists anew; what is chosen stays where it can."""
        edges = self.edges.currentData()
        words: dict[Edges, str] = {
            Edges.AUTO: self.tr("Automatic"),
            Edges.CANNY: self.tr("Find edges"),
            Edges.NONE: self.tr("As it is"),
        }
        with QSignalBlocker(self.edges):
            self.edges.clear()
            for kind, text in words.items():
                self.edges.add(text, str(kind))
            self.edges.select(edges or str(Edges.AUTO))
        with QSignalBlocker(self.model):
            self.model.clear()
            self.model.setPlaceholderText(self.tr("Choose a ControlNet"))
            for value, name in (*self._offered, *((folder, Path(folder).name) for folder in self._folders)):
                self.model.add(name, value)
            self.model.add(self.tr("Other folder…"), _OTHER)
            if not (self._net and self.model.select(self._net)):
                self._net = self._offered[0][0] if self._offered else ""
                self.model.setCurrentIndex(0 if self._offered else -1)

    def _choose_model(self, model: str) -> None:
        """A ControlNet that is offered, or a folder of the user's own; anything else changes nothing."""
        known = self.model.findData(model) >= 0
        if model and not known and Path(model).is_dir():
            self._folders.append(model)
            known = True
        if model and known:
            self._net = model
        self._fill_lists()

    def _model_chosen(self) -> None:
        chosen = str(self.model.currentData())
        if chosen == _OTHER:
            chosen = QFileDialog.getExistingDirectory(self, self.tr("The folder of a ControlNet"))
        self._choose_model(chosen)
        self.changed.emit()

    def _edges_chosen(self) -> None:
        self._show_edges()
        self.changed.emit()

    def _gone(self, path: str) -> None:
        if path == self._path:
            self._miss(_missing(Path(path).name))
            self.set_path("")

    def _ask(self) -> None:
        self._take(self._ask_for_picture(self.tr("Follow a picture")))

    def _take(self, path: str) -> None:
        self._if_readable(path, lambda: self.set_path(path))

    def _show(self) -> None:
        self._choose.setVisible(not self._path)
        self._filled.setVisible(bool(self._path))
        name = Path(self._path).name
        self._name.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 120))
        self._name.setToolTip(self._path)
        self._show_edges()

    def _show_edges(self) -> None:
        if self._path:
            edges = Edges(self.edges.currentData() or Edges.AUTO)
            self.preview.show_input(ImageInput(Role.CONTROL, self._path, edges=edges), self._size)


def _missing(name: str) -> Message:
    return message("The control picture “{name}” is not here any more.", name=name)
