"""The ComfyUI backend: what the window asks of it, and its jobs as streams of events."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.backends.base import Backend, Estimate, Group, Placement, Remote, Speed, State, Status, Suits
from app.backends.comfyui.address import ADDRESS, DESKTOP, PAGE, SETUP, headers_of
from app.backends.comfyui.timing import Timing
from app.backends.comfyui.workflow.folder import SUFFIX, Workflows
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.events import CancelCheck, Event, Finished, Loading
from app.core.message import NOTHING, Message, message
from app.core.request import GenerationRequest
from app.library.addresses import is_loopback
from app.library.settings import Settings

if TYPE_CHECKING:
    from app.backends.comfyui.offers import Offers
    from app.backends.comfyui.recipe import Recipe
    from app.backends.comfyui.server import Server

log = logging.getLogger(__name__)


class ComfyUIBackend(Backend):
    """Pictures from the server whose address is in the settings.

    Args:
        settings: "comfyui_address" is read.
        headers: gives what a proxy before an address asks for, or None; see `headers_of`. It may raise UserError (a
            locked keychain).
        workflows: those of the user's.
        timing: how long it waits for what.
    """

    id = "comfyui"
    name = "ComfyUI"
    placement = Placement.ENGINE
    page = PAGE
    settings = (ADDRESS,)
    setup = SETUP
    suits = Suits(
        message("Models and workflows that you have in ComfyUI already."),
        message("Nothing, on a server of your own."),
    )

    def __init__(
        self,
        settings: Settings,
        headers: Callable[[str], str | None] = lambda _: None,
        workflows: Workflows | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._timing = timing or Timing()
        self._settings = settings
        self.files = workflows or Workflows()
        self._headers = headers
        self._asked = threading.Lock()
        self._asked_address = ""
        self._status = Status(State.NOT_RUNNING, NOTHING)
        self._offers: Offers | None = None

    @property
    def address(self) -> str:
        return str(self._settings.get(ADDRESS.key))

    @property
    def group(self) -> Group:  # type: ignore[override] # by the address, which may change
        return Group.MACHINE if is_loopback(self.address) else Group.NETWORK

    @property
    def remote(self) -> Remote | None:  # type: ignore[override]
        if is_loopback(self.address):
            return None
        host = urlsplit(self.address).hostname or self.address
        return Remote(message("The prompt and any pictures that go in are sent to {host}.", host=host), False, host)

    def speed(self, device: str) -> Speed:
        return Speed.SLOWEST  # only its own models run there, and nothing runs there unless it is chosen

    def check(self) -> Status:
        if self._asked_address != self.address:
            return Status(
                State.NOT_RUNNING,
                message("ComfyUI at {address} was not asked yet.", address=self.address),
                message("Start it, or correct its address in Settings, ComfyUI."),
            )
        return self._status

    def look(self) -> bool:
        self.files.list()  # read now, in this thread: the window asks for them and must not wait
        before = self._asked_address, self._status, self._offers
        with self._asked:
            self._look(self.address)
        return before != (self._asked_address, self._status, self._offers)

    def test(self) -> Message:
        self.look()
        status, offers = self._status, self._offers
        if offers is None:
            raise UserError(status.reason, status.remedy)
        workflows = len(self.files.list())
        return message(
            "ComfyUI {version} answers. It computes on {device}. Models: {models}. Your workflows: {workflows}.",
            version=offers.version,
            device=offers.gpu or offers.device,
            models=len(offers.recipes),
            workflows=workflows,
        )

    def elsewhere(self) -> str:
        from app.backends.comfyui.offers import TooOld, ask
        from app.backends.comfyui.server import Refused, Server, Unanswered

        if self.address == DESKTOP or not is_loopback(self.address):
            return ""
        try:
            with Server(DESKTOP, read=self._timing.look) as server:  # without headers: they are for the other address
                ask(server)
        except (Refused, Unanswered, TooOld, UserError):
            return ""
        return DESKTOP

    def models(self) -> tuple[tuple[str, str], ...]:
        recipes = self._recipes()
        often = Counter(recipe.name for recipe in recipes)  # files of one name in several folders
        return tuple((each.id, each.name if often[each.name] == 1 else each.id) for each in recipes)

    def capabilities(self, model: str) -> Capabilities:
        return self._recipe(model).capabilities()

    def estimate(self, request: GenerationRequest) -> Estimate:
        return Estimate()

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        """Pictures are made one by one: a graph need not be able to make several, and each has a seed of its own."""
        from app.backends.comfyui.explain import explained
        from app.backends.comfyui.generation import generate
        from app.backends.comfyui.server import Refused, Unanswered

        address = self.address
        yield Loading(message("Connecting to ComfyUI"))
        if self._asked_address != address or not self._status.ready:
            self.look()
        if self._offers is None:
            raise UserError(self._status.reason, self._status.remedy)
        with self._open(address) as server:
            try:
                yield from generate(
                    server, self._recipe(request.model), request, cancel, self._timing, self._status.device
                )
            except (Refused, Unanswered) as error:
                raise explained(error, address) from None
        yield Finished()

    def unload(self) -> None:
        """Nothing is held here."""

    def _recipes(self) -> tuple[Recipe, ...]:
        offers = self._offers if self._asked_address == self.address else None
        return (*(offers.recipes if offers is not None else ()), *self.files.list())

    def _recipe(self, model: str) -> Recipe:
        if model.lower().endswith(SUFFIX):
            return self.files.open(model)
        recipes = self._recipes()
        wished = model.replace("\\", "/").rpartition("/")[2].removesuffix(".safetensors")  # it may be a path here
        found = next((each for each in recipes if each.id == model), None)
        found = found or next((each for each in recipes if each.name == wished), None)
        if found is None:
            raise UserError(
                message("ComfyUI has no model called “{model}”.", model=model),
                message("Choose one that it has, or put the file into its folder for checkpoints."),
            )
        return found

    def _look(self, address: str) -> None:
        from app.backends.comfyui.explain import standing
        from app.backends.comfyui.offers import TooOld, ask
        from app.backends.comfyui.server import Refused, Unanswered

        offers: Offers | None = None
        try:
            with self._open(address, self._timing.look) as server:
                offers = ask(server)
            status = Status(
                State.READY, message("ComfyUI {version} works.", version=offers.version), NOTHING, offers.device
            )
            if not offers.recipes and not self.files.files():
                status = Status(
                    State.NEEDS_MODEL,
                    message("ComfyUI has no model that can be used."),
                    message(
                        "Put a checkpoint into its folder models/checkpoints, or add a workflow in Settings, ComfyUI."
                    ),
                    offers.device,
                )
        except (Refused, Unanswered, TooOld) as error:
            status = standing(error, address)
            if status.state is State.NOT_RUNNING and (other := self.elsewhere()):
                remedy = message("It answers at {address}: take this address in Settings, ComfyUI.", address=other)
                status = dataclasses.replace(status, remedy=remedy)
        except UserError as error:
            status = Status(State.UNAVAILABLE, error.message, error.remedy)
        self._asked_address, self._status, self._offers = address, status, offers

    def _open(self, address: str, read: float = 20.0) -> Server:
        from app.backends.comfyui.server import Server

        return Server(address, headers_of(self._headers(address) or ""), read=read)
