"""A process that is killed in the worst moments of saving: nothing is made twice, lost or broken."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.engine.engine import Engine
from app.library import paths
from app.library.pictures import images
from tests.engine.killed import make_engine

ROOT = Path(__file__).parents[2]


def killed(*arguments: str) -> None:
    """Run an engine on its own until it is killed."""
    done = subprocess.run([sys.executable, "-m", "tests.engine.killed", *arguments], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL


def resumed(qtbot: QtBot, engine: Engine) -> None:
    engine.start()
    if engine.jobs():
        with qtbot.waitSignal(engine.jobEnded, timeout=20_000):
            engine.resume_all()
    engine.shutdown()


@pytest.mark.parametrize(
    ("moment", "picture"), [("saved", 1), ("saved", 2), ("indexed", 0), ("noted", 1), ("noted", 2)]
)
def test_a_kill_right_after_saving_makes_no_picture_twice(qtbot: QtBot, home: Path, moment: str, picture: int) -> None:
    killed(moment, str(picture))
    made = {path: path.read_bytes() for path in paths.pictures().glob("*.png")}
    assert len(made) == picture + 1
    engine = make_engine()
    resumed(qtbot, engine)
    after = sorted(images.read(path).seed or 0 for path in paths.pictures().glob("*.png"))
    assert after == [5, 6, 7]
    assert all(path.read_bytes() == data for path, data in made.items())
    assert make_engine().jobs() == ()
    assert not list(home.glob("*.broken"))


def test_an_equal_picture_of_before_does_not_count(qtbot: QtBot, home: Path) -> None:
    killed("saved", "2")
    queue = paths.queue_file()
    late = queue.read_text().replace('"created": ', '"created": 9')  # as if it had been asked for long after
    queue.write_text(late)
    resumed(qtbot, make_engine())
    assert len(list(paths.pictures().glob("*.png"))) > 3
