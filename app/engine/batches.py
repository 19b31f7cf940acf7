"""What a user asks for at once, as the requests that it stands for: alternatives, wildcards, a style, variations."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterable, Iterator

from app.core.alternatives import parse
from app.core.errors import UserError
from app.core.grid import Grid
from app.core.limits import is_empty
from app.core.message import message
from app.core.request import MAX_SEED, GenerationRequest
from app.library.styles import Style, Styles
from app.library.wildcards import Wildcards

MOST_PICTURES = 200
"""So many pictures are asked for at once."""


def requests_of(wish: GenerationRequest, wildcards: Wildcards, styles: Styles) -> tuple[GenerationRequest, ...]:
    """The requests that a wish stands for.

    Each alternative gives a request of its own, with the same seeds, so that its pictures differ in the words alone.
    Several variations of a picture are requests with one seed and following variation seeds.

    Args:
        wish: its prompt is what was typed; its style is not applied yet.

    Raises:
        UserError: a brace has no partner, a wildcard or the style is missing, or it would be too many pictures.
    """
    parts = parse(wish.prompt, wildcards.lines)
    check_amount(parts.count * max(1, wish.count))
    style = styles.get(wish.style) if wish.style else Style("")
    if wish.seed is None and (parts.count > 1 or parts.at_random() or wish.variations):
        wish = _seeded(wish)
    return tuple(
        _finished(request, prompt, style)
        for request in _numbered(wish, at_random=parts.at_random())
        for prompt in parts.prompts(request.seed or 0)
    )


def singles(requests: Iterable[GenerationRequest], grid: Grid) -> tuple[GenerationRequest, ...]:
    """Each picture of these requests by itself: every one gets a grid of its own. Where the grid says the seeds, each
    request is one picture.

    Raises:
        UserError: the grids would have too many pictures.
    """
    requests = [each if each.seed is not None else _seeded(each) for each in requests]
    if grid.changes("seed"):
        requests = [each.replace(count=1) for each in requests]
    check_amount(sum(each.count for each in requests) * grid.columns * grid.rows)
    return tuple(each.of_picture((each.seed or 0) + number) for each in requests for number in range(each.count))


def check_amount(pictures: int) -> None:
    """Raises UserError where so many pictures are too many at once."""
    if pictures > MOST_PICTURES:
        raise UserError(
            message("This would make {n} pictures, and {most} are possible at once.", n=pictures, most=MOST_PICTURES),
            message(
                "Use fewer values or alternatives, or let one be picked at random, as in {example}.",
                example="{~red|blue}",
            ),
        )


def _seeded(request: GenerationRequest) -> GenerationRequest:
    return request.replace(seed=random.randrange(MAX_SEED - MOST_PICTURES))


def _numbered(wish: GenerationRequest, *, at_random: bool) -> Iterator[GenerationRequest]:
    """The wish, or one for each of its pictures where these differ in more than following seeds."""
    numbers = range(wish.count)
    if wish.variations and wish.count > 1:
        *before, last = wish.variations
        for number in numbers:
            varied = dataclasses.replace(last, seed=last.seed + number)
            yield wish.replace(count=1, variations=(*before, varied))
    elif at_random:
        yield from (wish.of_picture((wish.seed or 0) + number) for number in numbers)
    else:
        yield wish


def _finished(wish: GenerationRequest, prompt: str, style: Style) -> GenerationRequest:
    """The request with its own prompt, which remembers what was typed."""
    negative = wish.negative
    if not is_empty(prompt):
        prompt, negative = style.applied(prompt, negative)
    template = "" if prompt == wish.prompt else wish.prompt
    return wish.replace(prompt=prompt, negative=negative, template=template, style=style.name)
