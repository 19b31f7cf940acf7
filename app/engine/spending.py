"""What pictures may cost: a monthly limit, and the user's consent to go beyond it."""

from __future__ import annotations

import math

from app.backends.base import Backend
from app.core.errors import UserError
from app.core.message import message
from app.core.request import GenerationRequest
from app.library.settings import Settings
from app.library.spending import Ledger

SPEND_UP_TO = "spend_up_to"
"""In a suggestion, beside changes to the request: US dollars that the user may agree to spend this month."""


def check_spending(
    backend: Backend, request: GenerationRequest, settings: Settings, ledger: Ledger, spend_up_to: float | None
) -> None:
    """Refuse pictures with which this month would cost more than the limit, or than the user agreed to.

    Raises:
        UserError: its suggestion is the sum to agree to.
    """
    if backend.remote is None or not backend.remote.charges:
        return
    limit = float(settings.get("cloud_monthly_limit"))
    limit = limit if spend_up_to is None else max(limit, spend_up_to)
    spent = ledger.this_month().cost
    known = backend.estimate(request).cost
    cost = known or 0.0
    if known is None and limit == 0:  # "Always ask"
        raise UserError(
            message("What this costs is not known, and you want to be asked before anything is spent."),
            message("Generate it anyway, or change the limit in Settings, Cloud."),
            {SPEND_UP_TO: math.floor(spent * 100 + 1) / 100},
        )
    if spent + cost <= limit:
        return
    agreed = math.ceil((spent + cost) * 100) / 100
    raise UserError(
        message(
            "This would cost about {cost}, and this month's limit for the cloud is {limit}; {spent} of it is spent.",
            cost=_dollars(cost),
            limit=_dollars(limit),
            spent=_dollars(spent),
        ),
        message(
            "Generate it anyway (up to ${agreed:.2f} this month), or raise the limit in Settings, Cloud.",
            agreed=agreed,
        ),
        {SPEND_UP_TO: agreed},
    )


def _dollars(sum_: float) -> str:
    if sum_ >= 0.1 or sum_ == 0:
        return f"${sum_:.2f}"
    return f"${sum_:.3f}" if sum_ >= 0.001 else "less than $0.001"
