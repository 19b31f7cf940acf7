"""fal's queue, and its four Sana models. Prices and inputs as on their pages at https://fal.ai/models in 2026-11."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from app.backends.cloud.answers import (
    CANCELED,
    FAILED,
    PROCESSING,
    STARTING,
    SUCCEEDED,
    Prediction,
    Refused,
    Unanswered,
    one_line,
)
from app.backends.cloud.endpoints.dialect import MAX_PICTURE_ANSWER, Dialect, EndpointModel, duration
from app.backends.cloud.pending import Entry
from app.core.capabilities import Capabilities
from app.core.message import Message, message
from app.core.request import GenerationRequest

if TYPE_CHECKING:
    from app.backends.cloud.http import Wire

_MODELS = (
    ("fal-ai/sana", "Sana 1.6B", 0.001),
    ("fal-ai/sana/v1.5/1.6b", "Sana 1.5 1.6B", 0.0075),
    ("fal-ai/sana/v1.5/4.8b", "Sana 1.5 4.8B", 0.01),
    ("fal-ai/sana/sprint", "Sana Sprint 1.6B", 0.0025),
)
"""Each with US dollars a megapixel; that of Sprint is supposed."""
_USUAL_STEPS = 18
_NOBODY = "00000000-0000-0000-0000-000000000000"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LINKS = {"status_url": "/status", "response_url": "", "cancel_url": "/cancel"}
_MOST_STEPS = 50
_ALREADY_ENDED = 400


class Fal(Dialect):
    """A request goes into a queue; its state, its picture and its end have addresses of their own.

    The endpoint's address is the queue's, or that of one model in it.
    """

    answers_at_once = False
    charges = True
    keys = "https://fal.ai/dashboard/keys"
    kept_seconds: ClassVar[float] = 24 * 3600.0

    def models(self) -> tuple[EndpointModel, ...]:
        known = self._known()
        wanted = self._path or self.endpoint.model
        if not wanted:
            return known
        found = tuple(model for model in known if model.id == wanted)
        return found or (EndpointModel(wanted, wanted, self.endpoint.price),)

    def ordered(self, model: str) -> EndpointModel:
        known = (each for each in self._known() if each.id == model)
        return next(known, None) or super().ordered(model)

    def capabilities(self, model: EndpointModel) -> Capabilities:
        return self._capabilities(model, max_steps=_MOST_STEPS, negative="sprint" not in model.id)

    def inputs(self, model: EndpointModel, request: GenerationRequest) -> dict[str, Any]:
        """Always with a size: that of v1.5 would be 3840 x 2160."""
        wishes = {
            "prompt": request.prompt,
            "negative_prompt": request.negative or None,
            "image_size": {"width": request.width, "height": request.height},
            "num_inference_steps": request.steps,
            "guidance_scale": request.guidance,
            "seed": request.seed,
            "num_images": 1,
        }
        return {name: value for name, value in wishes.items() if value is not None}

    def headers(self, key: str) -> Mapping[str, str]:
        return {"Authorization": f"Key {key}"} if key else {}

    def test(self, wire: Wire) -> Message:
        """Ask for a request that nobody made: with a good key the queue says that there is none."""
        try:
            wire.ask("GET", f"{self._app(self.models()[0].id)}/requests/{_NOBODY}/status").object()
        except Refused as error:
            if error.status not in (400, 404, 405, 422):
                raise
        return message("It answers, and accepts the key.")

    def create(self, wire: Wire, entry: Entry, seconds: float) -> Prediction:
        answer = wire.ask("POST", f"{self._queue}/{entry.request.model}", dict(entry.inputs)).object()
        request = answer.get("request_id")
        if not isinstance(request, str) or not _ID.fullmatch(request):
            raise Unanswered(message("its answer cannot be understood"))
        links = {name: answer[name] for name in _LINKS if isinstance(answer.get(name), str)}
        return Prediction(request, STARTING, links={name: at for name, at in links.items() if wire.is_own(at)})

    def get(self, wire: Wire, entry: Entry) -> Prediction:
        state = self._state(wire, self._link(wire, entry, "status_url"))
        logs = _logs(state.get("logs"))
        match state.get("status"):
            case "COMPLETED" | "OK":
                return self._ended(wire, entry, state)
            case "FAILED" | "ERROR":
                return Prediction(entry.prediction, FAILED, error=one_line(str(state.get("error") or "")))
            case "CANCELED" | "CANCELLED":
                return Prediction(entry.prediction, CANCELED)
            case "IN_PROGRESS":
                return Prediction(entry.prediction, PROCESSING, logs=logs)
            case _:
                return Prediction(entry.prediction, STARTING, logs=logs)

    def cancel(self, wire: Wire, entry: Entry) -> Prediction:
        try:
            wire.ask("PUT", self._link(wire, entry, "cancel_url"))
        except Refused as error:
            if error.status != _ALREADY_ENDED:
                raise
            return self.get(wire, entry)
        return Prediction(entry.prediction, CANCELED)

    def _known(self) -> tuple[EndpointModel, ...]:
        price = self.endpoint.price
        return tuple(EndpointModel(id, name, price, each, _USUAL_STEPS) for id, name, each in _MODELS)

    def _ended(self, wire: Wire, entry: Entry, state: Mapping[str, Any]) -> Prediction:
        metrics = state.get("metrics")
        seconds = duration(metrics.get("inference_time")) if isinstance(metrics, dict) else None
        try:
            address = self._link(wire, entry, "response_url")
            answer = wire.ask("GET", address, most=MAX_PICTURE_ANSWER).object()
        except Refused as error:
            if error.status in (404, 410):
                return Prediction(entry.prediction, SUCCEEDED, removed=True, predict_time=seconds)
            if error.status in (401, 429, 502, 503, 504):  # of the queue, not of the model
                raise
            return Prediction(
                entry.prediction, FAILED, error=error.detail, filtered=error.filtered, predict_time=seconds
            )
        images = answer.get("images")
        rows = images if isinstance(images, list) else [answer.get("image")]
        output = [row.get("url") if isinstance(row, dict) else row for row in rows]
        flags = answer.get("has_nsfw_concepts")
        filtered = isinstance(flags, list) and any(flag is True for flag in flags)
        return Prediction(entry.prediction, SUCCEEDED, output, filtered=filtered, predict_time=seconds)

    def _state(self, wire: Wire, address: str) -> dict[str, Any]:
        """How a request stands, with its logs where they can be had."""
        try:
            return wire.ask("GET", f"{address}{'&' if '?' in address else '?'}logs=1").object()
        except Refused as error:
            if error.status not in (400, 404, 422):
                raise
            return wire.ask("GET", address).object()

    def _link(self, wire: Wire, entry: Entry, name: str) -> str:
        """An address as the queue gave it when it was its own, else as the queue makes them."""
        given = entry.links.get(name, "")
        if given and wire.is_own(given):
            return given
        return f"{self._app(entry.request.model)}/requests/{entry.prediction}{_LINKS[name]}"

    def _app(self, model: str) -> str:
        """The address of the app that a model is a part of: its first two names."""
        return f"{self._queue}/{'/'.join(model.split('/')[:2])}"

    @property
    def _queue(self) -> str:
        return self.endpoint.url.removesuffix(f"/{self._path}") if self._path else self.endpoint.url

    @property
    def _path(self) -> str:
        """The model that the address names; empty where it is that of the queue."""
        path = self.endpoint.url.partition("://")[2].partition("/")[2]
        return path if "/" in path else ""


def _logs(rows: Any) -> str:
    texts = (row.get("message") for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return "\n".join(text for text in texts if isinstance(text, str))[-4096:]
