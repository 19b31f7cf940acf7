"""Half files of killed processes are removed, those that are being written stay."""

import os
import subprocess
import sys
import time
from pathlib import Path

from app.library import paths
from app.library.leftovers import remove_leftovers, tidy_in_background


def test_half_files_of_a_killed_process_go_from_every_folder_of_ours(home: Path, tmp_path: Path) -> None:
    pictures = tmp_path / "Pictures"
    folders = (
        paths.home(), paths.cache(), paths.cache() / "replicate", paths.thumbnails() / "256", pictures,
        pictures / ".trash" / "1",
    )  # fmt: skip
    script = f"""
import sys, time
from pathlib import Path
from app.library import files
with __import__("contextlib").ExitStack() as stack:
    for folder in {[str(folder) for folder in folders]!r}:
        stack.enter_context(files._temporary(Path(folder), b"half", durable=False))
    print("written", flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()

    def left() -> list[Path]:
        return [file for folder in folders for file in folder.iterdir() if file.is_file()]

    try:
        assert len(left()) == len(folders)
        tidy_in_background(pictures).join()
        assert len(left()) == len(folders), "they are still being written"
    finally:
        process.kill()
        process.communicate()
    tidy_in_background(pictures).join()
    assert left() == []


def test_only_what_is_old_or_without_its_process_goes(tmp_path: Path) -> None:
    names = {
        ".saving-0123456789abcdef": False,  # by an older version
        ".saving-ffffffff-1-0123456789abcdef": False,  # by another machine
        "picture.png": False, "x.part.safetensors": False,  # somebody's own
    }  # fmt: skip
    for name in names:
        (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == names.keys()
    for name in names:
        os.utime(tmp_path / name, (time.time() - 90_000,) * 2)
    (tmp_path / "below").mkdir()
    below = tmp_path / "below" / ".saving-0123456789abcdef"
    below.touch()
    os.utime(below, (1e9, 1e9))
    remove_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"picture.png", "x.part.safetensors", "below"}
    assert below.exists()


def test_half_converted_weights_go(home: Path) -> None:
    folder = paths.cache() / "mlx"
    folder.mkdir(parents=True)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (
        f"a.{gone.pid}.part.safetensors",
        f"b.{os.getpid()}.part.safetensors",
        "c.part.safetensors",
        "d.safetensors",
    ):
        (folder / name).touch()
    os.utime(folder / "c.part.safetensors", (1e9, 1e9))
    remove_leftovers(paths.home(), below=True)
    assert {path.name for path in folder.iterdir()} == {f"b.{os.getpid()}.part.safetensors", "d.safetensors"}
