"""The picture that a request's ControlNet follows."""

from __future__ import annotations

from dataclasses import dataclass

from app.backends.local.canvas import Canvas
from app.backends.local.model import LocalModel
from app.core.request import GenerationRequest, ImageInput, Role
from app.diffusion.model import Control, Pixels
from app.library.models.checkpoint.controlnet import ControlNet
from app.library.pictures.control_picture import read_control_picture


@dataclass(frozen=True, slots=True)
class ControlPicture:
    """A control picture of the request's size, (H, W, 3), and what follows it."""

    pixels: Pixels
    source: ImageInput
    controlnet: ControlNet

    def encode(self, model: LocalModel, canvas: Canvas | None = None) -> Control:
        """What the sampler needs of it; the model gets the ControlNet. Of a canvas it is what the model sees there."""
        model.set_controlnet(self.controlnet)
        pixels = self.pixels if canvas is None else canvas.cut(self.pixels)
        latents = model.encode_image(pixels[None])
        return Control(latents, self.source.strength, self.source.start, self.source.end)


def load_control_picture(request: GenerationRequest, controlnet: ControlNet | None) -> ControlPicture | None:
    """The request's control picture; None where it has none. Raises UserError as `read_control_picture` does."""
    source = request.input(Role.CONTROL)
    if source is None or controlnet is None:
        return None
    size = (request.width or 0, request.height or 0)
    return ControlPicture(read_control_picture(source, size), source, controlnet)
