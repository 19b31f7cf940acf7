"""Models of the catalog that rest in few bits, their originals given back: a folder of the app's for each."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from app.core.catalog import ModelSpec
from app.library import paths
from app.library.files import TEMPORARY_PREFIX, this_machine
from app.library.models.checkpoint.checkpoint import DESCRIPTIONS, Checkpoint, open_checkpoint

Write = Callable[[Checkpoint, Path], None]
"""Writes the packed weights of a checkpoint's parts into the same parts of a folder."""


def compact_folder(spec: ModelSpec) -> Path:
    """Where a model's packed weights are, with its descriptions."""
    return compact_home() / spec.id


def compact_home() -> Path:
    """The folder of these folders."""
    return paths.home() / "compact"


def compact_models() -> frozenset[str]:
    """The ids in lower case of all the models that may have such a folder."""
    try:
        return frozenset(name.lower() for name in os.listdir(compact_home()))  # noqa: PTH208 - names alone
    except OSError:
        return frozenset()


def write_compact(spec: ModelSpec, checkpoint: Checkpoint, write: Write) -> None:
    """Write a model anew in few bits, and check what was written. The originals are not touched.

    Raises:
        UserError: what was written cannot be read.
        OSError: the disk refuses.
    """
    folder = compact_folder(spec)
    part = folder.with_name(f"{TEMPORARY_PREFIX}{this_machine()}-{os.getpid()}-{uuid.uuid4().hex}")
    try:
        for name in DESCRIPTIONS:
            source, target = checkpoint.folder / name, part / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.exists():
                shutil.copyfile(source, target)
        write(checkpoint, part)
        open_checkpoint(part, spec)
        if folder.exists():
            shutil.rmtree(folder)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def size_of(spec: ModelSpec) -> int:
    """Bytes that would be free without a model's folder: what no other model shares."""
    return sum(file.stat().st_size for file in _own(spec))


def remove_compact(spec: ModelSpec) -> int:
    """Delete a model's folder, where it has one, and what the cache keeps of it. Returns the bytes freed.

    Raises:
        OSError: the disk refuses.
    """
    own = _own(spec)
    freed = sum(file.stat().st_size for file in own)
    for link in (link for links in own.values() for link in links):
        link.unlink()
    if compact_folder(spec).exists():
        shutil.rmtree(compact_folder(spec))
    return freed


def _own(spec: ModelSpec) -> dict[Path, list[Path]]:
    """The files that only a model's folder has, each with its links in the cache of converted weights."""
    cached = [path for path in (paths.cache() / "mlx").glob("*.safetensors") if path.is_file()]
    found = [path for path in compact_folder(spec).rglob("*") if path.is_file()]
    links = {file: [path for path in cached if path.samefile(file)] for file in found}
    return {file: same for file, same in links.items() if file.stat().st_nlink == 1 + len(same)}
