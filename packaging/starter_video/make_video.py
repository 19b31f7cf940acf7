"""Makes the starter model for video from nothing, once there is one for pictures: draws, trains, exports, measures, and
writes the model card.

Every stage keeps what it made in the work folder and is skipped when that is there; the trainings resume from their
last saved state. What is bundled took about four hours on one shared CPU core (autoencoder 33 minutes, transformer 127,
decoder 68). The reader saw 99 % of what was to move from text, and all of it from a picture, move as asked.
What moves is a little soft, which more of the decoder's training would mend.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "packaging" / "starter_model"), str(ROOT)]

import clip_autoencoder  # noqa: E402
import clip_decoder  # noqa: E402
import clip_transformer  # noqa: E402
import motion_reader  # noqa: E402
from captions import CHINESE_SHARE  # noqa: E402
from clip_card import write_card, write_samples  # noqa: E402
from clip_dataset import draw_dataset  # noqa: E402
from clip_evaluate import load_pipeline, measure  # noqa: E402
from clip_export import export_half, write_vocabulary  # noqa: E402
from diffusers import AutoencoderKLLTX2Video  # noqa: E402
from training import best_device  # noqa: E402

CLIPS = 6_000
CAPTIONS = 120  # of each kind, for measuring


def training_story(work: Path, minutes: dict[str, float]) -> str:
    """The paragraph of the card that says what the weights cost."""
    device = "a GPU" if best_device().type == "cuda" else "one CPU core"
    names = ("autoencoder", "transformer", "decoder")
    small, large, last = (json.loads((work / name / "summary.json").read_text()) for name in names)
    return (
        f"On {device}: {CLIPS:,} drawn clips; autoencoder {small['parameters'] / 1e6:.1f} M parameters, "
        f"{small['steps']:,} steps in {minutes['autoencoder']:.0f} minutes; transformer and text encoder "
        f"{large['parameters'] / 1e6:.1f} M parameters, begun with those of the picture model, {large['steps']:,} "
        f"steps in {minutes['transformer']:.0f} minutes, {clip_transformer.HELD_SHARE:.0%} of them with the first "
        f"latent frame given; the decoder trained on where things move, {last['steps']:,} steps in "
        f"{minutes['decoder']:.0f} minutes. "
        f"Captions are written anew each time a clip is shown, {CHINESE_SHARE:.0%} in Chinese, half of them with a "
        "motion score."
    )


def main() -> None:
    cuda = best_device().type == "cuda"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build" / "starter_video", help="where the stages keep theirs"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "resources" / "starter_video")
    for stage, longest, shortest in (("autoencoder", 120, 8), ("transformer", 240, 20), ("decoder", 60, 5)):
        parser.add_argument(f"--{stage}-minutes", type=float, default=shortest if cuda else longest)
    options = parser.parse_args()
    minutes = {name: getattr(options, f"{name}_minutes") for name in ("autoencoder", "transformer", "decoder")}
    data, work, output = options.work / "data", options.work, options.output

    draw_dataset(data, CLIPS)
    vae = work / "autoencoder" / "vae"
    if not vae.exists():
        clip_autoencoder.train(data, work / "autoencoder", minutes["autoencoder"], best_device())
    trained, latents = work / "transformer" / "pipeline", work / "transformer" / "latents.npy"
    if not trained.exists():
        clip_transformer.train(data, vae, work / "transformer", minutes["transformer"], best_device())
    polished = work / "decoder" / "vae"
    if not polished.exists():
        clip_decoder.train(data, vae, latents, work / "decoder", minutes["decoder"], best_device())
    if not motion_reader.WEIGHTS.exists():
        motion_reader.train(data, motion_reader.WEIGHTS, best_device())

    output.mkdir(parents=True, exist_ok=True)
    export_half(trained, polished, output)
    write_vocabulary(output)
    pipeline = load_pipeline(output)
    figures: dict[str, Any] = {**measure(pipeline, CAPTIONS), "captions": CAPTIONS}
    print(json.dumps(figures, indent=2))
    write_samples(output, pipeline)
    _, frames = motion_reader.draw_held_out(64)
    autoencoder = AutoencoderKLLTX2Video.from_pretrained(output / "vae").float().eval()
    error = clip_autoencoder.reconstruction_error(autoencoder, frames)
    write_card(output, figures, error, training_story(work, minutes))


if __name__ == "__main__":
    main()
