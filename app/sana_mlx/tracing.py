"""What a module gives, seen from outside: for tests that compare networks layer by layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import numpy.typing as npt

OnOutput = Callable[[npt.NDArray[np.float32]], None]


def find_module(network: nn.Module, name: str) -> nn.Module:
    """The module with a name like "transformer_blocks.3.attn2". Raises KeyError where there is none."""
    module: Any = network
    try:
        for word in name.split("."):
            module = module[int(word)] if isinstance(module, list) else module[word]
    except (IndexError, ValueError) as error:
        raise KeyError(name) from error
    return module


@contextmanager
def traced(module: nn.Module, on_output: OnOutput) -> Iterator[None]:
    """Within the context, `on_output` gets all that the module gives, as float32; of a tuple its first item.

    Python looks `__call__` up in the class and MLX has no hooks, so the module is of another class for that long.
    """
    plain = type(module)

    class Traced(plain):  # type: ignore[valid-type, misc]
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            output = super().__call__(*args, **kwargs)
            first = output[0] if isinstance(output, tuple) else output
            on_output(np.array(first.astype(mx.float32)))
            return output

    object.__setattr__(module, "__class__", Traced)
    try:
        yield
    finally:
        object.__setattr__(module, "__class__", plain)
