"""The trainers are scripts beside each other, not a package: their folders go on the path while these tests run."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for folder in ("starter_model", "starter_video"):
    sys.path.insert(0, str(ROOT / "packaging" / folder))
