"""Stand-ins on loopback for the protocols of endpoints: OpenAI images, fal's queue, RunPod serverless, Hugging Face.

In tests::

    with EndpointServer("fal", key="secret") as server:
        server.script("submit", Fault(status=429, headers={"Retry-After": "1"}))    # for the next order
        ...
        assert len(server.paths("submit")) == 1 and not server.leaks

Pictures come from another port, which counts requests that carry credentials. By hand:
`python tests/servers/endpoints.py fal --port 8741` prints the command that adds it.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import io
import json
import re
import socket
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

from tests.servers.replicate import Fault, Recorded

ROUTES = {
    "openai": (
        ("models", "GET", r"/v1/models"),
        ("order", "POST", r"/v1/images/generations"),
        ("later", "GET", r"/later"),
    ),
    "fal": (
        ("status", "GET", r"/(fal-ai/sana)/requests/([\w-]+)/status"),
        ("result", "GET", r"/(fal-ai/sana)/requests/([\w-]+)"),
        ("cancel", "PUT", r"/(fal-ai/sana)/requests/([\w-]+)/cancel"),
        ("order", "POST", r"/(fal-ai/sana[\w./-]*)"),
    ),
    "runpod": (
        ("health", "GET", r"/v2/worker/health"),
        ("status", "GET", r"/v2/worker/status/([\w-]+)"),
        ("cancel", "POST", r"/v2/worker/cancel/([\w-]+)"),
        ("order", "POST", r"/v2/worker/run"),
    ),
    "huggingface": (("health", "GET", r"/"), ("order", "POST", r"/")),
}


class EndpointServer:
    """One protocol on one port, and its pictures on another.

    Attributes:
        key: the only one that is accepted; empty where none is asked for.
        url: the endpoint's address.
        requests: all that arrived, in order; `leaks` those of the pictures' port that carried credentials.
        refuses: fields that it calls unknown.
        takes: seconds that a picture takes.
        shape: "b64", "url" or something of a test's own.
        output: what a worker gives instead of a picture.
        filtered: whether its filter takes pictures away.
    """

    def __init__(self, kind: str, key: str = "", port: int = 0) -> None:
        self.kind, self.key = kind, key
        self.requests: list[Recorded] = []
        self.leaks: list[Recorded] = []
        self.file_requests: list[Recorded] = []
        self.refuses: set[str] = set()
        self.takes = 0.0
        self.shape = "b64"
        self.output: Any = None
        self.filtered = False
        self.models = ["sana-1.6b"]
        self.jobs: dict[str, dict[str, Any]] = {}
        self._faults: dict[str, deque[Fault]] = {}
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._api, self._files = _Server(port, self, _Api), _Server(0, self, _Files)
        self.origin = f"http://127.0.0.1:{self._api.server_port}"
        self.file_url = f"http://127.0.0.1:{self._files.server_port}"
        self.url = self.origin + ("/v2/worker" if kind == "runpod" else "")

    def __enter__(self) -> EndpointServer:
        for server in (self._api, self._files):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        for server in (self._api, self._files):
            server.shutdown()
            server.server_close()

    def script(self, endpoint: str, *faults: Fault) -> None:
        """What the next requests to "models", "order", "status", "result", "cancel", "health" or "file" meet."""
        with self._lock:
            self._faults.setdefault(endpoint, deque()).extend(faults)

    def next_fault(self, endpoint: str) -> Fault | None:
        with self._lock:
            faults = self._faults.get(endpoint)
            return faults.popleft() if faults else None

    def bodies(self, endpoint: str = "order") -> list[Any]:
        return [request.body for request in self.requests if request.endpoint == endpoint]

    def paths(self, endpoint: str = "order") -> list[str]:
        return [request.path for request in self.requests if request.endpoint == endpoint]

    def respond(self, endpoint: str, found: tuple[str, ...], body: Any) -> tuple[int, Any]:
        """The status and the body, an object or the bytes of a picture."""
        answer: tuple[int, Any] = getattr(self, f"_{self.kind}")(endpoint, found, body)
        return answer

    def _openai(self, endpoint: str, found: tuple[str, ...], body: Any) -> tuple[int, Any]:
        if endpoint == "models":
            return 200, {"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]}
        if endpoint == "later":
            return 200, {"data": [{"b64_json": base64.b64encode(picture(64, 96)).decode()}]}
        unknown = sorted(self.refuses & set(body))
        if unknown:
            return 400, {"error": {"message": f"Unknown parameter: '{unknown[0]}'.", "param": unknown[0], "code": None}}
        if self.filtered:
            return 400, {"error": {"message": "Rejected by our safety system.", "code": "content_policy_violation"}}
        size = str(body.get("size") or f"{body['width']}x{body['height']}").split("x")
        self.closing.wait(self.takes)
        data = picture(int(size[0]), int(size[1]))
        row = {"b64_json": base64.b64encode(data).decode()} if self.shape == "b64" else {"url": self._kept(data)}
        return 200, {"created": 1, "data": [row] if self.output is None else self.output}

    def _fal(self, endpoint: str, found: tuple[str, ...], body: Any) -> tuple[int, Any]:
        if endpoint == "order":
            name = f"job-{len(self.jobs)}"
            self.jobs[name] = {"app": "/".join(found[0].split("/")[:2]), "input": body, "began": time.monotonic()}
            base = f"{self.origin}/{self.jobs[name]['app']}/requests/{name}"
            links = {"status_url": f"{base}/status", "response_url": base, "cancel_url": f"{base}/cancel"}
            return 200, {"request_id": name, "status": "IN_QUEUE", "queue_position": 0, **links}
        job = self.jobs.get(found[1])
        if job is None:
            return 404, {"detail": "Request not found"}
        done = time.monotonic() - job["began"] >= self.takes
        if endpoint == "cancel":
            if done:
                return 400, {"status": "ALREADY_COMPLETED"}
            del self.jobs[found[1]]
            return 202, {"status": "CANCELLATION_REQUESTED"}
        if endpoint == "status":
            state = {"status": "COMPLETED" if done else "IN_PROGRESS", "logs": [{"message": "50%"}]}
            return 200 if done else 202, {**state, "metrics": {"inference_time": 0.5}}
        size = job["input"]["image_size"]
        address = self._kept(picture(size["width"], size["height"]))
        images = [{"url": address, **size}] if self.output is None else self.output
        return 200, {"images": images, "seed": 1, "has_nsfw_concepts": [self.filtered]}

    def _runpod(self, endpoint: str, found: tuple[str, ...], body: Any) -> tuple[int, Any]:
        if endpoint == "health":
            return 200, {"jobs": {"inQueue": 0}, "workers": {"idle": 1, "running": 1}}
        if endpoint == "order":
            name = f"job-{len(self.jobs)}-u1"
            self.jobs[name] = {"input": body["input"], "began": time.monotonic(), "cancelled": False}
            return 200, {"id": name, "status": "IN_QUEUE"}
        job = self.jobs.get(found[0])
        if job is None:
            return 404, {"error": "job not found"}
        if endpoint == "cancel" and time.monotonic() - job["began"] < self.takes:
            job["cancelled"] = True
        if job["cancelled"]:
            return 200, {"id": found[0], "status": "CANCELLED"}
        if time.monotonic() - job["began"] < self.takes:
            return 200, {"id": found[0], "status": "IN_PROGRESS"}
        data = picture(*_sides(job["input"]))
        image = {"filename": "a.png", "type": "base64", "data": base64.b64encode(data).decode()}
        if self.shape == "url":
            image = {"filename": "a.png", "type": "s3_url", "data": self._kept(data)}
        output = {"images": [image]} if self.output is None else self.output
        return 200, {"id": found[0], "status": "COMPLETED", "executionTime": 1500, "delayTime": 10, "output": output}

    def _huggingface(self, endpoint: str, found: tuple[str, ...], body: Any) -> tuple[int, Any]:
        if endpoint == "health":
            return 200, {"health": "ok"}
        parameters = body["parameters"]
        unknown = sorted(self.refuses & set(parameters))
        if unknown:
            return 400, {"error": f"__call__() got an unexpected keyword argument '{unknown[0]}'"}
        self.closing.wait(self.takes)
        data = picture(parameters.get("width", 64), parameters.get("height", 64))
        return 200, data if self.output is None else self.output

    def _kept(self, data: bytes) -> str:
        name = f"/files/{len(self._files.kept)}.png"
        self._files.kept[name] = data
        return self.file_url + name


def picture(width: int, height: int) -> bytes:
    """A PNG file."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (200, 40, 20)).save(buffer, "PNG")
    return buffer.getvalue()


