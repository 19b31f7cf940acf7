"""How the window says where pictures can be computed, and how each way stands."""

from __future__ import annotations

import sys

from app.backends.base import GPU_DEVICES, Backend, Group, State, Status, Suits
from app.ui.words import wording
from app.ui.words.messages import translated
from app.ui.words.wording import tr

DOTS = {
    State.READY: "good",
    State.NEEDS_MODEL: "warning",
    State.NEEDS_KEY: "warning",
    State.NOT_RUNNING: "warning",
    State.NOT_SET_UP: "warning",
    State.UNAVAILABLE: "faint",
}
"""Colour of the status dot."""


def group(value: Group) -> str:
    """The heading of the ways that are in one place: "This computer"."""
    machine = tr("This Mac") if sys.platform == "darwin" else tr("This computer")
    return {Group.NETWORK: tr("This network"), Group.CLOUD: tr("Cloud")}.get(value, machine)


def state(value: State) -> str:
    """How a backend stands: "ready", "needs a key"."""
    return {
        State.READY: tr("ready"),
        State.NEEDS_MODEL: tr("needs a model"),
        State.NEEDS_KEY: tr("needs a key"),
        State.NOT_RUNNING: tr("not running"),
        State.NOT_SET_UP: tr("not set up"),
        State.UNAVAILABLE: tr("unavailable"),
    }[value]


def here(status: Status) -> str:
    """How a way on this machine stands: "ready · GPU", "needs a model"."""
    known = status.ready and status.device in ("cpu", *GPU_DEVICES)
    return " · ".join([state(status.state), wording.device(status.device)] if known else [state(status.state)])


def standing(backend: Backend, status: Status, price: float | None) -> str:
    """ "ready · GPU", "needs a key · about $0.011 a picture", "not running · free"."""
    if backend.remote is None:
        return here(status)
    if not backend.remote.charges:
        cost = tr("free")
    elif price is None:
        cost = tr("price unknown")
    else:
        cost = tr("about {money} a picture", money=wording.money(price))
    return f"{state(status.state)} · {cost}"


def suits(value: Suits) -> str:
    """Whom a way suits and what it costs, a line each; empty where it does not say."""
    lines = (
        tr("Good for: {what}", what=translated(value.good_for)) if value.good_for else "",
        tr("Costs: {what}", what=translated(value.costs)) if value.costs else "",
    )
    return "\n".join(filter(None, lines))


def mend(value: State) -> str:
    """The words of the button that leads to what is missing; empty where nothing is, or nothing can be had."""
    return {
        State.NEEDS_MODEL: tr("Get a model…"),
        State.NEEDS_KEY: tr("Enter a key…"),
        State.NOT_RUNNING: tr("Set it up…"),
        State.NOT_SET_UP: tr("Set it up…"),
    }.get(value, "")
