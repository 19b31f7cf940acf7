"""What several commands read from their options."""

from __future__ import annotations

import argparse

from app.core.errors import UserError
from app.core.message import message
from app.core.request import DEFAULT_STRENGTH, ImageInput, Role
from app.engine.session import Session
from app.library import paths


def model_of(wish: str | None, session: Session) -> str:
    """A model id as it is, a folder as an absolute path: the worker has another working directory in a bundle."""
    if wish is None:
        return "starter"
    return session.models.absolute(wish)


def inputs_of(options: argparse.Namespace) -> tuple[ImageInput, ...]:
    """The pictures to start from.

    Raises:
        UserError: what stands there makes no sense without a start picture.
    """
    if not options.init_image:
        if options.strength is not None:
            raise UserError(
                message("A strength needs a start picture."),
                message("Name one with --init-image, or leave --strength out."),
            )
        if options.mask:
            raise UserError(
                message("A mask needs a start picture."), message("Name one with --init-image, or leave --mask out.")
            )
        return ()
    strength = DEFAULT_STRENGTH if options.strength is None else options.strength
    inputs = [ImageInput(Role.INIT, _absolute(options.init_image), strength)]
    if options.mask:
        inputs.append(ImageInput(Role.MASK, _absolute(options.mask)))
    return tuple(inputs)


def _absolute(path: str) -> str:
    return str(paths.expanded(path).absolute()) if path else ""
