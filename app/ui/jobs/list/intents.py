"""What can be done with a job in the list."""

from __future__ import annotations

from collections.abc import Callable

from app.core.enlarge import EnlargeRequest
from app.engine.jobs import JobState
from app.ui.jobs.list.shown import Shown
from app.ui.words import wording

AGAIN = (JobState.FINISHED, JobState.CANCELLED)


def intents(shown: Shown, backend_name: Callable[[str], str]) -> dict[str, str]:
    """The buttons of a job: what they say, by intent."""
    tr, job = wording.tr, shown.job
    match job.state:
        case JobState.RUNNING:
            return {"cancel": tr("Cancel")}
        case JobState.PAUSED:
            return {"resume": tr("Resume"), "remove": tr("Remove")}
        case JobState.FAILED if job.failure is not None:
            suggestion = job.failure.suggestion
            retry = {"retry": tr("Retry")} if job.failure.retry else {}
            offer = {"suggest": wording.suggestion(suggestion, backend_name)} if suggestion else {}
            return {**retry, **offer, "remove": tr("Remove")}
        case JobState.FINISHED | JobState.CANCELLED:
            return {"again": tr("Again")}
        case _:
            return {"remove": tr("Remove")}


def menu_intents(shown: Shown) -> list[tuple[str, str]]:
    """What a job's menu offers: intents with what they say."""
    tr = wording.tr
    found = []
    if shown.movable:
        found += [
            ("move_first", tr("Move to the Top")),
            ("move_up", tr("Move Up")),
            ("move_down", tr("Move Down")),
            ("move_last", tr("Move to the End")),
        ]
    if shown.gone:
        return found
    if isinstance(shown.job.request, EnlargeRequest):
        found.append(("again_same", tr("Again")))
    else:
        found += [("again_new", tr("Again with a New Seed")), ("again_same", tr("Again with the Same Seed"))]
        found.append(("use", tr("Use Its Settings")))
    if shown.movable:
        found.append(("remove", tr("Remove")))
    return found
