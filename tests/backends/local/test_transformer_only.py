"""Both backends generate with a transformer from a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.backends.local.mlx_model import MLXModel
from app.backends.local.torch.model import TorchModel
from app.diffusion.noise import Noise
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.models.checkpoint.transformer_only import Base, complete, read_transformer
from tests.backends.random_checkpoint import write_checkpoint


@pytest.mark.parametrize("kind", ["torch", "mlx"])
def test_the_weights_are_those_of_the_file(checkpoint_folder: Callable[..., Path], tmp_path: Path, kind: str) -> None:
    base = open_checkpoint(checkpoint_folder())
    other = open_checkpoint(write_checkpoint(tmp_path / "other", seed=7))
    file = other.weight_files("transformer")[0].rename(tmp_path / "tuned.safetensors")

    def velocity(checkpoint):
        model = TorchModel(checkpoint, "float32") if kind == "torch" else MLXModel(checkpoint, "float32", 2**33)
        latents = Noise(1).draw((1, checkpoint.latent_channels, 4, 4))
        return model.velocity(latents, 500.0, [model.encode_prompt("a house")])

    tuned, before = velocity(complete(read_transformer(file), [Base("base", (), base)])), velocity(base)
    assert np.isfinite(tuned).all()
    assert np.abs(tuned - before).max() > 0.01
