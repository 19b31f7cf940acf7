"""Writes resources/selftest/references.safetensors: what the starter model gives in torch, float32, on the processor.

Run it again whenever the starter model was trained anew.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")  # sums in one order, whatever the machine

from app.backends.selftest.references import make_references  # noqa: E402
from app.core.catalog import load_catalog  # noqa: E402
from app.library.models.checkpoint.checkpoint import open_checkpoint  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "resources" / "starter")
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "selftest" / "references.safetensors")
    options = parser.parse_args()
    catalog = load_catalog((ROOT / "resources" / "catalog.toml").read_text(encoding="utf-8"))
    references = make_references(open_checkpoint(options.model, catalog["starter"]))
    references.save(options.out)
    options.out.chmod(0o644)  # safetensors writes files for their owner alone
    print(f"{options.out}: {len(references.values)} outputs, {options.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
