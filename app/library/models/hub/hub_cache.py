"""What the Hugging Face cache holds, read without the hub's client: the window must not wait for its import.

The layout is documented at https://huggingface.co/docs/huggingface_hub/guides/manage-cache and shared by many tools::

    models--owner--name/refs/main              the commit that "main" was when it was last asked for
                        snapshots/<commit>/    the files, links into blobs/
                        blobs/<hash>           their contents; <hash>.incomplete is a download under way

What may not be read counts as not there, but not where something is deleted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.library import paths

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


def has(repo: str) -> bool:
    """Whether the cache has anything of a repository, as far as it may be seen."""
    return os.path.isdir(repo_folder(repo))  # noqa: PTH112 - unlike pathlib's, it raises nothing


def repos() -> frozenset[str]:
    """All the model repositories of which the cache may have something, in lower case: some disks do not tell case."""
    try:
        names = os.listdir(cache_folder())  # noqa: PTH208 - names alone
    except OSError:
        return frozenset()
    found = (name.removeprefix("models--") for name in names if name.startswith("models--"))
    return frozenset(name.replace("--", "/", 1).lower() for name in found)


def repo_of(path: Path) -> str:
    """The repository "owner/name" whose snapshot `path` is; empty for any other folder."""
    parts = path.absolute().parts
    if len(parts) < 3 or parts[-2] != "snapshots" or not parts[-3].startswith("models--"):
        return ""
    return parts[-3].removeprefix("models--").replace("--", "/", 1)


def commit_of(repo: str, revision: str) -> str:
    """The commit that a branch or tag was when it was last asked for; a commit is itself."""
    return _commit_in(repo_folder(repo) / "refs" / revision) or revision


def snapshots(repo: str, revision: str) -> Iterator[Path]:
    """The snapshots that may serve as `revision`: its own first, then earlier ones from new to old.

    Not those that another branch or tag names: they are other models, which other tools fetched.
    """
    folder = repo_folder(repo)
    commit = commit_of(repo, revision)
    others = {_commit_in(path) for path in _refs(folder)} - {commit}
    try:
        found = [path for path in _folders(folder / "snapshots") if path.name not in others]
        found.sort(key=lambda path: (path.name == commit, path.stat().st_mtime), reverse=True)
    except OSError:
        return
    yield from found


def snapshots_in(folder: Path) -> list[Path]:
    """The snapshots in a repository's folder, or in its folder snapshots/: that of "main" first, then from new to old.

    Empty where it is neither.
    """
    if folder.name == "snapshots":
        folder = folder.parent
    if not folder.name.startswith("models--"):
        return []
    main = _commit_in(folder / "refs" / "main")
    found = _folders(folder / "snapshots")
    return sorted(found, key=lambda path: (path.name == main, path.stat().st_mtime), reverse=True)


def delete(repo: str, commits: Iterable[str]) -> None:
    """Delete snapshots with what only they link to, and what was left of interrupted downloads.

    A repository without any other snapshot goes as a whole.

    Raises:
        OSError: the disk refuses.
    """
    folder = repo_folder(repo)
    ours = {folder / "snapshots" / commit for commit in commits}
    others = [path for path in _folders(folder / "snapshots") if path not in ours]
    if not others:
        if folder.exists():
            shutil.rmtree(folder)
        return
    shared = {blob for snapshot in others for blob in _blobs(snapshot)}
    for snapshot in ours:
        gone = _blobs(snapshot) - shared
        if snapshot.is_dir():
            shutil.rmtree(snapshot)
        for blob in gone:
            blob.unlink(missing_ok=True)
    for ref in _refs(folder):
        if folder / "snapshots" / _commit_in(ref) in ours:
            ref.unlink()
    for partial in (folder / "blobs").glob(f"*{PARTIAL_SUFFIX}"):
        partial.unlink(missing_ok=True)


def _blobs(snapshot: Path) -> set[Path]:
    """What the files of a snapshot link to, as far as it is in the repository's own folder."""
    blobs = snapshot.parent.parent / "blobs"
    links = [path for path in snapshot.rglob("*") if path.is_symlink()]
    targets = {Path(os.path.normpath(path.parent / path.readlink())) for path in links}
    return {target for target in targets if target.parent == blobs}


def _refs(folder: Path) -> list[Path]:
    try:
        return [path for path in (folder / "refs").rglob("*") if path.is_file()]
    except OSError:
        return []


def _commit_in(ref: Path) -> str:
    try:
        return ref.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def is_started(repo: str) -> bool:
    """Whether a download of the repository was begun and not finished."""
    try:
        return any((repo_folder(repo) / "blobs").glob(f"*{PARTIAL_SUFFIX}"))
    except OSError:
        return False


def size_on_disk(repo: str) -> int:
    """Bytes that a repository takes in the cache, downloads under way included."""
    return sum(path.stat().st_size for path in _contents(repo))


def own_size(repo: str) -> int:
    """As `size_on_disk`, without what other repositories hold as well: the bytes that are free without it."""
    found = (path.stat() for path in _contents(repo))
    return sum(stat.st_size for stat in found if stat.st_nlink == 1)


def alike(sha256: str, repo: str) -> list[Path]:
    """Where other repositories of the cache have the content with a hash; by its name, so it is still to be checked."""
    own = repo_folder(repo)
    try:
        found = [path / "blobs" / sha256 for path in cache_folder().glob("models--*") if path != own]
        return [path for path in found if path.is_file()]
    except OSError:
        return []


def share(source: Path, blob: Path) -> None:
    """Give a repository a content that another one has, which takes no space where the disk knows hard links.

    Raises:
        OSError: the disk refuses.
    """
    part = blob.with_name(f"{blob.name}{PARTIAL_SUFFIX}")
    part.unlink(missing_ok=True)
    try:
        part.hardlink_to(source)
    except OSError:
        shutil.copy2(source, part)
    part.replace(blob)


def _contents(repo: str) -> Iterator[Path]:
    folder = repo_folder(repo)
    if folder.is_dir():
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


def _path(text: str) -> Path:
    return paths.expanded(os.path.expandvars(text)).absolute()
