"""What float32 on the processor gives: stored for the starter model, computed here for any other.

The stored ones are one safetensors file, made by packaging/selftest_references.py.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from app.backends.local.model import LocalModel
from app.backends.selftest import golden
from app.backends.selftest.probes import probes
from app.backends.selftest.tracing import Inputs, trace
from app.core.errors import UserError
from app.core.memory import peak_memory
from app.core.message import gigabytes, message
from app.diffusion.families.sana import SanaConditioning
from app.diffusion.model import Array, Pixels
from app.diffusion.noise import Noise
from app.library import machine, paths
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.weights.weights import STEMS

if TYPE_CHECKING:
    from app.backends.local.torch.model import TorchModel

VERSION = 2
TIMESTEP = 700.0
SIDE = 16
"""Side in latents of what other models than the starter are tested with: enough to tell, and quick."""
_NAMES_OF_NO_EFFECT = ("_", "transformers_version", "dtype", "torch_dtype", "architectures")


@dataclass(frozen=True, slots=True)
class References:
    """The right outputs of one checkpoint.

    Attributes:
        configs, weights: what identifies the checkpoint.
        inputs: what went in.
        values: the probed modules' outputs, in forward order.
        pictures: of the golden prompts; none for a model other than the starter.
    """

    configs: str
    weights: str
    inputs: Inputs
    values: Mapping[str, Array]
    pictures: tuple[Pixels, ...]

    def save(self, path: Path) -> None:
        """Write one safetensors file."""
        from safetensors.numpy import save_file

        tensors: dict[str, np.ndarray[Any, Any]] = {f"output.{name}": array for name, array in self.values.items()}
        tensors |= {f"picture.{number}": _png(pixels) for number, pixels in enumerate(self.pictures)}
        tensors["embeddings"], tensors["latents"] = self.inputs.conditioning.embeddings, self.inputs.latents
        facts = {
            "version": VERSION,
            "configs": self.configs,
            "weights": self.weights,
            "prompt": self.inputs.prompt,
            "order": list(self.values),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, str(path), metadata={"references": json.dumps(facts)})


def stored_references(path: Path | None = None) -> References:
    """Those of the starter model.

    Raises:
        UserError: the file is missing, damaged or of another version.
    """
    path = path or paths.resources() / "selftest" / "references.safetensors"
    try:
        from safetensors import safe_open

        with safe_open(str(path), "numpy") as file:
            facts = json.loads((file.metadata() or {})["references"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
        if facts["version"] != VERSION:
            raise ValueError(f"version {facts['version']}")
        values = {name: tensors[f"output.{name}"] for name in facts["order"]}
        count = sum(name.startswith("picture.") for name in tensors)
        pictures = tuple(_pixels(tensors[f"picture.{number}"]) for number in range(count))
        conditioning = SanaConditioning(embeddings=tensors["embeddings"])
        inputs = _inputs(facts["prompt"], conditioning, pictures[0], tensors["latents"])
        return References(facts["configs"], facts["weights"], inputs, values, pictures)
    except Exception as error:  # whatever a damaged file makes of its readers
        raise UserError(
            message("The self-test's references in {path} cannot be used.", path=path),
            message("Install the app again; for a copy from source, run: make references"),
        ) from error


def make_references(checkpoint: Checkpoint) -> References:
    """Those that belong into the app, with the golden pictures."""
    model = _exact_model(checkpoint)
    pictures = tuple(golden.generate(model, checkpoint, lambda: False))
    conditioning = model.encode_prompt(golden.PROMPTS[0])
    inputs = _inputs(golden.PROMPTS[0], conditioning, pictures[0].pixels, pictures[0].latents)
    values = _values(model, checkpoint, inputs)
    return References(
        configs_of(checkpoint), weights_of(checkpoint), inputs, values, tuple(picture.pixels for picture in pictures)
    )


def computed_references(checkpoint: Checkpoint) -> References:
    """Those of any checkpoint, without pictures, computed with torch in float32 on the processor.

    Raises:
        UserError: there is not enough memory for that.
    """
    check_memory(checkpoint)
    model = _exact_model(checkpoint)
    conditioning = model.encode_prompt(golden.PROMPTS[0])
    side = SIDE * checkpoint.spatial_factor
    rows, columns = np.mgrid[:side, :side] * (255.0 / (side - 1))
    pixels = np.stack([rows, columns, 255 - rows], axis=-1).astype(np.uint8)
    latents = Noise(golden.SEED + 1).draw((1, checkpoint.latent_channels, SIDE, SIDE))
    guidance = golden.GUIDANCE if checkpoint.guidance_embeds else None
    inputs = _inputs(golden.PROMPTS[0], conditioning, pixels, latents, guidance)
    values = _values(model, checkpoint, inputs)
    model.close()
    return References(configs_of(checkpoint), "", inputs, values, ())


def check_memory(checkpoint: Checkpoint) -> None:
    """Raises UserError where a checkpoint does not fit into the memory in float32."""
    side = SIDE * checkpoint.spatial_factor
    needed, limit = peak_memory(checkpoint.size, side, side, "float32"), machine.memory_budget()
    if needed > limit:
        raise UserError(
            message(
                "Testing {name} needs {needed} of memory; {limit} may be used here.",
                name=checkpoint.name,
                needed=gigabytes(needed),
                limit=gigabytes(limit),
            ),
            message("Test the starter model instead: leave out --model."),
        )


def _exact_model(checkpoint: Checkpoint) -> TorchModel:
    from app.backends.local.torch.model import TorchModel

    return TorchModel(checkpoint, "float32", "cpu")


def _inputs(
    prompt: str, conditioning: SanaConditioning, pixels: Pixels, latents: Array, guidance: float | None = None
) -> Inputs:
    # Sprint counts its time from 0 to 1.
    timestep = TIMESTEP / (1 if guidance is None else 1000)
    noise = Noise(golden.SEED).draw(latents.shape)
    return Inputs(prompt, conditioning, noise, timestep, guidance, pixels[None], latents)


def _values(model: LocalModel, checkpoint: Checkpoint, inputs: Inputs) -> dict[str, Array]:
    names = list(probes(checkpoint))
    outputs = trace(model, names, inputs)
    broken = [name for name in names if name not in outputs or not outputs[name].finite]
    if broken:
        raise UserError(
            message(
                "{name} cannot be tested: in float32 on the processor, {broken} breaks down.",
                name=checkpoint.name,
                broken=broken[0],
            ),
            message("Its weights may be damaged; download the model again."),
        )
    return {name: outputs[name].values for name in names}


def configs_of(checkpoint: Checkpoint) -> str:
    """The same for checkpoints of the same architecture."""
    parts = [checkpoint.transformer, checkpoint.vae, checkpoint.text_encoder, checkpoint.scheduler]
    kept = [{name: value for name, value in part.items() if not name.startswith(_NAMES_OF_NO_EFFECT)} for part in parts]
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def weights_of(checkpoint: Checkpoint) -> str:
    """The same for checkpoints with the same weight files."""
    digest = hashlib.sha256()
    for path in (path for part in STEMS for path in checkpoint.weight_files(part)):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _png(pixels: Pixels) -> Pixels:
    """A picture as the bytes of a PNG file."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "png", optimize=True)
    return np.frombuffer(stream.getvalue(), np.uint8)


def _pixels(png: Pixels) -> Pixels:
    with Image.open(io.BytesIO(png.tobytes()), formats=("PNG",)) as picture:
        return np.asarray(picture.convert("RGB"))
