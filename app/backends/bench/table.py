"""The benchmark's result for the terminal."""

from __future__ import annotations

from typing import Any

STAGES = {
    "text_encoder": "text encoder",
    "step": "one step",
    "decode": "decoding",
    "picture": "a picture, new prompt",
    "reroll": "a picture, known prompt",
}


def table(result: dict[str, Any]) -> str:
    rows = result["contestants"]
    width, height = result["size"]
    lines = [
        f"{result['model']}, {width} × {height}, {result['steps']} steps, guidance {result['guidance']:g}; "
        f"median of {result['rounds']} rounds, seconds (share of the machine's limit)",
        "",
        f"{'':<26}" + "".join(f"{row['name']:>20}" for row in rows),
        f"{'':<26}" + "".join(f"{row['device'] + ' ' + row['precision']:>20}" for row in rows),
    ]
    for name, words in STAGES.items():
        cells = []
        for row in rows:
            share = row.get("stages", {}).get(name, {}).get("share_of_limit")
            shown = f" ({share:.0%})" if share is not None else ""
            cells.append(f"{row['seconds'][name]:.3f}{shown}")
        lines.append(f"{words:<26}" + "".join(f"{cell:>20}" for cell in cells))
    lines.append("")
    for row in rows:
        if "limits" in row:
            limit = row["limits"]
            rates = f"{limit['gigaflops']:,.0f} GFLOP/s and moves {limit['gigabytes']:,.0f} GB/s"
            lines.append(f"{row['name']} does at most {rates}.")
    for pair, ratios in result["ratios"].items():
        shown = ", ".join(
            f"{STAGES[name]} {value:.2f}" for name, value in ratios.items() if name in STAGES and value is not None
        )
        lines.append(f"{pair}: {shown}")
    return "\n".join(line.rstrip() for line in lines)
