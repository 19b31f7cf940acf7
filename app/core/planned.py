"""The models that the app does not run yet, as data: `resources/planned.toml`, one table for each."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Planned:
    """A model that the app does not run yet.

    Attributes:
        id: name of its table.
        name: display name.
        why: why it does not run, a sentence.
        needs: what it would need, a sentence.
        url: where it is published.
    """

    id: str
    name: str
    why: str
    needs: str
    url: str

    def to_json(self) -> dict[str, Any]:
        """What the command line prints beside the models, with the keys that those have."""
        nothing = {"repo": "", "family": "", "download_bytes": 0, "licence": "", "licence_url": self.url}
        sizes = {"languages": [], "base_size": 0, "peak_memory_bytes": 0}
        return {**asdict(self), "state": "planned", **nothing, **sizes}


def load_planned(text: str) -> tuple[Planned, ...]:
    """Read the list, in the order in which it is shown. Raises TypeError where a table has other keys."""
    return tuple(Planned(id=name, **values) for name, values in tomllib.loads(text).items())
