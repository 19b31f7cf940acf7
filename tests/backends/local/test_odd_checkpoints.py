"""Odd but legitimate checkpoints: both backends take the same, say the same of what is wrong, and give one picture."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from app.backends.local.mlx_model import MLXModel
from app.backends.local.torch.model import TorchModel
from app.core.errors import UserError
from app.diffusion.families.sana import SanaConditioning
from app.diffusion.model import LatentModel
from app.diffusion.noise import Noise
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.models.checkpoint.transformer_only import Base, complete, read_transformer

Tensors = dict[str, torch.Tensor]
WEIGHTS = {
    "transformer": "diffusion_pytorch_model.safetensors",
    "vae": "diffusion_pytorch_model.safetensors",
    "text_encoder": "model.safetensors",
}
KINDS = ("torch", "mlx")


def open_model(checkpoint: Checkpoint, kind: str) -> LatentModel:
    return TorchModel(checkpoint, "float32", "cpu") if kind == "torch" else MLXModel(checkpoint, "float32", 2**33)


def outputs(checkpoint: Checkpoint, kind: str) -> dict[str, np.ndarray]:
    """What each part gives."""
    model = open_model(checkpoint, kind)
    prompt = model.encode_prompt("a red house")
    latents = Noise(1).draw((1, checkpoint.latent_channels, 4, 4))
    guidance = 4.5 if checkpoint.guidance_embeds else None
    return {
        "embeddings": cast(SanaConditioning, prompt).embeddings,
        "velocity": model.velocity(latents, 500.0, [prompt], guidance),
        "picture": model.decode(latents),
    }


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """But for the order of sums, which depends on where in memory the weights lie. Pictures are whole numbers."""
    return bool(np.allclose(one, other, rtol=1e-5, atol=1e-5 if one.dtype != np.uint8 else 1))


@pytest.fixture
def folder(checkpoint_folder: Callable[..., Path], tmp_path: Path) -> Path:
    return shutil.copytree(checkpoint_folder(), tmp_path / "odd")


def config(part: str, **values: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / part / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return change


def tensors(part: str, edit: Callable[[Tensors], Tensors | None]) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / part / WEIGHTS[part]
        weights = load_file(path)
        weights = edit(weights) or weights
        save_file({name: tensor.contiguous() for name, tensor in weights.items()}, path, {"format": "pt"})

    return change


def with_prefix(prefix: str) -> Callable[[Tensors], Tensors]:
    return lambda weights: {f"{prefix}{name}": tensor for name, tensor in weights.items()}


def adding(**values: torch.Tensor) -> Callable[[Tensors], Tensors]:
    return lambda weights: {**weights, **{name.replace("__", "."): tensor for name, tensor in values.items()}}


def in_float64(weights: Tensors) -> None:
    weights["proj_out.weight"] = weights["proj_out.weight"].double()


def with_average(weights: Tensors) -> Tensors:
    return {**weights, **{f"model_ema.{name}": tensor + 1 for name, tensor in weights.items()}}


HARMLESS: dict[str, Callable[[Path], None]] = {
    "a trainer's switch": config("transformer", gradient_checkpointing=True, trained_by="somebody"),
    "a switch of the pipeline": config("vae", use_tiling=True, use_slicing=True, force_upcast=True),
    "no quantization": config("transformer", quantization_config=None),
    "positions of the text encoder": tensors(
        "text_encoder", adding(layers__0__self_attn__rotary_emb__inv_freq=torch.ones(4), position_ids=torch.arange(9))
    ),
    "positions of the transformer": tensors("transformer", adding(pos_embed=torch.zeros(1, 64, 16))),
    "a counter": tensors("vae", adding(decoder__norm_out__num_batches_tracked=torch.tensor(3))),
    "a moving average": tensors("transformer", with_average),
    "one tensor in float64": tensors("transformer", in_float64),
    "the text encoder's language model": tensors("text_encoder", with_prefix("model.")),
    "a prefix of ComfyUI": tensors("transformer", with_prefix("model.diffusion_model.")),
    "a prefix of distributed training": tensors("transformer", with_prefix("module.")),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HARMLESS)
def test_what_changes_nothing_is_left_out(
    folder: Path, checkpoint_folder: Callable[..., Path], name: str, kind: str
) -> None:
    HARMLESS[name](folder)
    odd, plain = outputs(open_checkpoint(folder), kind), outputs(open_checkpoint(checkpoint_folder()), kind)
    for part, values in plain.items():
        assert same(odd[part], values), part


def without(name: str) -> Callable[[Tensors], Tensors]:
    return lambda weights: {key: tensor for key, tensor in weights.items() if key != name}


def cut(name: str) -> Callable[[Tensors], Tensors]:
    return lambda weights: {key: tensor[1:] if key == name else tensor for key, tensor in weights.items()}


WRONG: dict[str, tuple[Callable[[Path], None], str]] = {
    "a tensor is missing": (tensors("transformer", without("caption_norm.weight")), "caption_norm.weight is missing"),
    "a tensor too many": (
        tensors("transformer", adding(registers=torch.zeros(4, 16))),
        "registers has no place in it",
    ),
    "another shape": (
        tensors("transformer", cut("transformer_blocks.1.ff.conv_inverted.weight")),
        "transformer_blocks.1.ff.conv_inverted.weight is 79 × 16 × 1 × 1 rather than 80 × 16 × 1 × 1",
    ),
    "a convolution of another shape": (
        tensors("vae", cut("decoder.conv_in.weight")),
        "decoder.conv_in.weight is 31 × 32 × 3 × 3 rather than 32 × 32 × 3 × 3",
    ),
    "a text encoder's tensor is missing": (
        tensors("text_encoder", without("layers.1.mlp.up_proj.weight")),
        "layers.1.mlp.up_proj.weight is missing",
    ),
    "a stray of the autoencoder": (tensors("vae", adding(quant_conv__weight=torch.ones(1))), "quant_conv.weight has"),
    "a setting that changes shapes": (config("transformer", mlp_ratio=3.5), "ff.conv_depth.bias is 80 rather than 112"),
    "a setting that adds layers": (config("transformer", num_layers=3), "transformer_blocks.2."),
    "another kind of norm": (config("transformer", qk_norm="layer_norm"), "qk_norm = 'layer_norm'"),
    "a setting without which nothing works": (config("transformer", num_layers=None), "num_layers is None"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_named_alike(folder: Path, name: str) -> None:
    change, words = WRONG[name]
    change(folder)
    said = []
    for kind in KINDS:
        with pytest.raises(UserError) as error:
            outputs(open_checkpoint(folder), kind)
        said.append(str(error.value))
    assert words in said[0]
    assert said[0] == said[1]


@pytest.mark.parametrize("kind", KINDS)
def test_an_autoencoder_with_only_its_decoder(folder: Path, kind: str) -> None:
    tensors("vae", lambda weights: {name: t for name, t in weights.items() if name.startswith("decoder.")})(folder)
    checkpoint = open_checkpoint(folder)
    assert not checkpoint.has_encoder
    assert outputs(checkpoint, kind)["picture"].std() > 1
    with pytest.raises(UserError, match="comes without an encoder"):
        open_model(checkpoint, kind).encode_image(np.zeros((1, 32, 32, 3), np.uint8))


def nvlabs(weights: Tensors) -> Tensors:
    """A transformer as NVlabs' own code saves it."""
    renamed = {"y_embedder.y_embedding": torch.zeros(3, 12), "pos_embed": torch.zeros(1, 64, 16)}
    modules = {
        "patch_embed.proj": "x_embedder.proj", "caption_projection.linear_1": "y_embedder.y_proj.fc1",
        "caption_projection.linear_2": "y_embedder.y_proj.fc2", "caption_norm": "attention_y_norm",
        "time_embed.linear": "t_block.1", "proj_out": "final_layer.linear",
        "time_embed.emb.timestep_embedder.linear_1": "t_embedder.mlp.0",
        "time_embed.emb.timestep_embedder.linear_2": "t_embedder.mlp.2",
        "time_embed.timestep_embedder.linear_1": "t_embedder.mlp.0",
        "time_embed.timestep_embedder.linear_2": "t_embedder.mlp.2",
        "time_embed.guidance_embedder.linear_1": "cfg_embedder.mlp.0",
        "time_embed.guidance_embedder.linear_2": "cfg_embedder.mlp.2",
        "attn1.norm_q": "attn.q_norm", "attn1.norm_k": "attn.k_norm", "attn1.to_out.0": "attn.proj",
        "attn2.to_q": "cross_attn.q_linear", "attn2.norm_q": "cross_attn.q_norm", "attn2.norm_k": "cross_attn.k_norm",
        "attn2.to_out.0": "cross_attn.proj", "ff.conv_inverted": "mlp.inverted_conv.conv",
        "ff.conv_depth": "mlp.depth_conv.conv", "ff.conv_point": "mlp.point_conv.conv",
    }  # fmt: skip
    for name, tensor in weights.items():
        if ".attn1.to_" in name and "to_out" not in name:
            if ".to_q." in name:
                joined = [weights[name.replace("to_q", part)] for part in ("to_q", "to_k", "to_v")]
                renamed[_block(name.replace("attn1.to_q", "attn.qkv"))] = torch.cat(joined)
        elif ".attn2.to_k." in name:
            joined = [tensor, weights[name.replace("to_k", "to_v")]]
            renamed[_block(name.replace("attn2.to_k", "cross_attn.kv_linear"))] = torch.cat(joined)
        elif ".attn2.to_v." not in name:
            inner = next((module for module in modules if f"{module}." in f"{name}." and module in name), "")
            new = name.replace(inner, modules[inner]) if inner else name
            renamed[_block("final_layer.scale_shift_table" if name == "scale_shift_table" else new)] = tensor
    return renamed


