from __future__ import annotations

from pathlib import Path

from app.library.styles import PLACE, Style, Styles


def test_those_of_the_app_are_there_until_the_user_changes_them(tmp_path: Path) -> None:
    styles = Styles(tmp_path / "styles.json")
    own = styles.all()
    assert len(own) >= 5
    assert all(PLACE in style.prompt for style in own)
    assert len({style.name for style in own}) == len(own)
    mine = [Style("Mine", "in ink"), own[0]]
    styles.save(mine)
    assert Styles(tmp_path / "styles.json").all() == tuple(mine)
    styles.save([])
    assert styles.all() == ()


def test_a_broken_file_counts_as_none(tmp_path: Path) -> None:
    styles = Styles(tmp_path / "styles.json")
    before = styles.all()
    for text in ("", "[]", '{"styles": 3}', '{"styles": [{"prompt": "x"}]}', '{"styles": [{"name": 3}]}'):
        (tmp_path / "styles.json").write_text(text, encoding="utf-8")
        assert styles.all() == before


def test_pieces_surround_the_words_or_follow_them() -> None:
    assert Style("a", "an oil painting of {prompt}").applied("a {house}", "") == ("an oil painting of a {house}", "")
    assert Style("a", "grainy", "blur").applied("a house", "fog") == ("a house, grainy", "fog, blur")
    assert Style("a", "", "no {prompt}, blur").applied("a house", "fog") == ("a house", "no fog, blur")
