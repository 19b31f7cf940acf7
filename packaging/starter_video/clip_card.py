"""Sample clips and the model card of the bundled checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from clip_captions import full_caption
from clip_evaluate import GUIDANCE, STEPS, generate, start_pictures
from clip_export import EXAMPLES
from diffusers import SanaVideoPipeline
from motion_reader import LOOKS
from motions import FPS, FRAMES, SIDE, Clip
from PIL import Image
from scenes import Scene
from tokenizer import MAX_TOKENS

SAMPLE_SEED = 7
TEMPLATE = Path(__file__).with_name("card.md")
STARTED = (
    Clip(Scene("green", "sailboat", "lake", "noon", "left", clouds=True), "right"),
    Clip(Scene("red", "hot air balloon", "hills", "sunset", "right", orb="left"), "left"),
    Clip(Scene("yellow", "house", "snow", "dawn", "center", orb="right"), "sets"),
    Clip(Scene("blue", "windmill", "flower field", "noon", "center"), "turns"),
)
"""The clips of the samples that begin with a picture."""
SHOWN = {
    "motion": "what moves, and where",
    "moving": "the same, of the clips in which something is to move",
    "subject": "subject",
    "colour": "colour of the subject",
    "place": "place",
    "time": "time of day",
    "position": "position of the subject at first",
}


def write_samples(target: Path, pipeline: SanaVideoPipeline) -> None:
    """samples.jpg: five frames of each clip in a row, two clips beside each other; first those from text."""
    from_text = generate(pipeline, list(EXAMPLES), SAMPLE_SEED)
    started = generate(
        pipeline,
        [full_caption(clip, "en") for clip in STARTED],
        SAMPLE_SEED,
        start_pictures(list(STARTED), SAMPLE_SEED),
    )
    clips = np.concatenate([from_text, started])
    strips = [np.concatenate(list(clip[list(LOOKS)]), axis=1) for clip in clips]
    rows = [np.concatenate(strips[k : k + 2], axis=1) for k in range(0, len(strips), 2)]
    Image.fromarray(np.concatenate(rows)).save(target / "samples.jpg", quality=90, subsampling=0)


def write_card(target: Path, figures: dict[str, Any], reconstruction: float, training: str) -> None:
    """README.md from the template, with the measured figures in it."""
    columns = ("en", "zh", "picture", "drawn")
    rows = [
        f"| {label} | " + " | ".join(f"{figures[column][name]:.1%}" for column in columns) + " |"
        for name, label in SHOWN.items()
    ]
    fields = {
        "SIDE": SIDE,
        "FRAMES": FRAMES,
        "FPS": FPS,
        "STEPS": STEPS,
        "GUIDANCE": GUIDANCE,
        "MAX_TOKENS": MAX_TOKENS,
        "FIRST": EXAMPLES[0],
        "COUNT": figures["captions"],
        "TABLE": "\n".join(rows),
        "ERROR": f"{reconstruction:.4f}",
        "EXAMPLES": "\n".join(f"{k + 1}. {prompt}" for k, prompt in enumerate(EXAMPLES)),
        "STARTED": "\n".join(f"{k + 1}. {full_caption(clip, 'en')}" for k, clip in enumerate(STARTED)),
        "TRAINING": training,
    }
    text = TEMPLATE.read_text()
    for name, value in fields.items():
        text = text.replace(f"@{name}@", str(value))
    (target / "README.md").write_text(text)
