"""A gallery of 10,000 real pictures: how long the window takes to open with it, how long a frame takes to scroll, and
how long it takes to delete many and to bring them back.

    python tests/benchmarks/gallery.py [--pictures N] [--delete N] [--home FOLDER]

Times on the clock, and those that the window's thread computed, which a busy machine does not stretch.
With `--home` the pictures are kept in that folder and used again by the next run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
SIDE = 64  # of the pictures: real files with metadata, small enough to make ten thousand of them
FRAMES = 200
OPEN_TARGET_SECONDS, FRAME_TARGET_MS = 1.0, 16.0
CHANGE_TARGET_SECONDS, STALL_TARGET_MS = 1.0, 100.0
SCATTER = 0.05
"""What the own work of one run differs from another's."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=10_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--delete", type=int, default=2_000)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["SANA_STUDIO_HOME"] = str((options.home or Path(temporary)).absolute())
        make_pictures(options.pictures)
        measure(options.pictures, options.delete)
    return 0


def make_pictures(count: int) -> None:
    """What `images.save` writes, without waiting for the disk after each."""
    from app.core.output import Provenance
    from app.core.request import GenerationRequest
    from app.library import paths
    from app.library.pictures import images

    folder = paths.pictures()
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    for number in range(len(list(folder.glob("*.png"))), count):
        pixels = np.repeat(np.repeat(random.integers(0, 255, (4, 4, 3), np.uint8), SIDE // 4, 0), SIDE // 4, 1)
        request = GenerationRequest(f"picture {number} of a red boat", seed=number, width=SIDE, height=SIDE, steps=20)
        data, suffix = images._encode(pixels, request, Provenance("torch"), 1.7e9 + number, "png")
        (folder / f"picture-{number:05}{suffix}").write_bytes(data)


def measure(pictures_there: int, many: int) -> None:
    from PySide6.QtTest import QTest

    from app.library.paths import index_file, pictures
    from app.library.pictures.gallery import Gallery
    from tests.benchmarks.figures import on_the_clock, print_report
    from tests.benchmarks.measuring import frames, open_window

    began = time.perf_counter()
    gallery = Gallery(pictures(), index_file())
    gallery.rescan()
    indexing = time.perf_counter() - began
    gallery.close()

    engine, window, opening, opening_work = open_window()
    began = time.perf_counter()
    listed = len(engine.gallery.search())
    searching = time.perf_counter() - began
    QTest.qWait(1000)

    bar = window.gallery.verticalScrollBar()
    jumps = [round(position) for position in np.linspace(0, bar.maximum(), FRAMES)]
    glide = list(range(0, 40 * FRAMES, 40))
    fresh = frames(window, jumps)
    QTest.qWait(500)
    rolling = frames(window, glide)
    QTest.qWait(2000)  # now the thumbnails of the last stretch are there
    again = frames(window, glide[-10:] * 20)
    deleting = delete_and_undo(window, many)
    window.close()
    engine.shutdown()
    figures = {
        "open": on_the_clock(
            f"a gallery of {pictures_there:,} pictures opens", round(opening, 2), OPEN_TARGET_SECONDS, "s",
            opening_work, SCATTER,
        ),
        "frame": on_the_clock(
            f"a frame while scrolling through {pictures_there:,}, 95 of 100 under", rolling["clock"]["percentile_95"],
            FRAME_TARGET_MS, "ms", rolling["own_work"]["median"] / 1000, SCATTER,
        ),
    }  # fmt: skip
    for name, doing in (("delete", f"deleting {many:,} pictures"), ("undo", f"bringing {many:,} pictures back")):
        told = deleting[name]
        figures |= {
            name: on_the_clock(doing, told["seconds"], CHANGE_TARGET_SECONDS, "s", told["own_work"], SCATTER),
            f"{name} stall": on_the_clock(
                f"longest stall of the window while {doing}", told["longest_stall_ms"], STALL_TARGET_MS, "ms",
                told["longest_own_work_ms"] / 1000, SCATTER,
            ),
        }  # fmt: skip
    print_report(
        "gallery", figures,
        listed=listed,
        index_from_nothing_seconds=round(indexing, 2),
        search_seconds=round(searching, 3),
        frame_ms={"jumps": fresh, "scrolling": rolling, "thumbnails_there": again},
        delete_and_undo=deleting,
    )  # fmt: skip


def delete_and_undo(window: MainWindow, many: int) -> dict[str, dict[str, float]]:
    """Delete so many pictures, from here and there in the list, and bring them back; as the user does it."""
    from PySide6.QtCore import QItemSelection, QItemSelectionModel

    from tests.benchmarks.beats import Beats, wait

    model, beats = window.model, Beats()
    before = model.pictures
    chosen = QItemSelection()
    for row in list(range(0, before, max(1, before // many)))[:many]:
        chosen.select(model.index(row), model.index(row))
    window.gallery.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    wait(lambda: False, 3.0)
    report = {}
    folder = window.engine.gallery.folder

    def on_disk() -> int:
        return len(list(folder.glob("*.png")))

    def ended(name: str, left: int) -> bool:
        told = name == "undo" or window.bar.text.text().endswith("deleted")
        return told and model.pictures == left

    for name, left in (("delete", before - many), ("undo", before)):
        began = time.perf_counter()
        beats.start()
        window.menus.actions[name].trigger()
        done = wait(partial(ended, name, left), 120)
        seconds = time.perf_counter() - began
        wait(lambda: False, 1.0)
        beats.stop()
        assert done, f"{name}: {model.pictures} pictures instead of {left}"
        assert on_disk() == left
        report[name] = {
            "seconds": round(seconds, 2),
            "longest_stall_ms": round(max(beats.gaps) * 1000, 1),
            "longest_own_work_ms": round(max(beats.work) * 1000, 1),
            "own_work": sum(beats.work),
        }
    return report


if __name__ == "__main__":
    sys.exit(main())
