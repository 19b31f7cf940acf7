"""Muon for matrices and convolutions, AdamW for everything else.

Muon turns every matrix's momentum into the nearest orthogonal matrix before stepping, so that all its directions
learn equally fast. With the few thousand steps that fit in a CPU's time budget, this reaches a given loss in far
fewer of them than AdamW does.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, distributed


def orthogonalise(matrix: Tensor) -> Tensor:
    """The nearest semi-orthogonal matrices, roughly, by five Newton-Schulz steps: [n, rows, columns]."""
    a, b, c = 3.4445, -4.7750, 2.0315
    wide = matrix if matrix.shape[-2] <= matrix.shape[-1] else matrix.mT
    x = wide / (wide.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x if matrix.shape[-2] <= matrix.shape[-1] else x.mT


class Muon(torch.optim.Optimizer):
    """Updates are scaled to the size of AdamW's, so that one learning rate serves both."""

    def __init__(self, parameters: Iterable[torch.nn.Parameter], lr: float, momentum: float = 0.95) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self) -> None:
        """Every process orthogonalises its share of the matrices and sends it to the others."""
        rank, world = distributed.get_rank(), distributed.get_world_size()
        for group in self.param_groups:
            parameters = group["params"]
            updates = []
            for p in parameters:
                buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                updates.append(p.grad.lerp(buffer, group["momentum"]).flatten(1))
            alike: dict[torch.Size, list[int]] = {}
            for index, update in enumerate(updates):
                alike.setdefault(update.shape, []).append(index)
            flat = torch.zeros(sum(p.numel() for p in parameters), device=parameters[0].device)
            pieces = flat.split([p.numel() for p in parameters])
            for shape, indices in alike.items():
                own = indices[rank::world]
                if own:
                    size = 0.2 * max(shape) ** 0.5
                    for index, update in zip(own, orthogonalise(torch.stack([updates[k] for k in own])), strict=True):
                        pieces[index].copy_(update.flatten()).mul_(size)
            if world > 1:
                distributed.all_reduce(flat)
            for p, piece in zip(parameters, pieces, strict=True):
                p.add_(piece.view_as(p), alpha=-group["lr"])


def is_matrix(p: torch.nn.Parameter) -> bool:
    """Whether a parameter mixes many inputs into many outputs: linear layers and full convolutions, not depthwise."""
    return p.ndim >= 2 and min(p.shape[0], p[0].numel()) > 32
