"""This machine and what computes on it, for a report that others read: no name of a user, a machine or a path."""

from __future__ import annotations

import contextlib
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from app import __version__
from app.library import machine

PACKAGES = ("mlx", "torch", "diffusers", "transformers", "numpy")


def here() -> dict[str, Any]:
    """The system, the chip, the cores, the memory and the versions; JSON-ready."""
    return {
        "system": platform.system(),
        "system_version": platform.mac_ver()[0] or platform.release(),
        "chip": _processor() or machine.chip(),
        "cores": os.cpu_count(),
        "memory_bytes": machine.total_memory(),
        "versions": _versions(),
    }


def _processor() -> str:
    """Its name on Linux, where `machine.chip` knows the architecture alone."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return ""


def _versions() -> dict[str, str]:
    versions = {"sana-studio": __version__, "python": platform.python_version()}
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return versions
