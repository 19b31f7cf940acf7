"""This machine: its memory and its chip."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
from pathlib import Path

from app.core.memory import budget


def total_memory() -> int:
    """Bytes of memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def available_memory() -> int:
    """Bytes that programs can have without anything being swapped out; all the memory where the system does not say."""
    level = _sysctl("kern.memorystatus_level")  # of a Mac: the share that is free, in per cent
    if level:
        return total_memory() * int(level) // 100
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1])
    return total_memory()


def return_freed_memory() -> None:
    """Give what was freed back to the system: glibc keeps arrays of less than 32 MB for what comes next, in some runs
    more than a GB of them. Nothing happens where there is no glibc.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def unified_memory() -> bool:
    """Whether the GPU shares the machine's memory, as in Apple silicon."""
    return platform.system() == "Darwin" and platform.machine() == "arm64"


def memory_budget(chosen_gb: float = 0.0) -> int:
    """How many bytes a model may take here; `chosen_gb` is the user's own limit, 0 for none."""
    wired = int(_sysctl("iogpu.wired_limit_mb") or 0) * 2**20
    return budget(total_memory(), unified=unified_memory(), wired_limit_bytes=wired, chosen_gb=chosen_gb)


def chip() -> str:
    """The processor's name, e.g. "Apple M4 Pro"."""
    return _sysctl("machdep.cpu.brand_string") or platform.machine()


def _sysctl(name: str) -> str:
    """A value of the Mac's kernel; empty elsewhere, where there is no such name, and where it does not answer."""
    if platform.system() != "Darwin":
        return ""
    import subprocess

    try:
        done = subprocess.run(["/usr/sbin/sysctl", "-n", name], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
