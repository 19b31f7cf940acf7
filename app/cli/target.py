"""Where `generate` puts its pictures."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from app.core.events import Generated
from app.core.grid import Grid
from app.core.output import ClipOutput, Provenance
from app.core.request import GenerationRequest
from app.engine.session import Session
from app.library import paths
from app.library.files import check_writable
from app.library.pictures import images
from app.library.pictures.clips import keeping, writing


class Target:
    """Where `generate` puts its pictures: the library, a folder, or a file (numbered where there are several).

    `count` is how many there will be, `saved` how many there are.
    """

    def __init__(self, out: str | None, count: int, session: Session) -> None:
        self._session = session
        self._out = paths.expanded(out).absolute() if out else None
        self.count = count
        self.saved = 0
        self._sheets = 0
        self._format = str(session.settings.get("file_format"))
        self._is_folder = self._out is not None and (
            os.path.isdir(self._out)  # noqa: PTH112 - a name may be too long to ask for
            or not self._out.suffix
            or str(out).endswith(os.sep)
        )
        # What is wrong here is reported before the work rather than after it.
        if self._out is not None and not self._is_folder:
            check_writable(self._out.parent, self._numbered(self._out, count).name)
        else:
            check_writable(self._out or session.settings.pictures_folder())

    def check_takes(self, *, clips: bool) -> None:
        """Raises UserError where the name of the file is none of a clip, or of a picture."""
        if self._out is not None and not self._is_folder:
            (writing.format_of if clips else images.format_of)(self._out)

    def save(self, event: Generated, request: GenerationRequest) -> images.Picture:
        picture = self._save(event, request)
        self.saved += 1
        return picture

    def save_sheet(self, grid: Grid, first: GenerationRequest, cells: Sequence[Path]) -> images.Picture:
        """Save the sheet of a grid beside its pictures; see `Session.save_sheet`."""
        if self._out is None:
            return self._session.save_sheet(grid, first, cells)
        from app.library.pictures.sheet import sheet

        pixels, made = sheet(grid, cells), Provenance(grid=grid)
        if self._is_folder:
            return images.save(pixels, first, made, self._out)
        number = f"-{self._sheets + 1}" if self._sheets else ""
        name = self._out.with_name(f"{self._out.stem}-grid{number}.png")
        self._sheets += 1
        return images.save_as(pixels, first, made, name)

    def _numbered(self, path: Path, number: int) -> Path:
        return path.with_stem(f"{path.stem}-{number}") if self.count > 1 else path

    def _save(self, event: Generated, request: GenerationRequest) -> images.Picture:
        single = request.of_picture(event.seed)
        output, made = event.output, event.provenance
        if self._out is None:
            return self._session.save(request, event)
        path = self._out if self._is_folder else self._numbered(self._out, self.saved + 1)
        if isinstance(output, ClipOutput):
            return (keeping.keep if self._is_folder else keeping.save_as)(output, single, made, path)
        if self._is_folder:
            return images.save(output.pixels, single, made, path, self._format)
        return images.save_as(output.pixels, single, made, path)
