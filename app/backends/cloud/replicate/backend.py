"""The Replicate backend: what the window asks of it, and its jobs as streams of events."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.backends.base import (
    Account,
    Backend,
    Estimate,
    Group,
    Lost,
    Placement,
    Recovered,
    Remote,
    State,
    Status,
    Suits,
)
from app.backends.cloud.replicate.catalog import MODELS, CloudModel, cloud_model, work
from app.backends.cloud.replicate.pending import Pending
from app.backends.cloud.replicate.schema import InputSchema
from app.backends.cloud.replicate.tasks import Stopped, TaskGroup, TaskResult
from app.backends.cloud.replicate.timeouts import Timeouts
from app.core.capabilities import Capabilities
from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck, Event, Finished, Loading
from app.core.message import NOTHING, message
from app.core.request import GenerationRequest
from app.library import files, paths
from app.library.settings import Settings
from app.library.spending import Ledger

if TYPE_CHECKING:
    from app.backends.cloud.replicate.api import Api
    from app.backends.cloud.replicate.following import Delivery
    from app.backends.cloud.replicate.order import Order

log = logging.getLogger(__name__)

_DEVICE = "Replicate"
_KEY = re.compile(r"[!-~]{1,512}")
_OVERHEAD = 2.0
"""Seconds for ordering and fetching a picture."""


class ReplicateBackend(Backend):
    """Paints with the models of `catalog.MODELS` on Replicate's servers.

    Cloud pictures are not those of the local backends: the same seed gives another picture.

    Args:
        token: gives the API key, or None. It may raise UserError (a locked keychain).
        settings: "offline" is read.
        ledger: what pictures cost is written there.
        token_at_hand: as `token`, for `check`, which a window calls: it answers at once and asks no keychain.
        pending_file: the list of what is under way; by default in the app's home.
        timing: how long it waits for what.
    """

    id = "replicate"
    name = "Replicate"
    placement = Placement.ENGINE
    group = Group.CLOUD
    remote = Remote(message("The prompt and any start picture are sent to Replicate, which charges for each picture."))
    suits = Suits(
        message("Full Sana in seconds on any computer, with nothing to download."),
        message("A key, and about one cent a picture. Prompts are sent away."),
    )
    account = Account("replicate", "REPLICATE_API_TOKEN", "https://replicate.com/account/api-tokens")

    def __init__(
        self,
        token: Callable[[], str | None],
        settings: Settings,
        ledger: Ledger,
        *,
        cached_token: Callable[[], str | None] | None = None,
        pending_file: Path | None = None,
        timing: Timeouts | None = None,
    ) -> None:
        self._token = token
        self._cached_token = cached_token or token
        self._settings = settings
        self._ledger = ledger
        self._pending = Pending(pending_file or paths.home() / "cloud.json")
        self._timing = timing or Timeouts()
        self._schemas: dict[str, InputSchema] = {}

    def check(self) -> Status:
        if self._settings.get("offline"):
            return Status(
                State.UNAVAILABLE,
                message("The app works offline."),
                message("Allow connections in Settings, Models."),
                _DEVICE,
            )
        try:
            _checked_key(self._cached_token())
        except UserError as error:
            return Status(State.NEEDS_KEY, error.message, error.remedy, _DEVICE)
        return Status(
            State.READY, message("Prompts are sent to Replicate, which charges for each picture."), NOTHING, _DEVICE
        )

    def models(self) -> tuple[tuple[str, str], ...]:
        return tuple((model.id, model.name) for model in MODELS)

    def capabilities(self, model: str) -> Capabilities:
        """From the service's own description when it was last asked, else as in the catalog."""
        chosen = cloud_model(model)
        return self._schema(chosen).capabilities(chosen.name, chosen.multiple)

    def estimate(self, request: GenerationRequest) -> Estimate:
        """From the time that earlier pictures took, else from the service's own pages, and the hardware's price."""
        model = cloud_model(request.model)
        pace = self._ledger.seconds_per_work(model.id) or model.seconds_per_work
        seconds = pace * work(request)
        return Estimate(seconds=seconds + _OVERHEAD, cost=(model.cost(seconds) or 0.0) * request.count)

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Pictures run at the same time and are delivered in their order; a picture is crossed out of the list of
        what is under way when the next event is asked for. Pictures that were ordered for the same request before,
        but never delivered, are fetched instead of ordered. Where one fails, the others are delivered all the same.

        A generator that is closed before its end leaves everything under way as it is, for `recover`; `cancel` ends
        it at the service too.

        Raises:
            UserError: where a picture failed, after all others have ended.
        """
        model = cloud_model(request.model)
        key = self._key()
        yield Loading(message("Connecting to Replicate"))
        group: TaskGroup[Delivery | None] = TaskGroup(cancel, self._timing.heartbeat, self._timing.grace)
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

    def look_up(self, model: str, cancel: CancelCheck) -> bool:
        """Read the description of a model's latest version from the service; True where it is another now.

        Raises:
            UserError: there is no key, the service cannot be asked, or it does not offer the model.
            GenerationCancelled: `cancel` answered True.
        """
        chosen, before = cloud_model(model), self.capabilities(model)
        group: TaskGroup[Delivery | None] = TaskGroup(cancel, self._timing.heartbeat, self._timing.grace)
        order = self._order(self._key(), group)
        for news in group.run([partial(order.look_up, chosen)], at_end=order.end):
            if isinstance(news, TaskResult) and news.error is not None and not isinstance(news.error, Stopped):
                raise news.error
        return self.capabilities(model) != before

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
            group: TaskGroup[Delivery | None] = TaskGroup(lambda: False, self._timing.heartbeat, self._timing.grace)
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

    def check_token(self, token: str | None = None) -> str:
        """The name of the account that a key (default: the one in use) belongs to.

        Raises:
            UserError: there is no key, it is not accepted, or the service cannot be reached.
        """
        key = self._key(token)
        from app.backends.cloud.replicate.api import Refused, Unanswered
        from app.backends.cloud.replicate.explain import explain

        try:
            with self._open(key) as api:
                return api.account()
        except (Refused, Unanswered) as error:
            raise explain(error) from None

    def unload(self) -> None:
        """Nothing is held here."""

    def _key(self, token: str | None = None) -> str:
        return _checked_key(token if token is not None else self._token())

    def _check_online(self) -> None:
        if self._settings.get("offline"):
            raise UserError(message("The app works offline."), message("Allow connections in Settings, Models."))

    def _open(self, key: str) -> Api:
        self._check_online()
        from app.backends.cloud.replicate.api import Api

        return Api(key, connect=self._timing.connect, read=self._timing.read, lifetime=self._timing.deadline)

    def _order(self, key: str, group: TaskGroup[Delivery | None]) -> Order:
        from app.backends.cloud.replicate.order import Order

        return Order(self._open(key), group, self._pending, self._ledger, self._timing, self._remember)

    def _schema(self, model: CloudModel) -> InputSchema:
        if model.id not in self._schemas:
            self._schemas[model.id] = _read_schema(_schema_file(model)) or model.fallback()
        return self._schemas[model.id]

    def _remember(self, model: CloudModel, schema: InputSchema) -> None:
        if self._schema(model) == schema:
            return
        self._schemas[model.id] = schema
        try:
            files.replace_file(_schema_file(model), json.dumps(schema.to_json()).encode(), durable=False)
        except OSError as error:
            log.warning("The description of %s could not be kept: %s", model.id, error)


def _schema_file(model: CloudModel) -> Path:
    return paths.cache() / "replicate" / f"{model.id.replace('/', '--')}.json"


def _read_schema(path: Path) -> InputSchema | None:
    try:
        return InputSchema.from_json(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("%s cannot be used: %s", path.name, error)
        return None


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


def _checked_key(token: str | None) -> str:
    key = (token or "").strip()
    if not key:
        raise UserError(
            message("There is no key for Replicate."),
            message("Enter one in Settings, Cloud; replicate.com/account/api-tokens makes one."),
        )
    if not _KEY.fullmatch(key):  # it would fail later, in a message that shows it
        raise UserError(
            message("The key for Replicate contains characters that no key has."), message("Copy and enter it again.")
        )
    return key
