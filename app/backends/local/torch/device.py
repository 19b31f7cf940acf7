"""The device: which there is, what it computes best in, and its memory."""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import platform
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.library import machine

SAFE_ON_A_MAC = (2, 14)
"""The first torch whose bfloat16 works on all of macOS: 2.13 aborts in its linear layers on macOS 27."""


def import_torch() -> Any:
    if sys.platform == "darwin":
        # Operators that Apple's GPU lacks run on the processor. torch reads this when it is imported.
        os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")
    with _own_symbols():
        import torch

    return torch


@contextlib.contextmanager
def _own_symbols() -> Iterator[None]:
    """Libraries loaded meanwhile keep to their own matrix product.

    The OpenBLAS that MLX needs on Linux is loaded for all to see. torch, imported after it, would use that instead of
    its own MKL: seen to make it four times slower.
    """
    if sys.platform != "linux" or "mlx.core" not in sys.modules:
        yield
        return
    flags = sys.getdlopenflags()
    sys.setdlopenflags(flags | os.RTLD_DEEPBIND)
    try:
        yield
    finally:
        sys.setdlopenflags(flags)


def likely_device() -> str:
    """The device that torch will find, judged without importing it."""
    if sys.platform == "darwin":
        return "mps" if platform.machine() == "arm64" else "cpu"
    return "cuda" if Path("/proc/driver/nvidia/version").exists() and "cpu" not in _build() else "cpu"


@functools.cache
def _build() -> str:
    import importlib.metadata

    return importlib.metadata.version("torch")


def best_device(torch: Any) -> str:
    if torch.backends.mps.is_available():
        return "mps"
    return "cuda" if torch.cuda.is_available() else "cpu"


def best_precision(torch: Any, device: str) -> str:
    """bfloat16 where the GPU computes with it; the processor is faster, and exact, in float32."""
    if device == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    if device == "mps":
        version = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
        return "bfloat16" if version >= SAFE_ON_A_MAC else "float32"
    return "float32"


def dtypes(torch: Any, precision: str) -> tuple[Any, Any, Any]:
    """The types of transformer, text encoder and autoencoder.

    Never float16: Gemma and the autoencoder overflow in it, and give NaN or a grey picture. The autoencoder stays in
    float32: it runs once for each picture and decides its fine detail.
    """
    kind = {"float32": torch.float32, "bfloat16": torch.bfloat16}[precision]
    return kind, kind, torch.float32


def total_memory(device: str) -> int:
    """All the bytes that a device has."""
    import torch

    if device == "cuda":
        return int(torch.cuda.get_device_properties(0).total_memory)
    return machine.total_memory()


def used_memory(device: str) -> int:
    """Bytes: of the GPU, at most on cuda and now on mps. On the processor of the process, since that began."""
    import torch

    if device == "cuda":
        return int(torch.cuda.max_memory_allocated())
    if device == "mps":
        return int(torch.mps.driver_allocated_memory())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def empty_cache(device: str) -> None:
    """Give memory that nothing holds any more back to the system."""
    import torch

    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()
    machine.return_freed_memory()
