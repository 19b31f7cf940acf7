"""Which snapshots of the hub's cache are the app's: other tools share it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.core.catalog import ModelSpec
from app.library.models.hub import hub_cache
from app.library.shared_json import SharedJson


class OurSnapshots:
    """Kept in the list of models, so that removing one leaves what other tools fetched."""

    def __init__(self, stored: SharedJson) -> None:
        self._stored = stored

    def of(self, spec: ModelSpec) -> set[str]:
        """The commits of the snapshots that belong to a model rather than to another tool."""
        found = [path.name for path in hub_cache.snapshots(spec.repo, spec.revision)]
        kept = _table(self._stored.read_if_possible(), "downloads").get(spec.id)
        own = [*(kept if isinstance(kept, list) else ()), hub_cache.commit_of(spec.repo, spec.revision)]
        return {commit for commit in found if commit in own}

    def keep(self, spec: ModelSpec, commit: str) -> None:
        """Remember a snapshot that is about to be downloaded."""
        if commit in self.of(spec):
            return
        with self._stored.edit() as stored:
            downloads = _table(stored, "downloads")
            kept = downloads.get(spec.id)
            downloads[spec.id] = [*(kept if isinstance(kept, list) else ()), commit]

    def delete(self, spec: ModelSpec, folder: Path | None) -> int:
        """Free a model's snapshots. Returns the bytes freed.

        Args:
            spec: the model.
            folder: the snapshot that is used for it, where there is one: another tool may have fetched it by its hash.

        Raises:
            OSError: the disk refuses.
        """
        commits = self.of(spec)
        if not commits and folder is not None:
            commits = {folder.name}
        before = hub_cache.own_size(spec.repo)
        hub_cache.delete(spec.repo, commits)
        with self._stored.edit() as stored:
            _table(stored, "downloads").pop(spec.id, None)
        return before - hub_cache.own_size(spec.repo)


def _table(stored: dict[str, Any], key: str) -> dict[str, Any]:
    """A table in the stored object; put there, empty, where it is missing or makes no sense."""
    if not isinstance(stored.get(key), dict):
        stored[key] = {}
    table: dict[str, Any] = stored[key]
    return table
