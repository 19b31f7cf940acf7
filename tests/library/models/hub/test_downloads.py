"""Downloads, by the real client of the hub against a stand-in on loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest

from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck
from app.library.models.hub import downloads, hub, hub_cache
from app.library.models.hub.hub import HubFile
from app.library.models.model import ModelState
from app.library.models.sharing import shared_parts
from app.library.models.store import Models
from app.library.models.weights.weights import STEMS
from app.library.settings import Settings
from tests.checkpoints import write_checkpoint, write_safetensors
from tests.servers.hub import Fault, HubServer

MODEL = "sana-0.6b-512"
REPO = "Efficient-Large-Model/Sana_600M_512px_diffusers"
TRANSFORMER = "transformer/diffusion_pytorch_model.fp16.safetensors"
TOKEN = "hf_StandInToken"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    monkeypatch.setattr(hub, "RETRY_WAIT", 0.01)
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A repository as NVIDIA's are: several precisions, and files that nobody needs here."""
    folder = write_checkpoint(tmp_path / "source", variants=("", "fp16"), size=400)
    (folder / "README.md").write_text("A model card.")
    (folder / "transformer" / "diffusion_pytorch_model.bin").write_bytes(b"\x80\x04")
    (folder / "tokenizer" / "tokenizer.model").write_bytes(b"sentencepiece")
    return folder


@pytest.fixture
def models() -> Models:
    models = Models(Settings())
    models.accept_licence(models.spec(MODEL))
    return models


def refused(models: Models) -> UserError:
    with pytest.raises(UserError) as error:
        models.download(MODEL)
    assert error.value.remedy
    return error.value


def stop_after(bytes_in_place: int) -> tuple[downloads.OnProgress, CancelCheck]:
    """A progress callback and a cancel check that presses Pause once so much has arrived."""
    seen = [0]
    return lambda done, *_: seen.__setitem__(0, done), lambda: seen[0] >= bytes_in_place


def test_only_the_needed_files_of_one_precision_come(server: HubServer, source: Path, models: Models) -> None:
    server.serve(REPO, source)
    assert models.state(MODEL) == ModelState.AVAILABLE
    checkpoint = models.download(MODEL)
    assert models.state(MODEL) == ModelState.READY
    assert (checkpoint.variant, checkpoint.clip, checkpoint.name) == ("fp16", True, "Sana 0.6B, 512 px")
    got = {str(path.relative_to(checkpoint.folder)) for path in checkpoint.folder.rglob("*") if path.is_file()}
    assert got == {
        "model_index.json",
        "scheduler/scheduler_config.json",
        "text_encoder/config.json",
        "text_encoder/model.fp16-00001-of-00002.safetensors",
        "text_encoder/model.fp16-00002-of-00002.safetensors",
        "text_encoder/model.safetensors.index.fp16.json",
        "tokenizer/tokenizer.json",
        "tokenizer/tokenizer_config.json",
        "transformer/config.json",
        TRANSFORMER,
        "vae/config.json",
        "vae/diffusion_pytorch_model.fp16.safetensors",
    }
    assert (checkpoint.folder / TRANSFORMER).read_bytes() == (source / TRANSFORMER).read_bytes()


def test_other_tools_find_it_in_the_cache(server: HubServer, source: Path, models: Models) -> None:
    import huggingface_hub

    server.serve(REPO, source)
    models.download(MODEL)
    server.requests.clear()
    found = huggingface_hub.hf_hub_download(
        REPO, TRANSFORMER, cache_dir=hub_cache.cache_folder(), local_files_only=True
    )
    assert Path(found).read_bytes() == (source / TRANSFORMER).read_bytes()
    assert not server.requests


def test_nothing_but_the_repository_is_asked_for(
    server: HubServer, source: Path, models: Models, tmp_path: Path
) -> None:
    """In a process of its own, without the variable that switches telemetry off in the tests."""
    server.serve(REPO, source)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "AI_AGENT": "something"}
    del environment["HF_HUB_DISABLE_TELEMETRY"]
    code = (
        "from app.library.models.store import Models; from app.library.settings import Settings\n"
        f"Models(Settings()).download({MODEL!r})"
    )
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
    assert server.paths("hub")
    for path in server.paths("hub"):
        assert path.startswith(
            (f"/api/models/{REPO}/revision/", f"/{REPO}/resolve/", f"/api/resolve-cache/models/{REPO}/")
        )
    assert all(any(name in path for name in (".safetensors", "tokenizer.json")) for path in server.paths("cdn"))
    for request in server.requests:
        assert "torch" not in request.headers["user-agent"]
        assert "agent/" not in request.headers["user-agent"]
        assert not {"authorization", "cookie"} & request.headers.keys()


