"""The starter model's transformer for video and its text encoder: begun from the picture model's, trained together by
flow matching on encoded clips, for text to video and for picture to video at once.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import clip_captions
import numpy as np
import torch
from clip_autoencoder import LATENT_CHANNELS, REDUCTION, TEMPORAL, to_tensor
from clip_dataset import load_dataset
from diffusers import (
    AutoencoderKLLTX2Video,
    DPMSolverMultistepScheduler,
    SanaTransformer2DModel,
    SanaVideoPipeline,
    SanaVideoTransformer3DModel,
)
from motions import FRAMES, SIDE, Clip
from tokenizer import build_tokenizer
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
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
from transformer import (
    EMPTY_SHARE,
    FLOW_SHIFT,
    HEADS,
    TEXT_WIDTH,
    WIDTH,
    build_optimizers,
    build_text_encoder,
    sample_sigmas,
    tokenize,
)
from transformers import AutoTokenizer, Gemma2Model, PreTrainedTokenizerFast

from app.core.families.sana_video import NEGATIVE

STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter"
LAYERS = (0, 1, 2, 4, 5)  # of the picture model's
LATENT_FRAMES, LATENT_SIDE = (FRAMES - 1) // TEMPORAL + 1, SIDE // REDUCTION
BATCH = 16
PEAK_RATE = 1.6e-3
ENCODED = 6_000  # clips, of those drawn
NEGATIVE_SHARE = 0.3  # of the captions left out, that are what large models avoid
HELD_SHARE = 0.6  # of the batches, in which the first latent frame is the start picture's
MOVING_WEIGHT = 4.0  # of the error where a clip changes, beside 1 where it stands still


def build_transformer() -> SanaVideoTransformer3DModel:
    return SanaVideoTransformer3DModel(
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        num_attention_heads=HEADS,
        attention_head_dim=WIDTH // HEADS,
        num_layers=len(LAYERS),
        num_cross_attention_heads=HEADS,
        cross_attention_head_dim=WIDTH // HEADS,
        cross_attention_dim=WIDTH,
        caption_channels=TEXT_WIDTH,
        mlp_ratio=2.5,
        sample_size=LATENT_SIDE // 2,  # in patches
        patch_size=(1, 2, 2),
        qk_norm="rms_norm_across_heads",
    )


@torch.no_grad()
def begin_transformer(transformer: SanaVideoTransformer3DModel, starter: Path) -> None:
    """Take over the picture model's blocks and embeddings; the convolutions over time begin as nothing."""
    pictures = SanaTransformer2DModel.from_pretrained(starter, subfolder="transformer", torch_dtype=torch.float32)
    transformer.time_embed.load_state_dict(pictures.time_embed.state_dict())
    transformer.caption_projection.load_state_dict(pictures.caption_projection.state_dict())
    transformer.caption_norm.load_state_dict(pictures.caption_norm.state_dict())
    transformer.scale_shift_table.copy_(pictures.scale_shift_table)
    for block, layer in zip(transformer.transformer_blocks, LAYERS, strict=True):
        nn.init.zeros_(block.ff.conv_temp.weight)
        begun = {"ff.conv_temp.weight": block.ff.conv_temp.weight, **pictures.transformer_blocks[layer].state_dict()}
        block.load_state_dict(begun)


@torch.no_grad()
def begin_text_encoder(encoder: Gemma2Model, tokenizer: PreTrainedTokenizerFast, starter: Path) -> None:
    """Take over the picture model's, a token's embedding by its text; new words begin as small noise."""
    pictures = Gemma2Model.from_pretrained(starter, subfolder="text_encoder", torch_dtype=torch.float32)
    known = AutoTokenizer.from_pretrained(starter / "tokenizer", local_files_only=True).get_vocab()
    weights = pictures.state_dict()
    old = weights.pop("embed_tokens.weight")
    encoder.load_state_dict(weights, strict=False)
    embedding = encoder.embed_tokens.weight
    embedding.normal_(std=old.std().item())
    for token, index in tokenizer.get_vocab().items():
        if token in known:
            embedding[index] = old[known[token]]
    embedding[tokenizer.pad_token_id] = 0


