"""One part of SANA on MLX's CPU build, in this process: by our networks, or by sanasprint-mlx's. `peer.py` starts it.

    python tests/benchmarks/peer_part.py ours|peer step|decode FOLDER INPUTS RESULT [--tile SIDE] [--peer CHECKOUT]

FOLDER holds the checkpoint, INPUTS an .npz, RESULT becomes the output as .npy. Prints the seconds, the processor's, and
the bytes that MLX had in use at most, weights included, as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
REPEATS = {"step": 2, "decode": 1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("who", choices=("ours", "peer"))
    parser.add_argument("part", choices=REPEATS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("inputs", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("--tile", type=int)
    parser.add_argument("--peer", type=Path)
    options = parser.parse_args()

    from app.sana_mlx.blas import load_openblas

    load_openblas()  # for both alike: the wheel's own BLAS is many times slower
    import mlx.core as mx

    inputs = dict(np.load(options.inputs))
    if options.who == "peer":
        sys.path.insert(0, str(options.peer / "src"))
        work = {"step": peer_step, "decode": peer_decode}[options.part](options.folder, inputs, options.tile)
    else:
        work = {"step": our_step, "decode": our_decode}[options.part](options.folder, inputs, options.tile)
    mx.reset_peak_memory()
    seconds, busy = [], []
    for _ in range(REPEATS[options.part]):
        began, computed = time.perf_counter(), time.process_time()
        result = work()
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - computed)
    np.save(options.result, result)
    print(json.dumps({"seconds": min(seconds), "processor": min(busy), "bytes": mx.get_peak_memory()}))


def our_step(folder: Path, inputs: dict[str, Any], tile: int | None) -> Callable[[], np.ndarray]:
    model = ours(folder)
    model.load_transformer()
    # As in the app, padding is left out rather than masked.
    embeddings = inputs["embeddings"][:, inputs["mask"][0] > 0]
    return lambda: model.velocity(inputs["latents"], 0.7, embeddings, None, 4.5)


def our_decode(folder: Path, inputs: dict[str, Any], tile: int | None) -> Callable[[], np.ndarray]:
    import mlx.core as mx

    from app.sana_mlx.tiling import decode

    decoder = ours(folder).load_decoder()
    latents = mx.array(inputs["latents"].transpose(0, 2, 3, 1))
    return lambda: decode(decoder, latents, tile, lambda pixels: pixels).transpose(0, 3, 1, 2)


def ours(folder: Path) -> Any:
    from app.library.models.weights.header import read_header
    from app.library.models.weights.tensors import find_tensors
    from app.sana_mlx.pipeline import SanaMLX

    parts = ("transformer", "vae")
    files = {part: folder / part / "diffusion_pytorch_model.safetensors" for part in parts}
    tensors = {part: find_tensors(part, {file: read_header(file)})[0] for part, file in files.items()}
    configs = {part: json.loads((folder / part / "config.json").read_text(encoding="utf-8")) for part in parts}
    return SanaMLX(
        folder, precision="float32", clip=False,
        configs={**configs, "text_encoder": {"model_type": "gemma2"}}, tensors={**tensors, "text_encoder": {}},
    )  # fmt: skip


def peer_step(folder: Path, inputs: dict[str, Any], tile: int | None) -> Callable[[], np.ndarray]:
    import mlx.core as mx
    from sanasprint_mlx.transformer.real_model import RealSanaTransformerDenoiser

    side = inputs["latents"].shape[-1]
    model = RealSanaTransformerDenoiser.from_snapshot(folder, sample_size=side, dtype="float32")
    guidance = 4.5 * model.config.guidance_embeds_scale
    told = {
        "encoder_hidden_states": inputs["embeddings"], "encoder_attention_mask": inputs["mask"],
        "guidance": mx.array([guidance]), "timestep": mx.array([0.7]),
    }  # fmt: skip
    return lambda: np.array(model(inputs["latents"], **told)[0])


def peer_decode(folder: Path, inputs: dict[str, Any], tile: int | None) -> Callable[[], np.ndarray]:
    """With its own tiles, of which an eighth overlaps; its own runs keep MLX from caching memory, so this does too."""
    import mlx.core as mx
    from sanasprint_mlx.autoencoder.config import AutoencoderDecodeConfig
    from sanasprint_mlx.autoencoder.decode import AutoencoderDCDecode
    from sanasprint_mlx.autoencoder.mlx_decoder import MLXAutoencoderDCDecoder

    mx.set_cache_limit(0)
    decoder = MLXAutoencoderDCDecoder.from_snapshot(folder, dtype="float32")
    if tile is None:
        return lambda: np.array(decoder.decode(inputs["latents"]))
    config = AutoencoderDecodeConfig(
        use_tiling=True, tile_sample_min_height=tile, tile_sample_min_width=tile,
        tile_sample_stride_height=tile * 7 // 8, tile_sample_stride_width=tile * 7 // 8,
    )  # fmt: skip
    tiled = AutoencoderDCDecode(lambda latents: np.array(decoder.decode(latents)), config)
    return lambda: np.asarray(tiled.decode(inputs["latents"], return_dict=False)[0])


if __name__ == "__main__":
    main()
