"""Which files of a checkpoint are read, and what is refused."""

import json

import mlx.core as mx
import mlx.nn as nn
import pytest

from app.sana_mlx.weights import assign, find_weights, read_weights


def touch(folder, *names):
    for name in names:
        (folder / name).touch()


def test_half_precision_prefers_its_own_files(tmp_path):
    touch(tmp_path, "model.safetensors", "model.fp16.safetensors")
    assert find_weights(tmp_path) == [tmp_path / "model.fp16.safetensors"]
    assert find_weights(tmp_path, ["", "bf16", "fp16"]) == [tmp_path / "model.safetensors"]
    touch(tmp_path, "model.bf16.safetensors")
    assert find_weights(tmp_path) == [tmp_path / "model.bf16.safetensors"]


@pytest.mark.parametrize("variant", ["", ".fp16"])
def test_shards(tmp_path, variant):
    stem = "diffusion_pytorch_model"
    shards = [f"{stem}{variant}-0000{i}-of-00002.safetensors" for i in (1, 2)]
    for i, shard in enumerate(shards):
        mx.save_safetensors(str(tmp_path / shard), {f"layer{i}.weight": mx.full((2,), i)})
    index = {"weight_map": {"layer0.weight": shards[0], "layer1.weight": shards[1]}}
    (tmp_path / f"{stem}.safetensors.index{variant}.json").write_text(json.dumps(index))
    files = find_weights(tmp_path)
    assert [file.name for file in files] == shards
    assert sorted(read_weights(files)) == ["layer0.weight", "layer1.weight"]
    (tmp_path / shards[1]).unlink()
    with pytest.raises(FileNotFoundError, match="00002-of-00002"):
        find_weights(tmp_path)


def test_pickles_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no safetensors"):
        find_weights(tmp_path)
    touch(tmp_path, "diffusion_pytorch_model.bin")
    with pytest.raises(FileNotFoundError, match="pickled"):
        find_weights(tmp_path)


@pytest.mark.parametrize("length", [0, 4, 60])
def test_a_damaged_file_is_named(tmp_path, length):
    file = tmp_path / "model.safetensors"
    mx.save_safetensors(str(file), {"weight": mx.ones((8, 8))})
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(ValueError, match=r"model\.safetensors is damaged"):
        mx.eval(read_weights([file]))


def test_what_does_not_fit_is_named():
    layer = nn.Linear(2, 3)
    with pytest.raises(ValueError, match=r"Linear: missing bias; left over gain; weight is \(2, 3\), not \(3, 2\)"):
        assign(layer, {"weight": mx.zeros((2, 3)), "gain": mx.zeros(1)}, mx.float32)
