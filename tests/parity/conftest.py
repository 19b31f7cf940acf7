"""Networks in MLX against the same weights in diffusers and transformers, in float32 on the CPU."""

import pytest

from app.sana_mlx.blas import load_openblas

load_openblas()


@pytest.fixture(autouse=True)
def _reproducible() -> None:
    import torch

    torch.manual_seed(0)
