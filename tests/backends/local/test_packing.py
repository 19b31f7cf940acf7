"""A downloaded model that is kept in few bits alone: the same pictures, and its originals given back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.backends.selftest.precision import precisions_for
from app.core.errors import UserError
from app.core.events import Generated
from app.core.output import Pixels
from app.core.request import GenerationRequest
from app.library import paths
from app.library.models.compact import compact_folder
from app.library.models.hub import hub_cache
from app.library.models.model import ModelState
from app.library.models.store import Models
from app.library.settings import Settings
from tests.backends.random_checkpoint import write_checkpoint
from tests.servers.hub import HubServer

MODEL, OTHER = "sana-0.6b-512", "sana-0.6b-1024"
REPOS = {
    MODEL: "Efficient-Large-Model/Sana_600M_512px_diffusers",
    OTHER: "Efficient-Large-Model/Sana_600M_1024px_diffusers",
}


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Models]:
    """Two models with the same parts, downloaded."""
    source = write_checkpoint(tmp_path / "source")
    models = Models(Settings())
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        for model, repo in REPOS.items():
            server.serve(repo, source)
            models.accept_licence(models.spec(model))
            models.download(model)
        yield models


def picture(backend: MLXBackend, precision: str = "auto") -> Pixels:
    request = GenerationRequest("a house", model=MODEL, seed=3, steps=2, precision=precision)
    resolved = backend.capabilities(MODEL).resolve(request)
    events = list(backend.generate(resolved, lambda: False))
    return next(event.output.pixels for event in events if isinstance(event, Generated))


def test_its_pictures_stay_the_same_and_its_originals_go(models: Models) -> None:
    backend = MLXBackend(models, Settings())
    before = picture(backend, "4bit")
    backend.unload()
    size = hub_cache.size_on_disk(REPOS[MODEL])
    freed = models.compact(MODEL, lambda *what: backend.pack(what[0], "4bit", what[1], lambda: False))
    assert not hub_cache.repo_folder(REPOS[MODEL]).exists()
    assert freed < size, "the other model has the same files, so almost nothing is free"
    assert models.state(MODEL) is ModelState.READY
    assert models.look(MODEL).to_json()["packed"] == "4bit"
    assert backend.capabilities(MODEL).precisions == ("auto", "4bit")
    np.testing.assert_array_equal(picture(backend), before)


def test_what_needs_the_whole_says_so(models: Models) -> None:
    backend = MLXBackend(models, Settings())
    models.compact(MODEL, lambda *what: backend.pack(what[0], "8bit", what[1], lambda: False))
    torch = TorchBackend(models, Settings())
    assert MODEL in dict(backend.models())
    assert MODEL not in dict(torch.models())
    with pytest.raises(UserError, match="kept in 8 bits for MLX alone"):
        torch.capabilities(MODEL)
    with pytest.raises(UserError, match="nothing to compare"):
        precisions_for(backend, MODEL)
    with pytest.raises(UserError, match="nothing of"):
        models.compact(MODEL, lambda *_: pytest.fail("it is packed already"))
    with pytest.raises(UserError, match="nothing of"):
        models.compact("starter", lambda *_: pytest.fail("it comes with the app"))


def test_two_that_share_a_part_share_what_is_kept_of_it(models: Models) -> None:
    backend = MLXBackend(models, Settings())
    for model in REPOS:
        models.compact(model, lambda *what: backend.pack(what[0], "4bit", what[1], lambda: False))
    files = [sorted(compact_folder(models.spec(model)).rglob("*.safetensors")) for model in REPOS]
    assert len(files[0]) == 3
    assert all(a.samefile(b) for a, b in zip(*files, strict=True))
    total = sum(path.stat().st_size for path in files[0])
    assert models.remove(MODEL) < total
    assert models.state(OTHER) is ModelState.READY
    assert models.remove(OTHER) > total
    assert not list((paths.cache() / "mlx").glob("*.safetensors")), "what nobody needs is not kept in the cache"


def test_what_fails_on_the_way_leaves_the_originals(models: Models) -> None:
    def broken(_: object, folder: Path) -> None:
        (folder / "vae" / "diffusion_pytorch_model.bf16.safetensors").write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match="disk is full"):
        models.compact(MODEL, broken)
    with pytest.raises(UserError, match="missing"):
        models.compact(MODEL, lambda *_: None)
    assert not models.resolve(MODEL)[1].packed
    assert not list(compact_folder(models.spec(MODEL)).parent.iterdir())


def test_a_damaged_one_says_so_and_the_download_brings_the_whole(models: Models) -> None:
    backend = MLXBackend(models, Settings())
    models.compact(MODEL, lambda *what: backend.pack(what[0], "4bit", what[1], lambda: False))
    file = next(compact_folder(models.spec(MODEL)).glob("transformer/*.safetensors"))
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data[:-9])
    assert models.state(MODEL) is not ModelState.READY
    with pytest.raises(UserError):
        models.resolve(MODEL)
    models.download(MODEL)
    assert not models.resolve(MODEL)[1].packed
    assert not compact_folder(models.spec(MODEL)).exists()
    shutil.rmtree(hub_cache.repo_folder(REPOS[MODEL]))
