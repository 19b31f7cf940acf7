"""Reads the attributes of a scene back from a picture, to measure whether generated pictures follow their captions.

A small convolutional network, trained on the drawn scenes alone and shrunk, blurred and noisy ones among them,
because generated pictures are softer than drawn ones. It never sees a generated picture or a held-out combination.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from dataset import load_dataset
from drawing import draw_scene
from safetensors.torch import load_file, save_file
from scenes import COLOURS, PLACES, POSITIONS, SIDE, SUBJECTS, TIMES, Scene, sample_split
from torch import Tensor, nn
from training import best_device

ATTRIBUTES: dict[str, tuple] = {
    "colour": tuple(COLOURS),
    "subject": SUBJECTS,
    "place": PLACES,
    "time": TIMES,
    "position": POSITIONS,
    "orb": (None, "left", "right"),
    "clouds": (False, True),
    "rainbow": (False, True),
}
INPUT = 64  # side of the pictures it looks at
STEPS, BATCH = 1600, 64
WEIGHTS = Path(__file__).with_name("reader.safetensors")


class Reader(nn.Module):
    """float [n, 3, 64, 64] in 0..1 to one row of class scores for all attributes, in the order of `ATTRIBUTES`."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inside, outside in ((3, 32), (32, 64), (64, 96), (96, 96)):
            layers += [nn.Conv2d(inside, outside, 3, stride=2, padding=1), nn.BatchNorm2d(outside), nn.ReLU()]
        self.features = nn.Sequential(*layers, nn.Flatten(), nn.Linear(96 * 16, 160), nn.ReLU())
        self.heads = nn.Linear(160, sum(len(values) for values in ATTRIBUTES.values()))

    def forward(self, pictures: Tensor) -> list[Tensor]:
        return self.heads(self.features(pictures)).split([len(values) for values in ATTRIBUTES.values()], dim=1)

    @torch.no_grad()
    def read(self, pictures: np.ndarray) -> list[Scene]:
        """What uint8 pictures [n, SIDE, SIDE, 3] show."""
        chosen = [scores.argmax(1).tolist() for scores in self.eval()(shrink(pictures))]
        rows = zip(*chosen, strict=True)
        names = list(ATTRIBUTES)
        return [Scene(**{name: ATTRIBUTES[name][k] for name, k in zip(names, row, strict=True)}) for row in rows]


def shrink(pictures: np.ndarray) -> Tensor:
    """uint8 [n, SIDE, SIDE, 3] to float [n, 3, INPUT, INPUT] in 0..1, by area means."""
    n, factor = len(pictures), SIDE // INPUT
    means = pictures.reshape(n, INPUT, factor, INPUT, factor, 3).mean((2, 4), dtype=np.float32)
    return torch.from_numpy(means).permute(0, 3, 1, 2).div(255).contiguous()


def soften(pictures: Tensor) -> Tensor:
    """Half of the batch blurred, all of it a little noisy and unevenly bright."""
    half = len(pictures) // 2
    blurred = nn.functional.avg_pool2d(nn.functional.pad(pictures[:half], (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    pictures = torch.cat([blurred, pictures[half:]])
    gain = 1 + 0.06 * torch.randn(len(pictures), 3, 1, 1, device=pictures.device)
    return pictures * gain + 0.02 * torch.randn_like(pictures)


def train(data: Path, path: Path, device: torch.device) -> None:
    torch.manual_seed(0)
    pictures, scenes = load_dataset(data)
    small = torch.cat([shrink(pictures[start : start + 256]) for start in range(0, len(pictures), 256)]).to(device)
    labels = torch.tensor(
        [[values.index(getattr(s, name)) for name, values in ATTRIBUTES.items()] for s in scenes], device=device
    )
    reader = Reader().to(device).train()
    optimizer = torch.optim.AdamW(reader.parameters(), lr=3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=STEPS)
    for step in range(STEPS):
        chosen = torch.randint(len(small), (BATCH,), device=device)
        scores = reader(soften(small[chosen]))
        loss = sum(nn.functional.cross_entropy(s, labels[chosen, k]) for k, s in enumerate(scores))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 100 == 99:
            print(f"step {step + 1}  loss {loss.item():.4f}", flush=True)
    save_file(
        {
            name: value.half().cpu() if value.is_floating_point() else value.cpu()
            for name, value in reader.state_dict().items()
        },
        path,
    )


def load_reader(path: Path = WEIGHTS) -> Reader:
    reader = Reader()
    reader.load_state_dict(load_file(path))
    return reader.float().eval()


def agreement(wanted: list[Scene], seen: list[Scene]) -> dict[str, float]:
    """The share of pictures in which each attribute is as wanted."""
    return {
        name: sum(getattr(a, name) == getattr(b, name) for a, b in zip(wanted, seen, strict=True)) / len(wanted)
        for name in ATTRIBUTES
    }


def draw_held_out(count: int) -> tuple[list[Scene], np.ndarray]:
    """Freshly drawn scenes of the held-out combinations, and their pictures, uint8 [count, SIDE, SIDE, 3]."""
    rng = random.Random("held-out drawings")
    scenes = [sample_split(rng, held_out=True) for _ in range(count)]
    return scenes, np.stack([np.asarray(draw_scene(scene, rng)) for scene in scenes])


def validate(reader: Reader, count: int) -> dict[str, float]:
    """The reader's own accuracy on freshly drawn scenes of the held-out combinations."""
    scenes, pictures = draw_held_out(count)
    return agreement(scenes, reader.read(pictures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    train(options.data, options.output, best_device())
    print({name: f"{share:.3f}" for name, share in validate(load_reader(options.output), 1000).items()})


if __name__ == "__main__":
    main()
