import json
import logging
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.message import message
from app.library import paths
from app.library.setting import Setting
from app.library.settings import SETTINGS, Settings


def test_the_declaration_is_sound() -> None:
    keys = [setting.key for setting in SETTINGS]
    assert len(keys) == len(set(keys))
    for setting in SETTINGS:
        assert setting.check(setting.default) == setting.default
        assert type(setting.check(setting.default)) is type(setting.default)
        assert setting.label
        assert str(setting.help).endswith("."), setting.key
        assert (setting.kind == "choice") == bool(setting.choices)
    assert not [key for key in keys if "key" in key or "token" in key or "secret" in key]


def test_a_value_comes_back_after_a_restart(home: Path) -> None:
    Settings().set("appearance", "dark")
    assert Settings().get("appearance") == "dark"
    assert paths.settings_file() == home / "settings.json"
    assert [path.name for path in home.iterdir() if not path.name.startswith(".")] == ["settings.json"]


def test_defaults_without_a_file() -> None:
    settings = Settings()
    assert all(settings.get(setting.key) == setting.default for setting in SETTINGS)
    assert not paths.settings_file().exists(), "reading must not write"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("appearance", "purple"),
        ("appearance", 3),
        ("notifications", "yes"),
        ("notifications", 1),
        ("idle_minutes", 0),
        ("idle_minutes", 2.5),
        ("idle_minutes", True),
        ("idle_minutes", 10**400),
        ("cloud_monthly_limit", -1),
        ("cloud_monthly_limit", float("nan")),
        ("cloud_monthly_limit", float("inf")),
        ("cloud_monthly_limit", "5"),
        ("default_model", None),
        ("default_model", "two\nlines"),
        ("default_model", "\ud800"),
        ("default_model", "x" * 5000),
        ("hub_endpoint", "file:///etc/passwd"),
        ("hub_endpoint", "http://[::1"),
        ("pictures_folder", "relative/folder"),
        ("pictures_folder", "~nobody-of-that-name/x"),
        ("pictures_folder", "/dev/null"),
        ("pictures_folder", "/" + "x" * 3000),
    ],
)
def test_nonsense_is_refused_and_in_the_file_falls_back_alone(
    home: Path, caplog: pytest.LogCaptureFixture, key: str, value: object
) -> None:
    settings = Settings()
    before = settings.get(key)
    with pytest.raises(UserError) as caught:
        settings.set(key, value)
    assert caught.value.remedy
    assert settings.get(key) == before
    assert not paths.settings_file().exists()

    home.mkdir()
    other = "language" if key != "language" else "appearance"
    paths.settings_file().write_text(json.dumps({key: value, other: Settings().get(other)}))
    with caplog.at_level(logging.WARNING):
        assert Settings().get(key) == before
    assert len(caplog.records) == 1
    assert len(caplog.text) < 500


def test_a_hand_edited_value_falls_back_and_the_rest_stands(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    home.mkdir()
    file = {"appearance": "purple", "language": "zh", "from the future": {"a": [1, "\ud800", "日落"]}}
    paths.settings_file().write_text(json.dumps(file))
    settings = Settings()
    assert settings.get("appearance") == "system"
    assert settings.get("language") == "zh"
    assert "purple" in caplog.text
    settings.set("idle_minutes", 3)
    assert json.loads(paths.settings_file().read_text(encoding="utf-8")) == {**file, "idle_minutes": 3}


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b"", b" " * 2_000_000])
def test_a_broken_file_is_kept_aside(home: Path, caplog: pytest.LogCaptureFixture, content: bytes) -> None:
    home.mkdir()
    paths.settings_file().write_bytes(content)
    settings = Settings()
    assert settings.get("appearance") == "system"
    assert (home / "settings.json.broken").read_bytes() == content
    assert "settings.json.broken" in caplog.text
    settings.set("appearance", "dark")
    assert Settings().get("appearance") == "dark"


