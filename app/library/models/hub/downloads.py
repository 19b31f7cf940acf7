"""Downloading a model: which of a repository's files are needed, in which order, and how far it is."""

from __future__ import annotations

import re
import shutil
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.catalog import VARIANTS, ModelSpec
from app.core.errors import UserError
from app.core.events import CancelCheck
from app.core.families.flux import FAMILIES
from app.core.message import gigabytes, message
from app.library.models.checkpoint.checkpoint import MODEL_INDEX
from app.library.models.hub import flux_files, hub_cache
from app.library.models.hub.hub import Damaged, Hub, HubFile, discard
from app.library.models.hub.hub_cache import PARTIAL_SUFFIX, cache_folder, repo_folder
from app.library.models.weights.weights import CONTROLNET, PICKLES, STEMS, index_names, stem_of

OnProgress = Callable[[int, int, float | None], None]
"""Called as (bytes in place, bytes in all, seconds left or None where unknown)."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a model's files cost, in bytes, once the hub has told which they are.

    Attributes:
        commit: the revision that is brought.
        fetch: what comes over the network.
        shared: what other models in the cache have already.
    """

    commit: str
    fetch: int
    shared: int


SPARE = 200_000_000  # bytes of the disk that are left alone
_NEEDED = (
    MODEL_INDEX, "scheduler/scheduler_config.json", "tokenizer/tokenizer.json", "tokenizer/tokenizer_config.json",
    *(f"{component}/config.json" for component in STEMS),
)  # fmt: skip
_USEFUL = ("tokenizer/special_tokens_map.json",)
_CHANGED = message("Look for a newer version of the app; this model's files have changed.")


def download(
    hub: Hub,
    spec: ModelSpec,
    on_progress: OnProgress,
    cancel: CancelCheck,
    on_begin: Callable[[Need], None] = lambda _: None,
) -> Path:
    """Bring a model into the cache: what is there already is checked, what is missing or broken is fetched, or linked
    where another repository of the cache has the same content.

    `on_begin` is told before anything is fetched or linked. Returns the snapshot's folder.

    Raises:
        UserError: it cannot be had, or the disk is too small.
        GenerationCancelled: the user paused it; what has arrived stays, and the next call goes on from there.
    """
    commit, files = hub.files(spec.repo, spec.revision)
    # Small files first: they tell early whether all is well.
    chosen = sorted(
        (hub.complete(spec.repo, commit, file) for file in _chosen(spec, files)), key=lambda file: file.size
    )
    snapshot = repo_folder(spec.repo) / "snapshots" / commit
    meter = Meter(sum(file.size for file in chosen), on_progress)
    missing = []
    for file in chosen:
        path = snapshot / file.path
        if not file.matches(path, cancel, meter.of(file)):
            meter.of(file)(0)
            discard(path)
            missing.append(file)
    shared = [file for file in missing if file.sha256 and hub_cache.alike(file.sha256, spec.repo)]
    fetched = [file for file in missing if file not in shared]
    need = Need(commit, sum(file.size - _arrived(spec.repo, file) for file in fetched), sum(f.size for f in shared))
    _check_space(spec, need.fetch)
    if missing:
        on_begin(need)
    for file in missing:
        meter.of(file)(_arrived(spec.repo, file))
    for file in missing:
        meter.restart()
        _fetch(hub, spec, commit, file, meter, cancel)
    hub.remember(spec.repo, spec.revision, chosen[0].path)
    meter.finish()
    return snapshot


def _chosen(spec: ModelSpec, files: Sequence[HubFile]) -> tuple[HubFile, ...]:
    if spec.family in FAMILIES:
        return choose_flux(files, spec.family, spec.variant)
    return choose_controlnet(files, spec.variant) if spec.fits else choose(files, spec.variant)


def choose_flux(files: Sequence[HubFile], family: str, variant: str) -> tuple[HubFile, ...]:
    """The files of FLUX or Z-Image, packed by mflux or in diffusers layout. Arguments as for `choose`.

    Raises:
        UserError: something needed is not there as safetensors.
    """
    paths = {file.path for file in files}
    if flux_files.is_packed(paths):
        weights = flux_files.packed_files(family, paths)
    else:
        parts = FAMILIES[family].architectures
        weights = [path for part in parts for path in _weights(paths, f"{part}/", part, variant)]
    return flux_files.files_of([*flux_files.descriptions(family, paths), *weights], files)


def choose_controlnet(files: Sequence[HubFile], variant: str) -> tuple[HubFile, ...]:
    """The files of a ControlNet, in a repository of its own or in that of a pipeline. Arguments as for `choose`.

    Raises:
        UserError: it is not there as safetensors.
    """
    by_path = {file.path: file for file in files}
    folder = f"{CONTROLNET}/" if f"{CONTROLNET}/config.json" in by_path else ""
    config = f"{folder}config.json"
    if config not in by_path:
        raise UserError(message("The repository lacks {path}.", path=config), _CHANGED)
    weights = _weights(by_path.keys() - {config}, folder, CONTROLNET, variant)
    return tuple(by_path[path] for path in (config, *weights))


