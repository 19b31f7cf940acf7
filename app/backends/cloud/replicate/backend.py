"""The Replicate backend: what the window asks of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.backends.base import Account, Group, Remote, Suits
from app.backends.cloud.backend import CloudBackend
from app.backends.cloud.replicate.catalog import MODELS, CloudModel, cloud_model
from app.backends.cloud.replicate.schema import InputSchema
from app.backends.cloud.service import Service
from app.backends.cloud.timeouts import Timeouts
from app.core.capabilities import Capabilities
from app.core.events import CancelCheck
from app.core.message import Message, message
from app.library import files, paths
from app.library.settings import Settings
from app.library.spending import Ledger

if TYPE_CHECKING:
    from app.backends.cloud.replicate.api import Api

log = logging.getLogger(__name__)

_SERVICE = Service(
    id="replicate",
    name="Replicate",
    model=cloud_model,
    missing_key=message("Enter one in Settings, Cloud; replicate.com/account/api-tokens makes one."),
    key_advice=message("Check it in Settings, Cloud, or make a new one at replicate.com/account/api-tokens."),
    credit_advice=message("Add credit at replicate.com/account/billing, wait some minutes and try again."),
    charged_at="replicate.com/predictions",
)


class ReplicateBackend(CloudBackend):
    """Paints with the models of `catalog.MODELS` on Replicate's servers; see `CloudBackend` for the arguments.

    The list of what is under way is by default in the app's home.
    """

    id = _SERVICE.id
    name = _SERVICE.name
    group = Group.CLOUD
    remote = Remote(message("The prompt and any start picture are sent to Replicate, which charges for each picture."))
    suits = Suits(
        message("Full Sana in seconds on any computer, with nothing to download."),
        message("A key, and about one cent a picture. Prompts are sent away."),
    )
    account = Account("replicate", "REPLICATE_API_TOKEN", "https://replicate.com/account/api-tokens")

    def __init__(
        self,
        token: Callable[[], str | None],
        settings: Settings,
        ledger: Ledger,
        *,
        cached_token: Callable[[], str | None] | None = None,
        pending_file: Path | None = None,
        timing: Timeouts | None = None,
    ) -> None:
        pending_file = pending_file or paths.home() / "cloud.json"
        super().__init__(
            _SERVICE, token, settings, ledger, pending_file, cached_token=cached_token, timing=timing
        )  # fmt: skip
        self._schemas: dict[str, InputSchema] = {}

    def models(self) -> tuple[tuple[str, str], ...]:
        return tuple((model.id, model.name) for model in MODELS)

    def capabilities(self, model: str) -> Capabilities:
        """From the service's own description when it was last asked, else as in the catalog."""
        chosen = cloud_model(model)
        return self._schema(chosen).capabilities(chosen.name, chosen.multiple)

    def look_up(self, model: str, cancel: CancelCheck) -> bool:
        """Read the description of a model's latest version from the service; True where it is another now.

        Raises:
            UserError: there is no key, the service cannot be asked, or it does not offer the model.
            GenerationCancelled: `cancel` answered True.
        """
        before = self.capabilities(model)
        self._described(cloud_model(model), cancel)
        return self.capabilities(model) != before

    def check_token(self, token: str | None = None) -> str:
        """The name of the account that a key (default: the one in use) belongs to.

        Raises:
            UserError: there is no key, it is not accepted, or the service cannot be reached.
        """
        key = self._key(token)
        from app.backends.cloud.answers import Refused, Unanswered
        from app.backends.cloud.explain import explain

        try:
            self._check_online()
            with self._connect(key, lambda: False) as api:
                return api.account()
        except (Refused, Unanswered) as error:
            raise explain(error, self._service) from None

    @property
    def _sends(self) -> Message:
        return message("Prompts are sent to Replicate, which charges for each picture.")

    def _connect(self, key: str, stopping: Callable[[], bool]) -> Api:
        from app.backends.cloud.replicate.api import Api

        return Api(key, connect=self._timing.connect, read=self._timing.read, lifetime=self._timing.deadline)

    def _schema(self, model: CloudModel) -> InputSchema:
        if model.id not in self._schemas:
            self._schemas[model.id] = _read_schema(_schema_file(model)) or model.fallback()
        return self._schemas[model.id]

    def _remember(self, model: CloudModel, inputs: InputSchema) -> None:
        if self._schema(model) == inputs:
            return
        self._schemas[model.id] = inputs
        try:
            files.replace_file(_schema_file(model), json.dumps(inputs.to_json()).encode(), durable=False)
        except OSError as error:
            log.warning("The description of %s could not be kept: %s", model.id, error)


def _schema_file(model: CloudModel) -> Path:
    return paths.cache() / "replicate" / f"{model.id.replace('/', '--')}.json"


def _read_schema(path: Path) -> InputSchema | None:
    try:
        return InputSchema.from_json(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("%s cannot be used: %s", path.name, error)
        return None
