"""Checkpoints by their folders, which are read again only after a change: the window asks often."""

from __future__ import annotations

import os
from pathlib import Path

from app.core.catalog import ModelSpec
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint

Stamp = tuple[tuple[str, int, int], ...]
"""Path, time of change in ns and size of each file."""


class CheckpointReader:
    """Remembers what it has read. Safe to use from several threads."""

    def __init__(self) -> None:
        self._read: dict[tuple[Path, str], tuple[Stamp, Checkpoint]] = {}

    def open(self, folder: Path, spec: ModelSpec) -> Checkpoint:
        """As `open_checkpoint`. Raises UserError."""
        stamp = _stamp(folder)
        known = self._read.get((folder, spec.id))
        if stamp and known is not None and known[0] == stamp:
            return known[1]
        checkpoint = open_checkpoint(folder, spec)
        self._read[folder, spec.id] = stamp, checkpoint
        return checkpoint


def _stamp(folder: Path) -> Stamp:
    """How the files of a checkpoint look now; empty where that cannot be seen."""
    found: list[tuple[str, int, int]] = []
    folders = [str(folder)]
    try:
        while folders:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir():
                        folders.append(entry.path)
                    else:
                        status = entry.stat()
                        found.append((entry.path, status.st_mtime_ns, status.st_size))
    except OSError:
        return ()
    return tuple(sorted(found))
