"""Against a stand-in for GitHub's API on loopback."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import UserError
from app.library import paths, updates
from app.library.settings import Settings
from app.library.updates import Release, Updates

PAGE = "https://github.com/someone/sana-studio/releases/tag/v9.1.0"


class Feed:
    """What the stand-in answers, and what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body: Any = {"tag_name": "v9.1.0", "html_url": PAGE}
        self.asked: list[tuple[str, dict[str, str]]] = []
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                feed.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                data = feed.body if isinstance(feed.body, bytes) else json.dumps(feed.body).encode()
                self.send_response(feed.status)
                self.send_header("Content-Length", str(len(data)))
                if feed.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def feed() -> Iterator[Feed]:
    feed = Feed()
    thread = threading.Thread(target=feed.server.serve_forever, args=(0.01,))
    thread.start()
    yield feed
    feed.server.shutdown()
    thread.join()
    feed.server.server_close()


@pytest.fixture
def built_for_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    resources = tmp_path / "resources"
    resources.mkdir()
    (resources / "release.json").write_text('{"repository": "someone/sana-studio"}')
    monkeypatch.setattr(paths, "resources", lambda: resources)
    return resources


@pytest.fixture
def settings(built_for_release: Path) -> Settings:
    return Settings()


def test_newer_release_is_found_with_its_page(settings: Settings, feed: Feed) -> None:
    assert Updates(settings, feed.address).look() == Release("9.1.0", PAGE)
    assert [path for path, _ in feed.asked] == ["/repos/someone/sana-studio/releases/latest"]


def test_only_the_question_is_sent(settings: Settings, feed: Feed) -> None:
    Updates(settings, feed.address).look()
    ((_, headers),) = feed.asked
    assert headers.pop("user-agent") == "Sana Studio"
    assert set(headers) <= {"host", "accept", "accept-encoding", "connection"}


@pytest.mark.parametrize(
    ("ours", "theirs", "newer"),
    [
        ("0.9.0", "v0.10.0", True),
        ("0.10.0", "0.9.9", False),
        ("1.0", "v1.0.0", False),
        ("1.0.0", "v1.0.1", True),
        ("2.0.0", "v1.9.9", False),
    ],
)
def test_versions_compare_by_their_numbers(
    settings: Settings, feed: Feed, monkeypatch: pytest.MonkeyPatch, ours: str, theirs: str, newer: bool
) -> None:
    monkeypatch.setattr(updates, "__version__", ours)
    feed.body = {"tag_name": theirs, "html_url": PAGE}
    assert (Updates(settings, feed.address).look() is not None) == newer


def test_nothing_released_yet_is_no_update(settings: Settings, feed: Feed) -> None:
    feed.status = 404
    assert Updates(settings, feed.address).look() is None


@pytest.mark.parametrize(
    "body",
    [
        {"tag_name": "v9.1.0", "html_url": "https://example.org/someone/sana-studio/releases/tag/v9.1.0"},
        {"tag_name": "v9.1.0", "html_url": "https://github.com/other/thing/releases/tag/v9.1.0"},
        {"tag_name": "v9.1.0", "html_url": "javascript:alert(1)"},
        {"tag_name": "newest", "html_url": PAGE},
        {"html_url": PAGE},
        [],
        b"<html>",
        b"[" * 100_000,
        b" " * 2_000_000,
    ],
)
def test_answer_that_makes_no_sense_is_refused(settings: Settings, feed: Feed, body: Any) -> None:
    feed.body = body
    with pytest.raises(UserError, match="list of versions"):
        Updates(settings, feed.address).look()


@pytest.mark.parametrize("status", [302, 403, 429, 500])
def test_other_status_is_named(settings: Settings, feed: Feed, status: int) -> None:
    feed.status = status
    with pytest.raises(UserError, match=str(status)):
        Updates(settings, feed.address).look()
    assert len(feed.asked) == 1


def test_feed_that_cannot_be_reached_says_so(settings: Settings, feed: Feed) -> None:
    with pytest.raises(UserError, match="cannot be reached"):
        Updates(settings, "http://127.0.0.1:9").look()


def test_copy_that_was_not_built_for_release_asks_nobody(feed: Feed) -> None:
    with pytest.raises(UserError, match="does not know"):
        Updates(Settings(), feed.address).look()
    assert feed.asked == []


def test_offline_asks_nobody(settings: Settings, feed: Feed) -> None:
    settings.set("offline", True)
    with pytest.raises(UserError, match="offline"):
        Updates(settings, feed.address).look()
    assert feed.asked == []


def test_daily_look_waits_for_the_users_word(settings: Settings, feed: Feed) -> None:
    assert Updates(settings, feed.address).look_daily() is None
    assert feed.asked == []
    settings.set("check_updates", True)
    assert Updates(settings, feed.address).look_daily() == Release("9.1.0", PAGE)


def test_daily_look_happens_once_a_day(settings: Settings, feed: Feed) -> None:
    settings.set("check_updates", True)
    Updates(settings, feed.address).look_daily()
    assert Updates(settings, feed.address).look_daily() is None
    assert len(feed.asked) == 1
    looked = paths.cache() / "updates-looked-at"
    for moment in (time.time() - 90_000, time.time() + 90_000):  # a day later, and with the clock set back
        os.utime(looked, (moment, moment))
        Updates(settings, feed.address).look_daily()
    assert len(feed.asked) == 3


def test_failed_daily_look_tells_the_log_alone(
    settings: Settings, feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    settings.set("check_updates", True)
    feed.status = 500
    with caplog.at_level("INFO"):
        assert Updates(settings, feed.address).look_daily() is None
    assert any("No look for updates" in message for message in caplog.messages)
