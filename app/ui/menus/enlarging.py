"""The commands that make pictures larger and compare them with what they were made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from app.core.enlarge import DEFAULT_REFINE, DETAILED, FACTORS, FAITHFUL
from app.core.errors import UserError
from app.engine.enlarging import own_upscalers, wish
from app.ui.words import wording

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Way(NamedTuple):
    """A way to enlarge; no upscaler for the one that suits the machine."""

    factor: int
    upscaler: str = ""
    strength: float = 0.0


WAYS = {
    "enlarge_2": Way(2, FAITHFUL), "enlarge_4": Way(4, FAITHFUL),
    "enlarge_2_detail": Way(2, DETAILED), "enlarge_4_detail": Way(4, DETAILED),
    "enlarge_2_refine": Way(2, strength=DEFAULT_REFINE), "enlarge_4_refine": Way(4, strength=DEFAULT_REFINE),
}  # fmt: skip


LONGEST_NAME = 40
"""Characters of the name of an upscaler of the user's own."""


class EnlargeCommands(QObject):
    """Acts on the selected pictures: each becomes a job of its own, so that what is wrong with one stops no other."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._own: list[QAction] = []

    def table(self) -> dict[str, Callable[[], object]]:
        """What to do for each command, by its name."""
        window = self._window
        ways = {name: partial(self._enlarge, way) for name, way in WAYS.items()}
        compare = lambda: window.comparing.before_after.open(window.selection.paths())  # noqa: E731
        return {**ways, "upscale": self._open_menu, "before_after": compare}

    def follow(self, count: int) -> None:
        """Enable the commands as the selection allows."""
        window = self._window
        picture = window.selection.picture
        made = picture is not None and picture.made_from is not None
        window.menus.set_enabled(("upscale", *WAYS), count > 0)
        window.menus.set_enabled(("before_after",), count == 2 or (count == 1 and made))

    def fill_own(self) -> None:
        """Offer the upscalers that stand in the app's own folder now, at the end of the menu."""
        menu = self._window.menus.enlarge
        for action in self._own:
            menu.removeAction(action)
            action.deleteLater()
        self._own.clear()
        for upscaler in own_upscalers(self._window.engine.registry):
            name = wording.one_line(wording.upscaler(upscaler), LONGEST_NAME).replace("&", "&&")
            self._own.append(menu.addSeparator())
            for factor in FACTORS:
                action = menu.addAction(self.tr("{n}×, {name}").format(n=factor, name=name))
                action.triggered.connect(partial(self._enlarge, Way(factor, upscaler)))
                self._own.append(action)

    def _open_menu(self) -> None:
        """Beneath the button that is seen."""
        window = self._window
        home = window.viewer if window.viewer.isVisible() else window.inspector
        button = home.findChild(QPushButton, "upscaleButton")
        if button is not None:
            window.menus.enlarge.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    def _enlarge(self, way: Way, _checked: bool = False) -> None:
        window = self._window
        paths, prompt = window.selection.paths(), window.panel.request().prompt
        window.background.run(lambda: self._queue(paths, way, prompt), lambda errors: self._told(len(paths), errors))

    def _queue(self, paths: Sequence[Path], way: Way, prompt: str) -> list[UserError]:
        """Queue a job for each picture, in another thread; returns what went wrong."""
        engine, errors = self._window.engine, []
        for path in paths:
            try:
                request = wish(
                    engine.registry, path, way.factor, upscaler=way.upscaler, strength=way.strength, otherwise=prompt
                )
                engine.submit(request)
            except UserError as error:
                errors.append(error)
        return errors

    def _told(self, count: int, errors: list[UserError]) -> None:
        bar = self._window.bar
        if errors:
            bar.show_error(errors[0])
        elif self._window.viewer.isVisible() or count > 1:
            bar.show_notice(lambda: self.tr("Added to the queue"))
        else:
            bar.dismiss()
