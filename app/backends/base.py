"""What the engine needs of any backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from app.backends.facts import GPU_DEVICES as GPU_DEVICES
from app.backends.facts import Estimate as Estimate
from app.backends.facts import Group as Group
from app.backends.facts import Placement as Placement
from app.backends.facts import Remote as Remote
from app.backends.facts import Speed as Speed
from app.backends.facts import State as State
from app.backends.facts import Status as Status
from app.backends.facts import Suits as Suits
from app.core.capabilities import Capabilities
from app.core.enlarge import EnlargeRequest
from app.core.events import CancelCheck, Event, Generated
from app.core.message import Message
from app.core.request import GenerationRequest
from app.library.setting import Page, Setting

if TYPE_CHECKING:
    from app.backends.local.model import LocalModel
    from app.backends.selftest.report import Report
    from app.library.models.checkpoint.checkpoint import Checkpoint
    from app.upscaling.upscalers import Enlarge, Upscaler

STARTER = "starter"
"""The id of the bundled model, with which the self-test works by itself."""


class Backend(Protocol):
    """A way to compute pictures, and all that the other rooms know of it.

    `check`, `capabilities`, `estimate` and the facts are cheap and import nothing heavy: the window calls them. A class
    that derives from this one has the facts of a backend that computes on this machine.

    Attributes:
        remote: None where nothing leaves this machine.
        settings: what it adds to the settings, on the pages that they name.
        page: the page of the settings where it is set up; empty for the usual one, which is where models or keys are
            had, as it misses one or the other.
        suits: what it is good for and what it costs, for the table that helps to choose (`app.backends.ways`).
        cancel_seconds: a worker that has not answered a cancel by then is ended: longer than its longest step.
    """

    id: str
    name: str
    placement: Placement = Placement.WORKER
    group: Group = Group.MACHINE
    remote: Remote | None = None
    settings: tuple[Setting, ...] = ()
    page: Page = ""
    suits: Suits = Suits()
    cancel_seconds: float = 5.0

    def speed(self, device: str) -> Speed:
        """How fast it is on the device that `check` names, beside others."""
        if self.remote is not None:
            return Speed.REMOTE
        return Speed.FAST if device in GPU_DEVICES else Speed.SLOWEST

    def check(self) -> Status: ...

    def capabilities(self, model: str) -> Capabilities:
        """Raises UserError where the model is unknown to the backend or its checkpoint is broken."""
        ...

    def models(self) -> tuple[tuple[str, str], ...]:
        """The models that can be used now, as (id, display name), the default first."""
        ...

    def check_files(self, request: GenerationRequest) -> None:
        """Raises UserError where a file that a request names besides its model, such as a ControlNet, is missing,
        broken, or does not fit the model. It reads no more than headers.
        """
        return

    def estimate(self, request: GenerationRequest) -> Estimate: ...

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Generate a resolved request. Yields events, the last one `Finished`; raises instead of yielding the other
        two ends: `GenerationCancelled`, `UserError`, or anything else for a bug.
        """
        ...

    def unload(self) -> None:
        """Give back the memory of the models."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """The key that an online service asks for.

    Attributes:
        secret: its name among the secrets.
        variable: the environment variable that may hold it.
        page: https address of the page where keys are made.
    """

    secret: str
    variable: str
    page: str


@runtime_checkable
class KeepsFrames(Protocol):
    """A backend whose clips' frames can be had as files, each pixel as it was generated.

    Attributes:
        frames_folder: gets them as PNG files; with several clips in a request, a folder in it for each. None for none.
    """

    frames_folder: Path | None


@runtime_checkable
class HasAccount(Protocol):
    """A backend that works with a key of its user's."""

    account: Account

    def check_token(self, token: str | None = None) -> str:
        """The name of the account that a key (default: the one in use) belongs to.

        Raises:
            UserError: there is no key, it is not accepted, or the service cannot be reached.
        """
        ...


@runtime_checkable
class OnServer(Protocol):
    """A backend on a server of its user's, which may start, stop or offer other models at any time. `check` and
    `models` answer at once, from the last `look`.
    """

    @property
    def address(self) -> str:
        """Of the server, http or https, as the settings have it."""
        ...

    def look(self) -> bool:
        """Ask the server how it stands; True where `check` or `models` answer otherwise than before. It connects, and
        waits for two seconds at most. A server that does not answer is no error.
        """
        ...


@runtime_checkable
class HasTest(Protocol):
    """A backend that can be tried without costs."""

    def test(self) -> Message:
        """Ask for the cheapest harmless thing; what came of it, a sentence. It connects and waits.

        Raises:
            UserError: it does not work, and why.
        """
        ...


@dataclass(frozen=True, slots=True)
class ServerSetup:
    """How a server of its user's is set up.

    Attributes:
        setting: the key of the setting that holds its address.
        headers: gives the name, among the secrets, of the headers that a proxy before an address asks for, "Name:
            value" on a line each. Another host's have another name, so that they go nowhere else.
        variable: the environment variable that may hold them.
        guide: how it is started, a paragraph each.
        command: what starts it in a terminal.
    """

    setting: str
    headers: Callable[[str], str]
    variable: str
    guide: tuple[Message, ...] = ()
    command: str = ""


