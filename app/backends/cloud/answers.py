"""What a service answers: a prediction as plain values, or one of two exceptions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.message import Message, message

SUCCEEDED, FAILED, CANCELED, ABORTED = "succeeded", "failed", "canceled", "aborted"
STARTING, PROCESSING = "starting", "processing"
_FILTERS = (
    "content_policy", "content policy", "content_filter", "content filter", "content checker", "moderation",
    "safety", "nsfw", "flagged",
)  # fmt: skip
ENDED = frozenset({SUCCEEDED, FAILED, CANCELED, ABORTED})


class Refused(Exception):  # noqa: N818 - an answer, and often no error of anybody
    """The service answered with an HTTP status that is no success.

    Attributes:
        status: the HTTP status.
        detail: the service's own words, one line.
        code: what it says beside its words for programs, such as "content_policy_violation seed".
        retry_after: seconds to wait before the next try, where the service named them.
        nothing_came: nothing came of what was asked for, whatever the status suggests.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        retry_after: float | None = None,
        *,
        code: str = "",
        nothing_came: bool = False,
    ) -> None:
        super().__init__(f"{status} {detail}".strip())
        self.status = status
        self.detail = detail
        self.code = code
        self.retry_after = retry_after
        self.nothing_came = nothing_came

    @property
    def filtered(self) -> bool:
        """Whether a filter of contents seems to be the reason."""
        told = f"{self.detail} {self.code}".lower()
        return self.status in (400, 403, 422) and any(word in told for word in _FILTERS)

    @property
    def reason(self) -> Message:
        return message("error {status}", status=self.status)

    @property
    def passing(self) -> bool:
        """Whether the same question may well be answered a little later."""
        return self.status == 429 or self.status >= 500

    @property
    def asks_to_wait(self) -> bool:
        """Whether an order was not taken, and may be made again after a while."""
        return self.status == 429 or (self.nothing_came and self.retry_after is not None)

    @property
    def unclear(self) -> bool:
        """Whether an order may have been taken all the same."""
        return not self.nothing_came and (self.status >= 500 or self.status == 408)


class Unanswered(Exception):  # noqa: N818
    """No answer came, or none that makes sense. `sent` is False where the request has certainly not arrived."""

    def __init__(self, reason: Message, sent: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent

    @property
    def unclear(self) -> bool:
        """Whether an order may have been taken all the same."""
        return self.sent


@dataclass(frozen=True, slots=True)
class Prediction:
    """A picture that a service makes, as the service shows it.

    Attributes:
        id: its id there.
        status: one of the words above; "aborted" where the service gave it up.
        output: an address, a list of such, or what else the service gives; a picture itself as bytes.
        error: why it failed, one line.
        logs: what the service tells of its progress.
        predict_time: seconds of computing, which is what some services bill.
        created: in unix seconds of the service's clock; 0 where it is not known.
        version: of the model.
        removed: its output was deleted.
        filtered: the service's filter took the picture away.
        links: further addresses of it at the service, to be written down with its id.
    """

    id: str
    status: str
    output: Any = None
    error: str = ""
    logs: str = ""
    predict_time: float | None = None
    created: float = 0.0
    version: str = ""
    removed: bool = False
    filtered: bool = False
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        return self.status in ENDED


def parsed(body: bytes) -> Any:
    """A body as JSON; None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def detail_of(problem: Mapping[str, Any]) -> str:
    """What an answer says is wrong; empty where it says nothing."""
    detail = next((problem[name] for name in ("detail", "title", "error", "message") if problem.get(name)), "")
    if isinstance(detail, dict):
        detail = detail_of(detail) or json.dumps(detail)
    if isinstance(detail, list):  # a validation report of the model itself
        detail = "; ".join(_item(item) for item in detail)
    return str(detail)


def code_of(problem: Mapping[str, Any]) -> str:
    """What an answer says for programs: codes, types and the names of fields."""
    error, details = problem.get("error"), problem.get("detail")
    places = [problem, error, *(details if isinstance(details, list) else [])]
    words = [place.get(name) for place in places if isinstance(place, dict) for name in ("code", "type", "param")]
    return " ".join(word for word in words if isinstance(word, str))[:300]


def one_line(text: str, longest: int = 300) -> str:
    """A foreign text that is fit for a message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _item(item: Any) -> str:
    """An item of a validation report, with the name of what it is about."""
    if not isinstance(item, dict):
        return str(item)
    place = item.get("loc")
    about = f"{place[-1]}: " if isinstance(place, list) and place and isinstance(place[-1], str) else ""
    return f"{about}{item.get('msg', item)}"
