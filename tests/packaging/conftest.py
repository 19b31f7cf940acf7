"""The build's own modules, loaded from packaging/ by their files: the folder has the name of a well-known package."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture(scope="session")
def build_module() -> Callable[[str], ModuleType]:
    """Gives a module of packaging/ by its name."""

    def load(name: str) -> ModuleType:
        if name in sys.modules:
            return sys.modules[name]
        spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        sys.path.insert(0, str(PACKAGING))  # they import each other as scripts do
        try:
            spec.loader.exec_module(module)
        finally:
            sys.path.remove(str(PACKAGING))
        return module

    return load
