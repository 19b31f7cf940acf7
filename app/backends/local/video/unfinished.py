"""Clips that were not finished: what their last step left is kept on disk, for they take minutes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from app.core.request import GenerationRequest
from app.diffusion.model import Array
from app.diffusion.sampler import Reached
from app.library import paths
from app.library.files import replace_file

log = logging.getLogger(__name__)

MOST = 20
"""Clips that are kept; each takes some megabytes."""
MOST_SECONDS = 30 * 24 * 3600
"""What nobody went on with in a month is removed."""

_MARGIN = 2**16  # of a file besides its numbers


class UnfinishedClip:
    """Where one clip stands. Whoever generates the same clip again goes on from there, after a quit or a crash, too.

    Args:
        request: resolved, of this one clip.
        computed: what else its numbers depend on: the checkpoint's files, the device, the precision, the first frame.
        shape: of its latents, (1, C, t, h, w).
    """

    def __init__(self, request: GenerationRequest, computed: Mapping[str, Any], shape: tuple[int, ...]) -> None:
        # The noise is that of the seed; how fast it plays and what is drafted with it changes no number.
        same = request.replace(count=1, fps=None, whole=None, template="", style="").to_json()
        text = json.dumps([same, dict(computed)], sort_keys=True, default=str)
        self._shape, self._steps = shape, request.steps or 0
        self._path = folder() / f"{hashlib.sha256(text.encode()).hexdigest()}.safetensors"

    def reached(self) -> Reached | None:
        """Where it stands; None where it was not begun, or what was kept cannot be used."""
        try:
            if self._path.stat().st_size > 2 * 4 * int(np.prod(self._shape)) + _MARGIN:
                return None
            values = load(self._path.read_bytes())
            step, latents, before = int(values["step"][0]), values["latents"], values.get("before")
        except FileNotFoundError:
            return None
        except (OSError, SafetensorError, KeyError, ValueError, IndexError) as error:
            log.warning("An unfinished clip cannot be gone on with: %s", error)
            return None
        if not 1 <= step <= self._steps or not all(each is None or self._fits(each) for each in (latents, before)):
            return None
        return Reached(step, latents, before)

    def keep(self, reached: Reached) -> None:
        """Keep where it stands. A disk that refuses does not end the work."""
        values = {"step": np.array([reached.step], np.int32), "latents": np.ascontiguousarray(reached.latents)}
        if reached.before is not None:
            values["before"] = np.ascontiguousarray(reached.before)
        try:
            replace_file(self._path, save(values))
        except OSError as error:
            log.warning("Where the clip stands could not be kept: %s", error)

    def drop(self) -> None:
        """It is finished."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _fits(self, latents: Array) -> bool:
        return latents.shape == self._shape and latents.dtype == np.float32 and bool(np.isfinite(latents).all())


def folder() -> Path:
    """Where they are kept."""
    return paths.cache() / "unfinished"


def remove_old() -> None:
    """Remove what nobody went on with for long, and all but the newest."""
    with contextlib.suppress(OSError):
        found = sorted(((path.stat().st_mtime, path) for path in folder().glob("*.safetensors")), reverse=True)
        for place, (changed, path) in enumerate(found):
            if place >= MOST or changed < time.time() - MOST_SECONDS:
                path.unlink(missing_ok=True)
