"""What the Hugging Face cache holds, read without the hub's client: the window must not wait for its import.

The layout is documented at https://huggingface.co/docs/huggingface_hub/guides/manage-cache and shared by many tools::

    models--owner--name/refs/main              the commit that "main" was when it was last asked for
                        snapshots/<commit>/    the files, links into blobs/
                        blobs/<hash>           their contents; <hash>.incomplete is a download under way
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PARTIAL_SUFFIX = ".incomplete"


def cache_folder() -> Path:
    """The hub's cache, by the environment variables that its client honours."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(name):
            return _path(os.environ[name])
    if os.environ.get("HF_HOME"):
        return _path(os.environ["HF_HOME"]) / "hub"
    return _path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface" / "hub"


def repo_folder(repo: str) -> Path:
    """Where the cache keeps the model repository "owner/name"."""
    return cache_folder() / f"models--{repo.replace('/', '--')}"


def repo_of(path: Path) -> str:
    """The repository "owner/name" whose snapshot `path` is; empty for any other folder."""
    parts = path.absolute().parts
    if len(parts) < 3 or parts[-2] != "snapshots" or not parts[-3].startswith("models--"):
        return ""
    return parts[-3].removeprefix("models--").replace("--", "/", 1)


def snapshots(repo: str, revision: str) -> Iterator[Path]:
    """The snapshots of a repository: that of `revision` first, the others from new to old."""
    folder = repo_folder(repo)
    try:
        commit = (folder / "refs" / revision).read_text(encoding="utf-8").strip()
    except OSError:
        commit = revision
    found = sorted(_folders(folder / "snapshots"), key=lambda path: (path.name == commit, path.stat().st_mtime))
    yield from reversed(found)


def size_on_disk(repo: str) -> int:
    """Bytes that a repository takes in the cache, downloads under way included."""
    folder = repo_folder(repo)
    if not folder.is_dir():
        return 0
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


def _path(text: str) -> Path:
    return Path(os.path.expandvars(text)).expanduser().absolute()
