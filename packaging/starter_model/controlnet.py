"""Trains a small ControlNet for the starter model: outlines of a scene show where things stand.

    python packaging/starter_model/controlnet.py resources/starter-edges

It draws scenes, takes their edges as the app does, and trains by flow matching while the starter model stays as it is.
About 40 minutes on one CPU core. Run it from the checkout's root, with that on PYTHONPATH.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from autoencoder import to_tensor
from captions import caption
from diffusers import AutoencoderDC, SanaControlNetModel, SanaTransformer2DModel
from drawing import draw_scene
from scenes import POSITIONS, SIDE, Scene, sample_split
from subjects import POSITION_X
from torch import Tensor
from training import TimeBudget, WeightAverage, best_device, cosine_rate
from transformer import sample_sigmas, tokenize
from transformers import Gemma2Model, PreTrainedTokenizerFast

from app.library.pictures.edges import outlines

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "resources" / "starter"
SCENES = 3_000
LAYERS = 2
BATCH = 24
PEAK_RATE = 1.5e-3
EMPTY_SHARE = 0.3  # captions left out, so that the outlines alone must tell
ALONE_SHARE = 0.3  # pictures of which only the subject's own outlines are given
SUBJECT_HALF = 0.2  # of the picture's width: a subject reaches no further to either side
LATENT_NOISE = 0.02


def draw_control_scene(rng: random.Random) -> tuple[Scene, np.ndarray, np.ndarray]:
    """A scene with its subject anywhere rather than at one of three places, its picture and its outlines."""
    scene = sample_split(rng, held_out=False)
    x = rng.uniform(0.2, 0.8)
    scene = replace(scene, position=min(POSITIONS, key=lambda name: abs(POSITION_X[name] - x)))
    picture = np.asarray(draw_scene(scene, rng, x))
    lines = outlines(picture)
    if rng.random() < ALONE_SHARE:
        lines[:, : max(0, round((x - SUBJECT_HALF) * SIDE))] = 0
        lines[:, round((x + SUBJECT_HALF) * SIDE) :] = 0
    return scene, picture, lines


@torch.no_grad()
def encode_scenes(work: Path, count: int) -> tuple[list[Scene], Tensor, Tensor]:
    """Scenes, and the scaled latents of their pictures and outlines; kept in `work` for the next run."""
    kept, described = work / "latents.npy", work / "scenes.json"
    if not described.exists():
        work.mkdir(parents=True, exist_ok=True)
        vae = AutoencoderDC.from_pretrained(STARTER / "vae", torch_dtype=torch.float32).eval()
        scenes, latents = [], []
        for index in range(count):
            scene, *pair = draw_control_scene(random.Random(f"control {index}"))
            latents.append((vae.encode(to_tensor(np.stack(pair))).latent * vae.config.scaling_factor).half().numpy())
            scenes.append(asdict(scene))
            if index % 100 == 0:
                print(f"encoded {index} of {count}", flush=True)
        np.save(kept, np.stack(latents))
        described.write_text(json.dumps(scenes))
    both = torch.from_numpy(np.load(kept)).float()
    return [Scene(**entry) for entry in json.loads(described.read_text())], both[:, 0], both[:, 1]


def build_controlnet(base: SanaTransformer2DModel) -> SanaControlNetModel:
    """The base's first blocks, but for the norms of queries and keys, which this kind of network lacks.

    Their weights go into the projections. The norms' division is left out: linear attention hardly feels it.
    """
    kept = (
        "in_channels out_channels num_attention_heads attention_head_dim num_cross_attention_heads sample_size "
        "cross_attention_head_dim cross_attention_dim caption_channels mlp_ratio patch_size interpolation_scale"
    )
    network = SanaControlNetModel(num_layers=LAYERS, **{name: base.config[name] for name in kept.split()})
    weights = base.state_dict()
    for name, tensor in weights.items():
        if name.endswith(("norm_q.weight", "norm_k.weight")):
            projection = name.replace("norm_", "to_")
            weights[projection] = weights[projection] * tensor[:, None]
            if (bias := projection.replace("weight", "bias")) in weights:
                weights[bias] = weights[bias] * tensor
    known = network.state_dict()
    missing = network.load_state_dict({name: t for name, t in weights.items() if name in known}, strict=False)
    assert all(name.startswith(("controlnet_blocks", "input_block")) for name in missing.missing_keys)
    return network


def draw_caption(scene: Scene, rng: random.Random) -> str:
    return "" if rng.random() < EMPTY_SHARE else caption(scene, rng)


def train(work: Path, output: Path, minutes: float, count: int) -> None:
    device = best_device()
    scenes, pictures, lines = encode_scenes(work, count)
    pictures, lines = pictures.to(device), lines.to(device)
    torch.manual_seed(0)
    rng = random.Random(0)
    load = {"torch_dtype": torch.float32, "local_files_only": True}
    base = SanaTransformer2DModel.from_pretrained(STARTER / "transformer", **load).requires_grad_(False).to(device)
    text_encoder = Gemma2Model.from_pretrained(STARTER / "text_encoder", **load).requires_grad_(False).to(device)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(STARTER / "tokenizer")
    tokenizer.padding_side = "right"
    network = build_controlnet(base).to(device).train()
    optimizer = torch.optim.AdamW(network.parameters(), PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    average = WeightAverage(network.parameters(), decay=0.995)
    budget, step, shown = TimeBudget(minutes), 0, None
    while budget.fraction < 1:
        optimizer.param_groups[0]["lr"] = cosine_rate(PEAK_RATE, budget.fraction, step, warmup=50)
        chosen = [rng.randrange(len(scenes)) for _ in range(BATCH)]
        ids, mask = (t.to(device) for t in tokenize(tokenizer, [draw_caption(scenes[k], rng) for k in chosen]))
        with torch.no_grad():
            text = text_encoder(ids, attention_mask=mask).last_hidden_state
        clean, sigmas = pictures[chosen], sample_sigmas(BATCH, device)
        share, noise = sigmas.view(-1, 1, 1, 1), torch.randn_like(clean)
        noisy = (1 - share) * clean + share * noise
        said = {"encoder_hidden_states": text, "encoder_attention_mask": mask, "timestep": sigmas * 1000}
        control = lines[chosen] + LATENT_NOISE * torch.randn_like(clean)
        samples = network(noisy, controlnet_cond=control, return_dict=False, **said)[0]
        velocity = base(noisy, controlnet_block_samples=tuple(samples), return_dict=False, **said)[0]
        loss = (velocity - (noise - clean)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        step += 1
        average.update(step)
        shown = loss.item() if shown is None else 0.98 * shown + 0.02 * loss.item()
        if step % 20 == 0:
            print(f"step {step}  {budget.spent:.0f} s  loss {shown:.4f}", flush=True)
        if step % 200 == 0:
            average.swap()
            save(network, output)
            average.swap()
    average.swap()
    save(network, output)


def save(network: SanaControlNetModel, output: Path) -> None:
    """In float16, with the base that it was made for: the app goes by that."""
    network.save_pretrained(output)
    half = SanaControlNetModel.from_pretrained(output, torch_dtype=torch.float16)
    half.save_pretrained(output)
    path = output / "config.json"
    values = json.loads(path.read_text())
    values.pop("_name_or_path", None)  # a path of this machine
    path.write_text(json.dumps({**values, "base_model": "starter"}, indent=2, sort_keys=True) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "starter-edges", help="where the scenes are kept")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--scenes", type=int, default=SCENES)
    options = parser.parse_args()
    train(options.work, options.output, options.minutes, options.scenes)


if __name__ == "__main__":
    main()
