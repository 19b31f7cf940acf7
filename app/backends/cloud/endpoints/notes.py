"""What is remembered of an endpoint, and can be asked anew: the models that it lists, the fields that it refuses."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from typing import Any

from app.library import files, paths
from app.library.endpoints import Endpoint

log = logging.getLogger(__name__)

_MOST_MODELS = 500
_LONGEST = 200


class Notes:
    """In a file in the cache. Safe to use from several threads; what makes no sense in the file counts as nothing."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._path = paths.cache() / "endpoints" / f"{slug(endpoint)}.json"
        self._lock = threading.Lock()
        values = self._read()
        self.models = _names(values.get("models"))
        refused = values.get("refused")
        known = refused if isinstance(refused, dict) else {}
        self._refused = {str(model): frozenset(_names(names)) for model, names in known.items()}

    def list(self, models: list[Any]) -> None:
        """Remember the models that it lists."""
        self.models = _names(models)
        self._write()

    def refused(self, model: str) -> frozenset[str]:
        """The fields that it refused for a model."""
        return self._refused.get(model, frozenset())

    def refuse(self, model: str, names: frozenset[str]) -> None:
        """Remember the fields that it refuses for a model."""
        if names != self.refused(model):
            self._refused[model] = names
            self._write()

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}

    def _write(self) -> None:
        with self._lock:
            refused = {model: sorted(names) for model, names in self._refused.items()}
            text = json.dumps({"models": self.models, "refused": refused})
            try:
                files.replace_file(self._path, text.encode(), durable=False)
            except OSError as error:
                log.warning("What was learned of an endpoint could not be kept: %s", error)


def slug(endpoint: Endpoint) -> str:
    """A file name for what belongs to an endpoint with this name, protocol and address."""
    return _hashed(endpoint, endpoint.url)


def orders_slug(endpoint: Endpoint) -> str:
    """The same for what was ordered, which can be fetched as long as the host stays, and so the key."""
    return _hashed(endpoint, endpoint.host)


def _hashed(endpoint: Endpoint, place: str) -> str:
    told = f"{endpoint.name.casefold()} {endpoint.kind} {place}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _names(values: Any) -> tuple[str, ...]:
    """The texts among some values that can be names, each once."""
    found = values if isinstance(values, list | tuple) else ()
    names = (v for v in found if isinstance(v, str) and v.strip() and v.isprintable() and len(v) <= _LONGEST)
    return tuple(dict.fromkeys(names))[:_MOST_MODELS]
