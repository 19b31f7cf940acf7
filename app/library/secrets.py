"""Keys of online services: in the system's keychain, or for this session only. Never in a file of ours.

An environment variable wins over both. Values are read once and kept in memory, so that a keychain that asks its
user does so once. All functions may be called from any thread; each ends after at most `WAIT_SECONDS`.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

from app.core.errors import UserError
from app.core.message import NOTHING, Message, message

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Source = Literal["environment", "keychain", "session"]

SERVICE = "Sana Studio"
VARIABLES = {"huggingface": "HF_TOKEN"}
"""The names of the secrets, and the environment variable of each; backends `declare` theirs."""

_checks: dict[str, Callable[[str], str]] = {}

WAIT_SECONDS = 20.0
MAX_LENGTH = 500
_SILENT = message("The keychain does not answer.")
_LOCKED = message("The keychain is locked, or its use was refused.")
_SHORTEST = 6
"""Shorter texts are not blanked: they would be found by chance in any log line."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A key, if there is one, and where it comes from. Its value is not shown when it is printed."""

    value: str | None = field(default=None, repr=False)
    source: Source | None = None


@dataclass
class _Memory:
    """What this process knows of the secrets. A value in `kept` is as read from the keychain, None for none."""

    kept: dict[str, str | None] = field(default_factory=dict, repr=False)
    session: dict[str, str] = field(default_factory=dict, repr=False)
    seen: list[str] = field(default_factory=list, repr=False)
    refusal: Message = NOTHING


_memory = _Memory()
_turn = threading.Lock()
_overdue = threading.Event()
"""A call to the keychain that nobody waits for any more is still under way."""


def declare(name: str, variable: str, check: Callable[[str], str] | None = None) -> None:
    """Add the secret of a service.

    Args:
        check: gives what is kept for what was typed, or raises UserError, which must not show it. A key is one word,
            which is what is checked where it is left out.
    """
    VARIABLES[name] = variable
    _checks[name] = check or _as_key


def undeclare(name: str) -> None:
    """Take away the secret of a service that is gone. What this process knows of it goes on being blanked."""
    variable = VARIABLES.pop(name, "")
    _checks.pop(name, None)
    _memory.session.pop(name, None)
    _memory.seen.append(os.environ.get(variable, "").strip())


def get(name: str) -> Secret:
    """The secret `name`: from the environment, this session or the keychain, in this order.

    Raises:
        UserError: the keychain is locked, refused or does not answer. It is not asked again until `retry`.
        KeyError: there is no secret of that name.
    """
    value = os.environ.get(VARIABLES[name], "").strip()
    if value:
        return Secret(value, "environment")
    if name in _memory.session:
        return Secret(_memory.session[name], "session")
    if name not in _memory.kept:
        if _memory.refusal:
            raise _refused(_memory.refusal)
        _memory.kept[name] = _ask(lambda keychain: keychain.get_password(SERVICE, name))
        _memory.seen.append(_memory.kept[name] or "")
    kept = _memory.kept[name]
    return Secret(kept, "keychain") if kept else Secret()


def cached(name: str) -> Secret:
    """The secret `name` as far as it is known without asking the keychain: `get` does that, and may take its time.

    Raises:
        UserError: the keychain was asked before, and was locked, refused or did not answer.
    """
    known = name in _memory.kept or name in _memory.session or os.environ.get(VARIABLES[name], "").strip()
    return get(name) if known or _memory.refusal else Secret()


def set(name: str, value: str, *, session_only: bool = False) -> Source:  # read as `secrets.set`
    """Keep a secret in the keychain; returns where it is now: where there is no keychain, only in this session.

    Args:
        session_only: forget it at the end of the session, though there is a keychain: the way on when that is locked.

    Raises:
        UserError: it cannot be a key, or the keychain is locked, refused or does not answer.
        KeyError: there is no secret of that name.
    """
    VARIABLES[name]
    value = _checks.get(name, _as_key)(value)
    _memory.seen.append(value)
    if session_only or not lasting():
        _memory.session[name] = value
        return "session"
    _ask(lambda keychain: keychain.set_password(SERVICE, name, value))
    _memory.session.pop(name, None)
    _memory.kept[name] = value
    return "keychain"


