"""The start as a person does it: real processes, without a display."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import cli, main
from app.cli.parser import make_parser
from app.composition import open_session
from app.library.pictures import images


def start(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments], capture_output=True, text=True, timeout=300,
        env={**environment, "SANA_STUDIO_HOME": str(home)},
    )  # fmt: skip


def test_without_a_display_the_window_drives_itself_through_the_main_job(home: Path) -> None:
    done = start(home)
    assert done.returncode == 0, done.stderr
    told = dict(line.split(":", 1) for line in done.stdout.splitlines() if line.startswith(("Picture:", "Screenshot:")))
    picture = images.read(Path(told["Picture"].strip()))
    assert picture.prompt == "a red sailboat on the sea at sunset"
    assert images.decode(picture.path).std() > 10
    screenshot = images.read(Path(told["Screenshot"].strip()))
    assert (screenshot.width, screenshot.height) == (1280, 800)


def test_a_file_called_like_a_command_does_not_hide_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "doctor").touch()
    monkeypatch.chdir(tmp_path)
    asked: list[list[str]] = []
    monkeypatch.setattr(cli, "main", lambda arguments: asked.append(list(arguments)) or 0)
    assert main.main(["doctor"]) == 0
    assert asked == [["doctor"]]


def test_every_command_is_known_at_the_start() -> None:
    actions = next(
        action for action in make_parser(open_session())._actions if isinstance(action, argparse._SubParsersAction)
    )
    assert tuple(sorted(main.COMMANDS)) == tuple(sorted(actions.choices))


def test_the_version_and_unknown_words(home: Path) -> None:
    assert start(home, "--version").stdout.startswith("Sana Studio ")
    done = start(home, "paint")
    assert done.returncode == 2
    assert "invalid choice" in done.stderr
