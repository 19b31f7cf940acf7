"""Where a token stands in the picture, as SANA's models for 2K and 4K are told.

Reference: diffusers, models/embeddings.py (`get_2d_sincos_pos_embed`).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from app.diffusion.model import Array


@lru_cache(maxsize=4)
def sine_positions(width: int, rows: int, columns: int, base: int, scale: float) -> Array:
    """(rows * columns, width) float32: the column's position in the first half of the channels, then the row's.

    Positions are stretched so that any size spans `base / scale`.
    """
    omega = 1 / 10000 ** (np.arange(width // 4) / (width / 4))

    def waves(count: int) -> Array:
        # float32 before the outer product, as the reference has it
        steps = np.arange(count, dtype=np.float32) / np.float32(count / base) / np.float32(scale)
        angles = np.outer(steps, omega)
        return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)

    across = np.broadcast_to(waves(columns)[None], (rows, columns, width // 2))
    down = np.broadcast_to(waves(rows)[:, None], (rows, columns, width // 2))
    return np.concatenate([across, down], axis=-1).reshape(-1, width).astype(np.float32)
