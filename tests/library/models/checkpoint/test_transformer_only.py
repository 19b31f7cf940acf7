"""A fine-tuned transformer in one file, on top of a model that is here."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.library import paths
from app.library.models.checkpoint.transformer_only import UnclearBaseError
from app.library.models.model import ModelState
from app.library.models.store import Models
from app.library.settings import Settings
from tests.checkpoints import TRANSFORMER, write_checkpoint, write_json, write_safetensors

TENSORS = {"transformer_blocks.0.attn1.to_q.weight": (4, 4), "proj_out.bias": (4,)}


@pytest.fixture
def models(tmp_path: Path) -> Models:
    models = Models(Settings())
    base = write_checkpoint(tmp_path / "base")
    write_safetensors(base / "transformer" / "diffusion_pytorch_model.safetensors", TENSORS, "F32", 1)
    models.add_folder(base)
    return models


@pytest.fixture
def single(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "my style.safetensors"
    write_safetensors(path, TENSORS, "BF16", 2)
    return path


def test_it_takes_the_rest_from_the_model_that_it_fits(models: Models, single: Path, tmp_path: Path) -> None:
    added = models.add_folder(single)
    assert (added.name, added.state, added.id) == ("my style", ModelState.READY, str(single))
    _, checkpoint = models.resolve(str(single))
    assert checkpoint.weight_files("transformer") == (single,)
    assert checkpoint.folder == tmp_path / "base"
    assert [file.parent for file in checkpoint.weight_files("vae")] == [tmp_path / "base" / "vae"]
    assert checkpoint.size.transformer == 20
    row = Models(Settings()).describe()[-1]
    assert (row["id"], row["state"], row["family"]) == (str(single), "ready", "sana")
    models.remove(str(single))
    assert single.exists()
    assert all(model.id != str(single) for model in models.list())


def test_without_its_model_it_says_what_is_missing(models: Models, single: Path, tmp_path: Path) -> None:
    models.add_folder(single)
    shutil.rmtree(tmp_path / "base")
    assert models.look(str(single)).state is ModelState.PARTIAL
    with pytest.raises(UserError, match=r"fits none of the models.*Download the model"):
        models.resolve(str(single))


def test_a_file_of_a_checkpoint_stands_for_all_of_it(models: Models, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "whole")
    added = models.add_folder(folder / "transformer" / "diffusion_pytorch_model.safetensors")
    assert added.id == str(folder)


def test_a_file_in_another_folder_of_a_checkpoint_is_its_own(models: Models, single: Path, tmp_path: Path) -> None:
    """A trainer may write its results beside the parts."""
    (tmp_path / "base" / "fine").mkdir()
    tuned = single.rename(tmp_path / "base" / "fine" / single.name)
    assert models.resolve(str(tuned))[1].weight_files("transformer") == (tuned,)


def test_the_starter_can_be_a_base(models: Models, tmp_path: Path) -> None:
    source = paths.resources() / "starter" / "transformer" / "diffusion_pytorch_model.safetensors"
    copy = Path(shutil.copy(source, tmp_path / "tuned.safetensors"))
    assert models.resolve(str(copy))[1].folder == paths.resources() / "starter"


@pytest.fixture
def bases(models: Models, tmp_path: Path) -> Models:
    """Two models that the file fits: the fixture's, and another."""
    other = write_checkpoint(tmp_path / "Sana_1600M_1024px_BF16_diffusers")
    write_safetensors(other / "transformer" / "diffusion_pytorch_model.safetensors", TENSORS, "F32", 3)
    models.add_folder(other)
    return models


def test_a_file_that_fits_several_asks_for_its_base(bases: Models, single: Path, tmp_path: Path) -> None:
    other = tmp_path / "Sana_1600M_1024px_BF16_diffusers"
    with pytest.raises(UnclearBaseError, match="fits several models") as error:
        bases.add_folder(single)
    assert error.value.bases == ((str(tmp_path / "base"), "base"), (str(other), other.name))
    assert f"{single}@{tmp_path / 'base'}" in str(error.value.remedy)
    assert pickle.loads(pickle.dumps(error.value)).bases == error.value.bases

    assert bases.resolve(f"{single}@{other}")[1].folder == other
    assert bases.add_folder(single, base=str(other)).state is ModelState.READY
    _, checkpoint = Models(Settings()).resolve(str(single))
    assert (checkpoint.folder, checkpoint.base) == (other, other.name)
    assert other.name in str(checkpoint.notes[0])
    bases.remove(str(single))
    with pytest.raises(UnclearBaseError):
        bases.resolve(str(single))


@pytest.mark.parametrize(
    "metadata",
    [
        {"_name_or_path": "Efficient-Large-Model/Sana_1600M_1024px_BF16_diffusers"},
        {"modelspec.title": "Flowers", "modelspec.architecture": "sana_1600m_1024px_bf16"},
        {"ss_sd_model_name": "Sana_1600M_1024px_BF16.safetensors"},
    ],
)
def test_its_metadata_tell_its_base(bases: Models, single: Path, metadata: dict[str, str]) -> None:
    write_safetensors(single, TENSORS, "BF16", 2, metadata)
    assert bases.resolve(str(single))[1].base == "Sana_1600M_1024px_BF16_diffusers"


def test_its_name_tells_its_base(bases: Models, single: Path) -> None:
    named = single.rename(single.with_name("flowers-Sana_1600M_1024px_BF16-v2.safetensors"))
    assert bases.resolve(str(named))[1].base == "Sana_1600M_1024px_BF16_diffusers"


