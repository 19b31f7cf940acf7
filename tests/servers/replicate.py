"""A stand-in for Replicate on loopback: the documented HTTP API, files from another port, and faults on demand.

In tests::

    with ReplicateServer() as server:
        monkeypatch.setenv("REPLICATE_BASE_URL", server.url)
        monkeypatch.setenv("REPLICATE_API_TOKEN", server.token)
        server.script("create", Fault(status=429, headers={"Retry-After": "1"}))   # for the next create
        server.plan(status="failed", error="out of memory")                        # for the next prediction
        ...
        assert server.paths("create") and not server.leaks

By hand: `python tests/servers/replicate.py --port 8731`, then start the app with the two variables that it prints.

The answers follow https://api.replicate.com/openapi.json. Unlike the real service it refuses input fields that the
model does not have, so that a test sees them.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from PIL import Image

TOKEN = "r8_" + "StandInKey0123456789abcdefghijklmnopq"
SANA_VERSION = "c6b5d2b7459910fec94432e9e1203c3cdce92d6db20f714f1355747990b52fa6"
SPRINT_VERSION = "6ed1ce77cdc8db65550e76d5ab82556d0cb31ac8ab3c4947b168a0bda7b962e4"


@dataclass(frozen=True)
class Fault:
    """What happens to one request instead of, or after, its proper answer.

    Attributes:
        status, body, headers: the answer to give; a dict becomes JSON.
        handled: do what was asked first, so that the work is done (and billed) although the answer never arrives.
        cut: "before" closes the connection without a word, "body" in the middle of the body.
        hang: seconds without an answer.
    """

    status: int | None = None
    body: dict[str, Any] | bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    handled: bool = False
    cut: str = ""
    hang: float = 0


@dataclass(frozen=True)
class Plan:
    """How a prediction will go: `boot` seconds starting, `duration` seconds processing, then `status`.

    It does not end before `until` answers True. Without `clock` its start and end are not told.
    """

    status: str = "succeeded"
    error: str | None = None
    boot: float = 0.0
    duration: float = 0.03
    predict_time: float | None = 1.87
    output: Any = "file"
    removed: bool = False
    clock: bool = True
    until: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Recorded:
    """A request as it arrived. `endpoint` is a name as for `script`."""

    endpoint: str
    method: str
    path: str
    headers: dict[str, str]
    body: Any


class ReplicateServer:
    """The API on one port and the files on another; both on 127.0.0.1.

    Attributes:
        url: what REPLICATE_BASE_URL is to be.
        token: the only key that is accepted.
        requests: everything that arrived at the API, in order.
        leaks: requests to the file port that carried credentials; there must be none.
        predictions: by id, as the API shows them.
        models: by "owner/name", as the API shows them; tests may change them.
        versions: all versions of each model, the newest first.
    """

    def __init__(self, token: str = TOKEN, port: int = 0) -> None:
        self.token = token
        self.requests: list[Recorded] = []
        self.file_requests: list[Recorded] = []
        self.leaks: list[Recorded] = []
        self.predictions: dict[str, dict[str, Any]] = {}
        self.models = {model["owner"] + "/" + model["name"]: model for model in (_sana(), _sprint())}
        self.versions = {name: [model["latest_version"]] for name, model in self.models.items()}
        self.account: dict[str, Any] = {"type": "user", "username": "painter", "name": "A. Painter", "github_url": ""}
        self._faults: dict[str, deque[Fault]] = {}
        self._plans: deque[Plan] = deque()
        self._default_plan = Plan()
        self._running: dict[str, tuple[Plan, float]] = {}
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._api = _Server(("127.0.0.1", port), _ApiHandler, self)
        self._files = _Server(("127.0.0.1", 0), _FileHandler, self)
        self.url = f"http://127.0.0.1:{self._api.server_port}"
        self.file_url = f"http://127.0.0.1:{self._files.server_port}"

    def __enter__(self) -> ReplicateServer:
        for server in (self._api, self._files):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for server in (self._api, self._files):
            server.shutdown()
            server.server_close()

    def script(self, endpoint: str, *faults: Fault) -> None:
        """What the next requests to "account", "model", "create", "get", "list", "cancel" or "file" will meet."""
        with self._lock:
            self._faults.setdefault(endpoint, deque()).extend(faults)

    def plan(self, **values: Any) -> None:
        """How the next prediction will go (see `Plan`); further calls are for the ones after it."""
        with self._lock:
            self._plans.append(Plan(**values))

    def plan_all(self, **values: Any) -> None:
        """How every prediction goes for which there is no plan of its own."""
        self._default_plan = Plan(**values)

    def paths(self, endpoint: str) -> list[str]:
        """The paths of the requests that one endpoint has had."""
        return [request.path for request in self.requests if request.endpoint == endpoint]

    def inputs(self) -> list[dict[str, Any]]:
        """The inputs of all create requests, in order."""
        return [request.body["input"] for request in self.requests if request.endpoint == "create"]

    # The service itself; the handlers call it.

    def next_fault(self, endpoint: str) -> Fault | None:
        with self._lock:
            faults = self._faults.get(endpoint)
            return faults.popleft() if faults else None

    def wait(self, seconds: float) -> None:
        self._closing.wait(seconds)

    def create(self, body: Any) -> tuple[int, dict[str, Any]]:
        version = str(body.get("version")).rpartition(":")[2]
        name = next((name for name, known in self.versions.items() if version in [v["id"] for v in known]), "")
        model = self.models.get(name)
        if model is None or set(body) - {"version", "input", "webhook", "webhook_events_filter", "stream"}:
            return 422, _problem(422, "Invalid version or not permitted", "The specified version does not exist.")
        wrong = _validate(self.versions[name][0], body.get("input"))
        if wrong:
            fields = [{"type": "invalid", "field": f"input.{name}", "description": text} for name, text in wrong]
            detail = "".join(f"- input.{name}: {text}\n" for name, text in wrong)
            return 422, {**_problem(422, "Input validation failed", detail), "invalid_fields": fields}
        with self._lock:
            plan = self._plans.popleft() if self._plans else self._default_plan
            number = len(self.predictions)
            name = hashlib.sha256(f"{self.url}{number}".encode()).hexdigest()[:26]
            urls = {action: f"{self.url}/v1/predictions/{name}{tail}" for action, tail in _ACTIONS}
            self.predictions[name] = {
                "id": name,
                "model": f"{model['owner']}/{model['name']}",
                "version": version,
                "input": body["input"],
                "logs": "",
                "output": None,
                "data_removed": False,
                "error": None,
                "status": "starting",
                "source": "api",
                "created_at": _timestamp(),
                "urls": urls,
            }
            self._running[name] = (plan, time.monotonic())
            return 201, self.predictions[name]

    def current(self, name: str) -> dict[str, Any] | None:
        """The prediction as it stands now."""
        with self._lock:
            prediction = self.predictions.get(name)
            if prediction is None or name not in self._running:
                return prediction
            plan, began = self._running[name]
            elapsed = time.monotonic() - began - plan.boot
            if elapsed < 0:
                return prediction
            values = prediction["input"]
            steps = int(values.get("num_inference_steps", values.get("inference_steps", 18)))
            done = min(steps, int(steps * elapsed / plan.duration)) if plan.duration else steps
            prediction["status"] = "processing"
            prediction.setdefault("started_at", _timestamp())
            prediction["logs"] = f"Using seed: {values.get('seed')}\n" + "".join(
                f"\r{step * 100 // steps:3d}%|{'█' * (step * 10 // steps):10s}| {step}/{steps} [00:00<00:00, 9.9it/s]"
                for step in range(done + 1)
            )
            if elapsed >= plan.duration and plan.until():
                self._finish(prediction, plan)
                if not plan.clock:
                    del prediction["started_at"], prediction["completed_at"]
            return prediction

    def cancel(self, name: str) -> dict[str, Any] | None:
        with self._lock:
            prediction = self.current(name)
            if prediction is not None and name in self._running:
                self._finish(prediction, Plan(status="canceled", predict_time=self._running[name][0].predict_time))
            return prediction

    def _finish(self, prediction: dict[str, Any], plan: Plan) -> None:
        del self._running[prediction["id"]]
        prediction["status"] = plan.status
        prediction["error"] = plan.error
        prediction["completed_at"] = _timestamp()
        if plan.predict_time is not None:
            prediction["metrics"] = {"predict_time": plan.predict_time, "total_time": plan.predict_time + 0.5}
        if plan.status == "succeeded":
            kind = prediction["input"].get("output_format", "png")
            uri = f"{self.file_url}/xezq/{prediction['id']}/out.{kind}"
            prediction["output"] = uri if plan.output == "file" else plan.output
            if plan.removed:
                prediction.update(output=None, data_removed=True)


_ACTIONS = (("get", ""), ("cancel", "/cancel"), ("web", "/web"))
_ROUTES = (
    ("account", "GET", re.compile(r"/v1/account")),
    ("model", "GET", re.compile(r"/v1/models/([^/]+/[^/]+)")),
    ("versions", "GET", re.compile(r"/v1/models/([^/]+/[^/]+)/versions")),
    ("create", "POST", re.compile(r"/v1/predictions")),
    ("list", "GET", re.compile(r"/v1/predictions")),
    ("get", "GET", re.compile(r"/v1/predictions/([a-z0-9]+)")),
    ("cancel", "POST", re.compile(r"/v1/predictions/([a-z0-9]+)/cancel")),
)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], owner: ReplicateServer) -> None:
        super().__init__(address, handler)
        self.owner = owner

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def answer(self, status: int, body: bytes, headers: dict[str, str], fault: Fault | None) -> None:
        """Send the answer, or what the fault makes of it."""
        if fault is not None:
            if fault.hang:
                self.server.owner.wait(fault.hang)
            if fault.cut == "before":
                return self.cut()
            status = fault.status or status
            if fault.body is not None:
                body = json.dumps(fault.body).encode() if isinstance(fault.body, dict) else fault.body
            headers = {**headers, **fault.headers}
        self.send_response_only(status)  # its own date would be a second one
        headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if fault is not None and fault.cut == "body":
            self.wfile.write(body[: len(body) // 2])
            return self.cut()
        self.wfile.write(body)
        return None

    def cut(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class _ApiHandler(_Handler):
    def do_GET(self) -> None:
        self.handle_api("GET")

    def do_POST(self) -> None:
        self.handle_api("POST")

    def handle_api(self, method: str) -> None:
        owner = self.server.owner
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        endpoint, argument = "unknown", tuple[str, ...]()
        for name, verb, route in _ROUTES:
            if verb == method and (found := route.fullmatch(path)):
                endpoint, argument = name, found.groups()
        body = json.loads(raw) if raw else None
        owner.requests.append(Recorded(endpoint, method, self.path, dict(self.headers), body))
        fault = owner.next_fault(endpoint)
        if fault is None or fault.handled:
            status, answer = self.respond(endpoint, argument, body)
        else:
            status, answer = fault.status or 500, {}
        headers = {"Content-Type": "application/json", "Date": self.date_time_string()}
        self.answer(status, json.dumps(answer).encode(), headers, fault)

    def respond(self, endpoint: str, argument: tuple[str, ...], body: Any) -> tuple[int, Any]:
        owner = self.server.owner
        if self.headers.get("Authorization") != f"Bearer {owner.token}":
            return 401, _problem(401, "Unauthenticated", "You did not pass a valid authentication token")
        found: Any = None
        if endpoint == "account":
            found = owner.account
        elif endpoint == "model":
            found = owner.models.get(argument[0])
        elif endpoint == "versions":
            found = {"next": None, "previous": None, "results": owner.versions.get(argument[0], [])}
        elif endpoint == "create":
            return owner.create(body)
        elif endpoint == "list":
            newest = [owner.current(name) for name in reversed(owner.predictions)]
            found = {"next": None, "previous": None, "results": newest[:100]}
        elif endpoint == "get":
            found = owner.current(argument[0])
        elif endpoint == "cancel":
            found = owner.cancel(argument[0])
        if found is None:
            return 404, _problem(404, "Not found", "The requested resource could not be found.")
        return 200, found


class _FileHandler(_Handler):
    def do_GET(self) -> None:
        owner = self.server.owner
        recorded = Recorded("file", "GET", self.path, dict(self.headers), None)
        owner.file_requests.append(recorded)
        fault = owner.next_fault("file")
        if {"authorization", "cookie"} & {name.lower() for name in self.headers}:
            owner.leaks.append(recorded)
            return self.answer(403, b"credentials do not belong here", {"Content-Type": "text/plain"}, None)
        prediction = owner.predictions.get(self.path.split("/")[-2])
        if prediction is None or prediction["output"] is None:
            return self.answer(404, b"NoSuchKey", {"Content-Type": "application/xml"}, fault)
        kind = self.path.rpartition(".")[2]
        return self.answer(200, picture(prediction["input"], kind), {"Content-Type": f"image/{kind}"}, fault)


def pixels(values: dict[str, Any]) -> np.ndarray:
    """The (height, width, 3) uint8 picture of an input: soft bands, coloured and placed by prompt and seed."""
    width, height = int(values.get("width", 1024)), int(values.get("height", 1024))
    digest = hashlib.sha256(f"{values['prompt']}|{values.get('seed')}".encode()).digest()
    down, across = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    bands = [
        np.sin(across * (1 + digest[i] / 32) + down * (1 + digest[i + 3] / 32) + digest[i + 6] / 20) for i in range(3)
    ]
    return (127.5 + 127.5 * np.stack(bands, axis=-1)).astype(np.uint8)


def picture(values: dict[str, Any], kind: str) -> bytes:
    """The picture's file as "png", "jpg" or "webp"."""
    file = io.BytesIO()
    Image.fromarray(pixels(values)).save(file, {"jpg": "JPEG"}.get(kind, kind.upper()))
    return file.getvalue()


