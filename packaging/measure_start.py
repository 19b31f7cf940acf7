"""Measures the time from starting a command to its window on the screen, under a virtual display (Linux).

Usage: python packaging/measure_start.py COMMAND...      for example: dist/sana-studio/sana-studio
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence

RUNS = 5
TIMEOUT = 120.0
NEEDED = {"Xvfb": "xvfb", "xdotool": "xdotool"}
"""The tools, and the Debian packages that have them."""


def missing_tools() -> list[str]:
    """The Debian packages to install before anything can be measured."""
    return [package for tool, package in NEEDED.items() if not shutil.which(tool)]


@contextlib.contextmanager
def virtual_display() -> Iterator[str]:
    """The name of a display that nobody sees, while the context lasts."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        # Without -noreset it starts anew when its last client goes, and refuses who comes in that moment.
        ["Xvfb", "-noreset", "-displayfd", str(writing), "-screen", "0", "1600x1000x24"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()  # written once the display is ready
        if not number:
            raise RuntimeError(f"Xvfb ended with {server.wait()}")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def seconds_to_window(command: Sequence[str], display: str, variables: Mapping[str, str] | None = None) -> float:
    """Start the command with a home of its own; the seconds until a window with the app's title can be seen.

    Args:
        variables: the command's environment, if not this process's; the display and the home are added.

    Raises:
        RuntimeError: it ended, or no window came.
    """
    with tempfile.TemporaryDirectory() as home:
        environment = {**(os.environ if variables is None else variables), "DISPLAY": display, "SANA_STUDIO_HOME": home}
        environment.pop("QT_QPA_PLATFORM", None)
        environment.pop("WAYLAND_DISPLAY", None)
        started = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while time.monotonic() - started < TIMEOUT:
                if process.poll() is not None:
                    raise RuntimeError(f"{command[0]} ended with {process.returncode} before its window was there")
                search = ["xdotool", "search", "--onlyvisible", "--name", "^Sana Studio$"]
                if subprocess.run(search, env=environment, capture_output=True, check=False).returncode == 0:
                    return time.monotonic() - started
                time.sleep(0.01)
            raise RuntimeError(f"{command[0]} showed no window in {TIMEOUT:.0f} s")
        finally:
            process.terminate()
            process.wait()


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 1
    if missing := missing_tools():
        print(f"measure_start.py: please install {' and '.join(missing)}", file=sys.stderr)
        return 1
    if not shutil.which(command[0]):
        print(f"measure_start.py: there is no program {command[0]}", file=sys.stderr)
        return 1
    try:
        with virtual_display() as display:
            times = [seconds_to_window(command, display) for _ in range(RUNS)]
    except RuntimeError as error:
        print(f"measure_start.py: {error}", file=sys.stderr)
        return 1
    shown = ", ".join(f"{seconds:.2f}" for seconds in times)
    print(f"{command[0]}: first {times[0]:.2f} s, median {statistics.median(times):.2f} s (of {shown})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
