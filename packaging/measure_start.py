"""Measures the time from starting a command to its window on the screen, under a virtual display (Linux).

Usage: python packaging/measure_start.py COMMAND...      for example: dist/sana-studio/sana-studio
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

RUNS = 5
TIMEOUT = 120.0


def seconds_to_window(command: Sequence[str], display: str) -> float:
    """Start the command with a home of its own; the seconds until a window with the app's title can be seen."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "DISPLAY": display, "SANA_STUDIO_HOME": home}
        environment.pop("QT_QPA_PLATFORM", None)
        environment.pop("WAYLAND_DISPLAY", None)
        started = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while time.monotonic() - started < TIMEOUT:
                if process.poll() is not None:
                    raise SystemExit(f"{command[0]} ended with {process.returncode} before its window was there")
                search = ["xdotool", "search", "--onlyvisible", "--name", "^Sana Studio$"]
                if subprocess.run(search, env=environment, capture_output=True, check=False).returncode == 0:
                    return time.monotonic() - started
                time.sleep(0.01)
            raise SystemExit(f"{command[0]} showed no window in {TIMEOUT:.0f} s")
        finally:
            process.terminate()
            process.wait()


def main(command: list[str]) -> None:
    if not command:
        sys.exit(__doc__)
    display = f":{90 + os.getpid() % 100}"
    server = subprocess.Popen(["Xvfb", display, "-screen", "0", "1600x1000x24"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        times = [seconds_to_window(command, display) for _ in range(RUNS)]
    finally:
        server.terminate()
        server.wait()
    shown = ", ".join(f"{seconds:.2f}" for seconds in times)
    print(f"{command[0]}: first {times[0]:.2f} s, median {statistics.median(times):.2f} s (of {shown})")


if __name__ == "__main__":
    main(sys.argv[1:])
