"""Which layer, and which of its factors, each tensor of a LoRA file is, whatever program wrote it.

Layers are called as diffusers calls SANA's. Source of the names: peft, diffusers, kohya-ss/sd-scripts, OneTrainer,
ComfyUI and LyCORIS, each as it saves its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.core.message import Message, message
from app.library.models.weights.nvlabs_names import diffusers_modules
from app.library.models.weights.tensors import PREFIXES

_PEFT = ("base_model.", "unet.")
_FLAT = ("lora_unet_", "lora_transformer_", "lycoris_")
"""What kohya's scripts, OneTrainer and LyCORIS put before a layer's name, whose dots they write as underscores."""
_FACTORS = (
    (re.compile(r"\.(lora_A|lora_down|lora\.down)(\.\w+)?\.weight$"), "a"),
    (re.compile(r"\.(lora_B|lora_up|lora\.up)(\.\w+)?\.weight$"), "b"),
    (re.compile(r"\.alpha$"), "alpha"),
)
"""The two factors and the number that scales them; peft puts an adapter's own name into the middle."""
_UNSUPPORTED = (
    (re.compile(r"\.(dora_scale|lora_magnitude_vector\b.*)$"), message("a DoRA")),
    (re.compile(r"\.hada_(w[12]_[ab]|t[12])$"), message("a LoHa")),
    (re.compile(r"\.lokr_(w[12](_[ab])?|t2)$"), message("a LoKr")),
    (re.compile(r"\.(oft_blocks|oft_diag|oft_R|oft_r|rescale)\b"), message("an OFT")),
    (re.compile(r"\.(a[12]|b[12])\.weight$"), message("a GLoRA")),
    (re.compile(r"\.(ia3_l\w*|on_input)\b"), message("an IA3")),
    (re.compile(r"\.lora_mid\.weight$"), message("a LoRA with a third factor")),
    (re.compile(r"\.(diff|diff_b|set_weight|w_norm|b_norm)$"), message("a LoRA with whole weights in it")),
    (re.compile(r"\.(lora_B|lora_up)(\.\w+)?\.bias$"), message("a LoRA with biases")),
)
_TEXT_ENCODER = re.compile(r"^(text_encoder(_\d)?\.|lora_te\d?_|te\d?\.|conditioner\.)")

Places = Mapping[str, tuple[str, ...]]


def parse(key: str) -> tuple[str, str]:
    """A tensor's layer, as the file calls it but for what stands before all names, and "a", "b", "alpha" or ""."""
    for pattern, factor in _FACTORS:
        if pattern.search(key):
            return bare(pattern.sub("", key)), factor
    return bare(key), ""


def bare(name: str) -> str:
    """A name without what programs put before all of them."""
    while prefix := next((prefix for prefix in (*_PEFT, *PREFIXES, *_FLAT) if name.startswith(prefix)), ""):
        name = name.removeprefix(prefix)
    return name


def places(layers: Iterable[str]) -> Places:
    """The layers of a transformer that each name may stand for: several where NVlabs joins their rows."""
    known = frozenset(layers)
    numbers = [int(block[1]) for name in known if (block := re.match(r"transformer_blocks\.(\d+)\.", name))]
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in known}
    sprint = any(name.startswith("time_embed.guidance_embedder.") for name in known)
    for name, parts in diffusers_modules(max(numbers, default=-1) + 1, sprint=sprint).items():
        if known.issuperset(parts):
            found.setdefault(name, parts)
    return {**{name.replace(".", "_"): parts for name, parts in found.items()}, **found}


def unsupported(keys: Iterable[str]) -> Message | None:
    """What a file is whose changes are not the product of two factors; None where they are."""
    for key in keys:
        for pattern, kind in _UNSUPPORTED:
            if pattern.search(key):
                return kind
    return None


def is_of_text_encoder(key: str) -> bool:
    """Whether a tensor changes a text encoder."""
    return _TEXT_ENCODER.match(key) is not None
