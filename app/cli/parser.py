"""The commands and their options."""

from __future__ import annotations

import argparse
from typing import Any

from app import __version__
from app.backends.base import SelfTestable, Upscales
from app.cli.checks import bench, self_test
from app.cli.doctor import doctor
from app.cli.endpoints import endpoints_add, endpoints_list, endpoints_remove, endpoints_test
from app.cli.generate import generate
from app.cli.keys import keys_list, keys_remove, keys_set
from app.cli.models import models_compact, models_download, models_list, models_remove
from app.cli.upscale import upscale
from app.core.enlarge import FACTORS, UPSCALERS
from app.core.grid import FIELDS
from app.core.request import Edges
from app.engine.session import Session
from app.library import secrets
from app.library.endpoints import Kind
from app.library.models.weights.packed import PACKED


def make_parser(session: Session) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sana-studio", description="Make pictures with SANA. Without a command it opens the window."
    )
    parser.add_argument("--version", action="version", version=f"Sana Studio {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    tested = "|".join(id for id, backend in session.registry.backends.items() if isinstance(backend, SelfTestable))

    command = commands.add_parser("generate", help="generate pictures")
    command.add_argument(
        "prompt",
        metavar="PROMPT",
        help="{red|blue} makes a picture of each, __name__ one of each line of a wildcard file; "
        "{~red|blue} and __~name__ pick one",
    )
    command.add_argument(
        "--model",
        metavar="ID|FOLDER",
        help="a model's id, a checkpoint in diffusers layout, or a transformer alone (FILE@ID: made from ID)",
    )
    command.add_argument("--backend", default="auto", metavar="|".join(("auto", *session.registry.backends)))
    command.add_argument("--negative", default="", metavar="TEXT", help="what to avoid")
    command.add_argument("--width", type=int, metavar="N")
    command.add_argument("--height", type=int, metavar="N")
    command.add_argument("--steps", type=int, metavar="N")
    command.add_argument("--guidance", type=float, metavar="X")
    command.add_argument("--solver", choices=("dpmpp", "euler", "scm"))
    command.add_argument("--seed", type=int, metavar="N")
    command.add_argument("--count", type=int, default=1, metavar="N", help="pictures of each prompt")
    command.add_argument(
        "--variation-seed", type=int, metavar="N", help="vary the picture of the seed towards this one"
    )
    command.add_argument("--variation-amount", type=float, metavar="X", help="how far (0 to 1)")
    command.add_argument(
        "--grid",
        action="append",
        default=[],
        metavar="SETTING=VALUES",
        help=f"a picture of each value, and a sheet of them all, as in steps=4-20:4; twice for rows, too "
        f"({', '.join(FIELDS)})",
    )
    command.add_argument("--style", default="", metavar="NAME", help="a style of yours, such as Photo")
    command.add_argument("--precision", default="auto", choices=("auto", "float32", "bfloat16", "8bit", "4bit"))
    command.add_argument("--init-image", metavar="FILE", help="a picture to start from")
    command.add_argument("--strength", type=float, metavar="X", help="how far to go from it (0 to 1)")
    command.add_argument("--mask", metavar="FILE", help="white is generated anew, black is kept")
    command.add_argument(
        "--detail",
        action=argparse.BooleanOptionalAction,
        help="enlarge what the mask shows, repaint it by itself and put it back (default: for thin masks)",
    )
    command.add_argument(
        "--extend", metavar="LEFT,TOP,RIGHT,BOTTOM", help="extend the start picture by so many pixels at each side"
    )
    command.add_argument("--control", metavar="FILE", help="a picture whose edges are followed")
    command.add_argument("--control-model", metavar="ID|FOLDER", help="the ControlNet that follows it")
    command.add_argument("--control-scale", type=float, metavar="X", help="how closely (0 to 2, default: 1)")
    command.add_argument(
        "--control-edges",
        choices=tuple(edges.value for edges in Edges),
        help="find the edges (canny), take the picture as it is (none), or find them unless it is a line drawing "
        "(auto, the default)",
    )
    command.add_argument(
        "--control-start", type=float, metavar="X", help="from which share of the steps on (0 to 1, default: 0)"
    )
    command.add_argument(
        "--control-end", type=float, metavar="X", help="to which share of the steps (0 to 1, default: 1)"
    )
    command.add_argument(
        "--lora",
        action="append",
        default=[],
        metavar="FILE[:WEIGHT]",
        help="low-rank weights to add to the model, by file or by name in the folder for LoRAs; may be repeated",
    )
    command.add_argument("--frames", type=int, metavar="N", help="of a clip, with a video model")
    command.add_argument("--fps", type=float, metavar="N", help="frames a second of a clip")
    command.add_argument(
        "--frames-out", metavar="FOLDER", help="also save a clip's frames there, as numbered PNG files"
    )
    command.add_argument("--out", metavar="FILE|FOLDER", help="where to save (default: your pictures folder)")
    _finish(command, generate)

    command = commands.add_parser("upscale", help="enlarge pictures")
    command.add_argument("files", nargs="+", metavar="FILE")
    command.add_argument("--factor", type=int, default=max(FACTORS), choices=FACTORS)
    command.add_argument(
        "--upscaler",
        metavar="|".join((*UPSCALERS, "FILE")),
        help="the first is faithful, the second adds detail (default: the second on a GPU, else the first); or a "
        ".safetensors file of your own, with PyTorch",
    )
    command.add_argument(
        "--refine", type=float, metavar="STRENGTH", help="paint new detail into it (0 to 1; 0.2 is a good start)"
    )
    command.add_argument("--prompt", default="", metavar="TEXT", help="what to refine it with (default: its own)")
    command.add_argument("--model", metavar="ID|FOLDER", help="the model to refine it with (default: its own)")
    upscaling = (id for id, backend in session.registry.backends.items() if isinstance(backend, Upscales))
    command.add_argument("--backend", default="auto", metavar="|".join(("auto", *upscaling)))
    command.add_argument("--out", metavar="FILE|FOLDER", help="where to save (default: beside each picture)")
    _finish(command, upscale)

    command = commands.add_parser("self-test", help="prove that each local backend computes the right numbers")
    command.add_argument("--backend", metavar=tested, help="only this one")
    command.add_argument("--model", metavar="ID|FOLDER", help="another model than the starter")
    _finish(command, self_test)

    command = commands.add_parser("bench", help="measure each local backend, and diffusers' own pipeline beside it")
    command.add_argument("--backend", metavar=tested, help="only this one")
    command.add_argument("--model", metavar="ID|FOLDER", help="another model than the starter")
    _finish(command, bench)

    _finish(
        commands.add_parser("doctor", help="each way to compute: how it stands here, what it suits and costs"), doctor
    )

    group = commands.add_parser("models", help="list, download and remove models")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    _finish(actions.add_parser("list", help="all models and their state"), models_list)
    command = actions.add_parser("download", help="fetch a model")
    command.add_argument("id", metavar="ID")
    command.add_argument("--accept-licence", action="store_true", help="accept the model's licence")
    _finish(command, models_download)
    command = actions.add_parser("compact", help="keep a downloaded model in few bits alone, for MLX")
    command.add_argument("id", metavar="ID")
    command.add_argument("--precision", choices=tuple(PACKED), default=next(iter(PACKED)))
    command.add_argument("--yes", action="store_true", help="do not ask")
    _finish(command, models_compact)
    command = actions.add_parser("remove", help="free a model's space")
    command.add_argument("id", metavar="ID")
    _finish(command, models_remove)

    _endpoints(commands)

    group = commands.add_parser("keys", help="the keys of online services, in the system's keychain")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    _finish(actions.add_parser("list", help="which keys there are, and where they come from"), keys_list)
    for action, help_text, run in (
        ("set", "keep a key; it is typed or read from standard input", keys_set),
        ("remove", "forget a key", keys_remove),
    ):
        command = actions.add_parser(action, help=help_text)
        command.add_argument("name", choices=tuple(secrets.VARIABLES))
        _finish(command, run)
    return parser


def _endpoints(commands: Any) -> None:
    group = commands.add_parser("endpoints", help="servers and services of your own that make pictures")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    command = actions.add_parser("add", help="keep an endpoint; its key is never an argument")
    command.add_argument("name", metavar="NAME", help="what generate --backend calls it")
    kinds = tuple(kind.value for kind in Kind)
    command.add_argument("--kind", required=True, choices=kinds, help="the protocol that it speaks")
    command.add_argument("--url", required=True, metavar="URL", help="https, or http on this machine")
    command.add_argument("--key-env", default="", metavar="VARIABLE", help="read the key from it at each use")
    command.add_argument("--model", default="", metavar="NAME", help="the model to ask for (default: the server's)")
    command.add_argument("--price", type=float, metavar="DOLLARS", help="what a picture costs there")
    command.add_argument("--template", metavar="FILE", help="a JSON object: what a RunPod worker takes as its input")
    _finish(command, endpoints_add)
    _finish(actions.add_parser("list", help="all endpoints"), endpoints_list)
    for action, help_text, run in (
        ("test", "ask it something that costs nothing", endpoints_test),
        ("remove", "forget an endpoint and its key", endpoints_remove),
    ):
        command = actions.add_parser(action, help=help_text)
        command.add_argument("name", metavar="NAME")
        _finish(command, run)


def _finish(command: argparse.ArgumentParser, run: Any) -> None:
    command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    command.set_defaults(run=run)
