"""Trains the starter model's decoder on, with latents as the transformer makes them: smeared and a little off, where
the encoder's are exact. The encoder, and with it the meaning of the latents, stays as it is.
"""

from __future__ import annotations

import argparse
import itertools
import random
from pathlib import Path

import numpy as np
import torch
from autoencoder import LATENT_NOISE, REDUCTION, edge_error, to_tensor
from captions import full_caption
from dataset import load_dataset
from diffusers import SanaPipeline
from scenes import SIDE, Scene
from torch import Tensor
from training import TimeBudget, WeightAverage, batch_size, best_device, cosine_rate, write_summary
from transformer import FLOW_SHIFT, encode_dataset, tokenize

REGENERATED = 4_000  # scenes
SIGMAS = 0.15, 0.6  # how far they are noised: less shows no errors, more changes what the picture shows
STEPS = 5
GUIDANCE = 1.0, 3.0
CROP = 128
BATCH = 4
PEAK_RATE = 5e-4
EXACT_SHARE = 0.3  # of the pictures, decoded from the encoder's latents


@torch.no_grad()
def regenerate(pipeline: SanaPipeline, latents: Tensor, scenes: list[Scene], rng: random.Random) -> Tensor:
    """The latents noised in part and generated again with their captions, each with a guidance of its own.

    Args:
        latents: [n, 32, 16, 16], scaled as the transformer takes them.
    """
    device = latents.device
    captions = [full_caption(scene, rng.choice(("en", "zh"))) for scene in scenes]
    ids, mask = (t.to(device) for t in tokenize(pipeline.tokenizer, [*captions, *([""] * len(captions))]))
    text = pipeline.text_encoder(ids, attention_mask=mask).last_hidden_state
    guidance = torch.empty(len(scenes), 1, 1, 1, device=device).uniform_(*GUIDANCE)
    start = rng.uniform(*SIGMAS)
    sigmas = torch.linspace(start, 0, STEPS + 1, device=device)
    sigmas = FLOW_SHIFT * sigmas / (1 + (FLOW_SHIFT - 1) * sigmas)
    noisy = (1 - sigmas[0]) * latents + sigmas[0] * torch.randn_like(latents)
    for now, then in itertools.pairwise(sigmas):
        time = torch.full((2 * len(scenes),), 1000.0, device=device) * now
        both = pipeline.transformer(torch.cat([noisy, noisy]), text, timestep=time, encoder_attention_mask=mask).sample
        asked, free = both.chunk(2)
        noisy = noisy + (then - now) * (free + guidance * (asked - free))
    return noisy


def regenerate_dataset(pipeline: SanaPipeline, latents: np.ndarray, scenes: list[Scene], path: Path) -> np.ndarray:
    """`regenerate` for all scenes: float16 [n, 32, 16, 16], unscaled, kept in a file for the next run."""
    if path.exists():
        return np.load(path, mmap_mode="r")
    scaling, device = pipeline.vae.config.scaling_factor, pipeline.device
    rng = random.Random("repaint")
    torch.manual_seed(0)
    regenerated = np.empty_like(latents[: len(scenes)])
    batch = batch_size(16, device)
    for start in range(0, len(scenes), batch):
        exact = torch.from_numpy(latents[start : start + batch].astype(np.float32)).to(device) * scaling
        generated = regenerate(pipeline, exact, scenes[start : start + batch], rng) / scaling
        regenerated[start : start + batch] = generated.half().cpu().numpy()
    np.save(path, regenerated)
    return regenerated


def train(data: Path, pipeline_folder: Path, latents: Path, output: Path, minutes: float, device: torch.device) -> None:
    """Save the whole pipeline anew, its decoder trained on."""
    output.mkdir(parents=True, exist_ok=True)
    pipeline = SanaPipeline.from_pretrained(pipeline_folder, torch_dtype=torch.float32).to(device)
    pictures, scenes = load_dataset(data)
    scenes = scenes[:REGENERATED]
    exact = encode_dataset(pipeline.vae, pictures[:REGENERATED], latents)[:REGENERATED]
    regenerated = regenerate_dataset(pipeline, exact, scenes, output / "regenerated.npy")
    torch.manual_seed(0)
    model = pipeline.vae.to(memory_format=torch.channels_last)
    parameters = list(model.decoder.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.0)
    average = WeightAverage(parameters, decay=0.998)
    budget, step, shown = TimeBudget(minutes), 0, None
    rng = np.random.default_rng(0)
    side = CROP // REDUCTION
    while budget.fraction < 1:
        for group in optimizer.param_groups:
            group["lr"] = cosine_rate(PEAK_RATE, budget.fraction, step, warmup=100)
        inputs, targets = [], []
        for index in rng.integers(len(scenes), size=batch_size(BATCH, device)):
            y, x = rng.integers(0, (SIDE - CROP) // REDUCTION + 1, size=2)
            source = exact if rng.random() < EXACT_SHARE else regenerated
            inputs.append(source[index, :, y : y + side, x : x + side])
            y, x = y * REDUCTION, x * REDUCTION
            targets.append(pictures[index, y : y + CROP, x : x + CROP])
        codes = torch.from_numpy(np.stack(inputs).astype(np.float32)).to(device)
        images = to_tensor(np.stack(targets)).to(device)
        error = model.decode(codes + LATENT_NOISE * torch.randn_like(codes)).sample - images
        absolute = error.abs().mean()
        loss = absolute + edge_error(error)
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
    pipeline.save_pretrained(output / "pipeline")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pipeline", type=Path, required=True)
    parser.add_argument("--latents", type=Path, required=True, help="the encoded scenes; made where they are missing")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    train(options.data, options.pipeline, options.latents, options.output, options.minutes, best_device())


if __name__ == "__main__":
    main()
