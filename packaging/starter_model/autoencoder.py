"""The starter model's autoencoder: a small DC-AE, 16x smaller sides, 32 latent channels, trained on crops of the drawn
scenes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from dataset import load_dataset
from diffusers import AutoencoderDC
from scenes import SIDE
from torch import Tensor
from training import TimeBudget, WeightAverage, batch_size, best_device, cosine_rate, save_state, write_summary

LATENT_CHANNELS = 32
REDUCTION = 16  # picture side / latent side
CHANNELS = (16, 32, 64, 128, 128)  # from full resolution down; the first stage has no layers of its own
CROP = 128
BATCH = 4
PEAK_RATE = 1.5e-3
EDGE_RAMP = 600  # steps over which the edge term comes in: from the start it is best served by a flat grey
WHOLE_FROM = (
    0.85  # after this share of the time whole pictures replace the crops: the attention must know their size too
)
LATENT_NOISE = 0.08  # standard deviation added to the latents, so that small errors of the transformer do not show


def build_autoencoder() -> AutoencoderDC:
    """Pixel shuffle keeps the full resolution to one convolution; attention only where there are few tokens."""
    stages = len(CHANNELS)
    kinds = ("ResBlock",) * (stages - 1) + ("EfficientViTBlock",)
    scales = ((),) * (stages - 1) + ((5,),)
    layers = (0, 1, 1, 1, 1)
    return AutoencoderDC(
        latent_channels=LATENT_CHANNELS,
        attention_head_dim=32,
        encoder_block_types=kinds,
        decoder_block_types=kinds,
        encoder_block_out_channels=CHANNELS,
        decoder_block_out_channels=CHANNELS,
        encoder_layers_per_block=layers,
        decoder_layers_per_block=layers,
        encoder_qkv_multiscales=scales,
        decoder_qkv_multiscales=scales,
        upsample_block_type="pixel_shuffle",
        downsample_block_type="Conv",
        scaling_factor=1.0,
    )


def to_tensor(pictures: np.ndarray) -> Tensor:
    """uint8 [n, height, width, 3] to float [n, 3, height, width] in -1..1, channels last in memory."""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float().div(127.5).sub(1)


def random_crops(pictures: np.ndarray, rng: np.random.Generator, count: int, side: int) -> Tensor:
    """`count` crops on the latent grid, half of them mirrored: float [count, 3, side, side]."""
    crops = np.empty((count, side, side, 3), np.uint8)
    for k, index in enumerate(rng.integers(len(pictures), size=count)):
        y, x = rng.integers(0, (SIDE - side) // REDUCTION + 1, size=2) * REDUCTION
        crop = pictures[index, y : y + side, x : x + side]
        crops[k] = crop[:, ::-1] if rng.random() < 0.5 else crop
    return to_tensor(crops)


def edge_error(error: Tensor) -> Tensor:
    """Mean absolute difference of the error between neighbours, at three scales: blur shows here before the L1."""
    total = error.new_zeros(())
    for scale in range(3):
        if scale:
            error = torch.nn.functional.avg_pool2d(error, 2)
        total = (
            total
            + (error[..., 1:] - error[..., :-1]).abs().mean()
            + (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
        )
    return total


def latent_penalty(latents: Tensor) -> Tensor:
    """How far the batch is from zero mean and unit variance in every latent channel."""
    mean, variance = latents.mean((0, 2, 3)), latents.var((0, 2, 3))
    return mean.square().mean() + (variance - 1).square().mean()


def train(data: Path, output: Path, minutes: float, device: torch.device) -> None:
    torch.manual_seed(0)
    pictures, _ = load_dataset(data)
    model = build_autoencoder().to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.0)
    average = WeightAverage(model.parameters(), decay=0.998)
    state_path, step, spent = output / "state.pt", 0, 0.0
    output.mkdir(parents=True, exist_ok=True)
    if state_path.exists():
        state = torch.load(state_path, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        average.average = state["average"]
        step, spent = state["step"], state["spent"]
    budget = TimeBudget(minutes, spent)
    rng = np.random.default_rng(step)
    batch = batch_size(BATCH, device)
    shown, saved = None, budget.spent
    while budget.fraction < 1:
        for group in optimizer.param_groups:
            group["lr"] = cosine_rate(PEAK_RATE, budget.fraction, step, warmup=300)
        whole = budget.fraction > WHOLE_FROM
        images = random_crops(pictures, rng, batch // 4 if whole else batch, SIDE if whole else CROP).to(device)
        latents = model.encode(images).latent
        decoded = model.decode(latents + LATENT_NOISE * torch.randn_like(latents)).sample
        error = decoded - images
        absolute = error.abs().mean()
        loss = absolute + min(1.0, step / EDGE_RAMP) * edge_error(error) + 2e-3 * latent_penalty(latents)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        average.update(step)
        shown = absolute.item() if shown is None else 0.98 * shown + 0.02 * absolute.item()
        if step % 100 == 0:
            print(
                f"step {step}  {budget.spent:.0f} s  mean abs error {shown:.4f}  latent std {latents.std().item():.2f}",
                flush=True,
            )
        if budget.spent - saved > 120:
            saved = budget.spent
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "average": average.average}
            save_state(state_path, state | {"step": step, "spent": budget.spent})
    average.swap()
    write_summary(output / "summary.json", step, model)
    model.save_pretrained(output / "vae")


@torch.no_grad()
def reconstruction_error(model: AutoencoderDC, pictures: np.ndarray) -> float:
    """Mean absolute error of whole pictures, of a range of 2."""
    errors = []
    for start in range(0, len(pictures), 8):
        images = to_tensor(pictures[start : start + 8]).to(model.device)
        errors.append((model.decode(model.encode(images).latent).sample - images).abs().mean((1, 2, 3)))
    return torch.cat(errors).mean().item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=45)
    options = parser.parse_args()
    train(options.data, options.output, options.minutes, best_device())


if __name__ == "__main__":
    main()
