from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from app import window
from app.ui.start import single_instance
from app.ui.start.single_instance import SingleInstance


def test_a_second_start_hands_its_files_to_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.first
    second = SingleInstance(tmp_path)
    assert not second.first
    with qtbot.waitSignal(first.raised, timeout=5_000) as raised:
        assert second.raise_other(["a b.png"])
    assert raised.args == [[str(Path("a b.png").absolute())]]


def test_a_first_window_that_hangs_is_not_said_to_be_at_the_front(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "ANSWER_MS", 500)
    code = (
        "import pathlib, sys, time; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([]);"
        "from app.ui.start.single_instance import SingleInstance; first = SingleInstance(pathlib.Path(sys.argv[1]));"
        "print(first.first, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    ) as hanging:
        assert hanging.stdout is not None
        assert hanging.stdout.readline().strip() == "True"
        second = SingleInstance(tmp_path)
        assert not second.first
        assert not second.raise_other(["a.png"])
        hanging.kill()


def test_another_home_is_another_app(qtbot: QtBot, tmp_path: Path) -> None:
    here, there = SingleInstance(tmp_path / "a"), SingleInstance(tmp_path / "b")
    assert here.first
    assert there.first


def test_a_lock_of_a_process_that_is_gone_is_no_lock(qtbot: QtBot, tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([]);"
        "from app.ui.start.single_instance import SingleInstance;"
        "print(SingleInstance(pathlib.Path(sys.argv[1])).first, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert done.stdout.strip() == "True"
    assert SingleInstance(tmp_path).first


@pytest.mark.parametrize(("answers", "status", "word"), [(True, 0, "to the front"), (False, 2, "does not answer")])
def test_second_start_says_whether_the_first_was_reached(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answers: bool, status: int, word: str
) -> None:
    monkeypatch.setattr(window, "application", lambda: None)
    other = SimpleNamespace(first=False, raise_other=lambda files: answers)
    monkeypatch.setattr(window, "SingleInstance", lambda home: other)
    assert window.main([]) == status
    assert word in capsys.readouterr().err


def test_nonsense_on_the_socket_does_no_harm(qtbot: QtBot, tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path)
    assert instance._server is not None
    heard: list[list[str]] = []
    instance.raised.connect(heard.append)
    for message in (b"\xff\xfe{]\n", b'{"a": 1}\n', b"[1, null]\n", b"x" * 200_000):
        socket = QLocalSocket()
        socket.connectToServer(instance._server.serverName())
        assert socket.waitForConnected(2_000)
        socket.write(message)
        socket.flush()
        qtbot.wait(50)
        socket.abort()
    assert heard == []
