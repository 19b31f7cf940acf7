"""The app's settings, declared once: names, types, defaults and the words that the settings dialog shows."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.message import message
from app.library import paths
from app.library.files import disk_error
from app.library.setting import Setting, Value
from app.library.shared_json import SharedJson

log = logging.getLogger(__name__)

Subscriber = Callable[[str, Any], None]

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "pictures_folder",
        "",
        message("Pictures folder"),
        message("Where new pictures are saved. Leave it empty for “Sana Studio” in your Pictures folder."),
        "General",
        "folder",
    ),
    Setting(
        "show_subfolders",
        False,
        message("Show pictures in subfolders"),
        message("The gallery then also shows what lies in folders inside the pictures folder."),
        "General",
        "bool",
    ),
    Setting(
        "file_format",
        "png",
        message("File format"),
        message(
            "PNG keeps every detail. JPEG, WebP and AVIF make smaller files. All of them keep the prompt and the "
            "settings inside the picture."
        ),
        "General",
        "choice",
        (
            ("png", message("PNG")),
            ("jpeg", message("JPEG")),
            ("webp", message("WebP")),
            ("avif", message("AVIF")),
        ),
    ),
    Setting(
        "suggest_words",
        True,
        message("Suggest my own words"),
        message("While a prompt is typed, shows how one of your earlier words goes on. Tab takes it."),
        "General",
        "bool",
    ),
    Setting(
        "wildcards_folder",
        "",
        message("Wildcards folder"),
        message(
            "Text files with an alternative on each line: colours.txt is used by writing __colours__ in a prompt. "
            "Leave it empty for the app’s own folder."
        ),
        "General",
        "folder",
    ),
    Setting(
        "appearance",
        "system",
        message("Appearance"),
        message("Light or dark colours, or the same as the system."),
        "General",
        "choice",
        (("system", message("Same as the system")), ("light", message("Light")), ("dark", message("Dark"))),
    ),
    Setting(
        "language",
        "system",
        message("Language"),
        message("The language of the window. Prompts may be in any language."),
        "General",
        "choice",
        (("system", message("Same as the system")), ("en", message("English")), ("zh", message("中文"))),
    ),
    Setting(
        "notifications",
        True,
        message("Notify me when a picture is ready"),
        message("Shows a notification when a picture is finished and the window is not in front."),
        "General",
        "bool",
    ),
    Setting(
        "check_updates",
        False,
        message("Look for updates"),
        message("Asks once a day whether there is a new version. Nothing but the question is sent."),
        "General",
        "bool",
    ),
    Setting(
        "default_model",
        "starter",
        message("Model for new pictures"),
        message("The model that is chosen when the window opens. The starter model comes with the app."),
        "Models",
        "text",
    ),
    Setting(
        "lora_folder",
        "",
        message("LoRA folder"),
        message("LoRAs in it can be added by name. Leave it empty for “LoRAs” in the app's own folder."),
        "Models",
        "folder",
    ),
    Setting(
        "hub_endpoint",
        "",
        message("Download models from"),
        message(
            "The address of a mirror of Hugging Face, for places where it cannot be reached. Leave it "
            "empty for huggingface.co."
        ),
        "Models",
        "address",
    ),
    Setting(
        "offline",
        False,
        message("Work offline"),
        message("Never connects to the internet. Models that are already here still work."),
        "Models",
        "bool",
    ),
    Setting(
        "cloud_allowed",
        False,
        message("Let Automatic use the cloud"),
        message(
            "When this computer cannot make pictures quickly, prompts are sent to Replicate or to an endpoint of "
            "yours, which may charge your account."
        ),
        "Cloud",
        "bool",
    ),
    Setting(
        "cloud_monthly_limit",
        5.0,
        message("Monthly limit in US dollars"),
        message("When this month's pictures would cost more, the app stops and asks."),
        "Cloud",
        "float",
        minimum=0,
        maximum=10_000,
        zero=message("Always ask"),
    ),
    Setting(
        "idle_minutes",
        10,
        message("Free the memory after"),
        message(
            "After so many minutes without work, the model leaves the memory. The next picture then "
            "takes longer to start."
        ),
        "Advanced",
        "int",
        minimum=1,
        maximum=1_440,
    ),
    Setting(
        "prepare",
        True,
        message("Get ready in the background"),
        message(
            "Loads what makes the pictures before you press Generate, so that the first picture comes sooner. It "
            "takes about 400 MB and what the model needs, and is left out where memory is short."
        ),
        "Advanced",
        "bool",
    ),
    Setting(
        "memory_limit_gb",
        0.0,
        message("Memory limit in GB"),
        message("The most memory that a model may take. Automatic goes by the memory of this computer."),
        "Advanced",
        "float",
        minimum=0,
        maximum=1_024,
        zero=message("Automatic"),
    ),
    Setting(
        "export_words",
        True,
        message("Include the prompt and the settings"),
        message("Whether exported pictures say how they were made."),
        "",
        "bool",
    ),
    Setting("export_format", "", message("Format"), message("Of exported pictures."), "", "text"),
    Setting("export_clip_format", "", message("Format"), message("Of exported clips."), "", "text"),
    Setting(
        "allowed_hosts", "", message("Servers of your own"), message("Those that pictures may be sent to."), "", "text"
    ),
    Setting("first_run_done", False, message("First run"), message("Whether the welcome was shown."), "", "bool"),
)


class Settings:
    """The values of `SETTINGS` and of what is declared besides, kept in a JSON file that can be edited by hand.

    Every change is saved at once and told to the subscribers. Values in the file that make no sense count as the
    default; they and unknown keys stay in the file. Several processes may use one file: a change writes only its own
    key. All methods may be called from any thread.

    Args:
        path: the file; `paths.settings_file()` when left out. A file that is no JSON object is renamed to
            "settings.json.broken", and the defaults apply.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or paths.settings_file()
        self._lock = threading.RLock()
        self._subscribers: list[Subscriber] = []
        self._file = SharedJson(self._path)
        self._declared = {setting.key: setting for setting in SETTINGS}
        self._values: dict[str, Value] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the file again: another process may have changed it. Nobody is told; the worker does so at each job."""
        stored = self._file.read_if_possible()
        self._values = {key: self._value_of(setting, stored) for key, setting in self._declared.items()}

    def declare(self, *settings: Setting) -> None:
        """Take further settings, of a backend for example, after those that there are; one with a known key replaces
        it. Nobody is told.
        """
        stored = self._file.read_if_possible()
        with self._lock:
            others = {key: old for key, old in self._declared.items() if key not in {new.key for new in settings}}
            self._declared = {**others, **{setting.key: setting for setting in settings}}
            self._values |= {setting.key: self._value_of(setting, stored) for setting in settings}

    def declared(self, page: str | None = None) -> tuple[Setting, ...]:
        """All settings, or those of one page of the dialog, in their order."""
        return tuple(setting for setting in self._declared.values() if page in (None, setting.page))

    def get(self, key: str) -> Any:
        """The value of a declared setting. Raises KeyError for another key."""
        return self._values[key]

    def set(self, key: str, value: Any) -> None:
        """Check, save and announce a value.

        Raises:
            UserError: the value does not fit, or it cannot be saved; the old value stands.
            KeyError: there is no such setting.
        """
        checked = self._declared[key].check(value)
        with self._lock:
            changed = self._save({key: checked})
        self._announce(changed)

    def reset(self) -> None:
        """Give everything in the dialog its default; what the app keeps for itself and unknown keys stay.

        Raises:
            UserError: it cannot be saved; the old values stand.
        """
        with self._lock:
            changed = self._save({setting.key: setting.default for setting in self.declared() if setting.page})
        self._announce(changed)

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Call `callback(key, value)` after each change, in the thread that made it. Returns what ends that."""
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    def pictures_folder(self) -> Path:
        """The folder for new pictures: the chosen one, else the standard one."""
        chosen = self.get("pictures_folder")
        return Path(chosen) if chosen else paths.pictures()

    def wildcards_folder(self) -> Path:
        """The folder of the wildcard files: the chosen one, else the standard one."""
        chosen = self.get("wildcards_folder")
        return Path(chosen) if chosen else paths.wildcards()

    def _value_of(self, setting: Setting, stored: dict[str, Any]) -> Value:
        if setting.key not in stored:
            return setting.default
        try:
            return setting.check(stored[setting.key])
        except UserError as error:
            log.warning("%s The default %r applies.", error.message, setting.default)
            return setting.default

    def _save(self, changes: dict[str, Value]) -> dict[str, Value]:
        """Write the changes into the file as it is now; returns those that differ from what was valid before."""
        try:
            with self._file.edit() as stored:
                stored.update(changes)
        except OSError as error:
            raise disk_error(error, message("The settings could not be saved"), self._path.parent) from error
        changed = {key: value for key, value in changes.items() if self._values[key] != value}
        self._values.update(changed)
        return changed

    def _announce(self, changed: dict[str, Value]) -> None:
        for key, value in changed.items():
            for callback in tuple(self._subscribers):
                callback(key, value)
