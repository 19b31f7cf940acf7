"""What a server lacks for a workflow: nodes and models, named before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.backends.comfyui.graphs import Graph, Place
from app.backends.comfyui.workflow.links import inputs, kind, link_of, title, upstream
from app.backends.comfyui.workflow.packs import pack_of
from app.core.errors import UserError
from app.core.message import NOTHING, Message, all_of, message, quoted, sentences

Descriptions = Mapping[str, Any]
"""What `/object_info/CLASS` says of each class, those that the server does not have left out."""

_MOST_NAMED = 6
_LISTS = 4
"""Values that are named where another one must be chosen."""


def check_against(graph: Graph, described: Descriptions) -> None:
    """Compare a graph with what a server has. As the server does, it looks at the class of every node, but at the
    values of those alone that lead to the result. What a request fills in is left out.

    Args:
        graph: what is to be sent.
        described: of all its classes.

    Raises:
        UserError: nodes or models are missing; it names them.
    """
    nodes = graph.nodes
    unknown = sorted(graph.classes() - described.keys())
    if unknown:
        raise missing_nodes(unknown)
    left_out = {place for places in graph.places.values() for place in places}
    absent = [
        Lack(name, str(inputs(nodes, node)[name]), title(nodes, node), kind(nodes, node), tuple(options))
        for node in upstream(nodes, graph.outputs)
        for name, options in _choices(described[kind(nodes, node)])
        if name in inputs(nodes, node) and Place(node, name) not in left_out
        if not _offered(inputs(nodes, node)[name], options)
    ]
    if absent:
        raise missing_values(absent)


def missing_nodes(classes: Sequence[str]) -> UserError:
    """Types of nodes that a server does not have."""
    named = [_with_pack(each) for each in classes[:_MOST_NAMED]]
    if len(classes) > _MOST_NAMED:
        named.append(message("{n} more", n=len(classes) - _MOST_NAMED))
    packs = sorted({pack_of(each) for each in classes})
    remedy = (
        message("Install {packs} with ComfyUI Manager, and start ComfyUI again.", packs=all_of([*map(quoted, packs)]))
        if all(packs)
        else message("Install the packs that they come from with ComfyUI Manager, and start ComfyUI again.")
    )
    if len(classes) == 1:
        return UserError(message("This ComfyUI does not have the node {node}.", node=named[0]), remedy)
    return UserError(message("This ComfyUI does not have the nodes {nodes}.", nodes=all_of(named)), remedy)


@dataclass(frozen=True, slots=True)
class Lack:
    """A value of a node's input that is none of its choices.

    Attributes:
        input: its name, such as "ckpt_name".
        value: what is asked for.
        node: the node's title.
        node_class: its class.
        options: what the server has instead, where it is known.
    """

    input: str
    value: str
    node: str
    node_class: str = ""
    options: Sequence[object] = ()

    @property
    def kind(self) -> tuple[Message, str]:
        """What the file is and its folder on the server; nothing where it is no file."""
        if self.input == "model_name" and "upscale" in self.node_class.casefold():
            return message("upscaler"), "upscale_models"
        return _KINDS.get(self.input, (NOTHING, ""))


def missing_values(lacks: Sequence[Lack]) -> UserError:
    """Files that a server does not have, and other values that it does not know."""
    files = list(dict.fromkeys(lack for lack in lacks if lack.kind[1]))[:_MOST_NAMED]
    others = list(dict.fromkeys(lack for lack in lacks if not lack.kind[1]))[:_MOST_NAMED]
    problems, remedies = [], []
    if files:
        names = [message("the {kind} “{name}”", kind=each.kind[0], name=each.value[:200]) for each in files]
        folders = all_of(list(dict.fromkeys(f"models/{each.kind[1]}" for each in files)))
        problems.append(message("This ComfyUI does not have {files}.", files=all_of(names)))
        remedies += [message("It has “{name}”.", name=twin) for each in files if (twin := _twin(each))]
        remedies.append(
            message(
                "Put it into {folder} in ComfyUI’s folder, or choose another one there and export it again.",
                folder=folders,
            )
            if len(files) == 1
            else message(
                "Put them into {folders} in ComfyUI’s folder, or choose others there and export it again.",
                folders=folders,
            )
        )
    for lack in others:
        problems.append(
            message(
                "“{value}” is not a choice for {input} in “{node}”.",
                value=lack.value[:200],
                input=lack.input,
                node=lack.node,
            )
        )
        remedies.append(_instead(lack.options))
    if others:
        remedies.append(message("Choose another one in ComfyUI, and export the workflow again."))
    return UserError(sentences(*problems), sentences(*remedies))


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


def _twin(lack: Lack) -> str:
    """A file of the same name in another folder, or with the other system's separator."""
    wanted = _file_name(lack.value)
    return next((str(each) for each in lack.options if _file_name(str(each)) == wanted), "")


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].casefold()
