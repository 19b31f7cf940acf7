"""AUTOMATIC1111's `parameters`, which Forge, SD.Next, Civitai and many more write too: the prompt, "Negative prompt:",
and values as "Steps: 20, Sampler: Euler, ...", mostly on the last line.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.core.request import LoraUse
from app.library.pictures.dialects.values import MAX_JSON, Foreign, json_object, request, sides, unread

SOURCE, FOOOCUS = "AUTOMATIC1111", "Fooocus"

MAX_PIECES = 20_000
"""So many pieces between commas are looked at for values."""
MAX_PLACES = 1_000
"""So many places that speak of steps are looked at, from either end."""
ROW = 1_000
"""Three values are not longer than so many characters."""
_USED = (
    "Size", "Steps", "CFG scale", "Seed", "Variation seed", "Variation seed strength", "Lora hashes", "Lora weights",
    "Model", "Model hash", "Version", "TI hashes", "Hashes", "Token merging ratio", "RNG",
)  # fmt: skip
_NEGATIVE = "Negative prompt:"
_KEY = re.compile(r"[ \t]*+([A-Za-z][\w /.+-]{0,40}):[ \t]*")
_QUOTED = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)  # possessive: it never goes back
_PLAIN = re.compile(r"[^,\n]*+")
_STEPS = re.compile(r"(?<![^\s,.])Steps: ?\d")
_DECODER = json.JSONDecoder()
_BRACKETS_TRIED = 50
_HASH = re.compile(r"[0-9a-fA-F]{8,64}")


def read(texts: Mapping[str, str]) -> Foreign | None:
    if "parameters" in texts:
        return parse(texts["parameters"])
    for key in ("UserComment", "ImageDescription", "Comment"):  # cameras and screenshots write these too
        if key in texts and _start(texts[key]) is not None:
            return parse(texts[key])
    return None


def parse(written: str) -> Foreign | None:
    """Read the text. None where it is another program's JSON."""
    if json_object(written) or (len(written) > MAX_JSON and written.lstrip().startswith('{"')):
        return None
    written = written.replace("\r\n", "\n")
    start = _start(written)
    words, values = (written, {}) if start is None else (written[:start], _values(written, start))
    alone = start is None or start == 0 or written[start - 1] == "\n"
    prompt, negative = _negative(words, alone)
    width, height = sides(values.get("Size"))
    found = request(
        prompt, negative, width=width, height=height, steps=values.get("Steps"), guidance=values.get("CFG scale"),
        sampler=values.get("Sampler"), seed=values.get("Seed"),
        variation=(values.get("Variation seed"), values.get("Variation seed strength")),
        loras=_weighted(values.get("Lora weights", "")),
    )  # fmt: skip
    if found is not None:
        found = found.replace(loras=_hashed(found.loras, values.get("Lora hashes", "")))
    source = FOOOCUS if values.get("Version", "").startswith(FOOOCUS) else SOURCE
    return Foreign(source, found, values.get("Model", ""), unread(values, found, *_USED, sampler="Sampler"))


def _weighted(written: str) -> Iterator[tuple[object, object]]:
    """LoRAs that Fooocus names beside the prompt, as "name: weight, name: weight"."""
    for pair in written.split(","):
        name, colon, weight = pair.rpartition(":")
        if colon:
            yield name.strip(), weight.strip()


def _hashed(loras: tuple[LoraUse, ...], written: str) -> tuple[LoraUse, ...]:
    """LoRAs with their hashes, which stand as "name: hash, name: hash"."""
    pairs = (pair.rpartition(":") for pair in written.split(","))
    hashes = {name.strip(): digest.strip() for name, _, digest in pairs if _HASH.fullmatch(digest.strip())}
    return tuple(replace(lora, digest=hashes.get(lora.name, "")) for lora in loras)


def _negative(words: str, alone: bool) -> tuple[str, str]:
    """(prompt, negative prompt) of what stands before the values, which have a line of their own or not."""
    place = 0 if words.startswith(_NEGATIVE) else words.find(f"\n{_NEGATIVE}")
    if place < 0 and not alone:  # everything may stand on one line
        place = words.rfind(_NEGATIVE, words.rfind("\n") + 1)
    if not alone:
        words = words.rstrip(" ,")
    if place < 0:
        return words.strip(), ""
    return words[:place].strip(), words[place:].lstrip("\n").removeprefix(_NEGATIVE).strip()


def _start(written: str) -> int | None:
    """Where the values begin; None where there are none.

    They are a line, the last such one, that begins with the steps or has three values in a row with the steps among
    them, or they follow the prompt on its own line: a prompt may speak of "Steps: 3" too.
    """
    line = end = len(written)
    for _ in range(MAX_PLACES):
        end = written.rfind("Steps:", 0, end)
        if end < 0:
            break
        if end >= line:
            continue  # its line was looked at
        line = written.rfind("\n", 0, end) + 1
        if line == end or _in_a_row(written, line):
            return line
    for found in itertools.islice(_STEPS.finditer(written), MAX_PLACES):
        if _in_a_row(written, found.start()):
            return found.start()
    return None


def _in_a_row(written: str, position: int) -> bool:
    """Whether three values follow each other on a line from here, one of them the steps."""
    written, position = written[position : position + ROW], 0
    names: list[str] = []
    while len(names) < 3:
        key = _KEY.match(written, position)
        if key is None or key[1] in _NEGATIVE:
            return False
        names.append(key[1])
        value = _QUOTED.match(written, key.end()) or _PLAIN.match(written, key.end())
        assert value is not None
        position = value.end() + 1
        if len(names) < 3 and written[value.end() : position] != ",":
            return False
    return "Steps" in names


def _values(written: str, position: int) -> dict[str, str]:
    """The values by name, over all the lines that follow; the first of a name counts."""
    values: dict[str, str] = {}
    brackets = 0
    for _ in range(MAX_PIECES):
        key = _KEY.match(written, position)
        if key is None:
            position = _after(written, position)
            continue
        position = key.end()
        mark = written[position : position + 1]
        value = None
        if mark == '"' and (quoted := _QUOTED.match(written, position)):
            value, position = _unquoted(quoted[0]), quoted.end()
        elif mark and mark in "{[" and brackets < _BRACKETS_TRIED:
            brackets += 1
            value, position = _bracketed(written, position)
        if value is None:
            plain = _PLAIN.match(written, position)
            assert plain is not None
            value, position = plain[0].strip(), plain.end()
        values.setdefault(key[1].strip(), value)
        position = _after(written, position)
    return values


def _after(written: str, position: int) -> int:
    """Behind the next comma or the end of the line."""
    plain = _PLAIN.match(written, position)
    assert plain is not None
    return plain.end() + 1


def _bracketed(written: str, position: int) -> tuple[str | None, int]:
    """A value in JSON, which has commas of its own."""
    try:
        _, end = _DECODER.raw_decode(written, position)
    except (ValueError, RecursionError):
        return None, position
    return written[position:end], end


def _unquoted(value: str) -> str:
    try:
        return str(json.loads(value, strict=False))
    except ValueError:
        return value[1:-1]