def test_progress_adds_up(server: HubServer, source: Path, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads.Meter, "PAUSE", 0.0)
    server.serve(REPO, source)
    seen: list[tuple[int, int, float | None]] = []
    folder = models.download(MODEL, lambda *values: seen.append(values)).folder
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert {values[1] for values in seen} == {total}
    assert [values[0] for values in seen] == sorted(values[0] for values in seen)
    assert seen[-1] == (total, total, 0.0)


def test_the_time_left_follows_the_recent_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    seen: list[tuple[int, int, float | None]] = []
    file = HubFile("a", 1000, "")
    meter = downloads.Meter(1000, lambda *values: seen.append(values))
    for second in range(41):
        now[0] = 100.0 + second
        meter.of(file)(5 * min(second, 20) + 20 * max(0, second - 20))
    assert seen[1][2] is None  # too early to say
    assert seen[10][2] == pytest.approx((1000 - 50) / 5)
    assert seen[40][2] == pytest.approx((1000 - 500) / 20)


def test_a_cut_connection_is_taken_up_where_it_broke(server: HubServer, source: Path, models: Models) -> None:
    server.serve(REPO, source)
    server.script("content", Fault(cut_after=100_000), Fault(cut_after=0), Fault(cut_after=70_000), file=TRANSFORMER)
    models.download(MODEL)
    starts = [int(text[6:-1]) for text in server.ranges(TRANSFORMER)][::2]
    assert starts[0] == 0
    assert starts == sorted(starts)
    assert starts[-1] > 0
    assert models.state(MODEL) == ModelState.READY


def test_too_many_cuts_in_a_row_end_it_and_what_arrived_is_kept(
    server: HubServer, source: Path, models: Models
) -> None:
    server.serve(REPO, source)
    server.script("content", Fault(cut_after=150_000), *[Fault(cut_after=0)] * hub.ATTEMPTS, file=TRANSFORMER)
    error = refused(models)
    assert "cannot be reached" in str(error.message)
    assert "kept" in str(error.remedy)
    assert models.state(MODEL) == ModelState.PARTIAL
    server.requests.clear()
    models.download(MODEL)
    assert server.ranges(TRANSFORMER)[0] not in ("", "bytes=0-")
    assert not any("text_encoder" in path for path in server.paths("cdn")), "those were whole"


def test_pause_and_go_on(server: HubServer, source: Path, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads.Meter, "PAUSE", 0.0)
    server.serve(REPO, source)
    with pytest.raises(GenerationCancelled):
        models.download(MODEL, *stop_after(1_000_000))
    assert models.state(MODEL) == ModelState.PARTIAL
    kept = hub_cache.size_on_disk(REPO)
    assert kept >= 900_000
    seen: list[int] = []
    models.download(MODEL, lambda done, *_: seen.append(done))
    assert models.state(MODEL) == ModelState.READY
    arrived = sum(int(size) for size in seen[:1])
    assert arrived <= kept


def half_fetched(at_least: int) -> Path | None:
    """A file of which so many bytes have arrived, but not all; one that arrives whole meanwhile is gone from there."""
    for path in hub_cache.repo_folder(REPO).glob("blobs/*.incomplete"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size >= at_least:
                return path
    return None


def test_a_killed_process_leaves_what_the_next_one_goes_on_with(
    server: HubServer, source: Path, models: Models
) -> None:
    server.serve(REPO, source)
    server.rate = 400_000
    code = (
        "from app.library.models.store import Models; from app.library.settings import Settings\n"
        f"Models(Settings()).download({MODEL!r})"
    )
    with subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(Path.cwd())}) as process:
        deadline = time.monotonic() + 120
        while (partial := half_fetched(at_least=100_000)) is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    server.rate = None
    server.requests.clear()
    models.download(MODEL)
    assert models.state(MODEL) == ModelState.READY
    assert any(int(range_[6:-1]) >= 100_000 for range_ in server.ranges(partial.stem) if range_)


