"""A transformer without the other parts, a fine-tune of a model that is here: one safetensors file, or a folder.

The rest (text encoder, autoencoder, tokenizer, scheduler) is that of a model whose transformer has the very same
tensors. Where several have, what the file says of its base decides, and where it says nothing its user.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.catalog import ModelSpec
from app.core.errors import UserError
from app.core.message import message, series
from app.library.models.checkpoint import kinds, origin
from app.library.models.checkpoint.checkpoint import Checkpoint, family_of, is_part, is_whole
from app.library.models.checkpoint.configs import count, read_transformer_config
from app.library.models.weights.header import read_header
from app.library.models.weights.weights import Weights, find_weights, variants_in, weights_in

SUFFIX = ".safetensors"
_SIGN = "transformer_blocks.0."
"""How the names of every SANA transformer's tensors begin."""


class UnclearBaseError(UserError):
    """A transformer fits several models that are here, and does not say which it was made from.

    Attributes:
        bases: the ids and names of those that it fits.
    """

    def __init__(self, path: Path, bases: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            message(
                "{name} fits several models and does not say which it was made from: {models}.",
                name=path.name,
                models=series([base for base, _ in bases]),
            ),
            message(
                "Choose one in Settings under Models, or name it like this: {path}@{base}", path=path, base=bases[0][0]
            ),
        )
        self.path, self.bases = path, tuple(bases)

    def __reduce__(self) -> tuple[type[UnclearBaseError], tuple[Path, tuple[tuple[str, str], ...]]]:
        return type(self), (self.path, self.bases)


@dataclass(frozen=True, slots=True)
class Base:
    """A whole model that is here: its id, what it is called elsewhere, and the catalog's entry where it has one."""

    id: str
    names: tuple[str, ...]
    checkpoint: Checkpoint
    spec: ModelSpec | None = None


@dataclass(frozen=True, slots=True)
class Transformer:
    """What is known of a transformer alone.

    Attributes:
        path: the file or the folder.
        weights: its weights.
        hints: what it says of its base, the most reliable first.
        variants: those that lie side by side in the folder.
        config: its own config.json; None for a file.
        base_size: side in pixels that its metadata give; 0 where they do not.
    """

    path: Path
    weights: Weights = field(repr=False)
    hints: tuple[str, ...]
    variants: frozenset[str] = frozenset()
    config: Mapping[str, Any] | None = None
    base_size: int = 0


def is_transformer_only(path: Path) -> bool:
    """Whether this is a file of weights rather than a part of a checkpoint's folder, or a folder with one part only."""
    try:
        if path.is_file():
            return path.suffix == SUFFIX and not is_part(path)
        return _transformer_folder(path) is not None
    except OSError:  # nobody may look, or too long a name
        return False


def read_transformer(path: Path) -> Transformer:
    """Read what there is of a transformer alone.

    Raises:
        UserError: it is damaged, of a type that is not supported, or no SANA transformer; a LoRA and a ControlNet are
            called by their names.
    """
    folder = _transformer_folder(path)
    if folder is not None:
        config = read_transformer_config(folder)
        top = path if path == folder else path.parent if path.name == "transformer" else path
        hints = origin.hints(top, config)
        return Transformer(path, find_weights(folder, "transformer"), hints, variants_in(folder, "transformer"), config)
    header = read_header(path)
    kinds.check_file(path, header.tensors)
    weights = weights_in("transformer", {path: frozenset()})
    if not any(name.startswith(_SIGN) for name in weights.tensors):
        raise UserError(
            message("{path} does not hold a SANA transformer.", path=path),
            message("Choose the weights of a transformer, or the folder of a whole checkpoint."),
        )
    size = re.match(r"(\d{3,4})(?:x\1)?$", header.metadata.get("modelspec.resolution", ""))
    return Transformer(
        path, weights, origin.hints_of_file(path, header.metadata), base_size=int(size[1]) if size else 0
    )


def complete(transformer: Transformer, bases: Iterable[Base], wanted: str = "") -> Checkpoint:
    """The transformer in place of that of the model that it was made from.

    Args:
        transformer: as `read_transformer` gives it.
        bases: the whole models that are here.
        wanted: id of the base that its user chose; empty to decide by what the transformer says.

    Raises:
        UserError: it fits none of them, or not the chosen one.
        UnclearBaseError: it fits several.
    """
    fitting = [
        base for base in bases if _shapes(base.checkpoint.weights["transformer"]) == _shapes(transformer.weights)
    ]
    if not fitting:
        raise UserError(
            message("{path} fits none of the models on this computer.", path=transformer.path),
            message("Download the model that it was made from: the file takes its text encoder and its autoencoder."),
        )
    if wanted:
        chosen, known = next((base for base in fitting if base.id == wanted), None), True
        if chosen is None:
            raise UserError(
                message("{name} does not fit the model “{model}”.", name=transformer.path.name, model=wanted),
                message("It fits: {names}.", names=series([base.id for base in fitting])),
            )
    else:
        chosen, known = _by_hints(transformer, fitting)
    return _joined(transformer, chosen, known=known)


def _by_hints(transformer: Transformer, fitting: Sequence[Base]) -> tuple[Base, bool]:
    """The base that the transformer names, and whether it does: the only one that fits is taken as well."""
    named = origin.named(transformer.hints, {base.id: base.names for base in fitting})
    if named:  # the same model may be here twice
        return next(base for base in fitting if base.id == named[0]), True
    sized = [base for base in fitting if base.checkpoint.base_size == transformer.base_size]
    if len(sized or fitting) == 1:
        return (sized or fitting)[0], False
    raise UnclearBaseError(transformer.path, [(base.id, base.checkpoint.name) for base in sized or fitting])


def _joined(transformer: Transformer, base: Base, *, known: bool) -> Checkpoint:
    checkpoint = base.checkpoint
    config = transformer.config or checkpoint.transformer
    spec = origin.spec_named(transformer.hints) or (base.spec if known else None)
    clip = origin.trained_in_float16(family_of(config), spec, transformer.variants, transformer.weights.dtypes)
    if clip is None and known:
        clip = checkpoint.clip
    return dataclasses.replace(
        checkpoint,
        name=origin.folder_name(transformer.path) if transformer.path.is_dir() else transformer.path.stem,
        variant=transformer.weights.variant,
        transformer=config,
        base_size=_base_size(transformer, checkpoint),
        clip=clip,
        weights={**checkpoint.weights, "transformer": transformer.weights},
        base=checkpoint.name,
        notes=(message("Everything but the transformer is that of “{name}”.", name=checkpoint.name), *checkpoint.notes),
    )


def _base_size(transformer: Transformer, base: Checkpoint) -> int:
    if transformer.config is None:
        return transformer.base_size or base.base_size
    return count(transformer.path / "config.json", transformer.config, "sample_size") * base.spatial_factor


def _transformer_folder(path: Path) -> Path | None:
    """The folder with a transformer's config.json, if that is all that there is of a checkpoint."""
    if not path.is_dir() or is_whole(path) or is_whole(path.parent):
        return None
    kinds = {folder: origin.config_of(folder).get("_class_name") for folder in (path, path / "transformer")}
    return next((folder for folder, kind in kinds.items() if kind == "SanaTransformer2DModel"), None)


def _shapes(weights: Weights) -> dict[str, tuple[int, ...]]:
    return {name: tensor.shape for name, tensor in weights.tensors.items()}
