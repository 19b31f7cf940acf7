"""A stand-in for the Hugging Face hub on loopback: the paths that its client asks for, large files from another port as
from a CDN, and faults on demand.

In tests::

    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        server.serve("owner/name", folder)
        server.script("content", Fault(cut_after=1000), file="transformer/")     # for the next matching request
        ...
        assert all("owner/name" in path for path in server.paths("hub"))

By hand, for the window or the command line::

    python tests/servers/hub.py Efficient-Large-Model/Sana_600M_512px_diffusers=resources/starter --rate 2000000
    HF_ENDPOINT=http://127.0.0.1:8741 HF_HOME=/tmp/hf sana-studio models download sana-0.6b-512 --accept-licence

The answers follow https://huggingface.co/docs/hub/api and what its client, huggingface_hub 2.4, expects of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

CHUNK = 1 << 16


@dataclass(frozen=True)
class Fault:
    """What happens to one request instead of its proper answer.

    Attributes:
        status, code: the HTTP status, and the hub's name for the error.
        headers: further headers of the answer.
        body: an answer that is not what was asked for.
        cut_after: close the connection after so many bytes of the body.
        corrupt: change one byte.
        longer: send so many bytes more than the file has.
        ranges: whether a Range is honoured.
        hang: seconds without an answer.
    """

    status: int | None = None
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut_after: int | None = None
    corrupt: bool = False
    longer: int = 0
    ranges: bool = True
    hang: float = 0


@dataclass(frozen=True)
class Recorded:
    """A request as it arrived: at the "hub" or the "cdn"."""

    host: str
    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Repo:
    files: dict[str, bytes]
    token: str = ""
    gated: bool = False

    @property
    def commit(self) -> str:
        text = "".join(f"{path}{_sha1(data)}" for path, data in sorted(self.files.items()))
        return hashlib.sha1(text.encode()).hexdigest()


class HubServer:
    """Two servers on free ports; a context manager.

    Attributes:
        url, cdn_url: their addresses.
        requests: all requests, in order.
        rate: bytes of content a second; None for as fast as it goes.
        details: whether the listing tells sizes and hashes; some mirrors list paths only.
    """

    def __init__(self, port: int = 0, rate: float | None = None) -> None:
        self.repos: dict[str, Repo] = {}
        self.requests: list[Recorded] = []
        self.rate = rate
        self.details = True
        self._faults: list[tuple[str, str, Fault]] = []
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._hub = _Server(("127.0.0.1", port), _HubHandler, self)
        self._cdn = _Server(("127.0.0.1", 0), _CdnHandler, self)
        self.url, self.cdn_url = (f"http://127.0.0.1:{server.server_port}" for server in (self._hub, self._cdn))

    def __enter__(self) -> HubServer:
        for server in (self._hub, self._cdn):
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        for server in (self._hub, self._cdn):
            server.shutdown()
            server.server_close()

    def serve(self, name: str, folder: Path, *, token: str = "", gated: bool = False) -> Repo:
        """Serve a folder as the repository "owner/name".

        `token` is demanded for everything; with `gated` for the files only, and another one is not on the list.
        """
        files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        self.repos[name] = Repo(files, token, gated)
        return self.repos[name]

    def script(self, where: str, *faults: Fault, file: str = "") -> None:
        """What happens to the next requests: "api", "head" or "content"; of paths that contain `file`."""
        self._faults += [(where, file, fault) for fault in faults]

    def paths(self, host: str) -> list[str]:
        return [request.path for request in self.requests if request.host == host]

    def ranges(self, file: str) -> list[str]:
        """The Range headers of the requests for the content of a file, by its path or hash."""
        return [
            request.headers.get("range", "")
            for request in self.requests
            if request.method == "GET" and file in request.path
        ]

    # The servers themselves call these.

    def next_fault(self, where: str, path: str) -> Fault | None:
        with self._lock:
            for index, (place, file, _) in enumerate(self._faults):
                if place == where and file in path:
                    return self._faults.pop(index)[2]
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], owner: HubServer) -> None:
        super().__init__(address, handler)
        self.owner = owner

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    host = ""

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_HEAD(self) -> None:
        self._take()

    def do_GET(self) -> None:
        self._take()

    def _take(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.owner.requests.append(Recorded(self.host, self.command, self.path, headers))
        self.respond(unquote(urlsplit(self.path).path))

    def respond(self, path: str) -> None:
        raise NotImplementedError

    def answer(self, status: int, body: bytes, headers: dict[str, str], fault: Fault | None) -> None:
        """Send the answer, or what the fault makes of it."""
        owner = self.server.owner
        if fault is not None:
            owner.closing.wait(fault.hang)
            status, headers = fault.status or status, {**headers, **fault.headers}
            if fault.status or fault.body is not None:
                body = fault.body or b""
            if fault.code:
                headers["X-Error-Code"] = fault.code
            if fault.corrupt:
                body = body[:-1] + bytes([body[-1] ^ 1])
            body += b"x" * fault.longer
        self.send_response(status)
        headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is not None and fault.cut_after is not None:
            body = body[: fault.cut_after]
            self.close_connection = True
        for start in range(0, len(body), CHUNK):
            chunk = body[start : start + CHUNK]
            self.wfile.write(chunk)
            if owner.rate:
                owner.closing.wait(len(chunk) / owner.rate)

    def content(self, data: bytes, headers: dict[str, str], fault: Fault | None) -> None:
        """A file's content, or the part of it that is asked for."""
        headers = {**headers, "Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"}
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if wanted is None or (fault is not None and not fault.ranges):
            return self.answer(200, data, headers, fault)
        start = int(wanted[1])
        if start >= len(data):
            return self.answer(416, b"", {**headers, "Content-Range": f"bytes */{len(data)}"}, fault)
        headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        return self.answer(206, data[start:], headers, fault)


