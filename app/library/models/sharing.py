"""Which models have parts in common on the disk: NVIDIA's mostly have the same text encoder and autoencoder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.library.models.model import Model
from app.library.models.weights.weights import STEMS


@dataclass(frozen=True, slots=True)
class Shared:
    """A part that takes its place on the disk once for several models.

    Attributes:
        part: "text_encoder", "vae" or "transformer".
        size: bytes of its weights.
        models: the names of the models, in their order.
    """

    part: str
    size: int
    models: tuple[str, ...]


def shared_parts(models: Iterable[Model]) -> list[Shared]:
    """What several of the models have in common, the largest first. Files that are gone count as nothing."""
    found: dict[tuple[str, frozenset[tuple[int, int]]], list[str]] = {}
    sizes: dict[tuple[str, frozenset[tuple[int, int]]], int] = {}
    for model in models:
        if model.checkpoint is None:
            continue
        for part in STEMS:
            try:
                stats = [path.stat() for path in model.checkpoint.weight_files(part)]
            except OSError:
                continue
            key = part, frozenset((stat.st_dev, stat.st_ino) for stat in stats)
            found.setdefault(key, []).append(model.name)
            sizes[key] = sum(stat.st_size for stat in stats)
    several = (Shared(key[0], sizes[key], tuple(names)) for key, names in found.items() if len(names) > 1)
    return sorted(several, key=lambda shared: -shared.size)
