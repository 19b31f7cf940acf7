"""Following a prediction to its picture: wait, count what it cost, fetch it, or cancel it at the service too."""

from __future__ import annotations

import logging
import re
import time
from typing import Any, NoReturn

from app.backends.cloud.replicate.api import ABORTED, Api, Prediction, Refused, Unanswered, one_line
from app.backends.cloud.replicate.catalog import cloud_model, work
from app.backends.cloud.replicate.explain import explain, sentence
from app.backends.cloud.replicate.output import (
    NoPicture,
    PictureBroken,
    PictureGone,
    PictureTooLarge,
    address,
    decode,
    download,
    is_empty,
)
from app.backends.cloud.replicate.pending import Entry, Pending
from app.backends.cloud.replicate.tasks import TaskGroup
from app.backends.cloud.replicate.timeouts import Timeouts
from app.core.errors import UserError
from app.core.events import Generated, Loading, Progress
from app.core.message import message
from app.core.output import ImageOutput, Pixels, Provenance
from app.library.spending import Ledger

log = logging.getLogger(__name__)

Delivery = tuple[Entry, Generated]
"""A finished picture, and the entry to cross out once it is safe."""

_KEPT_SECONDS = 3600.0
"""So long the service keeps what it has made."""
_COUNT = re.compile(r"(?<![\d/.])(\d{1,4})\s*/\s*(\d{1,4})(?![\d/.])")
_PERCENT = re.compile(r"(?<![\d.])(\d{1,3})\s*%")


class Following:
    """Brings the pictures of one order. Its methods run in the threads of a group of tasks.

    Attributes:
        succeeded: keys of the entries that are paid for, and so are fetched in any case.
    """

    def __init__(self, api: Api, group: TaskGroup[Any], pending: Pending, ledger: Ledger, timing: Timeouts) -> None:
        self._api = api
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
        model = cloud_model(entry.request.model)
        height, width = pixels.shape[:2]
        note = None
        if (width, height) != (entry.request.width, entry.request.height):
            note = message("Replicate made a picture of {width} × {height} pixels.", width=width, height=height)
        provenance = Provenance(
            backend="replicate",
            device="Replicate",
            precision="server",
            model=model.name,
            seconds=round(time.monotonic() - began, 3),
            note=note,
            prediction=prediction.id,
            version=prediction.version or entry.version,
            predict_time=prediction.predict_time,
            cost=model.cost(prediction.predict_time),
        )
        seed = entry.request.seed
        assert seed is not None, "a request in the list is resolved"
        return entry, Generated(picture, ImageOutput(pixels), seed, provenance)

    def cancel(self, entry: Entry) -> bool:
        """Cancel at the service too; where that fails now, it is done at the next start.

        Returns:
            Whether it is too late: the picture is paid for, and can be fetched.
        """
        entry, paid = self._pending.change(entry, cancelled=True), False
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
                    message("Replicate does not answer any more."),
                    message(
                        "Check the internet connection and try again: the picture goes on there, and is fetched "
                        "without being charged again."
                    ),
                )
            if time.monotonic() - began > self._timing.deadline:
                paid = self.cancel(entry)
                minutes = round(self._timing.deadline / 60)
                raise UserError(
                    message("Replicate did not finish the picture within {minutes} minutes.", minutes=minutes),
                    message("Try again: it has just become ready.")
                    if paid
                    else message("It was cancelled; try again later."),
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
            message("Replicate does not know the picture any more."),
            message("Generate it again; that may be charged again."),
        )

    def _settle(self, entry: Entry, prediction: Prediction) -> None:
        """Count what an ended prediction cost. Raises UserError where it did not succeed."""
        self._bill(entry, prediction)
        if prediction.status == "succeeded":
            self.succeeded.add(entry.key)
            return
        self._pending.remove(entry)
        if prediction.status == "failed":
            raise UserError(
                message(
                    "Replicate could not generate the picture: {reason}",
                    reason=sentence(prediction.error) if prediction.error else message("it gave no reason."),
                ),
                message("Try again, or change the prompt or the size."),
            )
        if prediction.status == "canceled":
            raise UserError(message("The picture was cancelled at Replicate."), message("Try again."))
        raise UserError(
            message("Replicate was too busy to start the picture and gave it up; it was not charged."),
            message("Try again later."),
        )

    def _bill(self, entry: Entry, prediction: Prediction) -> None:
        """Count what an ended prediction cost; where the service gives no time for a picture, what such a
        picture usually takes.
        """
        model, generated = cloud_model(entry.request.model), prediction.status == "succeeded"
        amount = work(entry.request) if generated else 0.0  # no measure of speed otherwise
        seconds = prediction.predict_time
        if seconds is None and generated:
            seconds, amount = amount * (self._ledger.seconds_per_work(model.id) or model.seconds_per_work), 0.0
        if prediction.ended and prediction.status != ABORTED and seconds is not None:
            pictures = int(generated and not is_empty(prediction.output))
            self._ledger.add(
                prediction.id, model.cost(seconds) or 0.0, pictures=pictures, model=model.id, seconds=seconds,
                work=amount,
            )  # fmt: skip

    def _fetch(self, entry: Entry, prediction: Prediction) -> Pixels:
        def stopping() -> bool:
            return self._group.stopping() and not self._group.was_cancelled  # a cancelled job keeps what is finished

        pauses = iter(self._timing.download_pauses)
        while True:
            try:
                if prediction.removed or (prediction.output is None and self._is_old(entry)):
                    raise PictureGone
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
                    raise NoPicture(prediction.output) from error
                if pause is None or isinstance(error, PictureTooLarge):
                    raise
                self._group.wait(pause)

    def _cancelled(self, name: str) -> Prediction:
        """A prediction after it was cancelled; the service may take a moment to end it."""
        prediction = self._api.cancel(name)
        for pause in self._timing.cancel_pauses:
            if prediction.ended:
                break
            time.sleep(pause)  # the task group waits for nobody any more
            prediction = self._api.get(name)
        return prediction

    def _report(self, prediction: Prediction, entry: Entry, picture: int, seconds: float) -> None:
        step = progress(prediction.logs, entry.request.steps or 0) if prediction.status == "processing" else None
        if step is not None:
            self._group.report(Progress(picture, *step))
        elif prediction.status == "starting":
            self._group.report(Loading(message("Waiting for Replicate ({seconds:.0f} s)", seconds=seconds)))
        else:
            doing = one_line(re.split(r"[\r\n]+", prediction.logs.strip())[-1], longest=80)
            self._group.report(
                Loading(
                    message("Replicate is generating: {doing}", doing=doing)
                    if doing
                    else message("Replicate is generating")
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
