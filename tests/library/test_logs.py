import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import logs, paths, secrets


@pytest.fixture(autouse=True)
def _restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root = logging.getLogger()
    before, level, hooks = tuple(root.handlers), root.level, (sys.excepthook, threading.excepthook)
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    monkeypatch.setattr(secrets, "VARIABLES", dict(secrets.VARIABLES))
    secrets.declare("replicate", "REPLICATE_API_TOKEN")
    yield
    sys.excepthook, threading.excepthook = hooks
    for handler in tuple(root.handlers):
        if handler not in before:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)
    logging.getLogger("app").setLevel(logging.NOTSET)


def test_the_log_is_a_file_that_can_be_read(home: Path) -> None:
    logs.set_up()
    logs.set_up()
    logging.getLogger("app.anything").info("日落 %d", 7)
    logging.getLogger("httpx").info("what others tell")
    text = (paths.logs() / "sana-studio.log").read_text(encoding="utf-8")
    assert text.count("日落 7") == 1
    assert "what others tell" not in text


def test_secrets_are_blanked_everywhere(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_from-the-environment")
    secrets.set("replicate", "r8_of-this-session", session_only=True)
    logs.set_up()
    log = logging.getLogger("app.test")
    try:
        raise ValueError("the token r8_of-this-session is wrong")
    except ValueError:
        log.exception("Authorization: Bearer %s", "hf_from-the-environment")
    secrets.set("replicate", "r8_of-this-session-longer", session_only=True)
    log.warning("r8_of-this-session-longer and before it r8_of-this-session")
    text = (paths.logs() / "sana-studio.log").read_text(encoding="utf-8") + capfd.readouterr().err
    assert "of-this-session" not in text
    assert "longer" not in text
    assert "from-the-environment" not in text
    assert "ValueError: the token ••• is wrong" in text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_makes_no_noise(capfd: pytest.CaptureFixture[str]) -> None:
    paths.logs().mkdir(parents=True)
    (paths.logs() / "sana-studio.log").symlink_to("/dev/full")
    logs.set_up()
    logging.getLogger("app.test").info("nobody reads this")
    logging.getLogger("app.test").warning("the user reads this")
    assert capfd.readouterr().err == "WARNING: the user reads this\n"


def test_old_logs_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 1000)
    logs.set_up()
    for _ in range(100):
        logging.getLogger("app.test").info("x" * 100)
    files = list(paths.logs().iterdir())
    assert len(files) == logs.BACKUPS + 1
    assert all(file.stat().st_size <= 1000 for file in files)


def test_without_a_place_for_the_file_the_app_goes_on(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home.write_text("a file where the folder should be")
    logs.set_up()
    assert "No log file" in capfd.readouterr().err


def test_what_nobody_handles_is_logged() -> None:
    script = """
import threading
from app.library import logs
logs.set_up("worker")
thread = threading.Thread(target=lambda: 1 / 0, name="painter")
thread.start()
thread.join()
raise RuntimeError("a bug")
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert result.returncode == 1
    text = (paths.logs() / "worker.log").read_text(encoding="utf-8")
    assert "Unhandled in painter" in text
    assert "ZeroDivisionError" in text
    assert "RuntimeError: a bug" in text
