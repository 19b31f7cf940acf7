"""`make setup` with stand-ins for Python, pip's network and apt: what it says where something is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="apt and ldconfig are Linux's")

Program = Callable[[str, str], None]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    (folder / "packaging" / "locks").mkdir(parents=True)
    for name in (
        "pyproject.toml",
        "packaging/setup.sh",
        "packaging/system_libraries.sh",
        "packaging/locks/linux.txt",
        "packaging/locks/alone.txt",
    ):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Puts a shell script first on the PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def write(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return write


def setup(checkout: Path, python: str) -> tuple[int, str]:
    done = subprocess.run(["sh", "packaging/setup.sh", python], cwd=checkout, capture_output=True, text=True)
    return done.returncode, done.stderr


def libraries(checkout: Path) -> tuple[int, str]:
    done = subprocess.run(["sh", "packaging/system_libraries.sh"], cwd=checkout, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("script", "says"), [("echo 3.10", "is 3.10"), ("echo 3.14", "is 3.14"), ("exit 1", "does not run"), (None, "no ")]
)
def test_a_python_that_will_not_do_gets_one_line(
    checkout: Path, program: Program, script: str | None, says: str
) -> None:
    if script is not None:
        program("somepython", script)
    status, printed = setup(checkout, "somepython")
    assert status == 1
    assert "needs Python 3.11, 3.12 or 3.13" in printed
    assert says in printed
    assert printed.count("\n") == 1
    assert not (checkout / ".venv").exists()


def test_a_python_that_cannot_make_environments_leaves_none_behind(checkout: Path, program: Program) -> None:
    program("ldconfig", "exit 0")
    program("apt-get", "exit 0")
    program("sudo", "exit 0")
    program("somepython", 'case "$*" in *venv*) mkdir -p .venv/bin; exit 1 ;; *) echo 3.12 ;; esac')
    status, printed = setup(checkout, "somepython")
    assert status == 1
    assert "install python3.12-venv" in printed
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("works", [True, False])
def test_an_environment_that_was_interrupted_is_made_anew(checkout: Path, program: Program, works: bool) -> None:
    """The new one's Python is a stand-in whose pip works, or is offline."""
    for name in ("ldconfig", "apt-get", "sudo"):
        program(name, "exit 0")
    inner = f'case "$*" in *"import pip"*) echo 3.12 ;; *) echo "$@" >>pip.log; exit {int(not works)} ;; esac'
    program(
        "somepython",
        "case \"$*\" in *venv*) mkdir -p .venv/bin; printf '#!/bin/sh\\n%s\\n' "
        f"'{inner}' >.venv/bin/python; chmod +x .venv/bin/python; touch .venv/new ;; *) echo 3.12 ;; esac",
    )
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to("/nonexistent/python")
    (checkout / ".venv" / ".ready").write_text("anything")
    status, printed = setup(checkout, "somepython")
    assert (checkout / ".venv" / "new").exists()
    assert "--requirement packaging/locks/linux.txt" in (checkout / "pip.log").read_text()
    assert (status == 0) is works
    assert ("The packages could not be installed" in printed) is not works


def test_missing_libraries_are_installed_where_that_is_allowed(checkout: Path, program: Program) -> None:
    program("ldconfig", "exit 0")
    program("id", "echo 1000")
    program("sudo", '[ "$1" = -n ] && exit 0; echo "sudo $*" >>sudo.log; "$@"')
    program("apt-get", 'echo "$DEBIAN_FRONTEND $*" >>apt.log; [ "$1" = install ]')
    assert libraries(checkout)[0] == 0, "a source of packages that cannot be updated need not be the one"
    update, install = (checkout / "apt.log").read_text().splitlines()
    assert "update" in update
    assert install.startswith("noninteractive install -y --no-install-recommends libegl1 ")


@pytest.mark.parametrize(("user", "command"), [(1000, "sudo apt-get install"), (0, "apt-get install")])
def test_else_the_exact_command_is_told(checkout: Path, program: Program, user: int, command: str) -> None:
    program("ldconfig", "exit 0")
    program("id", f"echo {user}")
    program("sudo", "exit 1")
    program("apt-get", "exit 100")
    status, printed = libraries(checkout)
    assert status == 1
    line = next(line for line in printed.splitlines() if line.startswith("  "))
    assert f"&& {command} -y --no-install-recommends" in line
    assert ("sudo" in line) is (user != 0)
