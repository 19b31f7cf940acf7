"""The mask editor: covers the window with one picture, on which is painted what is to change."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.request import Extension
from app.library.pictures import inputs
from app.ui.background import Background
from app.ui.controls.buttons import push_button
from app.ui.controls.style.focus import focusable
from app.ui.controls.style.theme import colours
from app.ui.controls.text.labels import label
from app.ui.viewer.cover import Cover
from app.ui.viewer.mask.bar import MaskBar
from app.ui.viewer.mask.canvas import LARGEST, MaskCanvas
from app.ui.viewer.mask.edit import AS_IT_IS, Edit
from app.ui.viewer.mask.foot import MaskFoot
from app.ui.viewer.mask.session import Session, opened
from app.ui.viewer.mask.tools import Tool
from app.ui.words.language import on_language_change, set_translated

KEPT = 4
"""On so many pictures, what was painted is kept."""
_TOOLS = {Qt.Key.Key_B: Tool.BRUSH, Qt.Key.Key_E: Tool.ERASER, Qt.Key.Key_L: Tool.LASSO, Qt.Key.Key_R: Tool.RECTANGLE}
_GROWTH = 1.2
"""By what [ and ] change the size of the brush."""


class MaskEditor(QWidget):
    """Escape leaves it and keeps what was painted; B E L R choose a tool, [ and ] its size, I inverts, Return uses the
    mask; + - 0 1 and the wheel zoom, the middle button moves the picture, and so does the left one with the space bar.

    Signals:
        opened: the editor covers the window now.
        closed: it does not any more.
        used(Edit, QSize): what is to change of a picture, and how many pixels it has.
        problem(UserError): the picture cannot be shown, or the mask not be saved.
    """

    opened = Signal()
    closed = Signal()
    used = Signal(object, object)
    problem = Signal(object)

    def __init__(self, parent: QMainWindow, background: Background) -> None:
        super().__init__(parent)
        self.setObjectName("maskEditor")
        set_translated(self, lambda: self.tr("Edit part of a picture"), self.setAccessibleName)
        self._background = background
        self._cover = Cover(self, parent)
        self._sessions: dict[Path, Session] = {}
        self._path: Path | None = None
        self._extends = False
        self._shown: Session | None = None
        self.canvas = MaskCanvas()
        self.bar = MaskBar()
        self.hint = label("", "muted", wrap=True)
        self.zoom = label("", "muted")
        self.foot = MaskFoot()
        self.use = push_button("useMaskButton", "", self._use)
        self.use.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        self._follow()
        on_language_change(self, self._follow)
        self.hide()

    def open(self, edit: Edit, *, extends: bool) -> None:
        """Paint on a picture, where what was painted on it before is still there.

        Args:
            edit: what is to change of it until now.
            extends: whether the picture can be extended, and its details be worked on.
        """
        path, mask = Path(edit.path), edit.mask
        self._path = path
        self._extends = extends
        if self.isHidden():
            self._cover.show()
            self.opened.emit()
        self.canvas.setFocus()
        session = self._sessions.get(path)
        if session is not None and (not mask or mask == session.saved):
            if edit.changes_part:
                session.extend, session.detail = edit.extend, edit.detail
        else:
            session = None
        self._shown = None
        self.canvas.clear_picture()
        self._follow()
        self._background.run(
            lambda: opened(edit, session), self._loaded, lambda error: self._failed(path, error)
        )  # fmt: skip

    def path(self) -> Path | None:
        """The picture that is painted on; None while the editor is closed."""
        return self._path

    def leave(self) -> None:
        """Close the editor. What was painted is there again when it is opened on the same picture."""
        if self.isHidden():
            return
        session = self._shown
        if session is not None:
            session.copies = ()  # they may be large, and are read again
            if session.is_empty() and not session.history.can_undo():
                del self._sessions[session.path]
        self._path = self._shown = None
        self.canvas.clear_picture()
        self.hide()
        self.closed.emit()

    def _lay_out(self) -> None:
        self.bar.add_hint(self.hint)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.foot)
        foot.addStretch()
        foot.addWidget(self.zoom)
        foot.addWidget(self.use)
        self._messages = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 10)
        column.setSpacing(6)
        column.addWidget(self.bar)
        column.addLayout(self._messages)
        column.addWidget(self.canvas, 1)
        column.addLayout(foot)

    def take_in(self, message: QWidget) -> None:
        """Show what tells messages above the picture."""
        self._messages.addWidget(message)

    def _connect(self) -> None:
        canvas, bar = self.canvas, self.bar
        canvas.changed.connect(self._follow)
        canvas.zoomed.connect(self._show_zoom)
        canvas.extended.connect(self._dragged)
        bar.toolChosen.connect(self._choose)
        bar.sizeChanged.connect(canvas.set_size)
        bar.featherChanged.connect(canvas.set_feather)
        bar.intended.connect(self._act)
        self.foot.changed.connect(self._extended)
        self._choose(Tool.BRUSH)

    def _act(self, intent: str) -> None:
        acts = {"undo": self.canvas.undo, "redo": self.canvas.redo, "invert": self.canvas.invert,
                "clear": self.canvas.clear, "close": self.leave}  # fmt: skip
        acts[intent]()

    def _choose(self, tool: Tool) -> None:
        self.canvas.set_tool(tool)
        self.bar.show_tool(tool)

    # -- the picture and its mask

    def _loaded(self, session: Session) -> None:
        self._sessions.pop(session.path, None)
        self._sessions[session.path] = session
        for path in list(self._sessions)[:-KEPT]:
            del self._sessions[path]
        if session.path == self._path:
            self._show(session)

    def _show(self, session: Session) -> None:
        self._shown = session
        self.canvas.show_picture(session.copies, session.mask, session.history)
        side = max(session.copies[0].width(), session.copies[0].height())
        self.bar.set_largest(min(LARGEST, max(32, side // 2)))
        self.bar.size_box.setValue(max(4, side // 16))
        self.bar.feather_box.setValue(session.mask.feather)
        self.foot.setVisible(self._extends)
        self.canvas.has_handles = self._extends
        self.foot.show_values(session.extend, session.detail)
        self.canvas.set_extension(session.extend)
        self._follow()

    def _extended(self) -> None:
        session = self._shown
        if session is not None:
            session.extend, session.detail = self.foot.extension(), self.foot.detail.isChecked()
            self.canvas.set_extension(session.extend)
            self._follow()

    def _dragged(self, extend: Extension) -> None:
        """A handle of the canvas says by how much the picture becomes larger, and so do the fields."""
        self.foot.show_values(extend, self.foot.detail.isChecked())
        self._extended()

    def _failed(self, path: Path, error: UserError) -> None:
        if path == self._path:
            self.leave()
            self.problem.emit(error)

    def _use(self) -> None:
        session = self._shown
        if session is None or session.is_empty():
            return

        def save() -> str:
            return "" if session.mask.is_empty() else str(inputs.keep(session.mask.png(), "mask", ".png"))

        def saved(mask: str) -> None:
            session.saved = mask
            if session is self._shown:
                edit = Edit(str(session.path), mask, session.extend, session.detail)
                self.used.emit(edit, session.size)

        self._background.run(save, saved, self.problem.emit)

    def _follow(self) -> None:
        """Enable what can be done."""
        session = self._shown
        painted = session is not None and not session.mask.is_empty()
        buttons = self.bar.buttons
        buttons["undo"].setEnabled(session is not None and session.history.can_undo())
        buttons["redo"].setEnabled(session is not None and session.history.can_redo())
        buttons["invert"].setEnabled(session is not None)
        buttons["clear"].setEnabled(painted)
        self.use.setEnabled(session is not None and not session.is_empty())
        extended = session is not None and session.extend != AS_IT_IS and not painted
        self.use.setText(self.tr("Extend the picture") if extended else self.tr("Use this mask"))
        self.foot.detail.setEnabled(painted)
        self.hint.setText(
            self.tr("Paint over what is to change, or drag an edge to extend the picture.")
            if self._extends
            else self.tr("Paint over what is to change.")
        )
        self._show_zoom()

    def _show_zoom(self) -> None:
        self.zoom.setText(self.tr("{n} %").format(n=round(self.canvas.zoom_factor() * 100)))

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, canvas = event.key(), self.canvas
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier):
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._entered()
        elif key in _TOOLS:
            self._choose(_TOOLS[Qt.Key(key)])
        elif key == Qt.Key.Key_BracketLeft:
            self.bar.size_box.setValue(min(canvas.size_of_brush - 1, round(canvas.size_of_brush / _GROWTH)))
        elif key == Qt.Key.Key_BracketRight:
            self.bar.size_box.setValue(max(canvas.size_of_brush + 1, round(canvas.size_of_brush * _GROWTH)))
        elif key == Qt.Key.Key_I:
            canvas.invert()
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            canvas.set_panning(True)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            canvas.zoom_in(1)
        elif key == Qt.Key.Key_Minus:
            canvas.zoom_in(-1)
        elif key == Qt.Key.Key_0:
            canvas.zoom_to(None)
        elif key == Qt.Key.Key_1:
            canvas.zoom_to(1.0)

    def _entered(self) -> None:
        """Return ends the typing of a number; else it uses the mask."""
        if isinstance(QApplication.focusWidget(), QAbstractSpinBox):
            self.canvas.setFocus()
        else:
            self._use()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.canvas.set_panning(False)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round within the editor: what is underneath is out of reach while it is open."""
        stops = [
            each
            for each in focusable([self.bar, self.canvas, self.foot, self.use])
            if each.isEnabled() and each.isVisible()
        ]
        if not stops:  # it is being hidden
            return False
        focused = QApplication.focusWidget()
        here = stops.index(focused) if focused in stops else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(here + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), colours().color("viewer"))
