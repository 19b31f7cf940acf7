"""The viewer's buttons: what can be done with the picture that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from app.ui.controls.buttons import push_button
from app.ui.controls.style.icons import IconButton
from app.ui.words.language import Text, on_language_change, text_of

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class ViewerBar(QWidget):
    """A row of buttons. Each stands for a command of the menus: it is enabled as that is, and names its shortcut.

    Signals:
        closeAsked: close the viewer.
    """

    closeAsked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("viewerBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions: Mapping[str, QAction] = {}
        self._tips: dict[str, Text] = {
            "use": lambda: self.tr("Put all of this picture's settings into the panel"),
            "vary": lambda: self.tr("Make it again with another seed"),
            "start": lambda: self.tr("Make this the start picture of the next one"),
            "continue": lambda: self.tr("Let the next clip begin where this one ends"),
            "whole": lambda: self.tr("Make the whole clip of this draft, with the same seed"),
            "edit": lambda: self.tr("Paint over what is to change, or make the picture larger"),
            "upscale": lambda: self.tr("Make a larger copy"),
            "before_after": lambda: self.tr("Compare it with the picture that it was made from"),
            "favourite": lambda: self.tr("Favourite"),
            "delete": lambda: self.tr("Delete"),
        }
        self.star = IconButton("star", self._tips["favourite"], side=20)
        self.star.setCheckable(True)
        self.close_button = IconButton("close", lambda: self.tr("Close the viewer"), side=20)
        self.close_button.clicked.connect(self.closeAsked)
        self.buttons: dict[str, QAbstractButton] = {
            "use": push_button("", lambda: self.tr("Use settings")),
            "vary": push_button("", lambda: self.tr("Vary")),
            "start": push_button("", ""),
            "continue": push_button("", lambda: self.tr("Continue")),
            "whole": push_button("", lambda: self.tr("Make it whole")),
            "edit": push_button("", lambda: self.tr("Edit part…")),
            "upscale": push_button("", lambda: self.tr("Enlarge")),
            "before_after": push_button("", lambda: self.tr("Compare")),
            "favourite": self.star,
            "delete": IconButton("trash", self._tips["delete"], side=20),
            "close": self.close_button,
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(6)
        for name, button in self.buttons.items():
            button.setObjectName("upscaleButton" if name == "upscale" else f"{name}ViewerButton")
            button.installEventFilter(self)
            row.addWidget(button)
        self._frame = False
        self.offer_clip(False, draft=False)
        on_language_change(self, self._show_tips)

    def offer_clip(self, clip: bool, *, draft: bool) -> None:
        """Show the buttons of clips, or those of pictures."""
        self._frame = clip
        for name in ("edit", "upscale", "before_after"):
            self.buttons[name].setVisible(not clip)
        self.buttons["continue"].setVisible(clip)
        self.buttons["whole"].setVisible(draft)
        self._name_start()

    def _name_start(self) -> None:
        self.buttons["start"].setText(self.tr("Start from this frame") if self._frame else self.tr("Start from this"))

    def bind(self, actions: Mapping[str, QAction]) -> None:
        """Let the buttons trigger these commands, by their names."""
        self._actions = {name: actions[name] for name in self._tips}
        for name, action in self._actions.items():
            self.buttons[name].clicked.connect(partial(self._trigger, name))
            action.changed.connect(partial(self._follow, name))
            self._follow(name)
        self._show_tips()

    def _trigger(self, name: str) -> None:
        self._actions[name].trigger()
        self._follow(name)  # a button that can be checked has changed by itself

    def _follow(self, name: str) -> None:
        """Show the state of a command."""
        action, button = self._actions[name], self.buttons[name]
        button.setEnabled(action.isEnabled())
        if button is self.star:
            self.star.setChecked(action.isChecked())
            self.star.set_icon("star-filled" if action.isChecked() else "star")

    def _show_tips(self) -> None:
        self._name_start()
        for name, action in self._actions.items():
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            tip = text_of(self._tips[name])
            self.buttons[name].setToolTip(self.tr("{tip} ({keys})").format(tip=tip, keys=keys) if keys else tip)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys go on to the viewer, which walks with them, rather than from button to button."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _ARROWS:
            event.ignore()
            return True
        return super().eventFilter(watched, event)