def test_a_change_is_told_once_and_at_once() -> None:
    settings = Settings()
    told: list[tuple[str, object]] = []

    def listen(key: str, value: object) -> None:
        assert settings.get(key) == value
        told.append((key, value))

    stop = settings.subscribe(listen)
    settings.set("appearance", "dark")
    settings.set("appearance", "dark")
    settings.set("cloud_monthly_limit", 3)
    assert told == [("appearance", "dark"), ("cloud_monthly_limit", 3.0)]
    stop()
    settings.set("appearance", "light")
    assert len(told) == 2


def test_two_processes_do_not_undo_each_other() -> None:
    one, two = Settings(), Settings()
    one.set("appearance", "dark")
    two.set("language", "zh")
    later = Settings()
    assert (later.get("appearance"), later.get("language")) == ("dark", "zh")


def test_reset_keeps_what_the_app_remembers_for_itself() -> None:
    settings = Settings()
    settings.set("appearance", "dark")
    settings.set("first_run_done", True)
    told: list[str] = []
    settings.subscribe(lambda key, _: told.append(key))
    settings.reset()
    assert told == ["appearance"]
    assert Settings().get("appearance") == "system"
    assert Settings().get("first_run_done") is True


def test_a_place_that_cannot_be_written_says_so_and_changes_nothing(home: Path) -> None:
    home.write_text("a file where the folder should be")
    settings = Settings()
    with pytest.raises(UserError, match="settings could not be saved"):
        settings.set("appearance", "dark")
    assert settings.get("appearance") == "system"


def test_the_pictures_folder_follows_the_setting(tmp_path: Path) -> None:
    settings = Settings()
    assert settings.pictures_folder() == paths.pictures()
    settings.set("pictures_folder", str(tmp_path))
    assert settings.pictures_folder() == tmp_path


@pytest.mark.parametrize("name", ["图片\u3000日落", "👩\u200d👧 family", "no\u00a0break"])
def test_folders_of_any_script_are_fine(tmp_path: Path, name: str) -> None:
    Settings().set("pictures_folder", str(tmp_path / name))
    assert Settings().pictures_folder() == tmp_path / name


def test_an_unknown_key_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Settings().get("replicate_key")
    with pytest.raises(KeyError):
        Settings().set("replicate_key", "x")


def test_what_another_process_changed_is_seen_after_a_refresh(tmp_path: Path) -> None:
    here, there = Settings(tmp_path / "settings.json"), Settings(tmp_path / "settings.json")
    there.set("file_format", "webp")
    assert here.get("file_format") == "png"
    here.refresh()
    assert here.get("file_format") == "webp"


def test_further_settings_are_declared_by_who_needs_them(tmp_path: Path) -> None:
    choices = ("brisk", message("Brisk")), ("slow", message("Slow"))
    pace = Setting("pace", "brisk", message("Pace"), message("How fast."), "Advanced", "choice", choices)
    (tmp_path / "settings.json").write_text('{"pace": "slow"}')
    settings = Settings(tmp_path / "settings.json")
    with pytest.raises(KeyError):
        settings.get("pace")
    settings.declare(pace)
    assert settings.get("pace") == "slow"
    assert settings.declared("Advanced")[-1] == pace
    settings.reset()
    assert settings.get("pace") == "brisk"


ADDRESS = Setting("server", "http://127.0.0.1:8188", message("Server"), message("Where."), "", "address")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", "http://127.0.0.1:8188"),
        (" https://comfy.example/path/ ", "https://comfy.example/path"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("192.168.1.5", "http://192.168.1.5"),
        ("localhost", "http://localhost"),
        ("[::1]:8188", "http://[::1]:8188"),
        ("comfy.example", "https://comfy.example"),
    ],
)
def test_an_address_is_completed(typed: str, kept: str) -> None:
    assert ADDRESS.check(typed) == kept


@pytest.mark.parametrize(
    "typed", ["ftp://a", "http://", "http://a b", "http://a:99999", "http://a/?q=1", "http://[::1"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        ADDRESS.check(typed)


def test_a_password_in_an_address_is_refused_and_not_shown() -> None:
    with pytest.raises(UserError) as caught:
        ADDRESS.check("http://me:hunter2@127.0.0.1:8188")
    assert "hunter2" not in str(caught.value)
