"""Endpoints of the user's own, in a file in the app's home: servers and services that make pictures.

A key is no part of it. It stands in the environment variable that an endpoint names, or in the keychain under a name
that holds the host: for another host there is no key.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from app.core.errors import UserError
from app.core.message import Message, any_of, message
from app.library import paths, secrets
from app.library.addresses import is_loopback
from app.library.files import disk_error
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)

_LONGEST_NAME, _LONGEST_URL, _LONGEST_MODEL, _LONGEST_TEMPLATE = 40, 2000, 200, 200_000
_HIGHEST_PRICE = 1000.0
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PATH = re.compile(r"[A-Za-z0-9/._~!$&'()*+,;=:@%-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


class Kind(StrEnum):
    """The protocol that an endpoint speaks."""

    OPENAI = "openai"
    FAL = "fal"
    RUNPOD = "runpod"
    HUGGINGFACE = "huggingface"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint.

    Attributes:
        name: what it is called, and the id of its backend.
        kind: the protocol that it speaks.
        url: its address, https, or http on this machine; without a slash at its end.
        key_env: the environment variable that holds its key; empty where the keychain does, or where it needs none.
        model: the model to ask for; empty for the server's own, or all that it lists.
        template: for a RunPod worker, what its `input` is: a JSON object with holes such as "{{prompt}}".
        price: US dollars a picture; None where it is not known.
    """

    name: str
    kind: Kind
    url: str
    key_env: str = ""
    model: str = ""
    template: str = ""
    price: float | None = None

    @property
    def host(self) -> str:
        """The host and port that its key is for."""
        return urlsplit(self.url).netloc.lower()

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        return is_loopback(self.url)

    @property
    def secret(self) -> str:
        """The name of its key among the secrets."""
        return f"{self.name}@{self.host}"


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
        self.list()

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
            log.warning("An endpoint in %s makes no sense and is passed over (%s)", self._path.name, type(error))
            return None
        return endpoint if endpoint.name == name and _folded(name) not in self._reserved else None

    def _edit(self, change: Callable[[dict[str, Any]], object]) -> None:
        try:
            with self._file.edit() as values:
                change(values)
        except OSError as error:
            raise disk_error(error, message("The endpoints could not be saved"), self._path.parent) from error

    def _tell(self) -> None:
        self.list()  # declares their keys
        for callback in tuple(self._subscribers):
            callback()


def checked(endpoint: Endpoint) -> Endpoint:
    """The endpoint with its texts in one form.

    Raises:
        UserError: something of it does not fit.
    """
    return dataclasses.replace(
        endpoint,
        name=_checked_name(endpoint.name),
        url=_checked_url(endpoint.url),
        key_env=_checked_variable(endpoint.key_env),
        model=_checked_model(endpoint.model),
        template=_checked_template(endpoint.template),
        price=_checked_price(endpoint.price),
    )


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name).strip()
    usable = all(c.isalnum() or c in " -_." for c in name) and name[:1].isalnum()
    if not usable or len(name) > _LONGEST_NAME:
        raise UserError(
            message("“{name}” cannot be the name of an endpoint.", name=name[:60]),
            message(
                "Choose a name of at most {longest} letters, digits, spaces, hyphens, dots and underscores that begins "
                "with a letter or a digit.",
                longest=_LONGEST_NAME,
            ),
        )
    return name


def _checked_url(url: str) -> str:
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    usable = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc) and _PATH.fullmatch(parts.path)
    if not usable or port == 0 or len(url) > _LONGEST_URL or parts.query or parts.fragment:
        raise _wrong_url(url, message("Type an address such as https://gpu.example.com, without a key in it."))
    if parts.scheme == "http" and not is_loopback(url):
        raise _wrong_url(url, message("Use https; only an address on this machine may begin with http."))
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _wrong_url(url: str, remedy: Message) -> UserError:
    without_key = re.sub(r"//[^/]*@|\?.*", "…", url)  # what somebody typed there may be a secret
    return UserError(message("“{url}” cannot be the address of an endpoint.", url=without_key[:200]), remedy)


def _checked_variable(name: str) -> str:
    name = name.strip()
    if name and not _VARIABLE.fullmatch(name):  # it may be a key that was put here, so it is not repeated
        raise UserError(
            message("This cannot be the name of an environment variable."),
            message("Type its name alone, such as FAL_KEY, and not the key itself."),
        )
    return name


def _checked_model(model: str) -> str:
    model = model.strip()
    if len(model) > _LONGEST_MODEL or not model.isprintable():
        raise UserError(
            message("This cannot be the name of a model."), message("Type its name as the server lists it.")
        )
    return model


def _checked_template(template: str) -> str:
    template = template.strip()
    try:
        usable = not template or (len(template) <= _LONGEST_TEMPLATE and isinstance(json.loads(template), dict))
    except (ValueError, RecursionError):
        usable = False
    if not usable:
        raise UserError(
            message("The template is no JSON object."),
            message(
                'Write what the worker takes as its input, with holes in quotes such as "{hole}".', hole="{{prompt}}"
            ),
        )
    return template


def _checked_price(price: float | None) -> float | None:
    if price is None:
        return None
    if isinstance(price, bool) or not math.isfinite(price) or not 0 <= price <= _HIGHEST_PRICE:
        raise UserError(message("This cannot be the price of a picture."), message("Type US dollars, such as 0.01."))
    return float(price)


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
        secrets.delete(endpoint.secret)
    secrets.undeclare(endpoint.secret)
