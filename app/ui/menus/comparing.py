"""The two views that compare pictures. Each is imported and made when it is first opened: most starts never need it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow
    from app.ui.viewer.compare.before_after import BeforeAfter
    from app.ui.viewer.compare.side_by_side import SideBySide


class Comparing(QObject):
    """What covers the window while pictures are compared."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @cached_property
    def side_by_side(self) -> SideBySide:
        from app.ui.viewer.compare.side_by_side import SideBySide

        window = self._window
        view = SideBySide(window, window.background, window.engine.registry.name)
        view.closed.connect(window.page.take_focus)
        return view

    @cached_property
    def before_after(self) -> BeforeAfter:
        from app.ui.viewer.compare.before_after import BeforeAfter

        window = self._window
        view = BeforeAfter(window, window.background)
        view.closed.connect(self._before_after_closed)
        view.problem.connect(window.bar.show_error)
        return view

    def views(self) -> list[BeforeAfter | SideBySide]:
        """Those that were opened before, the one that covers the others first."""
        made = vars(self)
        return [made[name] for name in ("before_after", "side_by_side") if name in made]

    def dismiss(self) -> None:
        """Close what is open."""
        for view in self.views():
            view.dismiss()

    def _before_after_closed(self) -> None:
        window = self._window
        if window.viewer.isVisible():
            window.viewer.setFocus()
        else:
            window.page.take_focus()
