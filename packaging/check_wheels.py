"""Proves that the pinned packages for macOS can be bundled: each is there as a wheel for Apple silicon and macOS 14,
and the wheels carry the files that the bundle needs. Reads only the wheels' tables of contents. Needs the network.

Usage: python packaging/check_wheels.py
"""

from __future__ import annotations

import fnmatch
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
from bundle_parts import belongs

LOCK = Path(__file__).resolve().parent / "locks" / "macos-arm64.txt"
SYSTEM = "macosx_14_0_arm64"
PYTHONS = ("3.11", "3.12", "3.13")

QT_MODULES = ("Core", "Gui", "Widgets", "Svg", "Network", "Test")
NEEDED = {
    "mlx": ("mlx/core.cpython-*-darwin.so", "mlx/nn/__init__.py"),
    "mlx-metal": ("mlx/lib/mlx.metallib", "mlx/lib/libmlx.dylib"),
    "mlx-lm": ("mlx_lm/models/gemma2.py",),
    "torch": ("torch/lib/libtorch_cpu.dylib", "torch/lib/libtorch_python.dylib", "torch/lib/libc10.dylib",
              "torch/_C.cpython-*-darwin.so", "torch/bin/torch_shm_manager"),
    "diffusers": (
        "diffusers/models/transformers/sana_transformer.py", "diffusers/models/autoencoders/autoencoder_dc.py",
        "diffusers/models/transformers/transformer_sana_video.py",
        "diffusers/models/autoencoders/autoencoder_kl_wan.py", "diffusers/models/autoencoders/autoencoder_kl_ltx2.py",
    ),
    "transformers": ("transformers/models/gemma2/modeling_gemma2.py",),
    "tokenizers": ("tokenizers/tokenizers.abi3.so",),
    "safetensors": ("safetensors/_safetensors_rust*.so",),
    "pyside6-essentials": (
        *(f"PySide6/Qt{name}.*so" for name in QT_MODULES),
        *(f"PySide6/Qt/lib/Qt{name}.framework/*Qt{name}" for name in QT_MODULES),
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib", "PySide6/Qt/plugins/platforms/libqoffscreen.dylib",
        "PySide6/Qt/plugins/styles/libqmacstyle.dylib", "PySide6/Qt/plugins/iconengines/libqsvgicon.dylib",
        "PySide6/Qt/plugins/imageformats/libqjpeg.dylib", "PySide6/Qt/plugins/imageformats/libqwebp.dylib",
        "PySide6/Qt/plugins/imageformats/libqsvg.dylib", "PySide6/Qt/translations/qtbase_zh_CN.qm",
    ),
    "av": ("av/_core.abi3.so", "av/.dylibs/libavcodec.*.dylib", "av/.dylibs/libavformat.*.dylib"),
    "pyobjc-core": ("objc/_objc.cpython-*-darwin.so",),
    "pyobjc-framework-cocoa": ("Foundation/__init__.py",),
    "pyobjc-framework-usernotifications": ("UserNotifications/__init__.py",),
    "keyring": ("keyring/backends/macOS/__init__.py",),
}  # fmt: skip
"""Files that the app loads by their place, by package; patterns as in a shell."""


class RemoteFile(io.RawIOBase):
    """A file on a web server, read piece by piece."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(follow_redirects=True, timeout=60)
        self._address = address
        self._size = int(self._client.head(address).raise_for_status().headers["Content-Length"])
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        return self._place

    def close(self) -> None:
        self._client.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        last = min(self._place + len(buffer), self._size) - 1
        if last < self._place:
            return 0
        answer = self._client.get(self._address, headers={"Range": f"bytes={self._place}-{last}"})
        if answer.status_code != httpx.codes.PARTIAL_CONTENT:
            raise OSError(f"{self._address}: the server sends no part of a file")
        buffer[: len(answer.content)] = answer.content
        self._place += len(answer.content)
        return len(answer.content)


def wheels(python: str) -> dict[str, str]:
    """The address of each pinned package's wheel, by the package's name. Raises CalledProcessError if one has none."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed", "--no-deps",
            "--only-binary", ":all:", "--platform", SYSTEM, "--implementation", "cp", "--python-version", python,
            "--target", folder, "--report", str(report), "--requirement", str(LOCK), "--disable-pip-version-check",
        ]  # fmt: skip
        # Whatever constraints this machine puts on its own installations do not matter for a Mac.
        subprocess.run(command, check=True, env={**os.environ, "PIP_CONSTRAINT": os.devnull})
        entries = json.loads(report.read_text())["install"]
    return {
        entry["metadata"]["name"].lower().replace("_", "-").replace(".", "-"): entry["download_info"]["url"]
        for entry in entries
    }


def files_in(address: str) -> list[str]:
    """The names of the files in a wheel."""
    parts = urlsplit(address)
    raw = io.FileIO(unquote(parts.path)) if parts.scheme == "file" else RemoteFile(address)
    with io.BufferedReader(raw) as source, zipfile.ZipFile(source) as wheel:
        return wheel.namelist()


def missing_files(package: str, names: list[str]) -> list[str]:
    """What of `NEEDED` a wheel lacks, or what bundle_parts would leave out."""
    return [
        pattern
        for pattern in NEEDED[package]
        if not any(fnmatch.fnmatchcase(name, pattern) and belongs(name) for name in names)
    ]


def main() -> int:
    for python in PYTHONS:
        try:
            found = wheels(python)
        except subprocess.CalledProcessError:
            print(f"FAILED: not every package in {LOCK.name} is there for Python {python} on {SYSTEM}", file=sys.stderr)
            return 1
        print(f"Python {python}: all {len(found)} packages are there for {SYSTEM}", flush=True)
    lacking = 0
    for package in NEEDED:
        names = files_in(found[package])
        missing = missing_files(package, names)
        lacking += len(missing)
        print(
            f"{found[package].rsplit('/', 1)[-1]}: {f'LACKS {missing}' if missing else f'{len(NEEDED[package])} found'}"
        )
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
