"""What is told of a model that is unknown, not here, or cannot be had, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.catalog import ModelSpec
from app.core.errors import UserError
from app.core.message import Message, message, sentences, series
from app.core.planned import Planned
from app.library.models.model import Model, ModelState


def unknown(model: str, known: Iterable[str], planned: Iterable[Planned]) -> UserError:
    """Of an id that the catalog does not have."""
    return UserError(
        _lacking(model, planned),
        message("Choose one of: {names}.", names=series([*known])),
    )


def unknown_path(model: str, known: Iterable[str], planned: Iterable[Planned]) -> UserError:
    """Of what is neither an id nor anything on the disk."""
    return UserError(
        _lacking(model, planned),
        message(
            "Choose one of: {names}; or the folder of a checkpoint in diffusers layout.", names=series([*known])
        ),
    )  # fmt: skip


def _lacking(model: str, planned: Iterable[Planned]) -> Message:
    for each in planned:
        if each.id == model:
            return message("{name} does not run here yet: {why}", name=each.name, why=each.why)
    return message("There is no model called “{model}”.", model=model)


def unknown_controlnet(model: str, known: Iterable[str]) -> UserError:
    """The same of a ControlNet."""
    return UserError(
        message("There is no ControlNet called “{model}”.", model=model),
        message("Choose one of: {names}; or the folder of a ControlNet.", names=series([*known])),
    )


def not_here(model: Model) -> UserError:
    """Of a model of the catalog that is damaged, not whole, or not downloaded."""
    if model.state is ModelState.BUNDLED:
        return UserError(
            sentences(message("{name} is damaged.", name=model.name), model.problem),
            message("Install the app again."),
        )
    how = message("Get it in Settings under Models, or with: sana-studio models download {model}", model=model.id)
    if model.state is ModelState.PARTIAL:
        return UserError(
            sentences(message("{name} is not complete.", name=model.name), model.problem),
            sentences(how, message("The download goes on where it was.")),
        )
    return UserError(message("{name} is not on this computer yet.", name=model.name), how)


def not_accepted(spec: ModelSpec) -> UserError:
    """Of a download whose licence its user has not agreed to."""
    return UserError(
        message("The licence of {name} has not been accepted.", name=spec.name),
        message("Read it at {address}.", address=spec.licence_url),
    )
