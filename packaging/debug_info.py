"""Leaves out what only a debugger reads: PyAV's modules for Linux carry five times their size of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

PACKAGES = ("av/",)
"""How the places in the bundle begin of what is known to carry such information."""


def without_debug_info(binaries: list[tuple[str, str, str]], folder: Path) -> list[tuple[str, str, str]]:
    """The binaries, those of `PACKAGES` replaced by copies in `folder`, which is made; where binutils are missing, as
    they are.

    Args:
        binaries: (path in the bundle, file, kind) of each.
    """
    strip = shutil.which("strip")
    if strip is None:
        return binaries
    result = []
    for target, file, kind in binaries:
        if target.startswith(PACKAGES):
            copy = folder / target
            copy.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run([strip, "--strip-debug", "-o", str(copy), file], check=True)
            file = str(copy)
        result.append((target, file, kind))
    return result
