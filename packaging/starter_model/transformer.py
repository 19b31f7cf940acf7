"""The starter model's transformer and text encoder: a small SANA and a tiny Gemma-2, trained together by flow matching
on encoded scenes.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from pathlib import Path

import numpy as np
import torch
from autoencoder import LATENT_CHANNELS, REDUCTION, to_tensor
from captions import caption
from dataset import load_dataset
from diffusers import AutoencoderDC, DPMSolverMultistepScheduler, SanaPipeline, SanaTransformer2DModel
from muon import Muon, is_matrix
from scenes import SIDE, Scene
from tokenizer import MAX_TOKENS, build_tokenizer
from torch import Tensor, distributed
from training import (
    TimeBudget,
    WeightAverage,
    batch_size,
    best_device,
    cosine_rate,
    load_training,
    save_training,
    write_summary,
)
from transformers import Gemma2Config, Gemma2Model, PreTrainedTokenizerFast

TEXT_WIDTH = 128
WIDTH, HEADS, LAYERS = 224, 7, 6
FLOW_SHIFT = 2.0
BATCH = 32
PEAK_RATE = 1.6e-3
ENCODED = 9_600  # scenes, of those drawn; encoding more takes longer than it helps
HIGH_NOISE_SHARE = 0.35  # of the pictures, noised by 0.8 to 1
EMPTY_SHARE = 0.1  # captions replaced by the empty one, for classifier-free guidance


def build_text_encoder(vocabulary: int) -> Gemma2Model:
    return Gemma2Model(
        Gemma2Config(
            vocab_size=vocabulary,
            hidden_size=TEXT_WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=32,
            intermediate_size=256,
            query_pre_attn_scalar=32,
            sliding_window=MAX_TOKENS,
            max_position_embeddings=MAX_TOKENS,
            pad_token_id=0,
            eos_token_id=1,
            bos_token_id=2,
        )
    )


def build_transformer() -> SanaTransformer2DModel:
    """With interpolation_scale patches get sine-cosine positions; "on the left" is not learnt in time without."""
    return SanaTransformer2DModel(
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        num_attention_heads=HEADS,
        attention_head_dim=WIDTH // HEADS,
        num_layers=LAYERS,
        num_cross_attention_heads=HEADS,
        cross_attention_head_dim=WIDTH // HEADS,
        cross_attention_dim=WIDTH,
        caption_channels=TEXT_WIDTH,
        mlp_ratio=2.5,
        sample_size=SIDE // REDUCTION,
        patch_size=2,
        qk_norm="rms_norm_across_heads",
        interpolation_scale=1.0,
    )


@torch.no_grad()
def encode_dataset(model: AutoencoderDC, pictures: np.ndarray, path: Path) -> np.ndarray:
    """The unscaled latents of all pictures, float16 [n, 32, 16, 16], kept in a file for the next run."""
    side = SIDE // REDUCTION
    if path.exists():
        return np.load(path, mmap_mode="r")
    partial = path.with_suffix(".partial.npy")
    latents = np.lib.format.open_memmap(
        partial, mode="w+", dtype=np.float16, shape=(len(pictures), LATENT_CHANNELS, side, side)
    )
    started = time.monotonic()
    batch = batch_size(4, model.device)  # on a CPU, few enough to stay in its cache
    for start in range(0, len(pictures), batch):
        images = to_tensor(pictures[start : start + batch]).contiguous().to(model.device)
        latents[start : start + batch] = model.encode(images).latent.half().cpu().numpy()
        if start % 1600 == 0:
            print(f"encoded {start} of {len(pictures)}, {time.monotonic() - started:.0f} s", flush=True)
    latents.flush()
    partial.replace(path)
    return latents


def tokenize(tokenizer: PreTrainedTokenizerFast, captions: list[str]) -> tuple[Tensor, Tensor]:
    """Token ids and mask, int64 [n, length of the longest]: padding is masked, so more of it would only cost time."""
    batch = tokenizer(captions, padding=True, truncation=True, return_tensors="pt")
    return batch.input_ids, batch.attention_mask


def draw_captions(scenes: list[Scene], rng: random.Random) -> list[str]:
    """A fresh caption for every scene, or the empty one."""
    return ["" if rng.random() < EMPTY_SHARE else caption(scene, rng) for scene in scenes]


def build_optimizers(text_encoder: Gemma2Model, transformer: SanaTransformer2DModel) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the blocks, AdamW for embeddings, norms, biases and the layers at both ends."""
    blocks = [*text_encoder.layers.parameters(), *transformer.transformer_blocks.parameters()]
    matrices = [p for p in blocks if is_matrix(p)]
    inside = {id(p) for p in matrices}
    others = [p for p in [*text_encoder.parameters(), *transformer.parameters()] if id(p) not in inside]
    return [Muon(matrices, PEAK_RATE), torch.optim.AdamW(others, PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.0)]


def sample_sigmas(count: int, device: torch.device) -> Tensor:
    """Noise shares in 0..1: logit-normal, shifted like the sampler's, and a share of nearly pure noise.

    Where things stand is settled in the sampler's first steps, from the caption alone. The logit-normal hardly ever
    goes there, and at less noise the picture itself shows where they stand, so that "on the left" is not learnt.
    """
    sigmas = torch.sigmoid(torch.randn(count, device=device))
    sigmas = FLOW_SHIFT * sigmas / (1 + (FLOW_SHIFT - 1) * sigmas)
    high = 1 - 0.2 * torch.rand(count, device=device) ** 1.5
    return torch.where(torch.rand(count, device=device) < HIGH_NOISE_SHARE, high, sigmas)


