"""Draws the training clips once, into one memory-mapped file of frames and one JSON file of what they show."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from pathlib import Path

import numpy as np
from clip_drawing import draw_clip
from motions import FRAMES, SIDE, Clip, sample_split
from scenes import Scene


def draw_dataset(folder: Path, count: int) -> None:
    """Write `count` clips unless they are there: clips.npy, uint8 [count, FRAMES, SIDE, SIDE, 3], and clips.json."""
    if (folder / "clips.json").exists() and len(json.loads((folder / "clips.json").read_text())) == count:
        return
    folder.mkdir(parents=True, exist_ok=True)
    shape = (count, FRAMES, SIDE, SIDE, 3)
    frames = np.lib.format.open_memmap(folder / "clips.npy", mode="w+", dtype=np.uint8, shape=shape)
    clips = []
    for index in range(count):
        rng = random.Random(f"clip {index}")
        clips.append(sample_split(rng, held_out=False))
        frames[index] = draw_clip(clips[-1], rng)
    frames.flush()
    (folder / "clips.json").write_text(json.dumps([asdict(clip) for clip in clips]))


def load_dataset(folder: Path) -> tuple[np.ndarray, list[Clip]]:
    """The frames (memory-mapped, uint8 [n, FRAMES, SIDE, SIDE, 3]) and the clips they show."""
    entries = json.loads((folder / "clips.json").read_text())
    clips = [Clip(Scene(**entry["scene"]), entry["motion"]) for entry in entries]
    return np.load(folder / "clips.npy", mmap_mode="r"), clips