def choose(files: Sequence[HubFile], variant: str) -> tuple[HubFile, ...]:
    """The files that the app needs: descriptions, tokenizer, and each component's weights in one precision.

    Args:
        files: all of a repository.
        variant: the precision to take; where a component lacks it, another, in the order of `VARIANTS`.

    Raises:
        UserError: something needed is not there as safetensors.
    """
    by_path = {file.path: file for file in files}
    for path in _NEEDED:
        if path not in by_path:
            raise UserError(message("The repository lacks {path}.", path=path), _CHANGED)
    paths = [*_NEEDED, *(path for path in _USEFUL if path in by_path)]
    for component in STEMS:
        paths += _weights(by_path.keys() - set(paths), f"{component}/", component, variant)
    return tuple(by_path[path] for path in paths)


def _weights(paths: set[str], folder: str, component: str, preferred: str) -> list[str]:
    stem = stem_of(component)
    for variant in (preferred, *(other for other in VARIANTS if other != preferred)):
        dotted = f".{variant}" if variant else ""
        shard = re.compile(rf"{folder}{stem}{re.escape(dotted)}-\d{{5}}-of-\d{{5}}\.safetensors")
        indices = [path for name in index_names(stem, variant) if (path := f"{folder}{name}") in paths]
        shards = sorted(path for path in paths if shard.fullmatch(path))
        if indices and shards:
            return [indices[0], *shards]
        if (single := f"{folder}{stem}{dotted}.safetensors") in paths:
            return [single]
    if any(path.startswith(folder) and path.endswith(PICKLES) for path in paths):
        raise UserError(
            message(
                "The repository has {component} only as a pickle, which can hide harmful code.", component=component
            ),
            message("Choose a model whose weights are safetensors files."),
        )
    raise UserError(message("The repository lacks the weights of {component}.", component=component), _CHANGED)


def _fetch(hub: Hub, spec: ModelSpec, commit: str, file: HubFile, meter: Meter, cancel: CancelCheck) -> None:
    """One file; a damaged one is fetched once more."""
    for attempt in (1, 2):
        try:
            hub.fetch(spec.repo, commit, file, meter.of(file), cancel)
            return
        except Damaged:
            meter.of(file)(0)
            if attempt == 2:
                raise UserError(
                    message("{path} of {name} arrived damaged twice.", path=file.path, name=spec.name),
                    message("Try again later, or choose another address under “Download models from” in Settings."),
                ) from None


def _check_space(spec: ModelSpec, needed: int) -> None:
    folder = next(path for path in (cache_folder(), *cache_folder().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    if needed and needed + SPARE > free:
        raise UserError(
            message(
                "{name} needs {needed} on the disk, but only {free} is free.",
                name=spec.name,
                needed=gigabytes(needed + SPARE),
                free=gigabytes(free),
            ),
            message(
                "Free some space on the disk of {folder}, or set HF_HOME to a folder on another disk.", folder=folder
            ),
        )


def _arrived(repo: str, file: HubFile) -> int:
    """Bytes of a file that need not be fetched again."""
    blob = repo_folder(repo) / "blobs" / (file.sha256 or file.blob_id)
    for path in (blob, blob.with_name(f"{blob.name}{PARTIAL_SUFFIX}")):
        if path.exists():
            return min(file.size, path.stat().st_size)
    return 0


class Meter:
    """Adds up how many bytes are in place and tells it ten times a second, with the time left at the recent speed."""

    WINDOW = 20.0  # seconds that the speed is averaged over
    PAUSE = 0.1  # seconds between two calls

    def __init__(self, total: int, on_progress: OnProgress) -> None:
        self._total = total
        self._report = on_progress
        self._done: dict[str, int] = {}
        self._reported_at = 0.0
        self._seen: deque[tuple[float, int]] = deque()

    def of(self, file: HubFile) -> Callable[[int], None]:
        """What to call with the number of the file's bytes that are in place."""

        def at(done: int) -> None:
            self._done[file.path] = done
            now = time.monotonic()
            if now - self._reported_at >= self.PAUSE:
                self._reported_at = now
                self._report(sum(self._done.values()), self._total, self._seconds_left(now))

        return at

    def restart(self) -> None:
        """Measure the speed from now on: checking what is there is faster than a download, many small files slower."""
        self._seen.clear()

    def finish(self) -> None:
        self._report(self._total, self._total, 0.0)

    def _seconds_left(self, now: float) -> float | None:
        done = sum(self._done.values())
        if self._seen and done < self._seen[-1][1]:  # a file is fetched anew
            self._seen.clear()
        self._seen.append((now, done))
        while now - self._seen[0][0] > self.WINDOW:
            self._seen.popleft()
        seconds, arrived = now - self._seen[0][0], done - self._seen[0][1]
        if seconds < 2 or arrived <= 0:
            return None
        return (self._total - done) * seconds / arrived
