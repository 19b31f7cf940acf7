"""Trains a small LoRA of the starter model: drawn scenes as old photographs, in sepia. About ten minutes on one core.

It is written as diffusers writes one, so that any program that takes LoRAs can read it, and shows from end to end what
`--lora` does: tests measure its style on each backend.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from autoencoder import to_tensor
from diffusers import SanaPipeline, SanaTransformer2DModel
from drawing import draw_scene
from evaluate import load_pipeline
from safetensors.torch import save_file
from scenes import Scene, sample_split
from torch import Tensor, nn
from torch.nn.utils import parametrize
from training import best_device, cosine_rate
from transformer import draw_captions, sample_sigmas, tokenize

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("to_q", "to_k", "to_v", "to_out.0", "ff.conv_inverted", "ff.conv_point", "proj_out")
RANK, ALPHA = 4, 8.0
SCENES, BATCH = 600, 16
PEAK_RATE = 2e-3
LUMINANCE = (0.299, 0.587, 0.114)
DARK, LIGHT = (38, 24, 12), (255, 240, 210)
"""What black and white become; every other grey lies on the line between them."""


class LowRank(nn.Module):
    """A weight with alpha / rank * B A added to it (https://arxiv.org/abs/2106.09685)."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        inputs = weight[0].numel()
        self.a = nn.Parameter(torch.randn(RANK, inputs) * inputs**-0.5)
        self.b = nn.Parameter(torch.zeros(len(weight), RANK))

    def forward(self, weight: Tensor) -> Tensor:
        return weight + (ALPHA / RANK * self.b @ self.a).reshape(weight.shape)


def sepia(pictures: np.ndarray) -> np.ndarray:
    """uint8 [..., 3] pictures in shades of one brown."""
    grey = (pictures @ np.array(LUMINANCE, np.float32))[..., None] / 255
    dark, light = np.array(DARK, np.float32), np.array(LIGHT, np.float32)
    return (dark + grey * (light - dark)).round().astype(np.uint8)


def draw_scenes(count: int) -> tuple[list[Scene], np.ndarray]:
    """Scenes of the training combinations and their pictures, uint8 [count, SIDE, SIDE, 3]."""
    rng = random.Random("scenes of a style")
    scenes = [sample_split(rng, held_out=False) for _ in range(count)]
    return scenes, np.stack([np.asarray(draw_scene(scene, rng)) for scene in scenes])


@torch.no_grad()
def encode(pipeline: SanaPipeline, pictures: np.ndarray) -> Tensor:
    """The scaled latents of pictures, float [n, 32, 16, 16]."""
    parts = [to_tensor(pictures[start : start + 4]).contiguous() for start in range(0, len(pictures), 4)]
    latents = [pipeline.vae.encode(part.to(pipeline.device)).latent for part in parts]
    return torch.cat(latents) * pipeline.vae.config.scaling_factor


def add_low_rank(transformer: SanaTransformer2DModel) -> dict[str, LowRank]:
    """Put a trainable change onto every target layer; nothing else of the network learns."""
    transformer.requires_grad_(False)
    layers = [name for name, _ in transformer.named_modules() if name.endswith(TARGETS)]
    changes = {name: LowRank(transformer.get_submodule(name).weight) for name in layers}
    for name, change in changes.items():
        parametrize.register_parametrization(transformer.get_submodule(name), "weight", change)
    return changes


def train(pipeline: SanaPipeline, scenes: list[Scene], latents: Tensor, steps: int) -> dict[str, LowRank]:
    """Flow matching on the latents, with captions that say nothing of the style: the LoRA alone decides on it."""
    torch.manual_seed(0)
    rng = random.Random("a style")
    changes = add_low_rank(pipeline.transformer)
    parameters = [parameter for change in changes.values() for parameter in change.parameters()]
    optimizer = torch.optim.AdamW(parameters, PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.0)
    began, shown = time.monotonic(), None
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = cosine_rate(PEAK_RATE, step / steps, step, warmup=20)
        chosen = [rng.randrange(len(scenes)) for _ in range(BATCH)]
        clean = latents[chosen]
        captions = draw_captions([scenes[k] for k in chosen], rng)
        ids, mask = (t.to(clean.device) for t in tokenize(pipeline.tokenizer, captions))
        with torch.no_grad():
            text = pipeline.text_encoder(ids, attention_mask=mask).last_hidden_state
        sigmas = sample_sigmas(BATCH, clean.device)
        share, noise = sigmas.view(-1, 1, 1, 1), torch.randn_like(clean)
        noisy = (1 - share) * clean + share * noise
        velocity = pipeline.transformer(noisy, text, timestep=sigmas * 1000, encoder_attention_mask=mask).sample
        loss = (velocity - (noise - clean)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        shown = loss.item() if shown is None else 0.95 * shown + 0.05 * loss.item()
        if step % 50 == 49:
            print(f"step {step + 1} of {steps}  {time.monotonic() - began:.0f} s  loss {shown:.4f}", flush=True)
    return changes


def save(changes: dict[str, LowRank], file: Path, title: str) -> None:
    """In diffusers' names, float16, with peft's settings in the metadata."""
    tensors: dict[str, Tensor] = {}
    for layer, change in changes.items():
        tail = (1, 1) if ".conv_" in layer else ()
        tensors[f"transformer.{layer}.lora_A.weight"] = change.a.detach().half().reshape(*change.a.shape, *tail)
        tensors[f"transformer.{layer}.lora_B.weight"] = change.b.detach().half().reshape(*change.b.shape, *tail)
    settings = {"transformer.r": RANK, "transformer.lora_alpha": ALPHA, "transformer.target_modules": list(TARGETS)}
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: tensor.contiguous().cpu() for name, tensor in tensors.items()},
        file,
        {"format": "pt", "lora_adapter_metadata": json.dumps(settings), "modelspec.title": title},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "resources" / "starter")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "starter" / "sepia.safetensors")
    parser.add_argument("--steps", type=int, default=1200)
    options = parser.parse_args()
    pipeline = load_pipeline(options.model)
    scenes, pictures = draw_scenes(SCENES)
    latents = encode(pipeline.to(best_device()), sepia(pictures))
    save(train(pipeline, scenes, latents, options.steps), options.output, "Sepia")


if __name__ == "__main__":
    main()
