"""`generate --backend flux` without a word about the model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from app import cli
from app.backends.local.flux import FluxBackend
from app.core.families.flux import KLEIN
from app.library.models.store import Models
from app.library.settings import Settings


def test_without_a_model_it_says_which_to_download_and_how(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["generate", "a red boat", "--backend", "flux", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "FLUX.2 klein 4B is not on this computer yet." in said
    assert "sana-studio models download flux2-klein-4b" in said
    cli.main(["doctor", "--json"])
    row = next(row for row in json.loads(capsys.readouterr().out) if row["backend"] == "flux")
    assert row["status"] == "needs a model"
    assert "sana-studio models download flux2-klein-4b" in row["remedy"]


def test_to_refine_without_a_model_is_told_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(file := tmp_path / "small.png")
    command = ["upscale", str(file), "--refine", "0.2", "--prompt", "a boat", "--backend", "flux"]
    assert cli.main(command) == 2
    assert "sana-studio models download flux2-klein-4b" in capsys.readouterr().err


def test_only_what_has_a_model_is_tested_with_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.backends.local.flux.tiny import tiny_checkpoint

    folder = tiny_checkpoint(KLEIN).folder
    Models(Settings()).add_folder(folder)
    monkeypatch.setattr(FluxBackend, "precisions", ("float32",))
    assert cli.main(["self-test", "--model", str(folder), "--json"]) == 0
    assert [row["backend"] for row in json.loads(capsys.readouterr().out)["backends"]] == ["flux"]
    assert cli.main(["self-test", "--backend", "FLUX", "--model", str(folder / "none")]) == 2
    assert "There is no folder" in capsys.readouterr().err


def test_it_takes_the_first_model_that_it_has(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from app.backends.local.flux.tiny import tiny_checkpoint

    folder = tiny_checkpoint(KLEIN).folder
    Models(Settings()).add_folder(folder)
    out = tmp_path / "boat.png"
    command = ["generate", "a red boat", "--backend", "flux", "--width", "64", "--height", "64", "--steps", "1"]
    assert cli.main([*command, "--out", str(out), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)[0]
    assert (row["path"], row["backend"], row["model"]) == (str(out), "flux", folder.name)
