"""What other programs write into their pictures, one module for each: `read(texts)` gives what is understood of it.

Texts from files are data of unknown origin: they are bounded, never evaluated, read in time that grows with their
length alone, and what makes no sense is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.library.pictures.dialects.values import Foreign

__all__ = ["Foreign", "read"]


def read(texts: Mapping[str, str]) -> Foreign | None:
    """What another program says of its picture.

    Args:
        texts: as `embedded.texts` gives them.

    Returns:
        The first that has a request, else the first that names its program; None where none does.
    """
    # Imported for the first picture that is not ours.
    from app.library.pictures.dialects import a1111, comfyui, draw_things, fooocus, invokeai, novelai, swarmui

    # AUTOMATIC1111's form is written by many beside their own, and says more than a graph.
    in_order: tuple[Callable[[Mapping[str, str]], Foreign | None], ...] = (
        invokeai.read, novelai.read, fooocus.read, swarmui.read, draw_things.read, a1111.read, comfyui.read,
    )  # fmt: skip
    named = None
    for read_dialect in in_order:
        found = read_dialect(texts)
        if found is not None and found.request is not None:
            return found
        named = named or found
    return named
