"""The Hugging Face hub, by its own client: what a repository holds, and one file of it.

Import this module only to download: the client takes a quarter of a second. Its telemetry is switched off, and nothing
but the wanted repository's own paths is asked for. The client's `hf_hub_download` throws an interrupted file away, so
large files are fetched here, with HTTP ranges, as the blobs that the client then finds in its cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import filelock
import httpx2
import huggingface_hub
from huggingface_hub import constants, errors, utils

from app.core.errors import GenerationCancelled, UserError
from app.core.events import CancelCheck
from app.core.message import message, sentences
from app.library.files import disk_error
from app.library.models.hub import hub_cache
from app.library.models.hub.hub_cache import PARTIAL_SUFFIX, cache_folder, repo_folder
from app.library.network import explained_proxy

constants.HF_HUB_DISABLE_TELEMETRY = True  # otherwise it tells what is installed, and asks what else to look for
constants.HF_HUB_DISABLE_XET = True  # another protocol, of other hosts, that a mirror does not have
utils.disable_progress_bars()

DEFAULT_ENDPOINT = "https://huggingface.co"
CHUNK = 1 << 20  # bytes that are hashed between two looks at the cancel button
ATTEMPTS = 5  # in a row that bring nothing new
RETRY_WAIT = 1.0  # seconds before the first new attempt, twice as long before each further one
TIMEOUT = 10.0  # seconds without a byte
LARGE = 10_000_000  # bytes from which the hub keeps a file outside git, with a SHA-256

ENTER_TOKEN = message(
    "Enter your Hugging Face token in Settings under Models, or with: sana-studio keys set huggingface"
)

TOKENS_PAGE = f"{DEFAULT_ENDPOINT}/settings/tokens"
_TOKEN = re.compile("[!-~]+")
_HASH = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")

OnBytes = Callable[[int], None]
"""Told how many bytes of a file are in place."""


class Damaged(Exception):  # noqa: N818 - mended in downloads.py
    """A file that arrived is not the one that the hub announced; it was thrown away."""


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository. `sha256` is that of a large file; small ones have git's `blob_id` only.

    `size` is -1 where the listing did not tell it; `Hub.complete` asks.
    """

    path: str
    size: int
    blob_id: str
    sha256: str = ""

    def matches(self, path: Path, cancel: CancelCheck, on_bytes: OnBytes = lambda _: None) -> bool:
        """Whether a file on disk is this one, by size and hash."""
        if not path.exists() or path.stat().st_size != self.size:
            return False
        # git hashes a header before the content.
        digest = hashlib.sha256() if self.sha256 else hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)
        done = 0
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                _stop_if(cancel)
                digest.update(chunk)
                done += len(chunk)
                on_bytes(done)
        return digest.hexdigest() == (self.sha256 or self.blob_id)


