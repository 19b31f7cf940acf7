"""Models: how they stand, where they are found, and that removing touches nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import UserError
from app.core.message import message
from app.library import machine, paths
from app.library.models.hub import hub_cache
from app.library.models.hub.licences import Licences
from app.library.models.model import ModelState
from app.library.models.store import Models
from app.library.settings import Settings
from tests.checkpoints import SCHEDULERS, write_checkpoint, write_json
from tests.servers.hub import HubServer

MODEL = "sana-0.6b-512"
REPO = "Efficient-Large-Model/Sana_600M_512px_diffusers"
ROW = {
    "id", "repo", "family", "state", "download_bytes", "licence", "licence_url", "languages", "base_size",
    "peak_memory_bytes",
}  # fmt: skip


@pytest.fixture
def models() -> Models:
    return Models(Settings())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


def cached(repo: str, commit: str = "0" * 40, *, branch: str = "main") -> Path:
    """A model in the cache, as another tool left it."""
    folder = hub_cache.repo_folder(repo)
    snapshot = write_checkpoint(folder / "snapshots" / commit, variants=("", "fp16"))
    (folder / "refs").mkdir(exist_ok=True)
    (folder / "refs" / branch).write_text(commit)
    return snapshot


def test_the_list_is_json_and_complete(models: Models) -> None:
    rows = json.loads(json.dumps(models.describe()))
    assert [row["id"] for row in rows] == list(models.catalog)
    for row in rows:
        assert row.keys() == ROW
        assert row["state"] in ("available", "partial", "ready", "bundled")
        assert row["peak_memory_bytes"] > 0
    first, second = rows[:2]
    assert (first["id"], first["state"], first["download_bytes"]) == ("starter", "bundled", 0)
    assert (second["state"], second["licence_url"][:8]) == ("available", "https://")


def test_listing_is_quick_to_import(tmp_path: Path) -> None:
    """The window lists models before it paints itself."""
    code = (
        "import sys; from app.library.models.store import Models; from app.library.settings import Settings\n"
        "Models(Settings()).describe()\n"
        "heavy = {'huggingface_hub', 'httpx2', 'httpx', 'torch', 'mlx', 'diffusers', 'transformers', 'PySide6'}\n"
        "sys.exit(', '.join(heavy & sys.modules.keys()) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_another_tool_downloaded_is_found(models: Models) -> None:
    snapshot = cached(REPO)
    assert models.state(MODEL) == ModelState.READY
    spec, checkpoint = models.resolve(MODEL)
    assert (spec, checkpoint.folder, checkpoint.variant) == (models.spec(MODEL), snapshot, "fp16")


def test_an_older_whole_snapshot_serves_while_the_newer_is_incomplete(models: Models) -> None:
    old = cached(REPO, "1" * 40)
    new = cached(REPO, "2" * 40)
    assert models.resolve(MODEL)[1].folder == new
    (new / "vae" / "config.json").unlink()
    assert models.resolve(MODEL)[1].folder == old


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"HF_HUB_CACHE": "/a/cache"}, "/a/cache"),
        ({"HUGGINGFACE_HUB_CACHE": "/an/older/name"}, "/an/older/name"),
        ({"HF_HOME": "/a/home"}, "/a/home/hub"),
        ({"XDG_CACHE_HOME": "/xdg"}, "/xdg/huggingface/hub"),
        ({"HOME": "/home/ada"}, "/home/ada/.cache/huggingface/hub"),
        ({"HF_HOME": "~/models", "HOME": "/home/ada"}, "/home/ada/models/hub"),
        ({"HF_HOME": "/a/home", "HF_HUB_CACHE": "$HOME/hub", "HOME": "/home/ada"}, "/home/ada/hub"),
    ],
)
def test_the_cache_is_where_the_client_looks(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], folder: str
) -> None:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert hub_cache.cache_folder() == Path(folder)
    client = subprocess.run(
        [sys.executable, "-c", "from huggingface_hub import constants; print(constants.HF_HUB_CACHE)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert client.stdout.strip() == folder


def test_what_is_not_here_says_how_to_get_it(models: Models) -> None:
    with pytest.raises(UserError) as error:
        models.resolve(MODEL)
    assert "not on this computer" in str(error.value.message)
    assert f"sana-studio models download {MODEL}" in str(error.value.remedy)


@pytest.mark.parametrize("call", ["resolve", "spec", "state", "remove", "download"])
def test_an_unknown_model_lists_the_known_ones(models: Models, call: str) -> None:
    with pytest.raises(UserError) as error:
        getattr(models, call)("sana-9b")
    assert "“sana-9b”" in str(error.value.message)
    assert "sana-sprint-0.6b" in str(error.value.remedy)


@pytest.mark.parametrize("call", ["resolve", "spec", "download"])
def test_a_model_that_does_not_run_yet_says_why(models: Models, call: str) -> None:
    for planned in models.planned:
        with pytest.raises(UserError) as error:
            getattr(models, call)(planned.id)
        assert str(error.value.message) == f"{planned.name} does not run here yet: {planned.why}"
        assert "sana-video" in str(error.value.remedy)


def test_any_folder_can_be_resolved(models: Models, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "mine")
    assert models.resolve(str(folder))[1].folder == folder
    assert models.resolve(str(folder / "model_index.json"))[0] is None
    with pytest.raises(UserError, match="no folder"):
        models.resolve(str(tmp_path / "nowhere"))


def test_the_folder_of_a_snapshot_is_known_by_its_repository(models: Models) -> None:
    """So that a user who chooses it by hand gets the clipping that its training needs."""
    snapshot = cached(REPO)
    spec, checkpoint = models.resolve(str(snapshot))
    assert spec == models.spec(MODEL)
    assert checkpoint.clip


def test_a_repository_of_the_hubs_cache_stands_for_its_snapshot(models: Models) -> None:
    snapshot = cached(REPO)
    spec, checkpoint = models.resolve(str(snapshot.parent.parent))
    assert (spec, checkpoint.folder) == (models.spec(MODEL), snapshot)
    other = cached("owner/Sana_like")
    added = models.add_folder(other.parent.parent)
    assert (added.id, added.state) == (str(other.parent.parent), ModelState.READY)


def test_own_folders_are_listed_until_they_are_removed(models: Models, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "mine", "sana-sprint")
    added = models.add_folder(folder / "model_index.json")
    assert (added.name, added.state, added.checkpoint is not None) == ("mine", ModelState.READY, True)
    models.add_folder(folder)
    again = Models(Settings())
    row = again.describe()[-1]
    assert (row["id"], row["family"], row["base_size"]) == (str(folder), "sana-sprint", 64)
    assert row["peak_memory_bytes"] > 0
    assert len(again.list()) == len(again.catalog) + 1
    assert again.state(str(folder)) == ModelState.READY

    assert again.remove(str(folder)) == 0
    assert len(models.list()) == len(models.catalog)
    assert (folder / "model_index.json").exists(), "the user's own files stay"


def test_an_own_folder_that_broke_stays_listed_and_says_why(models: Models, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "mine")
    models.add_folder(folder)
    (folder / "vae" / "config.json").unlink()
    model = models.list()[-1]
    assert (model.state, model.checkpoint) == (ModelState.PARTIAL, None)
    assert str(Path("vae", "config.json")) in str(model.problem)
    shutil.rmtree(folder)
    assert "no folder" in str(models.list()[-1].problem)
    models.remove(str(folder))
    assert len(models.list()) == len(models.catalog)


def test_what_is_no_checkpoint_is_not_added(models: Models, tmp_path: Path) -> None:
    single = tmp_path / "sana.safetensors"
    single.write_bytes(b"x")
    for path in (tmp_path, single, tmp_path / "nowhere"):
        with pytest.raises(UserError):
            models.add_folder(path)
    assert models.folders() == ()


def test_a_licence_is_kept_with_its_date(models: Models) -> None:
    spec = models.spec(MODEL)
    assert not models.licence_accepted(spec)
    models.accept_licence(spec)
    assert Models(Settings()).licence_accepted(spec)
    assert not models.licence_accepted(models.spec("sana-1.6b-4k")), "each model has its own"
    kept = json.loads((paths.home() / "licences.json").read_text())[MODEL]
    assert (kept["licence"], kept["url"]) == (spec.licence, spec.licence_url)
    assert kept["accepted"].startswith("20")
    assert models.licence_accepted(models.spec("starter"))


def test_another_licence_is_asked_for_again(models: Models) -> None:
    models.accept_licence(models.spec(MODEL))
    path = paths.home() / "licences.json"
    path.write_text(path.read_text().replace("NSCL v2", "NSCL v1"))
    assert not Licences().accepted(models.spec(MODEL))


def test_removing_frees_the_model_and_nothing_else(server: HubServer, models: Models, tmp_path: Path) -> None:
    server.serve(REPO, write_checkpoint(tmp_path / "source", variants=("fp16",)))
    models.accept_licence(models.spec(MODEL))
    snapshot = models.download(MODEL).folder
    # A copy of the repository has the same commit; others have files of their own.
    copy = cached("someone/a-copy", snapshot.name)
    other = cached("Efficient-Large-Model/Sana_1600M_512px_diffusers")
    (hub_cache.cache_folder() / "datasets--a--b" / "snapshots" / "3").mkdir(parents=True)
    size = hub_cache.size_on_disk(REPO)
    assert models.remove(MODEL) == size > 0
    assert not hub_cache.repo_folder(REPO).exists()
    assert models.state(MODEL) == ModelState.AVAILABLE
    assert (copy / "model_index.json").exists()
    assert (other / "model_index.json").exists()
    assert models.state("sana-1.6b-512") == ModelState.READY
    assert (hub_cache.cache_folder() / "datasets--a--b").exists()
    assert models.remove(MODEL) == 0


def test_removing_leaves_other_revisions_and_what_they_share(server: HubServer, models: Models, tmp_path: Path) -> None:
    server.serve(REPO, write_checkpoint(tmp_path / "source", variants=("fp16",)))
    models.accept_licence(models.spec(MODEL))
    snapshot = models.download(MODEL).folder
    folder = hub_cache.repo_folder(REPO)
    # Another tool has two revisions: one by the name of a branch, one by its hash alone.
    shared = (snapshot / "vae" / "config.json").readlink()
    for number, commit in enumerate(("a" * 40, "b" * 40)):
        theirs = folder / "snapshots" / commit
        (theirs / "vae").mkdir(parents=True)
        (theirs / "vae" / "config.json").symlink_to(shared)
        (folder / "blobs" / f"their{number}").write_bytes(b"x" * 1000)
        (theirs / "extra.bin").symlink_to(f"../../blobs/their{number}")
    (folder / "refs" / "pr").mkdir()
    (folder / "refs" / "pr" / "1").write_text("a" * 40)
    large = (snapshot / "vae" / "diffusion_pytorch_model.fp16.safetensors").resolve()
    size = large.stat().st_size

    assert models.remove(MODEL) > size
    assert not large.exists()
    assert not snapshot.exists()
    assert not (folder / "refs" / "main").exists()
    for number, commit in enumerate(("a" * 40, "b" * 40)):
        theirs = folder / "snapshots" / commit
        assert json.loads((theirs / "vae" / "config.json").read_text())
        assert (theirs / "extra.bin").stat().st_size == 1000, number
    assert (folder / "refs" / "pr" / "1").exists()
    assert models.state(MODEL) == ModelState.AVAILABLE
    assert models.remove(MODEL) == 0


def test_removing_a_download_that_was_paused_leaves_other_revisions(models: Models) -> None:
    """What was downloaded is remembered: until it is whole, no branch in the cache names it."""
    theirs = cached(REPO, "a" * 40, branch="other")
    ours = hub_cache.repo_folder(REPO) / "snapshots" / ("b" * 40)
    write_checkpoint(ours, variants=("fp16",))
    (ours / "vae" / "config.json").unlink()
    write_json(paths.home() / "models.json", {"downloads": {MODEL: ["b" * 40]}})
    assert models.state(MODEL) == ModelState.PARTIAL
    assert models.remove(MODEL) > 0
    assert not ours.exists()
    assert (theirs / "model_index.json").exists()
    assert models.state(MODEL) == ModelState.AVAILABLE


def test_another_revision_by_name_is_another_model(models: Models) -> None:
    cached(REPO, "a" * 40, branch="older")
    assert models.state(MODEL) == ModelState.AVAILABLE


def test_what_another_tool_fetched_by_its_hash_can_be_removed(models: Models) -> None:
    snapshot = cached(REPO, "a" * 40)
    (hub_cache.repo_folder(REPO) / "refs" / "main").unlink()
    assert models.state(MODEL) == ModelState.READY
    assert models.remove(MODEL) > 0
    assert not snapshot.exists()
    assert models.state(MODEL) == ModelState.AVAILABLE


def test_removing_an_interrupted_download(models: Models) -> None:
    blobs = hub_cache.repo_folder(REPO) / "blobs"
    blobs.mkdir(parents=True)
    (blobs / "abc.incomplete").write_bytes(b"x" * 1000)
    assert models.state(MODEL) == ModelState.PARTIAL
    assert models.remove(MODEL) == 1000
    assert models.state(MODEL) == ModelState.AVAILABLE


def test_removing_what_a_lost_blob_has_broken(models: Models) -> None:
    snapshot = cached(REPO)
    path = snapshot / "vae" / "config.json"
    path.unlink()
    path.symlink_to(hub_cache.repo_folder(REPO) / "blobs" / "gone")
    assert models.state(MODEL) == ModelState.PARTIAL
    assert models.remove(MODEL) > 0
    assert models.state(MODEL) == ModelState.AVAILABLE


def test_a_locked_keychain_does_not_stop_a_download(server: HubServer, tmp_path: Path) -> None:
    def locked() -> str:
        raise UserError(message("The keychain is locked."), message("Unlock it."))

    server.serve(REPO, write_checkpoint(tmp_path / "source", variants=("fp16",)))
    models = Models(Settings(), token=locked)
    models.accept_licence(models.spec(MODEL))
    assert models.download(MODEL).variant == "fp16"


def test_the_bundled_model_stays(models: Models) -> None:
    with pytest.raises(UserError, match="comes with the app"):
        models.remove("starter")


@pytest.mark.parametrize("name", ["starter", "starter-video"])
def test_the_catalog_describes_the_bundled_models_as_they_are(models: Models, name: str) -> None:
    spec, checkpoint = models.resolve(name)
    assert spec is not None
    assert (spec.family, spec.base_size, spec.shift) == (checkpoint.family, checkpoint.base_size, checkpoint.flow_shift)
    assert spec.solver == checkpoint.solvers[0]
    assert spec.parameters == pytest.approx(checkpoint.size.transformer, rel=0.05)
    assert models.look(name).peak_memory() < 1e9
    assert models.look(name).state == ModelState.BUNDLED


def test_a_damaged_bundled_model_does_not_hide_the_others(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    assert models.list()[0].state == ModelState.BUNDLED
    with pytest.raises(UserError) as error:
        models.resolve("starter")
    assert str(error.value.remedy) == "Install the app again."


def test_the_recommendation_is_for_this_machine(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "total_memory", lambda: 16 * 2**30)
    monkeypatch.setattr(machine, "chip", lambda: "Apple M4")
    assert models.recommended().id == "sana-sprint-0.6b"


def test_a_cache_that_may_not_be_read_hides_no_model(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    models.look(MODEL)
    for name in ("is_dir", "iterdir", "read_text", "glob", "rglob"):
        monkeypatch.setattr(Path, name, _unreadable(getattr(Path, name), hub_cache.cache_folder()))
    assert [model.state for model in models.list()][:2] == [ModelState.BUNDLED, ModelState.AVAILABLE]


def test_a_cache_with_too_long_a_name_hides_no_model(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", f"/{'a' * 300}")
    assert [model.state for model in models.list()][:2] == [ModelState.BUNDLED, ModelState.AVAILABLE]


def test_removing_from_a_cache_that_may_not_be_read_deletes_nothing(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = cached(REPO)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", _unreadable(Path.iterdir, hub_cache.cache_folder()))
        with pytest.raises(UserError, match="could not be removed"):
            models.remove(MODEL)
    assert models.resolve(MODEL)[1].folder == snapshot


def _unreadable(call: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """A method of paths that is refused below `folder`, as to somebody without its permissions."""

    def refuse(self: Path, *arguments: Any, **options: Any) -> Any:
        if folder in self.parents:
            raise PermissionError(13, "Permission denied", str(self))
        return call(self, *arguments, **options)

    return refuse


@pytest.mark.parametrize("name", ["~nobody-of-that-name", "a" * 300, "a\0b", "/a" * 3000])
def test_an_odd_name_in_the_list_is_a_model_with_a_problem(models: Models, home: Path, name: str) -> None:
    write_json(home / "models.json", {"folders": [name, 3], "downloads": {MODEL: [["a"]]}})
    *others, last = models.list()
    assert len(others) == len(models.catalog)
    assert last.state is ModelState.PARTIAL
    assert last.problem
    models.remove(last.id)
    assert models.folders() == ()


@pytest.mark.parametrize("name", ["~nobody-of-that-name", "a" * 300, "~\0", "\ud800"])
def test_an_odd_name_is_an_unknown_model(models: Models, name: str) -> None:
    for call in (models.resolve, models.look, models.remove):
        with pytest.raises(UserError, match="no model called"):
            call(name)


@pytest.mark.parametrize("file", ["models.json", "licences.json"])
@pytest.mark.parametrize("damage", ["unreadable", "broken in a place that cannot be written"])
def test_a_list_that_cannot_be_read_counts_as_empty(
    models: Models, home: Path, monkeypatch: pytest.MonkeyPatch, file: str, damage: str
) -> None:
    def refuse(_: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    if damage == "unreadable":
        (home / file).mkdir(parents=True)
    else:
        home.mkdir()
        (home / file).write_text("{")
        monkeypatch.setattr("app.library.files.set_aside", refuse)
    assert [model.id for model in models.list()] == list(models.catalog)
    assert not models.licence_accepted(models.spec(MODEL))


def test_a_limit_of_the_prompt_that_is_no_number_breaks_nothing(models: Models, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "own")
    models.add_folder(folder)
    write_json(folder / "tokenizer" / "tokenizer_config.json", {"model_max_length": float("inf")})
    assert models.list()[-1].state is ModelState.READY
    write_json(folder / "scheduler" / "scheduler_config.json", {**SCHEDULERS["sana"], "flow_shift": 10**400})
    assert models.list()[-1].state is ModelState.PARTIAL
