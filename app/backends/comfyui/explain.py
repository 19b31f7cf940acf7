"""What goes wrong with a ComfyUI server, in words for the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.backends.base import State, Status
from app.backends.comfyui.offers import OLDEST, TooOld
from app.backends.comfyui.server import Refused, Unanswered
from app.core.errors import UserError
from app.core.events import Event, Loading, Progress, Stage
from app.core.message import message, plain

_MEMORY = re.compile(r"OutOfMemory|out of memory|not enough memory|can't allocate memory|cannot allocate memory", re.I)
"""On a processor it is a RuntimeError like any other, so its words count."""
_DOWNLOAD = re.compile(
    r"LocalEntryNotFound|ConnectError|ConnectionError|OfflineModeIsEnabled|couldn't connect to|MaxRetry"
)


def standing(error: Refused | Unanswered | TooOld, address: str) -> Status:
    """How a server stands that could not be asked what it has."""
    match error:
        case TooOld(version=version):
            return Status(
                State.UNAVAILABLE,
                message("ComfyUI {version} is too old.", version=version)
                if version
                else message("This ComfyUI is too old."),
                message("Update it to {oldest} or newer.", oldest=".".join(map(str, OLDEST))),
            )
        case Refused(status=401 | 407):
            return Status(
                State.NEEDS_KEY,
                message(
                    "The server at {address} asks who you are (error {status}).", address=address, status=error.status
                ),
                message("Enter the headers that its proxy asks for in Settings, ComfyUI."),
            )
        case Refused(status=403):
            return Status(
                State.NEEDS_KEY,
                message("The server at {address} refuses this app (error 403).", address=address),
                message("Enter the headers that its proxy asks for in Settings, ComfyUI, or ask who runs it."),
            )
        case Refused(status=status) if status >= 500:
            return Status(
                State.NOT_RUNNING,
                message("The server at {address} has a problem (error {status}).", address=address, status=status),
                message("Restart ComfyUI, and look at what it says in its window."),
            )
        case Refused() | Unanswered(strange=True):
            return Status(
                State.UNAVAILABLE,
                message("What answers at {address} is not ComfyUI.", address=address),
                message("Correct the address in Settings, ComfyUI."),
            )
        case Unanswered(connected=False):
            return Status(
                State.NOT_RUNNING,
                message("ComfyUI is not running at {address}.", address=address),
                message("Start it, or correct its address in Settings, ComfyUI."),
            )
        case _:
            return Status(
                State.NOT_RUNNING,
                message("ComfyUI at {address} cannot be asked: {reason}.", address=address, reason=error.reason),
                message("Look whether it runs, then try again."),
            )


def explained(error: Refused | Unanswered | TooOld, address: str) -> UserError:
    """The same as an error, for what was asked while it worked."""
    status = standing(error, address)
    if isinstance(error, Unanswered) and error.strange:
        return UserError(
            message("What ComfyUI at {address} says cannot be used: {reason}.", address=address, reason=error.reason),
            message("Try again; where that does not help, look for an update of the app."),
        )
    if isinstance(error, Refused) and error.status not in (401, 403, 407) and error.status < 500:
        return UserError(
            message("ComfyUI refused a request (error {status}).", status=error.status),
            plain(str(error.detail)[:300]) if isinstance(error.detail, str) else status.remedy,
        )
    return UserError(status.reason, status.remedy)


def doing(picture: int, node: str) -> Event | None:
    """What the server does at a node of this type, where that is worth a word."""
    name = node.lower()
    if "vaedecode" in name:
        return Progress(picture, 0, 1, stage=Stage.DECODE)
    if "loader" in name:
        return Loading(message("ComfyUI loads the model"))
    if "textencode" in name:
        return Loading(message("ComfyUI reads the prompt"))
    return None


def failed(data: Mapping[str, Any]) -> UserError:
    """What an `execution_error` says."""
    kind, words = str(data.get("exception_type") or ""), " ".join(str(data.get("exception_message") or "").split())
    if _MEMORY.search(f"{kind} {words}"):
        return OutOfMemory()
    if _DOWNLOAD.search(f"{kind} {words}"):
        return UserError(
            message("ComfyUI could not download what “{node}” needs.", node=str(data.get("node_type") or "")),
            message("Look whether it is online, or put the files into its folders by hand."),
        )
    return UserError(
        message(
            "ComfyUI failed at “{node}”: {reason}.",
            node=str(data.get("node_type") or "?"),
            reason=plain(words[:300].rstrip(" .") or kind or "?"),
        ),
        message("What it says in its window may tell more."),
    )


class OutOfMemory(UserError):  # noqa: N818
    """The server has too little memory."""

    def __init__(self) -> None:
        super().__init__(
            message("ComfyUI ran out of memory."),
            message("Choose a smaller size, or a smaller model."),
        )


def lost(address: str, *, restarted: bool, error: Refused | Unanswered | None = None) -> UserError:
    """A job that is nowhere, or a server that does not answer any more."""
    if error is not None:
        return UserError(
            message("ComfyUI at {address} does not answer any more: the job is lost.", address=address),
            message("Look whether it still runs, then try again."),
        )
    if restarted:
        return UserError(message("ComfyUI was restarted: the job is lost."), message("Try again."))
    return UserError(message("ComfyUI no longer has the job: it was taken out of its queue."), message("Try again."))
