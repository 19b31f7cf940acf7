"""Servers that take OpenAI's requests for images: SGLang, vLLM-Omni, LocalAI, Together, OpenAI itself."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any

from app.backends.cloud.answers import FAILED, SUCCEEDED, Prediction, Refused, Unanswered
from app.backends.cloud.endpoints.dialect import MAX_PICTURE_ANSWER, Dialect, EndpointModel, inline, without
from app.backends.cloud.endpoints.fields import Field, chosen, send
from app.backends.cloud.pending import Entry
from app.core.capabilities import Capabilities
from app.core.message import Message, message
from app.core.request import GenerationRequest

if TYPE_CHECKING:
    from app.backends.cloud.http import Answer, Wire

_FIELDS = (
    Field((("prompt",),), needed=True),
    Field((("model",),), needed=True),
    Field((("size",), ("width", "height")), needed=True),
    Field((("n",),)),
    Field((("response_format",),)),
    Field((("negative_prompt",),)),
    Field((("num_inference_steps",), ("steps",))),
    Field((("guidance_scale",),)),
    Field((("seed",),)),
)
_KNOWN = {
    "api.together.xyz": frozenset({"size", "num_inference_steps"}),
    "api.openai.com": frozenset({"negative_prompt", "num_inference_steps", "steps", "guidance_scale", "seed"}),
}
"""What hosts refuse, or pass over in silence."""
_NO_LIST = (404, 405, 501)
_ENDINGS = ("/images/generations", "/v1")


class OpenAI(Dialect):
    """`/v1/images/generations` and `/v1/models`. What a server takes is learned from what it refuses."""

    def models(self) -> tuple[EndpointModel, ...]:
        """The endpoint's own, else those that the server lists. The first of these has the endpoint's name as its id,
        from before the server was asked.
        """
        (own,) = super().models()
        if self.endpoint.model or not self.notes.models:
            return (own,)
        first, *others = (EndpointModel(name, name, self.endpoint.price) for name in self.notes.models)
        return (dataclasses.replace(first, id=own.id), *others)

    def model(self, model: str) -> EndpointModel:
        if not self.endpoint.model and model in self.notes.models[:1]:
            return EndpointModel(model, model, self.endpoint.price)
        return super().model(model)

    def capabilities(self, model: EndpointModel) -> Capabilities:
        taken = chosen(_FIELDS, dict.fromkeys(_all_names(), 1), self._refused(model.id))
        return self._capabilities(
            model,
            steps="num_inference_steps" in taken or "steps" in taken,
            guidance="guidance_scale" in taken,
            negative="negative_prompt" in taken,
            seed="seed" in taken,
        )

    def inputs(self, model: EndpointModel, request: GenerationRequest) -> dict[str, Any]:
        named = bool(self.endpoint.model or model.name in self.notes.models)
        return {
            "prompt": request.prompt,
            "model": model.name if named else None,
            "size": f"{request.width}x{request.height}",
            "width": request.width,
            "height": request.height,
            "n": 1,
            "response_format": "b64_json",
            "negative_prompt": request.negative or None,
            "num_inference_steps": request.steps,
            "steps": request.steps,
            "guidance_scale": request.guidance,
            "seed": request.seed,
        }

    def test(self, wire: Wire) -> Message:
        try:
            self.look(wire)
        except Refused as error:
            if error.status not in _NO_LIST:
                raise
        if not self.notes.models:
            return message("It answers. It does not list its models.")
        return message("It answers. Models that it lists: {count}.", count=len(self.notes.models))

    def look(self, wire: Wire) -> None:
        try:
            answer = wire.ask("GET", f"{self._base}/v1/models").json()
        except Refused as error:
            if error.status in _NO_LIST:
                self.notes.list([])
                return
            raise
        rows = answer.get("data") if isinstance(answer, dict) else answer  # Together's is the list itself
        self.notes.list([row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else [])

    def create(self, wire: Wire, entry: Entry, seconds: float) -> Prediction:
        model = entry.request.model
        ask = partial(self._ask, wire, seconds)
        try:
            answer, refused = send(ask, _FIELDS, entry.inputs, self._refused(model))
        except Refused as error:
            if error.filtered:
                return Prediction(entry.key, FAILED, filtered=True)
            raise
        self.notes.refuse(model, refused)
        data = answer.object().get("data")
        if not isinstance(data, list):
            raise Unanswered(message("its answer cannot be understood"))
        return Prediction(entry.key, SUCCEEDED, [_picture(row) for row in data if isinstance(row, dict)])

    def _ask(self, wire: Wire, seconds: float, body: dict[str, Any]) -> Answer:
        address = f"{self._base}/v1/images/generations"
        return wire.ask("POST", address, body, seconds=seconds, most=MAX_PICTURE_ANSWER)

    def _refused(self, model: str) -> frozenset[str]:
        return self.notes.refused(model) | _KNOWN.get(self.endpoint.host, frozenset())

    @property
    def _base(self) -> str:
        return without(_ENDINGS, self.endpoint.url)


def _picture(row: dict[str, Any]) -> Any:
    """The address of a picture in an answer, or the picture within one."""
    data = row.get("b64_json") or row.get("url")
    if isinstance(data, str) and "b64_json" in row and row["b64_json"] and not data.startswith("data:"):
        return inline(data)
    return data


def _all_names() -> list[str]:
    return [name for field in _FIELDS for names in field.spellings for name in names]
