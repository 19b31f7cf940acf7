"""Albums: names for some of a folder's pictures, kept in the folder itself. The pictures stay where they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.message import message
from app.library.pictures.index.rows import key
from app.library.shared_json import SharedJson

ALBUMS_FILE = ".albums.json"
LONGEST_NAME = 100


class Albums:
    """The albums of one folder: for each name, in the order of their making, the keys of its pictures."""

    def __init__(self, folder: Path) -> None:
        self._file = SharedJson(folder / ALBUMS_FILE)

    def all(self) -> dict[str, list[str]]:
        """What there is; empty where it cannot be read."""
        return _valid(self._file.read_if_possible())

    def create(self, name: str, keys: Iterable[str] = ()) -> str:
        """Make an album, and return its name as it stands.

        Raises:
            UserError: the name is none, or another album has it.
            OSError: the file cannot be written and stands as it was.
        """
        with self._file.edit() as values:
            name = _free_name(name, values)
            values[name] = list(dict.fromkeys(map(key, keys)))
        return name

    def rename(self, album: str, name: str) -> str:
        """Call an album otherwise; it keeps its place. Raises as `create`."""
        with self._file.edit() as values:
            name = _free_name(name, [each for each in values if each != album])
            renamed = {(name if each == album else each): keys for each, keys in values.items()}
            values.clear()
            values.update(renamed)
        return name

    def delete(self, album: str) -> list[str]:
        """Forget an album; returns the keys of the pictures that were in it.

        Raises:
            OSError: the file cannot be written and stands as it was.
        """
        with self._file.edit() as values:
            keys = _valid(values).get(album, [])
            values.pop(album, None)
        return keys

    def change(self, album: str, added: Iterable[str] = (), removed: Iterable[str] = ()) -> None:
        """Put pictures into an album, and take some out, by their names. One that is not there stays so.

        Raises:
            OSError: the file cannot be written and stands as it was.
        """
        without, additional = set(map(key, removed)), list(map(key, added))
        with self._file.edit() as values:
            keys = _valid(values).get(album)
            if keys is not None:
                values[album] = list(dict.fromkeys([*(each for each in keys if each not in without), *additional]))

    def rename_pictures(self, names: Mapping[str, str]) -> None:
        """Pictures are called otherwise now: new names by old ones. Raises OSError as `change`."""
        new = {key(before): key(after) for before, after in names.items()}
        with self._file.edit() as values:
            values.update({album: [new.get(each, each) for each in keys] for album, keys in _valid(values).items()})


def _valid(values: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        album: [key(each) for each in keys if isinstance(each, str)]
        for album, keys in values.items()
        if isinstance(keys, list)
    }


def _free_name(name: str, taken: Iterable[str]) -> str:
    printable = "".join(" " if unicodedata.category(each)[0] == "C" else each for each in key(name))
    name = " ".join(printable.split())[:LONGEST_NAME].strip()
    if not name:
        raise UserError(message("An album needs a name."), message("Type one."))
    if name.casefold() in {each.casefold() for each in taken}:
        raise UserError(message("There is an album “{name}” already.", name=name), message("Choose another name."))
    return name
