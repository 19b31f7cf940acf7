"""PyTorch's networks against diffusers' pipelines."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors

from app.backends.local.torch import loading
from app.backends.local.torch.device import best_precision
from app.backends.local.torch.fixes import make_contiguous
from app.backends.local.torch.model import TorchModel
from app.core.errors import GenerationCancelled, NotFiniteError, UserError
from app.diffusion.families.sana import SanaConditioning
from app.diffusion.noise import Noise
from app.diffusion.sampler import sample
from app.diffusion.solvers import make_solver
from app.library.models.checkpoint.checkpoint import open_checkpoint
from tests.backends.conftest import SPRINT, VARIANTS
from tests.backends.random_checkpoint import write_checkpoint

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")

PROMPT = "A small red House by the sea, 你好"
WIDTH, HEIGHT = 64, 32


@cache
def open_pipeline(folder: Path) -> Any:
    checkpoint = open_checkpoint(folder)
    kind = "SanaSprintPipeline" if checkpoint.guidance_embeds else "SanaPipeline"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = getattr(diffusers, kind).from_pretrained(
            folder, variant=checkpoint.variant or None, dtype=torch.float32, use_safetensors=True
        )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def open_model(folder: Path, precision: str = "float32") -> TorchModel:
    return TorchModel(open_checkpoint(folder), precision, "cpu")


def generate(model: TorchModel, folder: Path, steps: int, guidance: float, negative: str = "blue") -> np.ndarray:
    """(H, W, 3) uint8."""
    checkpoint = open_checkpoint(folder)
    without = None if checkpoint.guidance_embeds else model.encode_prompt(negative, negative=True)
    *_, last = sample(
        model, make_solver(checkpoint.solvers[0], steps, checkpoint.flow_shift), Noise(7),
        (HEIGHT // model.spatial_factor, WIDTH // model.spatial_factor),
        model.encode_prompt(PROMPT), without, guidance,
    )  # fmt: skip
    return model.decode(last.denoised)[0]


@pytest.mark.parametrize(("kind", "batched"), [*((kind, True) for kind in VARIANTS), ("base", False)])
def test_generates_what_diffusers_generates(checkpoint_folder: Callable[..., Path], kind: str, batched: bool) -> None:
    folder = checkpoint_folder(**VARIANTS[kind])
    pipeline, model = open_pipeline(folder), open_model(folder)
    model.batched = batched
    factor = model.spatial_factor
    options: dict[str, Any] = {"prompt": PROMPT, "num_inference_steps": 3, "guidance_scale": 3.5, "output_type": "np"}
    options |= {"width": WIDTH, "height": HEIGHT, "use_resolution_binning": False}
    options["latents"] = torch.from_numpy(Noise(7).draw((1, 32, HEIGHT // factor, WIDTH // factor)))
    if kind != "instruction":  # the text encoder is too small for it
        options |= {"complex_human_instruction": None, "max_sequence_length": 64}
    if kind == "sprint":
        options |= {"num_inference_steps": 1, "intermediate_timesteps": None}  # one step draws no further noise
    else:
        options["negative_prompt"] = "blue"
    expected = (pipeline(**options).images[0] * 255).round()
    ours = generate(model, folder, options["num_inference_steps"], 3.5)
    assert ours.shape == (HEIGHT, WIDTH, 3)
    assert expected.std() > 10
    assert np.abs(ours - expected).max() <= 1  # a value at the edge of rounding


@pytest.mark.parametrize("kind", ["base", "instruction"])
@pytest.mark.parametrize(("prompt", "negative"), [(PROMPT, False), ("", False), ("word " * 400, False), (PROMPT, True)])
def test_embeddings_are_those_of_diffusers(
    checkpoint_folder: Callable[..., Path], kind: str, prompt: str, negative: bool
) -> None:
    folder = checkpoint_folder(**VARIANTS[kind])
    pipeline, model = open_pipeline(folder), open_model(folder)
    limit = {} if kind == "instruction" else {"max_sequence_length": 64}
    instruction = None
    if kind == "instruction":
        from app.diffusion.families.sana import INSTRUCTION

        instruction = INSTRUCTION.split("\n")
    with torch.inference_mode():
        if negative:
            _, _, states, mask = pipeline.encode_prompt("x", True, negative_prompt=prompt, **limit)
        else:
            states, mask, _, _ = pipeline.encode_prompt(prompt, False, complex_human_instruction=instruction, **limit)
    ours, used = model.encode_prompt(prompt, negative=negative), int(mask.sum())
    assert ours.embeddings.shape[1] == used
    assert np.abs(ours.embeddings - states[:, :used].numpy()).max() <= 1e-5


@pytest.mark.parametrize(("kind", "tile"), [("base", 8), ("base", 24), ("lite", 8)])
def test_tiles_change_nothing(checkpoint_folder: Callable[..., Path], kind: str, tile: int) -> None:
    folder = checkpoint_folder(**VARIANTS[kind])
    model, vae = open_model(folder), open_pipeline(folder).vae
    model.tile = tile
    latents = Noise(3).draw((2, 32, 14, 10))
    seen: list[tuple[int, int]] = []
    pixels = model.decode(latents, lambda done, total: seen.append((done, total)))
    with torch.inference_mode():
        whole = vae.decode(torch.from_numpy(latents) / vae.config.scaling_factor).sample
        expected = ((whole / 2 + 0.5).clamp(0, 1) * 255).round().permute(0, 2, 3, 1).numpy()
        again = vae.encode(torch.from_numpy(pixels).permute(0, 3, 1, 2) / 127.5 - 1).latent * vae.config.scaling_factor
    assert len(seen) > 8
    assert seen[-1] == (len(seen) // 2, len(seen) // 2)
    assert np.abs(pixels - expected).max() <= 1
    assert (pixels != expected).mean() < 1e-3
    assert np.abs(model.encode_image(pixels) - again.numpy()).max() <= 1e-5


def test_tiles_depend_on_the_memory(checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    model = open_model(checkpoint_folder())
    tiles: list[int] = []
    model.decode(np.ones((1, 32, 160, 4), np.float32), lambda _, total: tiles.append(total))
    monkeypatch.setattr("app.library.machine.total_memory", lambda: 2**20)
    model.decode(np.ones((1, 32, 160, 4), np.float32), lambda _, total: tiles.append(total))
    assert tiles == [1, 2, 2]


def test_decoding_is_stopped_between_tiles(checkpoint_folder: Callable[..., Path]) -> None:
    model = open_model(checkpoint_folder())
    model.tile = 8
    calls = []

    def stop(done: int, total: int) -> None:
        calls.append(done)
        raise GenerationCancelled

    with pytest.raises(GenerationCancelled):
        model.decode(Noise(1).draw((1, 32, 8, 8)), stop)
    assert calls == [1]


def test_half_precision_is_close(checkpoint_folder: Callable[..., Path]) -> None:
    folder = checkpoint_folder()
    exact, half = (generate(open_model(folder, name), folder, 4, 2.0).astype(float) for name in ("float32", "bfloat16"))
    error = np.sqrt(np.square(exact - half).mean())
    assert 0 < error < 0.2 * exact.std()


def test_types_of_the_parts(checkpoint_folder: Callable[..., Path]) -> None:
    """Gemma and the autoencoder are never computed in float16, also not where they are stored in it."""
    model = open_model(checkpoint_folder(dtype="float16", variant="fp16"), "bfloat16")
    model.load()
    model.encode_prompt("x")
    types = [{p.dtype for p in part.parameters()} for part in (model._transformer, model._text_encoder, model._vae)]
    assert types == [{torch.bfloat16}, {torch.bfloat16}, {torch.float32}]


def test_auto_is_float32_on_the_processor(checkpoint_folder: Callable[..., Path]) -> None:
    assert TorchModel(open_checkpoint(checkpoint_folder()), "auto", "cpu").precision == "float32"


@pytest.mark.parametrize(("version", "expected"), [("2.13.0", "float32"), ("2.14.0", "bfloat16"), ("3.0", "bfloat16")])
def test_auto_on_a_mac_depends_on_torch(version: str, expected: str) -> None:
    class OldOrNew:
        __version__ = version

    assert best_precision(OldOrNew, "mps") == expected


def edited(folder: Path, target: Path, part: str, edit: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a checkpoint with other weights in one part."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(folder, target)
    for path in (target / part).glob("*.safetensors"):
        tensors = load_file(path)
        edit(tensors)
        save_file(tensors, path, {"format": "pt"})
    return target


def loud(tensors: dict[str, Any]) -> None:
    """A linear attention whose output goes far beyond float16's range, in a network that bears it."""
    width = 16
    gate = slice(2 * width, 3 * width)
    for name in ("time_embed.linear.weight", "time_embed.linear.bias"):
        tensors[name][gate] *= 0.1
    for name in tensors:
        if name.endswith("attn1.to_v.weight"):
            tensors[name] *= 30
        elif name.endswith("attn1.to_out.0.weight"):
            tensors[name] *= 2e4
        elif name.endswith("attn2.to_q.weight"):
            tensors[name] *= 1e-3
        elif name.startswith("transformer_blocks") and name.endswith("scale_shift_table"):
            tensors[name][2] *= 0.1


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Of two pictures, as a share of the first one's contrast."""
    return float(np.sqrt(np.square(a.astype(float) - b).mean()) / a.std())


