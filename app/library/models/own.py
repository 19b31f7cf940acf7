"""The user's own models: folders and files, and what was chosen for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.message import message
from app.library import paths
from app.library.files import disk_error, exists
from app.library.shared_json import SharedJson


@dataclass(frozen=True, slots=True)
class OwnModelChoice:
    """What the user decided on an own model.

    Attributes:
        base: id of the model that gives the other parts of a transformer; empty to decide by what the file says.
        clip: whether it was trained in float16; None to find out.
    """

    base: str = ""
    clip: bool | None = None


NO_CHOICE = OwnModelChoice()


class OwnModels:
    """The list of the user's own models, kept in a file that the app's processes share."""

    def __init__(self, stored: SharedJson) -> None:
        self._stored = stored

    def paths(self) -> tuple[Path, ...]:
        """Their folders and files."""
        stored = self._stored.read_if_possible().get("folders")
        texts = [text for text in stored if isinstance(text, str)] if isinstance(stored, list) else []
        return tuple(paths.expanded(text).absolute() for text in texts)

    def add(self, path: Path, base: str = "") -> None:
        """Put one on the list, with the base that was chosen for it. Raises UserError where it cannot be kept."""
        if path not in self.paths():
            self._keep([*self.paths(), path])
        if base:
            self._choose(path, base=base)

    def remove(self, path: Path) -> None:
        """Take one off the list, with what was chosen for it. Raises UserError where that cannot be kept."""
        self._keep([other for other in self.paths() if other != path])
        self._choose(path, base=None, clip=None)

    def choice(self, path: Path) -> OwnModelChoice:
        """What was chosen for one."""
        table = _table(self._stored.read_if_possible().get("choices")).get(str(path))
        values = _table(table)
        base, clip = values.get("base"), values.get("clip")
        return OwnModelChoice(base if isinstance(base, str) else "", clip if isinstance(clip, bool) else None)

    def set_clip(self, path: Path, clip: bool | None) -> None:
        """Keep whether one was trained in float16; None to find out. Raises UserError where it cannot be kept."""
        self._choose(path, clip=clip)

    def _keep(self, folders: Iterable[Path]) -> None:
        try:
            with self._stored.edit() as stored:
                stored["folders"] = [str(path) for path in folders]
        except OSError as error:
            raise _not_saved(error) from error

    def _choose(self, path: Path, **values: str | bool | None) -> None:
        """Change what is chosen; None forgets it."""
        try:
            with self._stored.edit() as stored:
                choices = dict(_table(stored.get("choices")))
                chosen = {**_table(choices.get(str(path))), **values}
                choices[str(path)] = {key: value for key, value in chosen.items() if value is not None}
                stored["choices"] = {key: chosen for key, chosen in choices.items() if chosen}
        except OSError as error:
            raise _not_saved(error) from error


def split_base(path: Path) -> tuple[Path, str]:
    """FILE@BASE as the file and the base's id; any other path, and one that is there under this very name, as it is."""
    text, sign, base = str(path).rpartition("@")
    if not sign or not base or exists(path) or not exists(Path(text)):
        return path, ""
    return Path(text), base


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _not_saved(error: OSError) -> Exception:
    return disk_error(error, message("The list of models could not be saved"), paths.home())
