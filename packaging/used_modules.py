"""Finds out which modules generating needs: generates with each local backend and lists what that imported.

diffusers and transformers import their parts by name when they are first used, which no reading of code can see. What
is listed here goes into the app; the rest of these packages stays out.

Usage: python packaging/used_modules.py MODEL      (prints a JSON list; MODEL is an id or a checkpoint's folder)
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

TOKENIZERS = ("CLIPTokenizer", "T5Tokenizer")
"""What reads the prompts of FLUX.1, of which there is no small model to generate with."""
CLIP_NETWORKS = ("SanaVideoTransformer3DModel", "AutoencoderKLWan", "AutoencoderKLLTX2Video")
"""What torch makes clips with."""


def used_modules(model: str) -> list[str]:
    """The names of all modules that are loaded after each local backend generated: from noise, from a picture, and
    after one.

    Args:
        model: a model's id or a checkpoint's folder.
    """
    import diffusers
    import transformers

    from app.backends.base import STARTER, OwnSelfTest
    from app.composition import local_backends
    from app.core.events import Generated
    from app.core.output import ImageOutput
    from app.core.request import Edges, GenerationRequest, ImageInput, Role
    from app.library.pictures.images import save_as

    with tempfile.TemporaryDirectory() as folder:
        for backend in local_backends().values():
            if isinstance(backend, OwnSelfTest):  # its models are no part of the app
                report = backend.self_test(STARTER, "float32", lambda: False)
                if not report.passed:
                    raise RuntimeError(f"{backend.id} failed its test: {report.failure}")
                continue
            request = GenerationRequest(prompt="a red boat", negative="grey", model=model, backend=backend.id, seed=1)
            start = Path(folder) / f"{backend.id}.png"
            limits = backend.capabilities(model).takes(Role.CONTROL)
            controlnets = limits.models or () if limits is not None else ()
            control = [ImageInput(Role.CONTROL, str(start), model=id, edges=Edges.NONE) for id, _ in controlnets]
            inputs: list[tuple[ImageInput, ...]] = [
                (),
                (ImageInput(Role.INIT, str(start), 0.5),),
                *((c,) for c in control),
            ]
            for changes in ({"inputs": each} for each in inputs):
                wanted = request.replace(steps=2, **changes)
                resolved = backend.capabilities(model).resolve(wanted)
                events = list(backend.generate(resolved, lambda: False))
                generated = [event for event in events if isinstance(event, Generated)]
                if not generated:
                    raise RuntimeError(f"{backend.id} generated nothing: {events[-1]}")
                if not start.exists():
                    assert isinstance(generated[0].output, ImageOutput)
                    save_as(generated[0].output.pixels, resolved, generated[0].provenance, start)
    for name in TOKENIZERS:
        getattr(transformers, name)
    for name in CLIP_NETWORKS:
        getattr(diffusers, name)
    return sorted(sys.modules)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as home:
        os.environ["SANA_STUDIO_HOME"] = home
        json.dump(used_modules(sys.argv[1]), sys.stdout)
