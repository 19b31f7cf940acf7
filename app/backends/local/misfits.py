"""What a network raises that is made from a checkpoint which does not fit it, as a message for the user."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.backends.local.precisions import IN_WORDS
from app.core.errors import UserError
from app.core.message import message
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.weights.header import DOWNLOAD_AGAIN
from app.library.models.weights.tensors import MisfitError

SENSELESS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a network raises that is made with values that make no sense, or is given weights that do not fit."""

_NO_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "unable to allocate",
    "insufficient memory",
    "attempting to allocate",
    "bad_alloc",
)
"""What CUDA, MPS and torch on the processor say, then MLX's allocators and Metal, then C++ itself."""


def is_out_of_memory(error: Exception) -> bool:
    """MLX's and torch's own errors of this kind, by device, have no common class."""
    return isinstance(error, MemoryError) or any(words in str(error).lower() for words in _NO_MEMORY)


@contextlib.contextmanager
def misfits(files: Sequence[Path]) -> Iterator[None]:
    """Say of which files the weights do not fit.

    Raises:
        UserError: instead of `MisfitError`; it names the file and the tensors.
    """
    try:
        yield
    except MisfitError as error:
        place = files[0] if len(files) == 1 else files[0].parent
        raise UserError(
            message("The weights in {path} do not fit their config.json: {reason}.", path=place, reason=error.reason),
            message("Use the weights and the config.json of one and the same model."),
        ) from error


def senseless(name: str) -> UserError:
    """The message for values in a config from which no network can be made."""
    return UserError(
        message("“{name}” cannot be used: a value in one of its config.json files makes no sense.", name=name),
        DOWNLOAD_AGAIN,
    )


def no_encoder(checkpoint: Checkpoint) -> UserError:
    """The message for a start picture where the autoencoder can only decode."""
    return UserError(
        message(
            "“{name}” cannot start from a picture: its autoencoder comes without an encoder.", name=checkpoint.name
        ),
        message("Leave the start picture out, or choose another model."),
    )


def other_family(checkpoint: Checkpoint, backend: str) -> UserError:
    """The message for a model that a backend has no networks for."""
    return UserError(
        message("“{model}” does not run on {backend}.", model=checkpoint.name, backend=backend),
        message("Choose “Automatic” to run on, or another model."),
    )


def only_packed(checkpoint: Checkpoint, backend: str) -> UserError:
    """What to say of a model whose originals were given back, to a backend that needs them."""
    return UserError(
        message(
            "“{name}” is kept in {precision} for MLX alone; {backend} needs the whole model.",
            name=checkpoint.name,
            precision=IN_WORDS[checkpoint.packed],
            backend=backend,
        ),
        message("Choose MLX, or download the model again in Settings."),
    )
