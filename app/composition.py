"""The composition root: which settings, models and backends the window, the command line and the worker share."""

from __future__ import annotations

import os

from app.backends.base import Backend
from app.backends.cloud.endpoints import POSSIBLE, EndpointBackend, follow
from app.backends.cloud.replicate import ReplicateBackend
from app.backends.comfyui.address import headers_secret
from app.backends.comfyui.backend import ComfyUIBackend
from app.backends.local.flux import FluxBackend
from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.backends.registry import Registry
from app.engine.session import Session
from app.engine.worker_process import WorkerProcess
from app.library import logs, paths, secrets
from app.library.endpoints import Endpoints
from app.library.models.store import Models
from app.library.pictures.gallery import Gallery
from app.library.settings import Settings
from app.library.spending import Ledger

# Nothing leaves the machine unasked: diffusers and transformers import the hub's client on their own.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


def open_session(*, in_window: bool = False) -> Session:
    """The parts. In a window nothing may wait for the keychain; who makes one asks it beforehand, in a thread."""
    settings = Settings()
    models = Models(settings, token=lambda: secrets.get("huggingface").value)
    ledger = Ledger()
    cloud = ReplicateBackend(
        token=lambda: secrets.get(ReplicateBackend.account.secret).value,
        cached_token=(lambda: secrets.cached(ReplicateBackend.account.secret).value) if in_window else None,
        settings=settings,
        ledger=ledger,
    )
    comfyui = ComfyUIBackend(settings, headers=lambda address: secrets.get(headers_secret(address)).value)
    registry = Registry({**_local(models, settings), comfyui.id: comfyui, cloud.id: cloud}, settings, (POSSIBLE,))
    endpoints = Endpoints(reserved=tuple(registry.backends))
    follow(endpoints, registry, lambda each: EndpointBackend(each, settings, ledger, in_window=in_window))
    gallery = Gallery(settings.pictures_folder(), paths.index_file(), bool(settings.get("show_subfolders")))
    patience = {backend.id: backend.cancel_seconds for backend in registry.backends.values()}
    worker = WorkerProcess(patience=patience)
    return Session(settings, models, registry, ledger, gallery, worker, in_process=not in_window, endpoints=endpoints)


def local_backends() -> dict[str, Backend]:
    """What the worker process hosts; named by `engine.worker_process.LOCAL_BACKENDS`."""
    logs.set_up("worker")
    settings = Settings()
    secrets.declare(ReplicateBackend.account.secret, ReplicateBackend.account.variable)
    Endpoints()  # logs must not show their keys, nor this one
    return _local(Models(settings), settings)


def _local(models: Models, settings: Settings) -> dict[str, Backend]:
    backends: tuple[Backend, ...] = (
        MLXBackend(models, settings), FluxBackend(models, settings), TorchBackend(models, settings),
    )  # fmt: skip
    return {backend.id: backend for backend in backends}
