import importlib
import logging
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.library import secrets

KEY = "r8_0123456789abcdef"

choose_keychain = secrets._keychain


class Keychain:
    """A keychain whose answers the test decides; the real one is tested below in a process of its own."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.asked = 0
        self.error: Exception | None = None
        self.open = threading.Event()
        self.open.set()

    def _answer(self) -> None:
        self.asked += 1
        self.open.wait(10)
        if self.error:
            raise self.error

    def get_password(self, service: str, name: str) -> str | None:
        self._answer()
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self._answer()
        self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        self._answer()
        del self.kept[service, name]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    monkeypatch.setattr(secrets, "_keychain", lambda: None)


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch) -> Keychain:
    keychain = Keychain()
    monkeypatch.setattr(secrets, "_keychain", lambda: keychain)
    return keychain


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "VARIABLES", dict(secrets.VARIABLES))
    secrets.declare("replicate", "REPLICATE_API_TOKEN")


def forget() -> None:
    """As after a restart."""
    secrets._memory = secrets._Memory()


def test_without_a_keychain_a_key_lasts_for_the_session() -> None:
    assert not secrets.lasting()
    assert secrets.get("replicate") == secrets.Secret(None, None)
    assert secrets.set("replicate", f"  {KEY}\n") == "session"
    assert secrets.get("replicate") == secrets.Secret(KEY, "session")
    assert secrets.get("huggingface").value is None
    secrets.delete("replicate")
    assert secrets.get("replicate").value is None


def test_the_keychain_keeps_keys_under_the_apps_name(keychain: Keychain) -> None:
    assert secrets.lasting()
    assert secrets.set("replicate", KEY) == "keychain"
    assert keychain.kept == {("Sana Studio", "replicate"): KEY}
    forget()
    assert secrets.get("replicate") == secrets.Secret(KEY, "keychain")
    secrets.delete("replicate")
    assert not keychain.kept
    secrets.delete("replicate")
    assert secrets.get("replicate").value is None


def test_the_keychain_is_asked_once(keychain: Keychain) -> None:
    for _ in range(3):
        secrets.get("replicate")
    assert keychain.asked == 1


def test_the_environment_wins(keychain: Keychain, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.set("replicate", KEY)
    monkeypatch.setenv("REPLICATE_API_TOKEN", " r8_other ")
    monkeypatch.setenv("HF_TOKEN", "")
    assert secrets.get("replicate") == secrets.Secret("r8_other", "environment")
    assert secrets.get("huggingface").source is None
    secrets.delete("replicate")
    assert secrets.get("replicate").source == "environment"


@pytest.mark.parametrize("value", ["", "   ", "two words", "line\nbreak", "schlüssel", "x" * 501, "nul\0"])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(keychain: Keychain, value: str) -> None:
    with pytest.raises(UserError) as caught:
        secrets.set("replicate", value)
    assert caught.value.remedy
    assert not value.strip() or value not in str(caught.value)
    assert not keychain.kept


def test_unknown_names_are_a_bug(keychain: Keychain) -> None:
    for action in (secrets.get, secrets.delete, lambda name: secrets.set(name, KEY)):
        with pytest.raises(KeyError):
            action("other")


def test_a_locked_keychain_gives_a_message_and_a_way_on(keychain: Keychain, caplog: pytest.LogCaptureFixture) -> None:
    secrets.set("replicate", KEY)
    forget()
    keychain.error = PermissionError(f"no access to {KEY}")
    keychain.asked = 0
    for _ in range(2):
        with pytest.raises(UserError, match="locked") as caught:
            secrets.get("replicate")
        assert "try again" in str(caught.value.remedy)
    assert keychain.asked == 1, "a person who said no is not asked again and again"
    for action in (lambda: secrets.set("replicate", "r8_second-key"), lambda: secrets.delete("replicate")):
        with pytest.raises(UserError, match="locked"):
            action()
    assert KEY not in caplog.text
    assert keychain.kept[secrets.SERVICE, "replicate"] == KEY

    assert secrets.set("replicate", "r8_for-now", session_only=True) == "session"
    assert secrets.get("replicate") == secrets.Secret("r8_for-now", "session")

    forget()
    keychain.error = None
    assert secrets.get("replicate").value == KEY


def test_a_window_that_may_not_wait_is_told_that_the_keychain_was_locked(keychain: Keychain) -> None:
    keychain.error = RuntimeError("locked")
    assert secrets.cached("replicate") == secrets.Secret(), "nobody has asked it yet"
    with pytest.raises(UserError):
        secrets.get("replicate")
    with pytest.raises(UserError, match="locked"):
        secrets.cached("replicate")
    secrets.set("huggingface", KEY, session_only=True)
    assert secrets.cached("huggingface").source == "session"


def test_a_retry_asks_again(keychain: Keychain) -> None:
    keychain.error = PermissionError()
    with pytest.raises(UserError):
        secrets.get("replicate")
    keychain.error = None
    with pytest.raises(UserError):
        secrets.get("replicate")
    secrets.retry()
    assert secrets.get("replicate").value is None


def test_a_keychain_that_hangs_blocks_nobody(keychain: Keychain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "WAIT_SECONDS", 0.5)
    keychain.kept[secrets.SERVICE, "replicate"] = KEY
    keychain.open.clear()
    started = time.monotonic()
    for action in (
        lambda: secrets.get("replicate"),
        lambda: secrets.get("huggingface"),
        lambda: secrets.set("replicate", "r8_second-key"),
        lambda: secrets.delete("replicate"),
    ):
        with pytest.raises(UserError, match="does not answer"):
            action()
    assert time.monotonic() - started < 1
    assert keychain.asked == 1, "no second prompt while the first one waits"
    keychain.open.set()  # the user unlocks it at last
    deadline = time.monotonic() + 5
    while secrets._overdue.is_set() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert secrets.get("replicate").value == KEY


def test_a_value_shows_nowhere(keychain: Keychain, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets.set("replicate", KEY)
    assert KEY not in repr(secrets.get("replicate"))
    assert KEY not in repr(secrets._memory)
    assert KEY not in caplog.text
    assert secrets.redact(f"Bearer {KEY}!") == "Bearer •••!"
    secrets.delete("replicate")
    assert KEY not in secrets.redact(KEY), "a removed key is still a secret"


def test_the_mac_uses_its_own_keychain_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a bundle, keyring cannot find a backend by itself."""
    importlib.import_module("keyring.backends.macOS")  # what it imports itself looks at the platform, too
    monkeypatch.setattr(sys, "platform", "darwin")
    keychain = choose_keychain()
    assert f"{type(keychain).__module__}.{type(keychain).__name__}" == "keyring.backends.macOS.Keyring"


