"""An upscaler of the user's own, in any of the forms that spandrel knows."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from app.backends.local.torch.device import best_device, import_torch
from app.core.errors import UserError
from app.core.message import message
from app.diffusion.model import Array

_TORCHVISION = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional")


class OwnUpscaler:
    """A network that enlarges colour pictures, as `Enlarge` says.

    Args:
        path: a safetensors file.

    Raises:
        UserError: it is none, or holds no network that enlarges.
    """

    def __init__(self, path: Path) -> None:
        self._torch = torch = import_torch()
        self.device = best_device(torch)
        found = _read(path)
        if not isinstance(found, _spandrel().ImageModelDescriptor) or found.input_channels != 3 or found.scale < 2:
            raise UserError(
                message("“{name}” does not enlarge colour pictures.", name=path.name),
                message("Choose another upscaler."),
            )
        self.times = int(found.scale)
        self._network = found.to(self.device).eval()

    def __call__(self, pixels: Array) -> Array:
        with self._torch.inference_mode():
            x = self._torch.from_numpy(pixels).permute(2, 0, 1)[None].contiguous().to(self.device)
            large: Array = self._network(x)[0].permute(1, 2, 0).float().cpu().numpy()
        return large


def _read(path: Path) -> Any:
    from safetensors.torch import load_file

    try:
        weights = load_file(path)
        return _spandrel().ModelLoader().load_from_state_dict(weights)
    except Exception as error:  # whatever a file of unknown origin makes of it
        raise UserError(
            message("“{name}” is no upscaler that can be used here.", name=path.name),
            message("Choose a .safetensors file of an upscaler that spandrel knows, such as ESRGAN or SPAN."),
        ) from error


def _spandrel() -> Any:
    with _without_torchvision():
        import spandrel
    return spandrel


@contextlib.contextmanager
def _without_torchvision() -> Iterator[None]:
    """spandrel imports two functions of torchvision for networks that the app never opens. Where torchvision is not
    installed, empty modules stand in for it meanwhile.
    """
    if "spandrel" in sys.modules or importlib.util.find_spec("torchvision") is not None:
        yield
        return
    for name in _TORCHVISION:
        module = ModuleType(name)
        module.__getattr__ = lambda _: None  # type: ignore[method-assign]
        module.__path__ = []
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in _TORCHVISION:
            del sys.modules[name]
