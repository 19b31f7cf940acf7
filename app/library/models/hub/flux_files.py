"""Which files of a repository FLUX and Z-Image need: of one in diffusers layout, or of one that mflux packed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.core.errors import UserError
from app.core.families.flux import FAMILIES
from app.core.message import message
from app.library.models.checkpoint.checkpoint import MODEL_INDEX
from app.library.models.checkpoint.flux import PACKED_INDEX, tokenizers_of
from app.library.models.hub.hub import HubFile

_SHARD = re.compile(r"\d+\.safetensors")
_WORDS = re.compile(r"[\w.-]+\.(json|txt|jinja|model)")
"""Files of a tokenizer."""


def is_packed(paths: set[str]) -> bool:
    """Whether a repository with these files was packed by mflux."""
    return f"transformer/{PACKED_INDEX}" in paths


def packed_files(family: str, paths: set[str]) -> list[str]:
    """The weights of each part of a packed repository.

    Raises:
        UserError: a part is missing.
    """
    found: list[str] = []
    for part in FAMILIES[family].architectures:
        index, shards = f"{part}/{PACKED_INDEX}", sorted(_within(paths, part, _SHARD))
        if index not in paths or not shards:
            raise UserError(
                message("The repository lacks the weights of {component}.", component=part),
                message("Look for a newer version of the app; this model's files have changed."),
            )
        found += [index, *shards]
    return found


def descriptions(family: str, paths: set[str]) -> list[str]:
    """What else is needed of a repository in either layout: the tokenizers, and what describes the parts."""
    parts = FAMILIES[family].architectures
    known = [MODEL_INDEX, "scheduler/scheduler_config.json", *(f"{part}/config.json" for part in parts)]
    words = [path for folder in tokenizers_of(family) for path in sorted(_within(paths, folder, _WORDS))]
    return [path for path in known if path in paths] + words


def files_of(names: Sequence[str], files: Sequence[HubFile]) -> tuple[HubFile, ...]:
    """The files with these names."""
    by_path = {file.path: file for file in files}
    return tuple(by_path[name] for name in names)


def _within(paths: set[str], folder: str, pattern: re.Pattern[str]) -> Iterator[str]:
    return (path for path in paths if path.startswith(f"{folder}/") and pattern.fullmatch(path[len(folder) + 1 :]))
