"""The column at the gallery's left: the albums, and a button for a new one."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.controls.style.icons import IconButton
from app.ui.controls.text.labels import label
from app.ui.gallery.browsing.album_list import AlbumList

WIDTH = 156


class Sidebar(QWidget):
    """`albums` and its head."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setFixedWidth(WIDTH)
        self.albums = AlbumList()
        self.new_button = IconButton("plus", lambda: self.tr("New album"))
        self.new_button.setObjectName("newAlbumButton")
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 8, 2)
        head.addWidget(label(lambda: self.tr("Albums"), "heading"), 1)
        head.addWidget(self.new_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.albums, 1)
