"""Following a prediction to its picture: wait, count what it cost, fetch it, or cancel it at the service too."""

from __future__ import annotations

import logging
import re
import time
from typing import Any, NoReturn

from app.backends.cloud.answers import ABORTED, Prediction, Refused, Unanswered, one_line
from app.backends.cloud.explain import explain, sentence
from app.backends.cloud.output import (
    NoPicture,
    PictureBroken,
    PictureGone,
    PictureTooLarge,
    address,
    decode,
    download,
    is_empty,
)
from app.backends.cloud.pending import Entry, Pending
from app.backends.cloud.service import Connection, Service, work
from app.backends.cloud.tasks import TaskGroup
from app.backends.cloud.timeouts import Timeouts
from app.core.errors import UserError
from app.core.events import Generated, Loading, Progress
from app.core.message import message
from app.core.output import ImageOutput, Pixels, Provenance
from app.library.spending import Ledger

log = logging.getLogger(__name__)

Delivery = tuple[Entry, Generated]
"""A finished picture, and the entry to cross out once it is safe."""

_COUNT = re.compile(r"(?<![\d/.])(\d{1,4})\s*/\s*(\d{1,4})(?![\d/.])")
_PERCENT = re.compile(r"(?<![\d.])(\d{1,3})\s*%")


class Following:
    """Brings the pictures of one order. Its methods run in the threads of a group of tasks.

    Attributes:
        succeeded: keys of the entries that are paid for, and so are fetched in any case.
    """

    def __init__(
        self,
        api: Connection,
        service: Service,
        group: TaskGroup[Any],
        pending: Pending,
        ledger: Ledger,
        timing: Timeouts,
    ) -> None:
        self._api = api
        self._service = service
        self._name = service.name
        self._group = group
        self._pending = pending
        self._ledger = ledger
        self._timing = timing
        self.succeeded: set[str] = set()

    def deliver(self, entry: Entry, picture: int) -> Delivery:
        """Wait for the prediction of an entry and fetch its picture. Raises UserError where it cannot be had."""
        began = time.monotonic()
        prediction = self._follow(entry, picture)
        pixels = self._fetch(entry, prediction)
        model = self._service.model(entry.request.model)
        height, width = pixels.shape[:2]
        note = None
        if (width, height) != (entry.request.width, entry.request.height):
            note = message(
                "{service} made a picture of {width} × {height} pixels.",
                service=self._name,
                width=width,
                height=height,
            )
        provenance = Provenance(
            backend=self._service.id,
            device=self._name,
            precision="server",
            model=model.name,
            seconds=round(time.monotonic() - began, 3),
            note=note,
            prediction=prediction.id,
            version=prediction.version or entry.version,
            predict_time=prediction.predict_time,
            cost=model.cost(entry.request, prediction.predict_time),
        )
        seed = entry.request.seed
        assert seed is not None, "a request in the list is resolved"
        return entry, Generated(picture, ImageOutput(pixels), seed, provenance)

    def cancel(self, entry: Entry) -> bool:
        """Cancel at the service too; where that fails now, it is done at the next start.

        Returns:
            Whether it is too late: the picture is paid for, and can be fetched.
        """
        if not entry.prediction and not self._api.finds:  # there is nothing that could be cancelled
            self._pending.remove(entry)
            return False
        entry, paid = self._pending.change(entry, cancelled=True), False
        try:
            prediction = self._cancelled(entry) if entry.prediction else None
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
                    entry = self._pending.change(entry, cancelled=False)
                else:
                    self._pending.remove(entry)
        self._pending.release(entry.key)
        return paid

    def _follow(self, entry: Entry, picture: int) -> Prediction:
        """Wait until the prediction has succeeded.

        Raises:
            UserError: it ended otherwise, or it takes too long, or the service is silent.
        """
        began = answered = time.monotonic()
        missing: float | None = None
        pause = 0.0 if self._api.answers_at_once else self._timing.poll
        while True:
            self._group.wait(pause)
            pause = min(pause * self._timing.poll_growth, self._timing.slowest_poll)
            try:
                prediction = self._api.get(entry)
            except Refused as error:
                if error.status in (404, 410):
                    missing = missing if missing is not None else time.monotonic()
                    if error.status == 410 or self._is_old(entry) or time.monotonic() - missing > self._timing.missing:
                        self._forget(entry)
                elif not error.passing:
                    raise explain(error, self._service) from None
                pause = min(max(pause, error.retry_after or 0.0), self._timing.silence)
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
                    message("{service} does not answer any more.", service=self._name),
                    message(
                        "Check the internet connection and try again: the picture goes on there, and is fetched "
                        "without being charged again."
                    ),
                )
            if time.monotonic() - began > self._timing.deadline:
                paid = self.cancel(entry)
                minutes = round(self._timing.deadline / 60)
                raise UserError(
                    message(
                        "{service} did not finish the picture within {minutes} minutes.",
                        service=self._name,
                        minutes=minutes,
                    ),
                    message("Try again: it has just become ready.")
                    if paid
                    else message("It was cancelled; try again later."),
                )

    def _is_old(self, entry: Entry) -> bool:
        """Whether the service may have deleted what it made."""
        return self._api.now() - entry.since > self._service.kept_seconds

    def _forget(self, entry: Entry) -> NoReturn:
        """Cross out what the service does not know any more, and say so."""
        self._pending.remove(entry)
        if self._is_old(entry):
            raise PictureGone(self._name)
        raise UserError(
            message("{service} does not know the picture any more.", service=self._name),
            message("Generate it again; that may be charged again."),
        )

    def _settle(self, entry: Entry, prediction: Prediction) -> None:
        """Count what an ended prediction cost. Raises UserError where it did not succeed."""
        self._bill(entry, prediction)
        if prediction.filtered:
            self._pending.remove(entry)
            raise NoPicture(None, self._name)
        if prediction.status == "succeeded":
            self.succeeded.add(entry.key)
            return
        self._pending.remove(entry)
        if prediction.status == "failed":
            raise UserError(
                message(
                    "{service} could not generate the picture: {reason}",
                    service=self._name,
                    reason=sentence(prediction.error) if prediction.error else message("it gave no reason."),
                ),
                message("Try again, or change the prompt or the size."),
            )
        if prediction.status == "canceled":
            raise UserError(
                message("The picture was cancelled at {service}.", service=self._name), message("Try again.")
            )
        raise UserError(
            message(
                "{service} was too busy to start the picture and gave it up; it was not charged.",
                service=self._name,
            ),
            message("Try again later."),
        )

    def _bill(self, entry: Entry, prediction: Prediction) -> None:
        """Count what an ended prediction cost; where the service gives no time for a picture, what such a
        picture usually takes.
        """
        model, generated = self._service.model(entry.request.model), prediction.status == "succeeded"
        amount = work(entry.request) if generated else 0.0  # no measure of speed otherwise
        seconds = prediction.predict_time
        measured = self._service.measured_as(model)
        if seconds is None and generated:
            seconds, amount = amount * (self._ledger.seconds_per_work(measured) or model.seconds_per_work or 0.0), 0.0
        if prediction.ended and prediction.status != ABORTED and seconds is not None:
            pictures = int(generated and not is_empty(prediction.output))
            # Where a lost order is looked for, two entries may come to one prediction; elsewhere its id may come again.
            bill = prediction.id if self._api.finds else entry.key
            cost = model.cost(entry.request, seconds) if generated or model.billed_by_time else 0.0
            self._ledger.add(bill, cost or 0.0, pictures=pictures, model=measured, seconds=seconds, work=amount)

    def _fetch(self, entry: Entry, prediction: Prediction) -> Pixels:
        def stopping() -> bool:
            return self._group.stopping() and not self._group.was_cancelled  # a cancelled job keeps what is finished

        pauses = iter(self._timing.download_pauses)
        while True:
            try:
                if prediction.removed or (prediction.output is None and self._is_old(entry)):
                    raise PictureGone(self._name)
                uri = address(prediction.output, self._name)
                return decode(
                    download(
                        uri,
                        service=self._name,
                        plain_http=self._api.plain_http,
                        stopping=stopping,
                        connect=self._timing.connect,
                        read=self._timing.read,
                    )
                )
            except (PictureGone, NoPicture):
                self._pending.remove(entry)
                raise
            except PictureBroken as error:
                log.info("Prediction %s: %s", prediction.id, error.message)
                pause = next(pauses, None)
                if self._is_old(entry):
                    self._forget(entry)
                if uri.startswith("data:"):  # it is whole, and no picture
                    self._pending.remove(entry)
                    raise NoPicture(prediction.output, self._name) from error
                if pause is None or isinstance(error, PictureTooLarge):
                    raise
                self._group.wait(pause)

    def _cancelled(self, entry: Entry) -> Prediction:
        """A prediction after it was cancelled; the service may take a moment to end it."""
        prediction = self._api.cancel(entry)
        for pause in self._timing.cancel_pauses:
            if prediction.ended:
                break
            time.sleep(pause)  # the task group waits for nobody any more
            prediction = self._api.get(entry)
        return prediction

    def _report(self, prediction: Prediction, entry: Entry, picture: int, seconds: float) -> None:
        step = progress(prediction.logs, entry.request.steps or 0) if prediction.status == "processing" else None
        if step is not None:
            self._group.report(Progress(picture, *step))
        elif prediction.status == "starting":
            self._group.report(
                Loading(message("Waiting for {service} ({seconds:.0f} s)", service=self._name, seconds=seconds))
            )
        else:
            doing = one_line(re.split(r"[\r\n]+", prediction.logs.strip())[-1], longest=80)
            self._group.report(
                Loading(
                    message("{service} is generating: {doing}", service=self._name, doing=doing)
                    if doing
                    else message("{service} is generating", service=self._name)
                )
            )


def progress(logs: str, steps: int) -> tuple[int, int] | None:
    """The newest (step, of steps) in a log: "12/20", or "60%" of `steps`; None where there is none."""
    for line in reversed(re.split(r"[\r\n]+", logs[-4096:])):
        for done, total in _COUNT.findall(line):
            if int(total) > 0 and int(done) <= int(total):
                return int(done), int(total)
        percent = _PERCENT.search(line)
        if percent and steps and int(percent.group(1)) <= 100:
            return round(int(percent.group(1)) * steps / 100), steps
    return None
