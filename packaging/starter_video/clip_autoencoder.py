"""The starter model's autoencoder for video: a small LTX-2 one, 8x smaller sides, 4x fewer frames, 32 latent channels.

Its causal encoder makes the first latent frame from the first frame alone, which is what picture to video needs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from autoencoder import LATENT_NOISE, edge_error, latent_penalty
from clip_dataset import load_dataset
from diffusers import AutoencoderKLLTX2Video
from muon import Muon
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

LATENT_CHANNELS = 32
REDUCTION, TEMPORAL = 8, 4  # sides and frames of a clip / those of its latents
STAGES = ((0.25, 1, 24), (0.45, 5, 8), (1.0, 17, 3))
"""Until what share of the time how many frames, and how many examples of them: what things look like is learnt fast
from single frames, how they move later from clips."""
PEAK_RATE = 2e-3
EDGE_RAMP = 300  # steps over which the edge term comes in
MOVING_WEIGHT = 4.0  # of a pixel that changes from black to white, above one that stays


def build_autoencoder() -> AutoencoderKLLTX2Video:
    """Patches of 4x4 pixels are its channels at the finest, which is what makes it ten times cheaper than Wan's."""
    return AutoencoderKLLTX2Video(
        latent_channels=LATENT_CHANNELS,
        block_out_channels=(32, 64),
        down_block_types=("LTX2VideoDownBlock3D",) * 2,
        layers_per_block=(1, 1, 0),
        spatio_temporal_scaling=(True, True),
        downsample_type=("spatiotemporal", "temporal"),
        decoder_block_out_channels=(64, 64),
        decoder_layers_per_block=(2, 1, 0),
        decoder_spatio_temporal_scaling=(True, True),
        decoder_inject_noise=(False, False, False),
        upsample_type=("temporal", "spatiotemporal"),
        upsample_residual=(True, True),
        upsample_factor=(2, 1),
        spatial_compression_ratio=REDUCTION,
        temporal_compression_ratio=TEMPORAL,
    )


def to_tensor(frames: np.ndarray) -> Tensor:
    """uint8 [n, frames, height, width, 3] to float [n, 3, frames, height, width] in -1..1."""
    return torch.from_numpy(np.array(frames)).permute(0, 4, 1, 2, 3).float().div(127.5).sub(1)


def to_frames(decoded: Tensor) -> np.ndarray:
    """The other way."""
    frames = decoded.detach().float().clamp(-1, 1).add(1).mul(127.5).round().byte()
    return frames.permute(0, 2, 3, 4, 1).cpu().numpy()


def random_spans(frames: np.ndarray, rng: np.random.Generator, length: int, count: int) -> np.ndarray:
    """`count` runs of `length` frames: uint8 [count, length, height, width, 3]."""
    spans = []
    for index in rng.integers(len(frames), size=count):
        start = rng.integers(frames.shape[1] - length + 1)
        spans.append(frames[index, start : start + length])
    return np.stack(spans)


def clip_error(decoded: Tensor, clips: Tensor) -> tuple[Tensor, Tensor]:
    """The mean absolute error, and what is trained on: with more weight where things move, and with edges."""
    error = decoded - clips
    moving = (clips - clips.mean(2, keepdim=True)).abs().amax(1, keepdim=True)
    weighted = (error.abs() * (1 + MOVING_WEIGHT * moving / 2)).mean()
    return error.abs().mean(), weighted


def build_optimizers(model: torch.nn.Module, rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the convolutions inside, AdamW for biases and the layers at both ends; what is frozen stays as it is."""
    ends = ("conv_in", "conv_out")
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    matrices = [p for name, p in named.items() if p.ndim == 5 and name.split(".")[1] not in ends]
    inside = {id(p) for p in matrices}
    others = [p for p in named.values() if id(p) not in inside]
    return [Muon(matrices, rate), torch.optim.AdamW(others, rate, betas=(0.9, 0.98), weight_decay=0.0)]


def train(data: Path, output: Path, minutes: float, device: torch.device) -> None:
    torch.manual_seed(0)
    alone()
    frames, _ = load_dataset(data)
    model = build_autoencoder().to(device)
    optimizers = build_optimizers(model, PEAK_RATE)
    average = WeightAverage(model.parameters(), decay=0.995)
    state_path = output / "state.pt"
    output.mkdir(parents=True, exist_ok=True)
    step, spent = load_training(state_path, model, optimizers, average)
    budget = TimeBudget(minutes, spent)
    rng = np.random.default_rng(step)
    shown, saved = None, budget.spent
    while budget.fraction < 1:
        for optimizer in optimizers:
            optimizer.param_groups[0]["lr"] = cosine_rate(PEAK_RATE, budget.fraction, step, warmup=100)
        length, batch = next((length, batch) for until, length, batch in STAGES if budget.fraction <= until)
        clips = to_tensor(random_spans(frames, rng, length, batch_size(batch, device))).to(device)
        with torch.autocast(device.type, torch.bfloat16):
            latents = model.encode(clips).latent_dist.mode()
            decoded = model.decode(latents + LATENT_NOISE * torch.randn_like(latents)).sample
        latents, decoded = latents.float(), decoded.float()
        absolute, weighted = clip_error(decoded, clips)
        edges = edge_error((decoded - clips).transpose(1, 2).flatten(0, 1))
        loss = weighted + min(1.0, step / EDGE_RAMP) * edges + 2e-3 * latent_penalty(latents.flatten(2, 3))
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        step += 1
        average.update(step)
        shown = absolute.item() if shown is None else 0.97 * shown + 0.03 * absolute.item()
        if step % 100 == 0:
            print(
                f"step {step}  {budget.spent:.0f} s  mean abs error {shown:.4f}  latent std {latents.std().item():.2f}",
                flush=True,
            )
        if budget.spent - saved > 120:
            saved = budget.spent
            save_training(state_path, model, optimizers, average, step, budget.spent)
    average.swap()
    write_summary(output / "summary.json", step, model)
    model.save_pretrained(output / "vae")


@torch.no_grad()
def reconstruction_error(model: AutoencoderKLLTX2Video, frames: np.ndarray) -> float:
    """Mean absolute error of whole clips, of a range of 2."""
    errors = []
    for start in range(0, len(frames), 8):
        clips = to_tensor(frames[start : start + 8]).to(model.device)
        decoded = model.decode(model.encode(clips).latent_dist.mode()).sample
        errors.append((decoded - clips).abs().mean((1, 2, 3, 4)))
    return torch.cat(errors).mean().item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    options = parser.parse_args()
    train(options.data, options.output, options.minutes, best_device())


if __name__ == "__main__":
    main()
