"""What the networks of diffusers need so that their numbers are right, or come faster."""

from __future__ import annotations

import functools
from typing import Any

from app.library.models.weights.tensors import FLOAT16_MAX


def clip(transformer: Any) -> list[Any]:
    """Clip the linear attention's output to float16's range, whatever the type.

    Checkpoints that were trained in float16 learned with that limit and generate wrong pictures without it. diffusers
    clips only while it computes in float16.

    Returns:
        The hooks, which can be removed.
    """
    import torch

    def hook(module: Any, inputs: Any, output: Any) -> Any:
        # clamp alone would hide a NaN on mps.
        return torch.where(output.isnan(), output, output.clamp(-FLOAT16_MAX, FLOAT16_MAX))

    return [block.attn1.register_forward_hook(hook) for block in transformer.transformer_blocks]


def pointwise_as_linear(network: Any) -> None:
    """Compute 1x1 convolutions as the matrix products that they are.

    They are half of a SANA transformer, and torch's convolution of few tokens on a processor was seen to make the whole
    pass up to a tenth slower.
    """
    import torch

    def forward(module: Any, pixels: Any) -> Any:
        weight = module.weight.flatten(1)
        return torch.nn.functional.linear(pixels.movedim(1, -1), weight, module.bias).movedim(-1, 1)

    for module in network.modules():
        if not isinstance(module, torch.nn.Conv2d):
            continue
        if module.kernel_size == module.stride == (1, 1) and module.padding == (0, 0) and module.groups == 1:
            module.forward = functools.partial(forward, module)


def make_contiguous(network: Any) -> None:
    """Give convolutions, activations and attention contiguous tensors.

    On mps SiLU and convolutions of chunked or permuted tensors, and attention with heads of 64 channels or more on
    permuted ones, were reported to give wrong numbers. The numbers stay the same elsewhere.
    """
    import torch

    def straighten(module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(item.contiguous() if isinstance(item, torch.Tensor) else item for item in inputs)

    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d | torch.nn.Linear | torch.nn.SiLU | torch.nn.ReLU):
            module.register_forward_pre_hook(straighten)
    for block in getattr(network, "transformer_blocks", ()):
        block.attn2.set_processor(_ContiguousAttention())


class _ContiguousAttention:
    """SANA's cross-attention on contiguous queries, keys and values; stands in for `SanaAttnProcessor2_0`."""

    def __call__(
        self, attn: Any, hidden_states: Any, encoder_hidden_states: Any = None, attention_mask: Any = None
    ) -> Any:
        import torch

        def heads(states: Any, norm: Any) -> Any:
            states = states if norm is None else norm(states)
            return states.unflatten(2, (attn.heads, -1)).transpose(1, 2).contiguous()

        query = heads(attn.to_q(hidden_states), attn.norm_q)
        key = heads(attn.to_k(encoder_hidden_states), attn.norm_k)
        value = heads(attn.to_v(encoder_hidden_states), None)
        # (batch, 1, tokens) becomes (batch, 1, 1, tokens): alike for all heads and queries.
        mask = None if attention_mask is None else attention_mask[:, None].to(query.dtype)
        result = torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return attn.to_out[0](result.transpose(1, 2).flatten(2).contiguous()) / attn.rescale_output_factor
