"""Whether what a back end computes with is installed."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterable

from app.backends.base import State, Status
from app.core.message import all_of, message


def lacks(packages: Iterable[str]) -> Status | None:
    """UNAVAILABLE where a package that a back end computes with is not installed. Imports none of them."""
    missing = [name for name in packages if not is_installed(name)]
    if not missing:
        return None
    return Status(
        State.UNAVAILABLE,
        message("{packages} cannot be found.", packages=all_of(missing)),
        message("Install the app again; for a copy from source, run: make setup"),
    )


@functools.cache
def is_installed(name: str) -> bool:
    """Whether a package can be imported; what is installed meanwhile counts from the next start on."""
    return importlib.util.find_spec(name) is not None
