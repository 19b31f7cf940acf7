import contextlib
import errno
import io
import os
import subprocess
import sys
import time
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from app.core.errors import UserError
from app.core.output import Pixels, Provenance
from app.core.request import GenerationRequest
from app.library.pictures import images

REQUEST = GenerationRequest(
    prompt="a red sailboat on the sea at sunset",
    negative="fog",
    backend="torch",
    width=96,
    height=64,
    steps=20,
    guidance=4.5,
    solver="dpmpp",
    seed=7,
)
MADE = Provenance(seconds=1.5, backend="torch", model="Starter")
PROMPTS = [
    "日落时分海上的一艘红色帆船",
    "emoji 🌅👩‍👩‍👧 and\nline\r\nbreaks\ttabs",
    "Negative prompt: not one\nSteps: 3, Seed: 9",
    'quotes " \\ and <tags> & zero \0 and \u2028 separators',
    "מפרשית بحر สวัสดี नमस्ते",
    "very long " * 1000,
    "很长的提示词" * 20_000,
]


def painting(width: int = 96, height: int = 64) -> Pixels:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


def png(tmp_path: Path, **texts: str) -> Path:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_itxt(key, text)
    path = tmp_path / "foreign.png"
    Image.new("RGB", (8, 8)).save(path, pnginfo=info)
    return path


