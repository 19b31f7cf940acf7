"""Trains the autoencoder's decoder on, while its encoder, and with it the meaning of the latents, stays as it is.

It sees the parts of clips in which something moves: those it blurs longest.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from autoencoder import LATENT_NOISE, edge_error
from clip_autoencoder import REDUCTION, build_optimizers, clip_error, to_tensor
from clip_dataset import load_dataset
from diffusers import AutoencoderKLLTX2Video
from torch import Tensor
from training import (
    TimeBudget,
    WeightAverage,
    alone,
    batch_size,
    best_device,
    cosine_rate,
    load_training,
    save_training,
    write_summary,
)

CROP = 6  # latents along a side of what it sees
BATCH = 10
PEAK_RATE = 1e-3
STILL = 4.0  # of 255; a part in which nothing moves is chosen as if its pixels changed so much


def choose_part(frames: np.ndarray, rng: np.random.Generator) -> tuple[int, int]:
    """Row and column of the first latent of a part of a clip, the more probable the more of it changes.

    Args:
        frames: uint8 [n, height, width, 3].
    """
    change = np.ptp(frames, axis=0).max(-1).astype(np.float32)
    rows, columns = change.shape[0] // REDUCTION, change.shape[1] // REDUCTION
    blocks = change.reshape(rows, REDUCTION, columns, REDUCTION).mean((1, 3)) + STILL
    parts = np.lib.stride_tricks.sliding_window_view(blocks, (CROP, CROP)).sum((2, 3))
    row, column = divmod(int(rng.choice(parts.size, p=parts.ravel() / parts.sum())), parts.shape[1])
    return row, column


def draw_batch(frames: np.ndarray, latents: np.ndarray, rng: np.random.Generator, count: int) -> tuple[Tensor, Tensor]:
    """Parts of clips: latents [count, 32, 5, CROP, CROP] and the frames that they stand for, in -1..1."""
    codes, clips = [], []
    side = CROP * REDUCTION
    for index in rng.integers(len(latents), size=count):
        row, column = choose_part(frames[index], rng)
        codes.append(latents[index, :, :, row : row + CROP, column : column + CROP])
        y, x = row * REDUCTION, column * REDUCTION
        clips.append(frames[index, :, y : y + side, x : x + side])
    return torch.from_numpy(np.stack(codes).astype(np.float32)), to_tensor(np.stack(clips))


def train(data: Path, vae: Path, latents: Path, output: Path, minutes: float, device: torch.device) -> None:
    """Save the autoencoder anew.

    Args:
        latents: of the first clips of `data`, as `clip_transformer.encode_dataset` has written them.
    """
    output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    alone()
    frames, _ = load_dataset(data)
    exact = np.load(latents, mmap_mode="r")
    model = AutoencoderKLLTX2Video.from_pretrained(vae).to(device)
    model.encoder.requires_grad_(False)
    parameters = list(model.decoder.parameters())
    optimizers = build_optimizers(model, PEAK_RATE)
    average = WeightAverage(parameters, decay=0.998)
    state_path = output / "state.pt"
    step, spent = load_training(state_path, model, optimizers, average)
    budget, shown = TimeBudget(minutes, spent), None
    rng, saved = np.random.default_rng(step), budget.spent
    while budget.fraction < 1:
        for optimizer in optimizers:
            optimizer.param_groups[0]["lr"] = cosine_rate(PEAK_RATE, budget.fraction, step, warmup=50)
        codes, clips = (t.to(device) for t in draw_batch(frames, exact, rng, batch_size(BATCH, device)))
        with torch.autocast(device.type, torch.bfloat16):
            decoded = model.decode(codes + LATENT_NOISE * torch.randn_like(codes)).sample
        decoded = decoded.float()
        absolute, weighted = clip_error(decoded, clips)
        loss = weighted + edge_error((decoded - clips).transpose(1, 2).flatten(0, 1))
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for optimizer in optimizers:
            optimizer.step()
        step += 1
        average.update(step)
        shown = absolute.item() if shown is None else 0.98 * shown + 0.02 * absolute.item()
        if step % 100 == 0:
            print(f"step {step}  {budget.spent:.0f} s  mean abs error {shown:.4f}", flush=True)
        if budget.spent - saved > 120:
            saved = budget.spent
            save_training(state_path, model, optimizers, average, step, budget.spent)
    average.swap()
    write_summary(output / "summary.json", step, model)
    model.save_pretrained(output / "vae")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--vae", type=Path, required=True)
    parser.add_argument("--latents", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    train(options.data, options.vae, options.latents, options.output, options.minutes, best_device())


if __name__ == "__main__":
    main()
