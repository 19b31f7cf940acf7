"""A stand-in for ComfyUI on loopback: its HTTP routes and its websocket, and faults on demand.

In tests::

    with ComfyServer("0.8.0") as server:
        settings.set("comfyui_address", server.url)
        server.script("/prompt", Fault(status=500))      # for the next request to this route
        server.plan(run="failed")                         # for the next job
        ...
        assert server.orders[0]["prompt"]

What it says was recorded from real servers, 0.3.64 and 0.8.0 (`comfyui_said/`), with the nodes of the app's own graphs;
ids and pictures are put in. A job of another graph is told of in the same words.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
from PIL import Image

from tests.servers.websocket import accepted, framed

_SAID = Path(__file__).parent / "comfyui_said"
_OURS, _CLIENT = "JOB", "CLIENT"


@dataclass(frozen=True)
class Fault:
    """What happens to one request instead of its proper answer.

    Attributes:
        status, body, kind: the answer to give; a dict becomes JSON.
        location: where it redirects to.
        handled: do what was asked first; the answer is lost.
        cut: close the connection without a word.
        hang: seconds before anything else.
    """

    status: int = 200
    body: Any = b""
    kind: str = "application/json"
    location: str = ""
    handled: bool = False
    cut: bool = False
    hang: float = 0


@dataclass(frozen=True)
class Plan:
    """How a job goes.

    Attributes:
        run: which recording: "run", "cached", "interrupted", "failed", "partly".
        words: what an error says instead.
        until: it does not go beyond its second step before this answers True.
        drop: the socket is cut after the first step.
        kill: the server ends after the first step.
        silent: nothing about it is told after the first step.
        late: so many looks at the history are answered with nothing after it has ended.
        file: the picture file, drawn from its graph when left out.
    """

    run: str = "run"
    words: dict[str, str] = field(default_factory=dict)
    until: Callable[[], bool] = lambda: True
    drop: bool = False
    kill: bool = False
    silent: bool = False
    late: int = 0
    file: bytes | None = None


@dataclass
class Job:
    """A job in the queue."""

    id: str
    number: float
    client: str
    graph: dict[str, Any]
    plan: Plan
    stopped: bool = False


class ComfyServer:
    """Use it in a `with` block.

    Attributes:
        url: its address.
        folders: the files of its folders for models.
        headers: what every request must carry; else it is refused with 401.
        requests: (method, path) of all.
        orders: the bodies of all orders, uploads: the uploaded files by name.
        foreign: ids of jobs of others, which stay in the queue until they are taken out.
    """

    def __init__(self, version: str = "0.8.0", port: int = 0) -> None:
        self.said: dict[str, Any] = json.loads((_SAID / f"{version}.json").read_text())
        self.folders: dict[str, list[str]] = {"checkpoints": ["tiny_sd15.safetensors"], "vae": [], "sana": []}
        self.headers: dict[str, str] = {}
        self.requests: list[tuple[str, str]] = []
        self.seen_headers: list[dict[str, str]] = []
        self.orders: list[dict[str, Any]] = []
        self.uploads: dict[str, bytes] = {}
        self.foreign: list[str] = []
        self.interrupted: list[str | None] = []
        self.step = 0.01
        self._faults: dict[str, deque[Fault]] = {}
        self._plans: deque[Plan] = deque()
        self._port = port
        self._http: _Listener | None = None
        self._lock = threading.RLock()
        self._start()

    def __enter__(self) -> ComfyServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def script(self, path: str, *faults: Fault) -> None:
        """For the next requests to this route."""
        self._faults.setdefault(path, deque()).extend(faults)

    def plan(self, **how: Any) -> None:
        """For the next job that has no plan yet."""
        self._plans.append(Plan(**how))

    def paths(self, route: str) -> list[str]:
        return [path for _, path in self.requests if path.startswith(route)]

    def kill(self) -> None:
        """End it, as a killed process ends: everything closes, and nothing of its jobs is left."""
        with self._lock:
            if self._http is None:
                return
            http, self._http = self._http, None

        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        threading.Thread(target=lambda: (http.shutdown(), http.server_close()), daemon=True).start()
        while _listens(self._port):
            time.sleep(0.005)

    def restart(self) -> None:
        self.kill()
        self._start()

    def _start(self) -> None:

        self._waiting: list[Job] = []
        self._running: Job | None = None
        self._history: dict[str, Any] = {}
        self._late: dict[str, int] = {}
        self._files: dict[str, bytes] = {}
        self._sockets: dict[str, socket.socket] = {}
        self._connections: set[socket.socket] = set()
        handler = type("Handler", (_Handler,), {"stand_in": self})
        http = self._http = _Listener(("127.0.0.1", self._port), handler)
        self._port = http.server_address[1]
        threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        threading.Thread(target=self._work, args=(http,), daemon=True).start()

    # The routes.

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any]:
        """The status and the answer: bytes, or something for JSON."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        match method, parts:
            case "GET", ["system_stats"]:
                return 200, self.said["system_stats"]
            case "GET", ["models", folder]:
                return (200, self.folders[folder]) if folder in self.folders else (404, b"")
            case "GET", ["object_info", name]:
                return 200, self._described(name)
            case "GET", ["queue"]:
                return 200, self._queue()
            case "POST", ["queue"]:
                self._delete(json.loads(body)["delete"])
                return 200, b""
            case "POST", ["interrupt"]:
                self._interrupt(json.loads(body or b"{}").get("prompt_id"))
                return 200, b""
            case "GET", ["history", job]:
                return 200, self._ended(job)
            case "POST", ["prompt"]:
                return self._order(json.loads(body))
            case "POST", ["upload", "image"]:
                return 200, self._upload(body)
            case "GET", ["view"]:
                file = self._files.get(query["filename"][0])
                return (200, file) if file is not None else (404, b"")
        return 404, b"404: Not Found"

    def fault(self, path: str) -> Fault | None:
        waiting = self._faults.get(path)
        return waiting.popleft() if waiting else None

    def _described(self, name: str) -> dict[str, Any]:
        found = json.loads(json.dumps(self.said["object_info"].get(name)))
        if found is None:
            return {}
        for group in found["input"].values():
            for key, rule in group.items():
                if key == "ckpt_name" and name.startswith("Checkpoint"):
                    rule[0] = self.folders["checkpoints"]
                elif key == "ckpt_name":
                    rule[0] = [each for each in rule[0] if "/" in each] + self.folders["checkpoints"]
                elif key == "vae_name":
                    rule[0] = [each for each in rule[0] if "/" in each] + self.folders["vae"]
        return {name: found}

    def _queue(self) -> dict[str, Any]:
        with self._lock:
            running = [[0, id, {}, {}, []] for id in self.foreign[:1]]
            waiting = [[0, id, {}, {}, []] for id in self.foreign[1:]]
            running += [[self._running.number, self._running.id, {}, {}, []]] if self._running else []
            waiting += [[job.number, job.id, {}, {}, []] for job in reversed(self._waiting)]
        return {"queue_running": running, "queue_pending": waiting}

    def _delete(self, ids: list[str]) -> None:
        with self._lock:
            self._waiting = [job for job in self._waiting if job.id not in ids]
            self.foreign = [*self.foreign[:1], *(id for id in self.foreign[1:] if id not in ids)]

    def _interrupt(self, job: str | None) -> None:
        self.interrupted.append(job)
        with self._lock:
            if self._running and job in (None, self._running.id):
                self._running.stopped = True

    def _ended(self, job: str) -> dict[str, Any]:
        if self._late.get(job, 0) > 0:
            self._late[job] -= 1
            return {}
        return {job: self._history[job]} if job in self._history else {}

    def _order(self, body: dict[str, Any]) -> tuple[int, Any]:
        self.orders.append(body)
        graph = body["prompt"]
        for node in graph.values():
            described = self._described(node["class_type"])
            if not described:
                said = json.dumps(self.said["unknown_node"][1]).replace("NoSuchNode", node["class_type"])
                return 400, json.loads(said)
            name = node["inputs"].get("ckpt_name")
            if name is not None and name not in described[node["class_type"]]["input"]["required"]["ckpt_name"][0]:
                return 400, json.loads(json.dumps(self.said["missing_model"][1]).replace("gone.safetensors", name))
        plan = self._plans.popleft() if self._plans else Plan()
        with self._lock:
            number = float(len(self.orders))
            self._waiting.append(Job(body["prompt_id"], number, body["client_id"], graph, plan))
        said = self.said[plan.run]["answer"][1]
        return 200, {**said, "prompt_id": body["prompt_id"], "number": number}

    def _upload(self, body: bytes) -> dict[str, Any]:
        head, _, rest = body.partition(b"\r\n\r\n")
        while b'name="image"' not in head:
            head, _, rest = rest.partition(b"\r\n\r\n")
        found = re.search(rb'filename="([^"]+)"', head)
        assert found is not None
        name = found[1].decode()
        kind = "temp" if b'name="type"\r\n\r\ntemp' in body else "input"
        self.uploads[name] = rest.partition(b"\r\n--" + body[2:].partition(b"\r\n")[0])[0]
        return {"name": name, "subfolder": "", "type": kind}

    # The jobs.

    def _work(self, http: ThreadingHTTPServer) -> None:
        while self._http is http:
            with self._lock:
                job = self._running = self._waiting.pop(0) if self._waiting and not self.foreign else None
            if job is None:
                time.sleep(0.002)
                continue
            self._run(job, http)

    def _run(self, job: Job, http: ThreadingHTTPServer) -> None:
        said, told, steps = self.said[job.plan.run], True, 0
        name = f"ComfyUI_temp_{job.number:05.0f}_.png"
        for frame in said["frames"][2:]:
            if self._http is not http:
                return
            if job.stopped:
                said = self.said["interrupted"]
                break
            if told:
                self.tell(job.client, self._filled(frame, job, name))
            if frame.get("type") != "progress":
                continue
            steps += 1
            time.sleep(self.step)
            if steps == 1:
                told = not job.plan.silent
                if job.plan.drop:
                    self.drop(job.client)
                if job.plan.kill:
                    self.kill()
                    return
            while steps == 2 and not job.plan.until() and not job.stopped and self._http is http:
                time.sleep(0.005)
        self._files[name] = job.plan.file if job.plan.file is not None else self._drawn(job)
        entry = self._filled(said["history"][_OURS], job, name)
        with self._lock:
            self._history[job.id] = entry
            self._late[job.id] = job.plan.late
            self._running = None

    def _filled(self, value: Any, job: Job, name: str) -> Any:
        text = json.dumps(value).replace(_OURS, job.id).replace(_CLIENT, job.client)
        text = re.sub(r"ComfyUI_temp_\w+_\.png", name, text)
        filled = json.loads(text)
        return _reworded(filled, job.plan.words) if job.plan.words else filled

    def _drawn(self, job: Job) -> bytes:
        """A picture of the size that the graph asks for, in colours of its seed."""
        sampler, latents = job.graph["sampler"]["inputs"], job.graph["latents"]
        width, height = latents["inputs"].get("width"), latents["inputs"].get("height")
        if width is None:
            start = job.graph["start"]["inputs"]["image"].removesuffix(" [temp]")
            width, height = Image.open(io.BytesIO(self.uploads[start])).size
        noise = np.random.default_rng(int(sampler["seed"])).integers(0, 256, (height, width, 3), np.uint8)
        file = io.BytesIO()
        Image.fromarray(noise).save(file, "PNG")
        return file.getvalue()

    # The sockets.

    def connect(self, client: str, connection: socket.socket) -> None:
        self._sockets[client] = connection
        self.tell(client, {"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 0}}, "sid": client}})

    def tell(self, client: str, frame: dict[str, Any]) -> None:
        connection = self._sockets.get(client)
        if connection is None:
            return
        with contextlib.suppress(OSError):
            connection.sendall(framed(frame))

    def drop(self, client: str) -> None:
        connection = self._sockets.pop(client, None)
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    stand_in: ComfyServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def setup(self) -> None:
        super().setup()
        self.stand_in._connections.add(self.connection)
        if self.stand_in._http is not self.server:  # it was killed between accepting and now
            self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def _handle(self, method: str) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.stand_in
        server.requests.append((method, self.path))
        server.seen_headers.append(dict(self.headers))
        if any(self.headers.get(name) != value for name, value in server.headers.items()):
            self._send(401, b"<html>Sign in</html>", "text/html")
            return
        fault = server.fault(parts.path)
        if fault is not None:
            time.sleep(fault.hang)
            if fault.handled:
                server.answer(method, parts.path, parse_qs(parts.query), body)
            if fault.cut:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            else:
                self._send(fault.status, fault.body, fault.kind, fault.location)
            return
        if parts.path == "/ws":
            self._socket(parse_qs(parts.query)["clientId"][0])
            return
        status, answer = server.answer(method, parts.path, parse_qs(parts.query), body)
        self._send(status, answer, "image/png" if parts.path == "/view" else "application/json")

    def _send(self, status: int, answer: Any, kind: str, location: str = "") -> None:
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(data)

    def _socket(self, client: str) -> None:
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accepted(self.headers["Sec-WebSocket-Key"]))
        self.end_headers()
        self.stand_in.connect(client, self.connection)
        self.close_connection = True
        with contextlib.suppress(OSError):
            while (said := self.connection.recv(4096)) and said[0] != 0x88:  # what else it says is of no interest
                pass
            self.connection.sendall(b"\x88\x00")


def _reworded(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: words[key] if key in words else _reworded(each, words) for key, each in value.items()}
    return [_reworded(each, words) for each in value] if isinstance(value, list) else value


def _listens(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def other_server(body: bytes, kind: str = "text/html", status: int = 200) -> Iterator[str]:
    """The address of something that answers everything alike and is not ComfyUI."""

    class Other(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = _Listener(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
