"""The workflows: what they call is there, and a release is refused unless tag, version and changelog agree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Tag = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(workflow: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    return [step for job in jobs for step in job.get("steps", [])]


def script_of(workflow: str, name: str) -> str:
    (found,) = (step["run"] for step in steps(ROOT / ".github" / "workflows" / workflow) if step.get("name") == name)
    return str(found)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_targets_and_scripts_that_a_workflow_names_are_there(workflow: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    scripts = "\n".join(step.get("run", "") for step in steps(workflow))
    assert set(re.findall(r"\bmake ([a-z-]+)", scripts)) <= targets
    for path in re.findall(r"\bpackaging/\S+", scripts):
        assert (ROOT / path).is_file(), path
        assert f"sh {path}" in scripts or os.access(ROOT / path, os.X_OK), f"{path} cannot be run"


@pytest.fixture
def tagged(tmp_path: Path) -> Tag:
    """Runs the release's first step for version 1.2.0 of the changelog under the given tag."""

    def run(tag: str, heading: str = "## 1.2.0 (2027-01-02)") -> subprocess.CompletedProcess[str]:
        (tmp_path / "packaging").mkdir()
        shutil.copy(ROOT / "packaging" / "changelog.sh", tmp_path / "packaging")
        (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n')
        (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n\nNew.\n\n## 1.1.0 (2027-01-01)\n\nOld.\n")
        script = script_of("release.yml", "Take the version's section from the changelog")
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script], cwd=tmp_path, env={**os.environ, "TAG": tag},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def test_release_gets_its_notes(tagged: Tag, tmp_path: Path) -> None:
    assert tagged("v1.2.0").returncode == 0
    assert (tmp_path / "notes.md").read_text().strip() == "New."


def test_tag_of_another_version_is_refused(tagged: Tag) -> None:
    done = tagged("v1.3.0")
    assert done.returncode != 0
    assert "v1.3.0" in done.stderr


def test_version_that_the_changelog_calls_unreleased_is_refused(
    tagged: Tag,
) -> None:
    done = tagged("v1.2.0", "## 1.2.0 (unreleased)")
    assert done.returncode != 0
    assert "put the date there" in done.stderr


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs sha256sum")
def test_release_carries_images_and_their_checksums(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    image = tmp_path / "dist" / "Sana-Studio-1.2.0-arm64.dmg"
    image.write_bytes(b"image")
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >asked\n')
    gh.chmod(0o755)
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script_of("release.yml", "Publish the release")], cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "TAG": "v1.2.0"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[:4] == ["release", "create", "v1.2.0", "--verify-tag"]
    assert asked[asked.index("--title") + 1] == "Sana Studio 1.2.0"
    assert asked[-2:] == ["dist/Sana-Studio-1.2.0-arm64.dmg", "dist/SHA256SUMS.txt"]
    checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS.txt"], cwd=image.parent, check=False)
    assert checked.returncode == 0


@pytest.mark.skipif(not shutil.which("actionlint"), reason="needs actionlint")
def test_workflows_are_actionlint_clean() -> None:
    done = subprocess.run(["actionlint", *WORKFLOWS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