def _validate(version: dict[str, Any], values: Any) -> list[tuple[str, str]]:
    """What is wrong with an input, as (field, sentence)."""
    if not isinstance(values, dict):
        return [("", "input is required")]
    schemas = version["openapi_schema"]["components"]["schemas"]
    wrong = []
    for name, value in values.items():
        rule = schemas["Input"]["properties"].get(name)
        if rule is None:
            wrong.append((name, "Additional property is not allowed"))
            continue
        choices = schemas[name]["enum"] if "allOf" in rule else None
        kinds = {"integer": (int,), "number": (int, float), "string": (str,)}.get(rule.get("type", "string"), (str,))
        if isinstance(value, bool) or not isinstance(value, kinds):
            wrong.append((name, f"Invalid type. Expected: {rule.get('type')}"))
        elif choices is not None and value not in choices:
            wrong.append((name, f"must be one of {choices}"))
        elif "minimum" in rule and value < rule["minimum"]:
            wrong.append((name, f"Must be greater than or equal to {rule['minimum']}"))
        elif "maximum" in rule and value > rule["maximum"]:
            wrong.append((name, f"Must be less than or equal to {rule['maximum']}"))
    return wrong


def _problem(status: int, title: str, detail: str) -> dict[str, Any]:
    return {"title": title, "detail": detail, "status": status}


