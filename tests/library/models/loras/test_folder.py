"""The folder for LoRAs: what is found in it, and by what."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from app.core.errors import UserError
from app.core.request import LoraUse
from app.library import paths
from app.library.models.loras.folder import LoraFolder, words_of
from app.library.settings import Settings


@pytest.fixture
def folder() -> LoraFolder:
    made = LoraFolder(Settings())
    (made.path / "styles").mkdir(parents=True)
    return made


def put(path: Path, value: float = 1.0, metadata: dict[str, str] | None = None) -> Path:
    save_file({"x.lora_A.weight": torch.full((2, 2), value)}, path, metadata)
    return path


def test_where_it_is(tmp_path: Path) -> None:
    settings = Settings()
    assert LoraFolder(settings).path == paths.home() / "LoRAs"
    assert LoraFolder(settings).files() == []
    settings.set("lora_folder", str(tmp_path / "mine"))
    assert LoraFolder(settings).path == tmp_path / "mine"


def test_names(folder: LoraFolder) -> None:
    ink, sepia = put(folder.path / "styles" / "Ink.safetensors"), put(folder.path / "sepia.safetensors")
    (folder.path / "notes.txt").write_text("")
    (folder.path / "old.pt").write_bytes(b"")
    (folder.path / "loop").symlink_to(folder.path)
    assert folder.files() == [ink, sepia]
    for name in ("ink", "Ink.safetensors", "styles/ink"):
        assert folder.find(name) == ink
    assert folder.find("in") is None
    assert folder.named("sepia", 0.5) == LoraUse(str(sepia), 0.5, "sepia.safetensors")
    with pytest.raises(UserError, match="“chalk” on this computer"):
        folder.named("chalk", 1)


def test_a_renamed_file_is_known_by_its_hash(folder: LoraFolder) -> None:
    path = put(folder.path / "renamed.safetensors")
    put(folder.path / "another.safetensors", 2)
    data = path.read_bytes()
    behind = data[8 + int.from_bytes(data[:8], "little") :]
    for digest in (hashlib.sha256(data).hexdigest(), hashlib.sha256(behind).hexdigest()[:12].upper()):
        assert folder.located(LoraUse("", 1.0, "sepia", digest)).path == str(path)
    assert folder.find("sepia", "0" * 12) is None


def test_what_a_file_says_to_people(folder: LoraFolder) -> None:
    table = json.dumps({"10_photos": {"old photo": 40, "brown": 3}, "5_more": {"brown": 50}})
    path = put(folder.path / "a.safetensors", metadata={"modelspec.title": "Sepia", "ss_tag_frequency": table})
    assert words_of(path).title == "Sepia"
    assert words_of(path).triggers == ("brown", "old photo")
    path = put(folder.path / "b.safetensors", metadata={"modelspec.trigger_phrase": "sepia style, old"})
    assert words_of(path).triggers == ("sepia style", "old")
    assert words_of(put(folder.path / "c.safetensors", metadata={"ss_tag_frequency": '{"a": [1]}'})).triggers == ()
    (folder.path / "d.safetensors").write_bytes(b"junk")
    assert words_of(folder.path / "d.safetensors").title == ""