def test_a_server_without_ranges_starts_anew(server: HubServer, source: Path, models: Models) -> None:
    server.serve(REPO, source)
    server.script("content", Fault(cut_after=100_000), Fault(ranges=False), file=TRANSFORMER)
    folder = models.download(MODEL).folder
    assert (folder / TRANSFORMER).read_bytes() == (source / TRANSFORMER).read_bytes()


@pytest.mark.parametrize("fault", [Fault(corrupt=True), Fault(longer=10)], ids=["corrupt", "too long"])
@pytest.mark.parametrize("file", [TRANSFORMER, "vae/config.json"])
def test_a_damaged_file_is_fetched_again_alone(
    server: HubServer, source: Path, models: Models, fault: Fault, file: str
) -> None:
    server.serve(REPO, source)
    server.script("content", fault, file=file)
    folder = models.download(MODEL).folder
    assert (folder / file).read_bytes() == (source / file).read_bytes()
    fetched = [
        request.path for request in server.requests if request.method == "GET" and "/resolve/" not in request.path
    ]
    assert len([path for path in fetched if file in path]) == 2
    assert len(fetched) == len(set(fetched)) + 1


def test_a_file_that_is_damaged_twice_is_named_and_not_kept(server: HubServer, source: Path, models: Models) -> None:
    server.serve(REPO, source)
    server.script("content", Fault(corrupt=True), Fault(corrupt=True), file=TRANSFORMER)
    error = refused(models)
    assert TRANSFORMER in str(error.message)
    assert "damaged" in str(error.message)
    assert not list(hub_cache.repo_folder(REPO).glob(f"snapshots/*/{TRANSFORMER}"))
    assert not list(hub_cache.repo_folder(REPO).glob("blobs/*.incomplete"))


@pytest.mark.parametrize("damage", ["a changed byte", "truncated", "gone"])
def test_a_file_that_broke_on_the_disk_is_repaired_alone(
    server: HubServer, source: Path, models: Models, damage: str
) -> None:
    server.serve(REPO, source)
    path = models.download(MODEL).folder / TRANSFORMER
    blob = path.resolve()
    data = blob.read_bytes()
    if damage == "gone":
        blob.unlink()
    else:
        blob.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if damage == "a changed byte" else data[:-1000])
    if damage != "a changed byte":  # which only reading everything would tell
        assert models.state(MODEL) == ModelState.PARTIAL
        with pytest.raises(UserError, match=r"not complete.*fp16.safetensors"):
            models.resolve(MODEL)
    server.requests.clear()
    models.download(MODEL)
    assert path.read_bytes() == data
    assert {request.path for request in server.requests if request.host == "cdn"} == {
        path for path in server.paths("cdn") if TRANSFORMER in path
    }
    assert len(server.paths("cdn")) == 1


def test_the_disk_is_measured_before(
    server: HubServer, source: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve(REPO, source)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=downloads.SPARE + 1000))
    error = refused(models)
    assert "GB is free" in str(error.message)
    assert "HF_HOME" in str(error.remedy)
    assert not server.paths("cdn")


def test_a_server_that_never_sends_more_is_given_up(server: HubServer, source: Path, models: Models) -> None:
    server.serve(REPO, source)
    server.script("content", *[Fault(body=b"")] * hub.ATTEMPTS, file=TRANSFORMER)
    assert "cannot be reached" in str(refused(models).message)
    server.script("content", *[Fault(ranges=False, cut_after=1000)] * (hub.ATTEMPTS + 1), file=TRANSFORMER)
    assert "cannot be reached" in str(refused(models).message)
    models.download(MODEL)


