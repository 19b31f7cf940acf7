"""Draw Things: XMP that names it, with JSON in `exif:UserComment` and the prompt in `dc:description`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.library.pictures.dialects.values import Foreign, first, json_object, mapping, request, sides, text, unread

SOURCE = "Draw Things"

_USED = ("c", "uc", "size", "steps", "scale", "seed", "model", "lora", "v2", "seed_mode", "strength", "profile")

_XMP = "XML:com.adobe.xmp"
_COMMENT = "{http://ns.adobe.com/exif/1.0/}UserComment"
_DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"
_ITEM = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"


def read(texts: Mapping[str, str]) -> Foreign | None:
    xmp = texts.get(_XMP, "")
    if SOURCE not in xmp:
        return None
    values = json_object(_content(xmp, _COMMENT))
    width, height = sides(values.get("size"))
    description = _content(xmp, _DESCRIPTION).split("\n")[0]
    found = request(
        values.get("c") or description or None, values.get("uc"), width=width, height=height,
        steps=values.get("steps"), guidance=values.get("scale"), sampler=values.get("sampler"),
        seed=values.get("seed"), loras=_loras(values),
    )  # fmt: skip
    return Foreign(SOURCE, found, text(values.get("model")), unread(values, found, *_USED, sampler="sampler"))


def _loras(values: Mapping[str, Any]) -> Iterator[tuple[object, object]]:
    for listed in (values.get("lora"), mapping(values.get("v2")).get("loras")):
        for item in map(mapping, listed if isinstance(listed, list) else []):
            yield first(item, "model", "file"), item.get("weight")


def _content(xmp: str, name: str) -> str:
    """The text of an element or its first item; empty where there is none."""
    begin, end = xmp.find("<rdf:RDF"), xmp.rfind("</rdf:RDF>")
    body = xmp[begin : end + len("</rdf:RDF>")] if 0 <= begin < end else ""
    if "<!" in body:  # entities could grow without end
        return ""
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError):
        return ""
    for element in root.iter():
        if name in element.attrib:
            return element.attrib[name]
        if element.tag == name:
            item = next(element.iter(_ITEM), element)
            return item.text or ""
    return ""