def train(data: Path, vae: Path, output: Path, minutes: float, device: torch.device) -> None:
    """Encode the scenes, then train: on a CPU with one process per core, which wait for each other once a step only."""
    output.mkdir(parents=True, exist_ok=True)
    pictures, _ = load_dataset(data)
    encode_dataset(AutoencoderDC.from_pretrained(vae).to(device).eval(), pictures[:ENCODED], output / "latents.npy")
    world = 1 if device.type == "cuda" else os.cpu_count() or 1
    meeting = output.resolve() / "meeting"
    meeting.unlink(missing_ok=True)
    torch.multiprocessing.spawn(
        train_worker, (world, f"file://{meeting}", data, vae, output, minutes, device), nprocs=world
    )


def train_worker(
    rank: int, world: int, meeting: str, data: Path, vae: Path, output: Path, minutes: float, device: torch.device
) -> None:
    """One of the processes that train: the same weights in each, a share of every batch of its own."""
    if device.type == "cpu":
        torch.set_num_threads(max(1, (os.cpu_count() or 1) // world))
    distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=world)
    torch.manual_seed(0)
    scenes = load_dataset(data)[1][:ENCODED]
    stored = np.load(output / "latents.npy")
    scaling = float(1 / stored[::7].astype(np.float32).std())
    latents = torch.from_numpy(stored).float().mul_(scaling).to(device)

    tokenizer = build_tokenizer()
    text_encoder = build_text_encoder(len(tokenizer)).to(device)
    transformer = build_transformer().to(device)
    modules = torch.nn.ModuleList([text_encoder, transformer])
    parameters = list(modules.parameters())
    optimizers = build_optimizers(text_encoder, transformer)
    average = WeightAverage(parameters, decay=0.998)
    state_path = output / "state.pt"
    step, spent = load_training(state_path, modules, optimizers, average)
    budget = TimeBudget(minutes, spent)
    rng = random.Random(f"{rank} {step}")
    torch.manual_seed(1000 * step + rank)
    shown, saved = None, budget.spent
    batch = batch_size(BATCH, device) // world
    while (fraction := agreed(budget.fraction)) < 1:
        for optimizer in optimizers:
            optimizer.param_groups[0]["lr"] = cosine_rate(PEAK_RATE, fraction, step, warmup=100)
        chosen = [rng.randrange(len(scenes)) for _ in range(batch)]
        clean = latents[chosen]
        ids, mask = (t.to(device) for t in tokenize(tokenizer, draw_captions([scenes[k] for k in chosen], rng)))
        sigmas = sample_sigmas(batch, device)
        share = sigmas.view(-1, 1, 1, 1)
        noise = torch.randn_like(clean)
        text = text_encoder(ids, attention_mask=mask).last_hidden_state
        noisy = (1 - share) * clean + share * noise
        velocity = transformer(noisy, text, timestep=sigmas * 1000, encoder_attention_mask=mask).sample
        loss = (velocity - (noise - clean)).square().mean()
        modules.zero_grad()
        loss.backward()
        average_gradients(parameters)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for optimizer in optimizers:
            optimizer.step()
        step += 1
        average.update(step)
        shown = loss.item() if shown is None else 0.98 * shown + 0.02 * loss.item()
        if rank == 0 and step % 20 == 0:
            print(f"step {step}  {budget.spent:.0f} s  loss {shown:.4f}", flush=True)
        if rank == 0 and budget.spent - saved > 180:
            saved = budget.spent
            save_training(state_path, modules, optimizers, average, step, budget.spent)
    if rank == 0:
        average.swap()
        write_summary(output / "summary.json", step, modules)
        autoencoder = AutoencoderDC.from_pretrained(vae)
        save_pipeline(output / "pipeline", tokenizer, text_encoder, transformer, autoencoder, scaling)
    distributed.destroy_process_group()


def agreed(fraction: float) -> float:
    """The first process's number in all of them."""
    value = torch.tensor(fraction)
    distributed.broadcast(value, 0)
    return value.item()


def average_gradients(parameters: list[torch.nn.Parameter]) -> None:
    """Give every process the mean of all gradients, in one message."""
    world = distributed.get_world_size()
    if world == 1:
        return
    flat = torch.cat([p.grad.flatten() for p in parameters])
    distributed.all_reduce(flat)
    for p, mean in zip(parameters, flat.div_(world).split([p.numel() for p in parameters]), strict=True):
        p.grad.copy_(mean.view_as(p))


def save_pipeline(
    folder: Path,
    tokenizer: PreTrainedTokenizerFast,
    text_encoder: Gemma2Model,
    transformer: SanaTransformer2DModel,
    autoencoder: AutoencoderDC,
    scaling: float,
) -> None:
    """A diffusers checkpoint in full precision."""
    autoencoder.register_to_config(scaling_factor=scaling)
    scheduler = DPMSolverMultistepScheduler(
        use_flow_sigmas=True, prediction_type="flow_prediction", flow_shift=FLOW_SHIFT
    )
    SanaPipeline(tokenizer, text_encoder, autoencoder, transformer, scheduler).save_pretrained(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--vae", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    train(options.data, options.vae, options.output, options.minutes, best_device())


if __name__ == "__main__":
    main()
