"""What a server says of a graph that it does not run, in words for the user: those of older and of newer servers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.backends.comfyui.graphs import Nodes
from app.backends.comfyui.workflow.lacks import Lack, missing_nodes, missing_values
from app.backends.comfyui.workflow.links import title
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
    errors = list(_errors(given.get("node_errors"), graph))
    lacks = [lack for lack in (_lack(*each) for each in errors) if lack is not None]
    if lacks:
        return missing_values(lacks)
    found = dict(_of_node(where, error) for where, _, error in errors)
    if found:
        named = list(found)[:_MOST]
        return UserError(sentences(*named), sentences(*dict.fromkeys(found[problem] for problem in named)))
    if whole.get("type") == "prompt_no_outputs":
        return UserError(
            message("The workflow neither saves nor shows a picture."),
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


def _errors(node_errors: Any, graph: Nodes) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(title of the node, its class, error) of each."""
    for node, found in node_errors.items() if isinstance(node_errors, Mapping) else ():
        errors = found.get("errors") if isinstance(found, Mapping) else None
        for error in errors if isinstance(errors, list) else ():
            if isinstance(error, Mapping):
                node_class = str(found.get("class_type") or "")
                yield title(graph, node) if node in graph else node_class or str(node), node_class, error


def _lack(where: str, node_class: str, error: Mapping[str, Any]) -> Lack | None:
    if error.get("type") != "value_not_in_list":
        return None
    name, value = _input_of(error)
    return Lack(name, value, where, node_class)


def _input_of(error: Mapping[str, Any]) -> tuple[str, str]:
    """The name of the input that an error is about, and the value that was sent."""
    more = error.get("extra_info")
    more = more if isinstance(more, Mapping) else {}
    return str(more.get("input_name") or "")[:100], str(more.get("received_value"))[:200]


def _of_node(where: str, error: Mapping[str, Any]) -> tuple[Message, Message]:
    name, value = _input_of(error)
    match error.get("type"):
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
