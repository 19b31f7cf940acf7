"""Whether what `generate` is asked for can come of the model: pictures or clips, and what is done with them."""

from __future__ import annotations

import argparse

from app.backends.base import KeepsFrames
from app.cli.target import Target
from app.core.errors import UserError
from app.core.message import message
from app.core.request import GenerationRequest, Role
from app.engine.session import Plan
from app.library import paths
from app.library.files import check_writable


def check_result(plan: Plan[GenerationRequest], options: argparse.Namespace, target: Target) -> None:
    """Compare the options with what the model makes, and tell the backend where a clip's frames go.

    Raises:
        UserError: they do not fit it, or the folder cannot be written to.
    """
    capabilities = plan.backend.capabilities(plan.request.model)
    clips, name = capabilities.clip is not None, capabilities.model
    target.check_takes(clips=clips)
    start = capabilities.takes(Role.INIT)
    if options.strength is not None and start is not None and start.strength is None:
        raise UserError(
            message("{model} begins with the start picture as it is.", model=name), message("Leave --strength out.")
        )
    if clips and options.grid:
        raise UserError(
            message("A grid shows pictures, and {model} makes clips.", model=name), message("Leave --grid out.")
        )
    if options.frames_out is None:
        return
    if not clips:
        raise UserError(
            message("{model} makes pictures, not clips.", model=name),
            message("Leave --frames-out out, or choose a video model."),
        )
    if not isinstance(plan.backend, KeepsFrames):
        raise UserError(
            message("{name} gives no single frames.", name=plan.backend.name), message("Leave --frames-out out.")
        )
    plan.backend.frames_folder = paths.expanded(options.frames_out).absolute()
    check_writable(plan.backend.frames_folder)
