"""Small pictures of how a latent will look, without the autoencoder: its 32 channels mapped to colours by one matrix.

The matrix belongs to an autoencoder. A checkpoint may bring it as `preview.json`; else it is fitted by least squares to
the first pictures that the autoencoder decodes, and kept, so that previews appear from the second picture on; where the
encoder is at hand, a chart of colours comes before them.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.diffusion.model import Array, Pixels
from app.library import paths
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)

SHIPPED = "preview.json"
ENOUGH_PICTURES = 8
"""After so many pictures the map hardly changes any more."""
LONGEST_SIDE = 256
_RIDGE = 1e-3  # keeps channels that never vary from getting wild weights
_WILD = 1e30  # beyond any weight, and well within a float32
_SENSELESS = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)  # what comes of a damaged file


class LatentPreview:
    """The map from latents to colours of one autoencoder.

    Args:
        checkpoint: whose autoencoder it is.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._joined = checkpoint.joined
        self._channels = checkpoint.latent_channels // self._joined**2
        self._factor = checkpoint.spatial_factor // self._joined
        self._gram = np.zeros((self._channels + 1, self._channels + 1))
        self._moment = np.zeros((self._channels + 1, 3))
        self._pictures = 0
        self._map: Array | None = self._shipped(checkpoint.folder / SHIPPED)
        self._learns = self._map is None
        self._file = SharedJson(paths.cache() / "previews" / f"{_identity(checkpoint)}.json")
        if self._learns:
            self._recall()

    @property
    def known(self) -> bool:
        """Whether there is a map by now."""
        return self._map is not None

    def picture(self, latents: Array) -> Pixels | None:
        """(1, C, h, w) latents to (h, w, 3) pixels, fewer where that is more than 256; None while nothing is known."""
        if self._map is None:
            return None
        latents = self._apart(latents)
        stride = -(-max(latents.shape[2:]) // LONGEST_SIDE)
        columns = np.moveaxis(latents[0, :, ::stride, ::stride], 0, -1)
        colours: Array = columns @ self._map[:-1] + self._map[-1]
        return (colours.clip(0, 1) * 255).round().astype(np.uint8)

    def learn(self, latents: Array, pixels: Pixels) -> None:
        """Fit the map to a finished picture: (1, C, h, w) latents and the (H, W, 3) pixels decoded from them."""
        if not self._learns or self._pictures >= ENOUGH_PICTURES:
            return
        latents = self._apart(latents)
        height, width = latents.shape[2:]
        cells = pixels.reshape(height, self._factor, width, self._factor, 3).mean((1, 3)) / 255
        inputs = np.concatenate([latents[0].reshape(self._channels, -1).T, np.ones((height * width, 1))], axis=1)
        inputs = inputs.astype(np.float64)
        # Each picture counts alike, whatever its size.
        self._gram += inputs.T @ inputs / len(inputs)
        self._moment += inputs.T @ cells.reshape(-1, 3) / len(inputs)
        self._pictures += 1
        self._map = _fitted(self._gram, self._moment, self._pictures)
        self._keep()

    def _apart(self, latents: Array) -> Array:
        """The autoencoder's own latents, where the model's join several of them, side by side."""
        side = self._joined
        if side == 1:
            return latents
        _, _, height, width = latents.shape
        parts = latents.reshape(1, self._channels, side, side, height, width)
        return parts.transpose(0, 1, 4, 2, 5, 3).reshape(1, self._channels, height * side, width * side)

    def _shipped(self, path: Path) -> Array | None:
        try:
            values = json.loads(path.read_bytes())
            return np.concatenate([_numbers(values, "weight", (self._channels, 3)), _numbers(values, "bias", (1, 3))])
        except FileNotFoundError:
            return None
        except (OSError, *_SENSELESS) as error:
            log.warning("%s is not used: %s", path, error)
            return None

    def _recall(self) -> None:
        try:
            values = self._file.read()
            if not values:
                return
            gram = _numbers(values, "gram", self._gram.shape).astype(np.float64)
            moment = _numbers(values, "moment", self._moment.shape).astype(np.float64)
            pictures = int(values["pictures"])
            if not 1 <= pictures <= ENOUGH_PICTURES:
                raise ValueError(f"{pictures} pictures")
            self._map = _fitted(gram, moment, pictures)
        except (OSError, *_SENSELESS) as error:
            log.warning("The preview's file is not used: %s", error)
            return
        self._gram, self._moment, self._pictures = gram, moment, pictures

    def _keep(self) -> None:
        try:
            with self._file.edit() as values:
                values.update(gram=self._gram.tolist(), moment=self._moment.tolist(), pictures=self._pictures)
        except OSError as error:
            log.warning("The preview could not be kept: %s", error)  # previews are a comfort, not worth a failed job


def chart() -> Pixels:
    """A picture (256, 256, 3) of many colours in even patches, by which a map is learned before any picture is made."""
    colours = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    return colours.repeat(32, 0).repeat(32, 1)


def _fitted(gram: npt.NDArray[np.float64], moment: npt.NDArray[np.float64], pictures: int) -> Array:
    """The map that fits best. Raises ValueError where the sums are none of pictures."""
    ridge = _RIDGE * pictures * np.eye(len(gram))
    ridge[-1, -1] = 0
    fitted = np.linalg.solve(gram + ridge, moment)
    if not np.abs(fitted).max() < _WILD:
        raise ValueError("the fit is wild")
    return fitted.astype(np.float32)


def _numbers(values: dict[str, Any], key: str, shape: tuple[int, ...]) -> Array:
    array = np.asarray(values[key], np.float32).reshape(shape)
    if not np.isfinite(array).all():
        raise ValueError(f"{key} is not finite")
    return array


def _identity(checkpoint: Checkpoint) -> str:
    """A name for the autoencoder: checkpoints that share one share its previews."""
    digest = hashlib.sha256(json.dumps(dict(checkpoint.vae), sort_keys=True).encode())
    for path in checkpoint.weight_files("vae"):
        with path.open("rb") as file:
            digest.update(f"{path.stat().st_size}".encode())
            digest.update(file.read(65_536))  # the header, and with small models some weights
            file.seek(-min(65_536, path.stat().st_size), 2)
            digest.update(file.read())
    return digest.hexdigest()[:32]
