"""The values of a safetensors file's tensors as numpy arrays, for what is small or computed with on the processor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from app.library.models.weights.header import Header

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Float32: TypeAlias = "npt.NDArray[np.float32]"

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
"""What can be read, and as what numpy has it; of bfloat16, which numpy lacks, its bits."""


class TensorFile:
    """A safetensors file whose tensors are read one by one.

    Args:
        path: the file.
        header: its own, already checked.
    """

    def __init__(self, path: Path, header: Header) -> None:
        import numpy as np  # it takes a tenth of a second, and most starts need none

        with path.open("rb") as file:
            self._start = 8 + int.from_bytes(file.read(8), "little")
        self._bytes = np.memmap(path, np.uint8, "r")
        self._tensors: Mapping[str, Any] = header.tensors

    def read(self, key: str) -> Float32:
        """A tensor in float32. Raises KeyError where there is none, or its type is none of `TYPES`."""
        import numpy as np

        values = self._tensors[key]
        begin, end = (self._start + offset for offset in values["data_offsets"])
        raw = self._bytes[begin:end].view(TYPES[values["dtype"]])
        if values["dtype"] == "BF16":  # the upper half of a float32
            raw = (raw.astype(np.uint32) << 16).view(np.float32)
        array: Float32 = raw.astype(np.float32).reshape(values["shape"])
        return array
