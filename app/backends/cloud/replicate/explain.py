"""What goes wrong at the service, in words for the user."""

from __future__ import annotations

import re

from app.backends.cloud.replicate.api import Refused, Unanswered
from app.core.errors import UserError
from app.core.message import message


def explain(error: Refused | Unanswered) -> UserError:
    """A failure of the service in words for the user."""
    if isinstance(error, Unanswered):
        return UserError(
            message("Replicate cannot be reached: {reason}.", reason=error.reason),
            message("Check the internet connection and try again."),
        )
    detail = sentence(error.detail) if error.detail else ""
    match error.status:
        case 401:
            return UserError(
                message("Replicate does not accept the key."),
                message("Check it in Settings, Cloud, or make a new one at replicate.com/account/api-tokens."),
            )
        case 402:
            return UserError(
                message("The Replicate account has no credit left."),
                message("Add credit at replicate.com/account/billing, wait some minutes and try again."),
            )
        case 403:
            return UserError(
                message("Replicate does not allow this to the key's account: {detail}", detail=detail)
                if detail
                else message("Replicate does not allow this to the key's account."),
                message("Use another key."),
            )
        case 404:
            return UserError(message("Replicate does not know this model any more."), message("Choose another model."))
        case 422:
            return UserError(
                message("Replicate refuses the request: {detail}", detail=detail)
                if detail
                else message("Replicate refuses the request."),
                message("Change what it names and try again."),
            )
        case 429:
            return UserError(
                message("Replicate takes no more pictures from this account now."),
                message("Try again in some minutes."),
            )
        case status if status >= 500:
            return UserError(
                message("Replicate has a problem of its own ({status}).", status=status),
                message("Try again in some minutes."),
            )
        case status:
            return UserError(
                message("Replicate refuses the request ({status}): {detail}", status=status, detail=detail)
                if detail
                else message("Replicate refuses the request ({status}).", status=status),
                message("Try again later."),
            )


def sentence(detail: str) -> str:
    """The service's own words as the end of a sentence. It lists wrong inputs as "- input.width: Must be ..."."""
    words = re.sub(r"(?:^|\s)- (?:input\.)?(?=\w+:)", " ", detail).strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def unclear(failure: Refused | Unanswered) -> UserError:
    """An order of which nobody knows whether it arrived."""
    return UserError(
        message(
            "It is not clear whether Replicate has started the picture ({reason}); it may have been charged.",
            reason=failure.reason,
        ),
        message(
            "Try again: the picture is looked for first, and only ordered anew where it is not found. "
            "replicate.com/predictions shows what was charged."
        ),
    )
