"""Turns the trained pipeline into the bundled checkpoint: half precision, the preview map and the list of what the
model knows.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from captions import SUBJECT_ZH, lexicon
from diffusers import AutoencoderDC, DiffusionPipeline, SanaPipeline
from scenes import COLOURS, PLACES, POSITIONS, SIDE, SUBJECTS, TIMES
from tokenizer import build_tokenizer
from transformers import PreTrainedTokenizerFast

EXAMPLES = (
    "a red sailboat on the left on the sea at sunset, a sun on the right",
    "日落时海上的一艘红色帆船，在右边，太阳在左边",
    "a blue hot air balloon on the right over the mountains at dawn, a sun on the left",
    "a white lighthouse in the center by the sea at night, a moon on the left",
    "an orange tent on the left by the lake at night, a moon on the right",
    "a pink castle in the center in green hills at noon, a rainbow",
    "正午雪地里的一座紫色房子，在左边，太阳在右边",
    "a yellow car on the right in the city at sunset, clouds",
    "夜晚森林里的一个红色蘑菇，在中间，月亮在左边",
    "a green rocket on the left over the desert at noon, a sun on the right",
)
PREVIEW_PICTURES = 480


def export_half(source: Path, target: Path) -> None:
    """Write the full-precision pipeline in `source` to `target` in float16."""
    pipeline = SanaPipeline.from_pretrained(source, torch_dtype=torch.float16, local_files_only=True)
    save_bundled(pipeline, target, build_tokenizer())


def save_bundled(pipeline: DiffusionPipeline, target: Path, tokenizer: PreTrainedTokenizerFast) -> None:
    """Write a pipeline to `target` as the app bundles it.

    Args:
        tokenizer: a new one, without the padding of the last batch that the pipeline's own saw.
    """
    for name in ("scheduler", "text_encoder", "tokenizer", "transformer", "vae"):
        shutil.rmtree(target / name, ignore_errors=True)
    pipeline.tokenizer = tokenizer
    pipeline.save_pretrained(target)
    for path in target.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
    for config in target.rglob("*.json"):
        values = json.loads(config.read_text())
        if isinstance(values, dict) and values.pop("_name_or_path", None):  # a path of this machine
            config.write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n")


@torch.no_grad()
def fit_preview(latents: np.ndarray, scaling: float, pictures: np.ndarray) -> dict[str, list]:
    """The linear map from scaled latents to colours that shows a picture while it is being generated, by least squares.

    Latents are float16 [n, 32, 16, 16], unscaled; pictures uint8 [n, SIDE, SIDE, 3]. The colours are 0..1, the
    mean of each latent's patch of the picture.
    """
    n, channels, side, _ = latents.shape
    inputs = latents.astype(np.float64).transpose(0, 2, 3, 1).reshape(-1, channels) * scaling
    inputs = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    patch = SIDE // side
    colours = pictures.reshape(n, side, patch, side, patch, 3).mean((2, 4)).reshape(-1, 3) / 255
    solution, *_ = np.linalg.lstsq(inputs, colours, rcond=None)
    return {"weight": solution[:channels].round(6).tolist(), "bias": solution[channels].round(6).tolist()}


def write_preview(target: Path, latents: np.ndarray, pictures: np.ndarray) -> None:
    """preview.json: {"weight": 32 x 3, "bias": 3}."""
    scaling = AutoencoderDC.load_config(target / "vae")["scaling_factor"]
    preview = fit_preview(latents[:PREVIEW_PICTURES], scaling, pictures[:PREVIEW_PICTURES])
    (target / "preview.json").write_text(json.dumps(preview) + "\n")


def write_vocabulary(target: Path) -> None:
    """vocabulary.json: what can be asked of the model, all words of its captions, and prompts that show it.

    `words` and `subjects_by_language` are what the app reads; see app/library/models/vocabulary.py.
    """
    chinese = [name for name, _ in SUBJECT_ZH.values()]
    vocabulary = {
        "colours": list(COLOURS),
        "subjects": list(SUBJECTS),
        "places": list(PLACES),
        "times": list(TIMES),
        "positions": list(POSITIONS),
        "extras": ["sun on the left", "sun on the right", "moon on the left", "moon on the right", "clouds", "rainbow"],
        "languages": ["en", "zh"],
        "subjects_by_language": {"en": list(SUBJECTS), "zh": chinese},
        "words": sorted({word for word in lexicon() if word.isalpha()}),
        "examples": list(EXAMPLES),
    }
    (target / "vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=False, indent=2) + "\n")
