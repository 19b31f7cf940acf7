"""One picture from the order to the pixels, whatever happens in between.

The rule that everything here serves: what may have been billed is written down first, is never ordered twice without
asking, and is crossed out only when its picture is safe or certainly lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.backends.cloud.following import Delivery, Following
from app.backends.cloud.pending import Entry, Pending
from app.backends.cloud.placing import Placing
from app.backends.cloud.service import CloudModel, Connection, Inputs, Service
from app.backends.cloud.tasks import Stopped, TaskGroup
from app.backends.cloud.timeouts import Timeouts
from app.core.request import GenerationRequest
from app.library.spending import Ledger

T = TypeVar("T")

_CLAIM_POLL_SECONDS = 0.2


class Order:
    """Pictures that are ordered, or fetched later, together. Its methods run in the threads of a group of tasks."""

    def __init__(
        self,
        api: Connection,
        service: Service,
        group: TaskGroup[Delivery | None],
        pending: Pending,
        ledger: Ledger,
        timing: Timeouts,
        remember: Callable[[CloudModel, Inputs], None],
    ) -> None:
        self._api = api
        self._group = group
        self._pending = pending
        self._placing = Placing(api, service, group, pending, timing, remember)
        self._following = Following(api, service, group, pending, ledger, timing)
        self._claimed: set[str] = set()  # keys of all entries that were ordered or claimed here

    def generate(self, model: CloudModel, request: GenerationRequest, picture: int) -> Delivery:
        """Order picture `picture` of a resolved request and wait for it. Where it was ordered before, but never
        delivered, that one is fetched instead.

        Raises:
            UserError: it cannot be had. Stopped: the task group was.
        """
        with self._placing.turn(picture):
            takes = self._placing.look_up(model)
            assert request.seed is not None, "the request is resolved"
            request = request.replace(seed=request.seed + picture, count=1)
            # What the model takes may have changed since it was shown.
            inputs = takes.of(model, request)
            while self._pending.claimed_elsewhere(request.model, inputs, own=self._claimed):
                self._group.wait(_CLAIM_POLL_SECONDS)  # what was just released is still on its way there
            entry = self._pending.claim(request.model, inputs)
            if entry is not None and not entry.prediction:
                entry = self._kept(entry, self._placing.find)
            if entry is None:
                entry = self._kept(Entry(request, takes.version, inputs), self._placing.place)
        return self._kept(entry, lambda entry: self._following.deliver(entry, picture))

    def look_up(self, model: CloudModel) -> None:
        """Have the model's description remembered. Raises as `generate`."""
        self._placing.look_up(model)

    def fetch_later(self, entry: Entry, picture: int) -> Delivery | None:
        """What became of a picture of an earlier run; None where it was never started, or was cancelled."""
        self._claimed.add(entry.key)
        if entry.cancelled and not self._api.finds and not entry.prediction:
            self._following.cancel(entry)
            return None
        if not entry.prediction:
            found = self._kept(entry, self._placing.find)
            if found is None:
                return None
            entry = found
        if entry.cancelled:
            self._following.cancel(entry)
            return None
        return self._kept(entry, lambda entry: self._following.deliver(entry, picture))

    def end(self) -> None:
        """All tasks have ended. What nobody took delivery of can be claimed by a later try."""
        self._api.close()
        for key in self._claimed:
            self._pending.release(key)

    def cancel_rest(self) -> None:
        """The user cancelled, and the tasks did not end in time: what they could not cancel is cancelled at the next
        start.
        """
        self._pending.mark_cancelled(self._claimed - self._following.succeeded)

    def _kept(self, entry: Entry, step: Callable[[Entry], T]) -> T:
        """Do a step with an entry; where it fails, the entry is released for a later try, or cancelled if the user
        cancelled the job.
        """
        self._claimed.add(entry.key)
        try:
            return step(entry)
        except Stopped:
            if self._group.was_cancelled and entry.key not in self._following.succeeded and entry in self._pending:
                self._following.cancel(entry)
            else:
                self._pending.release(entry.key)
            raise
        except BaseException:
            self._pending.release(entry.key)
            raise
