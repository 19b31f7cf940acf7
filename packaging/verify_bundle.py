"""Proves that a built app works where nothing else of the project is.

The bundle is copied to another place and run behind a fence, so that neither the checkout nor its virtual environment
can be read. Each step prints one line; the first that fails ends it with status 1.

Usage: python packaging/verify_bundle.py [APP | FOLDER | IMAGE.dmg]      (default: what `make app` built)
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import measure_start
import numpy as np
from bundle_parts import TOOLS
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PROMPT = "a red sailboat on the sea at sunset"
MOVING = f"{PROMPT}, sailing to the left"
SAME_PICTURE = 40.0  # dB; two local backends in float32
TIMEOUT = 1800  # seconds for one command, on a machine with much else to do
IS_MAC = sys.platform == "darwin"

PARTS = {
    "torch": ("torch", "torchgen", "libtorch", "libc10", "functorch"),
    "MLX": ("mlx", "mlx_cpu.libs", "mlx_lm", "mflux", "libmlx", "libopenblas"),
    "diffusers and transformers": (
        "diffusers",
        "transformers",
        "tokenizers",
        "safetensors",
        "huggingface_hub",
        "hf_xet",
    ),
    "Qt": ("PySide6", "shiboken6", "libQt6", "libpyside6", "libshiboken6", "libicu"),
    "starter model": ("resources/starter",),
    "starter model for video": ("resources/starter_video",),
    "upscalers": ("resources/upscalers",),
    "PyAV with FFmpeg": ("av", "av.libs"),
    "numpy and Pillow": ("numpy", "numpy.libs", "PIL", "pillow.libs"),
}
"""The parts of the table of sizes, by how the paths in the bundle begin."""


class FailedStepError(Exception):
    """A step did not do what it must."""


class Bundle:
    """A built app that is run with an empty environment behind a fence.

    Args:
        folder: "Sana Studio.app" or the Linux folder.
        home: where this run's data go.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.program = folder / ("Contents/MacOS/sana-studio" if IS_MAC else "sana-studio")
        self.environment = {
            "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(home), "LANG": "en_US.UTF-8",
            "SANA_STUDIO_HOME": str(home / "data"), "HF_HUB_OFFLINE": "1",
            "QT_QPA_PLATFORM": "offscreen",
        }  # fmt: skip
        if IS_MAC and "HOME" in os.environ:
            self.environment["HOME"] = os.environ["HOME"]  # the login keychain is found by it

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        command = [*fence(), str(self.program), *arguments]
        return subprocess.Popen(command, env=self.environment, cwd="/", text=True, **options)

    def run(self, *arguments: str, typed: str = "") -> str:
        """What the program prints. Raises FailedStepError where it ends with an error."""
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = self.start(*arguments, **pipes)
        foreign: set[str] = set()
        watch = threading.Thread(target=_watch, args=(process, self.folder, foreign), daemon=True)
        watch.start()
        try:
            out, err = process.communicate(typed, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise FailedStepError(f"{' '.join(arguments)} took more than {TIMEOUT} s") from None
        watch.join()
        if process.returncode != 0:
            raise FailedStepError(f"{' '.join(arguments) or 'the window'} ended with {process.returncode}:\n{out}{err}")
        if foreign:
            raise FailedStepError(f"files from outside of the bundle are in use: {', '.join(sorted(foreign)[:5])}")
        return out


def fence() -> list[str]:
    """The start of a command line behind which checkout and virtual environment cannot be read; empty where the
    system has no such thing.
    """
    hidden = [str(ROOT)] if Path(sys.prefix).is_relative_to(ROOT) else [str(ROOT), sys.prefix]
    if IS_MAC:
        rules = "".join(f'(deny file-read* (subpath "{folder}"))' for folder in hidden)
        return ["/usr/bin/sandbox-exec", "-p", f"(version 1) (allow default) {rules}"]
    hide = " && ".join(f"mount -t tmpfs none {shlex.quote(folder)}" for folder in hidden)
    prefix = ["unshare", "--mount", "--map-root-user", "sh", "-c", f'{hide} && exec "$@"', "fence"]
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if tried.returncode == 0 else []


def _watch(process: subprocess.Popen[str], folder: Path, foreign: set[str]) -> None:
    """Note each file in use by the process and its children that is neither the bundle's nor the system's."""
    while process.poll() is None and not IS_MAC:  # macOS has no /proc; there the fence alone has to hold
        for pid in _family(process.pid):
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                    path = line.split(maxsplit=5)[-1]
                    outside = path.startswith("/") and not path.startswith(str(folder))
                    if outside and ("site-packages" in path or path.startswith(f"{ROOT}/") or ".venv" in path):
                        foreign.add(path)
        time.sleep(0.2)


def _family(pid: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += [int(child) for child in (task / "children").read_text().split()]
    return [pid, *(member for child in children for member in _family(child))]


# -- the steps


def check_doctor(bundle: Bundle) -> str:
    rows = {row["backend"]: row for row in json.loads(bundle.run("doctor", "--json"))}
    for backend in ("mlx", "torch"):
        if rows[backend]["status"] != "ready":
            raise FailedStepError(f"{backend} is not ready: {rows[backend]['reason']}")
    return ", ".join(f"{name} on {rows[name]['device']}" for name in ("mlx", "torch"))


def check_self_test(bundle: Bundle) -> str:
    bundle.run("self-test", "--json")
    bundle.run("self-test", "--backend", "flux", "--json")  # it has no model here, so it is not asked by itself
    return "passed"


def check_pictures(bundle: Bundle, home: Path) -> str:
    """Both local backends generate the same picture through the worker process."""
    pictures, told = {}, []
    for backend in ("torch", "mlx"):
        file = home / f"{backend}.png"
        (made,) = json.loads(
            bundle.run("generate", PROMPT, "--backend", backend, "--precision", "float32", "--seed", "7", "--out",
                       str(file), "--json")
        )  # fmt: skip
        with Image.open(file) as image:
            pictures[backend] = np.asarray(image.convert("RGB"), dtype=np.float64)
        if pictures[backend].std() < 5:
            raise FailedStepError(f"{backend} generated a plain area")
        told.append(f"{backend} in {made['seconds']:.1f} s on {made['device']}")
    likeness = same(pictures["torch"], pictures["mlx"])
    return f"{', '.join(told)}; they agree to {likeness:.1f} dB"


def check_clips(bundle: Bundle, home: Path) -> str:
    """Both local backends make the same clip from a picture, with the starter model for video."""
    clips = {}
    for backend in ("torch", "mlx"):
        frames = home / f"{backend}-frames"
        bundle.run("generate", MOVING, "--model", "starter-video", "--backend", backend, "--precision", "float32",
                   "--seed", "7", "--init-image", str(home / "torch.png"), "--frames-out", str(frames), "--out",
                   str(home / f"{backend}.mp4"), "--json")  # fmt: skip
        pictures = [Image.open(path).convert("RGB") for path in sorted(frames.iterdir())]
        clips[backend] = np.stack([np.asarray(picture, dtype=np.float64) for picture in pictures])
    if clips["torch"].std(axis=0).mean() < 1:
        raise FailedStepError("nothing moves in the clip")
    return f"{len(clips['mlx'])} frames; torch and MLX agree to {same(clips['torch'], clips['mlx']):.1f} dB"


def same(one: np.ndarray, other: np.ndarray) -> float:
    """How alike two pictures or clips are, in dB. Raises FailedStepError where they are not the same."""
    error = float(np.mean((one - other) ** 2))
    likeness = 99.0 if error == 0 else 10 * float(np.log10(255**2 / error))
    if likeness < SAME_PICTURE:
        raise FailedStepError(f"what torch and MLX make differs: {likeness:.1f} dB")
    return likeness


def check_window(bundle: Bundle, home: Path) -> str:
    """The window types a prompt, presses Generate and shows the picture."""
    bundle.run()
    with Image.open(home / "data" / "screenshot.png") as image:
        shown = np.asarray(image.convert("RGB"))
    if len(np.unique(shown.reshape(-1, 3), axis=0)) < 1000:
        raise FailedStepError("the window's screenshot is empty")
    return f"opened, generated and drew {shown.shape[1]} x {shown.shape[0]}"


def check_keychain(bundle: Bundle) -> str:
    """Write, read and remove an entry in the system's keychain; a key of the user's own is left alone."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        bundle.environment["DBUS_SESSION_BUS_ADDRESS"] = address
    free = [row["name"] for row in json.loads(bundle.run("keys", "list", "--json")) if row["source"] is None]
    if not free:
        return "skipped: it holds keys of yours"
    try:
        bundle.run("keys", "set", free[0], typed="a-key-of-verify-bundle\n")
    except FailedStepError as failure:
        if "no keychain" not in str(failure):
            raise
        if has_keychain():
            raise FailedStepError("this session has a keychain, but the app does not find it") from None
        return "skipped: this session has none"
    try:
        kept = json.loads(bundle.run("keys", "list", "--json"))
        if {"name": free[0], "source": "keychain"} not in kept:
            raise FailedStepError(f"the entry is not in the keychain: {kept}")
    finally:
        bundle.run("keys", "remove", free[0])
    return "an entry was written, read by another process and removed"


def has_keychain() -> bool:
    """Whether the session offers one, asked without the app."""
    if IS_MAC:
        return True
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    bus_itself = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    question = new_method_call(bus_itself, "NameHasOwner", "s", ("org.freedesktop.secrets",))
    try:
        with open_dbus_connection("SESSION") as bus:
            return bus.send_and_get_reply(question, timeout=5).body[0] is True
    except (OSError, KeyError, ValueError):  # no bus, none is named, or it does not answer
        return False


def check_display(bundle: Bundle) -> str:
    """The window can be seen on an X display."""
    if IS_MAC:
        return "skipped: X is Linux's"
    if missing := measure_start.missing_tools():
        return f"skipped: this needs {' and '.join(missing)}"
    try:
        with measure_start.virtual_display() as display:
            command = [*fence(), str(bundle.program)]
            seconds = measure_start.seconds_to_window(command, display, bundle.environment)
    except RuntimeError as error:
        raise FailedStepError(str(error)) from None
    return f"the window was there after {seconds:.1f} s"


def check_contents(bundle: Bundle) -> str:
    """Nothing that serves development only came along."""
    from PyInstaller.archive.readers import CArchiveReader

    modules = CArchiveReader(str(bundle.program)).open_embedded_archive("PYZ.pyz").toc
    if strays := needless(modules):
        raise FailedStepError(f"modules for development are in it: {', '.join(strays[:5])}")
    return f"{len(modules)} Python modules, none for development"


def needless(modules: Iterable[str]) -> list[str]:
    """Those of the modules that `bundle_parts` keeps out."""
    return sorted(name for name in modules if any(name == tool or name.startswith(f"{tool}.") for tool in TOOLS))


def check_place(bundle: Bundle) -> str:
    """No absolute path of the checkout or its environment is built in where a loader would look."""
    if not IS_MAC and not shutil.which("readelf"):
        raise FailedStepError("readelf is missing; please install binutils")
    prefixes = (str(ROOT), str(Path(sys.prefix)))
    for path in bundle.folder.rglob("*"):
        if path.is_symlink() and os.readlink(path).startswith("/"):  # noqa: PTH115 - a broken link counts too
            raise FailedStepError(f"{path} links out of the bundle")
        if not path.exists():
            raise FailedStepError(f"{path} links to nothing")
        if path.is_file() and not path.is_symlink() and ".so" in path.suffixes and not IS_MAC:
            read = subprocess.run(["readelf", "-d", str(path)], capture_output=True, text=True, check=False)
            if any(prefix in read.stdout for prefix in prefixes):
                raise FailedStepError(f"{path} looks for libraries in the checkout")
    return "no link and no library leads out of the bundle"


def sizes(folder: Path) -> dict[str, int]:
    """Bytes by part. Symbolic links count nothing."""
    result = dict.fromkeys([*PARTS, "Python and the rest"], 0)
    inside = [folder / "_internal", *(folder / "Contents" / name for name in ("Frameworks", "Resources"))]
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        base = next((base for base in inside if path.is_relative_to(base)), folder)
        name = path.relative_to(base).as_posix()
        part = next((part for part, starts in PARTS.items() if _begins(name, starts)), "Python and the rest")
        result[part] += path.stat().st_size
    return result


def _begins(name: str, starts: tuple[str, ...]) -> bool:
    return any(name == start or name.startswith((f"{start}/", f"{start}-")) or
               (start.startswith("lib") and name.startswith(start)) for start in starts)  # fmt: skip


# -- putting it together


@contextlib.contextmanager
def opened(bundle: Path) -> Iterator[Path]:
    """The app's folder: of an image, the app in it while it is mounted; else a copy in another place."""
    with tempfile.TemporaryDirectory(prefix="another place ") as scratch:
        if bundle.suffix == ".dmg":
            if not IS_MAC:
                raise FailedStepError("a disk image can be opened on a Mac only")
            volume = Path(scratch) / "volume"
            volume.mkdir()
            mount = ["hdiutil", "attach", "-readonly", "-nobrowse", "-mountpoint", str(volume), str(bundle)]
            if subprocess.run(mount, check=False, stdout=subprocess.DEVNULL).returncode:
                raise FailedStepError(f"{bundle.name} cannot be mounted")
            try:
                if not (volume / "Applications").is_symlink():
                    raise FailedStepError("the image has no link to Applications")
                yield volume / "Sana Studio.app"
            finally:
                subprocess.run(["hdiutil", "detach", "-force", str(volume)], check=False, stdout=subprocess.DEVNULL)
        else:
            copy = Path(scratch) / bundle.name
            copying = ["ditto", str(bundle), str(copy)] if IS_MAC else ["cp", "-a", str(bundle), str(copy)]
            if subprocess.run(copying, check=False).returncode:
                raise FailedStepError(f"{bundle.name} cannot be copied to another place")
            yield copy


def verify(bundle_path: Path) -> None:
    with opened(bundle_path) as folder, tempfile.TemporaryDirectory(prefix="sana-studio-") as scratch:
        home = Path(scratch)
        bundle = Bundle(folder, home)
        print(f"{bundle_path.name}: {bundle.run('--version').strip()}")
        print(f"fence      {'the checkout cannot be read' if fence() else 'none here; the files in use are watched'}")
        steps: dict[str, Callable[[], object]] = {
            "place": lambda: check_place(bundle),
            "contents": lambda: check_contents(bundle),
            "doctor": lambda: check_doctor(bundle),
            "self-test": lambda: check_self_test(bundle),
            "pictures": lambda: check_pictures(bundle, home),
            "clips": lambda: check_clips(bundle, home),
            "window": lambda: check_window(bundle, home),
            "display": lambda: check_display(bundle),
            "keychain": lambda: check_keychain(bundle),
        }
        for name, step in steps.items():
            started = time.monotonic()
            print(f"{name:<10} {step()} ({time.monotonic() - started:.0f} s)", flush=True)
        print("\n| part | MB |\n|---|---|")
        table = sizes(folder)
        for part, size in sorted(table.items(), key=lambda row: -row[1]):
            print(f"| {part} | {size / 1e6:.0f} |")
        print(f"| together | {sum(table.values()) / 1e6:.0f} |")


def main(arguments: list[str]) -> int:
    built = ROOT / "dist" / ("Sana Studio.app" if IS_MAC else "sana-studio")
    bundle = Path(arguments[0]).resolve() if arguments else built
    if not bundle.exists():
        target = "dmg" if bundle.suffix == ".dmg" else "app"
        print(f"There is no {bundle}. Build it first: make {target}", file=sys.stderr)
        return 1
    try:
        verify(bundle)
    except FailedStepError as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
