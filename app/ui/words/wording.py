"""How the window says numbers and names: times, sizes, money, devices, and prompts as tooltips."""

from __future__ import annotations

import html
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.backends.base import Backend, Estimate, Group
from app.backends.local.precisions import LABELS
from app.core.enlarge import UPSCALERS, EnlargeRequest, Request
from app.core.events import Stage
from app.core.message import NOTHING, gigabytes, plain
from app.engine.jobs import Job, JobState
from app.engine.spending import SPEND_UP_TO
from app.ui.words.messages import translated

SOLVER_NAMES = {"dpmpp": "DPM-Solver++", "euler": "Euler", "scm": "SCM"}
NO_BREAK = "\u00a0"
"""A space at which no line ends."""
TIP_LENGTH = 300
"""Characters of a prompt that a tooltip shows."""
MESSAGE_LENGTH = 1000
"""Characters of a message or a fact that are shown."""
STEPS_SHARE = 0.9
"""How much of a picture's progress the steps are; the rest is turning the result into pixels."""
ENLARGE_SHARE = 0.1
"""How much of the progress enlarging is, where the picture is refined then."""


def tr(text: str, **values: Any) -> str:
    """Translate a sentence and fill in its {values}."""
    return QCoreApplication.translate("wording", text).format(**values)


def precision(value: str) -> str:
    """How exactly a model computes, in the words of the settings: "Full (float32)"."""
    return translated(LABELS.get(value, plain(value)))


def of_catalog(text: str) -> str:
    """A sentence of resources/catalog.toml in the window's language."""
    return QCoreApplication.translate("Catalog", text) if text else ""


def of_style(name: str) -> str:
    """The name of a style in the window's language, if it is one that comes with the app; else the name itself."""
    return QCoreApplication.translate("Styles", name) if name else ""


def grid_field(name: str) -> str:
    """What a setting of `core.grid` is called."""
    names = {
        "steps": tr("Steps"), "guidance": tr("Guidance"), "solver": tr("Solver"), "model": tr("Model"),
        "lora": tr("LoRA weight"), "seed": tr("Seed"), "strength": tr("Change"),
    }  # fmt: skip
    return names.get(name, name)


def seconds(value: float) -> str:
    """A duration: "0.8 s", "6 s", "1 min 20 s", "2 h 5 min"."""
    if value < 9.95:
        return tr("{n} s", n=f"{value:.1f}".removesuffix(".0"))
    if value < 59.5:
        return tr("{n} s", n=round(value))
    if value < 3600:
        minutes, rest = divmod(round(value), 60)
        return tr("{n} min {rest} s", n=minutes, rest=rest) if rest else tr("{n} min", n=minutes)
    hours, rest = divmod(round(value / 60), 60)
    return tr("{n} h {rest} min", n=hours, rest=rest)


def seconds_left(value: float) -> str:
    return tr("{time} left", time=seconds(max(1, round(value))))


