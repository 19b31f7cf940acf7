"""The pins for macOS against the real package index: slow, and only with the network."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture
def check(build_module: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(PACKAGING), *sys.path])
    return build_module("check_wheels")


def test_wheel_without_the_metallib_is_found_out(check: ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "mlx_metal-1.0-py3-none-macosx_14_0_arm64.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("mlx/lib/libmlx.dylib", "")
    assert check.missing_files("mlx-metal", check.files_in(wheel.as_uri())) == ["mlx/lib/mlx.metallib"]


def test_file_that_the_spec_would_leave_out_counts_as_missing(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(check.NEEDED, "torch", ("torch/bin/protoc",))
    assert check.missing_files("torch", ["torch/bin/protoc"]) == ["torch/bin/protoc"]


@pytest.mark.slow
def test_every_pinned_package_and_file_is_there_for_a_mac(
    check: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    httpx = pytest.importorskip("httpx")
    try:
        httpx.head("https://pypi.org/simple/", timeout=5)
    except httpx.HTTPError:
        pytest.skip("there is no network")
    assert check.main() == 0, capsys.readouterr().out