def test_a_model_trained_in_float16_is_clipped_in_every_type(
    checkpoint_folder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = edited(checkpoint_folder(dtype="float16", variant="fp16"), tmp_path / "loud", "transformer", loud)
    assert open_checkpoint(folder).clip
    outputs: list[float] = []

    def watch(module: Any, inputs: Any, output: Any) -> None:
        outputs.append(float(output.abs().max()))

    def generated(precision: str, clip: bool) -> np.ndarray:
        model = open_model(folder, precision)
        model.load()
        model.set_clip(clip)
        model._transformer.transformer_blocks[0].attn1.register_forward_hook(watch)
        return generate(model, folder, 3, 2.0)

    exact, half = generated("float32", True), generated("bfloat16", True)
    assert max(outputs) <= 65504 + 256  # bfloat16 rounds the limit to 65536
    outputs.clear()
    unclipped = generated("float32", False)
    assert max(outputs) > 65504
    assert difference(exact, half) < 0.2
    assert difference(exact, unclipped) > 0.5


def test_the_clip_is_that_of_float16(checkpoint_folder: Callable[..., Path], tmp_path: Path) -> None:
    """What the model computed in training: diffusers' own clip, which works in float16 alone."""
    folder = edited(checkpoint_folder(dtype="float16", variant="fp16"), tmp_path / "loud", "transformer", loud)
    model = open_model(folder)
    latents, conditioning = Noise(1).draw((1, 32, 8, 8)), model.encode_prompt(PROMPT)
    transformer = diffusers.SanaTransformer2DModel.from_pretrained(
        folder / "transformer", variant="fp16", dtype=torch.float16
    )
    with torch.inference_mode():
        expected = transformer(
            torch.from_numpy(latents).half(), torch.from_numpy(conditioning.embeddings).half(), torch.tensor([500.0]),
        ).sample.float().numpy()  # fmt: skip
    assert difference(expected, model.velocity(latents, 500.0, [conditioning])) < 0.02


@pytest.mark.parametrize("kind", ["base", "sana-1.5", "sprint"])
def test_what_mends_mps_changes_nothing_elsewhere(checkpoint_folder: Callable[..., Path], kind: str) -> None:
    folder = checkpoint_folder(**VARIANTS[kind])
    plain, mended = open_model(folder), open_model(folder)
    mended.load()
    ragged: list[str] = []

    def watch(module: Any, inputs: Any) -> None:
        if not all(item.is_contiguous() for item in inputs):
            ragged.append(type(module).__name__)

    for network in (mended._transformer, mended._vae):
        make_contiguous(network)
        for module in network.modules():
            if isinstance(module, torch.nn.Conv2d | torch.nn.SiLU):
                module.register_forward_pre_hook(watch)
    one, other = generate(plain, folder, 2, 3.0), generate(mended, folder, 2, 3.0)
    assert not ragged
    assert np.abs(one.astype(int) - other).max() <= 1


def test_attention_for_mps_obeys_the_mask(checkpoint_folder: Callable[..., Path]) -> None:
    plain, mended = open_model(checkpoint_folder()), open_model(checkpoint_folder())
    mended.load()
    make_contiguous(mended._transformer)
    conditionings = [SanaConditioning(embeddings=Noise(length).draw((1, length, 12))) for length in (2, 4)]
    latents = Noise(2).draw((1, 32, 6, 8))
    one, other = (model.velocity(latents, 300.0, conditionings) for model in (plain, mended))
    assert np.abs(one - other).max() < 1e-5


NAN_PLACES = {
    "the prompt embedding": ("text_encoder", "norm.weight"),
    "the velocity of step 1": ("transformer", "proj_out.bias"),
    "the decoded picture": ("vae", "decoder.up_blocks.0.0.conv.bias"),
}


@pytest.mark.parametrize("place", NAN_PLACES)
def test_planted_nan_is_named(checkpoint_folder: Callable[..., Path], tmp_path: Path, place: str) -> None:
    part, name = NAN_PLACES[place]

    def plant(tensors: dict[str, Any]) -> None:
        tensors[name].view(-1)[3] = torch.nan

    folder = edited(checkpoint_folder(), tmp_path / "broken", part, plant)
    with pytest.raises(NotFiniteError) as caught:
        generate(open_model(folder), folder, 2, 2.0)
    assert str(caught.value.place) == place


def test_nan_in_the_decoder_is_found_where_relu_hides_it(
    checkpoint_folder: Callable[..., Path], tmp_path: Path
) -> None:
    def plant(tensors: dict[str, Any]) -> None:
        tensors["decoder.up_blocks.0.0.conv.bias"][:] = torch.nan

    folder = edited(checkpoint_folder(), tmp_path / "broken", "vae", plant)
    model = open_model(folder)
    model.load()
    # As on mps: ReLU turns NaN into 0.
    model._vae.decoder.conv_act.register_forward_hook(lambda module, inputs, output: output.nan_to_num(0))
    with pytest.raises(NotFiniteError, match="the decoded picture"):
        model.decode(Noise(1).draw((1, 32, 8, 8)))


def test_nan_in_the_encoder_is_named(checkpoint_folder: Callable[..., Path], tmp_path: Path) -> None:
    def plant(tensors: dict[str, Any]) -> None:
        tensors["encoder.conv_out.bias"][0] = torch.nan

    model = open_model(edited(checkpoint_folder(), tmp_path / "broken", "vae", plant))
    with pytest.raises(NotFiniteError, match="the encoded start picture"):
        model.encode_image(np.zeros((1, 32, 32, 3), np.uint8))


@pytest.mark.parametrize("part", ["transformer", "vae", "text_encoder"])
@pytest.mark.parametrize("fault", ["missing", "shape"])
def test_weights_that_do_not_fit_are_refused(
    checkpoint_folder: Callable[..., Path], tmp_path: Path, part: str, fault: str
) -> None:
    def spoil(tensors: dict[str, Any]) -> None:
        name = next(name for name in sorted(tensors) if tensors[name].ndim == 2)
        tensor = tensors.pop(name)
        if fault == "shape":
            tensors[name] = tensor[1:].contiguous()

    folder = edited(checkpoint_folder(), tmp_path / "broken", part, spoil)
    model = open_model(folder)
    with pytest.raises(UserError, match=rf"weights in .*{part}.* do not fit"):
        generate(model, folder, 1, 2.0)


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("vae", {"decoder_block_types": "unknown"}),
        ("vae", {"decoder_act_fns": "unknown"}),
        ("text_encoder", {"num_attention_heads": "two"}),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(
    checkpoint_folder: Callable[..., Path], tmp_path: Path, part: str, values: dict[str, Any]
) -> None:
    folder = edited(checkpoint_folder(), tmp_path / "broken", part, lambda tensors: None)
    config = folder / part / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), **values}))
    model = open_model(folder)
    with pytest.raises(UserError, match="cannot be used: a value in one"):
        generate(model, folder, 1, 2.0)


