"""Sample pictures and the model card of the bundled checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from diffusers import SanaPipeline
from evaluate import GUIDANCE, STEPS, generate
from export import EXAMPLES
from PIL import Image
from tokenizer import MAX_TOKENS

SAMPLE_SEED = 7
COLUMNS = 4
TEMPLATE = Path(__file__).with_name("card.md")
SHOWN = {
    "colour": "colour of the subject",
    "subject": "subject",
    "place": "place",
    "time": "time of day",
    "position": "position of the subject",
    "orb": "side of the sun or moon",
    "clouds": "clouds or none",
    "rainbow": "rainbow or none",
}


def write_samples(target: Path, pipeline: SanaPipeline) -> None:
    """samples.jpg: the first eight example prompts, in rows of four."""
    pictures = generate(pipeline, list(EXAMPLES[: 2 * COLUMNS]), seed=SAMPLE_SEED)
    rows = [np.concatenate(list(pictures[k : k + COLUMNS]), axis=1) for k in (0, COLUMNS)]
    Image.fromarray(np.concatenate(rows)).save(target / "samples.jpg", quality=92, subsampling=0)


def write_card(target: Path, figures: dict[str, Any], reconstruction: float, trained: dict[str, str]) -> None:
    """README.md from the template, with the measured figures in it."""
    rows = [
        f"| {label} | {figures['en'][name]:.1%} | {figures['zh'][name]:.1%} | {figures['reader'][name]:.1%} |"
        for name, label in SHOWN.items()
    ]
    examples = [f"{k + 1}. {prompt}" for k, prompt in enumerate(EXAMPLES[: 2 * COLUMNS])]
    fields = {
        "STEPS": STEPS,
        "GUIDANCE": GUIDANCE,
        "MAX_TOKENS": MAX_TOKENS,
        "COUNT": figures["captions_per_language"],
        "TABLE": "\n".join(rows),
        "ERROR": f"{reconstruction:.4f}",
        "EXAMPLES": "\n".join(examples),
        **trained,
    }
    text = TEMPLATE.read_text()
    for name, value in fields.items():
        text = text.replace(f"@{name}@", str(value))
    (target / "README.md").write_text(text)
