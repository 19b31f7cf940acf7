"""The user's LoRAs: the files of one folder, found by their names or by what is in them."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.lora_tags import tag_name
from app.core.message import message
from app.core.request import LoraUse
from app.library import paths
from app.library.models.loras.reading import SUFFIX, lora_file
from app.library.models.weights.header import read_header
from app.library.settings import Settings

MAX_FILES = 5_000
MAX_DEPTH = 4
"""Folders within folders that are looked into."""
MAX_HASHED = 4_000_000_000
"""Bytes that are read at most to find a file by its hash."""
TRIGGER_WORDS = 12


@dataclass(frozen=True, slots=True)
class LoraWords:
    """What a file says to people: its title, and the words that its training used most."""

    title: str = ""
    triggers: tuple[str, ...] = ()


class LoraFolder:
    """The folder that the settings name, which need not be there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def path(self) -> Path:
        chosen = self._settings.get("lora_folder")
        return Path(chosen) if chosen else paths.loras()

    def files(self) -> list[Path]:
        """All LoRAs in it and in its folders, by name."""
        return self.look()[0]

    def look(self) -> tuple[list[Path], list[Path]]:
        """All LoRAs, by name, and the folders that were looked into, itself first."""
        found: list[Path] = []
        folders: list[Path] = []
        waiting = [(self.path, 0)]
        while waiting and len(found) < MAX_FILES:
            folder, depth = waiting.pop()
            try:
                with os.scandir(folder) as entries:
                    folders.append(folder)
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            waiting += [(Path(entry.path), depth + 1)] if depth < MAX_DEPTH else []
                        elif entry.name.lower().endswith(SUFFIX) and not entry.name.startswith("."):
                            found.append(Path(entry.path))
            except OSError:
                continue
        return sorted(found, key=lambda path: (path.name.lower(), str(path))), folders

    def find(self, name: str, digest: str = "") -> Path | None:
        """The file with a name, with or without its suffix and the folders before it, else the one with a hash.

        Args:
            digest: the first digits of the SHA-256 of the file, or of all behind its header, as AUTOMATIC1111 has it.
        """
        files, wanted = self.files(), tag_name(name).lower()
        for path in files:
            within = tag_name(path.relative_to(self.path).as_posix()).lower()
            if wanted in (tag_name(path.name).lower(), within):
                return path
        return _by_digest(files, digest.lower()) if len(digest) >= 8 else None

    def located(self, lora: LoraUse) -> LoraUse:
        """A LoRA with its place.

        Raises:
            UserError: it is not in the folder.
        """
        if lora.path:
            return lora
        path = self.find(lora.name, lora.digest)
        if path is None:
            raise UserError(
                message("There is no LoRA called “{name}” on this computer.", name=lora.name),
                message("Put its .safetensors file into “{folder}”, or leave it out.", folder=self.path),
            )
        return LoraUse(str(path), lora.weight, path.name)

    def named(self, text: str, weight: float) -> LoraUse:
        """What somebody wrote: a file, the folder that a trainer made for it, or the name of one in the folder."""
        path = lora_file(paths.expanded(text).absolute())
        if path.is_file():
            return LoraUse(str(path), weight, path.name)
        return self.located(LoraUse("", weight, text))


def words_of(path: Path) -> LoraWords:
    """What a file says of itself; nothing where it cannot be read."""
    try:
        metadata = read_header(path).metadata
    except UserError:
        return LoraWords()
    title = metadata.get("modelspec.title") or metadata.get("ss_output_name") or ""
    phrase = metadata.get("modelspec.trigger_phrase", "")
    triggers = [word.strip() for word in phrase.split(",") if word.strip()] or _most_used(metadata)
    return LoraWords(title[:200], tuple(word[:80] for word in triggers[:TRIGGER_WORDS]))


def _most_used(metadata: Any) -> list[str]:
    """kohya's table of the tags in the training's captions, by folders."""
    try:
        tables = json.loads(metadata.get("ss_tag_frequency", "{}"))
        counts: Counter[str] = Counter()
        for table in tables.values():
            counts.update({str(word).strip(): int(count) for word, count in table.items()})
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return []
    return [word for word, _ in counts.most_common(TRIGGER_WORDS) if word]


def _by_digest(files: list[Path], digest: str) -> Path | None:
    left = MAX_HASHED
    for path in files:
        try:
            stat = path.stat()
            left -= stat.st_size
            if left < 0:
                return None
            if any(each.startswith(digest) for each in _digests(path, stat.st_mtime_ns, stat.st_size)):
                return path
        except OSError:
            continue
    return None


@lru_cache(1000)
def _digests(path: Path, changed: int, size: int) -> tuple[str, str]:
    """SHA-256 of a file as it was at that moment, and of all behind its header."""
    whole, behind = hashlib.sha256(), hashlib.sha256()
    with path.open("rb") as file:
        start = 8 + int.from_bytes(file.read(8), "little")
        file.seek(0)
        place = 0
        while part := file.read(1 << 20):
            whole.update(part)
            behind.update(part[max(0, start - place) :])
            place += len(part)
    return whole.hexdigest(), behind.hexdigest()
