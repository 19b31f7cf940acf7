"""ControlNets in both local backends, against diffusers' own pipeline, in float32."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.backends.local.control_picture import load_control_picture
from app.backends.local.mlx import MLXBackend
from app.backends.local.mlx_model import planned
from app.backends.local.torch import TorchBackend
from app.core.errors import UserError
from app.core.events import Generated
from app.core.request import Edges, GenerationRequest, ImageInput, Role
from app.diffusion.model import Control
from app.diffusion.noise import Noise
from app.diffusion.sampler import sample
from app.diffusion.solvers import make_solver
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.models.checkpoint.controlnet import open_controlnet
from app.library.settings import Settings
from tests.backends.conftest import FolderModels
from tests.backends.random_checkpoint import write_controlnet

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")

TOLERANCE = 1e-4
STEPS, GUIDANCE = 4, 4.5
KINDS = {"torch": TorchBackend, "mlx": MLXBackend}
VARIANTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "two of four": ({"layers": 4, "max_positions": 2048}, {"num_layers": 2}),
    "as many as the model": ({"layers": 2}, {"num_layers": 2}),
    "patches, positions": (
        {"layers": 3, "patch_size": 2, "sample_size": 16, "interpolation_scale": 1.0},
        {"patch_size": 2, "sample_size": 16, "interpolation_scale": 1, "norm_elementwise_affine": True},
    ),
}


def lines(width: int, height: int) -> np.ndarray:
    """Some white lines on black, (H, W, 3)."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[height // 3, 4:-4] = picture[4:-4, width // 4] = 255
    return picture


