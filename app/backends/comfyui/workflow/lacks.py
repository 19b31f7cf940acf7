"""What a server lacks for a workflow: nodes and models, named before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.backends.comfyui.graphs import Nodes, Place
from app.backends.comfyui.workflow.links import inputs, kind, link_of, title, upstream
from app.backends.comfyui.workflow.packs import pack_of
from app.core.errors import UserError
from app.core.message import NOTHING, Message, all_of, message, quoted, sentences

Descriptions = Mapping[str, Any]
"""What `/object_info/CLASS` says of each class, those that the server does not have left out."""

_MOST_NAMED = 6
_LISTS = 4
"""Values that are named where another one must be chosen."""


def check_against(graph: Nodes, described: Descriptions, ends: Iterable[str], filled: Iterable[Place] = ()) -> None:
    """Compare a graph with what a server has.

    Args:
        graph: what is to be sent.
        described: of all its classes.
        ends: the nodes whose pictures are wanted; what does not lead to them is not looked at but for its class, as
            the server does.
        filled: the inputs that get another value before the graph is sent.

    Raises:
        UserError: nodes or models are missing; it names them.
    """
    unknown = sorted({kind(graph, node) for node in graph} - described.keys())
    if unknown:
        raise missing_nodes(unknown)
    left_out = frozenset(filled)
    absent = [
        (Place(node, name), options)
        for node in upstream(graph, ends)
        for name, options in _choices(described[kind(graph, node)])
        if name in inputs(graph, node) and Place(node, name) not in left_out
        if not _offered(inputs(graph, node)[name], options)
    ]
    if absent:
        raise _missing_values(graph, absent)


def missing_nodes(classes: Sequence[str]) -> UserError:
    """Types of nodes that a server does not have."""
    named = [_with_pack(each) for each in classes[:_MOST_NAMED]]
    if len(classes) > _MOST_NAMED:
        named.append(message("{n} more", n=len(classes) - _MOST_NAMED))
    packs = sorted({pack for each in classes if (pack := pack_of(each))})
    remedy = (
        message("Install {packs} with ComfyUI Manager, and start ComfyUI again.", packs=all_of([*map(quoted, packs)]))
        if packs and all(map(pack_of, classes))
        else message("Install the packs that they come from with ComfyUI Manager, and start ComfyUI again.")
    )
    return UserError(message("This ComfyUI does not have the node {nodes}.", nodes=all_of(named)), remedy)


def missing_value(name: str, value: object, where: str, options: Sequence[object] = ()) -> tuple[Message, Message]:
    """What is missing, and what to do about it.

    Args:
        name: of the input, such as "ckpt_name".
        value: what is asked for.
        where: the title of the node.
        options: what the server has instead, where it is known.
    """
    shown = str(value)[:200]
    what, folder = _KINDS.get(name, (NOTHING, ""))
    if name == "model_name" and "upscale" in where.casefold():
        what, folder = message("upscaler"), "upscale_models"
    if not what:
        problem = message("“{value}” is no choice for {input} in “{node}”.", value=shown, input=name, node=where)
        return problem, _instead(options) or message("Choose another one in ComfyUI, and export the workflow again.")
    problem = message("This ComfyUI does not have the {kind} “{name}”.", kind=what, name=shown)
    remedy = message(
        "Put it into models/{folder} in ComfyUI's folder, or choose another one there and export the workflow again.",
        folder=folder,
    )
    twin = _twin(shown, options)
    return problem, sentences(message("It has “{name}”.", name=twin), remedy) if twin else remedy


_KINDS: Mapping[str, tuple[Message, str]] = {
    "ckpt_name": (message("checkpoint"), "checkpoints"),
    "unet_name": (message("diffusion model"), "diffusion_models"),
    "lora_name": (message("LoRA"), "loras"),
    "vae_name": (message("VAE"), "vae"),
    "control_net_name": (message("ControlNet"), "controlnet"),
    "style_model_name": (message("style model"), "style_models"),
    "gligen_name": (message("GLIGEN model"), "gligen"),
    "hypernetwork_name": (message("hypernetwork"), "hypernetworks"),
    **{
        name: (message("text encoder"), "text_encoders")
        for name in ("clip_name", "clip_name1", "clip_name2", "clip_name3", "clip_name4", "text_encoder")
    },
}


def _missing_values(graph: Nodes, absent: Sequence[tuple[Place, Sequence[object]]]) -> UserError:
    problems: dict[Message, Message] = {}
    for place, options in absent:
        value = inputs(graph, place.node)[place.input]
        problem, remedy = missing_value(place.input, value, title(graph, place.node), options)
        problems.setdefault(problem, remedy)
    named = list(problems)[:_MOST_NAMED]
    remedies = dict.fromkeys(problems[problem] for problem in named)
    return UserError(sentences(*named), sentences(*remedies))


def _choices(description: Any) -> Iterator[tuple[str, Sequence[object]]]:
    """The inputs of a node that take one of several values, in the form of older and newer servers."""
    given = description.get("input") if isinstance(description, Mapping) else None
    for group in ("required", "optional"):
        part = given.get(group) if isinstance(given, Mapping) else None
        for name, spec in part.items() if isinstance(part, Mapping) else ():
            if not isinstance(spec, list) or not spec:
                continue
            more = spec[1] if len(spec) > 1 and isinstance(spec[1], Mapping) else {}
            if more.get("image_upload") or more.get("remote") or more.get("multiselect") or more.get("multi_select"):
                continue
            options = spec[0] if isinstance(spec[0], list) else more.get("options") if spec[0] == "COMBO" else None
            if isinstance(options, list):
                yield str(name), options


def _offered(value: object, options: Sequence[object]) -> bool:
    return link_of(value) is not None or isinstance(value, list | dict) or value in options


def _with_pack(node_class: str) -> Message:
    pack = pack_of(node_class)
    if not pack:
        return quoted(node_class)
    return message("“{node}” (of the pack {pack})", node=node_class, pack=pack)


def _instead(options: Sequence[object]) -> Message:
    named = [quoted(str(option)[:100]) for option in options[:_LISTS]]
    if not named or len(options) > 20:
        return NOTHING
    if len(options) > _LISTS:
        named.append(message("{n} more", n=len(options) - _LISTS))
    return message("It offers {options}.", options=all_of(named))


def _twin(value: str, options: Sequence[object]) -> str:
    """A file of the same name in another folder, or with the other system's separator."""
    wanted = _file_name(value)
    return next((str(each) for each in options if _file_name(str(each)) == wanted), "")


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].casefold()
