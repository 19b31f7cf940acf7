"""The panel and a cloud: it shows what the service says today, and what a picture costs more than its limit."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable

from pytestqt.qtbot import QtBot

from app.backends.base import Estimate
from app.core.capabilities import Choice
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck
from app.core.limits import Range
from app.core.message import message
from app.engine.spending import SPEND_UP_TO
from app.ui.main_window import MainWindow
from tests.gui.doubles import SPRINT, ScriptedBackend

KNOWN = dataclasses.replace(SPRINT, negative=True, guidance=Range(1, 20, 5, 0.1))


class Cloud(ScriptedBackend):
    """A cloud whose model is `KNOWN` until the service is asked."""

    def __init__(self) -> None:
        super().__init__("replicate", "Replicate", {"sprint": KNOWN}, local=False)
        self.told = KNOWN
        self.asked = 0
        self.refusal: UserError | None = None
        self.hangs = False
        self.estimated = Estimate(seconds=3.0, cost=0.004)

    def look_up(self, model: str, cancel: CancelCheck) -> bool:
        self.asked += 1
        while self.hangs:
            if cancel():
                raise GenerationCancelled
            threading.Event().wait(0.01)
        if self.refusal is not None:
            raise self.refusal
        changed = self.offered[model] != self.told
        self.offered[model] = self.told
        return changed


def choose_cloud(window: MainWindow) -> None:
    window.panel.choice.choose("replicate", "sprint")


def test_the_panel_follows_what_the_service_says(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    cloud = Cloud()
    cloud.told = dataclasses.replace(
        KNOWN, negative=False, steps=Range(1, 8, 3), guidance=None,
        choices=(Choice("look", "Look", ("ink", "oil"), "oil"),),
    )  # fmt: skip
    window = make_window(ScriptedBackend(), cloud)
    panel = window.panel
    assert cloud.asked == 0, "nothing is asked of a cloud that nobody chose"
    choose_cloud(window)
    qtbot.waitUntil(lambda: not panel.negative_part.isVisibleTo(panel))
    assert panel.steps_box.value() == 3, "a default that nobody changed follows the service's"
    assert not panel.guidance.isVisibleTo(panel)
    assert dict(panel.request().options) == {"look": "oil"}
    choose_cloud(window)
    assert cloud.asked == 1, "once is enough"


def test_what_the_user_typed_stays(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    cloud = Cloud()
    window = make_window(ScriptedBackend(), cloud)
    cloud.hangs = True
    choose_cloud(window)
    window.panel.steps_box.setValue(4)
    cloud.told = dataclasses.replace(KNOWN, steps=Range(1, 8, 3))
    cloud.hangs = False
    qtbot.waitUntil(lambda: window.panel.steps_box.maximum() == 8)
    assert window.panel.steps_box.value() == 4


def test_fields_that_a_model_lacks_are_not_shown(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    cloud = Cloud()
    cloud.told = dataclasses.replace(
        KNOWN, steps=Range(1, 1, 1), size=Range(1024, 1024, 1024, 32), seed=False, guidance=None
    )
    window = make_window(cloud)
    choose_cloud(window)
    panel = window.panel
    part = panel.parameters
    hidden = (panel.steps, panel.size_field, panel.seed, part.seed_caption, part.seed_note, panel.guidance)
    qtbot.waitUntil(lambda: not any(widget.isVisibleTo(panel) for widget in hidden))
    assert panel.count.isVisibleTo(panel)


def test_a_failed_look_up_bothers_nobody_and_is_tried_again(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
) -> None:
    cloud = Cloud()
    cloud.refusal = UserError(message("Replicate cannot be reached."), message("Check the connection."))
    window = make_window(cloud)
    choose_cloud(window)
    qtbot.waitUntil(lambda: not window.look_ups._asked)
    assert not window.bar.isVisible()
    cloud.refusal = None
    choose_cloud(window)
    qtbot.waitUntil(lambda: cloud.asked == 2)


def test_closing_does_not_wait_for_a_silent_service(make_window: Callable[..., MainWindow]) -> None:
    cloud = Cloud()
    cloud.hangs = True
    choose_cloud(make_window(cloud))  # the fixture closes it, and the test ends


def test_the_limit_asks_and_a_press_makes_it_anyway(qtbot: QtBot, make_window: Callable[..., MainWindow]) -> None:
    cloud = Cloud()
    agreed = {SPEND_UP_TO: 0.02}
    cloud.fault = UserError(message("This would cost about $0.004."), message("Paint it anyway."), agreed)
    window = make_window(cloud)
    choose_cloud(window)
    window.panel.prompt.replace("a house")
    window.panel.generate()
    qtbot.waitUntil(lambda: window.bar.isVisible())
    assert window.bar.action.text() == "Generate it anyway"
    cloud.fault = None
    spent = []
    window.engine.jobChanged.connect(lambda job: spent.append(job.spend_up_to))
    window.bar.action.click()
    qtbot.waitUntil(lambda: len(cloud.generated) == 1)
    assert set(spent) == {0.02}
    assert cloud.generated[0].options == ()


def test_a_local_job_that_fails_is_offered_to_the_cloud_and_goes_there_only_when_asked(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
) -> None:
    local, cloud = ScriptedBackend(), Cloud()
    local.fault = UserError(message("There is not enough memory."), message("Choose a smaller size."))
    window = make_window(local, cloud)
    window.panel.prompt.replace("a house")
    window.panel.generate()
    qtbot.waitUntil(lambda: window.bar.isVisible())
    assert window.bar.action.text() == "Try with Replicate"
    assert cloud.generated == []
    window.bar.action.click()
    qtbot.waitUntil(lambda: len(cloud.generated) == 1)


def test_another_default_while_a_job_runs_is_for_the_next_job(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
) -> None:
    local, cloud = ScriptedBackend(), Cloud()
    local.stop_at(2)
    window = make_window(local, cloud)
    window.panel.prompt.replace("a house")
    window.panel.generate()
    qtbot.waitUntil(lambda: any(job.progress.step == 2 for job in window.engine.jobs()))
    window.engine.settings.set("default_backend", "replicate")
    qtbot.waitUntil(lambda: window.panel.choice.backend() == "replicate")
    assert not window.panel.advanced.values()["solver"], "the panel follows the cloud at once"
    window.panel.generate()
    local.gate.set()
    qtbot.waitUntil(lambda: len(cloud.generated) == 1)
    assert [request.backend for request in (*local.generated, *cloud.generated)] == ["auto", "replicate"]