def test_its_size_tells_its_base(bases: Models, single: Path, tmp_path: Path) -> None:
    path = tmp_path / "base" / "transformer" / "config.json"
    write_json(path, {**json.loads(path.read_text(encoding="utf-8")), "sample_size": 128})
    write_safetensors(single, TENSORS, "BF16", 2, {"modelspec.resolution": "512x512"})
    assert bases.resolve(str(single))[1].base == "base"


def test_a_base_that_does_not_fit_is_refused(bases: Models, single: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not fit the model “starter”"):
        bases.resolve(f"{single}@starter")
    with pytest.raises(UserError, match="is a whole model"):
        bases.resolve(f"{tmp_path / 'base'}@starter")


@pytest.mark.parametrize(
    ("name", "dtype", "clip"),
    [
        ("my style", "BF16", None),
        ("my style", "F16", True),
        ("Sana_600M_512px my style", "BF16", True),
        ("Sana_1600M_1024px_BF16 my style", "F32", False),
    ],
)
def test_whether_to_clip_is_the_bases_matter(
    models: Models, single: Path, name: str, dtype: str, clip: bool | None
) -> None:
    path = single.with_stem(name)
    write_safetensors(path, TENSORS, dtype, 2)
    assert models.resolve(str(path))[1].clip is clip


@pytest.mark.parametrize("inner", ["", "transformer"])
def test_a_folder_with_a_transformer_alone(models: Models, tmp_path: Path, inner: str) -> None:
    folder = tmp_path / "tuned"
    config = {**TRANSFORMER, "sample_size": 32, "timestep_scale": 2.0}
    write_json(folder / inner / "config.json", config)
    write_safetensors(folder / inner / "diffusion_pytorch_model.safetensors", TENSORS, "F32", 5)
    added = models.add_folder(folder)
    assert (added.id, added.name, added.state) == (str(folder), "tuned", ModelState.READY)
    _, checkpoint = models.resolve(str(folder))
    assert (checkpoint.base_size, checkpoint.transformer["timestep_scale"]) == (128, 2.0)
    assert checkpoint.weight_files("transformer")[0].parent == folder / inner
    assert (checkpoint.folder, checkpoint.base) == (tmp_path / "base", "base")


@pytest.mark.parametrize("what", ["lora", "pickle", "damaged", "whole numbers"])
def test_what_is_no_transformer_is_refused(models: Models, single: Path, what: str) -> None:
    if what == "lora":
        write_safetensors(single, {"lora.down.weight": (2, 2)}, "F32")
    elif what == "whole numbers":
        write_safetensors(single, TENSORS, "I8")
    elif what == "damaged":
        single.write_bytes(single.read_bytes()[:-1])
    else:
        single = single.rename(single.with_suffix(".pth"))
    with pytest.raises(UserError) as error:
        models.add_folder(single)
    assert str(single) in str(error.value.message)
    assert error.value.remedy


LORA = {
    "transformer_blocks.0.attn1.to_q.lora_A.weight": (4, 4),
    "transformer_blocks.0.attn1.to_q.lora_B.weight": (4, 4),
}
CONTROLNET = {"controlnet_blocks.0.weight": (4, 4), "input_block.weight": (4, 4), **TENSORS}


@pytest.mark.parametrize(
    ("tensors", "words"),
    [
        (LORA, "is a LoRA"),
        ({f"transformer.{name}": shape for name, shape in LORA.items()}, "is a LoRA"),
        ({"lora_unet_transformer_blocks_0_attn1_to_q.lora_down.weight": (4, 4)}, "is a LoRA"),
        ({"transformer_blocks.0.attn1.to_q.lora.up.weight": (4, 4)}, "is a LoRA"),
        ({"lycoris_transformer_blocks_0_attn1_to_q.lokr_w1": (4, 4)}, "is a LoRA"),
        (CONTROLNET, "is a ControlNet"),
        ({f"controlnet.{name}": shape for name, shape in CONTROLNET.items()}, "is a ControlNet"),
        ({"encoder.layers.0.weight": (4, 4)}, "does not hold a SANA transformer"),
    ],
)
@pytest.mark.parametrize("in_folder", [False, True])
def test_what_is_taken_for_a_model_is_called_by_its_name(
    models: Models, tmp_path: Path, tensors: dict[str, tuple[int, ...]], words: str, in_folder: bool
) -> None:
    path = tmp_path / "given" / "weights.safetensors"
    write_safetensors(path, tensors, "F32")
    with pytest.raises(UserError) as error:
        models.resolve(str(path.parent if in_folder else path))
    assert words in str(error.value.message) or (
        in_folder and "is missing" in str(error.value.message) and "hold" in words
    )
    assert "ownload" not in str(error.value.remedy)


def test_a_controlnets_folder_is_called_by_its_name(models: Models, tmp_path: Path) -> None:
    write_json(tmp_path / "given" / "config.json", {"_class_name": "SanaControlNetModel"})
    with pytest.raises(UserError, match="is a ControlNet"):
        models.resolve(str(tmp_path / "given"))


def test_pefts_folder_is_called_by_its_name(models: Models, tmp_path: Path) -> None:
    write_json(tmp_path / "given" / "adapter_config.json", {"peft_type": "LORA"})
    with pytest.raises(UserError, match="holds a LoRA"):
        models.resolve(str(tmp_path / "given"))
