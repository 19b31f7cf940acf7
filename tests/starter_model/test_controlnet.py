"""The bundled ControlNet puts subjects where the edges are."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawing import draw_scene
from PIL import Image
from scenes import SIDE, Scene

from app.backends.local.mlx import MLXBackend
from app.backends.local.torch import TorchBackend
from app.core.events import Generated
from app.core.request import GenerationRequest, ImageInput, Role
from app.library.models.store import Models
from app.library.settings import Settings

SCENES = 8
SUBJECTS = ("house", "tree", "car", "tent", "mushroom", "castle")


def middle_of_red(picture: np.ndarray) -> float:
    """Where the red subject stands, 0..1 from the left."""
    red, green, blue = picture.astype(int).transpose(2, 0, 1)
    columns = np.nonzero((red > 140) & (green < 110) & (blue < 110))[1]
    return float(columns.mean()) / SIDE if len(columns) else 0.5


@pytest.mark.slow
@pytest.mark.parametrize("kind", [TorchBackend, MLXBackend])
def test_subjects_stand_where_the_edges_are(kind: Any, tmp_path: Path) -> None:
    """No prompt says where; the edges do. Without them the model places its subject as it likes."""
    backend = kind(Models(Settings()), Settings())
    rng, places = random.Random(2), []
    for number in range(SCENES):
        x, subject, place = rng.uniform(0.2, 0.8), rng.choice(SUBJECTS), rng.choice(("hills", "snow", "beach"))
        scene = Scene(colour="red", subject=subject, place=place, time="noon", position="center")
        Image.fromarray(np.asarray(draw_scene(scene, random.Random(number), x))).save(tmp_path / "scene.png")
        followed = ImageInput(Role.CONTROL, str(tmp_path / "scene.png"), model="starter-edges")
        found = []
        for inputs in ((followed,), ()):
            request = GenerationRequest(f"a red {subject}, {place}, at noon", seed=number, steps=8, inputs=inputs)
            events = backend.generate(backend.capabilities("starter").resolve(request), lambda: False)
            (made,) = [event for event in events if isinstance(event, Generated)]
            found.append(middle_of_red(made.output.pixels))
        places.append((x, *found))
    wanted, controlled, free = np.array(places).T
    correlations = np.corrcoef(wanted, controlled)[0, 1], np.corrcoef(wanted, free)[0, 1]
    errors = [float(np.abs(wanted - found).mean()) for found in (controlled, free)]
    for how, correlation, error in zip(("followed", "free"), correlations, errors, strict=True):
        print(f"{backend.name}, {how}: correlation {correlation:.3f}, off by {error:.3f} of the width")
    assert correlations[0] > 0.95
    assert correlations[0] > correlations[1] + 0.3
    assert errors[0] < 0.04
