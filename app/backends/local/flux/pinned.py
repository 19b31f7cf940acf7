"""Whether mflux is there, in the one version whose networks this backend knows. Imports nothing of it."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

from app.backends.base import State, Status
from app.backends.local.packages import lacks
from app.core.message import message

VERSION = "0.24.0"
PACKAGES = ("mlx", "mflux", "toml", "piexif", "transformers")
"""What must be there to import; the last three are what mflux asks for of all that it names."""


def lacking() -> Status | None:
    """UNAVAILABLE where mflux or what it computes with is not there, or is another version; None where all is well."""
    if found := lacks(PACKAGES):
        return found
    if _is_beside():
        return None
    import importlib.metadata  # which takes a while

    try:
        version = importlib.metadata.version("mflux")
    except importlib.metadata.PackageNotFoundError:
        version = ""
    if version == VERSION:
        return None
    return Status(
        State.UNAVAILABLE,
        message("It needs mflux {wanted}, and {found} is installed.", wanted=VERSION, found=version or "?"),
        message("Install the app again; for a copy from source, run: make setup"),
    )


@functools.cache
def _is_beside() -> bool:
    """Whether the right version's own folder stands beside the package, as installers have it."""
    spec = importlib.util.find_spec("mflux")
    if spec is None or spec.origin is None:
        return False
    return (Path(spec.origin).parent.parent / f"mflux-{VERSION}.dist-info").is_dir()
