"""The references that come with the app belong to the starter model that comes with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.backends.selftest import golden
from app.backends.selftest.probes import probes
from app.backends.selftest.references import configs_of, stored_references, weights_of
from app.library import paths
from app.library.models.checkpoint.checkpoint import open_checkpoint


def test_the_references_are_those_of_the_bundled_starter() -> None:
    starter, references = open_checkpoint(paths.resources() / "starter"), stored_references()
    assert (references.configs, references.weights) == (configs_of(starter), weights_of(starter)), (
        "run: make references"
    )
    assert list(references.values) == list(probes(starter))
    assert all(np.isfinite(values).all() and values.any() for values in references.values.values())
    assert len(references.pictures) == len(golden.PROMPTS)
    assert all(picture.std() > 10 for picture in references.pictures)


def test_they_are_small() -> None:
    path: Path = paths.resources() / "selftest" / "references.safetensors"
    assert path.stat().st_size < 1e6
