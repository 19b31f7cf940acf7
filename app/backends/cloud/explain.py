"""What goes wrong at the service, in words for the user."""

from __future__ import annotations

import re

from app.backends.cloud.answers import Refused, Unanswered
from app.backends.cloud.service import Service
from app.core.errors import UserError
from app.core.message import NOTHING, Message, message


def explain(error: Refused | Unanswered, service: Service) -> UserError:
    """A failure of the service in words for the user."""
    if isinstance(error, Unanswered):
        return UserError(
            message("{service} cannot be reached: {reason}.", service=service.name, reason=error.reason),
            service.reach_advice or message("Check the internet connection and try again."),
        )
    name = service.name
    detail = sentence(error.detail) if error.detail else ""
    match error.status:
        case 401:
            return UserError(message("{service} does not accept the key.", service=name), service.key_advice)
        case 402:
            return UserError(
                message("The {service} account has no credit left.", service=name),
                service.credit_advice or message("Add credit, wait some minutes and try again."),
            )
        case 403:
            return UserError(
                message("{service} does not allow this to the key's account: {detail}", service=name, detail=detail)
                if detail
                else message("{service} does not allow this to the key's account.", service=name),
                message("Use another key."),
            )
        case 404:
            return UserError(
                message("{service} does not know this model any more.", service=name), message("Choose another model.")
            )
        case status if 300 <= status < 400:
            return UserError(
                message("{service} sends its requests on to another address.", service=name),
                message("Enter that address instead; the key does not follow by itself."),
            )
        case 400 | 422:
            return UserError(
                message("{service} refuses the request: {detail}", service=name, detail=detail)
                if detail
                else message("{service} refuses the request.", service=name),
                message("Change what it names and try again."),
            )
        case 429:
            return UserError(
                message("{service} takes no more pictures from this account now.", service=name),
                message("Try again in some minutes."),
            )
        case status if status >= 500:
            return UserError(
                message(
                    "{service} has a problem of its own ({status}): {detail}",
                    service=name,
                    status=status,
                    detail=detail,
                )
                if detail
                else message("{service} has a problem of its own ({status}).", service=name, status=status),
                message("Try again in some minutes."),
            )
        case status:
            return UserError(
                message(
                    "{service} refuses the request ({status}): {detail}", service=name, status=status, detail=detail
                )
                if detail
                else message("{service} refuses the request ({status}).", service=name, status=status),
                message("Try again later."),
            )


def sentence(detail: str) -> str:
    """The service's own words as the end of a sentence. It lists wrong inputs as "- input.width: Must be ..."."""
    words = re.sub(r"(?:^|\s)- (?:input\.)?(?=\w+:)", " ", detail).strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def unclear(failure: Refused | Unanswered, service: Service) -> UserError:
    """An order of which nobody knows yet whether it arrived."""
    return UserError(
        message(
            "It is not clear whether {service} has started the picture ({reason}); it may have been charged.",
            service=service.name,
            reason=failure.reason,
        ),
        message(
            "Try again: the picture is looked for first, and only ordered anew where it is not found. "
            "{page} shows what was charged.",
            page=service.charged_at,
        ),
    )


def answer_lost(service: Service, reason: Message = NOTHING) -> UserError:
    """An order of which nobody will ever know whether it arrived."""
    return UserError(
        message(
            "It is not clear whether {service} has made the picture ({reason}); it may have been charged.",
            service=service.name,
            reason=reason or message("its answer was lost"),
        ),
        message("Generate it again to order another one; that may be charged again."),
    )
