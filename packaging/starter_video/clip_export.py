"""Turns the trained parts into the bundled checkpoint: half precision, and the list of what the model knows."""

from __future__ import annotations

import json
from pathlib import Path

import captions
import clip_captions
import torch
from captions import SUBJECT_ZH
from diffusers import AutoencoderKLLTX2Video, SanaVideoPipeline
from export import save_bundled
from motions import MOTIONS, ORB_MOTIONS
from scenes import COLOURS, PLACES, SUBJECTS, TIMES
from tokenizer import build_tokenizer

EXAMPLES = (
    "a red sailboat on the right on the sea at sunset, sailing to the left",
    "a blue hot air balloon rises over the mountains at dawn",
    "a white lighthouse in the center by the sea at sunset, the sun sets on the left",
    "一辆黄色汽车在左边，城市里，中午，向右行驶",
    "a purple castle in the center in green hills at night, the moon rises on the right",
    "an orange rocket takes off over the desert at night",
)


def export_half(source: Path, vae: Path, target: Path) -> None:
    """Write the full-precision pipeline in `source`, with the decoder of `vae`, to `target` in float16."""
    pipeline = SanaVideoPipeline.from_pretrained(source, torch_dtype=torch.float16, local_files_only=True)
    decoder = AutoencoderKLLTX2Video.from_pretrained(vae, torch_dtype=torch.float16, local_files_only=True).decoder
    pipeline.vae.decoder.load_state_dict(decoder.state_dict())
    save_bundled(pipeline, target, build_tokenizer(clip_captions.words()))


def write_vocabulary(target: Path) -> None:
    """vocabulary.json: what can be asked of the model, all words of its captions, and prompts that show it.

    `words` and `subjects_by_language` are what the app reads; see app/library/models/vocabulary.py.
    """
    words = {word for word in (*captions.lexicon(), *clip_captions.words()) if word.isalpha()}
    vocabulary = {
        "colours": list(COLOURS),
        "subjects": list(SUBJECTS),
        "places": list(PLACES),
        "times": list(TIMES),
        "motions": {**{subject: list(motions) for subject, motions in MOTIONS.items()}, "sun, moon": list(ORB_MOTIONS)},
        "languages": ["en", "zh"],
        "subjects_by_language": {"en": list(SUBJECTS), "zh": [name for name, _ in SUBJECT_ZH.values()]},
        "words": sorted(words),
        "examples": list(EXAMPLES),
    }
    (target / "vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=False, indent=2) + "\n")
