from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from app.backends.base import GPU_DEVICES, Estimate, Group, Remote, Speed, State, Status
from app.backends.base import Backend as BaseBackend
from app.backends.registry import Registry
from app.core.capabilities import Capabilities
from app.core.errors import UserError
from app.core.events import CancelCheck, Event
from app.core.limits import Range
from app.core.message import message
from app.core.request import GenerationRequest
from app.library.settings import Settings

CAPABILITIES = Capabilities(
    model="Test", size=Range(256, 4096, 1024, 32), max_pixels=4096**2, steps=Range(1, 50, 20),
    guidance=Range(1, 10, 4.5, 0.1), negative=True, solvers=("dpmpp",), precisions=("auto", "bfloat16", "4bit"),
)  # fmt: skip
REQUEST = GenerationRequest("x", model="m", width=1024, height=1024, steps=20, guidance=4.5, seed=1, solver="dpmpp")


SPEEDS = {"mlx": Speed.FASTEST, "torch": Speed.FAST}
"""On a GPU."""


@dataclasses.dataclass
class Backend(BaseBackend):
    id: str
    local: bool = True
    device: str = "cpu"
    state: State = State.READY
    known: tuple[str, ...] = ("m",)

    def __post_init__(self) -> None:
        self.name = self.id.upper()
        if not self.local:
            self.group, self.remote = Group.CLOUD, Remote(message("It is sent away."))

    def speed(self, device: str) -> Speed:
        if self.remote is None and device in GPU_DEVICES:
            return SPEEDS[self.id]
        return Speed.SLOW if self.id == "torch" else super().speed(device)

    def generate(self, request: GenerationRequest, cancel: CancelCheck) -> Iterator[Event]:
        raise NotImplementedError

    def unload(self) -> None:
        raise NotImplementedError

    def check(self) -> Status:
        return Status(self.state, message("{id} says so.", id=self.id), message("Mend it."), self.device)

    def capabilities(self, model: str) -> Capabilities:
        if model not in self.known:
            raise UserError(message("{id} does not know {model}.", id=self.id, model=model), message("Choose another."))
        return CAPABILITIES

    def models(self) -> tuple[tuple[str, str], ...]:
        return tuple((model, model) for model in self.known)

    def estimate(self, request: GenerationRequest) -> Estimate:
        """Ten bytes a pixel, in four bits a fourth of it."""
        pixels = (request.width or 0) * (request.height or 0)
        return Estimate(peak_memory_bytes=10_000 * pixels // (4 if request.precision == "4bit" else 1))


def registry(*backends: Any, **settings: Any) -> Registry:
    values = Settings()
    for key, value in settings.items():
        values.set(key, value)
    return Registry({backend.id: backend for backend in backends}, values)


def chosen(*backends: Any, **settings: Any) -> str:
    return registry(*backends, **settings).choose("auto", "m")[0].id


def test_auto_prefers_mlx_then_a_gpu_then_the_cloud_the_user_agreed_to_then_the_processor() -> None:
    mlx, gpu = Backend("mlx", device="metal"), Backend("torch", device="mps")
    cloud, cpu = Backend("replicate", local=False), Backend("torch")
    assert chosen(cpu, cloud, mlx, cloud_allowed=True) == "mlx"
    assert chosen(cloud, gpu, cloud_allowed=True) == "torch"
    assert chosen(cpu, cloud, cloud_allowed=True) == "replicate"
    assert chosen(Backend("mlx"), cpu) == "torch"


def test_nothing_leaves_the_machine_unasked() -> None:
    assert chosen(Backend("torch"), Backend("replicate", local=False)) == "torch"
    with pytest.raises(UserError):
        chosen(Backend("replicate", local=False))


def test_auto_says_why() -> None:
    assert "fastest" in str(registry(Backend("mlx", device="metal")).choose("auto", "m")[1])


def test_auto_says_that_the_model_decided() -> None:
    other, cloud = Backend("mlx", device="metal", known=("other",)), Backend("replicate", local=False)
    assert str(registry(other, Backend("torch")).choose("auto", "m")[1]) == "it has this model"
    agreed = registry(other, cloud, cloud_allowed=True).choose("auto", "m")
    assert str(agreed[1]) == "it has this model, and you agreed to the cloud"


def test_auto_skips_what_cannot_work_or_does_not_know_the_model() -> None:
    broken = Backend("mlx", device="metal", state=State.UNAVAILABLE)
    assert chosen(broken, Backend("torch")) == "torch"
    assert chosen(Backend("mlx", device="metal", known=("other",)), Backend("torch")) == "torch"


def test_the_models_own_fault_is_told_rather_than_that_nothing_works() -> None:
    with pytest.raises(UserError, match="torch does not know m"):
        chosen(Backend("torch", known=()))


def test_a_named_backend_that_cannot_work_is_refused_with_its_remedy() -> None:
    with pytest.raises(UserError) as caught:
        registry(Backend("torch", state=State.UNAVAILABLE)).choose("torch", "m")
    assert str(caught.value.remedy) == "Mend it."
    with pytest.raises(UserError, match="no backend called"):
        registry(Backend("torch")).choose("magic", "m")


def test_what_does_not_fit_into_memory_is_refused_with_the_nearest_that_does() -> None:
    torch = Backend("torch")
    shelf = registry(torch, memory_limit_gb=4.0)
    shelf.check_memory(torch, REQUEST.replace(width=512, height=512))
    with pytest.raises(UserError) as caught:
        shelf.check_memory(torch, REQUEST)
    assert "10.5 GB" in str(caught.value.message)
    assert caught.value.suggestion == {"precision": "4bit"}
    shelf.check_memory(torch, REQUEST.replace(**caught.value.suggestion))
    with pytest.raises(UserError) as caught:
        shelf.check_memory(torch, REQUEST.replace(width=4096, height=4096))
    shelf.check_memory(torch, REQUEST.replace(**{"width": 4096, "height": 4096, **caught.value.suggestion}))


def test_automatic_is_the_precision_that_needs_as_much() -> None:
    class Exact(Backend):
        """On its device "auto" is float32, of which bfloat16 is a half."""

        def capabilities(self, model: str) -> Capabilities:
            return dataclasses.replace(CAPABILITIES, precisions=("auto", "float32", "bfloat16"))

        def estimate(self, request: GenerationRequest) -> Estimate:
            pixels = (request.width or 0) * (request.height or 0)
            return Estimate(peak_memory_bytes=10_000 * pixels // (2 if request.precision == "bfloat16" else 1))

    torch = Exact("torch")
    shelf = registry(torch, memory_limit_gb=6.0)
    with pytest.raises(UserError) as caught:
        shelf.check_memory(torch, REQUEST)
    assert caught.value.suggestion == {"precision": "bfloat16"}
    assert shelf.smaller(REQUEST) == {"precision": "bfloat16"}


def test_a_broken_model_does_not_hide_what_is_wrong() -> None:
    class Broken(Backend):
        broken = ""

        def capabilities(self, model: str) -> Capabilities:
            if (model, self.broken) == ("other", "capabilities"):
                raise UserError(message("The other model is damaged."))
            return CAPABILITIES

        def estimate(self, request: GenerationRequest) -> Estimate:
            if (request.model, self.broken) == ("other", "estimate"):
                raise UserError(message("The other model is damaged."))
            return Estimate(peak_memory_bytes=10**8 if request.model == "small" else 10**10)

    torch = Broken("torch", known=("m", "other", "small"))
    for torch.broken in ("capabilities", "estimate"):
        with pytest.raises(UserError, match="of memory") as caught:
            registry(torch, memory_limit_gb=4.0).check_memory(torch, REQUEST)
        assert caught.value.suggestion["model"] == "small"


def test_where_no_size_fits_a_smaller_model_is_named() -> None:
    class Sized(Backend):
        def estimate(self, request: GenerationRequest) -> Estimate:
            return Estimate(peak_memory_bytes={"small": 10**9, "smaller": 10**8}.get(request.model, 10**10))

    torch = Sized("torch", known=("m", "smaller", "small"))
    shelf = registry(torch, memory_limit_gb=4.0)
    with pytest.raises(UserError) as caught:
        shelf.check_memory(torch, REQUEST)
    assert str(caught.value.remedy) == "Choose the model “small”."
    again = CAPABILITIES.resolve(REQUEST.replace(**caught.value.suggestion))
    assert (again.model, again.precision, again.width) == ("small", "auto", CAPABILITIES.size.default)
    alone = Sized("torch")
    with pytest.raises(UserError, match="cloud"):
        registry(alone, memory_limit_gb=4.0).check_memory(alone, REQUEST)


def test_a_failed_local_job_is_offered_to_a_ready_cloud_in_a_form_that_fits_it() -> None:
    cloud = Backend("replicate", local=False, known=("nvidia/sana",))
    offer = registry(Backend("torch"), cloud).elsewhere(REQUEST.replace(width=64, height=64, precision="4bit"))
    again = REQUEST.replace(**offer)
    assert (again.backend, again.model) == ("replicate", "nvidia/sana")
    assert CAPABILITIES.resolve(again).width == 256
    cloud.state = State.NEEDS_KEY
    assert registry(Backend("torch"), cloud).elsewhere(REQUEST) == {}


def test_what_ran_out_of_memory_is_offered_smaller() -> None:
    known = registry(Backend("mlx"))
    request = REQUEST.replace(backend="mlx", precision="auto")
    assert known.smaller(request) == {"precision": "4bit"}
    smallest = request.replace(precision="4bit")
    assert known.smaller(smallest) == {"width": 992, "height": 992}
    assert known.smaller(smallest.replace(width=256, height=256)) == {}
    assert registry(Backend("replicate", local=False)).smaller(REQUEST.replace(backend="replicate")) == {}
    assert known.smaller(request.replace(model="unknown")) == {}


def test_backends_come_and_go_and_the_choice_of_settings_follows() -> None:
    settings = Settings()
    known = Registry({"torch": Backend("torch")}, settings)
    told: list[list[str]] = []
    known.subscribe(lambda: told.append(list(known.backends)))
    known.change(put=[Backend("mine"), Backend("other")])
    settings.set("default_backend", "mine")
    assert known.choose("mine", "m")[0].id == "mine"
    known.change(put=[Backend("other", state=State.UNAVAILABLE)], drop=["mine"])
    assert told == [["torch", "mine", "other"], ["torch", "other"]]
    assert settings.get("default_backend") == "auto"
    for name in ("mine", "other"):
        with pytest.raises(UserError):
            known.choose(name, "m")
