"""What the backends of all services share: their jobs as streams of events, and what was left behind."""

from __future__ import annotations

import logging
import re
from abc import abstractmethod
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.backends.base import Backend, Estimate, Lost, Placement, Recovered, State, Status
from app.backends.cloud.pending import Pending
from app.backends.cloud.service import CloudModel, Service, work
from app.backends.cloud.tasks import Stopped, TaskGroup, TaskResult
from app.backends.cloud.timeouts import Timeouts
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck, Event, Finished, Loading
from app.core.message import NOTHING, Message, message
from app.core.request import GenerationRequest
from app.library.settings import Settings
from app.library.spending import Ledger

if TYPE_CHECKING:
    from app.backends.cloud.following import Delivery
    from app.backends.cloud.order import Order
    from app.backends.cloud.service import Connection

log = logging.getLogger(__name__)

_KEY = re.compile(r"[!-~]{1,512}")
_OVERHEAD = 2.0
"""Seconds for ordering and fetching a picture."""


class CloudBackend(Backend):
    """Generates at a service. Cloud pictures are not those of the local backends: the same seed gives another picture.

    Args:
        service: what is to be known of it.
        token: gives the API key, or None. It may raise UserError (a locked keychain).
        settings: "offline" is read.
        ledger: what pictures cost is written there.
        pending_file: the list of what is under way.
        cached_token: as `token`, for `check`, which a window calls: it answers at once and asks no keychain.
        timing: how long it waits for what.
    """

    placement = Placement.ENGINE
    id: str
    name: str

    def __init__(
        self,
        service: Service,
        token: Callable[[], str | None],
        settings: Settings,
        ledger: Ledger,
        pending_file: Path,
        *,
        cached_token: Callable[[], str | None] | None = None,
        timing: Timeouts | None = None,
    ) -> None:
        self.id, self.name = service.id, service.name
        self._service = service
        self._token = token
        self._cached_token = cached_token or token
        self._settings = settings
        self._ledger = ledger
        self._pending = Pending(pending_file)
        self._timing = timing or Timeouts()

    @abstractmethod
    def _connect(self, key: str, stopping: Callable[[], bool]) -> Connection:
        """A connection with this key; `stopping` tells when nobody waits for its answers any more."""

    @abstractmethod
    def _remember(self, model: Any, inputs: Any) -> None:
        """Keep what a model takes today, as its connection has just described it."""

    @property
    @abstractmethod
    def _sends(self) -> Message:
        """That prompts are sent away, and what that costs; one sentence."""

    def _needs_key(self) -> bool:
        return True

    def _check_online(self) -> None:
        if self._settings.get("offline"):
            raise UserError(message("The app works offline."), message("Allow connections in Settings, Models."))

    def check(self) -> Status:
        try:
            self._check_online()
        except UserError as error:
            return Status(State.UNAVAILABLE, error.message, error.remedy, self.name)
        try:
            self._checked_key(self._cached_token())
        except UserError as error:
            return Status(State.NEEDS_KEY, error.message, error.remedy, self.name)
        return Status(State.READY, self._sends, NOTHING, self.name)

    def estimate(self, request: GenerationRequest) -> Estimate:
        """From the time that earlier pictures took, else from what is known of the model, and its price."""
        model = self._service.model(request.model)
        pace = self._ledger.seconds_per_work(self._service.measured_as(model)) or model.seconds_per_work
        seconds = None if pace is None else pace * work(request)
        cost = model.cost(request, seconds)
        return Estimate(
            seconds=None if seconds is None else seconds + _OVERHEAD,
            cost=None if cost is None else cost * request.count,
        )

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Pictures run at the same time and are delivered in their order; a picture is crossed out of the list of
        what is under way when the next event is asked for. Pictures that were ordered for the same request before,
        but never delivered, are fetched instead of ordered. Where one fails, the others are delivered all the same.

        A generator that is closed before its end leaves everything under way as it is, for `recover`; `cancel` ends
        it at the service too.

        Raises:
            UserError: where a picture failed, after all others have ended.
        """
        model = self._service.model(request.model)
        key = self._key()
        yield Loading(message("Connecting to {service}", service=self.name))
        group = self._group(cancel)
        order = self._order(key, group)

        tasks = [partial(order.generate, model, request, picture) for picture in range(request.count)]
        failure: TaskResult[Delivery | None] | None = None
        try:
            for news in group.run(tasks, at_end=order.end):
                if not isinstance(news, TaskResult):
                    yield news
                elif news.value is not None:
                    entry, generated = news.value
                    yield generated
                    self._pending.remove(entry)
                elif not isinstance(news.error, Stopped):
                    failure = failure or news
        except GenerationCancelled:
            order.cancel_rest()
            raise
        if failure is not None:
            raise _numbered(failure, request.count)
        yield Finished()

    def recover(self, cancel: CancelCheck) -> Iterator[Recovered | Lost]:
        """Fetch the pictures of earlier runs that were under way when the app ended, as they are ready, and cancel
        those that were not wanted any more.

        What cannot be asked for now (no key, no connection) stays for the next time. Where there is nothing to fetch
        it yields nothing and connects nowhere. A picture is crossed out when the next one is asked for. When `cancel`
        answers True it stops; what is under way goes on at the service.
        """
        if not self._pending.any_unclaimed():
            return
        try:
            group = self._group(lambda: False)
            order = self._order(self._key(), group)
        except UserError as error:
            log.info("Earlier pictures are not fetched: %s", error)
            return
        entries = self._pending.claim_all()
        tasks = [partial(order.fetch_later, entry, picture) for picture, entry in enumerate(entries)]
        for news in group.run(tasks, at_end=order.end, in_order=False):
            if cancel():
                return
            if not isinstance(news, TaskResult):
                continue
            entry = entries[news.number]
            if news.value is not None:
                yield Recovered(entry.request, news.value[1])
                self._pending.remove(entry)
            elif isinstance(news.error, UserError) and entry not in self._pending:
                yield Lost(entry.request, news.error.message, news.error.remedy)
            elif isinstance(news.error, UserError):
                log.info("A picture of an earlier run is left for later: %s", news.error.message)
            elif news.error is not None:
                log.error("A picture of an earlier run could not be fetched", exc_info=news.error)

    def unfinished_seed(self, request: GenerationRequest) -> int | None:
        return self._pending.unfinished_seed(request)

    def unload(self) -> None:
        """Nothing is held here."""

    def _described(self, model: CloudModel, cancel: CancelCheck) -> None:
        """Have what a model takes today remembered.

        Raises:
            UserError: there is no key, the service cannot be asked, or it does not offer the model.
            GenerationCancelled: `cancel` answered True.
        """
        group = self._group(cancel)
        order = self._order(self._key(), group)
        for news in group.run([partial(order.look_up, model)], at_end=order.end):
            if isinstance(news, TaskResult) and news.error is not None and not isinstance(news.error, Stopped):
                raise news.error

    def _group(self, cancel: CancelCheck) -> TaskGroup[Delivery | None]:
        return TaskGroup(self.name, cancel, self._timing.heartbeat, self._timing.grace)

    def _order(self, key: str, group: TaskGroup[Delivery | None]) -> Order:
        from app.backends.cloud.order import Order

        return Order(
            self._open(key, group.stopping), self._service, group, self._pending, self._ledger, self._timing,
            self._remember,
        )  # fmt: skip

    def _open(self, key: str, stopping: Callable[[], bool] = lambda: False) -> Connection:
        self._check_online()
        return self._connect(key, stopping)

    def _key(self, token: str | None = None) -> str:
        return self._checked_key(token if token is not None else self._token())

    def _checked_key(self, token: str | None) -> str:
        key = (token or "").strip()
        if not key and not self._needs_key():
            return ""
        if not key:
            raise UserError(message("There is no key for {service}.", service=self.name), self._service.missing_key)
        if not _KEY.fullmatch(key):  # it would fail later, in a message that shows it
            raise UserError(
                message("The key for {service} contains characters that no key has.", service=self.name),
                message("Copy and enter it again."),
            )
        return key


def _numbered(failure: TaskResult[Delivery | None], count: int) -> Exception:
    """What the first picture that failed raised, with its number where there are several."""
    error = failure.error
    assert error is not None, "a task without a value has raised"
    if count == 1 or not isinstance(error, UserError):
        return error
    return UserError(
        message(
            "Picture {number} of {count}: {problem}", number=failure.number + 1, count=count, problem=error.message
        ),
        error.remedy,
        error.suggestion,
    )
