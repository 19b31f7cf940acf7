"""What our pictures say of themselves: our own JSON, and the texts that other programs understand.

Texts from files are data of unknown origin: they are bounded, never evaluated, and what makes no sense is left out.
"""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from typing import Any

from app import __version__
from app.core.lora_tags import MOST, tag_name, with_loras
from app.core.output import Provenance
from app.core.request import MAX_SEED, GenerationRequest, Role
from app.library.pictures.dialects.values import (
    LARGEST_SIDE,
    MOST_GUIDANCE,
    MOST_STEPS,
    MOST_WEIGHT,
    mapping,
    number,
)
from app.library.pictures.sources import located, shareable, shareable_grid

OWN_KEY = "sana-studio"
"""The key of our own JSON: {"schema": 1, "app": version, "created": unix time, "request": {...}, "facts": {...}}."""

OWN_SCHEMA = 1

MOST_FRAMES = 10_000
MOST_FPS = 240
"""Of a request that a file names."""

_MADE, _COMPOSED = "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"
_DESCRIPTION = (
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Sana Studio"'
    ' Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/{kind}"/>'
)
_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f"{_DESCRIPTION}"
    '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


def xmp(request: GenerationRequest | None) -> bytes:
    """Says, as IPTC defines it, that the picture was made by a trained model, or a part of it that was repaired."""
    composite = request is not None and (request.input(Role.MASK) is not None or request.extend is not None)
    return _XMP.format(kind=_COMPOSED if composite else _MADE).encode()


def repainted_xmp(packet: bytes) -> bytes:
    """The XMP of a picture, which may have none, once a trained model has painted into it."""
    if _kind(packet):
        return packet
    end, description = b"</rdf:RDF>", _DESCRIPTION.format(kind=_COMPOSED).encode()
    return packet.replace(end, description + end, 1) if end in packet else _XMP.format(kind=_COMPOSED).encode()


def source_xmp(packet: bytes) -> bytes:
    """XMP that says no more than this one does of a trained model that made the picture; empty where it names none."""
    kind = _kind(packet)
    return _XMP.format(kind=kind).encode() if kind else b""


def _kind(packet: bytes) -> str:
    return next((kind for kind in (_MADE, _COMPOSED) if f"digitalsourcetype/{kind}".encode() in packet), "")


_SAMPLERS = {"dpmpp": "DPM++ 2M", "euler": "Euler", "scm": "SCM"}


def to_json(request: GenerationRequest | None, provenance: Provenance, created: float) -> str:
    """Our own JSON; without a request for what was made from a picture that has none. ASCII only, so that no program on
    the way can garble it.
    """
    if provenance.grid is not None:
        provenance = replace(provenance, grid=shareable_grid(provenance.grid))
    content = {
        "schema": OWN_SCHEMA,
        "app": __version__,
        "created": created,
        **({"request": shareable(request).to_json()} if request is not None else {}),
        "facts": provenance.to_json(),
    }
    return json.dumps(content)


def from_json(text: str) -> tuple[GenerationRequest | None, Provenance, float | None] | None:
    """Read `to_json` back as (request, provenance, created); None where it makes no sense."""
    content = _json_object(text)
    provenance, created = Provenance.from_json(content.get("facts")), number(content.get("created"), 0, 1e11)
    if "request" not in content and provenance.enlarged is not None:
        return None, provenance, created
    try:
        request = GenerationRequest.from_json(mapping(content.get("request")))
    except ValueError:
        return None
    return located(_bounded(request)), provenance, created


def to_parameters(request: GenerationRequest, provenance: Provenance) -> str:
    """AUTOMATIC1111's text of a resolved request: prompt, negative prompt, and one line of values."""
    values: dict[str, object] = {
        "Steps": request.steps,
        "Sampler": _SAMPLERS.get(request.solver or "", request.solver),
        "CFG scale": request.guidance,
        "Seed": request.seed,
        "Size": f"{request.width}x{request.height}" if request.width and request.height else None,
        "Model": provenance.model or shareable(request).model,
    }
    if start := request.input(Role.INIT):
        values["Denoising strength"] = start.strength
    if control := shareable(request).input(Role.CONTROL):
        values["ControlNet 0"] = (
            f"Module: {control.edges}, Model: {control.model}, Weight: {control.strength:g}, "
            f"Guidance Start: {control.start:g}, Guidance End: {control.end:g}"
        )
    if len(request.variations) == 1:
        values["Variation seed"] = request.variations[0].seed
        values["Variation seed strength"] = request.variations[0].amount
    axes = shareable_grid(provenance.grid).axes if provenance.grid else ()
    for letter, axis in zip("XY", axes, strict=False):
        values["Script"] = "X/Y/Z plot"
        values[f"{letter} Type"] = axis.field
        values[f"{letter} Values"] = ", ".join(map(str, axis.values))
    if hashes := [f"{tag_name(lora.name)}: {lora.digest[:10]}" for lora in shareable(request).loras if lora.digest]:
        values["Lora hashes"] = ", ".join(hashes)
    values["Version"] = f"Sana Studio {__version__}"
    lines = [with_loras(request.prompt, shareable(request).loras)]
    if request.negative:
        lines.append(f"Negative prompt: {request.negative}")
    lines.append(", ".join(f"{key}: {_quoted(value)}" for key, value in values.items() if value is not None))
    # A zero byte or a lone surrogate cannot stand in a text chunk; our own JSON keeps them.
    return "\n".join(lines).replace("\0", "").encode("utf-8", "replace").decode()


def texts(request: GenerationRequest, provenance: Provenance, created: float) -> dict[str, str]:
    """All that a file of ours says of itself, by the keys of `embedded.texts`; what a format has no place for is left
    out there.
    """
    licence = " ".join(filter(None, (provenance.licence, provenance.licence_url)))
    return {
        "Title": request.prompt,
        "parameters": to_parameters(request, provenance),
        OWN_KEY: to_json(request, provenance, created),
        **({"Copyright": licence} if licence else {}),
        "Software": f"Sana Studio {__version__}",
        "XML:com.adobe.xmp": xmp(request).decode(),
    }


def _bounded(request: GenerationRequest) -> GenerationRequest:
    """The request of one picture, with numbers out of all reason left to the model's defaults."""

    def within(value: float | None, low: float, high: float) -> bool:
        return value is not None and low <= value <= high

    more = request.extend
    return request.replace(
        width=request.width if within(request.width, 1, LARGEST_SIDE) else None,
        height=request.height if within(request.height, 1, LARGEST_SIDE) else None,
        steps=request.steps if within(request.steps, 1, MOST_STEPS) else None,
        guidance=request.guidance if within(request.guidance, 0, MOST_GUIDANCE) else None,
        seed=request.seed if within(request.seed, 0, MAX_SEED) else None,
        frames=request.frames if within(request.frames, 1, MOST_FRAMES) else None,
        fps=request.fps if within(request.fps, 0.01, MOST_FPS) else None,
        extend=more if more and all(within(side, 0, LARGEST_SIDE) for side in astuple(more)) else None,
        inputs=tuple(item for item in request.inputs if within(item.strength, -10, 10)),
        variations=tuple(
            each for each in request.variations if within(each.seed, 0, MAX_SEED) and within(each.amount, 0, 1)
        ),
        loras=tuple(replace(item, path="") for item in request.loras[:MOST] if abs(item.weight) <= MOST_WEIGHT),
        count=1,
    )


def _quoted(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if any(mark in text for mark in ',:"\n') else text


def _json_object(text: str) -> dict[str, Any]:
    try:
        return mapping(json.loads(text))
    except (ValueError, RecursionError):
        return {}
