"""What only a debugger reads stays out of the bundle."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import av._core
import pytest

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("strip") is None, reason="needs Linux and binutils"
)


def test_pyavs_modules_lose_it_and_still_load(build_module: Callable[[str], ModuleType], tmp_path: Path) -> None:
    core = Path(av._core.__file__)
    others = [("numpy/core.so", "/somewhere/core.so", "EXTENSION")]
    (target, copy, kind), *rest = build_module("debug_info").without_debug_info(
        [(f"av/{core.name}", str(core), "EXTENSION"), *others], tmp_path
    )
    assert (target, kind, rest) == (f"av/{core.name}", "EXTENSION", others)
    assert Path(copy).stat().st_size < core.stat().st_size / 2
    code = f"import ctypes; ctypes.CDLL({copy!r})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"LD_LIBRARY_PATH": str(core.parents[1] / "av.libs")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
