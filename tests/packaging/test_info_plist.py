"""What macOS is told."""

from __future__ import annotations

import plistlib
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from app import __version__

ROOT = Path(__file__).resolve().parents[2]


def test_plist_says_all_that_the_system_asks(build_module: Callable[[str], ModuleType]) -> None:
    module = build_module("info_plist")
    plist = plistlib.loads(plistlib.dumps(module.info_plist("1.2.3")))
    assert plist["CFBundleShortVersionString"] == plist["CFBundleVersion"] == "1.2.3"
    assert plist["LSMinimumSystemVersion"] == "14.0"
    assert plist["NSHighResolutionCapable"] is True
    assert [each["NSMessage"] for each in plist["NSServices"]] == ["makePicture"]
    assert plist["NSRequiresAquaSystemAppearance"] is False
    assert plist["LSApplicationCategoryType"] == "public.app-category.graphics-design"
    assert plist["NSPrincipalClass"] == "NSApplication"
    assert plist["NSHumanReadableCopyright"]
    assert re.fullmatch(r"[A-Za-z0-9.-]+", module.IDENTIFIER)
    opened = {kind for entry in plist["CFBundleDocumentTypes"] for kind in entry["LSItemContentTypes"]}
    assert opened == {"public.png", "public.jpeg", "org.webmproject.webp"}
    assert {entry["LSHandlerRank"] for entry in plist["CFBundleDocumentTypes"]} == {"Alternate"}
    assert all(value for key, value in plist.items() if key.endswith("UsageDescription"))
    assert [entry["CFBundleURLSchemes"] for entry in plist["CFBundleURLTypes"]] == [["sana-studio"]]


def test_each_language_says_all_that_the_user_sees(build_module: Callable[[str], ModuleType]) -> None:
    module = build_module("info_plist")
    plist = module.info_plist("1.2.3")
    shown = {key for key in plist if key.endswith("UsageDescription")}
    shown |= {entry["CFBundleTypeName"] for entry in plist["CFBundleDocumentTypes"]}
    assert plist["CFBundleLocalizations"] == ["en", *module.STRINGS]
    for strings in module.STRINGS.values():
        assert set(plistlib.loads(plistlib.dumps(strings))) == shown
        assert all(text and not text.isascii() for text in strings.values())


def test_package_and_app_have_one_version() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == __version__


@pytest.fixture
def changelog(tmp_path: Path) -> Callable[[str, str], subprocess.CompletedProcess[str]]:
    def run(text: str, version: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "packaging").mkdir()
        script = tmp_path / "packaging" / "changelog.sh"
        script.write_text((ROOT / "packaging" / "changelog.sh").read_text())
        (tmp_path / "CHANGELOG.md").write_text(text)
        return subprocess.run(["sh", str(script), version], capture_output=True, text=True, check=False)

    return run


TEXT = "# Changelog\n\n## 1.2.0 (2027-01-02)\n\nNew.\n\n### More\n\nThings.\n\n## 1.1.0 (2027-01-01)\n\nOld.\n"


def test_release_page_gets_its_section_of_the_changelog(
    changelog: Callable[[str, str], subprocess.CompletedProcess[str]],
) -> None:
    done = changelog(TEXT, "1.2.0")
    assert done.returncode == 0
    assert done.stdout.split() == ["New.", "###", "More", "Things."]


@pytest.mark.parametrize(
    ("text", "version", "word"),
    [(TEXT, "1.3.0", "no section"), ("## 1.2.0 (unreleased)\n\nNew.\n", "1.2.0", "unreleased")],
)
def test_release_without_its_section_fails(
    changelog: Callable[[str, str], subprocess.CompletedProcess[str]], text: str, version: str, word: str
) -> None:
    done = changelog(text, version)
    assert done.returncode == 1
    assert word in done.stderr
