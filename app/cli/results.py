"""Whether what `generate` is asked for can come of the model: pictures or clips, and what is done with them."""

from __future__ import annotations

import argparse

from app.backends.base import KeepsFrames
from app.cli.target import Target
from app.core.errors import UserError
from app.core.limits import check_clip
from app.core.message import message
from app.core.request import GenerationRequest, Role
from app.engine.session import Plan
from app.library import paths
from app.library.files import check_writable


def check_result(plan: Plan[GenerationRequest], options: argparse.Namespace, target: Target) -> None:
    """Compare the options with what the model makes, before anything is made.

    Raises:
        UserError: they do not fit it, or the folder for the frames cannot be written to.
    """
    capabilities = plan.backend.capabilities(plan.request.model)
    clips, name = capabilities.clip is not None, capabilities.model
    if not clips:
        check_clip(plan.request, None, name)  # before its name: that of a clip is no mistake of its user's then
    target.check_takes(clips=clips)
    start = capabilities.takes(Role.INIT)
    if options.strength is not None and start is not None and start.strength is None:
        raise UserError(
            message("{model} begins with the start picture as it is.", model=name), message("Leave --strength out.")
        )
    if not options.frames_out:
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
    check_writable(paths.expanded(options.frames_out).absolute())


def keep_frames(plan: Plan[GenerationRequest], wish: str | None, number: int, of: int) -> None:
    """Tell the backend where the frames of the clips of plan `number` (from 1) `of` so many go."""
    if isinstance(plan.backend, KeepsFrames) and wish:
        folder = paths.expanded(wish).absolute()
        plan.backend.frames_folder = folder / str(number) if of > 1 else folder
