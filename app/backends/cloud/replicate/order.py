"""One picture at Replicate from the order to the pixels, whatever happens in between.

The rule that everything here serves: what may have been billed is written down first, is never ordered twice without
asking, and is crossed out only when its picture is safe or certainly lost.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import NoReturn, TypeVar

from app.backends.cloud.replicate.api import ABORTED, Api, Prediction, Refused, Unanswered, one_line
from app.backends.cloud.replicate.catalog import CloudModel, cloud_model, work
from app.backends.cloud.replicate.output import PictureBroken, PictureGone, PictureTooLarge, address, decode, download
from app.backends.cloud.replicate.pending import Entry, Pending
from app.backends.cloud.replicate.schema import InputSchema
from app.backends.cloud.replicate.tasks import Stopped, TaskGroup
from app.backends.cloud.replicate.timeouts import Timeouts
from app.core.errors import UserError
from app.core.events import Generated, Loading, Pixels, Progress
from app.core.request import GenerationRequest
from app.library.spending import Ledger

log = logging.getLogger(__name__)

T = TypeVar("T")

Delivery = tuple[Entry, Generated]
"""A finished picture, and the entry to cross out once it is safe."""

_OTHER_HANDS = 0.2
_KEPT_SECONDS = 3600.0
"""So long the service keeps what it has made."""
_CLOCK_SLACK = 2.0
"""Seconds: the service's clock is known to one second."""
_SHORTEST_ADVICE = 1.0
_COUNT = re.compile(r"(?<![\d/.])(\d{1,4})\s*/\s*(\d{1,4})(?![\d/.])")
_PERCENT = re.compile(r"(?<![\d.])(\d{1,3})\s*%")