def test_a_folder_that_cannot_be_read(
    server: HubServer, source: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve(REPO, source)
    models.download(MODEL)

    def locked(*_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(HubFile, "matches", locked)
    error = refused(models)
    assert "could not be saved" in str(error.message)


def test_a_disk_that_fills_up_on_the_way(
    server: HubServer, source: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve(REPO, source)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hub.Hub, "_stream", full)
    assert "disk is full" in str(refused(models).message)


@pytest.mark.parametrize("where", ["api", "content"])
@pytest.mark.parametrize(
    ("fault", "reason", "remedy"),
    [
        (Fault(status=429), "too many requests", "Wait"),
        (Fault(status=500), "error 500", "later"),
        (Fault(status=503), "error 503", "later"),
        (Fault(status=403, code="GatedRepo"), "wants to know", REPO),
        (Fault(status=403), "wants to know", REPO),
        (Fault(status=401, code="RepoNotFound"), "needs a token", "token"),
        (Fault(status=404, code="RevisionNotFound"), "does not have", "Settings"),
        (Fault(status=404, code="EntryNotFound"), "does not have", "Settings"),
    ],
    ids=lambda value: f"{value.status}{value.code}" if isinstance(value, Fault) else "",
)
def test_refusals_say_what_to_do(
    server: HubServer, source: Path, models: Models, where: str, fault: Fault, reason: str, remedy: str
) -> None:
    server.serve(REPO, source)
    file = REPO if where == "api" else TRANSFORMER
    server.script(where, *[fault] * hub.ATTEMPTS, file=file)
    error = refused(models)
    assert reason in str(error.message)
    assert remedy in str(error.remedy)


def test_a_file_that_is_gone_is_named(server: HubServer, source: Path, models: Models) -> None:
    server.serve(REPO, source)
    server.script("content", Fault(status=404, code="EntryNotFound"), file=TRANSFORMER)
    assert f"does not have {TRANSFORMER} of {REPO}" in str(refused(models).message)


def test_a_server_that_hangs(server: HubServer, source: Path, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "TIMEOUT", 0.3)
    server.serve(REPO, source)
    server.script("api", Fault(hang=5))
    assert "does not answer" in str(refused(models).message)


def test_nobody_there(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    error = refused(models)
    assert "127.0.0.1 cannot be reached" in str(error.message)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>It works!</html>",
        b"[]",
        b"{}",
        b'{"id": "x"}',
        b'{"id": "x", "sha": "../../x", "siblings": []}',
        b'{"id": "x", "sha": "%s", "siblings": [{"rfilename": "a", "size": 1, "blobId": "0", "lfs": '
        b'{"sha256": "../../../a", "size": 1, "pointerSize": 135}}]}' % (b"0" * 40),
    ],
)
def test_a_mirror_that_is_none(server: HubServer, source: Path, models: Models, body: bytes) -> None:
    server.serve(REPO, source)
    server.script("api", Fault(body=body))
    error = refused(models)
    assert "does not answer like Hugging Face" in str(error.message)
    assert "Settings" in str(error.remedy)


def test_a_mirror_that_lists_paths_only(server: HubServer, source: Path, models: Models) -> None:
    """As the client's own downloads need no more, some mirrors leave sizes and hashes out."""
    server.serve(REPO, source)
    server.details = False
    server.script("content", Fault(cut_after=100_000), Fault(corrupt=True), file=TRANSFORMER)
    server.script("content", Fault(corrupt=True), file="vae/config.json")
    folder = models.download(MODEL).folder
    for file in (TRANSFORMER, "vae/config.json"):
        assert (folder / file).read_bytes() == (source / file).read_bytes()
    assert not any("README" in path or ".bin" in path for path in server.paths("hub"))


def test_a_mirror_that_tells_no_hash_is_refused(server: HubServer, source: Path, models: Models) -> None:
    server.serve(REPO, source)
    server.details = False
    server.script("head", Fault(headers={"X-Linked-Etag": '"../../a"'}), file=TRANSFORMER)
    assert "does not answer like Hugging Face" in str(refused(models).message)
    assert not hub_cache.size_on_disk(REPO)


def test_a_private_repository_gets_the_token_and_the_cdn_does_not(server: HubServer, source: Path) -> None:
    server.serve(REPO, source, token=TOKEN)
    settings = Settings()
    models = Models(settings, token=lambda: TOKEN)
    models.accept_licence(models.spec(MODEL))
    models.download(MODEL)
    for request in server.requests:
        assert request.headers.get("authorization") == (f"Bearer {TOKEN}" if request.host == "hub" else None)


def test_a_wrong_token_is_said_to_be_wrong(server: HubServer, source: Path) -> None:
    server.serve(REPO, source, token=TOKEN)
    models = Models(Settings(), token=lambda: "hf_another")
    models.accept_licence(models.spec(MODEL))
    error = refused(models)
    assert "does not accept your token" in str(error.message)
    assert "hf_another" not in str(error)


@pytest.mark.parametrize("token", [None, "hf_not_on_the_list"])
def test_a_gated_repository(server: HubServer, source: Path, token: str | None) -> None:
    server.serve(REPO, source, token=TOKEN, gated=True)
    models = Models(Settings(), token=lambda: token)
    models.accept_licence(models.spec(MODEL))
    error = refused(models)
    assert "wants to know who downloads it" in str(error.message)
    assert f"https://huggingface.co/{REPO}" in str(error.remedy)


def test_a_mirror_does_not_get_the_token_of_another_login(
    server: HubServer, source: Path, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve(REPO, source)
    file = tmp_path / "token"
    file.write_text(TOKEN)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(file))
    models.download(MODEL)
    assert not any("authorization" in request.headers for request in server.requests)


def test_the_variable_for_the_token_is_honoured(
    server: HubServer, source: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve(REPO, source, token=TOKEN)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    models.download(MODEL)


def test_the_setting_for_the_mirror_wins(
    server: HubServer, source: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve(REPO, source)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    settings = Settings()
    settings.set("hub_endpoint", server.url + "/")
    models = Models(settings)
    models.download(MODEL)
    assert models.state(MODEL) == ModelState.READY


@pytest.mark.parametrize("how", ["setting", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_offline_never_touches_the_network(
    server: HubServer, source: Path, models: Models, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    server.serve(REPO, source)
    settings = Settings()
    if how == "setting":
        settings.set("offline", True)
    else:
        monkeypatch.setenv(how, "1")
    models = Models(settings)
    error = refused(models)
    assert "offline" in str(error.message)
    models.describe()
    assert not server.requests


def test_without_the_licence_nothing_is_asked(server: HubServer, source: Path) -> None:
    server.serve(REPO, source)
    models = Models(Settings())
    error = refused(models)
    assert "licence" in str(error.message)
    assert models.spec(MODEL).licence_url in str(error.remedy)
    assert not server.requests


def test_two_downloads_at_once(server: HubServer, source: Path, models: Models) -> None:
    server.serve(REPO, source)
    models.download(MODEL)
    path = next(hub_cache.repo_folder(REPO).glob(f"snapshots/*/{TRANSFORMER}")).resolve()
    path.unlink()
    lock = hub_cache.cache_folder() / ".locks" / hub_cache.repo_folder(REPO).name / f"{path.name}.lock"
    with filelock.FileLock(lock):
        assert "Another program" in str(refused(models).message)
    models.download(MODEL)


def test_a_new_revision_upstream_is_fetched_beside_the_old_one(server: HubServer, source: Path, models: Models) -> None:
    repo = server.serve(REPO, source)
    old = models.download(MODEL).folder
    repo.files["vae/config.json"] += b" "
    new = models.download(MODEL).folder
    assert new != old
    assert models.resolve(MODEL)[1].folder == new
    assert len([path for path in server.paths("cdn") if TRANSFORMER in path]) == 1, "what did not change is not fetched"


OTHER = "sana-0.6b-1024"
OTHER_REPO = "Efficient-Large-Model/Sana_600M_1024px_diffusers"
SHARED = ("text_encoder", "vae")


@pytest.fixture
def other(tmp_path: Path, source: Path, server: HubServer, models: Models) -> Path:
    """Another model with the same text encoder and autoencoder; both are on the hub, the first one is here."""
    folder = shutil.copytree(source, tmp_path / "other")
    write_safetensors(folder / TRANSFORMER, {"proj.weight": (400, 400), "proj.bias": (400,)}, "F16", seed=9)
    server.serve(REPO, source)
    server.serve(OTHER_REPO, folder)
    models.accept_licence(models.spec(OTHER))
    models.download(MODEL)
    server.requests.clear()
    return folder


def size_of(folder: Path, *parts: str) -> int:
    return sum(path.stat().st_size for part in parts for path in (folder / part).glob("*fp16*.safetensors"))


def same(folder: Path, other: Path) -> bool:
    copied = [path for part in STEMS for path in (other / part).glob("*fp16*.safetensors")]
    return all((folder / path.relative_to(other)).read_bytes() == path.read_bytes() for path in copied)


def test_what_another_model_has_is_not_fetched_again(server: HubServer, other: Path, models: Models) -> None:
    told: list[downloads.Need] = []
    here = models.download(OTHER, on_begin=told.append)
    assert len(server.paths("cdn")) == 1, "only the transformer differs"
    assert told[0].shared == size_of(other, *SHARED) + (other / "tokenizer" / "tokenizer.json").stat().st_size
    fetched = sum(path.stat().st_size for path in here.folder.rglob("*") if path.is_file()) - told[0].shared
    assert told[0].fetch == fetched
    assert same(here.folder, other)
    names = ("Sana 0.6B, 512 px", "Sana 0.6B, 1024 px")
    assert {shared.part: (shared.models, shared.size) for shared in shared_parts(models.list())} == {
        part: (names, size_of(other, part)) for part in SHARED
    }


def test_what_was_shared_stays_when_one_of_them_goes(server: HubServer, other: Path, models: Models) -> None:
    here = models.download(OTHER)
    freed = models.remove(MODEL)
    assert models.state(MODEL) == ModelState.AVAILABLE
    assert models.state(OTHER) == ModelState.READY
    assert same(here.folder, other)
    assert size_of(other, "transformer") <= freed < size_of(other, "transformer") + 20_000
    assert models.remove(OTHER) > size_of(other, *STEMS)


def test_a_damaged_file_of_another_model_is_not_shared(server: HubServer, other: Path, models: Models) -> None:
    vae = models.resolve(MODEL)[1].folder / "vae" / "diffusion_pytorch_model.fp16.safetensors"
    blob = vae.resolve()
    blob.write_bytes(blob.read_bytes()[:-1] + b"?")
    assert same(models.download(OTHER).folder, other)
    assert blob.read_bytes()[-1:] == b"?", "nobody asked to mend it"


def test_a_disk_without_hard_links_gets_a_copy(
    server: HubServer, other: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert same(models.download(OTHER).folder, other)
    assert len(server.paths("cdn")) == 1
    assert not shared_parts(models.list())


def files(*paths: str) -> list[HubFile]:
    always = [
        "model_index.json", "scheduler/scheduler_config.json", "tokenizer/tokenizer.json",
        "tokenizer/tokenizer_config.json", "transformer/config.json", "vae/config.json", "text_encoder/config.json",
        "vae/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors",
    ]  # fmt: skip
    return [HubFile(path, 1, "") for path in (*always, *paths)]


def test_choosing_prefers_shards_with_an_index() -> None:
    stem = "transformer/diffusion_pytorch_model"
    listing = files(
        f"{stem}.safetensors", f"{stem}.safetensors.index.json", f"{stem}-00001-of-00002.safetensors",
        f"{stem}-00002-of-00002.safetensors", f"{stem}.fp16.safetensors", f"{stem}.bf16.safetensors",
    )  # fmt: skip

    def chosen(variant: str) -> set[str]:
        return {file.path for file in downloads.choose(listing, variant) if file.path.startswith(f"{stem}")}

    assert chosen("") == {
        f"{stem}.safetensors.index.json",
        f"{stem}-00001-of-00002.safetensors",
        f"{stem}-00002-of-00002.safetensors",
    }
    assert chosen("fp16") == {f"{stem}.fp16.safetensors"}
    assert chosen("bf16") == {f"{stem}.bf16.safetensors"}


def test_choosing_refuses_pickles_and_gaps() -> None:
    with pytest.raises(UserError, match="pickle"):
        downloads.choose(files("transformer/diffusion_pytorch_model.bin"), "")
    with pytest.raises(UserError, match="lacks the weights of transformer"):
        downloads.choose(files(), "")
    with pytest.raises(UserError, match=r"lacks model_index\.json"):
        downloads.choose(files("transformer/diffusion_pytorch_model.safetensors")[1:], "")
