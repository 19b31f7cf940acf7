"""A ControlNet comes down like a model: from a repository of its own or from that of a pipeline."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.library.models.hub import hub
from app.library.models.model import ModelState
from app.library.models.store import Models
from app.library.settings import Settings
from tests.backends.random_checkpoint import write_controlnet
from tests.servers.hub import HubServer

ID, REPO = "sana-0.6b-edges-plus", "ishan24/Sana_600M_1024px_ControlNetPlus_diffusers"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    monkeypatch.setattr(hub, "RETRY_WAIT", 0.01)
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


@pytest.fixture
def models() -> Models:
    return Models(Settings())


@pytest.mark.parametrize("place", ["controlnet", "."])
def test_only_its_own_files_come_and_go(server: HubServer, models: Models, tmp_path: Path, place: str) -> None:
    source = tmp_path / "source"
    write_controlnet(source / place)
    weights = source / place / "diffusion_pytorch_model.safetensors"
    shutil.copy(weights, weights.with_suffix(".fp16.safetensors"))
    (source / "transformer").mkdir()
    shutil.copy(weights, source / "transformer")
    server.serve(REPO, source)
    assert models.look(ID).state is ModelState.AVAILABLE
    with pytest.raises(UserError, match="not been accepted"):
        models.download(ID)
    models.accept_licence(models.spec(ID))
    with pytest.raises(UserError, match="not on this computer"):
        models.controlnet(ID)

    folder = models.download(ID).folder
    snapshot = folder.parent if place == "controlnet" else folder
    got = {str(path.relative_to(snapshot)) for path in snapshot.rglob("*") if path.is_file()}
    assert got == {f"{place}/{name}".removeprefix("./") for name in ("config.json", f"{weights.stem}.fp16.safetensors")}
    assert models.look(ID).state is ModelState.READY
    assert models.controlnet(ID).name == "Sana 0.6B edges, plus"
    assert models.remove(ID) > 0
    assert models.look(ID).state is ModelState.AVAILABLE


def test_a_repository_without_one_is_refused(server: HubServer, models: Models, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "model_index.json").write_text("{}")
    server.serve(REPO, tmp_path / "source")
    models.accept_licence(models.spec(ID))
    with pytest.raises(UserError, match=r"lacks config\.json"):
        models.download(ID)


def test_the_bundled_one_fits_the_starter_alone(models: Models) -> None:
    starter = models.resolve("starter")[1]
    assert models.controlnets_for(starter) == (("starter-edges", "Starter edges"),)
    with pytest.raises(UserError, match="comes with the app"):
        models.remove("starter-edges")
