"""Exports: nothing is replaced, cut or added; other programs' words go along, this machine's paths do not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from app.core.errors import UserError
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library.pictures import images
from app.library.pictures.export.copying import export, export_all
from app.library.pictures.formats.xmp_marks import XmpMarks
from app.library.pictures.metadata import OWN_KEY, to_parameters, xmp
from tests.library.pictures.dialects.test_others import WRITTEN
from tests.library.pictures.formats.test_opening import DISPLAY_P3

PIXELS = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
REQUEST = GenerationRequest("a cat, 猫", model="starter", width=64, height=48, steps=7, guidance=3.5, seed=5)
A1111 = (
    "a cat, 猫 <lora:x:0.8>\nNegative prompt: bad\nSteps: 25, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 12345, "
    'Size: 640x832, Model hash: 0123abcdef, Clip skip: 2, Lora hashes: "x: 0123", Version: v1.9.4'
)
HOME = "/Users/jane doe/Secret"


def foreign(path: Path, texts: dict[str, str]) -> Path:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_itxt(key, text)
    Image.fromarray(PIXELS).save(path, pnginfo=info)
    return path


def older(path: Path) -> Path:
    """A picture as an older version wrote it: with paths of the machine."""
    request = REQUEST.to_json()
    request |= {"prompt": "at /home/me/cat", "model": f"{HOME}/my model", "init_image": f"{HOME}/start.png"}
    facts = {"device": "cpu", "note": f"Read from “{HOME}/start.png”", "lora": f"~/{HOME}/x.safetensors"}
    own = json.dumps({"schema": 1, "app": "0.1", "created": 1000.0, "request": request, "facts": facts})
    parameters = f"at /home/me/cat\nSteps: 7, Seed: 5, Size: 64x48, Model: {HOME}/my model, Version: Sana Studio 0.1"
    if path.suffix == ".png":
        return foreign(path, {"parameters": parameters, OWN_KEY: own, "XML:com.adobe.xmp": xmp(None).decode()})
    exif = Image.Exif()
    exif[0x0131] = "Sana Studio"
    exif.get_ifd(0x8769).update(
        {0x9286: b"UNICODE\0" + parameters.encode("utf-16-be"), 0x927C: f"{OWN_KEY}\0{own}".encode()}
    )
    Image.fromarray(PIXELS).save(path, exif=exif, xmp=xmp(None))
    return path


def comment(path: Path) -> str:
    with Image.open(path) as image:
        raw = image.getexif().get_ifd(0x8769)[0x9286]
    assert raw.startswith(b"UNICODE\0")
    return str(raw[8:].decode("utf-16-be"))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_taken_name_gets_a_number(tmp_path: Path, suffix: str) -> None:
    sources = []
    for name in "ab":
        (tmp_path / name).mkdir()
        sources.append(foreign(tmp_path / name / "cat.png", {"Title": name}))
    target = tmp_path / "out" / f"cat{suffix}"
    target.parent.mkdir()
    target.write_text("somebody else's")
    exported, errors = export_all(sources, [target, target])
    assert not errors
    assert [path.name for path in exported] == [f"cat (2){suffix}", f"cat (3){suffix}"]
    assert target.read_text() == "somebody else's"
    assert sorted(path.name for path in target.parent.iterdir()) == sorted([target.name, *(p.name for p in exported)])


def test_only_a_confirmed_target_is_replaced(tmp_path: Path) -> None:
    source, target = foreign(tmp_path / "cat.png", {}), tmp_path / "x.png"
    target.write_text("older")
    assert export(source, target, replace=True) == target
    assert target.read_bytes() == source.read_bytes()
    assert export(source, source, replace=True) == source
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_a_disk_that_fills_up_leaves_the_older_file(tmp_path: Path, suffix: str) -> None:
    """The operating system itself refuses to write more than 10 kB."""
    source, target = tmp_path / "noise.png", tmp_path / f"older{suffix}"
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    Image.fromarray(noise).save(source)
    target.write_text("older")
    script = f"""
