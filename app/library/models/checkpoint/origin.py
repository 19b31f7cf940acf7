"""What a checkpoint was made from, as far as its files say: a fine-tune keeps its base's needs."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.core.catalog import ModelSpec, load_catalog, load_controlnets
from app.core.errors import UserError
from app.core.planned import Planned, load_planned
from app.library import paths
from app.library.models.hub import hub_cache
from app.library.models.weights.header import read_json

_MAX_TEXT = 300  # characters; names are short, and a model card in the metadata may name anything
_BASE_IN_README = re.compile(r"^base_model:[ \t]*\n?[ \t]*-?[ \t]*[\"']?([\w./-]+)", re.MULTILINE)


def catalog() -> dict[str, ModelSpec]:
    """The models that the app knows by name."""
    return _read_catalog(paths.resources() / "catalog.toml")


@functools.cache
def _read_catalog(path: Path) -> dict[str, ModelSpec]:
    return load_catalog(path.read_text(encoding="utf-8"))


def controlnets() -> dict[str, ModelSpec]:
    """The ControlNets that the app knows by name."""
    return _read_controlnets(paths.resources() / "controlnets.toml")


@functools.cache
def planned() -> tuple[Planned, ...]:
    """The models that the app does not run yet."""
    return load_planned((paths.resources() / "planned.toml").read_text(encoding="utf-8"))


@functools.cache
def _read_controlnets(path: Path) -> dict[str, ModelSpec]:
    return load_controlnets(path.read_text(encoding="utf-8"), catalog())


def spec_of(folder: Path) -> ModelSpec | None:
    """The catalog's entry of a folder that is the hub's own snapshot of it, or the bundled model."""
    folder = folder.absolute()
    repo = hub_cache.repo_of(folder)
    for spec in catalog().values():
        if (repo and spec.repo == repo) or (spec.bundled and folder == paths.resources() / spec.bundled):
            return spec
    return None


def hints(folder: Path, *configs: Mapping[str, Any]) -> tuple[str, ...]:
    """What a folder says of its base, the most reliable first: its configs' origin, its model card, its own name."""
    named = [str(config[key]) for config in configs for key in ("_name_or_path", "base_model") if config.get(key)]
    return (*named, *_of_readme(folder), folder_name(folder))


def hints_of_file(path: Path, metadata: Mapping[str, str]) -> tuple[str, ...]:
    """What a single file says of its base: in its metadata, then by its name."""
    return (*(value for value in metadata.values() if len(value) <= _MAX_TEXT), path.stem)


def named(texts: Iterable[str], candidates: Mapping[str, Iterable[str]]) -> list[str]:
    """Which of some models is meant by the first text that names one.

    Args:
        texts: what may name a model: "Efficient-Large-Model/Sana_600M_512px_diffusers", "my_sana-0.6b-512_v2".
        candidates: each one's names.

    Returns:
        The candidates with the longest name in that text; none where no text names any.
    """
    words = {key: [_words(name) for name in names] for key, names in candidates.items()}
    for text in texts:
        plain = _words(text)
        lengths = {key: max((len(name) for name in names if name in plain), default=0) for key, names in words.items()}
        longest = max(lengths.values(), default=0)
        if longest:
            return [key for key, length in lengths.items() if length == longest]
    return []


def names_of(spec: ModelSpec) -> tuple[str, ...]:
    """The names of a model of the catalog."""
    return (spec.id, *((spec.repo.rpartition("/")[2],) if spec.repo else ()))


def spec_named(texts: Iterable[str]) -> ModelSpec | None:
    """The model of the catalog that the first text which names one means, where that is clear."""
    known = {spec.id: names_of(spec) for spec in catalog().values() if spec.repo}
    found = named(texts, known)
    return catalog()[found[0]] if len(found) == 1 else None


def trained_in_float16(
    family: str, base: ModelSpec | None, variants: frozenset[str], dtypes: frozenset[str]
) -> bool | None:
    """Whether the transformer was trained in float16, its linear attention clamped; None where nothing tells.

    Args:
        family: only the first was trained so.
        base: the model of the catalog that it was made from.
        variants: those of its weights that lie side by side: an fp16-trained repository has float32 and fp16.
        dtypes: how its weights are stored.
    """
    if family != "sana":
        return False
    if base is not None:
        return base.clip
    if ("fp16" in variants and "bf16" not in variants) or "F16" in dtypes:
        return True
    return None


def folder_name(folder: Path) -> str:
    """The folder's name; for a snapshot in the Hugging Face cache, whose name is a hash, that of its repository."""
    folder = folder.absolute()
    if folder.parent.name == "snapshots":
        return folder.parent.parent.name.split("--")[-1]
    return folder.name


def config_of(folder: Path) -> dict[str, Any]:
    """The config.json in a folder; empty where there is none that can be read."""
    try:
        return read_json(folder / "config.json")
    except UserError:
        return {}


def _of_readme(folder: Path) -> tuple[str, ...]:
    """The base that a model card names at its head."""
    try:
        with (folder / "README.md").open(encoding="utf-8", errors="replace") as file:
            text = file.read(8192)
    except OSError:
        return ()
    head = text.split("\n---", 1)[0] if text.startswith("---") else ""
    found = _BASE_IN_README.search(head)
    return (found[1],) if found else ()


def _words(text: str) -> str:
    """A name without its spelling: "-sana-600m-512px-"; the endings of diffusers' folders do not count."""
    words = [word for word in re.split(r"[^a-z0-9]+", text.lower()) if word]
    while words and words[-1] in ("diffusers", "transformer", "safetensors"):
        words.pop()
    return "".join(f"-{word}" for word in words) + "-"