def delete(name: str) -> None:
    """Remove a secret from this session and the keychain. What the environment says stays.

    Raises:
        UserError: the keychain is locked, refused or does not answer; what it keeps is still there.
        KeyError: there is no secret of that name.
    """

    def remove(keychain: KeyringBackend) -> None:
        if keychain.get_password(SERVICE, name) is not None:
            keychain.delete_password(SERVICE, name)

    VARIABLES[name]
    _memory.session.pop(name, None)
    _ask(remove)
    _memory.kept[name] = None


def lasting() -> bool:
    """Whether there is a keychain, so that `set` keeps a secret for more than this session."""
    return _ask(lambda _: True) is not None


def retry() -> None:
    """Ask a keychain again that was locked or refused."""
    _memory.refusal = NOTHING


def redact(text: str) -> str:
    """The text with every known secret blanked: for logs and messages, should one ever get there."""
    environment = [os.environ.get(variable, "").strip() for variable in VARIABLES.values()]
    whole = (*environment, *_memory.seen)
    parts = (part for value in whole for part in _parts(value))
    for value in sorted((*whole, *parts), key=len, reverse=True):  # one may begin with another
        if len(value) >= _SHORTEST:
            text = text.replace(value, "•••")
    return text


def _parts(value: str) -> Iterator[str]:
    """What is secret in headers, such as "Authorization: Bearer abc" on each line: the values, and their last words."""
    for line in value.splitlines() if ": " in value else ():
        header = line.partition(":")[2].strip()
        yield from (header, header.rpartition(" ")[2])


def _as_key(value: str) -> str:
    value = value.strip()
    if not value:
        raise UserError(message("The key is empty."), message("Paste the key from your account's page."))
    if len(value) > MAX_LENGTH or not value.isascii() or not value.isprintable() or " " in value:
        raise UserError(
            message("This cannot be a key."), message("Paste the key alone, without other words or line breaks.")
        )
    return value


def _keychain() -> KeyringBackend | None:
    """The system's keychain; None where there is none. Chosen by name: in a bundle, keyring cannot find its own."""
    if sys.platform == "darwin":
        from keyring.backends import macOS

        return macOS.Keyring()  # type: ignore[no-untyped-call]
    from keyring.backends import SecretService

    try:
        SecretService.Keyring.priority  # noqa: B018 - raises RuntimeError where no service answers
    except RuntimeError:
        return None
    return SecretService.Keyring()  # type: ignore[no-untyped-call]


def _ask(question: Callable[[KeyringBackend], Result]) -> Result | None:
    """Ask the keychain in a thread of its own, since it may wait for its user for ever; None where there is none.

    Raises:
        UserError: it refused or did not answer. Nothing of what it said is passed on but the kind.
    """
    if not _turn.acquire(timeout=0 if _overdue.is_set() else WAIT_SECONDS):
        raise _refused(_SILENT)
    answer: Future[Result | None] = Future()

    def work() -> None:
        try:
            keychain = _keychain()
            answer.set_result(question(keychain) if keychain else None)
        except BaseException as error:
            answer.set_exception(error)
        finally:
            if _overdue.is_set():  # its user answered after all
                _overdue.clear()
                _memory.kept.clear()
                retry()
            _turn.release()

    threading.Thread(target=work, name="keychain", daemon=True).start()
    try:
        return answer.result(WAIT_SECONDS)
    except TimeoutError:
        _overdue.set()
        raise _refused(_SILENT) from None
    except Exception as error:  # keyring passes on what its parts raise; the message could hold anything
        log.warning("The keychain refused: %s", type(error).__name__)
        raise _refused(_LOCKED) from None


def _refused(problem: Message) -> UserError:
    _memory.refusal = problem
    return UserError(
        problem,
        message("Unlock it and try again, keep the key for this session only, or set it as an environment variable."),
    )
