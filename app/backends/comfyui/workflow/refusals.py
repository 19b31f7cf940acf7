"""What a server says of a graph that it does not run, in words for the user: those of older and of newer servers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.backends.comfyui.graphs import Nodes
from app.backends.comfyui.workflow.lacks import missing_nodes, missing_value
from app.backends.comfyui.workflow.links import kind, title
from app.core.errors import UserError
from app.core.message import Message, message, plain, sentences

_MOST = 4
_DOES_NOT_EXIST = re.compile(r"because node (.+?) does not exist")
_FOUND_MISSING = re.compile(r"Node '(.+?)' not found")


def refused(answer: Any, graph: Nodes) -> UserError:
    """Why a server did not take a graph.

    Args:
        answer: the JSON of its answer, or of one with status 200 that carries "node_errors".
        graph: what was sent.
    """
    given = answer if isinstance(answer, Mapping) else {}
    error = given.get("error")
    whole = error if isinstance(error, Mapping) else {"message": error if isinstance(error, str) else ""}
    if unknown := _unknown_class(whole):
        return missing_nodes([unknown])
    found = dict(_of_nodes(given.get("node_errors"), graph))
    if found:
        named = list(found)[:_MOST]
        return UserError(sentences(*named), sentences(*dict.fromkeys(found[problem] for problem in named)))
    if whole.get("type") == "prompt_no_outputs":
        return UserError(
            message("The workflow saves and shows no picture."),
            message("Add a “Save Image” node to it in ComfyUI, and export it again."),
        )
    words = _words(whole)
    return UserError(message("ComfyUI does not take the workflow: {words}", words=words or plain("?")), _MEND)


_MEND = message("Run it in ComfyUI, mend it there, and export it again in API format.")


def _unknown_class(error: Mapping[str, Any]) -> str:
    more = error.get("extra_info")
    if error.get("type") == "missing_node_type" and isinstance(more, Mapping):
        named = more.get("class_type")
        if isinstance(named, str) and named:
            return named[:200]
    words = str(error.get("message") or "")
    hit = _DOES_NOT_EXIST.search(words) or _FOUND_MISSING.search(words)
    return hit[1][:200] if hit else ""


def _of_nodes(node_errors: Any, graph: Nodes) -> Iterator[tuple[Message, Message]]:
    for node, found in node_errors.items() if isinstance(node_errors, Mapping) else ():
        errors = found.get("errors") if isinstance(found, Mapping) else None
        for error in errors if isinstance(errors, list) else ():
            if isinstance(error, Mapping):
                yield _of_node(str(node), str(found.get("class_type") or ""), error, graph)


def _of_node(node: str, node_class: str, error: Mapping[str, Any], graph: Nodes) -> tuple[Message, Message]:
    where = title(graph, node) if node in graph else node_class or node
    more = error.get("extra_info")
    more = more if isinstance(more, Mapping) else {}
    name = str(more.get("input_name") or "")[:100]
    value = str(more.get("received_value"))[:200]
    match error.get("type"):
        case "value_not_in_list":
            return missing_value(name, value, f"{where} {kind(graph, node)}" if node in graph else where)
        case "required_input_missing":
            return message("“{node}” lacks its input {input}.", node=where, input=name), _MEND
        case "value_smaller_than_min" | "value_bigger_than_max" as kind_of_error:
            low = kind_of_error == "value_smaller_than_min"
            problem = (
                message("{value} is too small for {input} in “{node}”.", value=value, input=name, node=where)
                if low
                else message("{value} is too large for {input} in “{node}”.", value=value, input=name, node=where)
            )
            return problem, _MEND
        case "return_type_mismatch" | "bad_linked_input":
            return message("What goes into {input} of “{node}” does not fit.", input=name, node=where), _MEND
        case "custom_validation_failed" if name == "image":
            return (
                message("The picture of “{node}” is not on the server.", node=where),
                message("Choose a start picture, or put the file into ComfyUI's input folder."),
            )
    words = _words(error)
    return message("“{node}”: {words}", node=where, words=words), _MEND


def _words(error: Mapping[str, Any]) -> Message:
    parts = [str(error.get(name) or "").strip()[:300] for name in ("message", "details")]
    return plain(": ".join(part for part in parts if part))
