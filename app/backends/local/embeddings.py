"""The prompts that were read lately: a known one needs no text encoder."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator
from typing import Any

from app.backends.local.model import LocalModel
from app.backends.local.workload import passes
from app.core.events import CancelCheck, Event, Loading, stop_if
from app.core.message import message
from app.core.request import GenerationRequest
from app.diffusion.model import Conditioning
from app.library.models.checkpoint.checkpoint import Checkpoint

READING_PROMPT = message("Reading the prompt")
MAX_EMBEDDINGS = 64


class Embeddings:
    """What text encoders made of the last prompts, by checkpoint and precision."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[Any, ...], Conditioning] = OrderedDict()

    def clear(self) -> None:
        """Forget them all."""
        self._known.clear()

    def encode(
        self, model: LocalModel, checkpoint: Checkpoint, request: GenerationRequest, cancel: CancelCheck
    ) -> Generator[Event, None, tuple[Conditioning, Conditioning | None]]:
        """The request's prompt and, where it has an effect, its negative prompt; known ones are not encoded again."""
        wanted = [(request.prompt, False)]
        if passes(checkpoint, request) == 2:
            wanted.append((request.negative, True))
        keys = [(*identity_of(checkpoint), model.precision, *prompt) for prompt in wanted]
        reading = not all(key in self._known for key in keys)
        if reading:
            yield Loading(READING_PROMPT)
        for key, (text, negative) in zip(keys, wanted, strict=True):
            if key not in self._known:
                stop_if(cancel)
                self._known[key] = model.encode_prompt(text, negative=negative)
            self._known.move_to_end(key)
        model.release_text_encoder()
        if reading:
            yield Loading(message("Loading {name}", name=checkpoint.name))
            stop_if(cancel)
        found = [self._known[key] for key in keys]
        while len(self._known) > MAX_EMBEDDINGS:
            self._known.popitem(last=False)
        return found[0], found[1] if len(found) > 1 else None


def identity_of(checkpoint: Checkpoint) -> tuple[Any, ...]:
    """Differs when the checkpoint or one of its weight files was changed."""
    files = (path for part in checkpoint.weights.values() for path in part.files)
    return checkpoint.folder, tuple((path.name, (stat := path.stat()).st_size, stat.st_mtime_ns) for path in files)
