"""A gallery of 100,000 pictures: how long it takes to open, to search, to scroll by a frame and to look at the folder.

    python tests/benchmarks/many_pictures.py [--pictures N] [--fresh N] [--home FOLDER]

The pictures are links to a few small files, and the index is filled with prompts of some 25 words, English and Chinese,
so that only the looking, not the making, takes time. Own work is what the thread itself computes, which a busy machine
hardly stretches. `--fresh` more are real files that the index does not know yet.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import Figure, on_the_clock, print_report, yardstick  # noqa: E402
from tests.benchmarks.measuring import frames, open_window  # noqa: E402

OPEN_TARGET_SECONDS, SEARCH_TARGET_MS, FRAME_TARGET_MS, RESCAN_TARGET = 1.0, 100.0, 16.0, 1_000
FRAMES = 300
SCATTER = 0.05
"""What the own work of one run differs from another's."""
SEARCHES = (
    "sailboat", "picture", "red castle", '"in the style of"', "zzz", "99", "a", "红色", "海", "日落时分", "sail 红",
)  # fmt: skip
"""From words that nearly all have to words that none has; one character, two, more; quotes."""
_WORDS = (
    "red blue green golden sailboat sea sunset mountain house tree castle dragon portrait woman man child city street "
    "night rain snow forest river lake bridge tower light dark soft dramatic cinematic detailed photo painting oil"
)
_CHINESE = "日落时分海上的一艘红色帆船山间小屋森林城市夜景雨雪花园猫狗龙"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=100_000)
    parser.add_argument("--fresh", type=int, default=3_000)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["SANA_STUDIO_HOME"] = str((options.home or Path(temporary)).absolute())
        make(options.pictures)
        measure(options.fresh)
    return 0


def make(count: int) -> None:
    """The links, and what the index knows of them."""
    from app.library import paths
    from app.library.pictures.index.index import Index
    from app.library.pictures.index.rows import IndexRow, Stamp

    folder = paths.pictures()
    folder.mkdir(parents=True, exist_ok=True)
    originals = [_write(folder / f"original {number}.png", number) for number in range(20)]
    index = Index(paths.index_file())
    chance = random.Random(0)

    def rows() -> Iterator[IndexRow]:
        for number in range(count):
            name = f"2026-01-01 picture {number}.png"
            if not (folder / name).exists():
                (folder / name).hardlink_to(originals[number % len(originals)])
            if number % 20:
                prompt = "a picture in the style of " + " ".join(chance.choices(_WORDS.split(), k=20))
            else:
                prompt = "".join(chance.choices(_CHINESE, k=30))
            status = (folder / name).stat()
            yield IndexRow(
                name, Stamp.of(status), 1.7e9 + number, f"{prompt} blurry Sana 1.6B {name}", prompt=prompt, seed=number,
                width=64 * (1 + number % 3), height=64, model=f"Sana {number % 7}", backend="mlx", rating=number % 6,
            )  # fmt: skip

    each = rows()
    while batch := [row for _, row in zip(range(1_000), each, strict=False)]:
        index.put(folder, batch)
    index.close()


def _write(path: Path, number: int) -> Path:
    from app.core.output import Provenance
    from app.core.request import GenerationRequest
    from app.library.pictures import images

    pixels = np.full((64, 64, 3), number % 256, np.uint8)
    request = GenerationRequest(
        f"a red boat {number} " + "on the sea " * 20, seed=number, width=64, height=64, steps=20
    )
    data, _ = images._encode(pixels, request, Provenance("torch", model="Sana"), 1.6e9 + number, "png")
    path.write_bytes(data)
    return path


def measure(fresh: int) -> None:
    from PySide6.QtTest import QTest

    from app.library.pictures.index.query import Query, Sort

    engine, window, opening, opening_work = open_window()
    listed = window.model.pictures
    gallery = engine.gallery
    QTest.qWait(5_000)  # the first look at the folder

    def took(query: Query, clock: Callable[[], float] = time.perf_counter) -> float:
        return _best(lambda: gallery.find(query), clock)

    searches = {text: took(Query(text)) for text in SEARCHES}
    search_work = {text: took(Query(text), time.thread_time) for text in SEARCHES}
    sorts = {str(sort): took(Query(sort=sort)) for sort in Sort}

    scrolling = frames(window, range(0, 40 * FRAMES, 40))
    last = window.gallery.verticalScrollBar().maximum()
    jumps = frames(window, map(round, np.linspace(0, last, FRAMES)))
    window.close()

    unchanged = _best(gallery.rescan) / 1000
    for number in range(fresh):
        _write(gallery.folder / f"fresh {number}.png", number)
    began, computed = time.perf_counter(), time.thread_time()
    assert gallery.rescan()
    reading, reading_work = time.perf_counter() - began, time.thread_time() - computed
    for number in range(fresh):
        (gallery.folder / f"fresh {number}.png").unlink()
    gallery.rescan()
    engine.shutdown()
    slowest = max(search_work, key=lambda text: search_work[text])
    speed, own_speed = fresh / max(0.001, reading - unchanged), (listed + fresh) / reading_work
    print_report(
        "many_pictures",
        {
            "open": on_the_clock(
                f"a gallery of {listed:,} pictures opens", round(opening, 2), OPEN_TARGET_SECONDS, "s",
                opening_work, SCATTER,
            ),
            "search": on_the_clock(
                f"the slowest of {len(SEARCHES)} searches in {listed:,} pictures", max(searches.values()),
                SEARCH_TARGET_MS, "ms", search_work[slowest] / 1000, SCATTER,
            ),
            "frame": on_the_clock(
                f"a frame while scrolling through {listed:,}, 95 of 100 under", scrolling["clock"]["percentile_95"],
                FRAME_TARGET_MS, "ms", scrolling["own_work"]["median"] / 1000, SCATTER,
            ),
            "rescan": Figure(
                "files that are new to the gallery, read in a second", round(speed), RESCAN_TARGET, "",
                round(own_speed * yardstick(), 1), SCATTER, more_is_better=True,
            ),
        },
        {"The slowest search": repr(slowest)},
        open_own_work_seconds=round(opening_work, 3),
        search_ms=searches,
        search_own_work_ms=search_work,
        sort_ms=sorts,
        frame_ms={"scrolling": scrolling["clock"], "own_work": scrolling["own_work"], "jumps": jumps["clock"]},
        rescan_unchanged_files_per_second=round(listed / unchanged),
        rescan_own_work_files_per_second=round(own_speed),
    )  # fmt: skip


def _best(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds of the quickest of five. `time.thread_time` counts what the thread itself computes, which a busy
    machine hardly stretches.
    """
    times = []
    for _ in range(5):
        began = clock()
        action()
        times.append((clock() - began) * 1000)
    return round(min(times), 1)


if __name__ == "__main__":
    sys.exit(main())