class Hub:
    """A hub or a mirror of it.

    Args:
        endpoint: address of a mirror; empty for `HF_ENDPOINT`, else huggingface.co.
        token: the user's token. Without one, huggingface.co gets what the client finds (`HF_TOKEN`, its own login); a
            mirror gets `HF_TOKEN` only.
    """

    def __init__(self, endpoint: str = "", token: str | None = None) -> None:
        self.endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or DEFAULT_ENDPOINT).rstrip("/")
        implicit = None if self.endpoint == DEFAULT_ENDPOINT else os.environ.get("HF_TOKEN") or False
        self._token = token or implicit
        self._check_token()

    def files(self, repo: str, revision: str) -> tuple[str, tuple[HubFile, ...]]:
        """The commit that a revision is now, and its files, which a mirror may list by their paths only.

        Raises UserError.
        """
        with self._explained(repo):
            try:
                info = huggingface_hub.HfApi(endpoint=self.endpoint, token=self._token).model_info(
                    repo, revision=revision, files_metadata=True, timeout=TIMEOUT
                )
                files = tuple(
                    HubFile(
                        item.rfilename,
                        -1 if item.size is None else int(item.size),
                        item.blob_id or "",
                        item.lfs.sha256 if item.lfs else "",
                    )
                    for item in info.siblings
                )
            except (ValueError, TypeError, KeyError, AttributeError):
                raise self._no_hub() from None
        # The hashes become names of files.
        hashes = [info.sha, *(value for file in files for value in (file.sha256, file.blob_id) if value)]
        if not all(_HASH.fullmatch(str(value)) for value in hashes):
            raise self._no_hub()
        return info.sha, files

    def complete(self, repo: str, commit: str, file: HubFile) -> HubFile:
        """A file with its size and hash, asked for where the listing left them out, as some mirrors do."""
        if file.size >= 0 and (file.sha256 or (file.blob_id and file.size < LARGE)):
            return file
        url = huggingface_hub.hf_hub_url(repo, file.path, revision=commit, endpoint=self.endpoint)
        with self._explained(repo, file.path):
            found = huggingface_hub.get_hf_file_metadata(
                url, token=self._token, timeout=TIMEOUT, endpoint=self.endpoint
            )
        if found.size is None or not _HASH.fullmatch(found.etag or ""):
            raise self._no_hub()
        etag = str(found.etag)
        return HubFile(file.path, found.size, etag, etag if len(etag) == 64 else "")

    def fetch(self, repo: str, commit: str, file: HubFile, on_bytes: OnBytes, cancel: CancelCheck) -> Path:
        """Bring a file into the cache, from where it was interrupted, and check it. Returns its path in the snapshot.

        Raises:
            Damaged: what arrived has another size or hash.
            UserError: it cannot be had.
            GenerationCancelled: the user stopped it; what has arrived stays for the next time.
        """
        with self._explained(repo, file.path):
            if file.sha256:
                self._fetch_blob(repo, commit, file, on_bytes, cancel)
                return self._link(repo, commit, file.path)
            try:
                path = self._link(repo, commit, file.path)
            except OSError as error:
                if type(error) is OSError and error.errno is None:  # how the client says that the size is wrong
                    raise Damaged(file.path) from error
                raise
            if not file.matches(path, cancel, on_bytes):
                discard(path)
                raise Damaged(file.path)
            return path

    def remember(self, repo: str, revision: str, file: str) -> None:
        """Keep in the cache which commit `revision` is now, as other tools and offline use expect it."""
        with self._explained(repo, file):
            self._link(repo, revision, file)

    def _check_token(self) -> None:
        """Raises UserError where the token cannot be sent: the client would fail in the middle of a request."""
        sent = huggingface_hub.get_token() if self._token is None else self._token
        if isinstance(sent, str) and not _TOKEN.fullmatch(sent):
            raise UserError(
                message("Your Hugging Face token contains characters that no token has."),
                sentences(message("Copy it again from {address}.", address=TOKENS_PAGE), ENTER_TOKEN),
            )

    def _link(self, repo: str, revision: str, file: str) -> Path:
        """The path of a file in its snapshot, by the hub's client; it downloads what is not among the blobs."""
        return Path(
            huggingface_hub.hf_hub_download(
                repo, file, revision=revision, cache_dir=cache_folder(), endpoint=self.endpoint, token=self._token
            )
        )

    def _fetch_blob(self, repo: str, commit: str, file: HubFile, on_bytes: OnBytes, cancel: CancelCheck) -> None:
        """Bring a large file to where the client looks for it: its hash is its name, and the lock the client's own."""
        folder = repo_folder(repo) / "blobs"
        lock = cache_folder() / ".locks" / folder.parent.name / f"{file.sha256}.lock"
        for needed in (folder, lock.parent):
            needed.mkdir(parents=True, exist_ok=True)
        try:
            with utils.WeakFileLock(lock, timeout=1):
                blob, partial = folder / file.sha256, folder / f"{file.sha256}{PARTIAL_SUFFIX}"
                if file.matches(blob, cancel, on_bytes):
                    return
                for source in hub_cache.alike(file.sha256, repo):
                    if file.matches(source, cancel, on_bytes):
                        hub_cache.share(source, blob)
                        return
                url = huggingface_hub.hf_hub_url(repo, file.path, revision=commit, endpoint=self.endpoint)
                self._stream(url, partial, file.size, on_bytes, cancel)
                if not file.matches(partial, cancel):
                    partial.unlink()
                    raise Damaged(file.path)
                partial.replace(blob)
        except filelock.Timeout:
            raise UserError(
                message("Another program is downloading this model."), message("Wait until it is done, then try again.")
            ) from None

    def _stream(self, url: str, partial: Path, size: int, on_bytes: OnBytes, cancel: CancelCheck) -> None:
        """Append to `partial` until it has `size` bytes; a broken connection is taken up again."""
        headers = {**utils.build_hf_headers(token=self._token), "Accept-Encoding": "identity"}
        partial.touch()
        failures, furthest = 0, partial.stat().st_size
        while (start := partial.stat().st_size) < size:
            _stop_if(cancel)
            try:
                request = {"headers": {**headers, "Range": f"bytes={start}-"}, "timeout": TIMEOUT}
                with (
                    huggingface_hub.get_session().stream("GET", url, **request) as response,
                    partial.open("r+b") as target,
                ):
                    utils.hf_raise_for_status(response)
                    if response.status_code == 206:
                        target.seek(start)
                    else:  # a server that knows no ranges sends everything
                        target.truncate()
                    for chunk in response.iter_bytes():
                        _stop_if(cancel)
                        target.write(chunk)
                        done = target.tell()
                        on_bytes(min(size, done))
                        if done > size:
                            return  # the caller sees that it is too long
                        if done > furthest:
                            failures, furthest = 0, done
                if partial.stat().st_size < size:
                    raise httpx2.RemoteProtocolError("The answer was too short.")
            except (httpx2.TransportError, errors.HfHubHTTPError) as error:
                failures += 1
                if failures == ATTEMPTS or not _may_pass(error):
                    raise
                _wait(RETRY_WAIT * 2 ** (failures - 1), cancel)

    @contextlib.contextmanager
    def _explained(self, repo: str, file: str = "") -> Iterator[None]:
        """Turn the client's errors into what a person can do about them."""
        with explained_proxy():
            huggingface_hub.get_session()  # the client makes it once, at the first question
        try:
            yield
        except (httpx2.TransportError, OSError) as error:  # most errors of the client are OSErrors
            raise self._user_error(error, repo, file) from error

    def _user_error(self, error: BaseException, repo: str, file: str) -> UserError:
        host = urlsplit(self.endpoint).hostname or self.endpoint
        if isinstance(error, errors.LocalEntryNotFoundError) and error.__cause__ is not None:
            return self._user_error(error.__cause__, repo, file)  # "not in the cache either" hides why
        if isinstance(error, errors.HfHubHTTPError):
            return self._refused(error.response.status_code, isinstance(error, errors.GatedRepoError), repo, file, host)
        if isinstance(error, httpx2.TimeoutException):
            return UserError(
                message("{host} does not answer.", host=host),
                message("Check the connection and continue; what has arrived is kept."),
            )
        if isinstance(error, httpx2.TransportError):
            return UserError(
                message("{host} cannot be reached.", host=host),
                message("Check the connection and “Download models from” in Settings; what has arrived is kept."),
            )
        if isinstance(error, errors.FileMetadataError):
            return self._no_hub()
        assert isinstance(error, OSError)
        return disk_error(error, message("The model could not be saved"), cache_folder())

    def _refused(self, status: int, gated: bool, repo: str, file: str, host: str) -> UserError:
        """What an HTTP status of the hub means."""
        if gated or status == 403:
            return UserError(
                message("The owner of {repo} wants to know who downloads it.", repo=repo),
                sentences(message("Ask for access at {address}.", address=f"{DEFAULT_ENDPOINT}/{repo}"), ENTER_TOKEN),
            )
        if status == 401 and self._token:
            return UserError(
                message("{host} does not accept your token.", host=host),
                sentences(message("Make a new one at {address}.", address=TOKENS_PAGE), ENTER_TOKEN),
            )
        if status == 401:
            return UserError(
                message("{repo} needs a token, or it does not exist any more.", repo=repo),
                ENTER_TOKEN,
            )
        if status == 404:
            return UserError(
                message("{host} does not have {file} of {repo}.", host=host, file=file, repo=repo)
                if file
                else message("{host} does not have {repo}.", host=host, repo=repo),
                message("Check “Download models from” in Settings, or look for a newer version of the app."),
            )
        if status == 429:
            return UserError(
                message("{host} has had too many requests from here.", host=host),
                message("Wait some minutes, then continue; what has arrived is kept."),
            )
        return UserError(
            message("{host} has a problem (error {status}).", host=host, status=status),
            message("Try again later; what has arrived is kept."),
        )

    def _no_hub(self) -> UserError:
        return UserError(
            message("{endpoint} does not answer like Hugging Face.", endpoint=self.endpoint),
            message("Check “Download models from” in Settings."),
        )


def discard(path: Path) -> None:
    """Remove a file of a snapshot with the blob that it links to, but not what that blob may link to in turn."""
    if path.is_symlink():
        (path.parent / path.readlink()).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _may_pass(error: Exception) -> bool:
    """Whether trying again makes sense: after a broken connection, or where the server is busy."""
    if not isinstance(error, errors.HfHubHTTPError):
        return True
    return error.response.status_code in (408, 429) or error.response.status_code >= 500


def _wait(seconds: float, cancel: CancelCheck) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        _stop_if(cancel)
        time.sleep(0.1)


def _stop_if(cancel: CancelCheck) -> None:
    if cancel():
        raise GenerationCancelled
