"""Gemma-2 as SANA's text encoder: mlx-lm's own network, run for its last hidden states.

Reference: transformers, models/gemma2/modeling_gemma2.py (`Gemma2Model`).
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from types import ModuleType

import mlx.core as mx
import mlx.nn as nn

from .config import TextEncoderConfig


class TextEncoder(nn.Module):
    """Token ids to hidden states."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        gemma2 = _gemma2()
        self.config = config
        fields = {name: value for name, value in vars(config).items() if name != "windows"}
        self.model = gemma2.GemmaModel(gemma2.ModelArgs(model_type="gemma2", **fields))

    def __call__(self, ids: mx.array) -> mx.array:
        """(B, S) ids to (B, S, hidden_size), after the final norm.

        Padding belongs on the right: under the causal mask no token sees it, so it needs no mask of its own.
        """
        model = self.model
        x = model.embed_tokens(ids) * self.config.hidden_size**0.5
        rows, columns = mx.arange(ids.shape[1])[:, None], mx.arange(ids.shape[1])
        causal = columns <= rows
        for layer, window in zip(model.layers, self.config.windows, strict=True):
            x = layer(x, causal if window is None else causal & (columns > rows - window))
        return model.norm(x)

    @staticmethod
    def sanitize(weights: Mapping[str, mx.array]) -> dict[str, mx.array]:
        """A transformers checkpoint's names as this network has them. The head of a language model is not needed."""
        states = {name: weight for name, weight in weights.items() if name != "lm_head.weight"}
        return {f"model.{name.removeprefix('model.')}": weight for name, weight in states.items()}


def _gemma2() -> ModuleType:
    """mlx_lm.models.gemma2, without what `import mlx_lm` brings: transformers and, where it is installed, torch."""
    name = "mlx_lm.models.gemma2"
    if name not in sys.modules and "mlx_lm" not in sys.modules:
        spec = importlib.util.find_spec("mlx_lm")
        if spec is None:
            raise ImportError("mlx-lm is not installed", name="mlx_lm")
        shell = importlib.util.module_from_spec(spec)
        sys.modules["mlx_lm"] = shell
        try:
            return importlib.import_module(name)
        finally:
            # whoever needs mlx-lm itself imports it whole
            del sys.modules["mlx_lm"]
    return importlib.import_module(name)