@pytest.fixture(scope="module", params=VARIANTS)
def folders(
    request: pytest.FixtureRequest, checkpoint_folder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    base, control = VARIANTS[request.param]
    return checkpoint_folder(**base), write_controlnet(tmp_path_factory.mktemp("controlnet"), **control)


def theirs(folders: tuple[Path, Path]) -> Any:
    base, control = folders
    load = {"torch_dtype": torch.float32, "local_files_only": True}
    pipeline = diffusers.SanaControlNetPipeline(
        tokenizer=None,
        text_encoder=None,
        vae=diffusers.AutoencoderDC.from_pretrained(base / "vae", **load),
        transformer=diffusers.SanaTransformer2DModel.from_pretrained(base / "transformer", **load),
        controlnet=diffusers.SanaControlNetModel.from_pretrained(control, **load),
        scheduler=diffusers.DPMSolverMultistepScheduler.from_pretrained(base / "scheduler"),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def ours(kind: str, folders: tuple[Path, Path]) -> Any:
    backend = KINDS[kind](FolderModels(), Settings())  # type: ignore[arg-type]
    model = backend.open_model(open_checkpoint(folders[0]), "float32")
    model.set_controlnet(open_controlnet(folders[1]))
    return model


def apart(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max() / np.abs(b).max())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("size", "scale"), [((32, 32), 1.0), ((96, 64), 0.35), ((32, 160), 1.8)])
def test_a_whole_picture_is_that_of_diffusers(
    kind: str, folders: tuple[Path, Path], size: tuple[int, int], scale: float
) -> None:
    model, (width, height) = ours(kind, folders), size
    prompt, negative = model.encode_prompt("a red boat"), model.encode_prompt("fog", negative=True)
    picture = lines(width, height)
    control = Control(model.encode_image(picture[None]), scale)
    side = (height // 4, width // 4)

    noise = Noise(5).draw((1, 32, *side))
    solver = make_solver("dpmpp", STEPS, model.shift(width, height, STEPS))
    *_, last = sample(model, solver, Noise(5), side, prompt, negative, GUIDANCE, control=control)

    tensors = {}
    for name, each in (("prompt", prompt), ("negative_prompt", negative)):
        tensors[f"{name}_embeds"] = torch.from_numpy(each.embeddings)
    longest = max(tensor.shape[1] for tensor in tensors.values())
    for name in ("prompt", "negative_prompt"):  # the pipeline takes both at one length
        embeddings = tensors[f"{name}_embeds"]
        tensors[f"{name}_attention_mask"] = (torch.arange(longest) < embeddings.shape[1]).long()[None]
        padding = (0, 0, 0, longest - embeddings.shape[1])
        tensors[f"{name}_embeds"] = torch.nn.functional.pad(embeddings, padding)
    pipeline = theirs(folders)
    expected = pipeline(
        prompt=None,
        negative_prompt=None,
        control_image=Image.fromarray(picture),
        controlnet_conditioning_scale=scale,
        num_inference_steps=STEPS,
        guidance_scale=GUIDANCE,
        height=height,
        width=width,
        latents=torch.from_numpy(noise),
        use_resolution_binning=False,
        output_type="latent",
        return_dict=False,
        **tensors,
    )[0].numpy()
    assert apart(last.denoised, expected) <= TOLERANCE
    without = [*sample(model, make_solver("dpmpp", STEPS, 3.0), Noise(5), side, prompt, negative, GUIDANCE)][-1]
    assert apart(without.denoised, expected) > 0.01  # the ControlNet does something


@pytest.mark.parametrize("kind", KINDS)
def test_one_velocity_is_that_of_diffusers(kind: str, folders: tuple[Path, Path]) -> None:
    model, pipeline = ours(kind, folders), theirs(folders)
    prompt = model.encode_prompt("a red boat")
    noisy, picture = Noise(1).draw((1, 32, 6, 10)), Noise(2).draw((1, 32, 6, 10))
    velocity = model.velocity(noisy, 700.0, (prompt,), control=Control(picture, 0.8))
    told = {"encoder_hidden_states": torch.from_numpy(prompt.embeddings), "timestep": torch.tensor([700.0])}
    with torch.inference_mode():
        samples = pipeline.controlnet(
            torch.from_numpy(noisy), controlnet_cond=torch.from_numpy(picture), conditioning_scale=0.8, **told
        ).controlnet_block_samples
        expected = pipeline.transformer(
            torch.from_numpy(noisy), controlnet_block_samples=tuple(samples), **told
        ).sample.numpy()
    assert apart(velocity, expected) <= TOLERANCE


@pytest.mark.parametrize("kind", KINDS)
def test_all_pictures_of_a_batch_follow_it(kind: str, folders: tuple[Path, Path]) -> None:
    model = ours(kind, folders)
    prompts = model.encode_prompt("a red boat"), model.encode_prompt("", negative=True)
    noisy, control = Noise(1, pictures=2).draw((2, 32, 6, 10)), Control(Noise(2).draw((1, 32, 6, 10)), 0.8)
    batch = model.velocity(noisy, 700.0, prompts, control=control)
    alone = [model.velocity(noisy[number : number + 1], 700.0, prompts, control=control) for number in (0, 1)]
    assert apart(batch, np.stack(alone, axis=1).reshape(batch.shape)) <= TOLERANCE


@pytest.mark.parametrize("kind", KINDS)
def test_the_range_of_steps(kind: str, folders: tuple[Path, Path]) -> None:
    """Only the steps that lie in the range as a whole are controlled."""
    model = ours(kind, folders)
    prompt, picture = model.encode_prompt("a boat"), Noise(2).draw((1, 32, 8, 8))

    def steps(**options: Any) -> list[np.ndarray]:
        control = Control(picture, 1.0, **options)
        solver = make_solver("euler", 4, 3.0)
        return [step.denoised for step in sample(model, solver, Noise(3), (8, 8), prompt, control=control)]

    plain = [step.denoised for step in sample(model, make_solver("euler", 4, 3.0), Noise(3), (8, 8), prompt)]
    whole, early, late = steps(), steps(end=0.5), steps(start=0.3)
    assert all(np.array_equal(a, b) for a, b in zip(whole[:2], early[:2], strict=True))
    assert not np.array_equal(whole[2], early[2])
    assert all(np.array_equal(a, b) for a, b in zip(plain[:2], late[:2], strict=True))
    assert not np.array_equal(plain[2], late[2])
    assert np.array_equal(steps(start=0.3, end=0.4)[-1], plain[-1])


def request(folders: tuple[Path, Path], picture: Path, **options: Any) -> GenerationRequest:
    control = ImageInput(Role.CONTROL, str(picture), model=str(folders[1]), **options)
    return GenerationRequest(
        "a red boat",
        model=str(folders[0]),
        width=32,
        height=32,
        steps=2,
        seed=1,
        precision="float32",
        inputs=(control,),
    )


def generated(backend: Any, wanted: GenerationRequest) -> np.ndarray:
    resolved = backend.capabilities(wanted.model).resolve(wanted)
    told = [event for event in backend.generate(resolved, lambda: False) if isinstance(event, Generated)]
    pixels: np.ndarray = told[0].output.pixels
    return pixels


@pytest.mark.parametrize("kind", KINDS)
def test_requests_with_and_without_take_turns(kind: str, folders: tuple[Path, Path], tmp_path: Path) -> None:
    """The model stays loaded; the ControlNet comes and goes with the requests, and another one is another picture."""
    Image.fromarray(lines(32, 32)).save(tmp_path / "lines.png")
    other = write_controlnet(tmp_path / "other", seed=9, **VARIANTS["two of four"][1])
    backend = KINDS[kind](FolderModels(), Settings())  # type: ignore[arg-type]
    wanted = request(folders, tmp_path / "lines.png")
    first, plain = generated(backend, wanted), generated(backend, wanted.replace(inputs=()))
    assert not np.array_equal(first, plain)
    assert np.array_equal(generated(backend, wanted), first)
    assert np.array_equal(generated(backend, request(folders, tmp_path / "lines.png", strength=0.0)), plain)
    if open_controlnet(folders[1]).config["patch_size"] == 1:
        assert not np.array_equal(generated(backend, request((folders[0], other), tmp_path / "lines.png")), first)


def test_both_backends_give_the_same_picture(folders: tuple[Path, Path], tmp_path: Path) -> None:
    Image.fromarray(lines(48, 48)).save(tmp_path / "lines.png")  # scaled to the request's size
    wanted = request(folders, tmp_path / "lines.png", strength=1.3, end=0.5)
    pictures = [generated(kind(FolderModels(), Settings()), wanted) for kind in KINDS.values()]  # type: ignore[arg-type]
    assert np.abs(pictures[0].astype(int) - pictures[1]).max() <= 2


@pytest.mark.parametrize("precision", ["bfloat16", "8bit", "4bit"])
def test_it_is_quantized_with_the_model(tmp_path: Path, checkpoint_folder: Callable[..., Path], precision: str) -> None:
    import mlx.nn as nn

    wide = {"num_attention_heads": 4, "num_cross_attention_heads": 4, "cross_attention_dim": 32}
    base = checkpoint_folder(layers=2, transformer=wide)
    model = MLXBackend(FolderModels(), Settings()).open_model(open_checkpoint(base), precision)  # type: ignore[arg-type]
    model.set_controlnet(open_controlnet(write_controlnet(tmp_path, **wide)))
    network = model._parts.load_controlnet()
    quantized = precision.endswith("bit")
    assert isinstance(network.transformer_blocks[0].attn1.to_q, nn.QuantizedLinear) == quantized
    assert isinstance(network.controlnet_blocks[0], nn.QuantizedLinear) == quantized
    picture = Noise(2).draw((1, 32, 8, 8))
    assert np.isfinite(model.velocity(picture, 500.0, (model.encode_prompt("a"),), control=Control(picture))).all()


def test_it_counts_in_the_estimate(folders: tuple[Path, Path], tmp_path: Path) -> None:
    controlnet, checkpoint = open_controlnet(folders[1]), open_checkpoint(folders[0])
    weights = 4 * controlnet.weights.parameters
    backend = TorchBackend(FolderModels(), Settings())  # type: ignore[arg-type]
    wanted = request(folders, tmp_path / "lines.png")
    with_it, without = (backend.estimate(each).peak_memory_bytes for each in (wanted, wanted.replace(inputs=())))
    assert with_it is not None
    assert without is not None
    assert with_it >= without + weights
    # MLX's phases come one after another: what counts is that of the transformer.
    peaks = [planned(checkpoint, 32, 32, "float32", 2**34, controlnet=each).transformer for each in (controlnet, None)]
    assert peaks[0] >= peaks[1] + weights


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"num_attention_heads": 4}, "32 wide in 4 heads"),
        ({"caption_channels": 16}, "16 channels of the prompt"),
        ({"in_channels": 16}, "16 latent channels"),
        ({"num_layers": 9}, "at least 9 blocks"),
    ],
)
def test_one_for_another_model_is_refused(
    changes: dict[str, Any], said: str, tmp_path: Path, checkpoint_folder: Callable[..., Path]
) -> None:
    folders = checkpoint_folder(), write_controlnet(tmp_path, **changes)
    with pytest.raises(UserError, match=rf"made for Sana 1.0 .*{said}"):
        TorchBackend(FolderModels(), Settings()).check_files(request(folders, tmp_path / "x.png"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "variant", [{"qk_norm": "rms_norm_across_heads"}, {"scheduler": "scm", "guidance_embeds": True}]
)
def test_one_for_sana_1_is_refused_by_its_successors(
    variant: dict[str, Any], tmp_path: Path, checkpoint_folder: Callable[..., Path]
) -> None:
    folders = checkpoint_folder(**variant), write_controlnet(tmp_path)
    with pytest.raises(UserError, match=r"made for Sana 1.0 .* and this is SANA-"):
        TorchBackend(FolderModels(), Settings()).check_files(request(folders, tmp_path / "x.png"))  # type: ignore[arg-type]


def test_the_picture_is_read_as_it_says(tmp_path: Path, checkpoint_folder: Callable[..., Path]) -> None:
    folders = checkpoint_folder(), write_controlnet(tmp_path / "controlnet")
    drawing = lines(32, 32)
    Image.fromarray(drawing).save(tmp_path / "lines.png")
    controlnet = open_controlnet(folders[1])
    taken = [
        load_control_picture(request(folders, tmp_path / "lines.png", edges=edges), controlnet)
        for edges in (Edges.AUTO, Edges.NONE, Edges.CANNY)
    ]
    assert [np.array_equal(each.pixels, drawing) for each in taken if each] == [True, True, False]


@pytest.mark.parametrize("kind", KINDS)
def test_it_works_with_a_start_picture_of_any_size(
    kind: str, tmp_path: Path, checkpoint_folder: Callable[..., Path]
) -> None:
    """The control picture is laid over the start picture, which need not be whole tokens."""
    folders = checkpoint_folder(), write_controlnet(tmp_path / "controlnet")
    for name in ("lines", "start"):
        Image.fromarray(lines(37, 29) if name == "lines" else 255 - lines(37, 29)).save(tmp_path / f"{name}.png")
    start = ImageInput(Role.INIT, str(tmp_path / "start.png"), 0.9)
    wanted = request(folders, tmp_path / "lines.png").replace(width=None, height=None)
    backend = KINDS[kind](FolderModels(), Settings())  # type: ignore[arg-type]
    pictures = []
    for inputs in ((start, *wanted.inputs), (start,)):
        resolved = backend.capabilities(wanted.model).resolve(wanted.replace(inputs=inputs), (37, 29))
        told = [event for event in backend.generate(resolved, lambda: False) if isinstance(event, Generated)]
        pictures.append(told[0].output.pixels)
    assert pictures[0].shape == (29, 37, 3)
    assert not np.array_equal(pictures[0], pictures[1])


@pytest.mark.parametrize("precision", ["float32", "8bit"])
def test_its_weights_are_counted_exactly(
    tmp_path: Path, checkpoint_folder: Callable[..., Path], precision: str
) -> None:
    from mlx.utils import tree_flatten

    from app.sana_mlx.config import BITS, TransformerConfig
    from app.sana_mlx.memory import controlnet_weights

    wide = {"num_attention_heads": 4, "num_cross_attention_heads": 4, "cross_attention_dim": 32}
    controlnet = open_controlnet(write_controlnet(tmp_path, num_layers=2, **wide))
    base = open_checkpoint(checkpoint_folder(layers=2, transformer=wide))
    model = MLXBackend(FolderModels(), Settings()).open_model(base, precision)  # type: ignore[arg-type]
    model.set_controlnet(controlnet)
    held = sum(array.nbytes for _, array in tree_flatten(model._parts.load_controlnet().parameters()))
    item = 4 if precision == "float32" else 2
    assert controlnet_weights(TransformerConfig.from_dict(controlnet.config), item, BITS.get(precision)) == held