def test_a_text_encoder_that_does_not_fit_into_memory_is_not_called_damaged(
    checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **options: Any) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 5000000000 bytes.")

    monkeypatch.setattr("app.backends.local.torch.loading.read_tensors", full)
    with pytest.raises(RuntimeError, match="allocate memory"):
        open_model(checkpoint_folder()).encode_prompt("x")


def test_a_pickle_that_the_description_names_is_not_read(
    checkpoint_folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = edited(checkpoint_folder(), tmp_path / "changed", "text_encoder", lambda tensors: None)
    config = folder / "text_encoder" / "config.json"
    pickled = folder / "text_encoder" / "adapter_model.bin"
    torch.save({}, pickled)
    config.write_text(json.dumps({**json.loads(config.read_text()), "transformers_weights": pickled.name}))
    monkeypatch.setattr(torch, "load", None)
    expected = open_model(checkpoint_folder()).encode_prompt(PROMPT).embeddings
    assert np.array_equal(open_model(folder).encode_prompt(PROMPT).embeddings, expected)


def test_the_peak_of_a_gpu_is_counted_from_the_start_of_the_model(
    checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    resets: list[str] = []
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", lambda: resets.append("cuda"))
    for device in ("cpu", "cuda"):
        TorchModel(open_checkpoint(checkpoint_folder()), "float32", device)
    assert resets == ["cuda"]


def test_a_transformer_that_also_predicts_a_variance(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint", transformer={"out_channels": 64})
    model = open_model(folder)
    assert model.velocity(Noise(1).draw((1, 32, 4, 4)), 9.0, [model.encode_prompt("x")]).shape == (1, 32, 4, 4)


def test_the_text_encoder_goes_where_memory_is_short(
    checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = open_model(checkpoint_folder())
    before = model.encode_prompt(PROMPT)
    model.release_text_encoder()
    assert model._text_encoder is not None
    monkeypatch.setattr("app.library.machine.total_memory", lambda: 100_000)
    model.release_text_encoder()
    assert model._text_encoder is None
    assert np.array_equal(model.encode_prompt(PROMPT).embeddings, before.embeddings)


@pytest.mark.parametrize("together", [True, False])
def test_where_memory_is_short_the_text_encoder_has_it_to_itself(
    together: bool, checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is loaded beside the text encoder while a second prompt is read, and what the picture is after that."""
    if not together:
        monkeypatch.setattr("app.library.machine.total_memory", lambda: 100_000)
    folder = checkpoint_folder()
    model = open_model(folder)
    beside: list[bool] = []
    load = loading.load_text_encoder

    def loads(*args: Any) -> Any:
        beside.append(model._transformer is not None or model._vae is not None)
        return load(*args)

    monkeypatch.setattr(loading, "load_text_encoder", loads)
    pictures = []
    for _ in range(2):
        pictures.append(generate(model, folder, 2, 3.5))
        model.release_text_encoder()
    assert beside == ([False] if together else [False, False])
    assert np.array_equal(pictures[0], pictures[1])


def test_what_is_read_of_a_file_does_not_stay_in_memory(
    checkpoint_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are closed on the way, and each tensor is read once."""
    tensors = open_checkpoint(checkpoint_folder(**VARIANTS["half"])).weights["transformer"].tensors
    whole = loading.read_tensors(tensors, "cpu", torch.float32)
    opened: list[Path] = []
    opens = safetensors.safe_open

    def counted(path: Path, framework: str) -> Any:
        opened.append(path)
        return opens(path, framework)

    monkeypatch.setattr(safetensors, "safe_open", counted)
    monkeypatch.setattr(loading, "PORTION", 1000)
    parts = loading.read_tensors(tensors, "cpu", torch.float32)
    assert len(opened) > len(set(opened)) > 1
    assert parts.keys() == whole.keys() == tensors.keys()
    assert all(torch.equal(parts[name], whole[name]) for name in whole)


def test_two_models_give_the_same_bytes(checkpoint_folder: Callable[..., Path]) -> None:
    folder = checkpoint_folder(**SPRINT)
    assert np.array_equal(generate(open_model(folder), folder, 3, 4.5), generate(open_model(folder), folder, 3, 4.5))
