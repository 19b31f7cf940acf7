"""Elementwise work is fused into as few kernels as compiling a whole block would make, and gives the same numbers."""

import re
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
from mlx.utils import tree_map

from app.sana_mlx.autoencoder import EfficientViTBlock, ResBlock
from app.sana_mlx.config import TransformerConfig
from app.sana_mlx.transformer import SanaTransformerBlock
from app.sana_mlx.video.config import VideoTransformerConfig
from app.sana_mlx.video.rope import rotations
from app.sana_mlx.video.transformer import SanaVideoTransformerBlock

HEADS = {
    "num_attention_heads": 2,
    "attention_head_dim": 32,
    "num_cross_attention_heads": 2,
    "cross_attention_head_dim": 32,
    "cross_attention_dim": 64,
}
VIEWS = "Transpose|Reshape|Broadcast|Split|Slice|ExpandDims|Squeeze|Flatten|Unflatten"


def picture_block():
    # where attention is clipped, that is one kernel more
    block = SanaTransformerBlock(TransformerConfig.from_dict(HEADS), clip=False)
    return block, lambda x, context, time: block(x, context, None, time, (4, 4)), [(1, 16, 64), (1, 5, 64), (1, 6, 64)]


def clip_block():
    block = SanaVideoTransformerBlock(VideoTransformerConfig.from_dict(HEADS))
    positions, chunks = rotations((2, 4, 4), 32), [slice(0, 2)]
    mx.eval(positions)

    def run(x, context, time):
        return block(x, context, None, time, positions, (4, 4), chunks)

    return block, run, [(1, 2, 16, 64), (1, 5, 64), (1, 2, 6, 64)]


def residual_block():
    block = ResBlock(32, "rms_norm", "silu")
    return block, lambda x: block(x, (slice(1, 7), slice(2, 8))), [(1, 8, 8, 32)]


def attention_block():
    block = EfficientViTBlock(64, 32, "rms_norm", (5,))
    return block, block, [(1, 8, 8, 64)]


@pytest.fixture(params=[picture_block, clip_block, residual_block, attention_block])
def case(request):
    mx.random.seed(0)
    block, run, shapes = request.param()
    block.update(tree_map(lambda x: 0.2 * mx.random.normal(x.shape), block.parameters()))
    inputs = [mx.random.normal(shape) for shape in shapes]
    mx.eval(block.parameters(), inputs)
    return block, run, inputs


def kernels(output: mx.array, file: Path) -> int:
    """How many operations of a graph compute, rather than look at what is there in another way."""
    mx.export_to_dot(str(file), output)
    labels = re.findall(r'label ?= ?"(\w+)", shape=rectangle', file.read_text())
    assert labels
    return sum(re.fullmatch(VIEWS, label) is None for label in labels)


def test_compiling_a_whole_block_would_fuse_no_more(case, tmp_path, monkeypatch):
    block, run, inputs = case
    if isinstance(block, SanaVideoTransformerBlock):
        pytest.skip("what a clip's chunks share is not computed once where there is one chunk")
    # As on a GPU, norms are kernels of their own, which nothing is fused into; and nothing waits in between.
    monkeypatch.setattr(mx.fast, "rms_norm", lambda x, *_: mx.sort(x))
    monkeypatch.setattr(mx.fast, "layer_norm", lambda x, *_: mx.sort(x))
    monkeypatch.setattr(mx, "eval", lambda *_: None)
    fused = kernels(run(*inputs), tmp_path / "graph.dot")
    assert fused <= kernels(mx.compile(run, inputs=block.state)(*inputs), tmp_path / "compiled.dot")
    mx.disable_compile()
    try:
        assert fused < kernels(run(*inputs), tmp_path / "plain.dot")
    finally:
        mx.enable_compile()


def test_fused_is_what_was_not(case):
    _, run, inputs = case
    fused = np.array(run(*inputs))
    mx.disable_compile()
    try:
        plain = np.array(run(*inputs))
    finally:
        mx.enable_compile()
    assert np.abs(fused - plain).max() <= 1e-6 * np.abs(plain).max()
