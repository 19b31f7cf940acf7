"""The geometry of tiles, without any framework: a convolution in numpy stands for the network."""

import numpy as np
import pytest

from app.diffusion.tiling import ConvRun, decoder_tail, encoder_head, spans

RES, VIT = "ResBlock", "EfficientViTBlock"
# The published DC-AE f32c32 (SANA 1.0 and 1.1), as far as tiles need it.
BASE = {
    "encoder_block_types": [RES] * 3 + [VIT] * 3,
    "decoder_block_types": [RES] * 3 + [VIT] * 3,
    "encoder_block_out_channels": [128, 256, 512, 512, 1024, 1024],
    "decoder_block_out_channels": [128, 256, 512, 512, 1024, 1024],
    "encoder_layers_per_block": [2, 2, 2, 3, 3, 3],
    "decoder_layers_per_block": [3, 3, 3, 3, 3, 3],
    "upsample_block_type": "interpolate",
    "downsample_block_type": "Conv",
}


def blur(x: np.ndarray) -> np.ndarray:
    """A 3x3 convolution with zero padding, which every pixel of its field enters."""
    height, width = x.shape
    x = np.pad(x, 1)
    return sum((1 + i + 3 * j) * np.sin(x[i : i + height, j : j + width]) for i in range(3) for j in range(3))


def run_block(ops: tuple[str, ...], x: np.ndarray) -> np.ndarray:
    for op in ops:
        if op == "conv":
            x = blur(x)
        elif op == "up":
            x = x.repeat(2, axis=0).repeat(2, axis=1)
        else:
            height, width = x.shape
            x = x.reshape(height // 2, 2, width // 2, 2).sum(axis=(1, 3))
    return x


def run_whole(run: ConvRun, x: np.ndarray) -> np.ndarray:
    return run_block(run.ops, x)


CONV, CONVS, UP, DOWN = ("conv",), ("conv", "conv"), ("up", "conv"), ("conv", "down")


@pytest.mark.parametrize(
    "blocks",
    [
        (),
        (CONV,),
        (CONVS, UP),
        (UP, CONVS, CONVS, UP, CONVS, UP, CONV),
        (("conv", "up"), CONVS, ("conv", "up")),
        (DOWN, CONVS, DOWN, CONVS, CONV),
        (("down",), ("down", "conv")),
    ],
    ids=str,
)
@pytest.mark.parametrize("size", [1, 8, 12, 100])
def test_tiles_give_the_whole(blocks, size):
    run = ConvRun((), blocks)
    x = np.random.default_rng(0).standard_normal((24, 36))
    whole = run_whole(run, x)
    cropped, trimmed = np.full_like(whole, np.nan), np.full_like(whole, np.nan)
    covered, taken = np.zeros(whole.shape, int), [0] * len(blocks)
    assert whole.shape == run.output_size(*x.shape)
    for tile in run.tiles(x.shape[0], x.shape[1], size):
        cropped[tile.target] = run_whole(run, x[tile.source])[tile.crop]
        piece, trims = x[tile.source], run.trims(tile)
        assert len(trims) == len(blocks)
        for index, (ops, keep) in enumerate(zip(blocks, trims, strict=True)):
            taken[index] += piece.size
            piece = run_block(ops, piece)[keep]
        trimmed[tile.target] = piece
        covered[tile.target] += 1
    assert (covered == 1).all()
    assert run.windows(x.shape[0], x.shape[1], size) == taken
    np.testing.assert_array_equal(cropped, whole)
    np.testing.assert_array_equal(trimmed, whole)


def test_trimming_leaves_nothing_to_spare():
    run = decoder_tail(BASE)
    tile = run.tiles(128, 128, 128)[20]
    sides = [keep[0].stop - keep[0].start for keep in run.trims(tile)]
    # at a quarter of the size, at a half, then at full size, where in the end only the last convolution is ahead
    assert sides == [56, 52, 48, 44, 84, 80, 76, 72, 142, 138, 134, 130, 128]


def test_a_narrower_halo_would_not_do():
    run = decoder_tail(BASE)
    x = np.random.default_rng(0).standard_normal((40, 40))
    whole = run_whole(run, x)
    inner = slice(20 * 8, 21 * 8)
    for halo, same in [(run.halo, True), (run.halo - 1, False)]:
        window = x[20 - halo : 21 + halo, 20 - halo : 21 + halo]
        crop = slice(halo * 8, halo * 8 + 8)
        assert np.array_equal(run_whole(run, window)[crop, crop], whole[inner, inner]) is same


def test_the_published_autoencoder():
    tail, head = decoder_tail(BASE), encoder_head(BASE)
    # eight convolutions at full size, seven at a half and at a quarter: (8 / 2 + 7) / 2, rounded up, + 7, halved
    assert (tail.stages, tail.up, tail.halo) == ((2, 1, 0), 8, 7)
    assert (head.stages, head.down) == ((0, 1, 2), 8)


def test_autoencoders_of_other_shapes():
    lite = BASE | {"decoder_layers_per_block": [0, 5, 10, 2, 2, 2], "upsample_block_type": "pixel_shuffle"}
    tail = decoder_tail(lite)
    assert (tail.up, tail.blocks[-1]) == (8, ("conv", "up"))
    assert encoder_head(BASE | {"encoder_layers_per_block": [0, 4, 8, 2, 2, 2]}).down == 8
    # attention where the resolution is highest leaves the last convolution only
    assert decoder_tail(BASE | {"decoder_block_types": VIT}).ops == ("conv",)
    assert encoder_head(BASE | {"encoder_block_types": VIT}).ops == ("conv",)
    # without attention everything can be cut
    assert decoder_tail(BASE | {"decoder_block_types": RES}).up == 32
    # a stage without blocks has no attention
    assert decoder_tail(BASE | {"decoder_block_types": VIT, "decoder_layers_per_block": [0, 1, 1, 1, 1, 1]}).up == 2


def test_spans_are_balanced_and_aligned():
    pieces = list(spans(40, 16, 3, down=4))
    assert [(p.source.start, p.source.stop) for p in pieces] == [(0, 16), (8, 28), (20, 40)]
    with pytest.raises(ValueError, match="multiple of 4"):
        list(spans(42, 16, 3, down=4))
