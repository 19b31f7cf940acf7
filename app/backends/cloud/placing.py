"""Placing an order: what the model takes, one picture at a time, and never twice where the answer got lost."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from app.backends.cloud.answers import Prediction, Refused, Unanswered
from app.backends.cloud.explain import answer_lost, explain, unclear
from app.backends.cloud.pending import Entry, Pending
from app.backends.cloud.service import CloudModel, Connection, Inputs, Service
from app.backends.cloud.tasks import TaskGroup
from app.backends.cloud.timeouts import Timeouts
from app.core.errors import UserError
from app.core.events import Loading
from app.core.message import message

log = logging.getLogger(__name__)

T = TypeVar("T")

_CLOCK_SLACK = 2.0
"""Seconds: the service's clock is known to one second."""
_SHORTEST_ADVICE = 1.0


class Placing:
    """Creates the predictions of one order. Its methods run in the threads of a group of tasks.

    Args:
        remember: called with what the service says that a model takes.
    """

    def __init__(
        self,
        api: Connection,
        service: Service,
        group: TaskGroup[Any],
        pending: Pending,
        timing: Timeouts,
        remember: Callable[[CloudModel, Inputs], None],
    ) -> None:
        self._api = api
        self._service = service
        self._name = service.name
        self._group = group
        self._pending = pending
        self._timing = timing
        self._remember = remember
        self._turns = threading.Condition()
        self._next = 0
        self._refusal: UserError | None = None  # what met one picture would meet all
        self._schema: Inputs | None = None

    @contextlib.contextmanager
    def turn(self, picture: int) -> Iterator[None]:
        """Pictures are ordered one at a time, which the rate limit is for, and in their order."""
        with self._turns:
            while self._next != picture:
                self._group.wait(0)
                self._turns.wait(0.1)
        try:
            yield
        finally:
            with self._turns:
                self._next += 1
                self._turns.notify_all()

    def look_up(self, model: CloudModel) -> Inputs:
        """What the latest version of the model takes; the service is asked once.

        Raises:
            UserError: there is none, or the service cannot be asked.
        """
        if self._refusal is not None:
            raise self._refusal
        if self._schema is None:
            try:
                self._schema = self._patiently(lambda: self._api.describe(model))
            except (Refused, Unanswered) as error:
                self._refusal = explain(error, self._service)
                raise self._refusal from None
            except ValueError as error:
                log.warning("The schema of %s: %s", model.id, error)
                self._refusal = UserError(
                    message(
                        "{service} does not offer {name} any more, or not in a way that this app understands.",
                        service=self._name,
                        name=model.name,
                    ),
                    message("Choose another model, or look for an update of the app."),
                )
                raise self._refusal from None
            self._remember(model, self._schema)
        return self._schema

    def place(self, entry: Entry) -> Entry:
        """Write the order down and create the prediction; the entry with its id."""
        pause, patience = self._timing.throttled, time.monotonic() + self._timing.throttle_patience
        while self._refusal is None:
            self._group.wait(0)
            entry = self._pending.add(dataclasses.replace(entry, since=self._api.now() - _CLOCK_SLACK))
            failure: Refused | Unanswered
            try:
                return self._placed(entry, self._api.create(entry))
            except (Refused, Unanswered) as error:
                failure = error
            if failure.unclear and not self._api.finds:
                self._pending.remove(entry)
                self._refusal = answer_lost(self._service, failure.reason)
                break
            if failure.unclear:
                found = self.find(entry, remove=False)
                if found is not None:
                    return found
                self._refusal = unclear(failure, self._service)
                break
            self._pending.remove(entry)
            if isinstance(failure, Refused) and failure.asks_to_wait and time.monotonic() < patience:
                self._wait_for_service(_advised(failure, pause))
                pause = min(2 * pause, self._timing.longest_throttled)
                continue
            self._refusal = explain(failure, self._service)
        raise self._refusal

    def find(self, entry: Entry, remove: bool = True) -> Entry | None:
        """The entry with the id of the prediction that came of it, None where none did (as far as can be seen).

        Raises:
            UserError: the service cannot be asked, or cannot tell. Where it cannot, the entry is crossed out.
        """
        if not self._api.finds:
            self._pending.remove(entry)
            raise answer_lost(self._service)
        self._group.report(Loading(message("Asking {service} whether the picture was started", service=self._name)))
        others = self._pending.predictions()
        failure: Refused | Unanswered | None = None
        for pause in self._timing.lookups:
            self._group.wait(pause)
            try:
                prediction = self._api.find(entry, others)
            except (Refused, Unanswered) as error:
                failure = error
                continue
            failure = None
            if prediction is not None:
                log.info("Found prediction %s, whose start was unclear", prediction.id)
                return self._placed(entry, prediction)
        if failure is not None:
            raise unclear(failure, self._service)
        if remove:
            self._pending.remove(entry)
        return None

    def _placed(self, entry: Entry, prediction: Prediction) -> Entry:
        return self._pending.change(entry, prediction=prediction.id, links=prediction.links)

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask again, a few times, what can be asked again."""
        for pause in self._timing.lookups:
            try:
                return ask()
            except Refused as error:
                if not error.passing:
                    raise
                self._wait_for_service(_advised(error, pause))
            except Unanswered:
                self._group.wait(pause)
        return ask()

    def _wait_for_service(self, seconds: float) -> None:
        """Wait, and say for how long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._group.report(
                Loading(
                    message(
                        "{service} is busy and asks to wait ({seconds} s)",
                        service=self._name,
                        seconds=math.ceil(left),
                    )
                )
            )
            self._group.wait(min(1.0, left))


def _advised(error: Refused, pause: float) -> float:
    """Seconds to wait before the next try: as the service says, but if that is next to nothing, `pause`."""
    advice = error.retry_after or 0.0
    return advice if advice >= _SHORTEST_ADVICE else max(advice, pause)
