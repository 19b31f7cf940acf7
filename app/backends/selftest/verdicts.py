"""What the self-test found on this machine, remembered until something changes that decides on the numbers."""

from __future__ import annotations

import logging
import platform
import time
from functools import cache
from typing import Protocol

from app import __version__
from app.library import machine, paths
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)


@cache
def fingerprint(packages: tuple[str, ...]) -> str:
    """Changes with the app, the system, the machine, and the packages that compute."""
    system = platform.mac_ver()[0] or platform.release()
    parts = [f"app {__version__}", f"{platform.system()} {system}", f"{platform.machine()} {machine.chip()}"]
    return ", ".join([*parts, *(f"{name.replace('_', '-')} {_version(name)}" for name in packages)])


class TestedBackend(Protocol):
    """What a verdict is about: a backend, and the packages that decide on its numbers."""

    id: str

    @property
    def packages(self) -> tuple[str, ...]: ...


class Verdicts:
    """Kept in `selftest.json`, which several processes of the app may use."""

    def __init__(self) -> None:
        self._file = SharedJson(paths.home() / "selftest.json")

    def failure(self, backend: TestedBackend, precision: str) -> str | None:
        """What went wrong; empty where the test was passed, None where it is due."""
        try:
            entry = self._file.read().get(f"{backend.id} {precision}")
        except OSError:
            return None
        if not isinstance(entry, dict) or entry.get("fingerprint") != fingerprint(backend.packages):
            return None
        return str(entry.get("failure", ""))

    def put(self, backend: TestedBackend, precision: str, failure: str) -> None:
        """Remember a verdict; an empty `failure` means passed."""
        entry = {"fingerprint": fingerprint(backend.packages), "failure": failure, "when": round(time.time())}
        try:
            with self._file.edit() as values:
                values[f"{backend.id} {precision}"] = entry
        except OSError as error:  # then it is tested again
            log.warning("A verdict of the self-test could not be kept: %s", error)


def _version(package: str) -> str:
    import importlib.metadata

    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
