"""The window's process stays light: what computes pictures lives in another one."""

from __future__ import annotations

import ast
import subprocess
import sys

SHOW = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication([])
from tests.gui.doubles import make_engine
from app.ui.main_window import MainWindow
engine = make_engine()
begin = MainWindow._begin
MainWindow._begin = lambda self: (begin(self), print("dressed early:", bool(app.styleSheet())))
window = MainWindow(engine)
print("dressed:", bool(app.styleSheet()))
window.show()
app.processEvents()
window.open_settings()
app.processEvents()
heavy = {"torch", "mlx", "diffusers", "transformers", "huggingface_hub", "replicate"}
print("heavy:", sorted(heavy & set(sys.modules)))
window.close()
engine.shutdown()
"""


START = """
import sys
from tests.benchmarks.startup import CHILD
exec(f"HEAVY = ()\\n{CHILD}".replace("app.exit()", "print('seen:', sorted(sys.modules)); app.exit()"))
"""
LATER = {
    "numpy", "tokenizers", "keyring", "secretstorage", "cryptography", "jeepney", "httpx", "httpx2", "ssl",
    "send2trash", "psutil", "importlib.metadata", "PySide6.QtTest", "app.backends.local.generation",
    "app.backends.local.torch.model",
    "app.backends.selftest.precision", "app.diffusion.sampler", "app.library.models.hub.hub", "app.library.network",
    "app.platform.bus", "app.ui.menus.help", "app.ui.settings.dialog", "app.ui.viewer.mask.editor",
    "app.ui.viewer.mask.canvas", "app.library.pictures.export.enlarged", "app.library.pictures.sheet",
    "app.backends.cloud.endpoints.dialect", "app.backends.comfyui.workflow.reading", "app.backends.local.mlx_video",
    "app.library.pictures.clips.keeping", "app.library.pictures.dialects.a1111", "app.sana_mlx.video.config",
    "multiprocessing",
    "app.upscaling.networks", "PIL.Image",
    "app.ui.viewer.compare.side_by_side", "app.ui.viewer.compare.before_after",
}  # fmt: skip
"""What the window does without until it has been painted."""
MOST = 400
"""Modules of ours that it may import by then: 373 today, and a few more where a thread was faster than the paint."""


def test_what_can_wait_is_not_imported_before_the_first_paint() -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (seen,) = (line for line in done.stdout.splitlines() if line.startswith("seen:"))
    imported = set(ast.literal_eval(seen.removeprefix("seen: ")))
    assert "app.ui.main_window" in imported
    assert LATER & imported == set()
    assert len([name for name in imported if name.startswith("app.")]) <= MOST


def test_nothing_heavy_is_imported_by_the_window() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "heavy: []" in done.stdout


def test_qt_does_not_read_the_source_of_what_is_imported() -> None:
    code = "import app.window, sys; print(sorted(sys.modules['shibokensupport.feature'].pyside_feature_dict))"
    done = subprocess.run([sys.executable, "-c", f"import app.ui; {code}"], capture_output=True, text=True, check=True)
    read = ast.literal_eval(done.stdout)
    assert "enum" in read  # from before our first import
    assert [name for name in read if name.startswith("app.")] == []


def test_a_window_is_dressed_as_a_whole() -> None:
    """With a style sheet, each widget that is put into another one costs as much as all that is in it."""
    done = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[:2] == ["dressed early: False", "dressed: True"]
