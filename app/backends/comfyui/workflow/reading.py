"""Reads a workflow file: within bounds, in API format, with whole links."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.backends.comfyui.graphs import Nodes
from app.backends.comfyui.workflow.links import circle, kind, links
from app.core.errors import UserError
from app.core.message import Message, message

MAX_BYTES = 8 * 2**20
MAX_NODES = 2_000
MAX_LINKS = 20_000
"""Between all nodes; people's own have some hundreds."""
DEEPEST = 40
"""Levels of lists and objects within each other."""
MAX_NAME = 300

_EXPORT = message(
    "Open it in ComfyUI, choose Export (API) in the Workflow menu, and take that file. Older versions have it as Save "
    "(API Format), once the dev mode is on in ComfyUI's settings."
)
_AGAIN = message("Open it in ComfyUI, mend it there, and export it again in API format.")


def read_workflow(path: Path) -> Nodes:
    """The graph in a file.

    Raises:
        UserError: there is no such file, it is too large, no workflow in API format, or its links make no sense.
    """
    return parse_workflow(read_file(path), path.name)


def read_file(path: Path) -> bytes:
    """A file's bytes, but no more than are needed to tell that there are too many. Raises UserError."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UserError(
            message("There is no workflow “{name}”.", name=path.name), message("Choose a file that is there.")
        ) from None
    except OSError as error:
        raise UserError(
            message("“{name}” cannot be read: {error}", name=path.name, error=error.strerror or str(error))
        ) from error


def parse_workflow(data: bytes, name: str) -> Nodes:
    """The graph in the bytes of a file. Raises as `read_workflow` does.

    Args:
        data: the file.
        name: of the file, for the messages.
    """
    if len(data) > MAX_BYTES:
        raise UserError(
            message("“{name}” is larger than {n} MB.", name=name, n=MAX_BYTES // 2**20),
            message("A workflow in API format is much smaller. Choose another file."),
        )
    parsed = _parsed(data, name)
    if not isinstance(parsed, dict):
        raise _no_workflow(name)
    if isinstance(parsed.get("nodes"), list):
        raise UserError(
            message("“{name}” is in the format of ComfyUI's editor, not in API format.", name=name), _EXPORT
        )
    wrapped = parsed.get("prompt")  # the body of a request holds it in this
    if isinstance(wrapped, dict) and "class_type" not in wrapped:
        parsed = wrapped
    graph = {node: value for node, value in parsed.items() if isinstance(value, dict)}  # others are remarks
    if not any("class_type" in node for node in graph.values()):
        raise _no_workflow(name)
    if len(graph) > MAX_NODES:
        raise UserError(
            message(
                "“{name}” has {n} nodes; {most} at most can be used here.", name=name, n=len(graph), most=MAX_NODES
            ),
            message("Make the workflow smaller."),
        )
    for node, value in graph.items():
        _check_node(node, value, name)
    if (count := sum(len(links(graph, node)) for node in graph)) > MAX_LINKS:
        raise UserError(
            message("“{name}” has {n} links; {most} at most can be used here.", name=name, n=count, most=MAX_LINKS),
            message("Make the workflow smaller."),
        )
    _check_links(graph, name)
    return graph


def _parsed(data: bytes, name: str) -> Any:
    try:
        text = data.decode("utf-8-sig")
        parsed = json.loads(text, parse_constant=_refuse)
        if _deeper_than(parsed, DEEPEST):
            raise RecursionError
        json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode()  # half a character could not be sent
    except RecursionError:
        raise UserError(
            message("“{name}” is nested too deeply.", name=name), message("Choose a workflow in API format.")
        ) from None
    except ValueError:
        raise _no_workflow(name) from None
    return parsed


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number in JSON")


def _deeper_than(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _check_node(node: str, value: Mapping[str, Any], name: str) -> None:
    what, given = value.get("class_type"), value.get("inputs")
    if not isinstance(what, str) or not what.strip() or not isinstance(given, dict):
        problem = message("In “{name}”, node {node} has no class or no inputs.", name=name, node=node)
    elif len(what) > MAX_NAME or len(node) > MAX_NAME:
        problem = message("In “{name}”, a node is too large.", name=name)
    else:
        return
    raise UserError(problem, _AGAIN)


def _check_links(graph: Nodes, name: str) -> None:
    for node in graph:
        for link in links(graph, node).values():
            if link.node not in graph or link.slot < 0:
                raise UserError(
                    message(
                        "In “{name}”, {kind} (node {node}) takes something from node {missing}, which is not there.",
                        name=name,
                        kind=kind(graph, node),
                        node=node,
                        missing=link.node,
                    ),
                    _AGAIN,
                )
    if ids := circle(graph):
        shown = ids if len(ids) <= 8 else [*ids[:4], "…", *ids[-3:]]
        raise UserError(
            message("In “{name}”, nodes lead in a circle: {nodes}.", name=name, nodes=" → ".join(shown)), _AGAIN
        )


def _no_workflow(name: str) -> UserError:
    problem: Message = message("“{name}” is not a ComfyUI workflow in API format.", name=name)
    return UserError(problem, _EXPORT)
