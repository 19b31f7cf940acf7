"""The names that the desktop knows the app by."""

from __future__ import annotations

import os
import re
import subprocess
import sys


def test_the_path_of_the_badge_on_d_bus_has_no_space() -> None:
    """Qt makes it of the application's name; D-Bus closes the connection of who sends a wrong one."""
    code = (
        "from app.window import application; app = application();"
        "print(app.applicationName()); print(app.applicationDisplayName())"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    name, shown = done.stdout.splitlines()
    assert re.fullmatch("[A-Za-z0-9_]+", name)
    assert shown == "Sana Studio"
