"""What the back ends on MLX share: the devices that it works on, whatever networks they compute."""

from __future__ import annotations

import contextlib
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.backends.base import GPU_DEVICES, Speed, State, Status
from app.backends.local.backend import LocalBackend
from app.backends.local.kernels import SIDE, VALUES, Kernels
from app.backends.local.packages import lacks
from app.backends.local.words import WORKS_ON
from app.core.message import message, sentences
from app.library import machine
from app.sana_mlx.blas import load_openblas

if TYPE_CHECKING:
    from app.upscaling.upscalers import Enlarge, Upscaler

CUDA_BUILDS = ("mlx-cuda-12", "mlx-cuda-13")
"""What `pip install mlx[cuda12]` or `mlx[cuda13]` brings."""
BY_QUALITY = ("bfloat16", "8bit", "4bit")
"""What "auto" tries on a GPU, until one fits its memory. A processor computes best in float32 and tries that first."""


class OnMLX(LocalBackend):
    """A back end that computes with MLX: on Apple's GPU, on NVIDIA's, or on the processor."""

    precisions = ("float32", "bfloat16", "8bit", "4bit")

    def speed(self, device: str) -> Speed:
        return Speed.FASTEST if device in GPU_DEVICES else Speed.SLOWEST

    def check(self) -> Status:
        if lacking := lacks(self.packages):
            return lacking
        if sys.platform == "darwin":
            if platform.machine() != "arm64":
                return Status(
                    State.UNAVAILABLE,
                    message("MLX needs a Mac with Apple silicon."),
                    message("Choose PyTorch or the cloud."),
                )
            return self.ready(WORKS_ON["mps"], "metal")
        if has_cuda():
            return self.ready(WORKS_ON["cuda"], "cuda")
        status = self.ready(WORKS_ON["cpu"], "cpu")
        if status.ready and not load_openblas():
            return Status(
                State.READY,
                sentences(status.reason, message("Without OpenBLAS it is about twenty times slower than it could be.")),
                sentences(status.remedy, message("On Debian: sudo apt-get install libopenblas0-pthread")),
                "cpu",
            )
        return status

    def open_upscaler(self, upscaler: Upscaler) -> Enlarge:
        """As `Upscales` says."""
        load_openblas()
        import mlx.core as mx

        from app.sana_mlx.upscale import MLXUpscaler

        return MLXUpscaler(upscaler, device_of(mx))

    def kernels(self, device: str, precision: str) -> Kernels:
        load_openblas()
        import mlx.core as mx

        a = mx.random.normal((SIDE, SIDE)).astype(getattr(mx, precision))
        values = mx.zeros((VALUES,))
        return Kernels(lambda: mx.eval(a @ a), lambda: mx.eval(values + 1.0))

    def budget(self) -> int:
        """The bytes that a model may take."""
        return machine.memory_budget(self._settings.get("memory_limit_gb"))


def has_cuda() -> bool:
    """Whether MLX will find an NVIDIA GPU, judged without importing it."""
    if not Path("/proc/driver/nvidia/version").exists():
        return False
    import importlib.metadata

    for name in CUDA_BUILDS:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            return bool(importlib.metadata.version(name))
    return False


def device_of(mx: Any) -> str:
    """What MLX, already imported, computes on: "metal", "cuda" or "cpu"."""
    if mx.metal.is_available():
        return "metal"
    return "cpu" if mx.default_device() == mx.Device(mx.cpu) else "cuda"