def size(value: float) -> str:
    """Bytes: "512 MB", "1.9 GB"."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6)):
        if value >= scale * 0.95:
            number = value / scale
            return f"{number:.0f} {unit}" if number >= 10 or unit == "MB" else f"{number:.1f} {unit}"
    return f"{max(1, round(value / 1e3))} KB"


def money(value: float) -> str:
    """US dollars: "$0.004", "$1.20"."""
    return f"${value:,.2f}" if value >= 0.1 or value == 0 else f"${value:.3f}"


def device(name: str) -> str:
    """A device in plain words: "GPU", "processor"."""
    return {"cpu": tr("processor"), "mps": tr("GPU"), "metal": tr("GPU"), "cuda": tr("GPU")}.get(name, name)


def place(group: Group, device_name: str) -> str:
    """Where a backend computes: "GPU", "this network", "cloud"."""
    return {Group.NETWORK: tr("this network"), Group.CLOUD: tr("cloud")}.get(group) or device(device_name)


def tip(text: str) -> str:
    """A prompt as a tooltip: wrapped, and cut where it is very long. What it says is never read as HTML."""
    return f"<qt>{html.escape(shortened(text))}</qt>"


def shortened(text: str, length: int = TIP_LENGTH) -> str:
    """So many characters of a text. Laying text out takes time, so what shows a part of it is given no more."""
    return text if len(text) <= length else f"{text[:length].rstrip()}…"


def one_line(text: str, length: int = TIP_LENGTH) -> str:
    """The same, with single spaces for all white space."""
    return shortened(" ".join(text[: 2 * length].split()), length)


def tile(name: str, seed: int | None, state: str) -> str:
    """How a screen reader calls a tile of the gallery: "a red boat, seed 7, favourite"."""
    return ", ".join(filter(None, (shortened(name), "" if seed is None else tr("seed {n}", n=seed), state)))


def stars(rating: int) -> str:
    """A rating: "3 of 5 stars"."""
    return tr("{n} of 5 stars", n=rating)


def listed(words: Sequence[str]) -> str:
    """Several, one after the other: "favourite, 3 of 5 stars"."""
    return tr(", ").join(words)


def moment(when: datetime) -> str:
    """A day and time: "today, 23:03", "12 Nov, 8:15", "12 Nov 2024"."""
    now = datetime.now()
    if when.date() == now.date():
        return tr("today, {time}", time=f"{when:%H:%M}")
    if when.year == now.year:
        return tr("{when.day} {when:%b}, {when:%H:%M}", when=when)
    return tr("{when.day} {when:%b} {when.year}", when=when)


def clip_length(frames: int, fps: float) -> str:
    """ "81 frames, 5.1 s"."""
    return tr("{n} frames, {time}", n=number(frames), time=seconds(frames / fps))


def results(count: int, clips: bool) -> str:
    """ "3 pictures", or "3 clips"."""
    return counted(count, count if clips else 0)


def counted(count: int, clips: int) -> str:
    """So many, of which so many are clips: "1 picture", "3 clips", or "3 items" where there are both."""
    if not clips:
        return pictures(count)
    if clips < count:
        return tr("{n} items", n=number(count))
    return tr("1 clip") if count == 1 else tr("{n} clips", n=number(count))


def pictures(count: int) -> str:
    return tr("1 picture") if count == 1 else tr("{n} pictures", n=number(count))


def number(count: int) -> str:
    """A number whose thousands are told apart: "2 000"."""
    return f"{count:,}".replace(",", NO_BREAK)


def here() -> str:
    return tr("on this Mac") if sys.platform == "darwin" else tr("on this computer")


def memory(value: float) -> str:
    """Working memory, roughly: "12.4 GB", "0.5 GB", "under 0.1 GB"."""
    return translated(gigabytes(value))


def estimate(value: Estimate, count: int, backend: Backend, *, clips: bool = False) -> str:
    """ "About 6 s each · 1.9 GB", without what is not known; what leaves this machine has its price, too. Of clips it
    is said what all take together: "About 9 min in all · 7.9 GB memory · 12 MB disk".
    """
    parts = []
    if value.seconds is not None:
        time = seconds(value.seconds if clips else value.seconds / count)
        several = tr("About {time} in all", time=time) if clips else tr("About {time} each", time=time)
        parts.append(several if count > 1 else tr("About {time}", time=time))
    if value.peak_memory_bytes is not None:
        amount = memory(value.peak_memory_bytes)
        parts.append(tr("{size} memory", size=amount) if clips else amount)
    if value.disk_bytes is not None:
        parts.append(tr("{size} disk", size=size(value.disk_bytes)))
    if value.cost is not None:
        parts.append(tr("about {money}", money=money(value.cost)))
    elif backend.remote is not None and backend.remote.charges:
        parts.append(tr("price unknown"))
    if backend.group is not Group.MACHINE:
        parts.append(tr("in the cloud") if backend.group is Group.CLOUD else tr("on this network"))
    return " · ".join(parts)


def estimate_details(value: Estimate, count: int, backend: Backend, *, clips: bool = False) -> str:
    """What the estimate means, a line for each fact."""
    lines = []
    if value.seconds is not None:
        lines.append(tr("Time: about {time} in all", time=seconds(value.seconds)))
    if value.peak_memory_bytes is not None:
        amount = tr("Memory: {size}", size=memory(value.peak_memory_bytes))
        causes = {
            "text encoder": tr("most of it to read the prompt"),
            "transformer": tr("most of it for the model"),
            "decoder": tr("most of it for this size"),
            "work": tr("most of it for this size"),
        }
        cause = causes.get(value.memory_for)
        lines.append(f"{amount} ({cause})" if cause else amount)
    if value.disk_bytes is not None:
        lines.append(tr("Disk: {size} while it works", size=size(value.disk_bytes)))
    if value.cost is not None:
        lines.append(tr("Price: about {money} for {pictures}", money=money(value.cost), pictures=results(count, clips)))
    if backend.remote is None:
        lines.append(tr("Made on this Mac") if sys.platform == "darwin" else tr("Made on this computer"))
    else:
        lines.append(translated(backend.remote.sends))
    return "\n".join(lines)


def corrected(typed: str, now: str) -> str:
    """What happened to a number that was out of its limits."""
    short = typed if len(typed) <= 14 else f"{typed[:12]}…"
    over = float(typed.replace(",", ".")) > float(now)
    if over:
        return tr("Changed {typed} to {now}, the largest allowed here.", typed=short, now=now)
    return tr("Changed {typed} to {now}, the smallest allowed here.", typed=short, now=now)


def unknown_words(model: str, words: Sequence[str], instead: Sequence[str], more: bool) -> str:
    """Which words a model with few words does not know, and what to ask for in their place."""
    listed = quoted(words) + ("…" if more else "")
    if not instead:
        return tr("{model} does not know {words}.", model=model, words=listed)
    return tr("{model} does not know {words}. Try {instead}.", model=model, words=listed, instead=quoted(instead))


def quoted(words: Sequence[str]) -> str:
    """Some words of the user's, in quotation marks, with commas."""
    return tr(", ").join(tr("“{word}”", word=word) for word in words)


