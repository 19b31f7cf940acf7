"""A ControlNet on disk, in the layout of diffusers' `SanaControlNetModel`: what it is, and which models it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.message import Message, message, plain
from app.library.models.checkpoint import origin
from app.library.models.checkpoint.checkpoint import Checkpoint, family_of
from app.library.models.checkpoint.configs import count, read_controlnet_config
from app.library.models.hub import hub_cache
from app.library.models.weights.weights import CONTROLNET, Weights, find_weights

_OTHER = message("Choose the folder of a ControlNet in diffusers layout, or one of a pipeline with controlnet/ in it.")
_SIZES = ("in_channels", "num_attention_heads", "attention_head_dim", "caption_channels", "patch_size")
"""What it has to have in common with a model."""
_FAMILIES = {"sana": "Sana 1.0", "sana-1.5": "SANA-1.5", "sana-sprint": "SANA-Sprint"}


@dataclass(frozen=True, slots=True)
class ControlNet:
    """A whole ControlNet.

    Attributes:
        folder: where its config.json is.
        name: display name.
        config: its config.json.
        family: of the models that it was made for. The layout has no norms of queries and keys, so it is "sana" unless
            its config.json names another model as its `base_model`.
        stamp: each weight file's size and time of change in ns.
    """

    folder: Path
    name: str
    config: Mapping[str, Any]
    weights: Weights = field(repr=False)
    family: str = "sana"
    stamp: tuple[tuple[int, int], ...] = ()


def open_controlnet(path: Path, name: str = "") -> ControlNet:
    """Read and check a ControlNet.

    Args:
        path: its folder, or that of a pipeline with controlnet/ in it, or a repository's folder in the hub's cache.
        name: what it is called; empty for the folder's name.

    Raises:
        UserError: something is missing, truncated, pickled, or another kind of model; it names the file.
    """
    folder = _folder(path)
    config = read_controlnet_config(folder)
    for key in _SIZES:
        count(folder / "config.json", config, key)
    top = folder.parent if folder.name == CONTROLNET else folder
    weights = find_weights(folder, CONTROLNET)
    stamp = tuple((status.st_size, status.st_mtime_ns) for status in (path.stat() for path in weights.files))
    return ControlNet(folder, name or origin.folder_name(top), config, weights, _family(folder), stamp)


def fits(controlnet: ControlNet, checkpoint: Checkpoint) -> bool:
    """Whether a ControlNet was made for such a model."""
    control, model = controlnet.config, checkpoint.transformer
    alike = all(control[key] == model.get(key) for key in _SIZES)
    return alike and control["num_layers"] <= model["num_layers"] and controlnet.family == checkpoint.family


def check_fits(controlnet: ControlNet, checkpoint: Checkpoint) -> None:
    """Raises UserError where a ControlNet was made for another model; it says for which."""
    control, model = controlnet.config, checkpoint.transformer
    if fits(controlnet, checkpoint):
        return
    raise UserError(
        message(
            "The ControlNet “{name}” does not fit “{model}”: it was made for {wanted}, and this is {found}.",
            name=controlnet.name,
            model=checkpoint.name,
            wanted=_described(control, controlnet.family, message("at least {n}", n=control["num_layers"])),
            found=_described(model, family_of(model), plain(str(model["num_layers"]))),
        ),
        message("Choose the model that it was made for, or another ControlNet."),
    )


def _described(config: Mapping[str, Any], family: str, blocks: Message) -> Message:
    return message(
        "{family} with {blocks} blocks, {width} wide in {heads} heads, for {latents} latent channels in patches of "
        "{patch} and {caption} channels of the prompt",
        family=_FAMILIES[family],
        blocks=blocks,
        width=config["num_attention_heads"] * config["attention_head_dim"],
        heads=config["num_attention_heads"],
        latents=config["in_channels"],
        patch=config["patch_size"],
        caption=config["caption_channels"],
    )


def _family(folder: Path) -> str:
    named = origin.config_of(folder).get("base_model")
    specs = origin.catalog()
    found = origin.named([str(named)], {id: origin.names_of(spec) for id, spec in specs.items()}) if named else []
    return specs[found[0]].family if found else "sana"


def _folder(path: Path) -> Path:
    """Where the config.json of a ControlNet is."""
    if path.is_file():
        raise UserError(message("{path} is a file, not the folder of a ControlNet.", path=path), _OTHER)
    if not path.is_dir():
        raise UserError(message("There is no folder {path}.", path=path), _OTHER)
    for folder in (path, *hub_cache.snapshots_in(path)):
        for place in (folder / CONTROLNET, folder):
            if origin.config_of(place).get("_class_name") == "SanaControlNetModel":
                return place
        if (folder / CONTROLNET).is_dir():
            return folder / CONTROLNET
    if (path / "config.json").exists():
        return path  # what it is instead is said when it is read
    raise UserError(message("There is no ControlNet in {path}.", path=path), _OTHER)
