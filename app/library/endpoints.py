"""The endpoints of the user, in a file in the app's home.

A key is no part of it. It stands in the environment variable that an endpoint names, or in the keychain under a name
that holds the host: for another host there is no key.
"""

from __future__ import annotations

import dataclasses
import logging
import unicodedata
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.message import any_of, message
from app.library import paths, secrets
from app.library.endpoint import Endpoint, Kind, checked
from app.library.files import disk_error
from app.library.shared_json import SharedJson

__all__ = ["Endpoint", "Endpoints", "Kind", "checked"]

log = logging.getLogger(__name__)


class Endpoints:
    """The endpoints, in the order in which they were added. All methods may be called from any thread; those that
    change something may wait for the keychain.

    What the file holds besides, or holds in a form that this version does not know, stays in it.

    Args:
        path: the file; by default in the app's home.
        reserved: further names that no endpoint may have, such as the other backends' ids.
    """

    def __init__(self, path: Path | None = None, reserved: Collection[str] = ()) -> None:
        self._path = path or paths.home() / "endpoints.json"
        self._file = SharedJson(self._path)
        self._reserved = {"auto", *(name.casefold() for name in reserved)}
        self._subscribers: list[Callable[[], None]] = []
        self._senseless: set[str] = set()
        self._known = self.list()

    def look(self) -> None:
        """Read the file again, which another process may have changed; the subscribers are told of that."""
        if self.list() != self._known:
            self._tell()

    def list(self) -> tuple[Endpoint, ...]:
        """All of them; what somebody wrote into the file that makes no sense is passed over."""
        found = tuple(filter(None, (self._read(name, v) for name, v in self._file.read_if_possible().items())))
        for endpoint in found:
            secrets.declare(endpoint.secret, endpoint.key_env)
        return found

    def get(self, name: str) -> Endpoint:
        """The endpoint of a name, in capitals or not. Raises UserError where there is none."""
        wanted, known = _folded(name), self.list()
        for endpoint in known:
            if _folded(endpoint.name) == wanted:
                return endpoint
        raise UserError(
            message("There is no endpoint called “{name}”.", name=name.strip()),
            message("Choose {choices}.", choices=any_of([each.name for each in known]))
            if known
            else message("Add it first."),
        )

    def add(self, endpoint: Endpoint) -> Endpoint:
        """Check and keep a new endpoint; returns it as it is kept.

        Raises:
            UserError: something of it does not fit, its name is taken, or it cannot be saved.
        """
        endpoint = checked(endpoint)
        if _folded(endpoint.name) in self._reserved:
            raise UserError(
                message("“{name}” is the name of something else here.", name=endpoint.name),
                message("Choose another name."),
            )

        def change(values: dict[str, Any]) -> None:
            if any(_folded(name) == _folded(endpoint.name) for name in values):
                raise UserError(
                    message("There is an endpoint called “{name}” already.", name=endpoint.name),
                    message("Choose another name, or remove that one first."),
                )
            values[endpoint.name] = _to_json(endpoint)

        self._edit(change)
        self._tell()
        return endpoint

    def replace(self, endpoint: Endpoint) -> Endpoint:
        """Keep an endpoint anew that has this name. With another host, the key of the old one is forgotten, and so is
        the variable that held it.

        Raises:
            UserError: something of it does not fit, there is none of that name, the keychain refuses, or it cannot
                be saved.
        """
        old = self.get(endpoint.name)
        new = dataclasses.replace(checked(endpoint), name=old.name)
        if new.host != old.host and new.key_env == old.key_env:
            new = dataclasses.replace(new, key_env="")
        if new.secret != old.secret or new.key_env != old.key_env:
            _forget_key(old)

        def change(values: dict[str, Any]) -> None:
            before = values.get(old.name)
            values[old.name] = {**(before if isinstance(before, dict) else {}), **_to_json(new)}

        self._edit(change)
        self._tell()
        return new

    def remove(self, name: str) -> None:
        """Forget an endpoint and its key.

        Raises:
            UserError: there is none of that name, the keychain refuses, or it cannot be saved.
        """
        old = self.get(name)
        _forget_key(old)
        self._edit(lambda values: values.pop(old.name, None))
        self._tell()

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after each change, in the thread that made it. Returns what ends that."""
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    def _read(self, name: str, values: Any) -> Endpoint | None:
        try:
            endpoint = checked(Endpoint(name, Kind(values["kind"]), str(values["url"]), **_optional(values)))
        except (UserError, ValueError, KeyError, TypeError) as error:
            if name not in self._senseless:
                log.warning("An endpoint in %s makes no sense and is passed over (%r)", self._path.name, type(error))
            self._senseless.add(name)
            return None
        return endpoint if endpoint.name == name and _folded(name) not in self._reserved else None

    def _edit(self, change: Callable[[dict[str, Any]], object]) -> None:
        try:
            with self._file.edit() as values:
                change(values)
        except OSError as error:
            raise disk_error(error, message("The endpoints could not be saved"), self._path.parent) from error

    def _tell(self) -> None:
        self._known = self.list()  # declares their keys
        for callback in tuple(self._subscribers):
            callback()


def _optional(values: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: str(values.get(name, "")) for name in ("key_env", "model", "template")}
    price = values.get("price")
    return {**texts, "price": None if price is None else float(price)}


def _to_json(endpoint: Endpoint) -> dict[str, Any]:
    values = dataclasses.asdict(endpoint)
    del values["name"]
    return {**values, "kind": str(endpoint.kind)}


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


def _forget_key(endpoint: Endpoint) -> None:
    if not endpoint.key_env:
        try:
            secrets.delete(endpoint.secret)
        except UserError:
            if not endpoint.loopback:  # such a server seldom has a key, and a locked keychain must not keep it here
                raise
    secrets.undeclare(endpoint.secret)
