from pathlib import Path

import pytest

from app.library import paths


def test_everything_lies_below_the_moved_home(home: Path) -> None:
    assert paths.home() == home
    for path in (
        paths.pictures(), paths.settings_file(), paths.queue_file(), paths.index_file(), paths.thumbnails(),
        paths.logs(), paths.cache(),
    ):  # fmt: skip
        assert home in path.parents
    assert not home.exists(), "asking for a path must not write"


def test_pictures_are_in_a_visible_place_without_a_moved_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANA_STUDIO_HOME")
    assert paths.pictures().name == "Sana Studio"
    assert not any(part.startswith(".") for part in paths.pictures().relative_to(Path.home()).parts)
    assert paths.home() != paths.pictures()


def test_a_moved_home_may_be_relative_to_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANA_STUDIO_HOME", "~/somewhere")
    assert paths.home() == Path.home() / "somewhere"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("~/a", Path.home() / "a"),
        ("~nobody-of-that-name/a.png", Path("~nobody-of-that-name/a.png")),
        ("~\0", Path("~\0")),
        ("~\ud800", Path("~\ud800")),
        ("a~/b", Path("a~/b")),
    ],
)
def test_a_tilde_that_stands_for_no_user_stays(text: str, path: Path) -> None:
    assert paths.expanded(text) == path


def test_resources_are_next_to_the_app_or_in_the_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert (paths.resources().parent / "app" / "library" / "paths.py").is_file()
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert paths.resources() == tmp_path / "resources"