class Order:
    """Pictures that are ordered, or fetched later, together. Its methods run in the threads of a group of tasks."""

    def __init__(
        self,
        api: Api,
        group: TaskGroup[Delivery | None],
        pending: Pending,
        ledger: Ledger,
        timing: Timeouts,
        remember: Callable[[CloudModel, InputSchema], None],
    ) -> None:
        self._api = api
        self._group = group
        self._pending = pending
        self._ledger = ledger
        self._timing = timing
        self._remember = remember
        self._turns = threading.Condition()
        self._next = 0
        self._refusal: UserError | None = None  # what met one picture would meet all
        self._schema: InputSchema | None = None
        self._taken: set[str] = set()  # keys of all entries that were ordered or adopted here
        self._succeeded: set[str] = set()  # keys of those that are paid for, and so are fetched in any case

    def paint(self, model: CloudModel, request: GenerationRequest, picture: int) -> Delivery:
        """Order picture `picture` of a resolved request and wait for it. Where it was ordered before, but never
        delivered, that one is fetched instead.

        Raises:
            UserError: it cannot be had. Stopped: the task group was.
        """
        with self._turn(picture):
            schema = self._look_up_model(model)
            assert request.seed is not None, "the request is resolved"
            request = request.replace(seed=request.seed + picture, count=1)
            # What the model takes may have changed since it was shown.
            inputs = schema.inputs(schema.capabilities(model.name).resolve(schema.fitted(request)))
            while self._pending.in_other_hands(request.model, inputs, own=self._taken):
                self._group.wait(_OTHER_HANDS)  # what was just let go of is still on its way there
            entry = self._pending.claim(request.model, inputs)
            if entry is not None and not entry.prediction:
                entry = self._kept(entry, self._found)
            if entry is None:
                entry = self._kept(Entry(request, schema.version, inputs), self._place)
        return self._kept(entry, lambda entry: self._deliver(entry, picture))

    def look_up(self, model: CloudModel) -> None:
        """Have the model's description remembered. Raises as `paint`."""
        self._look_up_model(model)

    def fetch_later(self, entry: Entry, picture: int) -> Delivery | None:
        """What became of a picture of an earlier run; None where it was never started, or was not wanted any more."""
        self._taken.add(entry.key)
        if not entry.prediction:
            found = self._kept(entry, self._found)
            if found is None:
                return None
            entry = found
        if entry.unwanted:
            self._call_off(entry)
            return None
        return self._kept(entry, lambda entry: self._deliver(entry, picture))

    def end(self) -> None:
        """All tasks have ended. What nobody took delivery of is free for a later try."""
        self._api.close()
        for key in self._taken:
            self._pending.release(key)

    def give_up(self) -> None:
        """The user does not want any of it, and the tasks did not end in time: what they could not call off is called
        off at the next start.
        """
        self._pending.give_up(self._taken - self._succeeded)

    @contextlib.contextmanager
    def _turn(self, picture: int) -> Iterator[None]:
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

    def _look_up_model(self, model: CloudModel) -> InputSchema:
        """What the latest version of the model takes; the service is asked once.

        Raises:
            UserError: there is none, or the service cannot be asked.
        """
        if self._refusal is not None:
            raise self._refusal
        if self._schema is None:
            try:
                self._schema = InputSchema.parse(*self._patiently(lambda: self._api.model(model.id)))
            except (Refused, Unanswered) as error:
                self._refusal = explain(error)
                raise self._refusal from None
            except ValueError as error:
                log.warning("The schema of %s: %s", model.id, error)
                self._refusal = UserError(
                    f"Replicate does not offer {model.name} any more, or not in a way that this app understands.",
                    "Choose another model, or look for an update of the app.",
                )
                raise self._refusal from None
            self._remember(model, self._schema)
        return self._schema

    def _kept(self, entry: Entry, step: Callable[[Entry], T]) -> T:
        """Do a step with an entry; where it fails, the entry is let go for a later try, or called off by the user."""
        self._taken.add(entry.key)
        try:
            return step(entry)
        except Stopped:
            if self._group.unwanted and entry.key not in self._succeeded and entry in self._pending:
                self._call_off(entry)
            else:
                self._pending.release(entry.key)
            raise
        except BaseException:
            self._pending.release(entry.key)
            raise

    def _place(self, entry: Entry) -> Entry:
        """Write the order down and create the prediction; the entry with its id."""
        pause, patience = self._timing.throttled, time.monotonic() + self._timing.throttle_patience
        while self._refusal is None:
            self._group.wait(0)
            entry = self._pending.add(dataclasses.replace(entry, since=self._api.now() - _CLOCK_SLACK))
            failure: Refused | Unanswered
            try:
                prediction = self._api.create(entry.version, entry.inputs)
                return self._pending.change(entry, prediction=prediction.id)
            except Refused as error:
                failure, unclear = error, error.status >= 500 or error.status == 408
            except Unanswered as error:
                failure, unclear = error, error.sent
            if unclear:
                found = self._found(entry, remove=False)
                if found is not None:
                    return found
                self._refusal = _unclear(failure)
                break
            self._pending.remove(entry)
            if isinstance(failure, Refused) and failure.status == 429 and time.monotonic() < patience:
                self._wait_aloud(_advised(failure, pause))
                pause = min(2 * pause, self._timing.longest_throttled)
                continue
            self._refusal = explain(failure)
        raise self._refusal

    def _found(self, entry: Entry, remove: bool = True) -> Entry | None:
        """The entry with the id of the prediction that came of it, None where none did (as far as can be seen).

        Raises:
            UserError: the service cannot be asked.
        """
        self._group.report(Loading("Asking Replicate whether the picture was started"))
        known = self._pending.predictions()
        failure: Refused | Unanswered | None = None
        for pause in self._timing.lookups:
            self._group.wait(pause)
            try:
                prediction = self._api.find(entry.version, entry.inputs, entry.since, known)
            except (Refused, Unanswered) as error:
                failure = error
                continue
            failure = None
            if prediction is not None:
                log.info("Found prediction %s, whose start was unclear", prediction.id)
                return self._pending.change(entry, prediction=prediction.id)
        if failure is not None:
            raise _unclear(failure)
        if remove:
            self._pending.remove(entry)
        return None

    def _deliver(self, entry: Entry, picture: int) -> Delivery:
        began = time.monotonic()
        prediction = self._follow(entry, picture)
        pixels = self._fetch(entry, prediction)
        model = cloud_model(entry.request.model)
        facts = {
            "seconds": round(time.monotonic() - began, 3),
            "peak_memory_bytes": None,
            "backend": "replicate",
            "device": "Replicate",
            "precision": "server",
            "model": model.name,
            "prediction": prediction.id,
            "version": prediction.version or entry.version,
            "predict_time": prediction.predict_time,
            "cost": model.cost(prediction.predict_time),
        }
        height, width = pixels.shape[:2]
        if (width, height) != (entry.request.width, entry.request.height):
            facts["note"] = f"Replicate made a picture of {width} × {height} pixels."
        seed = entry.request.seed
        assert seed is not None, "a request in the list is resolved"
        return entry, Generated(picture, pixels, seed, facts)

    def _follow(self, entry: Entry, picture: int) -> Prediction:
        """Wait until the prediction has succeeded.

        Raises:
            UserError: it ended otherwise, or it takes too long, or the service is silent.
        """
        began = answered = time.monotonic()
        missing: float | None = None
        pause = self._timing.poll
        while True:
            self._group.wait(pause)
            pause = min(pause * self._timing.poll_growth, self._timing.slowest_poll)
            try:
                prediction = self._api.get(entry.prediction)
            except Refused as error:
                if error.status == 404:
                    missing = missing if missing is not None else time.monotonic()
                    if self._is_old(entry) or time.monotonic() - missing > self._timing.missing:
                        self._forget(entry)
                elif not error.passing:
                    raise explain(error) from None
                pause = max(pause, error.retry_after or 0.0)
            except Unanswered as error:
                log.info("No answer about prediction %s: %s", entry.prediction, error)
            else:
                answered, missing = time.monotonic(), None
                if prediction.ended:
                    self._settle(entry, prediction)
                    return prediction
                self._report(prediction, entry, picture, answered - began)
            if time.monotonic() - answered > self._timing.silence:
                raise UserError(
                    "Replicate does not answer any more.",
                    "Check the internet connection and try again: the picture goes on there, and is fetched without "
                    "being charged again.",
                )
            if time.monotonic() - began > self._timing.deadline:
                paid = self._call_off(entry)
                minutes = f"{self._timing.deadline / 60:.0f}"
                raise UserError(
                    f"Replicate did not finish the picture within {minutes} minutes.",
                    "Try again: it has just become ready." if paid else "It was cancelled; try again later.",
                )

    def _is_old(self, entry: Entry) -> bool:
        """Whether the service may have deleted what it made."""
        return self._api.now() - entry.since > _KEPT_SECONDS

    def _forget(self, entry: Entry) -> NoReturn:
        """Cross out what the service does not know any more, and say so."""
        self._pending.remove(entry)
        if self._is_old(entry):
            raise PictureGone
        raise UserError(
            "Replicate does not know the picture any more.", "Paint it again; that may be charged again."
        )  # fmt: skip

    def _settle(self, entry: Entry, prediction: Prediction) -> None:
        """Count what an ended prediction cost. Raises UserError where it did not succeed."""
        self._bill(entry, prediction)
        if prediction.status == "succeeded":
            self._succeeded.add(entry.key)
            return
        self._pending.remove(entry)
        if prediction.status == "failed":
            raise UserError(
                f"Replicate could not paint the picture: {_sentence(prediction.error or 'it gave no reason')}",
                "Try again, or change the prompt or the size.",
            )
        if prediction.status == "canceled":
            raise UserError("The picture was cancelled at Replicate.", "Try again.")
        raise UserError(
            "Replicate was too busy to start the picture and gave it up; it was not charged.", "Try again later."
        )

    def _bill(self, entry: Entry, prediction: Prediction) -> None:
        """Count what an ended prediction cost; where the service does not tell the time of a picture, what such a
        picture usually takes.
        """
        model, generated = cloud_model(entry.request.model), prediction.status == "succeeded"
        amount = work(entry.request) if generated else 0.0  # no measure of speed otherwise
        seconds = prediction.predict_time
        if seconds is None and generated:
            seconds, amount = amount * (self._ledger.seconds_per_work(model.id) or model.seconds_per_work), 0.0
        if prediction.ended and prediction.status != ABORTED and seconds:
            self._ledger.add(
                prediction.id, model.cost(seconds) or 0.0, pictures=int(generated), model=model.id, seconds=seconds,
                work=amount,
            )  # fmt: skip

    def _fetch(self, entry: Entry, prediction: Prediction) -> Pixels:
        def stopping() -> bool:
            return self._group.stopping() and not self._group.unwanted  # a cancelled job keeps what is finished

        pauses = iter(self._timing.download_pauses)
        while True:
            try:
                uri = address(prediction.output)
                return decode(
                    download(
                        uri,
                        plain_http=self._api.plain_http,
                        stopping=stopping,
                        connect=self._timing.connect,
                        read=self._timing.read,
                    )
                )
            except PictureGone:
                self._pending.remove(entry)
                raise
            except PictureBroken as error:
                log.info("Prediction %s: %s", prediction.id, error.message)
                pause = next(pauses, None)
                if self._is_old(entry):
                    self._forget(entry)
                if pause is None or isinstance(error, PictureTooLarge):
                    raise
                self._group.wait(pause)

    def _call_off(self, entry: Entry) -> bool:
        """Cancel at the service too; where that fails now, it is done at the next start.

        Returns:
            Whether it is too late: the picture is paid for, and can be fetched.
        """
        entry, paid = self._pending.change(entry, unwanted=True), False
        try:
            prediction = self._cancelled(entry.prediction) if entry.prediction else None
        except Refused as error:
            if not error.passing and error.status != 401:
                self._pending.remove(entry)
        except Unanswered as error:
            log.info("Prediction %s could not be cancelled: %s", entry.prediction, error)
        else:
            if prediction is not None and prediction.ended:
                self._bill(entry, prediction)
                paid = prediction.status == "succeeded"
                if paid:
                    entry = self._pending.change(entry, unwanted=False)
                else:
                    self._pending.remove(entry)
        self._pending.release(entry.key)
        return paid

    def _cancelled(self, name: str) -> Prediction:
        """A prediction after it was cancelled; the service may take a moment to end it."""
        prediction = self._api.cancel(name)
        for pause in self._timing.cancel_pauses:
            if prediction.ended:
                break
            time.sleep(pause)  # the task group waits for nobody any more
            prediction = self._api.get(name)
        return prediction

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask again, a few times, what can be asked again."""
        for pause in self._timing.lookups:
            try:
                return ask()
            except Refused as error:
                if not error.passing:
                    raise
                self._wait_aloud(_advised(error, pause))
            except Unanswered:
                self._group.wait(pause)
        return ask()

    def _wait_aloud(self, seconds: float) -> None:
        """Wait, and say for how long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._group.report(Loading(f"Replicate is busy and asks to wait ({math.ceil(left)} s)"))
            self._group.wait(min(1.0, left))

    def _report(self, prediction: Prediction, entry: Entry, picture: int, seconds: float) -> None:
        step = progress(prediction.logs, entry.request.steps or 0) if prediction.status == "processing" else None
        if step is not None:
            self._group.report(Progress(picture, *step))
        elif prediction.status == "starting":
            self._group.report(Loading(f"Waiting for Replicate ({seconds:.0f} s)"))
        else:
            doing = one_line(re.split(r"[\r\n]+", prediction.logs.strip())[-1], longest=80)
            self._group.report(Loading(f"Replicate is painting: {doing}" if doing else "Replicate is painting"))


