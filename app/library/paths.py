"""Where everything lives. Nothing here touches the disk: who writes a file creates its folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

APP_NAME = "Sana Studio"
_SOURCE = Path(__file__).resolve().parents[2]


def home() -> Path:
    """The folder of everything the app writes by itself: $SANA_STUDIO_HOME, else the system's place for app data."""
    moved = _moved_home()
    return moved if moved else Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def pictures() -> Path:
    """The default folder for pictures: visible, "Sana Studio" in the user's Pictures."""
    moved = _moved_home()
    return moved / "Pictures" if moved else Path(platformdirs.user_pictures_dir()) / APP_NAME


def resources() -> Path:
    """The resources that come with the app: next to `app/`, or inside the bundle."""
    bundle = getattr(sys, "_MEIPASS", None)
    return (Path(bundle) if bundle else _SOURCE) / "resources"


def settings_file() -> Path:
    return home() / "settings.json"


def queue_file() -> Path:
    return home() / "queue.json"


def index_file() -> Path:
    """The gallery's index. It can be deleted at any time: it is made again from the pictures."""
    return home() / "gallery.sqlite"


def thumbnails() -> Path:
    return home() / "thumbnails"


def loras() -> Path:
    """The default folder for LoRAs."""
    return home() / "LoRAs"


def upscalers() -> Path:
    """The folder for upscalers of the user's own."""
    return home() / "upscalers"


def workflows() -> Path:
    """The folder for ComfyUI workflows of the user's own."""
    return home() / "workflows"


def logs() -> Path:
    return home() / "logs"


def cache() -> Path:
    """What can be computed or fetched again."""
    return home() / "cache"


def styles_file() -> Path:
    return home() / "styles.json"


def wildcards() -> Path:
    """The default folder for wildcards."""
    return home() / "wildcards"


def expanded(text: str) -> Path:
    """The path that somebody wrote: "~" is their home, "~name" that of a user; what names no user stays as it is."""
    try:
        return Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser raises where there is no such user
    except ValueError:  # a zero byte or a lone surrogate in the name
        return Path(text)


def _moved_home() -> Path | None:
    moved = os.environ.get("SANA_STUDIO_HOME", "").strip()
    return expanded(moved).absolute() if moved else None
