"""What goes wrong at the service, in words for the user."""

from __future__ import annotations

import re

from app.backends.cloud.replicate.api import Refused, Unanswered
from app.core.errors import UserError


def explain(error: Refused | Unanswered) -> UserError:
    """A failure of the service in words for the user."""
    if isinstance(error, Unanswered):
        return UserError(f"Replicate cannot be reached ({error}).", "Check the internet connection and try again.")
    detail = f": {sentence(error.detail)}" if error.detail else "."
    match error.status:
        case 401:
            return UserError(
                "Replicate does not accept the key.",
                "Check it in Settings, Cloud, or make a new one at replicate.com/account/api-tokens.",
            )
        case 402:
            return UserError(
                "The Replicate account has no credit left.",
                "Add credit at replicate.com/account/billing, wait some minutes and try again.",
            )
        case 403:
            return UserError(f"Replicate does not allow this to the key's account{detail}", "Use another key.")
        case 404:
            return UserError("Replicate does not know this model any more.", "Choose another model.")
        case 422:
            return UserError(f"Replicate refuses the request{detail}", "Change what it names and try again.")
        case 429:
            return UserError("Replicate takes no more pictures from this account now.", "Try again in some minutes.")
        case status if status >= 500:
            return UserError(f"Replicate has a problem of its own ({status}).", "Try again in some minutes.")
        case status:
            return UserError(f"Replicate refuses the request ({status}){detail}", "Try again later.")


def sentence(detail: str) -> str:
    """The service's own words as the end of a sentence. It lists wrong inputs as "- input.width: Must be ..."."""
    words = re.sub(r"(?:^|\s)- (?:input\.)?(?=\w+:)", " ", detail).strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def unclear(failure: Refused | Unanswered) -> UserError:
    """An order of which nobody knows whether it arrived."""
    return UserError(
        f"It is not clear whether Replicate has started the picture ({failure}); it may have been charged.",
        "Try again: the picture is looked for first, and only ordered anew where it is not found. "
        "replicate.com/predictions shows what was charged.",
    )
