"""The trainers are scripts beside each other, not a package: their folder goes on the path while these tests run."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "starter_model"))
