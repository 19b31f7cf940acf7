"""Memory: the estimate's shape, the budget of a machine, and the nearest request that fits."""

from __future__ import annotations

import pytest

from app.core.families.sana import model_size
from app.core.memory import GIB, ModelSize, budget, memory_parts, nearest_that_fits, peak_memory

SMALL, LARGE = model_size(592_000_000), model_size(4_722_000_000)
PRECISIONS = ("auto", "float32", "bfloat16", "8bit", "4bit")


def test_the_estimate_agrees_with_the_published_figures() -> None:
    """NVIDIA names 9 GB for 0.6B, 12 GB for 1.6B at 1024 px, and less than 8 GB with 4 bits."""
    assert peak_memory(SMALL, 1024, 1024, "bfloat16") == pytest.approx(9e9, rel=0.15)
    assert peak_memory(model_size(1_604_000_000), 1024, 1024, "bfloat16") == pytest.approx(12e9, rel=0.15)
    assert peak_memory(model_size(1_604_000_000), 1024, 1024, "4bit") < 8e9


def test_the_estimate_grows_with_everything() -> None:
    sizes = [peak_memory(SMALL, side, side, "bfloat16") for side in (512, 1024, 2048, 4096)]
    assert sizes == sorted(set(sizes))
    by_precision = [peak_memory(LARGE, 1024, 1024, name) for name in ("4bit", "8bit", "bfloat16", "float32")]
    assert by_precision == sorted(set(by_precision))
    assert peak_memory(LARGE, 1024, 1024, "auto") == peak_memory(LARGE, 1024, 1024, "bfloat16")
    assert peak_memory(SMALL, 1024, 1024, "float32", tile=0) - peak_memory(SMALL, 1024, 1024, "float32") > 6 * GIB


def test_the_parts_add_up_and_the_text_encoder_is_the_largest() -> None:
    parts = memory_parts(SMALL, 1024, 1024, "bfloat16")
    assert list(parts) == ["text encoder", "transformer", "decoder", "work"]
    assert sum(parts.values()) == peak_memory(SMALL, 1024, 1024, "bfloat16")
    assert max(parts, key=parts.__getitem__) == "text encoder"
    assert parts["text encoder"] == 2 * 2_614_341_888


@pytest.mark.parametrize(
    ("total", "unified", "wired", "chosen", "expected"),
    [
        (16 * GIB, True, 0, 0, 16 * GIB * 2 // 3),
        (32 * GIB, True, 0, 0, 32 * GIB * 2 // 3),
        (36 * GIB, True, 0, 0, 27 * GIB),
        (128 * GIB, True, 0, 0, 96 * GIB),
        (32 * GIB, True, 28 * GIB, 0, 28 * GIB),
        (32 * GIB, True, 99 * GIB, 0, 32 * GIB),
        (32 * GIB, False, 28 * GIB, 0, 24 * GIB),
        (32 * GIB, True, 0, 8, 8_000_000_000),
        (8 * GIB, True, 0, 64, 8 * GIB * 2 // 3),
    ],
)
def test_the_budget_of_a_machine(total: int, unified: bool, wired: int, chosen: float, expected: int) -> None:
    assert budget(total, unified=unified, wired_limit_bytes=wired, chosen_gb=chosen) == expected


def nearest(size: ModelSize, side: tuple[int, int], precision: str, limit: float, precisions=PRECISIONS):
    return nearest_that_fits(
        *side, precision, precisions=precisions, multiple=32, minimum=256, limit=int(limit),
        need=lambda width, height, name: peak_memory(size, width, height, name),
    )  # fmt: skip


def test_what_fits_stays() -> None:
    assert nearest(SMALL, (1024, 1024), "bfloat16", 16 * GIB) == {}


def test_a_smaller_precision_comes_before_a_smaller_picture() -> None:
    assert nearest(SMALL, (1024, 1024), "float32", 10e9) == {"precision": "bfloat16"}
    assert nearest(LARGE, (1024, 1024), "auto", 12e9) == {"precision": "8bit"}
    assert nearest(LARGE, (1024, 1024), "bfloat16", 8e9) == {"precision": "4bit"}


def test_a_smaller_picture_keeps_its_shape() -> None:
    changes = nearest(SMALL, (4096, 2048), "bfloat16", 9e9, ("auto", "bfloat16"))
    assert changes.keys() == {"width", "height"}
    assert changes["width"] % 32 == changes["height"] % 32 == 0
    assert changes["width"] / changes["height"] == pytest.approx(2, rel=0.05)
    assert peak_memory(SMALL, changes["width"], changes["height"], "bfloat16") <= 9e9
    larger = (changes["width"] + 64, changes["height"] + 32)
    assert peak_memory(SMALL, *larger, "bfloat16") > 9e9


def test_both_where_neither_is_enough() -> None:
    changes = nearest(LARGE, (4096, 4096), "float32", 6.5e9)
    assert changes["precision"] == "4bit"
    assert changes["width"] == changes["height"] < 4096


def test_nothing_fits_in_too_little() -> None:
    assert nearest(LARGE, (1024, 1024), "bfloat16", 1e9) == {}
