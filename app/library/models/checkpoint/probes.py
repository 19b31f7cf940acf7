"""What was measured on checkpoints of which no file tells whether they were trained in float16."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from app.library import paths
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.weights.tensors import FLOAT16_MAX
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)

_SAMPLES = 64
_SAMPLE_BYTES = 4096


class Probes:
    """The largest activation of a transformer's linear attention, by the content of its weight files."""

    def __init__(self) -> None:
        self._stored = SharedJson(paths.cache() / "activations.json")

    def clip(self, checkpoint: Checkpoint) -> bool | None:
        """Whether it was found to be trained in float16; None where it was not measured."""
        largest = self._stored.read_if_possible().get(_content(checkpoint))
        return largest > FLOAT16_MAX if isinstance(largest, int | float) else None

    def remember(self, checkpoint: Checkpoint, largest: float) -> None:
        """Keep what was measured; where the disk refuses, it is measured again."""
        try:
            with self._stored.edit() as stored:
                stored[_content(checkpoint)] = largest
        except OSError as error:
            log.warning("What was measured on %s is not kept: %s", checkpoint.name, error)


def _content(checkpoint: Checkpoint) -> str:
    """The same for the same weights, wherever they lie: their headers and samples from all over the files."""
    digest = hashlib.sha256()
    for path in checkpoint.weight_files("transformer"):
        _add(digest, path)
    return digest.hexdigest()[:32]


def _add(digest: hashlib._Hash, path: Path) -> None:
    size = path.stat().st_size
    digest.update(str(size).encode())
    with path.open("rb") as file:
        start = 8 + int.from_bytes(file.read(8), "little")
        file.seek(0)
        digest.update(file.read(start))
        step = max(_SAMPLE_BYTES, (size - start) // _SAMPLES)
        for place in range(start, size, step):
            file.seek(place)
            digest.update(file.read(_SAMPLE_BYTES))
