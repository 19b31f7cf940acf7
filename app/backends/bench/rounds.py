"""Runs the contestants in turn, so that a busy moment of the machine meets all of them alike, and sums up."""

from __future__ import annotations

import itertools
import logging
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.backends.bench.contestants import BackendContestant, Contestant, PlainPipeline, Times
from app.backends.bench.here import here
from app.backends.bench.limits import limits
from app.backends.bench.verdict import verdict
from app.backends.local.backend import LocalBackend
from app.core.memory import BYTES_PER_WEIGHT, peak_memory
from app.core.request import GenerationRequest
from app.library import machine
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.sana_mlx import work
from app.sana_mlx.config import AutoencoderConfig, TextEncoderConfig, TransformerConfig

log = logging.getLogger(__name__)

STEPS = 8
MIN_ROUNDS, MAX_ROUNDS = 2, 7
SECONDS = 70.0
"""No new round is begun after so many seconds."""
PROMPT = "a red sailboat on the sea at sunset"
TARGETS = {"picture": 1.05, "reroll": 0.9}
"""Of the time of diffusers' own pipeline."""
TILES = (1024, 512, 256, 128)
"""Sides in pixels whose halo is told."""


def bench(backends: Sequence[LocalBackend], model: str, report: Callable[[str], None]) -> dict[str, Any]:
    """Measure some back ends, and diffusers beside one whose libraries run it. The result is JSON-ready.

    Raises:
        UserError: the model cannot be used.
    """
    checkpoint = backends[0].checkpoint(model)
    request = (
        backends[0]
        .capabilities(model)
        .resolve(
            GenerationRequest(PROMPT, model=model, seed=7, steps=min(STEPS, 2 if checkpoint.guidance_embeds else STEPS))
        )
    )
    contestants: list[Contestant] = [BackendContestant(backend) for backend in backends]
    for contestant in contestants:
        report(f"Warming up {contestant.name}")
        contestant.generate(request)
    beside = next((c for c in contestants if isinstance(c, BackendContestant) and c.backend.diffusers_beside), None)
    if beside is not None and (plain := _plain(checkpoint, request, beside, report)) is not None:
        contestants.append(plain)
    pictures: dict[str, list[Times]] = {contestant.name: [] for contestant in contestants}
    rerolls: dict[str, list[Times]] = {contestant.name: [] for contestant in contestants}
    began = time.monotonic()
    rounds = 0
    while rounds < MIN_ROUNDS or (rounds < MAX_ROUNDS and time.monotonic() - began < SECONDS):
        rounds += 1
        report(f"Round {rounds}")
        # Another prompt in each round, or the back ends would know its embedding.
        prompt = request.replace(prompt=f"{PROMPT}{' again' * rounds}")
        for contestant in contestants[rounds % len(contestants) :] + contestants[: rounds % len(contestants)]:
            pictures[contestant.name].append(contestant.generate(prompt))
            rerolls[contestant.name].append(contestant.generate(prompt.replace(seed=8)))
    for contestant in contestants:
        contestant.close()
    rows = [_row(c, checkpoint, request, pictures[c.name], rerolls[c.name]) for c in contestants]
    ratios = _ratios(rows)
    return {
        # The name of somebody's folder is theirs; the report is for others.
        "model": "a model of the user's own" if Path(model).is_dir() else checkpoint.name,
        "size": [request.width, request.height],
        "steps": request.steps,
        "guidance": request.guidance,
        "rounds": rounds,
        "machine": here(),
        "halo": halo(AutoencoderConfig.from_dict(checkpoint.vae), request.width or 0, request.height or 0),
        "contestants": rows,
        "ratios": ratios,
        "verdict": verdict(rows, ratios, request.steps or 1),
    }


def _plain(
    checkpoint: Checkpoint, request: GenerationRequest, beside: Contestant, report: Callable[[str], None]
) -> PlainPipeline | None:
    """diffusers on the same device in the same precision; None where it does not fit beside the others."""
    width, height = request.width or 0, request.height or 0
    needed = peak_memory(checkpoint.size, width, height, beside.precision, tile=0)
    if 2 * needed > machine.memory_budget():
        report(f"Without diffusers: it needs {needed / 1e9:.1f} GB of memory beside the others.")
        return None
    report("Warming up diffusers")
    plain = PlainPipeline(checkpoint, beside.device, beside.precision)
    try:
        plain.generate(request)
    except Exception as error:  # its limits are not this app's; the others are measured all the same
        log.exception("diffusers could not generate")
        report(f"Without diffusers: {error}")
        return None
    return plain


