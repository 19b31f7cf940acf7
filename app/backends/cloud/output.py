"""Fetching a finished picture: by a client that carries no credentials, with a size limit, and checked as a whole."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import httpx
import numpy as np

from app.core.errors import UserError
from app.core.message import Message, message
from app.core.output import Pixels
from app.library import network
from app.library.pictures.formats.pillow import Image

MAX_BYTES = 64 << 20
MAX_PIXELS = 8192 * 8192
_SCHEMES = ("https", "http", "data")
_FORMATS = ("PNG", "JPEG", "WEBP")


class PictureGone(UserError):  # noqa: N818
    """The service has deleted the picture."""

    def __init__(self, service: str) -> None:
        super().__init__(
            message("The picture is no longer at {service}, which deletes pictures after a while.", service=service),
            message("Generate it again; that is charged again."),
        )


class NoPicture(UserError):  # noqa: N818
    """The prediction succeeded, and there is no picture that can be read in its output. No further try finds one."""

    def __init__(self, output: Any, service: str) -> None:
        if is_empty(output):
            super().__init__(
                message("{service} gave no picture; its filter may have refused the prompt.", service=service),
                message("Change the prompt and generate again. This try may have been charged."),
            )
        else:
            super().__init__(
                message("The answer of {service} holds no picture that this app can read.", service=service),
                message("Choose another model, or look for an update of the app. This try may have been charged."),
            )


class PictureBroken(UserError):  # noqa: N818
    """What came is no whole picture, or nothing came. Another try may do better, and costs nothing."""

    def __init__(self, reason: Message) -> None:
        super().__init__(
            message("The picture is finished, but could not be fetched: {reason}.", reason=reason),
            message("Try again soon: it is fetched without being charged again."),
        )


class PictureTooLarge(PictureBroken):
    """It is larger than any picture that was ordered; another try will find it so again."""

    def __init__(self) -> None:
        super().__init__(message("it is larger than {megabytes} MB", megabytes=MAX_BYTES >> 20))


def is_empty(output: Any) -> bool:
    """Whether an output holds nothing at all: null, or a list of nothing, which is what a model's filter leaves."""
    return all(is_empty(item) for item in output) if isinstance(output, list) else output in (None, "", {})


def address(output: Any, service: str) -> str:
    """The address of the picture in a prediction's output: one address, or the first in a list.

    Raises:
        NoPicture: there is none.
    """
    for item in output if isinstance(output, list) else [output]:
        if isinstance(item, str) and item.partition(":")[0].lower() in _SCHEMES:
            return item
    raise NoPicture(output, service)


def download(
    uri: str,
    *,
    service: str,
    plain_http: bool,
    stopping: Callable[[], bool],
    connect: float,
    read: float,
    most: float = 180,
) -> bytes:
    """The file at an address.

    Args:
        service: its name, for messages.
        plain_http: allow addresses without encryption; only for a service that runs on this machine.
        stopping: asked between chunks; when True, what came so far is given up with PictureBroken.
        connect, read, most: seconds for the connection, without a byte, and for the whole file.

    Raises:
        PictureGone, PictureBroken: as their names say.
    """
    allowed = ("https", "http") if plain_http else ("https",)

    def check(request: httpx.Request) -> None:
        if request.url.scheme not in allowed:
            raise PictureBroken(message("its address is not safe"))

    if uri.startswith("data:"):
        return _inline(uri)
    latest = time.monotonic() + most
    try:
        with (
            network.client(
                uri,
                timeout=httpx.Timeout(read, connect=connect),
                follow_redirects=True,
                max_redirects=3,
                event_hooks={"request": [check]},
            ) as client,
            client.stream("GET", uri) as response,
        ):
            if response.status_code in (404, 410):
                raise PictureGone(service)
            if not response.is_success:
                raise PictureBroken(message("its server answered {status}", status=response.status_code))
            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise PictureTooLarge
                if stopping() or time.monotonic() > latest:
                    raise PictureBroken(message("it took too long"))
            return bytes(data)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PictureBroken(message("the connection failed")) from error


def _inline(uri: str) -> bytes:
    """The file within a data: address."""
    kind, _, data = uri.partition(",")
    if len(data) > MAX_BYTES * 4 // 3 + 4:
        raise PictureTooLarge
    try:
        return base64.b64decode(data, validate=True) if kind.endswith(";base64") else unquote_to_bytes(data)
    except ValueError as error:
        raise PictureBroken(message("what came is no whole picture")) from error


def decode(data: bytes) -> Pixels:
    """A file as (H, W, 3) uint8.

    Raises:
        PictureBroken: it is no PNG, JPEG or WebP, not whole, or unreasonably large.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PictureBroken(
                    message("it claims to have {width} × {height} pixels", width=image.width, height=image.height)
                )
            image.verify()
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:  # verify() leaves nothing to read
            image.load()
            return np.asarray(image.convert("RGB")).copy()
    except PictureBroken:
        raise
    except Exception as error:  # Pillow meets broken files with a dozen types of exceptions
        raise PictureBroken(message("what came is no whole picture")) from error
