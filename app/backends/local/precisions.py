"""The precisions that backends on this machine compute in: their order, their words, and the setting to choose one."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.message import message
from app.core.request import AUTO
from app.library.setting import Setting

SAFER = ("4bit", "8bit", "bfloat16", "float32")
"""The precisions, each safer than the one before."""

IN_WORDS = {
    "4bit": message("4 bits"),
    "8bit": message("8 bits"),
    "bfloat16": message("half precision"),
    "float32": message("full precision"),
}

LABELS = {
    AUTO: message("Automatic"),
    "float32": message("Full (float32)"),
    "bfloat16": message("Half (bfloat16)"),
    "8bit": message("8 bits"),
    "4bit": message("4 bits"),
}
"""As a list to choose from says them."""


def precision_setting(backend: str, name: str, precisions: Sequence[str]) -> Setting:
    """What "auto" means for a backend, as its user wishes."""
    return Setting(
        f"precision.{backend}",
        AUTO,
        message("Precision with {name}", name=name),
        message(
            "How exactly {name} computes. A lower precision needs less memory; the pictures differ slightly.", name=name
        ),
        "Backends",
        "choice",
        tuple((value, LABELS[value]) for value in (AUTO, *precisions)),
    )
