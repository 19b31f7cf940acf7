from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

MakePictures = Callable[[int], list[Path]]


def test_quitting_after_a_copy_is_no_abort(make_pictures: MakePictures) -> None:
    (path,) = make_pictures(1)
    code = (
        "import sys, pathlib; from app.platform.application import Application; app = Application([]);"
        "from app.ui.background import Background; from app.ui.gallery.files import clipboard;"
        "background = Background();"
        "clipboard.copy([pathlib.Path(sys.argv[1])], background); background._pool.waitForDone();"
        "app.processEvents(); assert app.clipboard().mimeData().hasImage()"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
