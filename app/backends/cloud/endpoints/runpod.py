"""RunPod's serverless endpoints: a job goes into a queue, and what its worker takes stands in the user's template."""

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
    Unanswered,
    one_line,
)
from app.backends.cloud.endpoints.dialect import MAX_PICTURE_ANSWER, Dialect, EndpointModel, duration, inline, without
from app.backends.cloud.endpoints.outputs import picture_in
from app.backends.cloud.endpoints.template import COMFYUI, COMFYUI_CHECKPOINT, filled, holes
from app.backends.cloud.pending import Entry
from app.core.capabilities import Capabilities
from app.core.limits import InputLimits, Range
from app.core.message import Message, message
from app.core.request import DEFAULT_STRENGTH, GenerationRequest, Role

if TYPE_CHECKING:
    from app.backends.cloud.http import Wire

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_ROLES = {Role.INIT: "init_image", Role.MASK: "mask"}
_ENDINGS = ("/run", "/runsync", "/health")


class RunPod(Dialect):
    """`/run`, `/status`, `/cancel` and `/health` beneath an endpoint's address. Without a template the worker is taken
    for worker-comfyui.
    """

    answers_at_once = False
    charges = True
    keys = "https://console.runpod.io/user/settings"
    kept_seconds: ClassVar[float] = 1800.0

    def capabilities(self, model: EndpointModel) -> Capabilities:
        """What there are holes for."""
        given = holes(self._template)
        strength = Range(0, 1, DEFAULT_STRENGTH, 0.01) if "strength" in given else None
        init = InputLimits(Role.INIT, strength=strength)
        mask = InputLimits(Role.MASK, needs=Role.INIT)
        inputs = tuple(each for each in (init, mask) if _ROLES[each.role] in given)
        return self._capabilities(
            model,
            sized={"width", "height"} <= given,
            steps="steps" in given,
            guidance="guidance" in given,
            negative="negative" in given,
            seed="seed" in given,
            inputs=inputs,
        )

    def inputs(self, model: EndpointModel, request: GenerationRequest) -> dict[str, Any]:
        init = next((each for each in request.inputs if each.role is Role.INIT), None)
        values = {
            "prompt": request.prompt,
            "negative": request.negative,
            "width": request.width,
            "height": request.height,
            "steps": request.steps,
            "guidance": request.guidance,
            "seed": request.seed,
            "model": self.endpoint.model or COMFYUI_CHECKPOINT,
            "strength": init.strength if init is not None else 1.0,
            **dict.fromkeys(_ROLES.values(), ""),
            **{_ROLES[each.role]: _file(each.path) for each in request.inputs if each.role in _ROLES},
        }
        return filled(self._template, values)

    def test(self, wire: Wire) -> Message:
        """How many workers there are, which wakes none."""
        workers = wire.ask("GET", f"{self._base}/health").object().get("workers")
        counts = workers.values() if isinstance(workers, Mapping) else ()
        ready = sum(count for count in counts if isinstance(count, int) and not isinstance(count, bool))
        if not ready:
            return message("It answers. No worker is awake, so the first picture takes longer.")
        return message("It answers. Workers: {count}.", count=ready)

    def create(self, wire: Wire, entry: Entry, seconds: float) -> Prediction:
        answer = wire.ask("POST", f"{self._base}/run", {"input": dict(entry.inputs)}).object()
        job = answer.get("id")
        if not isinstance(job, str) or not _ID.fullmatch(job):
            raise Unanswered(message("its answer cannot be understood"))
        return Prediction(job, STARTING)

    def get(self, wire: Wire, entry: Entry) -> Prediction:
        address = f"{self._base}/status/{entry.prediction}"
        return self._shown(entry, wire.ask("GET", address, most=MAX_PICTURE_ANSWER).object())

    def cancel(self, wire: Wire, entry: Entry) -> Prediction:
        shown = self._shown(entry, wire.ask("POST", f"{self._base}/cancel/{entry.prediction}").object())
        return shown if shown.ended else self.get(wire, entry)

    def _shown(self, entry: Entry, job: Mapping[str, Any]) -> Prediction:
        seconds = duration(job.get("executionTime"), unit=0.001)
        output = job.get("output")
        match job.get("status"):
            case "COMPLETED":
                problem = output.get("error") if isinstance(output, Mapping) else None
                found = picture_in(output)
                if found is None and problem:
                    return Prediction(entry.prediction, FAILED, error=one_line(str(problem)), predict_time=seconds)
                return Prediction(
                    entry.prediction, SUCCEEDED, found if found is not None else output, predict_time=seconds
                )
            case "FAILED":
                error = job.get("error") or (output.get("error") if isinstance(output, Mapping) else output) or ""
                return Prediction(entry.prediction, FAILED, error=one_line(str(error)), predict_time=seconds)
            case "TIMED_OUT":
                return Prediction(entry.prediction, FAILED, error="the worker ran out of time", predict_time=seconds)
            case "CANCELLED":
                return Prediction(entry.prediction, CANCELED)
            case "IN_PROGRESS":
                return Prediction(entry.prediction, PROCESSING, logs=output if isinstance(output, str) else "")
            case _:
                return Prediction(entry.prediction, STARTING)

    @property
    def _template(self) -> str:
        return self.endpoint.template or COMFYUI

    @property
    def _base(self) -> str:
        return without(_ENDINGS, self.endpoint.url)


def _file(path: str) -> str:
    """A picture as an address that holds it, as PNG. Raises UserError where it cannot be read."""
    import io
    from pathlib import Path

    from PIL import Image

    from app.library.pictures import images

    buffer = io.BytesIO()
    Image.fromarray(images.decode(Path(path))).save(buffer, "PNG")
    return inline(buffer.getvalue())