import resource, signal, sys
from pathlib import Path
from app.core.errors import UserError
from app.library.pictures.export.copying import export
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
for replace in (True, False):
    try:
        export(Path({str(source)!r}), Path({str(target)!r}), replace=replace)
    except UserError as error:
        if "full" not in str(error.message) or not error.remedy:
            sys.exit(f"wrong message: {{error}}")
    else:
        sys.exit("no error")
"""
    result = subprocess.run([sys.executable, "-c", script], cwd=Path.cwd(), capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert target.read_text() == "older"
    assert {path.name for path in tmp_path.iterdir()} == {source.name, target.name}


def test_what_fails_is_named_and_the_rest_is_exported(tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_text("no picture")
    good, gone = foreign(tmp_path / "good.png", {}), tmp_path / "gone.png"
    seen: list[tuple[int, int]] = []
    out = tmp_path / "out"
    exported, errors = export_all(
        [bad, good, gone], [out / "bad.png", out / "good.png", out / "gone.png"], lambda *done: seen.append(done)
    )
    assert exported == [out / "good.png"]
    assert list(errors) == [bad, gone]
    assert all(error.remedy for error in errors.values())
    assert seen == [(0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_another_programs_words_go_along_whole(tmp_path: Path, suffix: str) -> None:
    source = foreign(tmp_path / "a.png", {"parameters": A1111})
    there = export(source, tmp_path / f"a{suffix}")
    assert comment(there) == A1111
    again = export(there, tmp_path / "back.png")
    with Image.open(again) as image:
        assert image.info["parameters"] == A1111
        assert OWN_KEY not in image.info
    for path in (there, again):
        data = path.read_bytes()
        assert b"Sana Studio" not in data
        assert b"trainedAlgorithmicMedia" not in data


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_graphs_go_along_whole(tmp_path: Path, suffix: str) -> None:
    graph = {"prompt": '{"3": {"inputs": {"seed": 5, "text": "猫"}}}', "workflow": '{"nodes": [1, 2]}'}
    there = export(foreign(tmp_path / "a.png", graph), tmp_path / f"a{suffix}")
    for text in graph.values():
        assert text.encode() in there.read_bytes()
    with Image.open(export(there, tmp_path / "back.png")) as image:
        assert image.info["workflow"] == graph["workflow"]
    single = '{"positive_prompt": "a cat"}'
    assert (
        comment(export(foreign(tmp_path / "b.png", {"invokeai_metadata": single}), tmp_path / f"b{suffix}")) == single
    )


@pytest.mark.parametrize("source", [".png", ".jpg", ".webp"])
@pytest.mark.parametrize("target", [".png", ".jpg", ".webp"])
def test_a_photo_gets_nothing_of_ours(tmp_path: Path, source: str, target: str) -> None:
    photo = tmp_path / f"photo{source}"
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera Maker", 6
    Image.fromarray(PIXELS).save(photo, exif=exif)
    copy = export(photo, tmp_path / f"copy{target}")
    data = copy.read_bytes()
    for word in (b"Sana", b"sana", b"trainedAlgorithmicMedia", b"None", b"parameters", "None".encode("utf-16-be")):
        assert word not in data
    assert b"Camera Maker" in data
    read = images.read(copy)
    assert read.request is None
    assert (source == target) == (data == photo.read_bytes())
    upright = np.rot90(PIXELS, -1) if source != ".png" else None
    if upright is not None:
        assert images.decode(copy).shape == upright.shape


@pytest.mark.parametrize("source", [".png", ".jpg", ".webp"])
@pytest.mark.parametrize("target", [".png", ".jpg", ".webp"])
def test_no_path_of_this_machine_goes_out(tmp_path: Path, source: str, target: str) -> None:
    picture = older(tmp_path / f"older{source}")
    copy = export(picture, tmp_path / f"copy{target}")
    data = copy.read_bytes()
    for secret in ("jane doe", "Secret", "/Users"):
        assert secret.encode() not in data
        assert secret.encode("utf-16-be") not in data
    assert b"my model" in data
    assert b"trainedAlgorithmicMedia" in data
    request = images.read(copy).request
    assert request is not None
    assert (request.prompt, request.seed, request.model) == ("at /home/me/cat", 5, "my model")
    if source == target:
        with Image.open(copy) as new, Image.open(picture) as old:
            assert np.array_equal(np.asarray(new), np.asarray(old))


def test_a_picture_of_ours_without_paths_is_copied_as_it_is(tmp_path: Path) -> None:
    for file_format in ("png", "jpeg", "webp"):
        picture = images.save(
            PIXELS, REQUEST, images.read(foreign(tmp_path / "x.png", {})).provenance, tmp_path, file_format
        )
        copy = export(picture.path, tmp_path / f"copy{picture.path.suffix}")
        assert copy.read_bytes() == picture.path.read_bytes()
        assert to_parameters(REQUEST, Provenance()).encode() in export(picture.path, tmp_path / "all.png").read_bytes()


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_the_rating_and_the_star_stand_in_the_copy(tmp_path: Path, suffix: str, lossless: bool, ours: bool) -> None:
    """Where other programs look for them; the pixels and all else stay to the bit."""
    if ours:
        kind = {".jpg": "jpeg"}.get(suffix, suffix[1:])
        source = images.save(PIXELS, REQUEST, Provenance(), tmp_path / "ours", kind).path
    else:
        source = tmp_path / f"a{suffix}"
        Image.fromarray(PIXELS).save(source, lossless=lossless)
    copy = export(source, tmp_path / f"copy{suffix}", marks=XmpMarks(4, True))
    with Image.open(copy) as after, Image.open(source) as before:
        assert np.array_equal(np.asarray(after), np.asarray(before))
        assert 'xmp:Rating="4"' in str(after.info.get("xmp", after.info.get("XML:com.adobe.xmp")))
    found = images.read(copy)
    assert found.marks == XmpMarks(4, True)
    assert found.request == images.read(source).request
    again = export(copy, tmp_path / f"again{suffix}", marks=XmpMarks(1))
    assert images.read(again).marks == XmpMarks(1)
    assert images.read(export(copy, tmp_path / f"none{suffix}", marks=XmpMarks())).marks == XmpMarks()
    assert export(copy, tmp_path / f"same{suffix}").read_bytes() == copy.read_bytes()
    for other in {".png", ".jpg", ".webp", ".avif"} - {suffix}:
        assert images.read(export(copy, tmp_path / f"other{other}")).marks == XmpMarks(4, True)
        assert images.read(export(source, tmp_path / f"b{other}", marks=XmpMarks(2))).marks == XmpMarks(2)
    assert images.read(export(copy, tmp_path / f"wordless{suffix}", words=False)).marks == XmpMarks()


@pytest.mark.parametrize("words", [True, False])
@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg"])
def test_transparency_goes_along_where_the_format_has_it(tmp_path: Path, suffix: str, words: bool) -> None:
    alpha = np.zeros((48, 64), np.uint8)
    alpha[10:30, 20:40] = 255
    alpha[30:40] = 128
    Image.fromarray(np.dstack([PIXELS, alpha])).save(tmp_path / "a.tif")
    copy = export(tmp_path / "a.tif", tmp_path / f"b{suffix}", words=words)
    with Image.open(copy) as image:
        if suffix == ".jpg":
            assert image.mode == "RGB"
            assert np.asarray(image)[:8].min() > 250
        else:
            assert np.abs(np.asarray(image)[..., 3].astype(int) - alpha).max() <= 2
    Image.fromarray(np.dstack([PIXELS, np.full_like(alpha, 255)])).save(tmp_path / "opaque.tif")
    with Image.open(export(tmp_path / "opaque.tif", tmp_path / f"opaque{suffix}", words=words)) as image:
        assert image.mode == "RGB"


def test_words_too_long_for_jpeg_are_not_cut(tmp_path: Path) -> None:
    source = foreign(tmp_path / "long.png", {"parameters": "cat " * 30_000 + "\nSteps: 2, Seed: 1, Size: 64x48"})
    with pytest.raises(UserError, match="too large for this format"):
        export(source, tmp_path / "long.jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["long.png"]


def test_a_phones_jpeg_with_a_second_picture_is_copied_as_it_is(tmp_path: Path) -> None:
    photo = tmp_path / "phone.jpg"
    first = Image.fromarray(PIXELS)
    first.save(photo, "MPO", save_all=True, append_images=[first])
    assert export(photo, tmp_path / "copy.jpg").read_bytes() == photo.read_bytes()


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_other_formats_are_exported_in_one_of_ours(tmp_path: Path, suffix: str) -> None:
    Image.fromarray(PIXELS).save(tmp_path / "photo.bmp")
    copy = export(tmp_path / "photo.bmp", tmp_path / f"copy{suffix}")
    with Image.open(copy) as image:
        assert image.format == images.SUFFIXES[suffix]
    assert images.read(copy).request is None


def test_what_is_not_known_is_not_written() -> None:
    assert "None" not in to_parameters(GenerationRequest("a cat"), Provenance())


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
@pytest.mark.parametrize("name", ["ComfyUI", "InvokeAI", "SwarmUI", "Fooocus", "NovelAI", "Draw Things"])
def test_what_each_program_said_is_read_from_the_copy_too(tmp_path: Path, name: str, suffix: str) -> None:
    source = images.read(foreign(tmp_path / "a.png", WRITTEN[name]))
    there = images.read(export(source.path, tmp_path / f"a{suffix}"))
    back = images.read(export(there.path, tmp_path / "back.png"))
    assert source.provenance.source == name
    assert source.request is not None
    assert source.request == there.request == back.request
    assert source.provenance.source == there.provenance.source == back.provenance.source


@pytest.mark.parametrize("suffix", [".png", ".webp"])
@pytest.mark.parametrize("name", ["SwarmUI, JPEG", "Fooocus, JPEG", "NovelAI, WebP"])
@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-8"])
def test_comments_of_exif_go_along(tmp_path: Path, name: str, suffix: str, encoding: str) -> None:
    text = WRITTEN[name]["UserComment"]
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + text.encode(encoding)
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", exif=exif)
    source = images.read(tmp_path / "a.jpg")
    there = images.read(export(source.path, tmp_path / f"a{suffix}"))
    assert source.request is not None
    assert source.request == there.request


def test_a_cameras_comment_is_no_prompt(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "in Paris".encode("utf-16-be")
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", exif=exif)
    with Image.open(export(tmp_path / "a.jpg", tmp_path / "a.png")) as image:
        assert "parameters" not in image.info
        assert b"UNICODE" in image.getexif().get_ifd(0x8769)[0x9286]
    assert comment(export(tmp_path / "a.jpg", tmp_path / "a.webp")) == "in Paris"


def test_a_phones_jpeg_with_a_second_picture_keeps_each_byte(tmp_path: Path) -> None:
    first, second = (Image.new("RGB", (64, 48), colour) for colour in ("red", "blue"))
    first.save(tmp_path / "phone.jpg", "MPO", save_all=True, append_images=[second])
    data = (tmp_path / "phone.jpg").read_bytes() + b"\0\0\0\x18ftypmp42" + bytes(1000)
    (tmp_path / "phone.jpg").write_bytes(data)
    assert export(tmp_path / "phone.jpg", tmp_path / "out" / "phone.jpg").read_bytes() == data
    assert images.read(export(tmp_path / "phone.jpg", tmp_path / "out" / "phone.webp")).request is None


def test_a_copy_in_another_format_has_the_colours_of_the_profile(tmp_path: Path) -> None:
    """A copy without the profile has to have the numbers of sRGB."""
    Image.new("RGB", (16, 16), (180, 90, 60)).save(tmp_path / "x.png", icc_profile=DISPLAY_P3)
    for name in ("x.jpg", "x.webp"):
        with Image.open(export(tmp_path / "x.png", tmp_path / "out" / name)) as copy:
            assert "icc_profile" not in copy.info
            assert np.abs(np.asarray(copy)[5, 5].astype(int) - (195, 83, 47)).max() <= 5
