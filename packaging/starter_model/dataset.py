"""Draws the training scenes once, into one memory-mapped file of pictures and one JSON file of what they show."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from drawing import draw_scene
from scenes import SIDE, Scene, sample_split


def _draw(index: int) -> tuple[Scene, np.ndarray]:
    rng = random.Random(f"scene {index}")
    scene = sample_split(rng, held_out=False)
    return scene, np.asarray(draw_scene(scene, rng))


def draw_dataset(folder: Path, count: int) -> None:
    """Write `count` scenes unless they are there: pictures.npy, uint8 [count, SIDE, SIDE, 3], and scenes.json."""
    if (folder / "scenes.json").exists() and len(json.loads((folder / "scenes.json").read_text())) == count:
        return
    folder.mkdir(parents=True, exist_ok=True)
    pictures = np.lib.format.open_memmap(
        folder / "pictures.npy", mode="w+", dtype=np.uint8, shape=(count, SIDE, SIDE, 3)
    )
    scenes = []
    with get_context("spawn").Pool() as pool:
        for index, (scene, picture) in enumerate(pool.imap(_draw, range(count), chunksize=64)):
            pictures[index] = picture
            scenes.append(asdict(scene))
    pictures.flush()
    (folder / "scenes.json").write_text(json.dumps(scenes))


def load_dataset(folder: Path) -> tuple[np.ndarray, list[Scene]]:
    """The pictures (memory-mapped, uint8 [n, SIDE, SIDE, 3]) and the scenes they show."""
    scenes = [Scene(**entry) for entry in json.loads((folder / "scenes.json").read_text())]
    return np.load(folder / "pictures.npy", mmap_mode="r"), scenes
