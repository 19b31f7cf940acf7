from __future__ import annotations

import pytest

from app.library.pictures.formats.xmp_marks import XmpMarks, read, written
from app.library.pictures.metadata import xmp

PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Camera"{}</rdf:RDF>'
    "</x:xmpmeta>"
)
ATTRIBUTE, ELEMENT = PACKET.format(" {}/>"), PACKET.format(">{}</rdf:Description>")


@pytest.mark.parametrize(
    ("packet", "marks"),
    [
        (ATTRIBUTE.format('xmp:Rating="4"'), XmpMarks(4)),
        (ATTRIBUTE.format("xmp:Rating = '5'"), XmpMarks(5)),
        (ATTRIBUTE.format('xap:Rating="3.0"'), XmpMarks(3)),
        (ELEMENT.format("<xmp:Rating> 2 </xmp:Rating>"), XmpMarks(2)),
        (ELEMENT.format("<xmp:Rating>2</xmp:Rating><xmp:Label>Favourite</xmp:Label>"), XmpMarks(2, True)),
        (ATTRIBUTE.format('xmp:Label="Favourite"'), XmpMarks(0, True)),
        (ATTRIBUTE.format('xmp:Label="Red"'), XmpMarks()),
        (ATTRIBUTE.format('xmp:Rating="-1"'), XmpMarks()),
        (ATTRIBUTE.format('xmp:Rating="6"'), XmpMarks()),
        (ATTRIBUTE.format(f'xmp:Rating="{"9" * 5000}"'), XmpMarks()),
        (ATTRIBUTE.format('xmp:Rating="many"'), XmpMarks()),
        ("", XmpMarks()),
    ],
)
def test_what_other_programs_write_is_read(packet: str, marks: XmpMarks) -> None:
    assert read(packet) == marks


@pytest.mark.parametrize("marks", [XmpMarks(), XmpMarks(1), XmpMarks(5, True), XmpMarks(0, True)])
@pytest.mark.parametrize(
    "packet",
    [
        b"",
        xmp(None),
        ATTRIBUTE.format('xmp:Rating="2" xmp:Label="Favourite"').encode(),
        ELEMENT.format("<xmp:Rating>2</xmp:Rating><xmp:Label>Favourite</xmp:Label>").encode(),
        ATTRIBUTE.format("").encode(),
    ],
)
def test_marks_are_written_once_and_the_rest_stays(packet: bytes, marks: XmpMarks) -> None:
    first = written(packet, XmpMarks(3, True))
    again = written(first, marks)
    assert read(first.decode()) == XmpMarks(3, True)
    assert read(again.decode()) == marks
    assert again.count(b"xmp:Rating") == bool(marks.rating)
    for part in (b"Camera", b"trainedAlgorithmicMedia"):
        assert (part in packet) == (part in again)


def test_a_colour_label_of_another_program_stays() -> None:
    again = written(ATTRIBUTE.format('xmp:Label="Red" xmp:Rating="2"').encode(), XmpMarks(4, True)).decode()
    assert 'xmp:Label="Red"' in again
    assert read(again) == XmpMarks(4)
