"""A fine-tuned transformer in one file, on top of a model that is here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.library import paths
from app.library.models.store import Models, ModelState
from app.library.settings import Settings
from tests.checkpoints import write_checkpoint, write_safetensors

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
    assert str(single) in error.value.message
    assert error.value.remedy
