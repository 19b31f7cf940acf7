"""The folder of workflows: each file in it is one of the models of the server."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import UserError
from app.core.message import message
from app.library import paths
from app.library.files import disk_error, replace_file

if TYPE_CHECKING:
    from app.backends.comfyui.workflow.recipe import Workflow

log = logging.getLogger(__name__)

SUFFIX = ".json"
_MOST = 500


class Workflows:
    """What is in the folder now; a file is read again when it has changed.

    Args:
        folder: the app's own when left out.
    """

    suffix = SUFFIX
    title = message("Workflows")
    adding = message("Add a workflow…")
    words = message(
        "A workflow that you export from ComfyUI in API format is listed among its models. The prompt, the seed, the "
        "size and so on are found in it."
    )

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or paths.workflows()
        self._read: dict[Path, tuple[tuple[int, int], Workflow | UserError]] = {}

    def list(self) -> Sequence[Workflow]:
        """Those that can be used, by their names."""
        return [each for each in (self._look(path) for path in self.files()) if not isinstance(each, UserError)]

    def files(self) -> Sequence[Path]:
        """All files in the folder, those that cannot be used among them."""
        try:
            found = [path for path in self.folder.iterdir() if path.suffix.lower() == SUFFIX and path.name[0] != "."]
        except OSError:
            return []
        return sorted(found, key=lambda path: path.name.casefold())[:_MOST]

    def open(self, model: str) -> Workflow:
        """The workflow of an id: the name of a file in the folder, or the path of one elsewhere.

        Raises:
            UserError: it is not there, or cannot be used.
        """
        path = paths.expanded(model)
        here = self.folder / path.name
        found = self._look(here if path.name == model and here.exists() else path)
        if isinstance(found, UserError):
            raise found
        return found

    def check(self, path: Path) -> None:
        found = self._look(path)
        if isinstance(found, UserError):
            raise found

    def add(self, path: Path) -> str:
        """Copy a file into the folder. One of the same name and another content stays, the new one gets a number."""
        from app.backends.comfyui.workflow.reading import parse_workflow, read_file
        from app.backends.comfyui.workflow.recipe import workflow

        data = read_file(path)
        workflow(path.name, path.stem, parse_workflow(data, path.name))
        try:
            target = self._free(path, data)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                replace_file(target, data)
        except OSError as error:
            raise disk_error(error, message("The workflow could not be saved"), self.folder) from error
        return target.name

    def _free(self, path: Path, data: bytes) -> Path:
        stem, number = path.stem.lstrip(".") or "workflow", 1
        while True:
            target = self.folder / f"{stem if number == 1 else f'{stem} {number}'}{SUFFIX}"
            if not target.exists() or target.read_bytes() == data:
                return target
            number += 1

    def _look(self, path: Path) -> Workflow | UserError:
        try:
            stat = path.stat()
            version = (stat.st_mtime_ns, stat.st_size)
        except OSError:
            version = (0, 0)
        known = self._read.get(path)
        if known is None or known[0] != version:
            known = self._read[path] = version, self._open(path)
        return known[1]

    def _open(self, path: Path) -> Workflow | UserError:
        # Imported for the first workflow: most users have none.
        from app.backends.comfyui.workflow.reading import parse_workflow, read_file
        from app.backends.comfyui.workflow.recipe import workflow

        model = path.name if path.parent == self.folder else str(path)
        try:
            return workflow(model, path.stem, parse_workflow(read_file(path), path.name))
        except UserError as error:
            log.info("%s", error)
            return error
