"""What a benchmark's figures come to, in a few sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

STAGES = {"text_encoder": "text encoder", "step": "step", "decode": "decoding"}


def verdict(rows: Sequence[Mapping[str, Any]], ratios: Mapping[str, Mapping[str, Any]], steps: int) -> list[str]:
    """Who is fastest, what each spends its time on, and whether it reaches its target beside diffusers."""
    own = [row for row in rows if row["name"] != "diffusers"]
    fastest = min(own, key=lambda row: row["seconds"]["picture"])
    sentences = [f"{fastest['name']} is the fastest here: {fastest['seconds']['picture']:.2f} s for a picture."]
    for row in own:
        spent = {name: row["seconds"][name] * (steps if name == "step" else 1) for name in STAGES}
        most = max(spent, key=lambda name: spent[name])
        share = row["stages"][most]["share_of_limit"]
        if share is None:
            continue
        words = "its steps" if most == "step" else f"its {STAGES[most]}"
        part = spent[most] / row["seconds"]["picture"]
        sentences.append(
            f"{row['name']} spends {part:.0%} of a picture on {words}, at {share:.0%} of the machine's limit."
        )
    for pair, ratio in ratios.items():
        if targets := ratio.get("targets"):
            missed = [name for name, most in targets.items() if ratio[name] is not None and ratio[name] > most]
            if missed:
                told = ", ".join(f"{name} {ratio[name]:.2f} instead of {targets[name]:.2f}" for name in missed)
                sentences.append(f"{pair}: target missed ({told}).")
            else:
                sentences.append(f"{pair}: target met.")
    return sentences
