"""How long a window takes, measured under a real virtual display with a stand-in for the app."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.setWindowTitle(sys.argv[1])
window.show()
app.exec()
"""


@pytest.fixture
def measure(build_module: Callable[[str], ModuleType]) -> ModuleType:
    return build_module("measure_start")


def test_missing_tools_are_named(
    measure: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert measure.main(["anything"]) == 1
    assert "please install xvfb and xdotool" in capsys.readouterr().err


def test_missing_program_is_named(
    measure: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measure, "missing_tools", list)
    assert measure.main(["/nowhere/sana-studio"]) == 1
    assert "no program /nowhere/sana-studio" in capsys.readouterr().err


@pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool")
class TestUnderADisplay:
    def test_window_is_seen(self, measure: ModuleType) -> None:
        with measure.virtual_display() as display:
            assert measure.seconds_to_window([sys.executable, "-c", WINDOW, "Sana Studio"], display) > 0

    def test_window_of_another_title_does_not_count(self, measure: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(measure, "TIMEOUT", 3.0)
        with (
            measure.virtual_display() as display,
            pytest.raises(RuntimeError, match="no window"),
        ):
            measure.seconds_to_window([sys.executable, "-c", WINDOW, "Another"], display)

    def test_program_that_ends_early_is_told(self, measure: ModuleType) -> None:
        with measure.virtual_display() as display, pytest.raises(RuntimeError, match="ended with 3"):
            measure.seconds_to_window(["sh", "-c", "exit 3"], display)
