"""What goes wrong with a ComfyUI server, in words for the user."""

from __future__ import annotations

from app.backends.base import State, Status
from app.backends.comfyui.offers import OLDEST, TooOld
from app.backends.comfyui.server import Refused, Unanswered
from app.core.errors import UserError
from app.core.message import message, plain


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
                message("Enter the headers that its proxy asks for in Settings, Backends."),
            )
        case Refused(status=403):
            return Status(
                State.NEEDS_KEY,
                message("The server at {address} refuses this app (error 403).", address=address),
                message("Enter the headers that its proxy asks for in Settings, Backends, or ask who runs it."),
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
                message("Correct the address in Settings, Backends."),
            )
        case Unanswered(connected=False):
            return Status(
                State.NOT_RUNNING,
                message("ComfyUI is not running at {address}.", address=address),
                message("Start it, or correct its address in Settings, Backends."),
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
    if isinstance(error, Refused) and error.status not in (401, 403, 407) and error.status < 500:
        return UserError(
            message("ComfyUI refused a request (error {status}).", status=error.status),
            plain(str(error.detail)[:300]) if isinstance(error.detail, str) else status.remedy,
        )
    return UserError(status.reason, status.remedy)
