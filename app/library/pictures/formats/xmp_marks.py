"""The rating and the star of a picture in its XMP, where other programs look for them (XMP specification, part 1, 8.4).

XMP knows no star: it is the label “Favourite”, which other programs show.
"""

from __future__ import annotations

import re
from typing import NamedTuple

BEST = 5
LABEL = "Favourite"

_RATING = re.compile(r"""(?:xmp|xap):Rating(?:\s*=\s*["']|\s*>)\s*([-+]?\d+)""")
_LABEL = re.compile(rf"""(?:xmp|xap):Label(?:\s*=\s*["']|\s*>)\s*{LABEL}\s*["'<]""")
_OLD = re.compile(
    rb"""\s+(?:xmp|xap):Rating\s*=\s*(?:"[^"]*"|'[^']*')|<((?:xmp|xap):Rating)\s*>[^<]*</\1\s*>"""
    rb"""|\s+(?:xmp|xap):Label\s*=\s*(?:"Favourite"|'Favourite')|<((?:xmp|xap):Label)\s*>\s*Favourite\s*</\2\s*>"""
)
_NAMESPACE = "http://ns.adobe.com/xap/1.0/"
_END = b"</rdf:RDF>"
_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
).encode()


class XmpMarks(NamedTuple):
    """A rating, 1 to 5 or 0 for none, and whether the picture has a star."""

    rating: int = 0
    favourite: bool = False


def read(packet: str) -> XmpMarks:
    """What a packet says; what makes no sense counts as nothing, and so does “rejected” (-1)."""
    found = _RATING.search(packet)
    rating = int(found[1][:3]) if found else 0
    return XmpMarks(rating if 0 < rating <= BEST else 0, _LABEL.search(packet) is not None)


def written(packet: bytes, marks: XmpMarks) -> bytes:
    """A packet, which may be empty, that says these marks instead of its own; all else stays."""
    packet = _OLD.sub(b"", packet)
    if marks == XmpMarks():
        return packet
    rating = f' xmp:Rating="{marks.rating}"' if marks.rating else ""
    label = f' xmp:Label="{LABEL}"' if marks.favourite and b":Label" not in packet else ""
    description = f'<rdf:Description rdf:about="" xmlns:xmp="{_NAMESPACE}"{rating}{label}/>'.encode()
    start, end, rest = (packet if _END in packet else _PACKET).rpartition(_END)
    return start + description + end + rest
