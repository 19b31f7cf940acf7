"""A Sprint checkpoint with random weights for `peer.py`, and what diffusers computes with it.

    python tests/benchmarks/peer_checkpoint.py FOLDER

The networks have the published widths of Sana-Sprint 0.6B (https://arxiv.org/abs/2503.09641) and its whole decoder, but
four blocks of the transformer: all 28 are alike. Writes transformer/, vae/, the inputs (.npz) and diffusers' results
(.npy) of each case.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

BLOCKS, PROMPT, CHANNELS, FACTOR = 4, 300, 32, 32
STEPS = {"step": PROMPT, "step with a short prompt": 60}
"""Cases of the transformer: tokens of the prompt, of the 300 that there are."""
STEP_SIDE = 1024
SIDES = (256, 512)
"""Cases of the decoder: sides of the picture."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    write(parser.parse_args().folder)


def write(folder: Path) -> None:
    import torch
    from diffusers import AutoencoderDC, SanaTransformer2DModel

    torch.manual_seed(0)
    transformer = SanaTransformer2DModel(
        in_channels=CHANNELS, out_channels=CHANNELS, num_attention_heads=36, attention_head_dim=32, num_layers=BLOCKS,
        num_cross_attention_heads=16, cross_attention_head_dim=72, cross_attention_dim=1152, caption_channels=2304,
        mlp_ratio=2.5, sample_size=STEP_SIDE // FACTOR, qk_norm="rms_norm_across_heads", guidance_embeds=True,
    )  # fmt: skip
    kinds = ("ResBlock",) * 3 + ("EfficientViTBlock",) * 3
    autoencoder = AutoencoderDC(
        latent_channels=CHANNELS, attention_head_dim=32, encoder_block_types=kinds, decoder_block_types=kinds,
        encoder_block_out_channels=(128, 256, 512, 512, 1024, 1024), encoder_layers_per_block=(1,) * 6,
        decoder_block_out_channels=(128, 256, 512, 512, 1024, 1024), decoder_layers_per_block=(3,) * 6,
        encoder_qkv_multiscales=((), (), (), (5,), (5,), (5,)), decoder_qkv_multiscales=((), (), (), (5,), (5,), (5,)),
        upsample_block_type="interpolate", downsample_block_type="Conv", scaling_factor=0.41407,
    )  # fmt: skip
    transformer.save_pretrained(folder / "transformer")
    autoencoder.save_pretrained(folder / "vae")
    chance = np.random.default_rng(0)
    with torch.inference_mode():
        for name, tokens in STEPS.items():
            side = STEP_SIDE // FACTOR
            latents = chance.standard_normal((1, CHANNELS, side, side), np.float32)
            embeddings = chance.standard_normal((1, PROMPT, 2304), np.float32)
            mask = (np.arange(PROMPT) < tokens)[None].astype(np.float32)
            np.savez(folder / f"{name}.npz", latents=latents, embeddings=embeddings, mask=mask)
            result = transformer(
                torch.from_numpy(latents), encoder_hidden_states=torch.from_numpy(embeddings),
                encoder_attention_mask=torch.from_numpy(mask), timestep=torch.tensor([0.7]),
                guidance=torch.tensor([4.5 * transformer.config.guidance_embeds_scale]), return_dict=False,
            )[0]  # fmt: skip
            np.save(folder / f"{name}.reference.npy", result.numpy())
        for picture in SIDES:
            shape = (1, CHANNELS, picture // FACTOR, picture // FACTOR)
            latents = chance.standard_normal(shape, np.float32)
            np.savez(folder / f"decode {picture}.npz", latents=latents)
            result = autoencoder.decode(torch.from_numpy(latents), return_dict=False)[0]
            np.save(folder / f"decode {picture}.reference.npy", result.numpy())


if __name__ == "__main__":
    main()
