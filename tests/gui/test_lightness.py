"""The window's process stays light: what computes pictures lives in another one."""

from __future__ import annotations

import subprocess
import sys

SHOW = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication([])
from tests.gui.doubles import make_engine
from app.ui.main_window import MainWindow
engine = make_engine()
window = MainWindow(engine)
window.show()
app.processEvents()
window.open_settings()
app.processEvents()
heavy = {"torch", "mlx", "diffusers", "transformers", "huggingface_hub", "replicate"}
print("heavy:", sorted(heavy & set(sys.modules)))
window.close()
engine.shutdown()
"""


def test_nothing_heavy_is_imported_by_the_window() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "heavy: []" in done.stdout
