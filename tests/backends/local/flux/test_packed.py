"""Folders that mflux packed: known by their tensors alone, downloaded, and used as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.backends.local.flux import FluxBackend
from app.backends.local.mlx import MLXBackend
from app.backends.selftest.golden import psnr
from app.backends.selftest.precision import precisions_for
from app.core.errors import UserError
from app.core.events import Generated
from app.core.families.flux import KLEIN, Z_IMAGE
from app.core.request import GenerationRequest
from app.diffusion.model import Pixels
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.models.hub import hub
from app.library.models.model import ModelState
from app.library.models.store import Models
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
from tests.backends.local.flux import mflux_itself
from tests.servers.hub import HubServer

Folder = Callable[[str], Path]


def picture(folder: Path, **options: str) -> Pixels:
    backend = FluxBackend(FolderModels(), Settings())  # type: ignore[arg-type]
    wish = GenerationRequest("a red boat", model=str(folder), width=64, height=64, seed=3, steps=2).replace(**options)
    resolved = backend.capabilities(str(folder)).resolve(wish)
    told = backend.generate(resolved, lambda: False)
    return next(event.output.pixels for event in told if isinstance(event, Generated))


@pytest.mark.parametrize("family", [pytest.param(KLEIN, marks=pytest.mark.slow), Z_IMAGE])
def test_what_mflux_saved_whole_gives_the_same_picture(flux_folder: Folder, tmp_path: Path, family: str) -> None:
    packed = mflux_itself.save(flux_folder(family), family, tmp_path / "saved", None)
    checkpoint = open_checkpoint(packed)
    assert (checkpoint.family, checkpoint.packed) == (family, "")
    assert psnr(picture(packed), picture(flux_folder(family))) > 30  # mflux saves in half precision


@pytest.mark.slow
def test_what_mflux_packed_gives_what_packing_here_gives(flux_folder: Folder, tmp_path: Path) -> None:
    packed = mflux_itself.save(flux_folder(KLEIN), KLEIN, tmp_path / "saved", 4)
    assert psnr(picture(packed), picture(flux_folder(KLEIN), precision="4bit")) >= 40


def test_it_is_downloaded_and_has_the_one_precision_that_it_is_packed_in(
    flux_folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "RETRY_WAIT", 0.01)
    source = mflux_itself.save(flux_folder(KLEIN), KLEIN, tmp_path / "saved", 4)
    (source / "README.md").write_text("A model card.")
    models = Models(settings := Settings())
    spec = models.spec("flux2-klein-4b")
    models.accept_licence(spec)
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        server.serve(spec.repo, source)
        checkpoint = models.download(spec.id)
    assert models.state(spec.id) is ModelState.READY
    assert not (checkpoint.folder / "README.md").exists()
    backend = FluxBackend(models, settings)
    assert backend.models() == ((spec.id, "FLUX.2 klein 4B"),)
    offered = backend.capabilities(spec.id)
    assert (offered.precisions, offered.steps.default) == (("auto", "4bit"), 4)
    assert precisions_for(backend, spec.id) == ("4bit",)
    settings.set("precision.flux", "float32")  # what is packed stays as it is
    request = offered.resolve(GenerationRequest("a red boat", model=spec.id, width=64, height=64))
    assert backend.estimate(request).peak_memory_bytes


def test_other_backends_leave_it_alone(flux_folder: Folder) -> None:
    folder = str(flux_folder(KLEIN))
    with pytest.raises(UserError, match="does not run on MLX"):
        MLXBackend(FolderModels(), Settings()).capabilities(folder)  # type: ignore[arg-type]


@pytest.mark.parametrize("lost", ["transformer/model.safetensors.index.json", "vae/0.safetensors", "tokenizer"])
def test_a_missing_file_is_named(flux_folder: Folder, tmp_path: Path, lost: str) -> None:
    folder = mflux_itself.save(flux_folder(Z_IMAGE), Z_IMAGE, tmp_path / "saved", None)
    (folder / lost).rename(tmp_path / "lost")
    with pytest.raises(UserError, match="is missing") as refused:
        open_checkpoint(folder)
    assert str(folder) in str(refused.value.message)
