"""Commands that make many pictures of one: variations, the steps between two, grids."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSpinBox

from app.core.errors import UserError
from app.core.grid import Grid
from app.core.message import message
from app.core.request import MAX_SEED, GenerationRequest, Role, Variation
from app.library.pictures import images
from app.ui.controls.text.labels import set_role
from app.ui.words import wording

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

VARIATIONS = 4
"""Variations of a picture that are made at once."""
NEAR = 0.3
"""How far they go: seen at once, and still the same scene."""
BETWEEN, MOST_BETWEEN = 3, 16
"""Pictures between two where nobody says, and at most."""


class Exploring(QObject):
    """Acts on the selected pictures and on what stands in the panel."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def variations(self) -> None:
        """Make some pictures near the selected one."""
        request = self._window.selection.request()
        if request is not None:
            near = (Variation(random.randrange(MAX_SEED), NEAR) for _ in range(VARIATIONS))
            self._window.submit(*(request.replace(variations=(*request.variations, each)) for each in near))

    def use_template(self) -> None:
        """Put what was typed for the selected picture into the panel: its alternatives, and its style."""
        window, request = self._window, self._window.selection.request()
        if request is not None and request.template:
            window.viewer.dismiss()
            window.panel.apply(request.replace(prompt=request.template), typed=True)
            window.panel.show_prompt()

    def between(self) -> None:
        """Make a row of pictures between the two that are selected."""
        paths = self._window.selection.paths()
        if len(paths) == 2:
            self._window.pictures.read_all(paths, self._ask_between)

    def grid(self) -> None:
        """Let the user choose a grid of what stands in the panel."""
        from app.ui.panel.exploring.grid_dialog import GridDialog  # most starts never need it

        window, wish = self._window, self._window.panel.request()
        dialog = GridDialog(self._offered(wish), lambda grid: self._described(wish, grid), window)
        dialog.chosen.connect(lambda grid: window.jobs.ask_for(wish, grid))
        dialog.open()

    def _ask_between(self, pictures: list[images.Picture]) -> None:
        requests = [picture.request for picture in pictures if picture.request is not None]
        if len(requests) == 2 and requests[0].variations and not requests[1].variations:
            requests.reverse()
        if len(requests) < 2 or requests[1].variations or requests[1].seed is None:
            self._window.bar.show_error(
                UserError(
                    message("There is no way between these two pictures."),
                    message("Choose two that were made here, one of them no variation."),
                )
            )
            return
        first, seed = requests[0], requests[1].seed
        dialog = QtWidgets.QInputDialog(self._window)
        dialog.setObjectName("betweenDialog")
        dialog.setWindowTitle(self.tr("Between Two Pictures"))
        dialog.setLabelText(self.tr("Pictures between the two:"))
        dialog.setInputMode(QtWidgets.QInputDialog.InputMode.IntInput)
        dialog.setIntRange(1, MOST_BETWEEN)
        dialog.setIntValue(BETWEEN)
        dialog.setOkButtonText(self.tr("Generate"))
        field = dialog.findChild(QSpinBox)
        if field is not None:
            set_role(field, "inline")  # else nothing shows that it is a field
        dialog.intValueSelected.connect(lambda count: self._make_between(first, seed, count))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _make_between(self, first: GenerationRequest, seed: int, count: int) -> None:
        amounts = ((number + 1) / (count + 1) for number in range(count))
        ways = (Variation(seed, round(amount, 4)) for amount in amounts)
        self._window.submit(*(first.replace(variations=(*first.variations, way)) for way in ways))

    def _offered(self, wish: GenerationRequest) -> dict[str, str]:
        """The settings that can be changed, each with values to start from."""
        panel = self._window.panel
        capabilities = panel.choice.offer.capabilities
        if capabilities is None:
            return {}
        steps, offered = int(capabilities.steps.default), {}
        if capabilities.steps.minimum < capabilities.steps.maximum:
            low, high = int(capabilities.steps.minimum), int(capabilities.steps.maximum)
            offered["steps"] = ", ".join(map(str, sorted({max(low, steps // 2), steps, min(high, steps * 2)})))
        if capabilities.guidance is not None:
            scale = capabilities.guidance
            near = (scale.default / 1.5, scale.default, scale.default / 0.75)
            kept = {max(scale.minimum, min(scale.maximum, round(each, 1))) for each in near}
            offered["guidance"] = ", ".join(f"{each:g}" for each in sorted(kept))
        if len(capabilities.solvers) > 1:
            offered["solver"] = ", ".join(capabilities.solvers)
        if capabilities.seed:
            offered["seed"] = ", ".join(str((wish.seed or 0) + number) for number in range(3))
        offered["model"] = wish.model
        if wish.input(Role.INIT) is not None:
            offered["strength"] = "0.3, 0.5, 0.7"
        if wish.loras:
            offered["lora"] = "0, 0.5, 1"
        return offered

    def _described(self, wish: GenerationRequest, grid: Grid) -> str:
        session, backend = self._window.engine.session, self._window.panel.choice.offer.backend
        cells = [cell for table in session.cells(wish, grid) for cell in table]
        plans = [session.choose(cell) for cell in cells]
        resolved = [plan.backend.capabilities(plan.request.model).resolve(plan.request) for plan in plans]
        words = wording.pictures(len(cells))
        times = [plan.backend.estimate(each).seconds for plan, each in zip(plans, resolved, strict=True)]
        known = [seconds for seconds in times if seconds is not None]
        if backend is None or len(known) < len(times):
            return words
        return self.tr("{pictures} · about {time}").format(pictures=words, time=wording.seconds(sum(known)))