def _sides(values: Any) -> tuple[int, int]:
    """The width and height somewhere in a worker's input."""
    found = [part for part in _parts(values) if {"width", "height"} <= set(part)]
    return (found[0]["width"], found[0]["height"]) if found else (64, 64)


def _parts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(part for each in value.values() for part in _parts(each))]
    return [part for each in value for part in _parts(each)] if isinstance(value, list) else []


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, owner: EndpointServer, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.owner = owner
        self.kept: dict[str, bytes] = {}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def send(self, status: int, body: bytes, kind: str, fault: Fault | None) -> None:
        headers = {"Content-Type": kind, "Content-Length": str(len(body))}
        if fault is not None:
            self.server.owner.closing.wait(fault.hang)
            status = fault.status or status
            if fault.body is not None:
                body = json.dumps(fault.body).encode() if isinstance(fault.body, dict) else fault.body
            headers = {**headers, "Content-Length": str(len(body)), **fault.headers}
            if fault.cut == "before":
                return self.cut()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault is not None and fault.cut == "body" else body)
        return self.cut() if fault is not None and fault.cut else None

    def cut(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


class _Api(_Handler):
    def do_GET(self) -> None:
        self.handle_api("GET")

    def do_POST(self) -> None:
        self.handle_api("POST")

    def do_PUT(self) -> None:
        self.handle_api("PUT")

    def handle_api(self, method: str) -> None:
        owner = self.server.owner
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(raw) if raw else None
        name, found = "unknown", tuple[str, ...]()
        for endpoint, verb, route in ROUTES[owner.kind]:
            match = re.fullmatch(route, self.path.partition("?")[0])
            if verb == method and match:
                name, found = endpoint, match.groups()
                break
        owner.requests.append(Recorded(name, method, self.path, dict(self.headers), body))
        fault = owner.next_fault(name)
        scheme = "Key" if owner.kind == "fal" else "Bearer"
        if owner.key and self.headers.get("Authorization") != f"{scheme} {owner.key}":
            answer: tuple[int, Any] = 401, {"detail": f"No access with {self.headers.get('Authorization')}"}
        elif name == "unknown":
            answer = 404, {"detail": "Not Found"}
        elif fault is None or fault.handled:
            answer = owner.respond(name, found, body)
        else:
            answer = 200, {}
        status, content = answer
        if isinstance(content, bytes):
            self.send(status, content, "image/png", fault)
        else:
            self.send(status, json.dumps(content).encode(), "application/json", fault)


class _Files(_Handler):
    def do_GET(self) -> None:
        owner = self.server.owner
        record = Recorded("file", "GET", self.path, dict(self.headers), None)
        owner.file_requests.append(record)
        if owner.key and (owner.key in str(record.headers) or owner.key in self.path):
            owner.leaks.append(record)
        data = self.server.kept.get(self.path)
        self.send(200 if data else 404, data or b"gone", "image/png", owner.next_fault("file"))


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for an endpoint on loopback.")
    parser.add_argument("kind", choices=tuple(ROUTES))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a picture takes")
    arguments = parser.parse_args()
    with EndpointServer(arguments.kind, port=arguments.port) as server:
        server.takes = arguments.seconds
        print(f"sana-studio endpoints add stand-in --kind {server.kind} --url {server.url}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
