"""What is often taken for a model: LoRAs and ControlNets are called by their names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from pathlib import Path

from app.core.errors import UserError
from app.core.message import message
from app.library.models.checkpoint import origin
from app.library.models.weights.header import read_header
from app.library.models.weights.tensors import plain_name

CONTROLNET = "SanaControlNetModel"
ADAPTER = "adapter_config.json"
"""What peft writes beside a LoRA."""

_LORA = re.compile(
    r"(^|[._])(lora_[AB]|lora_down|lora_up|lora\.(down|up)|hada_w[12]_[ab]|lokr_w[12]\w*|dora_scale)(\.|$)"
)
_CONTROLNET = ("controlnet_blocks.", "input_block.", "control_model.", "controlnet.")
_OTHER = message("Choose the model that it was made for.")
_ADDED = message("Choose the model that it was made for, and add the LoRA to that.")


def check_file(path: Path, keys: Iterable[str]) -> None:
    """Raises UserError where the names of a file's tensors are those of a LoRA or a ControlNet."""
    keys = list(keys)
    if any(_LORA.search(key) for key in keys):
        raise UserError(
            message("{path} is a LoRA: it changes a model and makes no pictures by itself.", path=path), _ADDED
        )
    if any(plain_name(key).startswith(_CONTROLNET) for key in keys):
        raise _controlnet(path)


def check_folder(folder: Path) -> None:
    """Raises UserError where a folder without a whole model holds a LoRA or a ControlNet."""
    if origin.config_of(folder).get("_class_name") == CONTROLNET:
        raise _controlnet(folder)
    if (folder / ADAPTER).exists():
        raise UserError(
            message("{folder} holds a LoRA: it changes a model and makes no pictures by itself.", folder=folder), _ADDED
        )
    for path in itertools.islice(sorted(folder.glob("*.safetensors")), 8):
        check_file(path, read_header(path).tensors)


def _controlnet(path: Path) -> UserError:
    return UserError(
        message("{path} is a ControlNet: it guides a model and makes no pictures by itself.", path=path), _OTHER
    )
