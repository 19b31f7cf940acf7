"""Hugging Face's shape: text-to-image inference at an address of its own, which answers with the picture's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.backends.cloud.answers import SUCCEEDED, Prediction, Refused, Unanswered
from app.backends.cloud.endpoints.dialect import MAX_PICTURE_ANSWER, Dialect, EndpointModel, inline
from app.backends.cloud.endpoints.fields import Field, chosen, send
from app.backends.cloud.endpoints.outputs import picture_in
from app.backends.cloud.pending import Entry
from app.core.capabilities import Capabilities
from app.core.message import Message, message
from app.core.request import GenerationRequest

if TYPE_CHECKING:
    from app.backends.cloud.http import Wire

_FIELDS = tuple(
    Field((names,))
    for names in (("width", "height"), ("num_inference_steps",), ("guidance_scale",), ("negative_prompt",), ("seed",))
)
_NAMES = [name for field in _FIELDS for name in field.spellings[0]]


class HuggingFace(Dialect):
    """`POST` of `{"inputs", "parameters"}`. There is no progress, and nothing to cancel but the connection."""

    keys = "https://huggingface.co/settings/tokens"

    def headers(self, key: str) -> Mapping[str, str]:
        return {"Accept": "image/png", **super().headers(key)}

    def capabilities(self, model: EndpointModel) -> Capabilities:
        taken = chosen(_FIELDS, dict.fromkeys(_NAMES, 1), self.notes.refused(model.id))
        return self._capabilities(
            model,
            sized="width" in taken,
            steps="num_inference_steps" in taken,
            guidance="guidance_scale" in taken,
            negative="negative_prompt" in taken,
            seed="seed" in taken,
        )

    def inputs(self, model: EndpointModel, request: GenerationRequest) -> dict[str, Any]:
        return {
            "inputs": request.prompt,
            "width": request.width,
            "height": request.height,
            "num_inference_steps": request.steps,
            "guidance_scale": request.guidance,
            "negative_prompt": request.negative or None,
            "seed": request.seed,
        }

    def test(self, wire: Wire) -> Message:
        """A question without a prompt: what answers it is there, and accepts the key."""
        try:
            if wire.ask("GET", self.endpoint.url).kind == "text/html":
                raise Unanswered(message("it answers with a web page"))
        except Refused as error:
            if error.status == 503:
                return message("It is there, and starts with the first picture.")
            if error.status not in (400, 405, 422, 501):
                raise
        return message("It answers.")

    def create(self, wire: Wire, entry: Entry, seconds: float) -> Prediction:
        prompt, model = entry.inputs["inputs"], entry.request.model

        def ask(parameters: dict[str, Any]) -> Any:
            body = {"inputs": prompt, "parameters": parameters}
            return wire.ask("POST", self.endpoint.url, body, seconds=seconds, most=MAX_PICTURE_ANSWER)

        answer, refused = send(ask, _FIELDS, entry.inputs, self.notes.refused(model))
        self.notes.refuse(model, refused)
        if answer.kind.startswith("image/") or answer.kind in ("", "application/octet-stream"):
            return Prediction(entry.key, SUCCEEDED, inline(answer.body))
        found = picture_in(answer.json())  # some containers wrap it
        if found is None:
            raise Unanswered(message("its answer cannot be understood"))
        return Prediction(entry.key, SUCCEEDED, found)
