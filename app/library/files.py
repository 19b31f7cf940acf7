"""Writing files so that a crash, a full disk or a second process never leaves half a file or loses a whole one."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path

from app.core.errors import UserError
from app.core.message import Message, message

TEMPORARY_PREFIX = ".saving-"
"""Start of the names of files that are still being written; hidden, and never taken for a finished file."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES}


def replace_file(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write `path`, replacing what was there in one step; missing folders are created.

    `durable` waits until the data is on the disk; a cache can do without.

    Raises:
        OSError: the old file stands as it was, and no half file is left.
    """
    with _temporary(path.parent, data, durable) as temporary:
        temporary.replace(path)
    if durable:
        _sync_folder(path.parent)


def create_file(folder: Path, name: str, data: bytes) -> Path:
    """Write a new file in `folder` (created if missing), never over another: a number is added to a taken name.

    Raises:
        OSError: no half file is left.
    """
    with _temporary(folder, data, durable=True) as temporary:
        path = move_to_free_name(temporary, folder, name)
    _sync_folder(folder)
    return path


def save_file(path: Path, data: bytes, *, replace: bool) -> Path:
    """Write a file whole: in the place of an older one in one step, or with a number where the name is taken.

    Raises:
        OSError: an older file stands as it was, and no half file is left.
    """
    if not replace:
        return create_file(path.parent, path.name, data)
    replace_file(path, data)
    return path


@contextlib.contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A hidden name in `folder` (created if missing) for a file that a library writes by itself; what is still there at
    the end is removed. `put_in_place` makes it the finished file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(folder)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def temporary_name(folder: Path, suffix: str = "") -> Path:
    """A hidden name in `folder` that no other file has. `leftovers` removes what a killed process left under it."""
    return folder / f"{TEMPORARY_PREFIX}{this_machine()}-{os.getpid()}-{uuid.uuid4().hex}{suffix}"


def put_in_place(temporary: Path, path: Path, *, replace: bool) -> Path:
    """Give a file that is complete its name, once its data is on the disk: in the place of an older file in one step,
    or with a number where the name is taken.

    Raises:
        OSError: an older file stands as it was.
    """
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    if replace:
        temporary.replace(path)
    else:
        path = move_to_free_name(temporary, path.parent, path.name)
    _sync_folder(path.parent)
    return path


def move_to_free_name(source: Path, folder: Path, name: str) -> Path:
    """Move a file to `folder`/`name` on the same volume; where the name is taken, to "name (2)" and so on.

    Raises:
        OSError: the file is still where it was. Where only its old name could not be removed, it has the new one too.
    """
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - Path.stem would lose what follows a slash
    number = 1
    while True:
        target = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
        try:
            _move_exclusively(source, target)
            return target
        except FileExistsError:
            number += 1


def exists(path: Path) -> bool:
    """Whether there is something at `path`, as far as one may look; a name that cannot be one is no error."""
    return os.path.exists(path)  # noqa: PTH110 - Path.exists raises for too long a name and where one may not look


def set_aside(path: Path) -> Path:
    """Rename a file that cannot be used to "name.broken", so that it is not lost; returns its new path."""
    return move_to_free_name(path, path.parent, f"{path.name}.broken")


def check_writable(folder: Path, name: str = "") -> None:
    """Find out before the work whether its result can be saved in `folder`, which need not exist yet, as `name`.

    Raises:
        UserError: it cannot be written to, or the name is too long for its disk.
    """
    try:
        with _temporary(_nearest(folder), b"", durable=False), contextlib.suppress(FileNotFoundError):
            (_nearest(folder) / name).lstat()
    except OSError as error:
        raise disk_error(error, message("No picture can be saved"), folder) from error


def disk_error(error: OSError, doing: Message, folder: Path) -> UserError:
    """The message for a failed write. `doing` says what failed, e.g. "The picture could not be saved"."""
    if error.errno in _FULL:
        return UserError(
            message("{doing}: the disk is full.", doing=doing),
            message("Free some space on the disk of “{folder}” and try again.", folder=folder),
        )
    if error.errno in _FORBIDDEN:
        return UserError(
            message("{doing}: the folder “{folder}” cannot be written to.", doing=doing, folder=folder),
            message("Allow writing to it, or choose another folder."),
        )
    if error.errno == errno.ENAMETOOLONG:
        return UserError(message("{doing}: the name is too long.", doing=doing), message("Choose a shorter name."))
    if error.errno in {errno.ENOTDIR, errno.EEXIST, errno.ENOENT}:
        return UserError(
            message("{doing}: “{folder}” is no folder that can be used.", doing=doing, folder=folder),
            message("Choose another folder."),
        )
    reason = error.strerror or type(error).__name__
    return UserError(
        message("{doing}: {reason} (“{folder}”).", doing=doing, reason=reason, folder=folder),
        message("Check the disk, or choose another folder."),
    )


def this_machine() -> str:
    """Tells files of this machine's processes from those of others that share a folder."""
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there. A link that leads nowhere is there too, and in the way."""
    for path in (folder, *folder.parents):
        with contextlib.suppress(FileNotFoundError):
            path.lstat()
            return path
    return folder


@contextlib.contextmanager
def _temporary(folder: Path, data: bytes, durable: bool) -> Iterator[Path]:
    """A complete hidden file in `folder`, gone at the end unless it was moved."""
    with aside(folder) as temporary:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        yield temporary


def _move_exclusively(source: Path, target: Path) -> None:
    """Rename, but fail with FileExistsError where the target exists: `os.rename` would replace it."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        # exFAT and some network disks have no hard links: take the name with an empty file, then replace that.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            source.replace(target)
        except OSError:
            target.unlink(missing_ok=True)
            raise
    else:
        source.unlink()


def _sync_folder(folder: Path) -> None:
    """Make a rename durable. Some file systems cannot; the file itself is safe by then."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
