"""Where a benchmark's processes run: a home of their own, and the app of this checkout. And random models for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def write_model(folder: Path, **options: Any) -> None:
    """Write a random checkpoint, in a process of its own: diffusers, which does it, would stay in this one.

    Args:
        options: of `write_checkpoint`, as JSON has them.
    """
    script = (
        "import json, sys; from pathlib import Path; from tests.backends.random_checkpoint import write_checkpoint; "
    )
    script += "write_checkpoint(Path(sys.argv[1]), **json.loads(sys.argv[2]))"
    subprocess.run([sys.executable, "-c", script, str(folder), json.dumps(options)], cwd=ROOT, check=True)
