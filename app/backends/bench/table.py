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
        *_machine(result["machine"]),
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
    peaks = [row.get("peak_memory_bytes") for row in rows]
    cells = [f"{peak / 1e9:.2f} GB" if peak else "" for peak in peaks]
    lines.append(f"{'peak memory':<26}" + "".join(f"{cell:>20}" for cell in cells))
    lines += ["", *_rates(rows), ""]
    for row in rows:
        if "limits" in row:
            limit = row["limits"]
            rates = f"{limit['gigaflops']:,.0f} GFLOP/s and moves {limit['gigabytes']:,.0f} GB/s"
            lines.append(f"{row['name']} does at most {rates}.")
    lines += tiles(rows, result["halo"], max(width, height))
    for pair, ratios in result["ratios"].items():
        shown = ", ".join(
            f"{STAGES[name]} {value:.2f}" for name, value in ratios.items() if name in STAGES and value is not None
        )
        lines.append(f"{pair}: {shown}")
    lines += ["", *result["verdict"]]
    return "\n".join(line.rstrip() for line in lines)


def _machine(machine: dict[str, Any]) -> list[str]:
    memory = machine["memory_bytes"] / 2**30
    system = f"{machine['system']} {machine['system_version']}"
    return [
        f"{machine['chip']}, {machine['cores']} cores, {memory:.0f} GB; {system}",
        ", ".join(f"{name} {version}" for name, version in machine["versions"].items()),
        "",
    ]


def tiles(rows: list[dict[str, Any]], halo: dict[str, float], side: int) -> list[str]:
    """How the picture is decoded, and what the halos of tiles cost."""
    lines = []
    for row in rows:
        if tile := row.get("tile"):
            lines.append(
                f"{row['name']} decodes " + ("it whole." if tile >= side else f"it in tiles of {tile} pixels.")
            )
    if halo:
        told = ", ".join(f"{ratio:.2f} in tiles of {tile}" for tile, ratio in halo.items())
        lines.append(f"Operations of decoding over those of the whole picture: {told}.")
    return lines


def _rates(rows: list[dict[str, Any]]) -> list[str]:
    """What each stage computed and moved a second."""
    lines = [f"{'GFLOP/s; GB/s':<26}" + "".join(f"{row['name']:>20}" for row in rows if "stages" in row)]
    for name in ("text_encoder", "step", "decode"):
        stages = [row["stages"][name] for row in rows if "stages" in row]
        rates = [(stage["gigaflops_per_second"], stage["gigabytes_per_second"]) for stage in stages]
        cells = [f"{computed:,.1f}; {moved:,.1f}" if computed is not None else "" for computed, moved in rates]
        lines.append(f"{STAGES[name]:<26}" + "".join(f"{cell:>20}" for cell in cells))
    return lines
