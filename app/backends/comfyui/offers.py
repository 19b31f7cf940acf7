"""What a server has: its version, what it computes on, and the recipes that can be made there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.backends.comfyui import sana
from app.backends.comfyui.checkpoints import Checkpoint
from app.backends.comfyui.recipe import Recipe
from app.backends.comfyui.server import Refused, Server, Unanswered
from app.core.message import message

OLDEST = (0, 3, 57)
"""The first version that interrupts a job by its id: an older one stops whatever runs, whoever it belongs to."""
_PREVIEWS = (0, 4)
"""From this version on a job can ask for previews; before, only who starts the server can."""
_MOST = 2000
"""Files of a folder that are listed."""


class TooOld(Exception):  # noqa: N818
    """The server's version is older than `OLDEST`."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True, slots=True)
class Offers:
    """What a server has. `device` is as it says: "cpu", "mps", "cuda"; `gpu` its name there."""

    version: str
    device: str
    gpu: str
    recipes: tuple[Recipe, ...]


def ask(server: Server) -> Offers:
    """Raises Refused, Unanswered, TooOld."""
    system = server.get("/system_stats")
    try:
        version, devices = str(system["system"]["comfyui_version"]), system["devices"]
        first = devices[0] if devices else {"type": "cpu", "name": "cpu"}
        device, gpu = str(first["type"]), str(first.get("name", ""))
    except (KeyError, TypeError, IndexError, AttributeError):
        if isinstance(system, Mapping) and isinstance(system.get("system"), Mapping):
            raise TooOld("") from None  # it said its version from 0.2 on
        raise Unanswered(message("its answer cannot be understood"), strange=True) from None
    if _numbers(version) < OLDEST:
        raise TooOld(version)
    previews = _numbers(version) >= _PREVIEWS or _started_with_previews(system["system"].get("argv"))
    files = _folder(server, "checkpoints")
    of_sana = [file for file in files if sana.is_file(file)]
    plain = [Checkpoint(file, previews) for file in files if file not in of_sana]
    return Offers(version, device, gpu, (*_sanas(server, device, of_sana), *plain))


def _sanas(server: Server, device: str, files: Sequence[str]) -> Sequence[Recipe]:
    """The presets on the server's disk, and the files of SANA's among its checkpoints. Without the pack those are there
    too: who chooses one is told what is missing.
    """
    node = server.nodes(sana.LOADER).get(sana.LOADER)
    if node is None:
        return [sana.SanaModel(file, sana.architecture_of(file, ()), device=device) for file in files]
    vaes = _folder(server, "vae")
    presets = [
        sana.SanaModel(preset, device=device, complete=_has_autoencoder(vaes))
        for preset in sana.on_disk(_folder(server, "sana"))
        if preset in choices(node, "ckpt_name")
    ]
    return (*presets, *(_sana_file(server, file, node, vaes, device) for file in files))


def _sana_file(server: Server, file: str, node: Any, vaes: Sequence[str], device: str) -> Recipe:
    types = choices(server.nodes("ExtraVAELoader").get("ExtraVAELoader"), "vae_type")
    architecture = sana.architecture_of(file, choices(node, "model"))
    own = next((vae for vae in vaes if re.search(r"dc-?ae|sana", vae.lower()) and not vae.startswith("models--")), None)
    if own is None or _has_autoencoder(vaes):
        return sana.SanaModel(file, architecture, device=device, complete=_has_autoencoder(vaes))
    return sana.SanaModel(file, architecture, own, sana.vae_type_of(own, types), device)


def _has_autoencoder(vaes: Sequence[str]) -> bool:
    return any(vae.replace("\\", "/").startswith(sana.VAE_FOLDER) for vae in vaes)


def _started_with_previews(command: Any) -> bool:
    words = " ".join(map(str, command)) if isinstance(command, list) else ""
    return re.search(r"--preview-method[ =](?!none)", words) is not None


def choices(node: Any, name: str) -> list[str]:
    """The values of a node's input that is one of several; empty where it is another kind. Newer servers write
    ["COMBO", {"options": [...]}], older ones [[...], {...}].
    """
    try:
        inputs = node["input"]
        rule = {**inputs.get("optional", {}), **inputs.get("required", {})}[name]
        values = rule[1]["options"] if rule[0] == "COMBO" else rule[0]
    except (KeyError, TypeError, IndexError, AttributeError):
        return []
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _folder(server: Server, name: str) -> list[str]:
    """The files in one of the server's folders for models; empty where it has no such folder."""
    try:
        files = server.get(f"/models/{name}")
    except Refused as error:
        if error.status == 404:
            return []
        raise
    return [file for file in files if isinstance(file, str)][:_MOST] if isinstance(files, list) else []


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
