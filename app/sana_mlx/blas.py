"""On Linux, a faster matrix product for MLX's CPU build. Imports nothing of MLX."""

from __future__ import annotations

import ctypes
import sys


def load_openblas() -> bool:
    """Load OpenBLAS before MLX is imported; True where nothing slower is left.

    The Linux wheel links the reference BLAS. Where the system has OpenBLAS (Debian: libopenblas0-pthread), loading it
    first makes its symbols win: about twenty times faster. On macOS there is nothing to do.
    """
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libopenblas.so.0", ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True
