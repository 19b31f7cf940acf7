"""Trains the autoencoder's decoder on, while its encoder, and with it the meaning of the latents, stays as it is."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from autoencoder import LATENT_NOISE, edge_error
from clip_autoencoder import clip_error, to_tensor
from clip_dataset import load_dataset
from diffusers import AutoencoderKLLTX2Video
from training import TimeBudget, WeightAverage, batch_size, best_device, cosine_rate, write_summary

BATCH = 3
PEAK_RATE = 1e-3


def train(data: Path, vae: Path, latents: Path, output: Path, minutes: float, device: torch.device) -> None:
    """Save the autoencoder anew.

    Args:
        latents: of the first clips of `data`, as `clip_transformer.encode_dataset` has written them.
    """
    output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    frames, _ = load_dataset(data)
    exact = np.load(latents, mmap_mode="r")
    model = AutoencoderKLLTX2Video.from_pretrained(vae).to(device)
    parameters = list(model.decoder.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.0)
    average = WeightAverage(parameters, decay=0.998)
    budget, step, shown = TimeBudget(minutes), 0, None
    rng = np.random.default_rng(0)
    while budget.fraction < 1:
        optimizer.param_groups[0]["lr"] = cosine_rate(PEAK_RATE, budget.fraction, step, warmup=50)
        chosen = rng.integers(len(exact), size=batch_size(BATCH, device))
        codes = torch.from_numpy(exact[chosen].astype(np.float32)).to(device)
        clips = to_tensor(frames[chosen]).to(device)
        with torch.autocast(device.type, torch.bfloat16):
            decoded = model.decode(codes + LATENT_NOISE * torch.randn_like(codes)).sample
        decoded = decoded.float()
        absolute, weighted = clip_error(decoded, clips)
        loss = weighted + edge_error((decoded - clips).transpose(1, 2).flatten(0, 1))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        step += 1
        average.update(step)
        shown = absolute.item() if shown is None else 0.98 * shown + 0.02 * absolute.item()
        if step % 100 == 0:
            print(f"step {step}  {budget.spent:.0f} s  mean abs error {shown:.4f}", flush=True)
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
