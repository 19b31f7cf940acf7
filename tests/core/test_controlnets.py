"""The ControlNets that the app knows by name."""

from __future__ import annotations

import pytest

from app.core.catalog import ModelSpec, load_controlnets
from app.core.errors import UserError
from app.library import paths
from app.library.models.checkpoint import origin

TABLE = """
[lines]
name = "Lines"
fits = ["{fits}"]
good_for = "Lines."
licence = "Unknown"
licence_url = "https://example.com"
{more}
"""
HUB = 'repo = "somebody/lines"\ndownload_bytes = 5'


def read(fits: str = "sana-0.6b-1024", more: str = HUB) -> ModelSpec:
    return load_controlnets(TABLE.format(fits=fits, more=more), origin.catalog())["lines"]


def test_what_a_table_leaves_out_is_the_models() -> None:
    spec, base = read(), origin.catalog()["sana-0.6b-1024"]
    assert (spec.id, spec.fits, spec.repo, spec.variant) == ("lines", ("sana-0.6b-1024",), "somebody/lines", "")
    assert (spec.family, spec.base_size, spec.clip) == (base.family, base.base_size, base.clip)
    assert (spec.licence, spec.knows, spec.bundled) == ("Unknown", "", "")


@pytest.mark.parametrize(
    ("fits", "more", "said"),
    [
        ("nothing", HUB, "fits"),
        ("sana-0.6b-1024", "", "either “repo” or “bundled”"),
        ("sana-0.6b-1024", HUB + "\nsize = 3", "unknown key “size”"),
        ("sana-0.6b-1024", 'repo = "../x"\ndownload_bytes = 5', "owner/name"),
    ],
)
def test_a_wrong_table_is_said(fits: str, more: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read(fits, more)


def test_those_of_the_app() -> None:
    found = origin.controlnets()
    assert list(found) == ["starter-edges", "sana-0.6b-edges-plus", "sana-0.6b-edges"]
    assert not found.keys() & origin.catalog().keys()  # `models download ID` takes either
    for spec in found.values():
        assert spec.licence_url.startswith("https://")
        if spec.repo:  # what is not known is said
            assert spec.licence == "Unknown"
            assert "states no licence" in spec.licence_notes
        else:
            assert (paths.resources() / spec.bundled / "config.json").exists()
