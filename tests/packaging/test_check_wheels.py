"""The pins for macOS against the real package index: slow, and only with the network."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture
def check(build_module: Callable[[str], ModuleType]) -> ModuleType:
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


def test_constraints_of_this_machine_do_not_count(check: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONSTRAINT", "/somewhere/constraints.txt")
    seen = {}

    def run(command: list[str], *, check: bool, env: dict[str, str]) -> None:
        seen.update(env)
        Path(command[command.index("--report") + 1]).write_text('{"install": []}')

    monkeypatch.setattr(check.subprocess, "run", run)
    assert check.wheels("3.12") == {}
    assert Path(seen["PIP_CONSTRAINT"]).read_text() == ""


def test_package_that_is_not_there_fails_in_words(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(python: str) -> None:
        raise subprocess.CalledProcessError(1, "pip")

    monkeypatch.setattr(check, "wheels", fail)
    assert check.main() == 1
    assert "not every package" in capsys.readouterr().err


@pytest.fixture
def locks(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs packaging/locks/check.sh with a lock and a stand-in for uv that resolves to the given packages."""

    def run(lock: str, resolved: str | None) -> subprocess.CompletedProcess[str]:
        folder = tmp_path / "packaging" / "locks"
        folder.mkdir(parents=True)
        script = folder / "check.sh"
        script.write_text((PACKAGING / "locks" / "check.sh").read_text())
        (folder / "macos-arm64.txt").write_text(lock)
        if resolved is not None:
            uv = tmp_path / ".venv" / "bin" / "uv"
            uv.parent.mkdir(parents=True)
            uv.write_text(f"#!/bin/sh\nprintf '{resolved}'\n")
            uv.chmod(0o755)
        return subprocess.run(["sh", str(script)], capture_output=True, text=True, check=False)

    return run


def test_whole_lock_resolves(locks: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = locks("# pins\nmlx==1.0\nnumpy==2.0\nbackports==3.0\n", "mlx==1.0\\nnumpy==2.0\\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("resolves") == 3


def test_package_without_its_pin_is_named(locks: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = locks("# pins\nmlx==1.0\n", "mlx==1.0\\nnumpy==2.0\\n")
    assert done.returncode == 1
    assert "numpy==2.0" in done.stderr
    assert "mlx==1.0" not in done.stderr


def test_check_of_the_lock_needs_the_environment(locks: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = locks("mlx==1.0\n", None)
    assert done.returncode == 1
    assert "make setup" in done.stderr


@pytest.mark.slow
def test_every_pinned_package_and_file_is_there_for_a_mac(
    check: ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = [sys.executable, "-m", "pip", "download", "--no-deps", "--retries", "0", "--dest", str(tmp_path), "idna"]
    if subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("there is no network")
    assert check.main() == 0, capsys.readouterr().out