def _block(name: str) -> str:
    return name.replace("transformer_blocks.", "blocks.")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("options", "prefix"),
    [
        ({}, ""),
        ({}, "model.diffusion_model."),
        ({}, "diffusion_model."),
        ({"qk_norm": "rms_norm_across_heads"}, ""),
        ({"scheduler": "scm", "guidance_embeds": True, "qk_norm": "rms_norm_across_heads"}, ""),
    ],
    ids=["sana", "ComfyUI's checkpoint", "ComfyUI", "sana-1.5", "sprint"],
)
def test_a_file_with_nvlabs_names(
    checkpoint_folder: Callable[..., Path], tmp_path: Path, options: dict[str, Any], prefix: str, kind: str
) -> None:
    base = open_checkpoint(checkpoint_folder(**options))
    weights = with_prefix(prefix)(nvlabs(load_file(base.weight_files("transformer")[0])))
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, tmp_path / "Sana.safetensors")
    renamed = complete(read_transformer(tmp_path / "Sana.safetensors"), [Base("base", (), base)])
    assert same(outputs(renamed, kind)["velocity"], outputs(base, kind)["velocity"])


@pytest.mark.parametrize("scale", [None, "scale_weight", "weight_scale", "rows"])
@pytest.mark.parametrize("dtype", [torch.float8_e4m3fn, torch.float8_e5m2])
def test_8_bit_floats_are_widened(folder: Path, tmp_path: Path, dtype: torch.dtype, scale: str | None) -> None:
    """As ComfyUI stores them: with a factor for each tensor or row, and factors for inputs that nothing uses here."""
    widened: Tensors = {}

    def shrink(weights: Tensors) -> Tensors:
        stored: Tensors = {"scaled_fp8": torch.zeros(2, dtype=dtype)}
        for name, tensor in weights.items():
            stored[name] = widened[name] = tensor
            if name.endswith(".weight") and "attn" in name and tensor.ndim == 2:
                rows = tensor.abs().amax(1) if scale == "rows" else tensor.abs().max()
                factor = rows / 100 if scale else torch.tensor(1.0)
                shape = (-1, 1) if scale == "rows" else ()
                stored[name] = (tensor / factor.reshape(shape)).to(dtype)
                widened[name] = stored[name].float() * factor.reshape(shape)
                layer = name.removesuffix(".weight")
                if scale:
                    stored[f"{layer}.{'scale_weight' if scale == 'rows' else scale}"] = factor
                    stored[f"{layer}.scale_input"] = torch.tensor(1.0)
        return stored

    exact = shutil.copytree(folder, tmp_path / "exact")
    tensors("transformer", shrink)(folder)
    tensors("transformer", lambda _: widened)(exact)
    for kind in KINDS:
        found, expected = (outputs(open_checkpoint(path), kind)["velocity"] for path in (folder, exact))
        assert same(found, expected), kind


def test_real_quantization_stays_refused(folder: Path) -> None:
    tensors("transformer", lambda weights: {name: t.to(torch.uint8) for name, t in weights.items()})(folder)
    with pytest.raises(UserError, match="stored as U8, which is not supported"):
        open_checkpoint(folder)
