"""The test of one back end in one precision."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from app.backends.base import STARTER, OwnSelfTest, SelfTestable
from app.backends.local.model import LocalModel
from app.backends.selftest import golden
from app.backends.selftest.probes import probes
from app.backends.selftest.references import (
    References,
    check_memory,
    computed_references,
    configs_of,
    stored_references,
    weights_of,
)
from app.backends.selftest.report import Layer, Report, compare
from app.backends.selftest.tracing import trace
from app.core.errors import GenerationCancelled, NotFiniteError, UserError
from app.core.events import CancelCheck, Event, Finished, Loading, Tested, stop_if
from app.core.message import NOTHING, message
from app.library.models.checkpoint.checkpoint import Checkpoint

log = logging.getLogger(__name__)

WHOLE = ("float32", "bfloat16")
"""The precisions that do not quantize."""
PATIENCE = 20.0
"""Seconds after which no further golden picture is begun."""


def check_precision(backend: SelfTestable, model: str, precision: str, cancel: CancelCheck) -> Iterator[Event]:
    """Yields a `Tested` with a `Report`, then `Finished`.

    Raises:
        UserError: the model cannot be used.
        GenerationCancelled: the test was stopped.
    """
    yield Loading(message("Testing {name} in {precision}", name=backend.name, precision=precision))
    if isinstance(backend, OwnSelfTest):
        yield Tested(_own(backend, model, precision, cancel))
        yield Finished()
        return
    checkpoint = backend.checkpoint(model)
    references = references_for(checkpoint)
    backend.unload()
    yield Tested(_tested(backend, checkpoint, references, precision, cancel))
    yield Finished()


def precisions_for(backend: SelfTestable, model: str) -> tuple[str, ...]:
    """Those that can be tested: all with stored references, with computed ones those that do not quantize.

    Raises:
        UserError: there are no references, or no memory to compute them in.
    """
    own = isinstance(backend, OwnSelfTest)
    if own and model == STARTER:
        return backend.precisions
    checkpoint = backend.checkpoint(model)
    if own:
        if checkpoint.packed:
            return (checkpoint.packed,)
        check_memory(checkpoint)
        return backend.precisions
    if checkpoint.packed:
        raise UserError(
            message(
                "“{name}” is kept in few bits alone, so there is nothing to compare it with.", name=checkpoint.name
            ),
            message("Test another model, or download this one again."),
        )
    if stored_references().configs == configs_of(checkpoint):
        return backend.precisions
    check_memory(checkpoint)
    return tuple(name for name in backend.precisions if name in WHOLE)


def references_for(checkpoint: Checkpoint) -> References:
    """The stored ones for a checkpoint that is built like the starter, else computed ones."""
    stored = stored_references()
    return stored if stored.configs == configs_of(checkpoint) else computed_references(checkpoint)


def _own(backend: OwnSelfTest, model: str, precision: str, cancel: CancelCheck) -> Report:
    try:
        return backend.self_test(model, precision, cancel)
    except NotFiniteError as error:
        return Report(backend.id, precision, problem=error.message)


def _tested(
    backend: SelfTestable, checkpoint: Checkpoint, references: References, precision: str, cancel: CancelCheck
) -> Report:
    began = time.monotonic()
    layers: tuple[Layer, ...] = ()
    psnr: list[float] = []
    device, problem = "", NOTHING
    model: LocalModel | None = None
    try:
        model = backend.open_model(checkpoint, precision)
        device = model.device
        stop_if(cancel)
        layers = _layers(model, checkpoint, references, precision)
        if references.pictures and all(layer.passed for layer in layers) and _generates(model):
            for picture, right in zip(golden.generate(model, checkpoint, cancel), references.pictures, strict=False):
                psnr.append(golden.psnr(picture.pixels, right))
                if time.monotonic() - began > PATIENCE:
                    break
    except GenerationCancelled:
        raise
    except NotFiniteError as error:
        problem = error.message
    except Exception as error:  # whatever a broken driver or library does is a result of this test
        log.exception("The self-test of %s in %s broke off", backend.id, precision)
        problem = message("The computation broke off: {error}", error=str(error))
    finally:
        if model is not None:
            model.close()
    intact = not references.weights or weights_of(checkpoint) == references.weights
    seconds = time.monotonic() - began
    return Report(backend.id, precision, device, layers, tuple(psnr), seconds, intact, problem)


def _generates(model: LocalModel) -> bool:
    """MLX has no fast kernels for quantized weights on a processor: there a picture would take a minute and more."""
    return model.device != "cpu" or model.precision in WHOLE


def _layers(model: LocalModel, checkpoint: Checkpoint, references: References, precision: str) -> tuple[Layer, ...]:
    kinds = probes(checkpoint)
    outputs = trace(model, kinds, references.inputs)
    return tuple(
        compare(name, kinds[name], outputs.get(name), reference, precision)
        for name, reference in references.values.items()
    )
