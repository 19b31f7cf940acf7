"""The command line end to end: real backends, on a small random checkpoint."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from app import cli
from app.core.errors import UserError
from app.core.message import message
from app.library.models.store import Models
from app.library.pictures import images
from app.library.settings import Settings
from tests.backends.random_checkpoint import write_checkpoint

KEYS = {"path", "seed", "width", "height", "seconds", "peak_memory_bytes", "backend", "device", "precision", "model"}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "tiny"
    write_checkpoint(folder)
    return folder


@pytest.fixture
def run(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str, model: Path = checkpoint) -> tuple[int, Any, str]:
        common = ["--model", str(model), "--steps", "2", "--json"]
        status = cli.main(["generate", *common, *arguments])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return run


@pytest.mark.usefixtures("warm")
def test_the_same_command_gives_the_same_pixels_on_each_backend_and_another_seed_others(
    run: Any, tmp_path: Path
) -> None:
    pixels: dict[str, np.ndarray] = {}
    for name, backend, seed in (("a", "torch", 7), ("b", "torch", 7), ("other", "torch", 8), ("mlx", "mlx", 7)):
        out = tmp_path / f"{name}.png"
        status, rows, _ = run("a red sailboat", "--backend", backend, "--seed", str(seed), "--out", str(out))
        assert status == 0
        assert rows[0].keys() >= KEYS
        assert (rows[0]["path"], rows[0]["seed"], rows[0]["backend"]) == (str(out), seed, backend)
        picture = images.read(out)
        assert picture.request is not None
        assert (picture.request.prompt, picture.seed) == ("a red sailboat", seed)
        pixels[name] = images.decode(out)
    assert (pixels["a"] == pixels["b"]).all()
    assert not (pixels["a"] == pixels["other"]).all()
    error = pixels["a"].astype(float) - pixels["mlx"]
    assert 10 * np.log10(255**2 / max((error**2).mean(), 1e-9)) >= 40


@pytest.mark.usefixtures("warm")
def test_several_pictures_are_numbered_and_have_following_seeds(run: Any, tmp_path: Path) -> None:
    status, rows, _ = run(
        "a cat", "--seed", "3", "--count", "2", "--backend", "torch", "--out", str(tmp_path / "x.png")
    )
    assert status == 0
    assert [(row["seed"], Path(row["path"]).name) for row in rows] == [(3, "x-1.png"), (4, "x-2.png")]


def test_what_is_done_otherwise_than_the_model_says_is_told(run: Any, checkpoint: Path, tmp_path: Path) -> None:
    """A fine-tune in one file, of a base whose scheduler the app does not have."""
    base = shutil.copytree(checkpoint, tmp_path / "base")
    changes = {"_class_name": "UniPCMultistepScheduler", "flow_shift": 2.0}
    (base / "scheduler" / "scheduler_config.json").write_text(json.dumps(changes))
    Models(Settings()).add_folder(base)
    tuned = tmp_path / "tuned.safetensors"
    shutil.copy(base / "transformer" / "diffusion_pytorch_model.safetensors", tuned)
    status, rows, err = run("a cat", "--backend", "mlx", "--out", str(tmp_path / "x.png"), model=tuned)
    assert status == 0, err
    assert rows[0]["model"] == "tuned"
    assert "Everything but the transformer is that of “base”." in err
    assert "UniPCMultistepScheduler" in err


@pytest.mark.usefixtures("warm")
def test_what_has_no_effect_is_told(run: Any, tmp_path: Path) -> None:
    sprint = write_checkpoint(
        tmp_path / "fast", scheduler="scm", guidance_embeds=True, qk_norm="rms_norm_across_heads", max_positions=64
    )
    out = str(tmp_path / "x.png")
    status, _, err = run("a cat " * 80, "--negative", "blue", "--backend", "mlx", "--out", out, model=sprint)
    assert status == 0, err
    assert "“fast” does not heed a negative prompt." in err
    assert "The prompt is too long; its end is left out: " in err


def test_an_unclear_base_is_asked_for_and_can_be_named(run: Any, checkpoint: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        Models(Settings()).add_folder(shutil.copytree(checkpoint, tmp_path / name))
    tuned = tmp_path / "tuned.safetensors"
    shutil.copy(checkpoint / "transformer" / "diffusion_pytorch_model.safetensors", tuned)
    status, _, err = run("a cat", "--backend", "mlx", "--out", str(tmp_path / "x.png"), model=tuned)
    assert status == 2
    assert f"{tuned}@{tmp_path / 'one'}" in err
    named = Path(f"{tuned}@{tmp_path / 'two'}")
    status, _, err = run("a cat", "--backend", "mlx", "--out", str(tmp_path / "x.png"), model=named)
    assert status == 0, err
    assert "that of “two”" in err


@pytest.mark.usefixtures("warm")
def test_without_a_place_the_picture_goes_to_the_library(run: Any, home: Path) -> None:
    status, rows, _ = run("a cat", "--backend", "torch")
    assert status == 0
    assert Path(rows[0]["path"]).parent == home / "Pictures"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["  "], "prompt is empty"),
        (["x", "--width", "33"], "nearest size"),
        (["x", "--steps", "0"], "steps"),
        (["x", "--solver", "scm"], "solver"),
        (["x", "--backend", "nothing"], "no backend called"),
        (["x", "--backend", "replicate"], "key"),
        (["x", "--backend", "torch", "--precision", "4bit"], "precision"),
        (["x", "--seed", "-1"], "seed"),
        (["x", "--out", "x.txt"], "ends in .png"),
        (["x", "--init-image", "/nowhere.png"], "nowhere.png"),
        (["x", "--init-image", ""], "is a folder. Choose a picture."),
        (["x", "--control", ""], "needs a ControlNet"),
        (["x", "--mask", "/nowhere.png"], "start picture"),
        (["x", "--mask", ""], "start picture"),
        (["x", "--strength", "0.5"], "A strength needs a start picture. Name one with --init-image"),
        (["x", "--strength", "0"], "A strength needs a start picture."),
        (["x", "--guidance", "nan"], "guidance"),
        (["x", "--strength", "nan"], "strength"),
        (["x", "--model", ""], "no model called"),
    ],
)
def test_bad_input_is_status_2_with_what_to_do(run: Any, arguments: list[str], says: str) -> None:
    status, rows, err = run(*arguments)
    assert status == 2
    assert not rows
    assert says in err
    assert "Traceback" not in err


@pytest.mark.parametrize("damage", ["missing", "truncated", "pickled"])
def test_a_damaged_checkpoint_is_status_2_and_names_the_file(
    run: Any, checkpoint: Path, tmp_path: Path, damage: str
) -> None:
    import shutil

    folder = tmp_path / "copy"
    shutil.copytree(checkpoint, folder)
    weights = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    if damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:-100])
    else:
        weights.rename(weights.with_suffix(".bin") if damage == "pickled" else tmp_path / "gone")
    status, _, err = run("x", model=folder)
    assert status == 2
    assert "transformer" in err


def test_a_model_of_the_catalog_is_not_mistaken_for_a_folder_of_its_name(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "starter").mkdir()
    monkeypatch.chdir(tmp_path)
    status, _, err = run("x", "--width", "33", model=Path("starter"))
    assert status == 2
    assert "does not fit Starter" in err


def test_a_place_that_cannot_be_written_to_is_told_before_the_work(run: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out in ("file/x.png", "file/below/x.png", "file/folder"):
        status, rows, err = run("x", "--out", str(tmp_path / out))
        assert status == 2
        assert not rows
        assert "No picture can be saved" in err
        assert "Loading" not in err
    assert run("x", "--width", "33", "--out", str(tmp_path / "new" / "x.png"))[0] == 2
    assert not (tmp_path / "new").exists(), "nothing is left behind"


@pytest.mark.usefixtures("warm")
def test_what_was_generated_before_the_disk_was_full_is_reported(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_as = images.save_as

    def full(pixels: Any, request: Any, made: Any, path: Path) -> images.Picture:
        if path.stem.endswith("2"):
            raise UserError(message("The disk is full."), message("Free some space."))
        return save_as(pixels, request, made, path)

    monkeypatch.setattr(images, "save_as", full)
    status, rows, err = run("x", "--backend", "torch", "--count", "3", "--out", str(tmp_path / "x.png"))
    assert status == 2
    assert [Path(row["path"]).name for row in rows] == ["x-1.png"]
    assert "The disk is full. Free some space." in err
    assert not (tmp_path / "x-3.png").exists()


def test_names_that_the_output_cannot_show_and_a_prompt_that_is_no_text(checkpoint: Path, tmp_path: Path) -> None:
    prompt = b"\xff \xe6\x97\xa5".decode(errors="surrogateescape")
    command = [sys.executable, "-m", "app", "generate", prompt, "--model", str(checkpoint), "--backend", "torch",
               "--steps", "1", "--out", f"{tmp_path}/日.png/"]  # fmt: skip
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert "\\u65e5.png/" in done.stdout
    assert [path.parent.name for path in tmp_path.rglob("*.png") if path.is_file()] == ["日.png"]


def test_doctor_lists_each_backend_with_reason_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--json"]) == 0
    rows = {row["backend"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows.keys() >= {"mlx", "flux", "torch", "replicate", "comfyui", "endpoints"}
    assert rows["replicate"]["status"] == "needs a key"
    assert all(row["reason"] for row in rows.values())
    assert rows["replicate"]["remedy"]


def test_models_are_listed_with_state_and_licence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "list", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["starter"]["state"] == "bundled"
    for row in rows.values():
        assert row.keys() >= {
            "id", "repo", "family", "state", "download_bytes", "licence", "licence_url", "languages", "base_size",
            "peak_memory_bytes",
        }  # fmt: skip


def test_a_download_needs_its_licence_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["models", "list", "--json"])
    model = next(row for row in json.loads(capsys.readouterr().out) if row["state"] == "available")
    assert cli.main(["models", "download", model["id"]]) == 2
    err = capsys.readouterr().err
    assert model["licence"] in err
    assert model["licence_url"] in err


def test_ctrl_c_cancels_between_steps_and_leaves_no_picture(checkpoint: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "generate", "x", "--model", str(checkpoint), "--backend", "torch",
               "--steps", "100", "--count", "16", "--out", str(tmp_path / "out")]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Loading" in line:
                break
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        printed = process.stderr.read()
        assert process.wait(timeout=60) == 130
    assert "cancelled" in printed


def test_a_second_ctrl_c_ends_a_model_that_does_not_stop() -> None:
    """Also while no Python runs: the first is told at once, though the model cannot hear of it."""
    code = (
        "import hashlib\n"
        "from app.cli.output import stoppable\n"
        "with stoppable():\n"
        "    print('computing', flush=True)\n"
        "    hashlib.pbkdf2_hmac('sha256', b'', b'', 10**9)\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "computing\n"
        process.send_signal(signal.SIGINT)
        assert "Press Ctrl+C again" in process.stderr.readline()
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130
        assert "cancelled" in process.stderr.read()


def test_pictures_are_made_in_the_process_that_was_asked(run: Any, tmp_path: Path) -> None:
    before = len(psutil.Process().children())
    status, _, err = run("a cat", "--backend", "mlx", "--out", str(tmp_path / "x.png"))
    assert status == 0, err
    assert "mlx.core" in sys.modules
    assert len(psutil.Process().children()) == before


NEEDED = {"app", "numpy", "PIL", "platformdirs", "psutil", "safetensors", "tokenizers", "tqdm", "typing_extensions"}
NEEDED_BY = {"torch": {"torch", "torchgen", "triton"}, "mlx": {"mlx", "mlx_lm"}}


@pytest.mark.parametrize("backend", NEEDED_BY)
def test_nothing_is_imported_but_what_the_picture_needs(checkpoint: Path, tmp_path: Path, backend: str) -> None:
    """Imports are most of what a picture by the starter takes: diffusers, transformers and torch's compiler alone need
    longer than all the rest.
    """
    arguments = ["generate", "a cat", "--backend", backend, "--model", str(checkpoint), "--steps", "1",
                 "--out", str(tmp_path / "x.png")]  # fmt: skip
    code = f"import sys\nfrom app.main import main\nassert main({arguments!r}) == 0\nprint(*sys.modules)\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    imported = set(done.stdout.splitlines()[-1].split())
    others = {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names) - NEEDED - NEEDED_BY[backend]
    assert {name for name in others if not name.startswith(("_", "cython"))} == set()
    assert not {"torch._dynamo", "torch._inductor", "mlx_lm.utils"} & imported


def test_a_reader_that_has_seen_enough_is_no_bug() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "app", "models", "list", "--json"], stdout=theirs, stderr=subprocess.PIPE, text=True
    )
    os.close(theirs)
    assert (done.returncode, done.stderr) == (141, "")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert all(command in out for command in ("generate", "doctor", "models"))
