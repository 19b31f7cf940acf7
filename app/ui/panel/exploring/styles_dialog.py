"""Where the user edits styles."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.core.errors import UserError
from app.library.styles import LONGEST, Style, Styles
from app.ui.controls.buttons import push_button
from app.ui.controls.text.labels import buddy, label, set_role
from app.ui.words import wording
from app.ui.words.language import set_translated
from app.ui.words.messages import translated


class StylesDialog(QDialog):
    """The styles at the left, the pieces of the chosen one at the right. Save keeps them all.

    Signals:
        renamed(str, str): a style has another name now; empty where it is gone.
    """

    renamed = Signal(str, str)

    def __init__(self, styles: Styles, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("stylesDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_translated(self, lambda: self.tr("Styles"), self.setWindowTitle)
        self.resize(620, 400)
        self._styles = styles
        self._kept = [(style.name, style) for style in styles.all()]  # the name that was saved, and the style as it is
        self._make_parts()
        self._lay_out()
        for _, style in self._kept:
            self.list.addItem(wording.of_style(style.name))
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self._show(self.list.currentRow())

    def _make_parts(self) -> None:
        self.list = QListWidget()
        self.list.setObjectName("styleList")
        set_translated(self, lambda: self.tr("Styles"), self.list.setAccessibleName)
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.prompt, self.negative = QPlainTextEdit(), QPlainTextEdit()
        for field, words in (
            (self.name, lambda: self.tr("Name of the style")),
            (self.prompt, lambda: self.tr("Prompt of the style")),
            (self.negative, lambda: self.tr("Negative prompt of the style")),
        ):
            set_translated(self, words, field.setAccessibleName)
        for text in (self.prompt, self.negative):
            text.setTabChangesFocus(True)
            text.textChanged.connect(self._take)
        self.name.textChanged.connect(self._take)
        self.problem = label("", "danger", wrap=True)
        self.problem.hide()
        self.add = push_button("addStyle", lambda: self.tr("New Style"), self._add)
        self.remove = push_button("removeStyle", lambda: self.tr("Remove"), self._remove)
        self.buttons = QDialogButtonBox()
        self.save = push_button("saveStyles", lambda: self.tr("Save"), self.accept)
        self.save.setProperty("role", "primary")
        self.buttons.addButton(
            push_button("", lambda: self.tr("Cancel"), self.reject), QDialogButtonBox.ButtonRole.RejectRole
        )
        self.buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.remove)
        left.addLayout(row)
        right = QVBoxLayout()
        right.addWidget(buddy(lambda: self.tr("Name"), self.name, "caption"))
        right.addWidget(self.name)
        right.addWidget(buddy(lambda: self.tr("Prompt"), self.prompt, "caption"))
        right.addWidget(self.prompt, 2)
        right.addWidget(
            label(lambda: self.tr("{prompt} stands for what you type. Without it, the words are added at the end."),
                  "caption", wrap=True)
        )  # fmt: skip
        right.addWidget(buddy(lambda: self.tr("Negative prompt"), self.negative, "caption"))
        right.addWidget(self.negative, 1)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addLayout(left, 2)
        both.addLayout(right, 3)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addLayout(both, 1)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)

    def accept(self) -> None:
        """Save; a name that is missing or there twice is told."""
        names = [wording.of_style(style.name).casefold() for _, style in self._kept]
        if "" in names or len(set(names)) < len(names):
            self._tell(self.tr("Each style needs a name of its own."))
            return
        try:
            self._styles.save([style for _, style in self._kept])
        except UserError as error:
            self._tell(translated(error.text))
            return
        for before, style in self._kept:
            if before and before != style.name:
                self.renamed.emit(before, style.name)
        super().accept()

    def _tell(self, words: str) -> None:
        set_role(self.problem, "danger")
        self.problem.setText(words)
        self.problem.show()

    def _show(self, row: int) -> None:
        style = self._kept[row][1] if 0 <= row < len(self._kept) else Style("")
        for field in (self.name, self.prompt, self.negative):
            field.blockSignals(True)
            field.setEnabled(0 <= row < len(self._kept))
        self.name.setText(wording.of_style(style.name))
        self.prompt.setPlainText(style.prompt)
        self.negative.setPlainText(style.negative)
        for field in (self.name, self.prompt, self.negative):
            field.blockSignals(False)
        self.remove.setEnabled(0 <= row < len(self._kept))

    def _take(self) -> None:
        """Keep what was typed."""
        row = self.list.currentRow()
        if 0 <= row < len(self._kept):
            before, style = self._kept[row]
            typed = self.name.text().strip()
            style = replace(
                style,
                name=style.name if typed == wording.of_style(style.name) else typed,
                prompt=self.prompt.toPlainText()[:LONGEST],
                negative=self.negative.toPlainText()[:LONGEST],
            )
            self._kept[row] = (before, style)
            item = self.list.item(row)
            if item is not None:
                item.setText(typed)

    def _add(self) -> None:
        self._kept.append(("", Style(self.tr("New style"))))
        self.list.addItem(self._kept[-1][1].name)
        self.list.setCurrentRow(len(self._kept) - 1)
        self.name.setFocus()
        self.name.selectAll()

    def _remove(self) -> None:
        row = self.list.currentRow()
        before, _ = self._kept.pop(row)
        if before:
            self.accepted.connect(lambda: self.renamed.emit(before, ""))
        self.list.takeItem(row)
        self._show(self.list.currentRow())
