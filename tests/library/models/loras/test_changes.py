"""LoRA files of other programs, for other models and damaged ones: what is read, and what is said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from app.library.models.loras.changes import check_loras, read_changes
from app.library.models.loras.reading import LoraError, lora_file, read_lora

Q = "transformer_blocks.0.attn1.to_q"
SHAPES = {
    f"transformer_blocks.{number}.attn1.{part}.weight": (8, 8)
    for number in range(2)
    for part in ("to_q", "to_k", "to_v")
}
RANK = 4


def pair(
    layer: str, *, inputs: int = 8, outputs: int = 8, names: tuple[str, str] = ("lora_A", "lora_B")
) -> dict[str, Any]:
    return {
        f"{layer}.{names[0]}.weight": torch.ones(RANK, inputs),
        f"{layer}.{names[1]}.weight": torch.ones(outputs, RANK),
    }


def save(folder: Path, tensors: dict[str, Any], metadata: dict[str, str] | None = None) -> Path:
    file = folder / "given.safetensors"
    save_file(tensors, file, metadata)
    return file


def refusal(file: Path) -> str:
    with pytest.raises(LoraError) as caught:
        read_changes([(file, 1.0)], SHAPES, "Starter")
    assert file.name in str(caught.value)
    return str(caught.value)


def test_several_of_one_layer_add_up_with_their_weights(tmp_path: Path) -> None:
    file = save(tmp_path, pair(f"transformer.{Q}"))
    change = read_changes([(file, 0.5), (file, -2.0)], SHAPES, "Starter")[Q]
    assert np.allclose(change.b @ change.a, RANK * -1.5)
    assert read_changes([(file, 0.0)], SHAPES, "Starter") == {}


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_types(tmp_path: Path, kind: torch.dtype) -> None:
    file = save(tmp_path, {key: tensor.to(kind) * 1.5 for key, tensor in pair(Q).items()})
    change = read_changes([(file, 1.0)], SHAPES, "Starter")[Q]
    assert np.allclose(change.b @ change.a, RANK * 2.25)


def test_settings_beside_the_file(tmp_path: Path) -> None:
    """As peft saves it: the file has no alpha and no metadata."""
    save_file(pair(f"base_model.model.{Q}"), tmp_path / "adapter_model.safetensors")
    (tmp_path / "adapter_config.json").write_text(json.dumps({"r": RANK, "lora_alpha": 8, "use_rslora": True}))
    change = read_changes([(lora_file(tmp_path), 1.0)], SHAPES, "Starter")[Q]
    assert np.allclose(change.b @ change.a, RANK * 8 / 2)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (f"transformer.{Q}.lora_magnitude_vector", "DoRA"),
        (f"lora_unet_{Q.replace('.', '_')}.dora_scale", "DoRA"),
        (f"lycoris_{Q.replace('.', '_')}.hada_w1_a", "LoHa"),
        (f"lycoris_{Q.replace('.', '_')}.lokr_w1", "LoKr"),
        (f"lora_unet_{Q.replace('.', '_')}.lora_mid.weight", "third factor"),
        (f"diffusion_model.{Q}.diff", "whole weights"),
        ("text_encoder.layers.0.self_attn.q_proj.lora_A.weight", "text encoder"),
        ("lora_te_layers_0_self_attn_q_proj.lora_down.weight", "text encoder"),
    ],
)
def test_other_methods_are_refused_by_name(tmp_path: Path, key: str, kind: str) -> None:
    assert kind in refusal(save(tmp_path, {**pair(Q), key: torch.ones(RANK, 8)}))


def test_a_dora_by_its_settings(tmp_path: Path) -> None:
    metadata = {"lora_adapter_metadata": json.dumps({"transformer.use_dora": True})}
    assert "DoRA" in refusal(save(tmp_path, pair(Q), metadata))


@pytest.mark.parametrize(
    ("layer", "inputs", "metadata", "family"),
    [
        ("transformer.single_transformer_blocks.0.attn.to_q", 3072, {}, "FLUX"),
        ("lora_unet_double_blocks_0_img_attn_qkv", 3072, {}, "FLUX"),
        ("lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k", 2048, {}, "Stable Diffusion XL"),
        ("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k", 768, {}, "Stable Diffusion 1.5"),
        ("lora_unet_input_blocks_4_1_proj_in", 640, {"ss_base_model_version": "sdxl_base_v1-0"}, "XL"),
        ("transformer.transformer_blocks.0.attn.add_q_proj", 1536, {}, "Stable Diffusion 3"),
        ("diffusion_model.blocks.0.self_attn.q", 1536, {}, "Wan"),
        (Q, 8, {"modelspec.architecture": "flux-1-dev/lora"}, "FLUX"),
        (f"transformer.{Q}", 2240, {}, "Sana 1.6B"),
        (f"transformer.{Q}", 1152, {}, "Sana 0.6B"),
        ("transformer.transformer_blocks.59.attn1.to_q", 2240, {}, "Sana 4.8B"),
        ("lora_unet_transformer_blocks_59_attn1_to_q", 2240, {}, "Sana 4.8B"),
        ("lora_unet_blocks_3_attn_qkv", 1152, {}, "Sana 0.6B"),
        ("transformer.transformer_blocks.0.ff.conv_temp", 2240, {}, "SANA-Video"),
        ("diffusion_model.blocks.0.mlp.t_conv", 2240, {}, "SANA-Video"),
    ],
)
def test_what_it_was_made_for(tmp_path: Path, layer: str, inputs: int, metadata: dict[str, str], family: str) -> None:
    file = save(tmp_path, pair(layer, inputs=inputs, outputs=inputs), metadata)
    assert re.search(rf"was made for [\w ]*{family}", refusal(file))


def test_one_of_a_model_of_clips_is_told_from_one_of_pictures_as_wide(tmp_path: Path) -> None:
    """SANA-Video and Sana 1.6B have the same attention; their feed-forwards differ."""
    layers = {"transformer_blocks.0.attn1.to_q": 2240, "transformer_blocks.0.ff.conv_point": 6720}
    tensors = {key: each for layer, width in layers.items() for key, each in pair(layer, inputs=width).items()}
    assert "was made for SANA-Video" in refusal(save(tmp_path, tensors))


def test_one_of_a_model_of_clips_fits_one(tmp_path: Path) -> None:
    temporal = "transformer_blocks.0.ff.conv_temp"
    shapes = {**SHAPES, f"{temporal}.weight": (8, 8, 3, 1)}
    for name in (f"transformer.{temporal}", "diffusion_model.blocks.0.mlp.t_conv"):
        a, b = torch.ones(RANK, 8, 3, 1), torch.ones(8, RANK, 1, 1)
        file = save(tmp_path, {f"{name}.lora_A.weight": a, f"{name}.lora_B.weight": b, **pair(Q)})
        assert set(read_changes([(file, 1.0)], shapes, "Clips")) == {temporal, Q}
    foreign = save(tmp_path, pair(Q), {"modelspec.architecture": "wan2.1-t2v"})
    with pytest.raises(LoraError, match="made for Wan"):
        read_changes([(foreign, 1.0)], shapes, "Clips")


def test_what_changes_nothing_and_what_fits_in_part_is_refused_with_its_layers(tmp_path: Path) -> None:
    assert "changes nothing" in refusal(save(tmp_path, pair("transformer.somewhere.else")))
    text = refusal(save(tmp_path, {**pair(Q), **pair("transformer.somewhere.else")}))
    assert "lacks some of its layers: somewhere.else" in text
    assert "made for a model 6 wide" in refusal(save(tmp_path, pair(Q, inputs=6, outputs=6)))
    assert f"another shape: {Q}" in refusal(save(tmp_path, pair(Q, outputs=6)))


def test_half_a_pair_and_what_is_no_lora(tmp_path: Path) -> None:
    assert Q in refusal(save(tmp_path, {**pair(f"{Q[:-1]}k"), f"{Q}.lora_A.weight": torch.ones(RANK, 8)}))
    assert "no LoRA" in refusal(save(tmp_path, {f"{Q}.weight": torch.ones(8, 8)}))


@pytest.mark.parametrize(
    ("a", "b", "metadata", "problem"),
    [
        ((4, 8), (8, 3), None, "ranks"),
        ((4,), (8, 4), None, "ranks"),
        ((0, 8), (8, 0), None, "ranks"),
        ((4, 8), (8, 4), "{x", "metadata"),
        ((4, 8), (8, 4), "[]", "metadata"),
        ((4, 8), (8, 4), '{"transformer.lora_alpha": "much"}', "alpha"),
        ((4, 8), (8, 4), '{"transformer.lora_alpha": NaN}', "alpha"),
        ((4, 8), (8, 4), '{"transformer.alpha_pattern": {"(": 3}}', "alpha"),
        ((4, 8), (8, 4), '{"transformer.alpha_pattern": [3]}', "alpha"),
    ],
)
def test_damage(tmp_path: Path, a: Any, b: Any, metadata: str | None, problem: str) -> None:
    tensors = {f"{Q}.lora_A.weight": torch.zeros(a), f"{Q}.lora_B.weight": torch.zeros(b)}
    text = refusal(save(tmp_path, tensors, {"lora_adapter_metadata": metadata} if metadata else None))
    assert "damaged" in text
    assert problem in text


@pytest.mark.parametrize("factor", ["lora_A.weight", "lora_B.weight", "alpha"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number(tmp_path: Path, factor: str, value: float) -> None:
    tensors = {**pair(Q), f"{Q}.alpha": torch.ones(())}
    tensors[f"{Q}.{factor}"].view(-1)[0] = value
    file = save(tmp_path, tensors)
    check_loras([(file, 1.0)], SHAPES, "Starter")  # headers do not tell
    assert "not" in refusal(file)


def test_only_whole_safetensors(tmp_path: Path) -> None:
    pickle = tmp_path / "given.pt"
    pickle.write_bytes(b"\x80\x04junk")
    assert "safetensors" in refusal(pickle)
    renamed = tmp_path / "given.safetensors"
    renamed.write_bytes(b"\x80\x04junk")
    assert "damaged" in refusal(renamed)
    whole = save(tmp_path, pair(Q)).read_bytes()
    renamed.write_bytes(whole[:-4])
    assert "truncated" in refusal(renamed)
    assert "not there" in refusal(tmp_path / "missing.safetensors")


def test_names_of_any_length_are_no_message(tmp_path: Path) -> None:
    text = refusal(save(tmp_path, {**pair(Q), "model." * 200_000 + "x": torch.ones(1)}))
    assert len(text) < 300


def test_the_sizes_of_factors_are_known_without_reading_them(tmp_path: Path) -> None:
    file = read_lora(save(tmp_path, pair(Q)))
    assert (file.shape(Q, "a"), file.widths) == ((RANK, 8), {Q: 8})
