"""What the Edit menu does with text: the field that has the focus comes first, where it can."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QWidget

Field = QLineEdit | QPlainTextEdit


def edit_text(command: str, otherwise: Callable[[], object] = lambda: None) -> None:
    """Let the text field that has the focus undo, redo, cut, copy, paste or select all. Where no text field has the
    focus, or it has nothing to undo or copy, do `otherwise`.
    """
    field = text_field(QApplication.focusWidget())
    if field is None or (command == "undo" and not can_undo(field)) or (command == "copy" and not _selects(field)):
        otherwise()
        return
    {
        "undo": field.undo, "redo": field.redo, "cut": field.cut, "copy": field.copy, "paste": field.paste,
        "select_all": field.selectAll,
    }[command]()  # fmt: skip


def text_field(widget: QWidget | None) -> Field | None:
    """The text field that a widget is, or has within."""
    if isinstance(widget, QAbstractSpinBox):
        return widget.lineEdit()
    return widget if isinstance(widget, QLineEdit | QPlainTextEdit) else None


def can_undo(field: Field | None) -> bool:
    """Whether something was typed in a field that it can take back."""
    if isinstance(field, QPlainTextEdit):
        return field.document().isUndoAvailable()
    return field is not None and field.isUndoAvailable()


def _selects(field: Field) -> bool:
    return field.hasSelectedText() if isinstance(field, QLineEdit) else field.textCursor().hasSelection()


def pastes_picture() -> bool:
    """Whether the clipboard holds a picture or a file rather than text, which is nothing for a field."""
    data = QGuiApplication.clipboard().mimeData()
    return any(url.isLocalFile() for url in data.urls()) or (data.hasImage() and "text/plain" not in data.formats())


class KeysPass(QObject):
    """Lets the keys of Undo go on to the menu where the field that has the focus has nothing to undo, and those of
    Paste where a picture is pasted: Qt's fields keep them for themselves all the same.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        for field in window.findChildren(QWidget):
            if isinstance(field, QLineEdit | QPlainTextEdit | QAbstractSpinBox):
                field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        undo, paste = (event.matches(key) for key in (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Paste))
        if not (undo or paste) or not isinstance(watched, QWidget):
            return False
        if can_undo(text_field(watched)) if undo else not pastes_picture():
            return False
        event.ignore()
        return True