# The real thing: gnome-keyring on a session bus of its own, in a home of its own.

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
MISSING = [name for name in NEEDED if not shutil.which(name)]
real = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


def run_with_keyring(tmp_path: Path, script: str) -> str:
    """Run Python code beside a fresh gnome-keyring; returns what it printed."""
    for name in ("data", "config", "cache", "run"):
        (tmp_path / name).mkdir(mode=0o700, exist_ok=True)
    own = {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "SCRIPT": textwrap.dedent(script),
        "PYTHON": sys.executable,
        "SANA_STUDIO_HOME": str(tmp_path / "home"),
    }
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GNOME_KEYRING_CONTROL"}
    }
    commands = 'printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null; "$PYTHON" -c "$SCRIPT"'
    result = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", commands],
        env={**inherited, **own}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


LOCK = """
import secretstorage
bus = secretstorage.dbus_init()
secretstorage.get_default_collection(bus).lock()
bus.close()
"""


@real
def test_a_real_keyring_keeps_replaces_and_removes(tmp_path: Path) -> None:
    script = f"""
        from app.library import secrets
        secrets.declare("replicate", "REPLICATE_API_TOKEN")

        def forget():
            secrets._memory = secrets._Memory()

        assert secrets.lasting()
        assert secrets.get("replicate").source is None
        for value in ("{KEY}", "{KEY}-2"):
            assert secrets.set("replicate", value) == "keychain"
            forget()
            assert secrets.get("replicate") == secrets.Secret(value, "keychain")
        assert secrets.get("huggingface").value is None
        secrets.delete("replicate")
        forget()
        assert secrets.get("replicate").value is None
        secrets.delete("replicate")
        print("done")
    """
    printed = run_with_keyring(tmp_path, script)
    assert "done" in printed
    assert KEY not in printed
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert not kept, "the key is nowhere in the clear"


