"""Where a benchmark's processes run: a home of their own, and the app of this checkout."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(home: Path) -> dict[str, str]:
    """The variables of a process whose app keeps everything in `home`."""
    return {"QT_QPA_PLATFORM": "offscreen", **os.environ, "SANA_STUDIO_HOME": str(home), "PYTHONPATH": str(ROOT)}


def compiled(home: Path) -> dict[str, str]:
    """The same for what is measured from its start: Python's files are compiled once, as for a user, wherever this
    runs.
    """
    variables = environment(home)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**variables, "PYTHONPYCACHEPREFIX": str(home / "compiled")}
