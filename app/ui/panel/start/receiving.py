"""Makes a file of a picture that comes from elsewhere. What is on the web is fetched after a question only."""

from __future__ import annotations

from pathlib import Path

from PySide6 import QtWidgets
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QWidget

from app.core.errors import UserError
from app.library.pictures import inputs
from app.library.pictures.addresses import check_address
from app.ui.background import Background
from app.ui.panel.start.incoming import Incoming, content_of


class Receiver(QWidget):
    """Works in the background; the latest picture is the one that counts.

    Signals:
        came(Path): the file of the picture.
        problem(UserError): it is no picture, or it could not be fetched.
    """

    came = Signal(object)
    problem = Signal(object)

    def __init__(self, background: Background, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._background = background

    def receive(self, found: Incoming) -> None:
        """Take a picture, of whatever kind."""
        if isinstance(found, Path):
            self.came.emit(found)
        elif isinstance(found, bytes):
            self._background.run(lambda: inputs.keep_picture(found), self.came.emit, self.problem.emit)
        elif isinstance(found, QImage):
            image = found
            self._background.run(lambda: inputs.keep_picture(content_of(image)), self.came.emit, self.problem.emit)
        else:
            self._ask_first(found)

    def _ask_first(self, address: str) -> None:
        """Ask whether to fetch what is at an address, naming the host."""
        try:
            host = check_address(address)
        except UserError as error:
            self.problem.emit(error)
            return
        box = QtWidgets.QMessageBox(self.window())
        box.setObjectName("fetchQuestion")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QtWidgets.QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Fetch a picture"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Fetch the picture from {host}?").format(host=host))
        box.setInformativeText(self.tr("The server will see this computer's address."))
        fetch: QPushButton = box.addButton(self.tr("Fetch"), QtWidgets.QMessageBox.ButtonRole.AcceptRole)
        fetch.setObjectName("fetchButton")
        box.addButton(QtWidgets.QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(fetch)
        box.accepted.connect(lambda: self._fetch(address))
        box.open()

    def _fetch(self, address: str) -> None:
        def work() -> Path:
            from app.library.pictures.fetching import fetch  # most starts never need it

            return inputs.keep_picture(fetch(address))

        self._background.run(work, self.came.emit, self.problem.emit)
