"""Grids that are in the queue: which jobs belong to which sheet, kept on disk until the sheet is made."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from app.core import jsonable
from app.core.grid import Grid
from app.core.request import GenerationRequest
from app.library.files import replace_file

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PendingGrid:
    """A grid whose sheet is still to be made.

    Attributes:
        cells: the resolved requests, row by row.
        jobs: ids of their jobs.
        created: unix time.
    """

    grid: Grid
    cells: tuple[GenerationRequest, ...]
    jobs: tuple[str, ...]
    created: float


class PendingGrids:
    """All of them. Every change is on disk before the call returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._grids = self._load()

    def add(self, grid: PendingGrid) -> None:
        with self._lock:
            self._grids = [*self._grids, grid]
            self._save()

    def take_done(self, queued: Collection[str]) -> list[PendingGrid]:
        """Those of which no job is in the queue any more; they count as made from now on."""
        with self._lock:
            done = [grid for grid in self._grids if not set(grid.jobs) & set(queued)]
            if done:
                self._grids = [grid for grid in self._grids if grid not in done]
                self._save()
            return done

    def _save(self) -> None:
        document = {"schema": 1, "grids": [jsonable.to_json(grid) for grid in self._grids]}
        try:
            replace_file(self._path, json.dumps(document).encode())
        except OSError as error:
            log.warning("The grids could not be saved: %s", error)

    def _load(self) -> list[PendingGrid]:
        try:
            saved = json.loads(self._path.read_text(encoding="utf-8"))["grids"]
            return [jsonable.from_json(PendingGrid, values) for values in saved]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            log.warning("The saved grids cannot be read: %s", error)
            return []
