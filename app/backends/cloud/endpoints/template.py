"""What a worker takes, as its user wrote it: a JSON object with holes such as "{{prompt}}" in its texts.

A text that is a hole alone becomes what goes there, a number for example; a hole within a text becomes words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.core.message import NOTHING, Message, message, series
from app.library.endpoint import HOLE, Kind

HOLES = (
    "prompt", "negative", "width", "height", "steps", "guidance", "seed", "model", "init_image", "mask", "strength",
)  # fmt: skip
"""What is filled in."""

COMFYUI_CHECKPOINT = "sd_xl_base_1.0.safetensors"
"""What the ready-made template loads where its endpoint names no model; worker-comfyui has an image with it."""
COMFYUI = json.dumps(
    {
        "workflow": {
            "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "{{model}}"}},
            "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "{{prompt}}", "clip": ["1", 1]}},
            "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "{{negative}}", "clip": ["1", 1]}},
            "4": {
                "class_type": "EmptyLatentImage",
                "inputs": {"width": "{{width}}", "height": "{{height}}", "batch_size": 1},
            },
            "5": {
                "class_type": "KSampler",
                "inputs": {
                    "model": ["1", 0], "positive": ["2", 0], "negative": ["3", 0], "latent_image": ["4", 0],
                    "seed": "{{seed}}", "steps": "{{steps}}", "cfg": "{{guidance}}", "sampler_name": "euler",
                    "scheduler": "normal", "denoise": 1.0,
                },
            },
            "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
            "7": {"class_type": "SaveImage", "inputs": {"images": ["6", 0], "filename_prefix": "sana-studio"}},
        }
    },
    indent=1,
)  # fmt: skip
"""For worker-comfyui: a workflow in API format, for a plain checkpoint."""
PRESETS = {Kind.RUNPOD: COMFYUI}
"""The ready-made templates of the kinds that take one."""


def holes(template: str) -> frozenset[str]:
    """The names of the holes in a template."""
    return frozenset(HOLE.findall(template))


def doubts(template: str) -> Message:
    """What is odd about a template: holes that nothing goes into."""
    unknown = sorted(holes(template) - set(HOLES))
    if not unknown:
        return NOTHING
    named = series([f"{{{{{name}}}}}" for name in unknown])
    return message("Nothing goes into {unknown}. What is filled in: {known}.", unknown=named, known=series(HOLES))


def filled(template: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The object with the values in its holes; a hole without one stays as it is."""
    found = _filled(json.loads(template), values)
    assert isinstance(found, dict), "templates are checked when they are kept"
    return found


def _filled(part: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    if not isinstance(part, str):
        return part
    alone = HOLE.fullmatch(part.strip())
    if alone is not None and alone[1] in values:
        return values[alone[1]]
    return HOLE.sub(lambda hole: str(values[hole[1]]) if hole[1] in values else hole[0], part)
