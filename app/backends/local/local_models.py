"""Which of the models on this machine a backend computes with, and in which precision."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

from app.backends.base import Backend, State, Status
from app.backends.local.loras import Loras
from app.backends.local.misfits import only_packed, other_family
from app.backends.local.precisions import SAFER, precision_setting
from app.backends.local.token_count import TokenCounter
from app.core.catalog import ModelSpec
from app.core.families.sana import FAMILIES
from app.core.message import Message
from app.core.request import AUTO, GenerationRequest, Role
from app.library import paths
from app.library.models.checkpoint.checkpoint import Checkpoint
from app.library.models.checkpoint.controlnet import ControlNet, check_fits
from app.library.models.store import Models
from app.library.pictures import images
from app.library.settings import Settings

if TYPE_CHECKING:
    from app.diffusion.families.sana import PromptTokens


class LocalModels(Backend, abc.ABC):
    """What a backend on this machine knows of its models before one is loaded.

    Args:
        models: the models on this computer.
        settings: for the precision that "auto" means here.
    """

    packages: tuple[str, ...]
    """The names to import of what is installed for it and decides on its numbers."""
    precisions: tuple[str, ...]
    """What may be chosen besides "auto"."""
    reads_packed = False
    """Whether it computes with weights that are kept in few bits alone."""
    families: tuple[str, ...] = FAMILIES
    """The families of models that it has networks for."""

    def __init__(self, models: Models, settings: Settings) -> None:
        self._models = models
        self._settings = settings
        self.settings = (precision_setting(self.id, self.name, self.precisions),)
        settings.declare(*self.settings)
        self._tokens = TokenCounter()
        self._loras = Loras()

    @abc.abstractmethod
    def check(self) -> Status: ...

    def default_precision(self, device: str) -> str:
        """What "auto" means on a device for a model that fits it well."""
        return "float32" if device == "cpu" else "bfloat16"

    def precision_for(self, checkpoint: Checkpoint, device: str) -> str:
        """What "auto" means for a checkpoint on a device."""
        return self.default_precision(device)

    def ready(self, reason: Message, device: str) -> Status:
        """READY for this reason if there is a model to generate with."""
        if self.models():
            return Status(State.READY, reason, device=device)
        lacking = self._models.lacking(self.families)
        return Status(State.NEEDS_MODEL, lacking.message, lacking.remedy, device)

    def models(self) -> tuple[tuple[str, str], ...]:
        found = ((model.id, model.name, model.checkpoint) for model in self._models.list())
        return tuple((model, name) for model, name, checkpoint in found if checkpoint and self._reads(checkpoint))

    def checkpoint(self, model: str) -> Checkpoint:
        """Raises UserError where the model is unknown or broken."""
        return self._resolve(model)[1]

    def check_files(self, request: GenerationRequest) -> None:
        """As `Backend.check_files` says."""
        checkpoint = self.checkpoint(request.model)
        self._loras.check(request, checkpoint)
        self._controlnet(request, checkpoint)
        if control := request.input(Role.CONTROL):
            images.read(paths.expanded(control.path))

    def count_tokens(self, model: str, prompt: str) -> PromptTokens:
        """As `CountsTokens` says."""
        return self._tokens.count(self.checkpoint(model), prompt)

    def _controlnet(self, request: GenerationRequest, checkpoint: Checkpoint) -> ControlNet | None:
        """The request's ControlNet; None where it has none. Raises UserError where it is broken or does not fit."""
        control = request.input(Role.CONTROL)
        if control is None or not control.model:
            return None
        controlnet = self._models.controlnet(control.model)
        check_fits(controlnet, checkpoint)
        return controlnet

    def _resolve(self, model: str) -> tuple[ModelSpec | None, Checkpoint]:
        """As `Models.resolve`. Raises UserError where the backend cannot read what is kept of a model, too."""
        spec, checkpoint = self._models.resolve(model)
        if checkpoint.family not in self.families:
            raise other_family(checkpoint, self.name)
        if not self._reads(checkpoint):
            raise only_packed(checkpoint, self.name)
        return spec, checkpoint

    def _reads(self, checkpoint: Checkpoint) -> bool:
        return checkpoint.family in self.families and (self.reads_packed or not checkpoint.packed)

    def _precision(self, request: GenerationRequest, checkpoint: Checkpoint) -> str:
        """The request's precision, else that of the settings; "auto" where the device decides."""
        if checkpoint.packed:
            return checkpoint.packed
        if request.precision != AUTO:
            return request.precision
        return str(self._settings.get(f"precision.{self.id}"))

    def _safer(self, precision: str) -> str | None:
        return next((name for name in SAFER[SAFER.index(precision) + 1 :] if name in self.precisions), None)