def _row(
    contestant: Contestant, checkpoint: Checkpoint, request: GenerationRequest,
    pictures: Sequence[Times], rerolls: Sequence[Times],
) -> dict[str, Any]:  # fmt: skip
    seconds = {
        "text_encoder": [times.text_encoder for times in pictures],
        "step": [times.step for times in (*pictures, *rerolls)],
        "decode": [times.decode for times in (*pictures, *rerolls)],
        "picture": [times.whole for times in pictures],
        "reroll": [times.whole for times in rerolls],
    }
    row: dict[str, Any] = {
        "name": contestant.name,
        "device": contestant.device,
        "precision": contestant.precision,
        "seconds": {name: round(statistics.median(values), 5) for name, values in seconds.items()},
        "fastest": {name: round(min(values), 5) for name, values in seconds.items()},
    }
    if isinstance(contestant, BackendContestant):
        row["peak_memory_bytes"] = contestant.peak_memory
        row |= _against_the_limits(contestant, checkpoint, request, row["seconds"])
    return row


def _against_the_limits(
    contestant: BackendContestant, checkpoint: Checkpoint, request: GenerationRequest, seconds: dict[str, float]
) -> dict[str, Any]:
    """The work of each stage, and the share of its time that the machine would need at its best."""
    limit = limits(contestant.backend, contestant.device, contestant.precision)
    width, height = request.width or 0, request.height or 0
    prompt = min(checkpoint.prompt_tokens, len(request.prompt.split()) + 1)
    text_encoder, transformer = (
        TextEncoderConfig.from_dict(checkpoint.text_encoder),
        TransformerConfig.from_dict(checkpoint.transformer),
    )
    autoencoder = AutoencoderConfig.from_dict(checkpoint.vae)
    tokens = (width // checkpoint.token_pixels) * (height // checkpoint.token_pixels)
    passes = 2 if (request.guidance or 1) > 1 and not checkpoint.guidance_embeds else 1
    half = 4.0 if contestant.precision == "float32" else 2.0
    per_weight = BYTES_PER_WEIGHT[contestant.precision]
    # A decoder's weights are never quantized.
    decoder_bytes = 4.0 if contestant.backend.decoder_precision == "float32" else half
    works = {
        "text_encoder": (work.text_encoder(text_encoder, prompt), per_weight, half),
        "step": (work.transformer(transformer, tokens, prompt).times(passes), per_weight, half),
        "decode": (work.decoder(autoencoder, width, height), decoder_bytes, decoder_bytes),
    }
    stages = {}
    for name, (stage, weight, value) in works.items():
        moved = stage.bytes(weight, value)
        least = limit.seconds(stage.operations, moved)
        stages[name] = {
            "gigaflops": round(stage.operations / 1e9, 4),
            "megabytes": round(moved / 1e6, 3),
            "least_seconds": round(least, 6),
            "gigaflops_per_second": _rate(stage.operations, seconds[name]),
            "gigabytes_per_second": _rate(moved, seconds[name]),
            "share_of_limit": round(least / seconds[name], 3) if seconds[name] > 0 else None,
        }
    return {
        "tile": contestant.backend.decoder_tile(checkpoint, width, height, contestant.precision),
        "limits": {"gigaflops": round(limit.operations / 1e9, 1), "gigabytes": round(limit.bandwidth / 1e9, 1)},
        "stages": stages,
    }


def halo(config: AutoencoderConfig, width: int, height: int) -> dict[str, float]:
    """What decoding in tiles computes, halos included, over what the whole picture takes; by the tiles' sides."""
    whole = work.decoder(config, width, height).operations
    sides = [side for side in TILES if side < max(width, height)]
    return {str(side): round(work.decoder(config, width, height, side).operations / whole, 3) for side in sides}


def _ratios(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Times of one contestant over those of another in the same run; medians."""
    seconds = {row["name"]: row["seconds"] for row in rows}
    ratios: dict[str, Any] = {}
    for one, other in itertools.combinations([name for name in seconds if name != "diffusers"], 2):
        names = ("step", "decode", "picture", "reroll")
        ratios[f"{one}/{other}"] = {name: _ratio(seconds[one][name], seconds[other][name]) for name in names}
    for name in seconds.keys() - {"diffusers"} if "diffusers" in seconds else ():
        plain = seconds["diffusers"]["picture"]
        ratios[f"{name}/diffusers"] = {
            "picture": _ratio(seconds[name]["picture"], plain),
            # diffusers knows no re-roll: it reads the prompt again.
            "reroll": _ratio(seconds[name]["reroll"], plain),
            "targets": TARGETS,
        }
    return ratios


def _rate(amount: float, seconds: float) -> float | None:
    return round(amount / 1e9 / seconds, 3) if seconds > 0 else None


def _ratio(time_: float, other: float) -> float | None:
    return round(time_ / other, 3) if other > 0 else None
