"""The header of a safetensors file: which tensors it holds. Format: https://huggingface.co/docs/safetensors, "Format".

Nothing but the header is read, so many gigabytes are checked in milliseconds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.message import message

DOWNLOAD_AGAIN = message("Download the model again, or choose another folder.")

_MAX_HEADER = 100_000_000  # bytes; the limit of the safetensors library
_MAX_JSON = 32_000_000  # bytes
_BITS = {
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "U16": 16, "I16": 16, "F16": 16, "BF16": 16, "U32": 32, "I32": 32, "F32": 32,
    "U64": 64, "I64": 64, "F64": 64, "C64": 64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """What a safetensors file says of itself.

    Attributes:
        tensors: each one's name and its {"dtype", "shape", "data_offsets"}.
        metadata: free texts by name.
    """

    tensors: Mapping[str, Any]
    metadata: Mapping[str, str]


def read_header(path: Path) -> Header:
    """Read and check a header.

    Raises:
        UserError: the file is not safetensors, or its length is not what the header says.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or not 0 < length <= _MAX_HEADER:
                raise UserError(message("{path} is damaged: it is not a safetensors file.", path=path), DOWNLOAD_AGAIN)
            text = file.read(length)
    except FileNotFoundError:
        raise UserError(message("{path} is missing.", path=path), DOWNLOAD_AGAIN) from None
    except OSError as error:
        raise unreadable(path, error) from None
    if len(text) < length:
        raise UserError(message("{path} is truncated: it ends within its header.", path=path), DOWNLOAD_AGAIN)
    try:
        tensors: dict[str, Any] = json.loads(text)
        metadata = tensors.pop("__metadata__", {})
        _check_metadata(metadata)
        end = _end(sorted(_range(tensor) for tensor in tensors.values()))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UserError(message("{path} is damaged: its header makes no sense.", path=path), DOWNLOAD_AGAIN) from None
    expected = 8 + length + end
    if size < expected:
        raise UserError(
            message(
                "{path} is truncated: {size:,} of {expected:,} bytes are there.",
                path=path,
                size=size,
                expected=expected,
            ),
            DOWNLOAD_AGAIN,
        )
    if size > expected:
        raise UserError(message("{path} is damaged: it is longer than its header says.", path=path), DOWNLOAD_AGAIN)
    return Header(tensors, metadata)


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises UserError where the file is missing, damaged or far too large."""
    try:
        if path.stat().st_size > _MAX_JSON:
            raise UserError(message("{path} is too large for a description file.", path=path), DOWNLOAD_AGAIN)
        values = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UserError(message("{path} is missing.", path=path), DOWNLOAD_AGAIN) from None
    except OSError as error:
        raise unreadable(path, error) from None
    except (ValueError, RecursionError):
        raise UserError(message("{path} is damaged: it is not JSON.", path=path), DOWNLOAD_AGAIN) from None
    if not isinstance(values, dict):
        raise UserError(message("{path} is damaged: it does not describe anything.", path=path), DOWNLOAD_AGAIN)
    return values


def unreadable(path: Path, error: OSError) -> UserError:
    """The message for something of a checkpoint that the system refuses to show."""
    return UserError(
        message("{path} cannot be read: {reason}.", path=path, reason=error.strerror or type(error).__name__),
        message("Check the folder's permissions."),
    )


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError(metadata)


def _range(tensor: dict[str, Any]) -> tuple[int, int]:
    """Where a tensor's bytes begin and end. Raises ValueError, TypeError or KeyError for what is no tensor."""
    start, end = tensor["data_offsets"]
    sides = tensor["shape"]
    if not isinstance(sides, list) or not all(type(number) is int and number >= 0 for number in (start, end, *sides)):
        raise ValueError(tensor)
    if 8 * (end - start) != math.prod(sides) * _BITS[tensor["dtype"]]:
        raise ValueError(tensor)
    return start, end


def _end(ranges: list[tuple[int, int]]) -> int:
    """Where the last of sorted ranges ends. Raises ValueError where there is a gap before one, or they overlap."""
    end = 0
    for start, stop in ranges:
        if start != end:
            raise ValueError(start)
        end = stop
    return end
