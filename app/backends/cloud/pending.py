"""Predictions under way, on disk: written down before they are paid for, crossed out when their picture is safe."""

from __future__ import annotations

import dataclasses
import logging
import os
import threading
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.message import message
from app.core.request import GenerationRequest
from app.library import files
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)

_CANCELLED = "unwanted"
"""The name on disk of `Entry.cancelled`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture that was, or may have been, asked for.

    Attributes:
        request: of this one picture, resolved.
        version, inputs: what the prediction was made from.
        since: when it was asked for, in unix seconds of the service's clock.
        prediction: its id; empty while no answer has come.
        links: further addresses of it at the service.
        cancelled: the user pressed Cancel, and the service has still to be asked to stop.
        owner: the process that follows it.
    """

    request: GenerationRequest
    version: str
    inputs: Mapping[str, Any]
    since: float = 0.0
    prediction: str = ""
    cancelled: bool = False
    owner: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    def to_json(self) -> dict[str, Any]:
        values = {name.name: getattr(self, name.name) for name in dataclasses.fields(self) if name.name != "key"}
        values[_CANCELLED] = values.pop("cancelled")
        return {**values, "request": self.request.to_json(), "inputs": dict(self.inputs), "links": dict(self.links)}

    @classmethod
    def from_json(cls, key: str, values: Mapping[str, Any]) -> Entry:
        """Raises ValueError, KeyError, TypeError or AttributeError where the values are none of `to_json`."""
        request = GenerationRequest.from_json(values["request"])
        if request.seed is None:
            raise ValueError("not resolved")
        return cls(
            request=request,
            version=str(values["version"]),
            inputs=dict(values["inputs"]),
            since=float(values["since"]),
            prediction=str(values["prediction"]),
            cancelled=bool(values[_CANCELLED]),
            owner=str(values["owner"]),
            links={str(name): str(link) for name, link in values.get("links", {}).items()},
            key=key,
        )


class Pending:
    """The list, shared by all processes of the app. An entry belongs to who follows it, until that process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = SharedJson(path)
        self._followed: set[str] = set()
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> Entry:
        """Write an entry down, as ours.

        Raises:
            UserError: it cannot be written; nothing may be paid for then.
        """
        entry = dataclasses.replace(entry, owner=_this_process())
        try:
            with self._lock, self._file.edit() as values:
                values[entry.key] = entry.to_json()
                self._followed.add(entry.key)
        except OSError as error:
            raise files.disk_error(error, message("The order could not be written down"), self._path.parent) from error
        return entry

    def change(self, entry: Entry, **changes: Any) -> Entry:
        """The entry with some fields changed, written down as far as the disk lets us."""
        try:
            with self._lock, self._file.edit() as values:
                entry = dataclasses.replace(_entry(entry.key, values.get(entry.key)) or entry, **changes)
                values[entry.key] = entry.to_json()
        except OSError as error:
            log.warning("A prediction under way could not be written down: %s", error)
            entry = dataclasses.replace(entry, **changes)
        return entry

    def mark_cancelled(self, keys: Collection[str]) -> None:
        """Mark those of the entries that are still there as cancelled, so that a later start cancels them."""
        try:
            with self._lock, self._file.edit() as values:
                for key in keys & values.keys():
                    values[key][_CANCELLED] = True
        except OSError as error:
            log.warning("A cancelled prediction could not be marked: %s", error)

    def remove(self, entry: Entry) -> None:
        """Cross an entry out: its picture is safe, or lost for good."""
        try:
            with self._lock, self._file.edit() as values:
                values.pop(entry.key, None)
                self._followed.discard(entry.key)
        except OSError as error:
            log.warning("A finished prediction could not be crossed out: %s", error)

    def release(self, key: str) -> None:
        """Keep the entry with this key, but follow it no longer."""
        with self._lock:
            self._followed.discard(key)

    def __contains__(self, entry: Entry) -> bool:
        try:
            return entry.key in self._file.read()
        except OSError:
            return True  # nothing is lost because the list cannot be read now

    def predictions(self) -> frozenset[str]:
        """The ids of all predictions in the list."""
        return frozenset(entry.prediction for entry in _entries(self._file.read_if_possible()) if entry.prediction)

    def is_empty(self) -> bool:
        return not self._file.read_if_possible()

    def unfinished_seed(self, request: GenerationRequest) -> int | None:
        """The smallest seed with which a picture of this request was ordered, but never delivered; None without any.

        Args:
            request: its seed and count mean nothing.
        """
        alike = request.replace(seed=0, count=1)
        seeds = [
            entry.request.seed
            for entry in _entries(self._file.read_if_possible())
            if entry.request.seed is not None
            and entry.request.replace(seed=0, count=1) == alike
            and not entry.cancelled
            and not self._is_followed(entry)
        ]
        return min(seeds, default=None)

    def claimed_elsewhere(self, model: str, inputs: Mapping[str, Any], own: Collection[str]) -> bool:
        """Whether an entry for just this picture is followed in this process, under another key than the `own`."""
        followed = self._followed - set(own)
        return any(
            entry.key in followed and entry.request.model == model and entry.inputs == inputs
            for entry in _entries(self._file.read_if_possible())
        )

    def claim(self, model: str, inputs: Mapping[str, Any]) -> Entry | None:
        """Take over an entry that nobody follows and that was for just this picture."""
        claimed = self._claim(lambda e: e.request.model == model and e.inputs == inputs and not e.cancelled, most=1)
        return claimed[0] if claimed else None

    def any_unclaimed(self) -> bool:
        """Whether there is an entry that nobody follows."""
        return any(not self._is_followed(entry) for entry in _entries(self._file.read_if_possible()))

    def claim_all(self) -> tuple[Entry, ...]:
        """Take over every entry that nobody follows, the oldest first."""
        return self._claim(lambda _: True)

    def _claim(self, wanted: Callable[[Entry], bool], most: int | None = None) -> tuple[Entry, ...]:
        if not self._path.exists():
            return ()
        try:
            with self._lock, self._file.edit() as values:
                unclaimed = (e for e in _entries(values) if wanted(e) and not self._is_followed(e))
                chosen = sorted(unclaimed, key=lambda entry: entry.since)[:most]
                claimed = tuple(dataclasses.replace(entry, owner=_this_process()) for entry in chosen)
                for entry in claimed:
                    values[entry.key] = entry.to_json()
                    self._followed.add(entry.key)
        except OSError as error:
            log.warning("The predictions under way cannot be read: %s", error)
            return ()
        return claimed

    def _is_followed(self, entry: Entry) -> bool:
        import psutil  # most starts have nothing under way

        pid, _, started = entry.owner.partition(":")
        try:
            alive = abs(_started(int(pid)) - int(started)) <= 2  # a later process may have the same number
        except (ValueError, OverflowError, psutil.Error):
            return False
        return alive and (int(pid) != os.getpid() or entry.key in self._followed)


def _entries(values: Mapping[str, Any]) -> list[Entry]:
    """All that make sense."""
    found = (_entry(key, value) for key, value in values.items())
    return [entry for entry in found if entry is not None]


def _entry(key: str, values: Any) -> Entry | None:
    try:
        return Entry.from_json(key, values)
    except (ValueError, KeyError, TypeError, AttributeError):
        log.warning("An entry of the predictions under way makes no sense and is passed over")
        return None


def _this_process() -> str:
    return f"{os.getpid()}:{_started(os.getpid())}"


def _started(pid: int) -> int:
    import psutil

    return int(psutil.Process(pid).create_time())