@real
def test_a_real_keyring_that_is_locked(tmp_path: Path) -> None:
    """There is no display, so the prompt for the password cannot be shown and counts as dismissed."""
    script = f"""
        from app.core.errors import UserError
        from app.library import secrets
        secrets.declare("replicate", "REPLICATE_API_TOKEN")
        secrets.set("replicate", "{KEY}")
        secrets._memory = secrets._Memory()
        {LOCK.replace(chr(10), chr(10) + " " * 8)}
        for action in (lambda: secrets.get("replicate"), lambda: secrets.set("replicate", "another-key")):
            try:
                action()
            except UserError as error:
                assert "locked" in str(error.message), error
            else:
                raise AssertionError("no error")
        assert secrets.set("replicate", "for-this-session", session_only=True) == "session"
        assert secrets.get("replicate").source == "session"
        print("done")
    """
    printed = run_with_keyring(tmp_path, script)
    assert "done" in printed
    assert KEY not in printed


@real
def test_a_real_keyring_whose_prompt_never_ends(tmp_path: Path) -> None:
    """The program that asks for the password starts, but never shows up on the bus."""
    services = tmp_path / "data" / "dbus-1" / "services"
    services.mkdir(parents=True)
    (services / "org.gnome.keyring.SystemPrompter.service").write_text(
        "[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=/bin/sh -c 'exec sleep 4 >/dev/null 2>&1'\n"
    )
    script = f"""
        import time
        from app.core.errors import UserError
        from app.library import secrets
        secrets.declare("replicate", "REPLICATE_API_TOKEN")
        secrets.set("replicate", "{KEY}")
        secrets._memory = secrets._Memory()
        {LOCK.replace(chr(10), chr(10) + " " * 8)}
        secrets.WAIT_SECONDS = 1
        for longest in (2, 0.1):
            started = time.monotonic()
            try:
                secrets.get("replicate")
            except UserError as error:
                assert "does not answer" in str(error.message), error
            else:
                raise AssertionError("no error")
            assert time.monotonic() - started < longest
        print("done")
    """
    assert "done" in run_with_keyring(tmp_path, script)


def test_no_bus_at_all(tmp_path: Path) -> None:
    script = f"""
        from app.library import secrets
        secrets.declare("replicate", "REPLICATE_API_TOKEN")
        assert not secrets.lasting()
        assert secrets.get("replicate").value is None
        assert secrets.set("replicate", "{KEY}") == "session"
    """
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DBUS_SESSION_BUS_ADDRESS", "DISPLAY"}
    }
    if sys.platform == "darwin":
        pytest.skip("a Mac has a keychain at any time")
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**environment, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}, check=True, timeout=60,
    )  # fmt: skip


def test_headers_are_kept_and_each_of_their_values_is_blanked(
    keychain: Keychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "VARIABLES", {})
    monkeypatch.setattr(secrets, "_checks", {})
    secrets.declare("proxy", "PROXY_HEADERS", lambda text: "\n".join(line.strip() for line in text.splitlines()))
    assert secrets.set("proxy", " Authorization: Bearer abcdef \n X-Id: 12345678") == "keychain"
    assert secrets.get("proxy").value == "Authorization: Bearer abcdef\nX-Id: 12345678"
    assert secrets.redact("sent abcdef, then 12345678 to X-Id") == "sent •••, then ••• to X-Id"
    secrets.declare("other", "OTHER")
    with pytest.raises(UserError):
        secrets.set("other", "two words")
