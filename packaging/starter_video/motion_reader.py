"""Reads from a clip what moves and where, to measure whether generated clips follow their captions.

A small convolutional network that looks at five frames at once, trained on the drawn clips alone, softened and noisy
ones among them. It never sees a generated clip or a held-out combination.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from clip_dataset import load_dataset
from clip_drawing import draw_clip
from motions import FRAMES, SIDE, Clip, sample_split
from reader import soften
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from training import best_device

MOTIONS = ("", "left", "right", "up", "down", "turns", "rises", "sets")
LOOKS = tuple(range(0, FRAMES, (FRAMES - 1) // 4))  # the frames it looks at
INPUT = 48  # side of the frames it looks at
STEPS, BATCH = 700, 48
WEIGHTS = Path(__file__).with_name("motion_reader.safetensors")


class MotionReader(nn.Module):
    """float [n, 15, 48, 48], five frames of three channels in 0..1, to the scores of `MOTIONS`."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inside, outside in ((3 * len(LOOKS), 32), (32, 48), (48, 64), (64, 64)):
            layers += [nn.Conv2d(inside, outside, 3, stride=2, padding=1), nn.BatchNorm2d(outside), nn.ReLU()]
        self.features = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 9, 64), nn.ReLU())
        self.head = nn.Linear(64, len(MOTIONS))

    def forward(self, clips: Tensor) -> Tensor:
        """The first frame, and how the others differ from it."""
        first = clips[:, :3]
        changes = 3 * (clips[:, 3:] - first.repeat(1, len(LOOKS) - 1, 1, 1))
        return self.head(self.features(torch.cat([first, changes], dim=1)))

    @torch.no_grad()
    def read(self, clips: np.ndarray) -> list[str]:
        """What moves in uint8 clips [n, FRAMES, SIDE, SIDE, 3]."""
        return [MOTIONS[k] for k in self.eval()(shrink(clips)).argmax(1).tolist()]


def shrink(clips: np.ndarray) -> Tensor:
    """uint8 [n, FRAMES, SIDE, SIDE, 3] to float [n, 15, INPUT, INPUT] in 0..1, by area means."""
    n, factor = len(clips), SIDE // INPUT
    looks = clips[:, LOOKS].reshape(n, len(LOOKS), INPUT, factor, INPUT, factor, 3).mean((3, 5), dtype=np.float32)
    return torch.from_numpy(looks).permute(0, 1, 4, 2, 3).flatten(1, 2).div(255).contiguous()


def train(data: Path, path: Path, device: torch.device) -> None:
    torch.manual_seed(0)
    frames, clips = load_dataset(data)
    small = torch.cat([shrink(frames[start : start + 64]) for start in range(0, len(frames), 64)]).to(device)
    labels = torch.tensor([MOTIONS.index(clip.motion) for clip in clips], device=device)
    reader = MotionReader().to(device).train()
    optimizer = torch.optim.AdamW(reader.parameters(), lr=3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=STEPS)
    for step in range(STEPS):
        chosen = torch.randint(len(small), (BATCH,), device=device)
        looks = soften(small[chosen].reshape(-1, 3, INPUT, INPUT)).reshape(BATCH, -1, INPUT, INPUT)
        loss = nn.functional.cross_entropy(reader(looks), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 100 == 99:
            print(f"step {step + 1}  loss {loss.item():.4f}", flush=True)
    weights = reader.state_dict()
    save_file({k: v.half().cpu() if v.is_floating_point() else v.cpu() for k, v in weights.items()}, path)


def load_motion_reader(path: Path = WEIGHTS) -> MotionReader:
    reader = MotionReader()
    reader.load_state_dict(load_file(path))
    return reader.float().eval()


def draw_held_out(count: int) -> tuple[list[Clip], np.ndarray]:
    """Freshly drawn clips of the held-out combinations: uint8 [count, FRAMES, SIDE, SIDE, 3]."""
    rng = random.Random("held-out clips")
    clips = [sample_split(rng, held_out=True) for _ in range(count)]
    return clips, np.stack([draw_clip(clip, rng) for clip in clips])


def agreement(wanted: list[str], seen: list[str]) -> float:
    return sum(a == b for a, b in zip(wanted, seen, strict=True)) / len(wanted)


def validate(reader: MotionReader, count: int) -> float:
    """The reader's own accuracy on freshly drawn clips of the held-out combinations."""
    clips, frames = draw_held_out(count)
    return agreement([clip.motion for clip in clips], reader.read(frames))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    train(options.data, options.output, best_device())
    print(f"{validate(load_motion_reader(options.output), 500):.3f}")


if __name__ == "__main__":
    main()
