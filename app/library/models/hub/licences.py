"""Which licences of models the user has accepted, and when."""

from __future__ import annotations

from datetime import UTC, datetime

from app.core.catalog import ModelSpec
from app.core.message import message
from app.library import paths
from app.library.files import disk_error
from app.library.shared_json import SharedJson


class Licences:
    """Kept in `licences.json`: model id to the licence's name, its address and the time of acceptance."""

    def __init__(self) -> None:
        self._path = paths.home() / "licences.json"
        self._file = SharedJson(self._path)

    def accepted(self, spec: ModelSpec) -> bool:
        """Whether the user agreed to this model's licence, the one that the catalog names now."""
        entry = self._file.read_if_possible().get(spec.id)
        return bool(spec.bundled) or (isinstance(entry, dict) and entry.get("licence") == spec.licence)

    def accept(self, spec: ModelSpec) -> None:
        """Keep that the user agrees. Raises UserError where it cannot be saved."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with self._file.edit() as entries:
                entries[spec.id] = {"licence": spec.licence, "url": spec.licence_url, "accepted": now}
        except OSError as error:
            raise disk_error(error, message("The licence could not be kept"), self._path.parent) from error