def _timestamp() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def _sana() -> dict[str, Any]:
    variants = [f"{size}-multilang" for size in ("1600M-1024px", "600M-1024px", "600M-512px")]
    return _model(
        "sana",
        SANA_VERSION,
        {
            "prompt": {"type": "string", "default": 'a cyberpunk cat with a neon sign that says "Sana"'},
            "negative_prompt": {"type": "string", "default": ""},
            "model_variant": {"allOf": [{"$ref": "#/components/schemas/model_variant"}], "default": "1600M-1024px"},
            "width": {"type": "integer", "default": 1024},
            "height": {"type": "integer", "default": 1024},
            "num_inference_steps": {"type": "integer", "default": 18, "minimum": 1},
            "guidance_scale": {"type": "number", "default": 5, "minimum": 1, "maximum": 20},
            "pag_guidance_scale": {"type": "number", "default": 2, "minimum": 1, "maximum": 20},
            "seed": {"type": "integer"},
        },
        {"model_variant": sorted([*variants, "1600M-1024px", "1600M-512px"])},
    )


def _sprint() -> dict[str, Any]:
    return _model(
        "sana-sprint-1.6b",
        SPRINT_VERSION,
        {
            "prompt": {"type": "string", "default": "a tiny astronaut hatching from an egg on the moon"},
            "width": {"type": "integer", "default": 1024, "minimum": 256, "maximum": 4096},
            "height": {"type": "integer", "default": 1024, "minimum": 256, "maximum": 4096},
            "inference_steps": {"type": "integer", "default": 2, "minimum": 1, "maximum": 4},
            "intermediate_timesteps": {"type": "number", "default": 1.3, "minimum": 0.5, "maximum": 1.5},
            "guidance_scale": {"type": "number", "default": 4.5, "minimum": 1, "maximum": 20},
            "seed": {"type": "integer", "default": -1},
            "output_format": {"allOf": [{"$ref": "#/components/schemas/output_format"}], "default": "jpg"},
            "output_quality": {"type": "integer", "default": 80, "minimum": 0, "maximum": 100},
        },
        {"output_format": ["webp", "jpg", "png"]},
    )


