"""Measures the starter model for video: generates held-out captions, from text and from the picture model's pictures,
and reads back what moves where, and what the first frame shows.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import captions
import evaluate
import numpy as np
import torch
from clip_captions import full_caption
from diffusers import FlowMatchEulerDiscreteScheduler, SanaImageToVideoPipeline, SanaVideoPipeline
from motion_reader import agreement, draw_held_out, load_motion_reader
from motions import FRAMES, SIDE, Clip, sample_split
from PIL import Image
from reader import load_reader
from scenes import SIDE as PICTURE_SIDE
from scenes import Scene
from tokenizer import MAX_TOKENS
from training import best_device

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "resources" / "starter"
STEPS, GUIDANCE = 20, 2.5  # recommended for this model
BATCH = 8
READ = ("motion", "subject", "colour", "place", "time", "position")


def load_pipeline(folder: Path) -> SanaVideoPipeline:
    pipeline = SanaVideoPipeline.from_pretrained(folder, torch_dtype=torch.float32, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(best_device())


def with_start(pipeline: SanaVideoPipeline) -> SanaImageToVideoPipeline:
    """Picture to video with the same parts; its solver is Euler, as for the large models."""
    scheduler = FlowMatchEulerDiscreteScheduler(shift=pipeline.scheduler.config.flow_shift)
    parts = {name: part for name, part in pipeline.components.items() if name != "scheduler"}
    started = SanaImageToVideoPipeline(scheduler=scheduler, **parts)
    started.set_progress_bar_config(disable=True)
    return started


def generate(
    pipeline: SanaVideoPipeline,
    prompts: list[str],
    seed: int,
    starts: list[Image.Image] | None = None,
    steps: int = STEPS,
    guidance: float = GUIDANCE,
) -> np.ndarray:
    """Clips of the prompts, uint8 [n, FRAMES, SIDE, SIDE, 3], of which `starts` are the first frames if given.

    Every clip has a seed of its own.
    """
    settings = {
        "complex_human_instruction": None,
        "max_sequence_length": MAX_TOKENS,
        "use_resolution_binning": False,
        "height": SIDE,
        "width": SIDE,
        "frames": FRAMES,
        "num_inference_steps": steps,
        "guidance_scale": guidance,
        "output_type": "np",
    }
    found = []
    if starts is None:
        for start in range(0, len(prompts), BATCH):
            batch = prompts[start : start + BATCH]
            generators = [torch.Generator().manual_seed(seed + start + k) for k in range(len(batch))]
            found.append(pipeline(batch, generator=generators, **settings).frames)
    else:
        started = with_start(pipeline)
        for k, (prompt, picture) in enumerate(zip(prompts, starts, strict=True)):
            generator = torch.Generator().manual_seed(seed + k)
            found.append(started(picture, prompt, generator=generator, **settings).frames)
    return (np.concatenate(found) * 255).round().astype(np.uint8)


def start_scene(clip: Clip) -> Scene:
    """What the start picture shows: no sun yet where one is to rise."""
    return replace(clip.scene, orb=None) if clip.motion == "rises" else clip.scene


def start_pictures(clips: list[Clip], seed: int) -> list[Image.Image]:
    """The picture model's own pictures of the clips' first frames, as small as a clip."""
    pipeline = evaluate.load_pipeline(STARTER)
    pictures = evaluate.generate(pipeline, [captions.full_caption(start_scene(clip), "en") for clip in clips], seed)
    return [Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.LANCZOS) for picture in pictures]


def read_scenes(frames: np.ndarray) -> list[Scene]:
    """What frames, uint8 [n, SIDE, SIDE, 3], show to the picture model's reader."""
    size = (PICTURE_SIDE, PICTURE_SIDE)
    large = [np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BICUBIC)) for frame in frames]
    return load_reader().read(np.stack(large))


def shares(clips: list[Clip], frames: np.ndarray) -> dict[str, float]:
    """The share of clips in which the motion, and everything in the middle frame but the motion, is as wanted.

    The middle frame, because it is generated for picture to video too. Of where the subject stands the first frame
    tells: later it has moved on.
    """
    moved = load_motion_reader().read(frames)
    middle, first = read_scenes(frames[:, FRAMES // 2]), read_scenes(frames[:, 0])
    found = {"motion": agreement([clip.motion for clip in clips], moved)}
    for name in READ[1:]:
        seen = first if name == "position" else middle
        wanted = [getattr(clip.scene, name) for clip in clips]
        found[name] = agreement(wanted, [getattr(scene, name) for scene in seen])
    moving = [k for k, clip in enumerate(clips) if clip.motion]
    found["moving"] = agreement([clips[k].motion for k in moving], [moved[k] for k in moving])
    return found


def held_out_clips(count: int) -> list[Clip]:
    """Clips of combinations that training never saw."""
    rng = random.Random("held-out clip captions")
    return [sample_split(rng, held_out=True) for _ in range(count)]


def measure(pipeline: SanaVideoPipeline, count: int, steps: int = STEPS, guidance: float = GUIDANCE) -> dict:
    """From text in both languages, and from the picture model's pictures; and the readers on drawn clips."""
    clips = held_out_clips(count)
    figures: dict[str, dict[str, float]] = {"drawn": shares(*draw_held_out(300))}
    for language in ("en", "zh"):
        prompts = [full_caption(clip, language) for clip in clips]
        figures[language] = shares(clips, generate(pipeline, prompts, 1000, None, steps, guidance))
    starts = start_pictures(clips, 5000)
    prompts = [full_caption(clip, "en") for clip in clips]
    figures["picture"] = shares(clips, generate(pipeline, prompts, 1000, starts, steps, guidance))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--count", type=int, default=120, help="captions")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    options = parser.parse_args()
    figures = measure(load_pipeline(options.model), options.count, options.steps, options.guidance)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
