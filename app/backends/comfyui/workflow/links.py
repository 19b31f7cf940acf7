"""The walks along the links of a graph in API format. Nothing here recurses: a chain may be long."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.backends.comfyui.graphs import Nodes


@dataclass(frozen=True, slots=True)
class Link:
    """An output of a node, which an input of another one takes."""

    node: str
    slot: int


def link_of(value: Any) -> Link | None:
    """The link that the value of an input is; None where it is a value."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    node, slot = value
    if not isinstance(node, str) or isinstance(slot, bool) or not isinstance(slot, int):
        return None
    return Link(node, slot)


def kind(graph: Nodes, node: str) -> str:
    return str(graph[node]["class_type"])


def inputs(graph: Nodes, node: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = graph[node]["inputs"]
    return found


def title(graph: Nodes, node: str) -> str:
    """What its user called a node; its class where they did not."""
    meta = graph[node].get("_meta")
    words = meta.get("title") if isinstance(meta, Mapping) else None
    return words if isinstance(words, str) and words.strip() else kind(graph, node)


def links(graph: Nodes, node: str) -> dict[str, Link]:
    """The inputs of a node that are links, in their order."""
    found = {name: link_of(value) for name, value in inputs(graph, node).items()}
    return {name: link for name, link in found.items() if link is not None}


def upstream(graph: Nodes, starts: Iterable[str], follow: Callable[[str], Iterable[Link]] | None = None) -> list[str]:
    """The nodes that lead to `starts`, these first and the nearest next.

    Args:
        graph: has no broken links.
        starts: ids of nodes.
        follow: which links of a node are followed; all of them when left out.
    """
    waiting = deque(starts)
    seen: dict[str, None] = {}
    while waiting:
        node = waiting.popleft()
        if node not in seen:
            seen[node] = None
            followed = links(graph, node).values() if follow is None else follow(node)
            waiting.extend(link.node for link in followed)
    return list(seen)


def order(node: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts ids as people count: 2 before 10, and "3:1", a node within group 3, after 3."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in node.split(":"))


def circle(graph: Nodes) -> list[str]:
    """The ids of nodes that lead to themselves, in the order of their links; empty where none does."""
    done: set[str] = set()
    for start in graph:
        path: dict[str, None] = {}
        stack = [(start, iter(links(graph, start).values()))] if start not in done else []
        if stack:
            path[start] = None
        while stack:
            node, rest = stack[-1]
            link = next(rest, None)
            if link is None:
                done.add(node)
                path.pop(node)
                stack.pop()
            elif link.node in path:
                ids = list(path)
                return [*ids[ids.index(link.node) :], link.node]
            elif link.node not in done:
                path[link.node] = None
                stack.append((link.node, iter(links(graph, link.node).values())))
    return []
