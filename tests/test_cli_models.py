"""The commands of `models`, against a stand-in for the hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import cli
from app.core.families.flux import KLEIN
from tests.backends.local.flux.checkpoints import WRITERS
from tests.checkpoints import write_checkpoint
from tests.servers.hub import HubServer


def test_a_download_says_before_what_comes_and_what_is_here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = write_checkpoint(tmp_path / "source", variants=("fp16",), size=400)
    models = {
        "sana-0.6b-512": "Efficient-Large-Model/Sana_600M_512px_diffusers",
        "sana-0.6b-1024": "Efficient-Large-Model/Sana_600M_1024px_diffusers",
    }
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        for model, repo in models.items():
            server.serve(repo, source)
            assert cli.main(["models", "download", model, "--accept-licence"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "to download" in line]
    assert [" are here already, with another model" in line for line in told] == [False, True]
    cli.main(["models", "list"])
    shared = [line for line in capsys.readouterr().out.splitlines() if line.startswith("One ")]
    assert any(
        line.startswith("One text encoder") and line.endswith("serves Sana 0.6B, 512 px and Sana 0.6B, 1024 px.")
        for line in shared
    )


def test_making_a_model_smaller_is_asked_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "compact", "starter"]) == 2
    assert "Add --yes to agree" in capsys.readouterr().err
    assert cli.main(["models", "compact", "sana-0.6b-512", "--yes"]) == 2
    assert "not on this computer" in capsys.readouterr().err
    assert cli.main(["models", "compact", "starter", "--yes"]) == 2
    assert "nothing of Starter to give back" in capsys.readouterr().err


def test_a_model_that_no_backend_packs_stays_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = WRITERS[KLEIN](tmp_path / "klein")
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        server.serve("black-forest-labs/FLUX.2-klein-4B", source)
        assert cli.main(["models", "download", "flux2-klein-4b-whole", "--accept-licence"]) == 0
    capsys.readouterr()
    assert cli.main(["models", "compact", "flux2-klein-4b-whole", "--yes"]) == 2
    assert "FLUX.2 klein 4B, whole cannot be made smaller." in capsys.readouterr().err