class _HubHandler(_Handler):
    host = "hub"

    def respond(self, path: str) -> None:
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/revision/([^/]+)", path):
            self.info(*found.groups())
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self.resolve(*found.groups())
        elif found := re.fullmatch(r"/api/resolve-cache/models/([^/]+/[^/]+)/([^/]+)/(.+)", path):
            self.small_file(*found.groups())
        else:
            self.error(404, "EntryNotFound")

    def error(self, status: int, code: str = "") -> None:
        headers = {"X-Error-Code": code, "X-Error-Message": code} if code else {}
        self.answer(status, b"{}", headers, None)

    def repo(self, name: str, revision: str, *, content: bool) -> Repo | None:
        """The repository, if it is there and may be seen; otherwise the refusal was sent."""
        repo = self.server.owner.repos.get(name)
        given = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if repo is None:
            self.error(404 if given else 401, "RepoNotFound")
        elif repo.token and given != repo.token and (content or not repo.gated):
            if given:
                self.error(403 if repo.gated else 401, "GatedRepo" if repo.gated else "")
            else:
                self.error(401, "GatedRepo" if repo.gated else "RepoNotFound")
        elif revision not in ("main", repo.commit):
            self.error(404, "RevisionNotFound")
        else:
            return repo
        return None

    def info(self, name: str, revision: str) -> None:
        repo = self.repo(name, revision, content=False)
        if repo is None:
            return
        siblings = []
        for path, data in sorted(repo.files.items()):
            entry: dict[str, Any] = {"rfilename": path}
            if self.server.owner.details:
                entry |= {"size": len(data), "blobId": _sha1(data)}
            if _large(path) and self.server.owner.details:
                entry["blobId"] = _sha1(f"oid sha256:{_sha256(data)}\nsize {len(data)}\n".encode())
                entry["lfs"] = {"sha256": _sha256(data), "size": len(data), "pointerSize": 135}
            siblings.append(entry)
        info = {"_id": "0", "id": name, "modelId": name, "sha": repo.commit, "private": False, "siblings": siblings}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        self.answer(200, json.dumps(info).encode(), headers, self.server.owner.next_fault("api", name))

    def resolve(self, name: str, revision: str, file: str) -> None:
        repo = self.repo(name, revision, content=True)
        if repo is None:
            return None
        if file not in repo.files:
            return self.error(404, "EntryNotFound")
        fault = self.server.owner.next_fault("head", file) if self.command == "HEAD" else None
        headers = {"X-Repo-Commit": repo.commit}
        if not _large(file):
            # As the hub does, by way of another path of its own.
            headers["Location"] = f"/api/resolve-cache/models/{name}/{repo.commit}/{file}"
            return self.answer(307, b"", headers, fault)
        sha256 = _sha256(repo.files[file])
        headers |= {
            "X-Linked-Etag": f'"{sha256}"',
            "X-Linked-Size": str(len(repo.files[file])),
            **self.xet(name, repo, file),
            "Location": f"{self.server.owner.cdn_url}/{sha256}/{file}?signature=0",
        }
        return self.answer(302, b"", headers, fault)

    def xet(self, name: str, repo: Repo, file: str) -> dict[str, str]:
        """The offer to fetch a file by another protocol, from other hosts."""
        token = f"{self.server.owner.url}/api/models/{name}/xet-read-token/{repo.commit}"
        return {"X-Xet-Hash": _sha256(repo.files[file]), "Link": f'<{token}>; rel="xet-auth"'}

    def small_file(self, name: str, revision: str, file: str) -> None:
        repo = self.repo(name, revision, content=True)
        if repo is None:
            return
        headers = {"X-Repo-Commit": repo.commit, "ETag": f'"{_sha1(repo.files[file])}"'}
        headers |= self.xet(name, repo, file)
        where = "head" if self.command == "HEAD" else "content"
        self.content(repo.files[file], headers, self.server.owner.next_fault(where, file))


class _CdnHandler(_Handler):
    host = "cdn"

    def respond(self, path: str) -> None:
        owner = self.server.owner
        sha256, _, file = path.removeprefix("/").partition("/")
        data = next(data for repo in owner.repos.values() for data in repo.files.values() if _sha256(data) == sha256)
        self.content(data, {"ETag": '"not the hash"'}, owner.next_fault("content", file))


def _large(path: str) -> bool:
    """What the hub keeps outside git."""
    return path.endswith((".safetensors", ".bin", "tokenizer.json"))


def _sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for the Hugging Face hub.")
    parser.add_argument("repos", nargs="+", metavar="OWNER/NAME=FOLDER")
    parser.add_argument("--port", type=int, default=8741)
    parser.add_argument("--rate", type=float, help="bytes a second")
    parser.add_argument("--token", default="", help="demand this token")
    parser.add_argument(
        "--cut", type=int, nargs="*", default=[], help="cut large files after so many bytes, one after another"
    )
    options = parser.parse_args()
    with HubServer(options.port, options.rate) as server:
        for entry in options.repos:
            name, _, folder = entry.partition("=")
            server.serve(name, Path(folder), token=options.token)
        server.script("content", *(Fault(cut_after=size) for size in options.cut), file=".safetensors")
        print(f"HF_ENDPOINT={server.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
