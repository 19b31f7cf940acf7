"""What an endpoint is: a server or service of the user's own that makes pictures, and what can be one."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from app.core.errors import UserError
from app.core.message import Message, message
from app.library.addresses import is_loopback

_LONGEST_NAME, _LONGEST_URL, _LONGEST_MODEL, _LONGEST_TEMPLATE = 40, 2000, 200, 200_000
_HIGHEST_PRICE = 1000.0
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PATH = re.compile(r"[A-Za-z0-9/._~!$&'()*+,;=:@%-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


HOLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
"""A hole in a template."""


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


def checked(endpoint: Endpoint) -> Endpoint:
    """The endpoint with its texts in one form.

    Raises:
        UserError: something of it does not fit.
    """
    return dataclasses.replace(
        endpoint,
        name=_checked_name(endpoint.name),
        url=_checked_url(endpoint.url, endpoint.kind),
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


def _checked_url(url: str, kind: Kind) -> str:
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
    if kind is Kind.FAL and parts.hostname == "fal.run":  # it would answer in another way, and charge
        raise _wrong_url(url, message("Type https://queue.fal.run, where fal's queue is."))
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
    if template and "prompt" not in HOLE.findall(template):
        raise UserError(
            message("The template has no place for the prompt."),
            message('Put "{hole}" where the worker expects it.', hole="{{prompt}}"),
        )
    return template


def _checked_price(price: float | None) -> float | None:
    if price is None:
        return None
    if isinstance(price, bool) or not math.isfinite(price) or not 0 <= price <= _HIGHEST_PRICE:
        raise UserError(message("This cannot be the price of a picture."), message("Type US dollars, such as 0.01."))
    return float(price)