@torch.no_grad()
def encode_dataset(model: AutoencoderKLLTX2Video, frames: np.ndarray, path: Path) -> np.ndarray:
    """The autoencoder's own latents of all clips, float16 [n, 32, 5, 12, 12], kept in a file for the next run."""
    if path.exists():
        return np.load(path, mmap_mode="r")
    partial = path.with_suffix(".partial.npy")
    shape = (len(frames), LATENT_CHANNELS, LATENT_FRAMES, LATENT_SIDE, LATENT_SIDE)
    latents = np.lib.format.open_memmap(partial, mode="w+", dtype=np.float16, shape=shape)
    started = time.monotonic()
    batch = batch_size(4, model.device)
    for start in range(0, len(frames), batch):
        clips = to_tensor(frames[start : start + batch]).to(model.device)
        with torch.autocast(model.device.type, torch.bfloat16):
            latents[start : start + batch] = model.encode(clips).latent_dist.mode().half().cpu().numpy()
        if start % 400 == 0:
            print(f"encoded {start} of {len(frames)}, {time.monotonic() - started:.0f} s", flush=True)
    latents.flush()
    partial.replace(path)
    return latents


def latent_statistics(latents: np.ndarray) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of every channel."""
    values = torch.from_numpy(latents[::5].astype(np.float32))
    return values.mean((0, 2, 3, 4)), values.std((0, 2, 3, 4))


def draw_captions(clips: list[Clip], rng: random.Random) -> list[str]:
    """A fresh caption for every clip, or what guidance leads away from: the empty one, or a large model's."""

    def drawn(clip: Clip) -> str:
        if rng.random() < EMPTY_SHARE:
            return NEGATIVE if rng.random() < NEGATIVE_SHARE else ""
        return clip_captions.caption(clip, rng)

    return [drawn(clip) for clip in clips]


def moving_weights(clean: Tensor) -> Tensor:
    """How much the error counts at every place, float [n, 1, 1, rows, columns], 1 in the mean over each clip.

    What moves covers a small part of a clip, and would else be learnt last.
    """
    change = clean.std(dim=2, keepdim=True).mean(dim=1, keepdim=True)
    weights = 1 + (MOVING_WEIGHT - 1) * (2 * change).clamp(max=1)
    return weights / weights.mean(dim=(3, 4), keepdim=True)


def flow_loss(
    transformer: SanaVideoTransformer3DModel, clean: Tensor, text: Tensor, mask: Tensor, sigmas: Tensor, held: bool
) -> Tensor:
    """The mean squared error of the velocity, by `moving_weights`; with `held`, the first latent frame is clean and has
    timestep 0.
    """
    noise = torch.randn_like(clean)
    share = sigmas.view(-1, 1, 1, 1, 1).expand(-1, 1, clean.shape[2], 1, 1).clone()
    if held:
        share[:, :, 0] = 0
    noisy = (1 - share) * clean + share * noise
    timesteps = sigmas * 1000
    if held:  # one for each token
        _, rows, columns = transformer.config.patch_size
        tokens = clean.shape[3] // rows * (clean.shape[4] // columns)
        timesteps = (1000 * share).flatten(1).repeat_interleave(tokens, dim=1)
    velocity = transformer(noisy, text, timestep=timesteps, encoder_attention_mask=mask).sample
    error = (velocity.float() - (noise - clean)).square() * moving_weights(clean)
    return error[:, :, int(held) :].mean()


