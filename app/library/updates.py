"""Looks in the release feed for a newer version: when the user asks, or once a day when the settings allow it.

A build for release knows the repository that it came from (`resources/release.json`, written by the build). A copy that
was built otherwise knows none, and never asks anybody.
"""

from __future__ import annotations

import json
import logging
import re
import time
from dataclasses import dataclass
from typing import Any

from app import __version__
from app.core.errors import UserError
from app.core.message import message
from app.library import paths
from app.library.settings import Settings

log = logging.getLogger(__name__)

API = "https://api.github.com"
PAGES = "https://github.com"
MAX_BYTES = 1_000_000
TIMEOUT = 10.0  # seconds without a byte
DAY = 24 * 60 * 60.0

_VERSION = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){0,3})")
_REPOSITORY = re.compile(r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class Release:
    """A published version, and the web page to get it from."""

    version: str
    page: str


class Updates:
    """The release feed of the repository that this copy was built from.

    Args:
        api: address of GitHub's API.
    """

    def __init__(self, settings: Settings, api: str = API) -> None:
        self._settings = settings
        self._api = api
        self._looked = paths.cache() / "updates-looked-at"

    def look(self) -> Release | None:
        """The newest release if it is newer than this copy. Blocks until the answer is there.

        Raises:
            UserError: this copy knows no feed, or the feed cannot be read.
        """
        repository = _repository()
        if not repository:
            raise UserError(
                message("This copy does not know where new versions are published."),
                message("Look at the place where you got it."),
            )
        if self._settings.get("offline"):
            raise UserError(
                message("The app works offline."), message("Allow connections in Settings, then look again.")
            )
        release = self._newest(repository)
        self._looked.parent.mkdir(parents=True, exist_ok=True)
        self._looked.touch()
        return release if release and _numbers(release.version) > _numbers(__version__) else None

    def look_daily(self) -> Release | None:
        """As `look`, but only if the user agreed and a day has passed; a failure is logged and tells nobody."""
        if not self._settings.get("check_updates") or not self._due():
            return None
        try:
            return self.look()
        except (UserError, OSError) as error:
            log.info("No look for updates: %s", error)
            return None

    def _due(self) -> bool:
        try:
            passed = time.time() - self._looked.stat().st_mtime
        except FileNotFoundError:
            return True
        return not 0 <= passed < DAY  # a clock that was set back must not stop it for long

    def _newest(self, repository: str) -> Release | None:
        answer = _fetch(f"{self._api}/repos/{repository}/releases/latest")
        if answer is None:
            return None  # nothing was released yet
        tag, page = str(answer.get("tag_name")), str(answer.get("html_url"))
        version = _VERSION.fullmatch(tag)
        if not version or not page.startswith(f"{PAGES}/{repository}/releases/"):
            raise UserError(message("The list of versions makes no sense."), message("Try again later."))
        return Release(version[1], page)


def _fetch(address: str) -> dict[str, Any] | None:
    """The JSON object at an address; None where there is none."""
    import httpx

    from app.library import network

    headers = {"Accept": "application/vnd.github+json", "User-Agent": "Sana Studio"}
    data = b""
    try:
        with (
            network.client(address, timeout=TIMEOUT) as client,
            client.stream("GET", address, headers=headers) as response,
        ):
            if response.status_code == httpx.codes.NOT_FOUND:
                return None
            if response.status_code != httpx.codes.OK:
                raise UserError(
                    message("The list of versions cannot be read (status {status}).", status=response.status_code),
                    message("Try again later."),
                )
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise UserError(message("The list of versions is too long."), message("Try again later."))
    except httpx.HTTPError as error:
        raise UserError(
            message("The list of versions cannot be reached."),
            message("Check the connection to the internet, then look again."),
        ) from error
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise UserError(message("The list of versions makes no sense."), message("Try again later."))
    return answer


def _repository() -> str:
    """ "owner/name" on GitHub; empty where the build wrote none."""
    file = paths.resources() / "release.json"
    if not file.is_file():
        return ""
    name = str(json.loads(file.read_text(encoding="utf-8"))["repository"])
    if not _REPOSITORY.fullmatch(name):
        raise ValueError(f"{file} names no repository")
    return name


def _numbers(version: str) -> tuple[int, ...]:
    """A version as numbers that compare: 0.10 is newer than 0.9, and 1.0 is not newer than 1."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
