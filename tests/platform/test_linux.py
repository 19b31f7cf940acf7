"""Against a real message bus with stand-ins for the desktop's services."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform != "linux" or not shutil.which("dbus-daemon"):
    pytest.skip("needs dbus-daemon", allow_module_level=True)

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.platform import linux
from tests.servers import desktop as stand_in
from tests.servers.desktop import Desktop, desktop


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    with desktop() as running:
        use(running.address, monkeypatch)
        yield running


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    urls: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(url.toLocalFile()))
    return urls


def use(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_sleep_is_held_off_for_as_long_as_the_context_lasts(bus: Desktop) -> None:
    with linux.keep_awake("Generating pictures"):
        assert bus.calls == [("Inhibit", ("idle:sleep", "Sana Studio", "Generating pictures", "block"))]
        assert bus.lock_is_held()
    assert not bus.lock_is_held()


def test_sleep_lock_ends_with_an_exception(bus: Desktop) -> None:
    with pytest.raises(ZeroDivisionError), linux.keep_awake("Generating pictures"):
        _ = 1 / 0
    assert not bus.lock_is_held()


def test_refused_sleep_lock_stops_nobody(bus: Desktop) -> None:
    bus.refuse = True
    before = open_files()
    with linux.keep_awake("Generating pictures"):
        pass
    assert bus.locks == []
    assert open_files() == before


def test_notification_reaches_the_desktop(bus: Desktop) -> None:
    linux.notify("4 pictures ready", "红色的帆船 <b>")
    ((member, arguments),) = bus.calls
    assert member == "Notify"
    assert arguments[:5] == ("Sana Studio", 0, "sana-studio", "4 pictures ready", "红色的帆船 &lt;b&gt;")
    assert arguments[6]["desktop-entry"] == ("s", "sana-studio")


def test_reveal_selects_the_file_in_the_file_manager(bus: Desktop, tmp_path: Path, opened: list[str]) -> None:
    picture = tmp_path / "a red boat 红.png"
    bus.called.clear()
    linux.reveal(picture)
    assert bus.called.wait(5)
    ((member, (uris, _)),) = bus.calls
    assert member == "ShowItems"
    assert [QUrl(uri).toLocalFile() for uri in uris] == [str(picture)]
    assert opened == []


def test_reveal_opens_the_folder_where_no_file_manager_is_on_the_bus(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: list[str]
) -> None:
    with desktop(services=(stand_in.LOGIN,)) as running:
        use(running.address, monkeypatch)
        linux.reveal(tmp_path / "picture.png")
    assert opened == [str(tmp_path)]


def test_nothing_breaks_without_a_bus(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    use(f"unix:path={tmp_path}/nobody", monkeypatch)
    before = open_files()
    with caplog.at_level("INFO"), linux.keep_awake("Generating pictures"):
        linux.notify("A title", "A text")
        linux.reveal(tmp_path / "picture.png")
    assert opened == [str(tmp_path)]
    assert len(caplog.messages) == 3
    assert open_files() == before


def test_nothing_breaks_where_no_bus_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    linux.notify("A title", "A text")
