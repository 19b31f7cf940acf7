"""What several commands read from their options."""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from app.cli.output import console
from app.core.errors import UserError
from app.core.message import message
from app.core.request import DEFAULT_STRENGTH, MAX_SEED, Edges, Extension, ImageInput, LoraUse, Role, Variation
from app.engine.session import Session
from app.library import paths
from app.library.pictures.clips.start_frame import first_frame


def model_of(wish: str | None, session: Session) -> str:
    """A model id as it is, a folder as an absolute path: the worker has another working directory in a bundle."""
    if wish is None:
        return "starter"
    return session.models.absolute(wish)


def backend_of(wish: str, session: Session) -> str:
    """The id of a backend as it was typed, in capitals or not."""
    ids = (id for id in session.registry.backends if id.casefold() == wish.casefold())
    return wish if wish in session.registry.backends else next(ids, wish)


def inputs_of(options: argparse.Namespace, session: Session) -> tuple[ImageInput, ...]:
    """The pictures to start from and to follow.

    Raises:
        UserError: what stands there makes no sense without such a picture.
    """
    return (*_start_of(options), *_control_of(options, session))


def _start_of(options: argparse.Namespace) -> tuple[ImageInput, ...]:
    if options.init_image is None:
        _refuse_without_start(options)
        return ()
    strength = options.strength
    if strength is None:
        strength = DEFAULT_STRENGTH if options.extend is None else 1.0  # there is nothing yet to keep
    inputs = [ImageInput(Role.INIT, _start_file(_absolute(options.init_image)), strength)]
    if options.mask is not None:
        inputs.append(ImageInput(Role.MASK, _absolute(options.mask)))
    return tuple(inputs)


def _start_file(path: str) -> str:
    """The picture itself, or the first frame of a clip."""
    frame = first_frame(Path(path))
    if frame is None:
        return path
    console.print(message("The first frame of “{name}” is used.", name=frame.clip.name))
    return str(frame.path)


def extension_of(text: str | None) -> Extension | None:
    """Pixels as "LEFT,TOP,RIGHT,BOTTOM".

    Raises:
        UserError: it says something else.
    """
    if text is None:
        return None
    try:
        left, top, right, bottom = map(int, text.split(","))
    except ValueError as error:
        raise UserError(
            message("“{text}” is no extension.", text=text),
            message("Give four whole numbers of pixels, as in --extend 128,0,128,0 (left, top, right, bottom)."),
        ) from error
    return Extension(left, top, right, bottom)


def _control_of(options: argparse.Namespace, session: Session) -> tuple[ImageInput, ...]:
    values = {
        "--control-model": options.control_model,
        "--control-scale": options.control_scale,
        "--control-edges": options.control_edges,
        "--control-start": options.control_start,
        "--control-end": options.control_end,
    }
    if options.control is None:
        if given := next((name for name, value in values.items() if value is not None), None):
            raise UserError(
                message("{option} needs a control picture.", option=given),
                message("Name one with --control, or leave {option} out.", option=given),
            )
        return ()
    if not options.control_model:
        raise UserError(
            message("A control picture needs a ControlNet, which follows it."),
            message("Name one with --control-model, by its id or its folder."),
        )
    return (
        ImageInput(
            Role.CONTROL,
            _absolute(options.control),
            1.0 if options.control_scale is None else options.control_scale,
            0.0 if options.control_start is None else options.control_start,
            1.0 if options.control_end is None else options.control_end,
            model=session.models.absolute_controlnet(options.control_model),
            edges=Edges(options.control_edges or Edges.AUTO),
        ),
    )


def _refuse_without_start(options: argparse.Namespace) -> None:
    if options.strength is not None:
        raise UserError(
            message("A strength needs a start picture."),
            message("Name one with --init-image, or leave --strength out."),
        )
    if options.mask is not None:
        raise UserError(
            message("A mask needs a start picture."), message("Name one with --init-image, or leave --mask out.")
        )
    if options.extend is not None:
        raise UserError(
            message("Extending needs a start picture."), message("Name one with --init-image, or leave --extend out.")
        )


def variations_of(options: argparse.Namespace) -> tuple[Variation, ...]:
    """How to vary the noise of the seed.

    Raises:
        UserError: the variation's seed stands there without an amount.
    """
    if options.variation_amount is None:
        if options.variation_seed is not None:
            raise UserError(
                message("A variation seed needs an amount."),
                message("Add --variation-amount with a number from 0 to 1."),
            )
        return ()
    seed = options.variation_seed
    if seed is None:
        seed = random.randrange(MAX_SEED - options.count)
    return (Variation(seed, options.variation_amount),)


def loras_of(options: argparse.Namespace, session: Session) -> tuple[LoraUse, ...]:
    """The LoRAs, each FILE or FILE:WEIGHT: the last colon with a number behind it ends the name.

    Raises:
        UserError: there is no such file, and none of that name in the folder for LoRAs.
    """
    return tuple(session.loras.named(*_weighted(text)) for text in options.lora)


def _weighted(text: str) -> tuple[str, float]:
    name, colon, weight = text.rpartition(":")
    try:
        return (name, float(weight)) if colon and name else (text, 1.0)
    except ValueError:
        return text, 1.0


def _absolute(path: str) -> str:
    return str(paths.expanded(path).absolute())