@runtime_checkable
class HasServer(OnServer, HasTest, Protocol):
    """A backend whose server is set up on a page of its own, which has its name."""

    setup: ServerSetup

    def elsewhere(self) -> str:
        """Where its server answers on this machine, if it does not at its address; else empty. It connects."""
        ...


@runtime_checkable
class TakesFiles(Protocol):
    """A backend that has files of its user's, kept in a folder of the app's, among its models."""

    files: ModelFiles


class ModelFiles(Protocol):
    """The files in such a folder.

    Attributes:
        folder: where they are; it need not be there yet.
        suffix: that of their names, in lower case.
        title: what they are, in the plural.
        adding: the words of the button that adds some.
        words: what the page that lists them says of them.
    """

    folder: Path
    suffix: str
    title: Message
    adding: Message
    words: Message

    def files(self) -> Sequence[Path]:
        """All that are in the folder."""
        ...

    def check(self, path: Path) -> None:
        """Raises UserError where a file cannot be used."""
        ...

    def add(self, path: Path) -> str:
        """Copy a file into the folder; returns the id of the model that it is now.

        Raises:
            UserError: it cannot be used, or not be copied.
        """
        ...


@runtime_checkable
class Upscales(Backend, Protocol):
    """A backend that enlarges pictures with the networks of `app.upscaling`, in the process that asks for it."""

    @property
    def own_upscalers(self) -> bool:
        """Whether it runs upscalers of the user's own, besides those that come with the app."""
        ...

    def open_upscaler(self, upscaler: Upscaler) -> Enlarge:
        """An upscaler with its weights. Raises UserError where a file of the user's cannot be used."""
        ...

    def enlarge(self, request: EnlargeRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Enlarge a picture. Yields and raises as `generate` does."""
        ...


@runtime_checkable
class Prepares(Backend, Protocol):
    """A backend whose libraries take seconds to import, and its models to load."""

    def prepare(self, request: GenerationRequest | None, cancel: CancelCheck) -> None:
        """Import them, in the process that will generate; with a request also load the model that it names.

        Raises:
            GenerationCancelled: `cancel` answered True.
            UserError: the model cannot be loaded.
        """
        ...


@runtime_checkable
class Packs(Backend, Protocol):
    """A backend that computes with weights that are kept in few bits alone."""

    @property
    def packing(self) -> tuple[str, ...]:
        """The precisions in which weights can be kept, the smallest first."""
        ...

    def pack(self, checkpoint: Checkpoint, precision: str, folder: Path, cancel: CancelCheck) -> None:
        """Write a checkpoint's weights in a precision into the parts of `folder`, as
        `library/models/weights/packed.py` says. It takes minutes.

        Raises:
            UserError: the checkpoint cannot be used.
            OSError: the disk refuses.
            GenerationCancelled: `cancel` answered True.
        """
        ...


@runtime_checkable
class SelfTestable(Backend, Protocol):
    """A backend whose numbers can be compared with references (`app.backends.selftest`).

    Attributes:
        packages: the names to import of what is installed for it and decides on its numbers.
        precisions: what may be chosen besides "auto".
    """

    @property
    def packages(self) -> tuple[str, ...]: ...
    @property
    def precisions(self) -> tuple[str, ...]: ...

    def default_precision(self, device: str) -> str:
        """What "auto" means on a device for a model that fits it well."""
        ...

    def checkpoint(self, model: str) -> Checkpoint:
        """Raises UserError where the model is unknown or broken."""
        ...

    def open_model(self, checkpoint: Checkpoint, precision: str) -> LocalModel:
        """The checkpoint in a precision. `load` does the slow part."""
        ...


@runtime_checkable
class OwnSelfTest(SelfTestable, Protocol):
    """A backend whose self-test needs neither the starter model nor its references."""

    def self_test(self, model: str, precision: str, cancel: CancelCheck) -> Report:
        """Test a precision with a model, or with what it has for that where it is `STARTER`.

        Raises:
            UserError: the model cannot be used.
            GenerationCancelled: the test was stopped.
            NotFiniteError: the numbers broke down.
        """
        ...


@runtime_checkable
class LooksUp(Protocol):
    """A backend whose models are described by a service, which may describe them anew any day."""

    def look_up(self, model: str, cancel: CancelCheck) -> bool:
        """Ask the service what a model takes; True where `capabilities` are others now. It connects and waits.

        Raises:
            UserError: the service cannot be asked, or does not offer the model.
            GenerationCancelled: `cancel` answered True.
        """
        ...


@dataclass(frozen=True, slots=True)
class Recovered:
    """A picture of an earlier run. `request` is that of this one picture; `generated.picture` means nothing."""

    request: GenerationRequest
    generated: Generated


@dataclass(frozen=True, slots=True)
class Lost:
    """A picture of an earlier run that cannot be had any more, and why."""

    request: GenerationRequest
    message: Message
    remedy: Message


@runtime_checkable
class Recovers(Protocol):
    """A backend whose work goes on elsewhere when the app quits, and can be fetched later."""

    def unfinished_seed(self, request: GenerationRequest) -> int | None:
        """The seed with which a picture of this resolved request (but for its seed) was ordered before and never
        delivered; with it, that one is fetched instead of a new one ordered. None where there is none.
        """
        ...

    def recover(self, cancel: CancelCheck) -> Iterator[Recovered | Lost]:
        """The pictures that were under way; nothing is asked of anyone where none were."""
        ...