def train(data: Path, vae: Path, output: Path, minutes: float, device: torch.device, starter: Path = STARTER) -> None:
    output.mkdir(parents=True, exist_ok=True)
    alone()
    frames, clips = load_dataset(data)
    autoencoder = AutoencoderKLLTX2Video.from_pretrained(vae).to(device).eval()
    stored = encode_dataset(autoencoder, frames[:ENCODED], output / "latents.npy")
    clips = clips[: len(stored)]
    mean, deviation = latent_statistics(stored)
    latents = torch.from_numpy(stored.astype(np.float32))
    latents = ((latents - mean.view(-1, 1, 1, 1)) / deviation.view(-1, 1, 1, 1)).to(device)

    torch.manual_seed(0)
    tokenizer = build_tokenizer(clip_captions.words())
    text_encoder = build_text_encoder(len(tokenizer)).to(device)
    transformer = build_transformer().to(device)
    begin_transformer(transformer, starter)
    begin_text_encoder(text_encoder, tokenizer, starter)
    modules = nn.ModuleList([text_encoder, transformer])
    optimizers = build_optimizers(text_encoder, transformer)
    average = WeightAverage(modules.parameters(), decay=0.996)
    state_path = output / "state.pt"
    step, spent = load_training(state_path, modules, optimizers, average)
    budget = TimeBudget(minutes, spent)
    rng = random.Random(f"clips {step}")
    torch.manual_seed(1000 * step + 1)
    shown: dict[bool, float] = {}
    saved = budget.spent
    batch = batch_size(BATCH, device)
    while budget.fraction < 1:
        for optimizer in optimizers:
            optimizer.param_groups[0]["lr"] = cosine_rate(PEAK_RATE, budget.fraction, step, warmup=60)
        chosen = [rng.randrange(len(clips)) for _ in range(batch)]
        ids, mask = (t.to(device) for t in tokenize(tokenizer, draw_captions([clips[k] for k in chosen], rng)))
        held = rng.random() < HELD_SHARE
        # for these few tokens the plain attention is faster backwards than the fused one
        with torch.autocast(device.type, torch.bfloat16), sdpa_kernel(SDPBackend.MATH):
            text = text_encoder(ids, attention_mask=mask).last_hidden_state
            loss = flow_loss(transformer, latents[chosen], text, mask, sample_sigmas(batch, device), held)
        modules.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(modules.parameters(), 1.0)
        with torch.autocast(device.type, torch.bfloat16):  # Muon's products need no more
            for optimizer in optimizers:
                optimizer.step()
        step += 1
        average.update(step)
        shown[held] = loss.item() if held not in shown else 0.97 * shown[held] + 0.03 * loss.item()
        if step % 20 == 0:
            print(
                f"step {step}  {budget.spent:.0f} s  loss " + " ".join(f"{v:.4f}" for _, v in sorted(shown.items())),
                flush=True,
            )
        if budget.spent - saved > 180:
            saved = budget.spent
            save_training(state_path, modules, optimizers, average, step, budget.spent)
    average.swap()
    write_summary(output / "summary.json", step, modules)
    save_pipeline(output / "pipeline", tokenizer, text_encoder, transformer, autoencoder, mean, deviation)


def save_pipeline(
    folder: Path,
    tokenizer: PreTrainedTokenizerFast,
    text_encoder: Gemma2Model,
    transformer: SanaVideoTransformer3DModel,
    autoencoder: AutoencoderKLLTX2Video,
    mean: Tensor,
    deviation: Tensor,
) -> None:
    """A diffusers checkpoint in full precision."""
    autoencoder.latents_mean.copy_(mean)
    autoencoder.latents_std.copy_(deviation)
    scheduler = DPMSolverMultistepScheduler(
        use_flow_sigmas=True, prediction_type="flow_prediction", flow_shift=FLOW_SHIFT
    )
    SanaVideoPipeline(tokenizer, text_encoder, autoencoder, transformer, scheduler).save_pretrained(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--vae", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=50)
    options = parser.parse_args()
    train(options.data, options.vae, options.output, options.minutes, best_device())


if __name__ == "__main__":
    main()
