"""Tidies up what processes left behind that were killed while they wrote."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from app.library import paths
from app.library.files import TEMPORARY_PREFIX, this_machine
from app.library.pictures.inputs import remove_unused

log = logging.getLogger(__name__)

OLD_SECONDS = 24 * 3600
"""Whoever wrote a file, it is not still being written after so long."""

_TEMPORARY = re.compile(rf"{re.escape(TEMPORARY_PREFIX)}(?:(?P<machine>\w+)-(?P<process>\d+)-)?\w+(?:\.mp4)?")
_CONVERTED = re.compile(r".+?(?:\.(?P<process>\d+))?\.part\.safetensors")
"""Weights that `sana_mlx` was converting, on this machine."""


def tidy_in_background(pictures: Path) -> threading.Thread:
    """Tidy every folder of ours: the app's own with all below it, and that of the pictures with its trash."""

    def tidy(home: Path) -> None:
        remove_leftovers(home, below=True)
        _remove_folders(home / "compact")
        remove_leftovers(pictures)
        remove_leftovers(pictures / ".trash", below=True)
        remove_unused()

    thread = threading.Thread(target=tidy, args=(paths.home(),), name="leftovers", daemon=True)
    thread.start()
    return thread


def remove_leftovers(folder: Path, *, below: bool = False) -> None:
    """Remove half-written files whose process is gone, or that are older than a day.

    Args:
        below: also in the folders below; links are not followed.
    """
    for file in _files(folder, below):
        with contextlib.suppress(OSError):
            if _is_left(file):
                file.unlink()
                log.info("Removed the half-written file %s", file)


def _remove_folders(place: Path) -> None:
    """As `remove_leftovers`, of whole folders that were half-written."""
    for folder in place.glob(f"{TEMPORARY_PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_left(folder):
                shutil.rmtree(folder)
                log.info("Removed the half-written folder %s", folder)


def _files(folder: Path, below: bool) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        if not below:
            folders.clear()
        for name in names:
            if name.startswith(TEMPORARY_PREFIX) or name.endswith(".part.safetensors"):
                yield Path(place, name)


def _is_left(file: Path) -> bool:
    found = _TEMPORARY.fullmatch(file.name)
    machine = found and found["machine"]
    if not found and paths.cache() in file.parents:
        found, machine = _CONVERTED.fullmatch(file.name), this_machine()
    if not found:
        return False
    if file.stat().st_mtime < time.time() - OLD_SECONDS:
        return True
    # A folder may be shared with other machines, whose processes cannot be seen from here.
    return machine == this_machine() and found["process"] is not None and not _runs(int(found["process"]))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