def fraction(job: Job) -> float | None:
    """How much of the picture in work is done, 0..1; None while that is unknown."""
    now = job.progress
    if not now.steps:
        return None
    share = now.step / now.steps
    refined = isinstance(job.request, EnlargeRequest) and job.request.refine is not None
    before = ENLARGE_SHARE if refined else 0.0
    match now.stage:
        case Stage.ENLARGE:
            return before * share if refined else share
        case Stage.GENERATE:
            return before + (STEPS_SHARE - before) * share
        case Stage.DECODE:
            return STEPS_SHARE + (1 - STEPS_SHARE) * share


def progress(job: Job) -> str:
    """ "step 12 of 20 · 4 s left", or what it waits for."""
    now = job.progress
    if now.waits_for:
        return translated(now.waits_for)
    if not now.steps:
        return tr("Starting")
    if now.stage is Stage.DECODE:
        if not job.makes_clips:
            return tr("finishing the picture")
        left = [] if now.seconds_left is None else [seconds_left(now.seconds_left)]
        return " · ".join([tr("finishing the clip"), *left])
    tiles = now.stage is Stage.ENLARGE
    numbers = {"n": now.step, "all": now.steps}
    parts = [tr("part {n} of {all}", **numbers) if tiles else tr("step {n} of {all}", **numbers)]
    if now.seconds_left is not None:
        parts.append(seconds_left(now.seconds_left))
    return " · ".join(parts)


def job_state(job: Job) -> str:
    """One line on how a job stands."""
    if job.state is JobState.RUNNING:
        return progress(job)
    if job.state is JobState.FAILED:
        return translated(job.failure.message if job.failure is not None else NOTHING) or tr("It did not work.")
    if job.state is JobState.PAUSED:
        return tr("Paused since the last start")
    ended = {JobState.FINISHED: tr("Finished"), JobState.CANCELLED: tr("Cancelled")}
    return ended.get(job.state, tr("Waiting"))


def summary(request: Request) -> str:
    """ "4 pictures · 1024 × 1024 · 20 steps", "81 frames, 5.1 s · 832 × 480 · 50 steps", "Enlarge 4× · 1024 × 1024"."""
    if isinstance(request, EnlargeRequest):
        return f"{enlarging(request)} · {request.width} × {request.height}"
    clip = request.frames is not None
    parts = [results(request.count, clip)] if request.count > 1 else []
    if request.frames is not None and request.fps:
        parts.append(clip_length(request.frames, request.fps))
    parts.append(f"{request.width} × {request.height}")
    parts.append(tr("{n} steps", n=request.steps))
    return " · ".join(parts)


def enlarging(request: EnlargeRequest) -> str:
    """ "Enlarge 4×", "Enlarge 2× and refine"."""
    if request.refine is not None:
        return tr("Enlarge {n}× and refine", n=request.factor)
    return tr("Enlarge {n}×", n=request.factor)


def upscaler(name: str) -> str:
    """An upscaler by its name: of one that comes with the app, or of the user's file."""
    return UPSCALERS.get(name) or Path(name).stem


def suggestion(changes: Mapping[str, Any], name: Callable[[str], str]) -> str:
    """A button's words for the changes that a failed job offers; `name` gives a backend's name."""
    if SPEND_UP_TO in changes:
        return tr("Generate it anyway")
    if "backend" in changes:
        return tr("Try with {name}", name=name(str(changes["backend"])))
    if "model" in changes:
        return tr("Try a smaller model")
    if "precision" in changes:
        return tr("Try more exactly") if changes["precision"] == "float32" else tr("Try with less memory")
    if "width" in changes and "height" in changes:
        return tr("Try at {width} × {height}", width=changes["width"], height=changes["height"])
    return tr("Try another way")
