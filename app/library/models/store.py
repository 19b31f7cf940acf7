"""The models on this computer and those that can be downloaded."""

from __future__ import annotations

import dataclasses
import logging
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.catalog import ModelSpec, recommend
from app.core.errors import UserError
from app.core.events import CancelCheck
from app.core.message import NOTHING, message
from app.library import machine, paths
from app.library.files import disk_error, exists
from app.library.models.checkpoint import origin
from app.library.models.checkpoint.checkpoint import Checkpoint, open_checkpoint
from app.library.models.checkpoint.controlnet import ControlNet, fits, open_controlnet
from app.library.models.checkpoint.probes import Probes
from app.library.models.checkpoint.reading import CheckpointReader
from app.library.models.checkpoint.transformer_only import Base, complete, is_transformer_only, read_transformer
from app.library.models.compact import Write, compact_folder, compact_models, remove_compact, size_of, write_compact
from app.library.models.hub import hub_cache
from app.library.models.hub.licences import Licences
from app.library.models.hub.ours import OurSnapshots
from app.library.models.model import Model, ModelState
from app.library.models.own import OwnModels, split_base
from app.library.models.refusals import not_accepted, not_here, unknown, unknown_controlnet, unknown_path
from app.library.settings import Settings
from app.library.shared_json import SharedJson

if TYPE_CHECKING:
    from app.library.models.hub.downloads import Need, OnProgress

log = logging.getLogger(__name__)


