"""What a server can make pictures with."""

from __future__ import annotations

from typing import Protocol

from app.backends.comfyui.graphs import Graph
from app.core.capabilities import Capabilities
from app.core.request import GenerationRequest


class Recipe(Protocol):
    """A model, as the window names it: a checkpoint on the server, or a workflow of the user's.

    Attributes:
        id: what `GenerationRequest.model` holds, and `--model` takes.
        name: its display name.
    """

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...

    def capabilities(self) -> Capabilities:
        """Raises UserError where it cannot be used."""
        ...

    def graph(self, request: GenerationRequest) -> Graph:
        """The graph that makes one picture of a resolved request. It has the places of what is filled in later: the
        names of uploaded pictures, the seed.

        Raises:
            UserError: it cannot be used.
        """
        ...
