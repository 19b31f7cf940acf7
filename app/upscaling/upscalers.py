"""The upscalers that come with the app, the user's own, and how a picture goes through one in tiles."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from app.core.enlarge import DETAILED, FACTORS, FAITHFUL
from app.core.enlarge import UPSCALERS as NAMES
from app.core.errors import NotFiniteError
from app.core.message import message
from app.core.output import Pixels
from app.diffusion.model import Array
from app.diffusion.tiling import spans
from app.library import paths
from app.upscaling.networks import Operations, rrdb, span

FACTOR = 4
TILE = 256
"""Side of a tile in pixels of the input, without its halo."""


@dataclass(frozen=True, slots=True)
class Upscaler:
    """A network that enlarges, four times where it comes with the app.

    Attributes:
        id: what the command line calls it; of the user's own, the path of its file.
        name: what its authors call it.
        network: the network. Its weights are resources/upscalers/ID.safetensors. None for what a file of the user's
            says.
        mean, scale: what is taken from the pixels (0..255), and what they are then divided by.
        halo: pixels around a tile with which it comes out as in the whole picture.
    """

    id: str
    name: str
    network: Callable[[Operations, Any], Any] | None
    mean: tuple[float, float, float]
    scale: float
    halo: int

    @property
    def weights(self) -> Path:
        return Path(self.id) if self.network is None else paths.resources() / "upscalers" / f"{self.id}.safetensors"


# Its convolutions reach 21 pixels: tiles are exact.
SPAN = Upscaler(FAITHFUL, NAMES[FAITHFUL], span, (0.4488 * 255, 0.4371 * 255, 0.404 * 255), 1.0, 21)
# It sees further than that. On the starter's pictures, tiles differ from the whole by up to 0.012 with a halo of 32,
# 0.003 with 48 and 0.0012 with 64: less than half a level of 255, so that 0.3 % of the bytes are one level off.
X4PLUS = Upscaler(DETAILED, NAMES[DETAILED], rrdb, (0.0, 0.0, 0.0), 255.0, 64)
UPSCALERS = {upscaler.id: upscaler for upscaler in (SPAN, X4PLUS)}
OWN_HALO = 32
"""For networks of which it is not known how far they see."""


def find_upscaler(name: str) -> Upscaler:
    """One that comes with the app by its id, or the user's own by the path of its file."""
    return UPSCALERS.get(name) or Upscaler(name, Path(name).stem, None, (0.0, 0.0, 0.0), 255.0, OWN_HALO)


class Enlarge(Protocol):
    """A network with its weights, in torch or MLX."""

    @property
    def device(self) -> str:
        """What it computes on: "cpu", "cuda", "mps" or "metal"."""
        ...

    @property
    def times(self) -> int:
        """How many times it enlarges."""
        ...

    def __call__(self, pixels: Array) -> Array:
        """(height, width, 3) prepared pixels to (times height, times width, 3) of about 0..1."""
        ...


def upscale(
    upscaler: Upscaler,
    enlarge: Callable[[Array], Array],
    pixels: Pixels,
    factor: int = FACTOR,
    tile: int = TILE,
) -> Generator[tuple[int, int], None, Pixels]:
    """Enlarge a picture, tile by tile: yields how many are done, and of how many, after each.

    Args:
        enlarge: the upscaler's network.
        pixels: (height, width, 3).
        factor: how many times; where the network enlarges more, it is the mean of so many pixels of its result.
        tile: side of a tile in pixels of `pixels`.

    Returns:
        (factor height, factor width, 3).

    Raises:
        NotFiniteError: the network gives no numbers.
    """
    if factor not in FACTORS:
        raise ValueError(f"a factor of {factor}")
    height, width, _ = pixels.shape
    result = np.empty((height * factor, width * factor, 3), np.uint8)
    rows = list(spans(height, tile, upscaler.halo, up=factor))
    columns = list(spans(width, tile, upscaler.halo, up=factor))
    mean, scale = np.array(upscaler.mean, np.float32), np.float32(upscaler.scale)
    for done, (row, column) in enumerate(((row, column) for row in rows for column in columns), start=1):
        large = enlarge((pixels[row.source, column.source].astype(np.float32) - mean) / scale)
        times = len(large) // (row.source.stop - row.source.start)
        if times != factor:
            large = _reduced(large, times // factor)
        result[row.target, column.target] = _to_uint8(large[row.crop, column.crop])
        yield done, len(rows) * len(columns)
    return result


def _reduced(values: Array, by: int) -> Array:
    """The mean of each `by` by `by` values."""
    height, width, channels = values.shape
    reduced: Array = values.reshape(height // by, by, width // by, by, channels).mean(axis=(1, 3))
    return reduced


def _to_uint8(values: Array) -> Pixels:
    if not np.isfinite(values).all():
        raise NotFiniteError(message("the enlarged picture"), "float32")
    return (values.clip(0, 1) * 255).round().astype(np.uint8)
