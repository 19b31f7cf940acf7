"""Makes the starter model from nothing: draws, trains, exports, measures, and writes the model card.

Every stage keeps what it made in the work folder and is skipped when that is there, so that an interrupted run goes
on where it was; the two long trainings resume from their last saved state. About three hours on two CPU cores, minutes
on a GPU.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import autoencoder
import captions
import decoder
import numpy as np
import reader
import transformer
from card import write_card, write_samples
from dataset import draw_dataset, load_dataset
from diffusers import AutoencoderDC
from evaluate import GUIDANCE, STEPS, load_pipeline, measure
from export import export_half, write_preview, write_vocabulary
from training import best_device

ROOT = Path(__file__).resolve().parents[2]
SCENES = 16_000
CAPTIONS = 160  # per language, for measuring


def held_out_error(vae: Path) -> float:
    """The autoencoder's mean absolute error on freshly drawn scenes of the held-out combinations."""
    _, pictures = reader.draw_held_out(64)
    return autoencoder.reconstruction_error(AutoencoderDC.from_pretrained(vae).eval(), pictures)


def training_story(work: Path, autoencoder_minutes: float, transformer_minutes: float, decoder_minutes: float) -> str:
    """The paragraph of the card that says what the weights cost."""
    device = "a GPU" if best_device().type == "cuda" else "two CPU cores"
    small, large, last = (
        json.loads((work / name / "summary.json").read_text()) for name in ("autoencoder", "transformer", "decoder")
    )
    return (
        f"On {device}: {SCENES:,} drawn scenes; autoencoder {small['parameters'] / 1e6:.1f} M parameters, "
        f"{small['steps']:,} steps in {autoencoder_minutes:.0f} minutes; transformer and text encoder "
        f"{large['parameters'] / 1e6:.1f} M parameters, {large['steps']:,} steps in {transformer_minutes:.0f} minutes; "
        f"the decoder trained on with the transformer's latents, {last['steps']:,} steps in {decoder_minutes:.0f} "
        "minutes. "
        f"Captions are written anew each time a scene is shown, in many forms, {captions.CHINESE_SHARE:.0%} in Chinese."
    )


def main() -> None:
    cuda = best_device().type == "cuda"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build" / "starter", help="where the stages keep their results"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "resources" / "starter")
    parser.add_argument("--autoencoder-minutes", type=float, default=6 if cuda else 45)
    parser.add_argument("--transformer-minutes", type=float, default=10 if cuda else 65)
    parser.add_argument("--decoder-minutes", type=float, default=4 if cuda else 40)
    options = parser.parse_args()
    data, work, output = options.work / "data", options.work, options.output

    draw_dataset(data, SCENES)
    vae = work / "autoencoder" / "vae"
    if not vae.exists():
        autoencoder.train(data, work / "autoencoder", options.autoencoder_minutes, best_device())
    trained, latents = work / "transformer" / "pipeline", work / "transformer" / "latents.npy"
    if not trained.exists():
        transformer.train(data, vae, work / "transformer", options.transformer_minutes, best_device())
    polished = work / "decoder" / "pipeline"
    if not polished.exists():
        decoder.train(data, trained, latents, work / "decoder", options.decoder_minutes, best_device())
    if not reader.WEIGHTS.exists():
        reader.train(data, reader.WEIGHTS, best_device())

    output.mkdir(parents=True, exist_ok=True)
    export_half(polished, output)
    pictures, _ = load_dataset(data)
    write_preview(output, np.load(latents, mmap_mode="r"), pictures)
    write_vocabulary(output)

    pipeline = load_pipeline(output)
    judge = reader.load_reader()
    figures: dict[str, Any] = {
        language: measure(pipeline, judge, CAPTIONS, language, STEPS, GUIDANCE) for language in ("en", "zh")
    }
    figures |= {"reader": reader.validate(judge, 1000), "captions_per_language": CAPTIONS}
    print(json.dumps(figures, indent=2))
    write_samples(output, pipeline)
    story = training_story(
        work, options.autoencoder_minutes, options.transformer_minutes, options.decoder_minutes
    )  # fmt: skip
    write_card(output, figures, held_out_error(output / "vae"), {"TRAINING": story})


if __name__ == "__main__":
    main()
