"""Measures the starter model: generates captions of held-out combinations and reads back what the pictures show."""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from captions import full_caption
from diffusers import SanaPipeline
from reader import Reader, agreement, load_reader, validate
from scenes import SIDE, Scene, sample_split
from tokenizer import MAX_TOKENS
from training import best_device

STEPS, GUIDANCE = 20, 2.0  # recommended for this model
BATCH = 16


def load_pipeline(folder: Path) -> SanaPipeline:
    pipeline = SanaPipeline.from_pretrained(folder, torch_dtype=torch.float32, local_files_only=True).to(best_device())
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def generate(
    pipeline: SanaPipeline, prompts: list[str], seed: int, steps: int = STEPS, guidance: float = GUIDANCE
) -> np.ndarray:
    """Pictures of the prompts, uint8 [n, SIDE, SIDE, 3]. Every picture has a seed of its own."""
    batches = []
    for start in range(0, len(prompts), BATCH):
        batch = prompts[start : start + BATCH]
        generators = [torch.Generator().manual_seed(seed + start + k) for k in range(len(batch))]
        pictures = pipeline(
            batch,
            complex_human_instruction=None,
            max_sequence_length=MAX_TOKENS,
            use_resolution_binning=False,
            height=SIDE,
            width=SIDE,
            num_inference_steps=steps,
            guidance_scale=guidance,
            generator=generators,
            output_type="np",
        ).images
        batches.append((pictures * 255).round().astype(np.uint8))
    return np.concatenate(batches)


def held_out_scenes(count: int) -> list[Scene]:
    """Scenes of combinations that training never saw, each with a sun or moon so that every caption names two sides."""
    rng = random.Random("held-out captions")
    return [replace(sample_split(rng, held_out=True), orb=rng.choice(("left", "right"))) for _ in range(count)]


def measure(
    pipeline: SanaPipeline, reader: Reader, count: int, language: str, steps: int, guidance: float
) -> dict[str, float]:
    """Share of held-out captions in which each attribute came out right."""
    scenes = held_out_scenes(count)
    pictures = generate(pipeline, [full_caption(scene, language) for scene in scenes], 1000, steps, guidance)
    return agreement(scenes, reader.read(pictures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--count", type=int, default=160, help="captions per language")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    parser.add_argument("--output", type=Path, help="write the figures to this JSON file")
    options = parser.parse_args()
    pipeline = load_pipeline(options.model)
    reader = load_reader()
    figures = {"captions_per_language": options.count, "steps": options.steps, "guidance": options.guidance}
    figures["reader"] = validate(reader, 1000)
    for language in ("en", "zh"):
        figures[language] = measure(pipeline, reader, options.count, language, options.steps, options.guidance)
    print(json.dumps(figures, indent=2))
    if options.output:
        options.output.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