def _model(name: str, version: str, properties: dict[str, Any], enums: dict[str, list[str]]) -> dict[str, Any]:
    for order, (field_name, rule) in enumerate(properties.items()):
        rule["x-order"] = order
        if "type" in rule:
            rule["title"] = field_name.replace("_", " ").title()
    schemas: dict[str, Any] = {
        "Input": {"type": "object", "title": "Input", "properties": properties},
        "Output": {"type": "string", "title": "Output", "format": "uri"},
    }
    for field_name, values in enums.items():
        schemas[field_name] = {"enum": values, "type": "string", "title": field_name, "description": "An enumeration."}
    return {
        "url": f"https://replicate.com/nvidia/{name}",
        "owner": "nvidia",
        "name": name,
        "description": "A fast image model",
        "visibility": "public",
        "github_url": "https://github.com/NVlabs/Sana",
        "paper_url": None,
        "license_url": None,
        "run_count": 127500,
        "cover_image_url": None,
        # The real service shows an example here whose status and fields may be newer than any client's types.
        "default_example": {"id": "example", "status": "aborted", "input": {}, "output": None},
        "latest_version": {
            "id": version,
            "created_at": "2025-01-21T12:34:56.000000Z",
            "cog_version": "0.13.6",
            "openapi_schema": {
                "openapi": "3.0.2",
                "info": {"title": "Cog", "version": "0.1.0"},
                "components": {"schemas": schemas},
            },
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for Replicate on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a prediction takes")
    arguments = parser.parse_args()
    with ReplicateServer(arguments.token, arguments.port) as server:
        server.plan_all(duration=arguments.seconds)
        print(f"REPLICATE_BASE_URL={server.url} REPLICATE_API_TOKEN={server.token}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