def progress(logs: str, steps: int) -> tuple[int, int] | None:
    """The newest (step, of steps) that a log tells: "12/20", or "60%" of `steps`; None where it tells nothing."""
    for line in reversed(re.split(r"[\r\n]+", logs[-4096:])):
        for done, total in _COUNT.findall(line):
            if int(total) > 0 and int(done) <= int(total):
                return int(done), int(total)
        percent = _PERCENT.search(line)
        if percent and steps and int(percent.group(1)) <= 100:
            return round(int(percent.group(1)) * steps / 100), steps
    return None


def _advised(error: Refused, pause: float) -> float:
    """Seconds to wait before the next try: as the service says, but if that is next to nothing, `pause`."""
    advice = error.retry_after or 0.0
    return advice if advice >= _SHORTEST_ADVICE else max(advice, pause)


def explain(error: Refused | Unanswered) -> UserError:
    """A failure of the service in words for the user."""
    if isinstance(error, Unanswered):
        return UserError(f"Replicate cannot be reached ({error}).", "Check the internet connection and try again.")
    detail = f": {_sentence(error.detail)}" if error.detail else "."
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


def _sentence(detail: str) -> str:
    """The service's own words as the end of a sentence. It lists wrong inputs as "- input.width: Must be ..."."""
    words = re.sub(r"(?:^|\s)- (?:input\.)?(?=\w+:)", " ", detail).strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _unclear(failure: Refused | Unanswered) -> UserError:
    return UserError(
        f"It is not clear whether Replicate has started the picture ({failure}); it may have been charged.",
        "Try again: the picture is looked for first, and only ordered anew where it is not found. "
        "replicate.com/predictions shows what was charged.",
    )