class Models:
    """The catalog's models and the user's own folders.

    Everything but `download` and `remove` is quick, imports nothing heavy and never touches the network.

    Args:
        settings: for the mirror and whether to work offline.
        token: gives the user's Hugging Face token, or None.
    """

    def __init__(self, settings: Settings, token: Callable[[], str | None] = lambda: None) -> None:
        self._settings = settings
        self._token = token
        self._licences = Licences()
        self._stored = SharedJson(paths.home() / "models.json")
        self._own = OwnModels(self._stored)
        self._ours = OurSnapshots(self._stored)
        self._probes = Probes()
        self._reader = CheckpointReader()
        self.catalog = origin.catalog()
        self.controlnets = origin.controlnets()
        self.planned = origin.planned()

    def list(self) -> Sequence[Model]:
        """All models: the bundled one, the catalog's, then the user's own folders."""
        return [
            *self._look_all(self.catalog.values()),
            *(self._look_at(path) for path in self.folders()),
        ]

    def list_controlnets(self) -> Sequence[Model]:
        """The ControlNets of the catalog."""
        return self._look_all(self.controlnets.values())

    def describe(self) -> Sequence[dict[str, Any]]:
        """`list` as JSON-ready rows."""
        return [model.to_json() for model in self.list()]

    def absolute(self, model: str) -> str:
        """An id as it is, the path of an own model as an absolute one: a worker may have another working directory.

        Raises:
            UserError: it is neither.
        """
        if not model or model in self.catalog:
            return self.spec(model).id
        path = paths.expanded(model)
        return str(path.absolute()) if exists(split_base(path)[0]) else model

    def spec(self, model: str) -> ModelSpec:
        """The catalog's entry of a model or a ControlNet. Raises UserError where there is none."""
        if model in self.controlnets:
            return self.controlnets[model]
        if model not in self.catalog:
            raise unknown(model, self.catalog, self.planned)
        return self.catalog[model]

    def state(self, model: str) -> ModelState:
        """How a model of the catalog, or a folder, stands. Raises UserError for an unknown id."""
        return self.look(model).state

    def resolve(self, model: str) -> tuple[ModelSpec | None, Checkpoint]:
        """The catalog's entry, if it has one, and the checkpoint on the disk.

        Args:
            model: an id of the catalog, a folder (or its model_index.json) in diffusers layout, or a transformer alone
                (a file, or a folder), which may be followed by "@" and the id of the model that gives the rest.

        Raises:
            UserError: it is unknown, not downloaded, or damaged.
        """
        if model in self.catalog:
            found = self._look(self.catalog[model])
            if found.checkpoint is None:
                raise not_here(found)
            return found.spec, found.checkpoint
        path = paths.expanded(model)
        if not path.is_absolute() and not exists(split_base(path)[0]):
            raise unknown_path(model, self.catalog, self.planned)
        return self._open(path)

    def absolute_controlnet(self, model: str) -> str:
        """As `absolute`, of a ControlNet. Raises UserError for an unknown id."""
        if model in self.controlnets:
            return model
        path = paths.expanded(model)
        if not exists(path):
            raise unknown_controlnet(model, self.controlnets)
        return str(path.absolute())

    def controlnet(self, model: str) -> ControlNet:
        """A ControlNet on the disk.

        Args:
            model: an id of the catalog, or the folder of a ControlNet or of a pipeline that has one.

        Raises:
            UserError: it is unknown, not downloaded, or damaged.
        """
        if model not in self.controlnets:
            return open_controlnet(Path(self.absolute_controlnet(model)))
        found = self._look(self.controlnets[model])
        if found.controlnet is None:
            raise not_here(found)
        return found.controlnet

    def controlnets_for(self, checkpoint: Checkpoint) -> tuple[tuple[str, str], ...]:
        """The ids and names of the ControlNets that are here and fit a model."""
        return tuple(
            (found.id, found.name)
            for found in self.list_controlnets()
            if found.controlnet is not None and fits(found.controlnet, checkpoint)
        )

    def recommended(self) -> ModelSpec:
        """What a newcomer should get on this machine."""
        return recommend(self.catalog, machine.total_memory(), machine.chip())

    def lacking(self, families: Collection[str]) -> UserError:
        """What to say where no model of these families is here: which one to get, and how."""
        specs = (self.recommended(), *self.catalog.values())
        return not_here(self._look(next(spec for spec in specs if spec.repo and spec.family in families)))

    def folders(self) -> tuple[Path, ...]:
        """The user's own folders, and single files."""
        return self._own.paths()

    def add_folder(self, path: Path, base: str = "") -> Model:
        """Add a checkpoint of the user: a folder or its model_index.json, or a transformer alone.

        Args:
            path: as `resolve` takes it.
            base: id of the model from which a transformer alone takes the rest; empty to decide by what it says.

        Raises:
            NoClearBase: it fits several models and does not say which it was made from.
            UserError: it is no checkpoint that the app can use, or it cannot be kept.
        """
        path = paths.expanded(str(path)).absolute()
        checkpoint = self._open(path, base)[1]
        path, named = split_base(path)
        alone = is_transformer_only(path) or hub_cache.snapshots_in(path)
        folder = path if alone else checkpoint.folder
        self._own.add(folder, base or named)
        return self._look_at(folder)

    def set_clip(self, model: str, clip: bool | None) -> None:
        """Decide for an own model whether it was trained in float16; None to find out.

        Raises:
            UserError: it cannot be kept.
        """
        self._own.set_clip(paths.expanded(model).absolute(), clip)

    def licence_accepted(self, spec: ModelSpec) -> bool:
        """Whether the user agreed to the licence that the catalog names."""
        return self._licences.accepted(spec)

    def accept_licence(self, spec: ModelSpec) -> None:
        """Keep that the user agrees. Raises UserError where it cannot be saved."""
        self._licences.accept(spec)

    def download(
        self,
        model: str,
        on_progress: OnProgress = lambda *_: None,
        cancel: CancelCheck = lambda: False,
        on_begin: Callable[[Need], None] = lambda _: None,
    ) -> Checkpoint | ControlNet:
        """Download a model or a ControlNet, go on with an interrupted download, or check and repair what is there.

        `on_begin` is told what will be fetched, and what other models have already, before anything is.
        It blocks, for minutes or hours, and imports the hub's client: call it on a thread of its own.

        Raises:
            UserError: the licence was not accepted, or it cannot be had; the message says what to do.
            GenerationCancelled: the user paused it. What has arrived stays and is gone on with; `remove` frees it.
        """
        spec = self.spec(model)
        if spec.bundled:
            return self.controlnet(model) if spec.fits else self.resolve(model)[1]
        if not self.licence_accepted(spec):
            raise not_accepted(spec)
        if self._settings.get("offline") or _is_set("HF_HUB_OFFLINE") or _is_set("TRANSFORMERS_OFFLINE"):
            raise UserError(
                message("The app works offline, so nothing is downloaded."),
                message("Switch off “Work offline” in Settings (or the variable HF_HUB_OFFLINE), then try again."),
            )
        from app.library.models.hub import downloads  # it imports the hub's client
        from app.library.models.hub.hub import Hub

        def begin(need: Need) -> None:
            self._ours.keep(spec, need.commit)
            on_begin(need)

        hub = Hub(self._settings.get("hub_endpoint"), self._token_if_any())
        try:
            folder = downloads.download(hub, spec, on_progress, cancel, begin)
            found = open_controlnet(folder, spec.name) if spec.fits else open_checkpoint(folder, spec)
            remove_compact(spec)
            return found
        except OSError as error:
            raise disk_error(error, message("The model could not be saved"), hub_cache.cache_folder()) from error

    def remove(self, model: str) -> int:
        """Free a model's space in the cache; a folder of the user is only taken off the list. Returns the bytes freed.

        What goes is what the app downloaded and what stands for the model's revision; other revisions of the
        repository, and files that they share, are other tools' and stay. What other models have too stays theirs.

        Raises:
            UserError: it is bundled or unknown, or the disk refuses.
        """
        if model not in self.catalog and model not in self.controlnets:
            return self._forget(model)
        spec = self.spec(model)
        if spec.bundled:
            raise UserError(message("{name} comes with the app and cannot be removed.", name=spec.name))
        found = self._look(spec).checkpoint
        try:
            return self._ours.delete(spec, found.folder if found else None) + remove_compact(spec)
        except OSError as error:
            raise disk_error(
                error, message("{name} could not be removed", name=spec.name), hub_cache.cache_folder()
            ) from error

    def compact(self, model: str, write: Write) -> int:
        """Keep a downloaded model in few bits alone and give its originals back. Returns the bytes freed.

        Args:
            model: an id of the catalog.
            write: writes its packed weights; see `Packs.pack`.

        Raises:
            UserError: it is not here, bundled or packed already, or the disk refuses. The originals are kept then.
        """
        spec, checkpoint = self.resolve(model)
        if spec is None or not spec.repo or checkpoint.packed:
            raise UserError(
                message("There is nothing of {name} to give back.", name=checkpoint.name),
                message("Choose a model that was downloaded whole."),
            )
        try:
            write_compact(spec, checkpoint, write)
            return self._ours.delete(spec, checkpoint.folder) - size_of(spec)
        except OSError as error:
            raise disk_error(error, message("The model could not be saved"), compact_folder(spec).parent) from error

    def _token_if_any(self) -> str | None:
        """The user's token. Few models ask for one, so a locked keychain is no reason to download nothing."""
        try:
            return self._token()
        except UserError as error:
            log.warning("%s Downloading without a token.", error.message)
            return None

    def look(self, model: str) -> Model:
        """A model of the catalog, or a folder, as it stands. Raises UserError for an unknown id."""
        if model in self.catalog or model in self.controlnets:
            return self._look(self.spec(model))
        path = paths.expanded(model).absolute()
        if not exists(split_base(path)[0]):
            self.spec(model)  # raises
        return self._look_at(path)

    def _look_all(self, specs: Iterable[ModelSpec]) -> Sequence[Model]:
        """How models of the catalog stand. It is asked often, and most of them are not here: two folders tell which."""
        cached, packed = hub_cache.repos(), compact_models()
        return [
            self._look(spec)
            if spec.bundled or spec.repo.lower() in cached or spec.id.lower() in packed
            else Model(spec.id, spec.name, ModelState.AVAILABLE, spec)
            for spec in specs
        ]

    def _look(self, spec: ModelSpec) -> Model:
        """How a model of the catalog stands."""
        packed = [folder] if exists(folder := compact_folder(spec)) else []
        if not spec.bundled and not packed and not hub_cache.has(spec.repo):
            return Model(spec.id, spec.name, ModelState.AVAILABLE, spec)
        state, folders = ModelState.READY, chain(hub_cache.snapshots(spec.repo, spec.revision), packed)
        if spec.bundled:
            state, folders = ModelState.BUNDLED, chain([paths.resources() / spec.bundled])
        problem = NOTHING
        for folder in folders:
            try:
                if spec.fits:
                    return Model(spec.id, spec.name, state, spec, controlnet=open_controlnet(folder, spec.name))
                return Model(spec.id, spec.name, state, spec, self._reader.open(folder, spec))
            except UserError as error:
                problem = problem or error.message
        if spec.bundled or hub_cache.is_started(spec.repo) or self._ours.of(spec):
            state = state if spec.bundled else ModelState.PARTIAL
            return Model(spec.id, spec.name, state, spec, problem=problem)
        return Model(spec.id, spec.name, ModelState.AVAILABLE, spec)

    def _look_at(self, folder: Path) -> Model:
        """How a folder of the user stands."""
        try:
            spec, checkpoint = self._open(folder)
        except UserError as error:
            return Model(str(folder), folder.name, ModelState.PARTIAL, problem=error.text)
        choice = self._own.choice(folder)
        return Model(str(folder), checkpoint.name, ModelState.READY, spec, checkpoint, choice=choice)

    def _open(self, path: Path, base: str = "") -> tuple[ModelSpec | None, Checkpoint]:
        """A checkpoint of the user, by its path. Raises UserError."""
        path, named = split_base(path)
        base, choice = base or named, self._own.choice(path.absolute())
        spec = None
        if is_transformer_only(path):
            checkpoint = complete(read_transformer(path), self._bases(), base or choice.base)
        elif base:
            raise UserError(
                message("{path} is a whole model and takes nothing from “{base}”.", path=path, base=base),
                message("Leave that out."),
            )
        else:
            checkpoint = open_checkpoint(path)
            spec = origin.spec_of(checkpoint.folder)
        if choice.clip is not None and spec is None:
            checkpoint = dataclasses.replace(checkpoint, clip=choice.clip)
        elif checkpoint.clip is None:
            checkpoint = dataclasses.replace(checkpoint, clip=self._probes.clip(checkpoint))
        return spec, checkpoint

    def _bases(self) -> Iterable[Base]:
        """The whole models that are here."""
        for spec in self.catalog.values():
            if (checkpoint := self._look(spec).checkpoint) is not None:
                yield Base(spec.id, origin.names_of(spec), checkpoint, spec)
        for folder in self.folders():
            if not is_transformer_only(folder) and (checkpoint := self._look_at(folder).checkpoint) is not None:
                yield Base(str(folder), (origin.folder_name(folder),), checkpoint)

    def _forget(self, model: str) -> int:
        folder = paths.expanded(model).absolute()
        if folder not in self.folders():
            self.spec(model)  # raises
        self._own.remove(folder)
        return 0


def _is_set(variable: str) -> bool:
    return os.environ.get(variable, "").upper() in ("1", "ON", "YES", "TRUE")