@pytest.mark.parametrize("file_format", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("prompt", PROMPTS, ids=range(len(PROMPTS)))
def test_what_made_a_picture_comes_back(tmp_path: Path, file_format: str, prompt: str) -> None:
    request = REQUEST.replace(prompt=prompt)
    started = time.time()
    saved = images.save(painting(), request, MADE, tmp_path, file_format)
    read = images.read(saved.path)
    assert read == saved
    assert read.request == request
    assert read.provenance == MADE
    assert (read.width, read.height) == (96, 64)
    assert started <= read.created <= time.time()
    assert (read.prompt, read.seed) == (prompt, 7)


def test_png_keeps_every_pixel_and_speaks_to_other_programs(tmp_path: Path) -> None:
    saved = images.save(painting(), REQUEST, MADE, tmp_path / "missing" / "folder")
    with Image.open(saved.path) as image:
        np.testing.assert_array_equal(np.asarray(image), painting())
        assert image.info["parameters"].startswith(
            "a red sailboat on the sea at sunset\nNegative prompt: fog\nSteps: 20"
        )
        assert set(image.info) == {"parameters", "sana-studio", "XML:com.adobe.xmp", "xmp"}
    np.testing.assert_array_equal(images.decode(saved.path), painting())


@pytest.mark.parametrize(("file_format", "suffix"), [("png", ".png"), ("jpeg", ".jpg"), ("webp", ".webp")])
def test_every_format_says_that_a_model_made_it(tmp_path: Path, file_format: str, suffix: str) -> None:
    saved = images.save(painting(), REQUEST, MADE, tmp_path, file_format)
    assert saved.path.suffix == suffix
    data = saved.path.read_bytes()
    assert b"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia" in data
    with Image.open(saved.path) as image:
        assert image.format == file_format.upper()
        assert b"trainedAlgorithmicMedia" in image.info["xmp"]


@pytest.mark.parametrize("file_format", ["jpeg", "webp"])
def test_jpeg_and_webp_carry_the_standard_comment(tmp_path: Path, file_format: str) -> None:
    saved = images.save(painting(), REQUEST.replace(prompt="日落"), MADE, tmp_path, file_format)
    with Image.open(saved.path) as image:
        comment = image.getexif().get_ifd(0x8769)[0x9286]
    assert comment.removeprefix(b"UNICODE\0").decode("utf-16-be").startswith("日落\nNegative prompt: fog\nSteps: 20")


@pytest.mark.parametrize("file_format", ["jpeg", "webp"])
def test_jpeg_and_webp_stay_close_to_the_pixels(tmp_path: Path, file_format: str) -> None:
    ramp = np.linspace(0, 255, 96).astype(np.uint8)
    pixels = np.stack([np.tile(ramp, (64, 1)), np.tile(ramp[::-1], (64, 1)), np.full((64, 96), 80, np.uint8)], axis=2)
    saved = images.save(pixels, REQUEST, MADE, tmp_path, file_format)
    assert np.abs(images.decode(saved.path).astype(int) - pixels).mean() < 2


def test_what_a_jpeg_cannot_hold_becomes_a_png(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    saved = images.save(painting(), REQUEST.replace(prompt="日" * 30_000), MADE, tmp_path, "jpeg")
    assert saved.path.suffix == ".png"
    assert images.read(saved.path).prompt == "日" * 30_000
    assert "PNG" in caplog.text
    with pytest.raises(UserError, match=r"ends in \.png"):
        images.save_as(painting(), REQUEST.replace(prompt="日" * 30_000), MADE, tmp_path / "x.jpg")
    assert images.save(painting(17_000, 1), REQUEST, MADE, tmp_path, "webp").path.suffix == ".png"


def test_the_same_pixels_give_the_same_bytes_of_pixels(tmp_path: Path) -> None:
    one, two = (images.save(painting(), REQUEST, MADE, tmp_path) for _ in range(2))
    assert one.path != two.path
    np.testing.assert_array_equal(images.decode(one.path), images.decode(two.path))


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("sunset, sailboat!", "sunset sailboat"),
        ("../../etc/passwd", "etc passwd"),
        ("日落时分,海上的帆船", "日落时分 海上的帆船"),
        ("🌅🌅", "picture"),
        ('a:b\\c|d*e?f"g<h>\0\n', "a b c d e f g h"),
        ("---", "picture"),
        ("a very long prompt that goes on and on and on without end", "a very long prompt that goes on and on"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
    ],
)
def test_names_are_short_safe_and_sortable(prompt: str, words: str) -> None:
    created = time.mktime((2026, 11, 23, 12, 0, 0, 0, 0, -1))
    assert images.file_name(REQUEST.replace(prompt=prompt), created) == f"2026-11-23 {words} 7"


@pytest.mark.parametrize("prompt", ["字" * 500, "é" * 500, "𝔘" * 300, "a" + "\u0301" * 400])
def test_names_of_any_prompt_fit_the_disk(tmp_path: Path, prompt: str) -> None:
    for _ in range(2):
        path = images.save(painting(), REQUEST.replace(prompt=prompt), MADE, tmp_path).path
        assert len(path.name.encode()) < 200
    assert len(list(tmp_path.iterdir())) == 2


def test_a_named_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_text("older")
    saved = images.save_as(painting(), REQUEST, MADE, path)
    assert saved.path == path
    assert images.read(path).request == REQUEST
    for name in ("x.txt", "x"):
        with pytest.raises(UserError, match="ends in"):
            images.save_as(painting(), REQUEST, MADE, tmp_path / name)


# What can go wrong with the disk. Each time: a message with a remedy, and no half file.


def test_a_disk_that_fills_up_leaves_no_half_file(tmp_path: Path) -> None:
    """The operating system itself refuses to write more than 10 kB of the picture."""
    script = f"""
import resource, signal, sys
import numpy as np
from pathlib import Path
from app.core.errors import UserError
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library.pictures import images
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
pixels = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
try:
    images.save(pixels, GenerationRequest("x", seed=1), Provenance(), Path({str(tmp_path)!r}))
except UserError as error:
    sys.exit(0 if "full" in str(error.message) and error.remedy else f"wrong message: {{error}}")
sys.exit("no error")
"""
    result = subprocess.run([sys.executable, "-c", script], cwd=Path.cwd(), capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_process_killed_while_saving_leaves_whole_pictures_only(tmp_path: Path) -> None:
    script = f"""
import numpy as np
from pathlib import Path
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.library.pictures import images
pixels = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
while True:
    images.save(pixels, GenerationRequest("x", seed=1), Provenance(), Path({str(tmp_path)!r}))
"""
    for wait in (0.0, 0.011, 0.023):
        process = subprocess.Popen([sys.executable, "-c", script])
        before = len(list(tmp_path.glob("*.png")))
        deadline = time.monotonic() + 30
        while len(list(tmp_path.glob("*.png"))) < before + 3 and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(wait)
        process.kill()
        process.wait()
    pictures = list(tmp_path.glob("[!.]*"))
    assert len(pictures) >= 9
    for path in pictures:
        assert images.read(path).seed == 1
        assert images.decode(path).shape == (128, 128, 3)


def test_a_disk_that_is_really_full_or_read_only(tmp_path: Path) -> None:
    """A RAM disk of 64 kB, where mounting is allowed (root on Linux)."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a RAM disk needs root on Linux")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine does not allow mounting")
    try:
        small = images.save(painting(16, 16), REQUEST, MADE, disk)
        with pytest.raises(UserError, match="disk is full") as caught:
            images.save(painting(256, 256), REQUEST, MADE, disk)
        assert caught.value.remedy
        assert [path.name for path in disk.iterdir()] == [small.path.name]
        assert images.read(small.path) == small
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(UserError, match="cannot be written to"):
            images.save(painting(16, 16), REQUEST, MADE, disk)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UserError, match="cannot be written to"):
            images.save(painting(), REQUEST, MADE, tmp_path)
    finally:
        tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UserError, match="cannot be written to") as caught:
        images.save(painting(), REQUEST, MADE, tmp_path)
    assert "another folder" in str(caught.value.remedy)


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="no folder"):
        images.save(painting(), REQUEST, MADE, tmp_path / "file")
    with pytest.raises(UserError, match="no folder"):
        images.save(painting(), REQUEST, MADE, tmp_path / "file" / "below")


def test_wrong_pixels_are_a_bug(tmp_path: Path) -> None:
    for pixels in (np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.uint8)):
        with pytest.raises(ValueError, match="pixels are"):
            images.save(pixels, REQUEST, MADE, tmp_path)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no such file format"):
        images.save(painting(), REQUEST, MADE, tmp_path, "gif")
    assert list(tmp_path.iterdir()) == []


# Pictures from elsewhere.


def test_pictures_of_other_programs(tmp_path: Path) -> None:
    picture = images.read(png(tmp_path, parameters="a cat\nSteps: 5, Seed: 3, Size: 8x8, Model: v1-5"))
    assert (picture.prompt, picture.seed, picture.provenance.source) == ("a cat", 3, "AUTOMATIC1111")
    picture = images.read(png(tmp_path, invokeai_metadata='{"positive_prompt": "a dog", "seed": 4}'))
    assert (picture.prompt, picture.seed, picture.provenance.source) == ("a dog", 4, "InvokeAI")
    picture = images.read(png(tmp_path, **{"sana-studio": "{broken", "parameters": "a cow\nSteps: 5"}))
    assert picture.prompt == "a cow"
    picture = images.read(png(tmp_path, prompt='{"3": {"class_type": "KSampler"}}', workflow="{}"))
    assert picture.request is None


VALUES = "a cat, 日落\nSteps: 5, Seed: 3, Size: 8x8, Model: v1-5"


@pytest.mark.parametrize(
    ("comment", "prompt"),
    [
        (b"UNICODE\0" + VALUES.encode("utf-16-be"), "a cat, 日落"),
        (b"UNICODE\0" + VALUES.encode("utf-16-le"), "a cat, 日落"),
        (b"UNICODE\0" + VALUES.encode("utf-16"), "a cat, 日落"),
        (b"ASCII\0\0\0" + VALUES.encode(), "a cat, 日落"),
        (bytes(8) + VALUES.encode(), "a cat, 日落"),
        (b"ASCII\0\0\0Screenshot", ""),
        (b"UNICODE\0" + "taken in Paris".encode("utf-16-be"), ""),
        (b"UNICODE\0\xd8", ""),
        (b"", ""),
    ],
)
@pytest.mark.parametrize("suffix", ["jpg", "webp"])
def test_comments_of_other_programs(tmp_path: Path, comment: bytes, prompt: str, suffix: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = comment
    path = tmp_path / f"x.{suffix}"
    Image.new("RGB", (16, 16)).save(path, exif=exif.tobytes())
    picture = images.read(path)
    assert (picture.prompt, picture.seed) == (prompt, 3 if prompt else None)


def test_sixteen_bits_of_grey_are_scaled_not_cut_off(tmp_path: Path) -> None:
    levels = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    Image.fromarray(levels).save(tmp_path / "grey.png")
    decoded = images.decode(tmp_path / "grey.png").astype(int)
    assert np.abs(decoded[..., 0].ravel() - np.arange(256)).max() <= 1


def test_a_plain_photo_has_no_request(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (30, 20)).save(path, exif=exif)
    os.utime(path, (1e9, 1e9))
    picture = images.read(path)
    assert (picture.request, picture.provenance, picture.prompt, picture.seed) == (None, Provenance(), "", None)
    assert (picture.width, picture.height) == (20, 30), "as it is seen, not as it is stored"
    assert picture.created == 1e9
    assert images.decode(path).shape == (30, 20, 3)
    with Image.open(io.BytesIO(images.thumbnail(path, 15))) as small:
        assert small.size == (10, 15)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "RGB"])
def test_pictures_of_every_kind_of_pixel_can_be_decoded(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "x.png"
    Image.new(mode, (40, 20)).save(path)
    assert images.decode(path).shape == (20, 40, 3)
    with Image.open(io.BytesIO(images.thumbnail(path, 10))) as small:
        assert (small.size, small.mode) == ((10, 5), "RGB")
    if mode in {"LA", "RGBA"}:
        assert images.decode(path).min() == 255, "what is transparent lies on white"


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png_bytes(width: int, height: int, *chunks: bytes) -> bytes:
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + body + chunk(b"IEND", b"")


HOSTILE = {
    "empty": b"",
    "text": b"hello",
    "html": b"<html></html>",
    "only a signature": b"\x89PNG\r\n\x1a\n",
    "decompression bomb": png_bytes(60_000, 60_000),
    "just a bit too many pixels": png_bytes(20_001, 20_000),
    "no pixels": png_bytes(0, 0),
    "text bomb": png_bytes(8, 8, chunk(b"iTXt", b"parameters\0\1\0\0\0" + zlib.compress(b"a" * 50_000_000))),
    "huge text": png_bytes(8, 8, chunk(b"iTXt", b"parameters\0\0\0\0\0" + b"a" * 9_000_000)),
    "huge texts": png_bytes(8, 8, *[chunk(b"tEXt", b"k%d\0" % i + b"a" * 8_000_000) for i in range(9)]),
    "a million texts": png_bytes(8, 8, *[chunk(b"tEXt", b"k%d\0v" % i) for i in range(100_000)]),
    "pixels in a million pieces": png_bytes(8, 8, *[chunk(b"IDAT", b"")] * 300_000),
    "chunk longer than the file": png_bytes(8, 8, b"\x7f\xff\xff\xfftEXtx"),
    "riff": b"RIFF\xff\xff\xff\x7fWEBPVP8 ",
    "jpeg start": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "gif": b"GIF89a\1\0\1\0\0\0\0;",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_message(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(UserError) as caught:
        images.read(path)
    assert "x.png" in str(caught.value.message)
    assert caught.value.remedy
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("file_format", ["png", "jpeg", "webp"])
def test_truncated_files_are_refused(tmp_path: Path, file_format: str) -> None:
    path = images.save(painting(200, 200), REQUEST, MADE, tmp_path, file_format).path
    whole = path.read_bytes()
    for kept in (len(whole) - 20, len(whole) // 2, 300, 20):
        path.write_bytes(whole[:kept])
        with pytest.raises(UserError):
            images.read(path)


@pytest.mark.parametrize("file_format", ["png", "jpeg", "webp"])
def test_damaged_files_never_raise_anything_else(tmp_path: Path, file_format: str) -> None:
    path = images.save(painting(32, 32), REQUEST, MADE, tmp_path, file_format).path
    whole = path.read_bytes()
    random = np.random.default_rng(5)
    for _ in range(150):
        damaged = bytearray(whole)
        for position in random.integers(0, len(whole), 5):
            damaged[position] = random.integers(0, 256)
        path.write_bytes(damaged)
        for action in (images.read, images.decode, lambda p: images.thumbnail(p, 16)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Pillow's remarks on damaged EXIF
                with contextlib.suppress(UserError):
                    action(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    for call in (images.read, images.decode):
        with pytest.raises(UserError, match="no picture that can be read"):
            call(tmp_path / "pipe.png")


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no picture “x\.png” in "):
        images.read(tmp_path / "x.png")
    with pytest.raises(UserError, match="folder"):
        images.read(tmp_path)


def test_thumbnails_keep_the_shape(tmp_path: Path) -> None:
    for file_format in ("png", "jpeg", "webp"):
        path = images.save(painting(1024, 512), REQUEST, MADE, tmp_path, file_format).path
        with Image.open(io.BytesIO(images.thumbnail(path, 256))) as small:
            assert (small.size, small.format) == ((256, 128), "JPEG")
            assert not small.getexif(), "a thumbnail carries no prompt"


def test_grey_in_floats_goes_from_0_to_1(tmp_path: Path) -> None:
    values = np.linspace(0, 1, 64, dtype=np.float32)[None].repeat(8, 0)
    values[0, 0], values[1, 0] = np.nan, np.inf
    Image.fromarray(values).save(tmp_path / "grey.tiff")
    pixels = images.decode(tmp_path / "grey.tiff")
    assert (pixels[4, :, 0] == (np.linspace(0, 1, 64) * 255).round()).all()
    assert (pixels[0, 0, 0], pixels[1, 0, 0]) == (0, 255)


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "Git LFS"), (b"P6\n1 1\n255\nabc", "PPM")],
)
def test_what_a_file_is_instead_of_a_picture_is_named(tmp_path: Path, content: bytes, word: str) -> None:
    (tmp_path / "house.png").write_bytes(content)
    with pytest.raises(UserError, match=word):
        images.decode(tmp_path / "house.png")
