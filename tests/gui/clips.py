"""A backend that makes clips and that only the tests know, and the real files that it writes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from app.backends.base import Estimate, State, Status
from app.core.capabilities import Capabilities
from app.core.errors import GenerationCancelled
from app.core.events import CancelCheck, Event, Finished, Generated, Loading, Preview, Progress
from app.core.limits import ClipLimits, InputLimits, Range
from app.core.message import message
from app.core.output import ClipOutput, Provenance
from app.core.request import GenerationRequest, Role
from app.library import paths
from tests.gui.doubles import ScriptedBackend

MOTION = Capabilities(
    model="Sana Motion", size=Range(64, 256, 128, 32), max_pixels=256 * 256, steps=Range(1, 50, 6),
    guidance=Range(1, 12, 6, 0.1), negative=True, solvers=("euler",), inputs=(InputLimits(Role.INIT),),
    clip=ClipLimits(Range(5, 81, 81, 4), Range(8, 24, 16)), max_count=1,
)  # fmt: skip


def frame(number: int, width: int, height: int) -> np.ndarray:
    """Frame `number`: a bright bar that wanders to the right on an even ground whose grey counts the frames."""
    pixels = np.full((height, width, 3), 20 + 2 * number, np.uint8)
    left = number * 4 % max(1, width - 16)
    pixels[:, left : left + 16] = (230, 200, 60)
    return pixels


def write_mp4(path: Path, frames: int = 9, fps: float = 16.0, size: tuple[int, int] = (128, 96)) -> Path:
    """A real H.264 file."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("h264", rate=Fraction(fps).limit_denominator(1000))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number in range(frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame(number, *size), format="rgb24")))
        container.mux(stream.encode())
    return path


class Cinema(ScriptedBackend):
    """Another way to make clips, with steps and previews as the real ones have."""

    def __init__(self, capabilities: Capabilities = MOTION) -> None:
        status = Status(State.READY, message("It works on this machine."), device="cpu")
        super().__init__("cinema", "Cinema", {"motion": capabilities}, status)
        self.estimated = Estimate(seconds=258.0, peak_memory_bytes=7_900_000_000, disk_bytes=12_000_000)

    def estimate(self, request: GenerationRequest) -> Estimate:
        seconds = self.estimated.seconds
        if seconds is None:
            return self.estimated
        share = (request.frames or 81) / 81 * request.count
        return Estimate(seconds * share, self.estimated.peak_memory_bytes, disk_bytes=self.estimated.disk_bytes)

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        self.generated.append(request)
        size, frames, fps = (request.width or 0, request.height or 0), request.frames or 0, request.fps or 0.0
        steps = request.steps or 1
        yield Loading(message("Loading the model"))
        for step in range(1, steps + 1):
            while self._last_step is not None and step > self._last_step and not self.gate.wait(0.005):
                if cancel():
                    raise GenerationCancelled
            yield Progress(0, step, steps, (steps - step) * 5.0)
            strip = np.stack([frame(number, *size)[::8, ::8] for number in (0, 8, 16, 24)])
            yield Preview(0, strip[0], strip)
        paths.cache().mkdir(parents=True, exist_ok=True)
        path = paths.cache() / f"{uuid.uuid4().hex}.mp4"
        write_mp4(path, frames, fps, size)
        clip = ClipOutput(path, *size, frames, fps)
        yield Generated(0, clip, request.seed or 0, Provenance(self.id, "cpu", "float32", "Sana Motion", seconds=5.0))
        yield Finished()
