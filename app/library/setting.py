"""What a setting is: its type, its limits, and the words that the settings dialog shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal
from unicodedata import category
from urllib.parse import urlsplit

from app.core.errors import UserError
from app.core.message import NOTHING, Message, message, series
from app.library import paths

Value = str | int | float | bool
Kind = Literal["text", "bool", "int", "float", "choice", "folder", "address"]
Page = str
"""A page of the dialog: "General", "Backends", "Models", "Cloud", "Endpoints", "Advanced" or that of a backend
(`backends.base.HasServer`)."""

MAX_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        key: its name in the file; never changes.
        default: its value when the file says nothing, of the type that `kind` has.
        label, help: the words of the dialog.
        page: the dialog's page; empty for what the app keeps for itself.
        kind: "folder" is the path of a folder, empty for the standard one; "address" is one of the web, http or https,
            without a name or a password in it, and empty for the default.
        choices: for the kind "choice", the allowed values with their labels.
        minimum, maximum: limits of a number, both included.
        zero: what a number of 0 means, in a word or two; empty where it is a number as others are.
    """

    key: str
    default: Value
    label: Message
    help: Message
    page: Page
    kind: Kind
    choices: tuple[tuple[Value, Message], ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    zero: Message = NOTHING

    def check(self, value: Any) -> Value:
        """The value in the setting's type.

        Raises:
            UserError: it is no value of this setting; the remedy names what would be.
        """
        match self.kind:
            case "bool":
                if isinstance(value, bool):
                    return value
                raise self._wrong(value, message("Choose on or off."))
            case "choice":
                for allowed, _ in self.choices:
                    if type(value) is type(allowed) and value == allowed:
                        return allowed
                names = series([str(allowed) for allowed, _ in self.choices])
                raise self._wrong(value, message("Choose one of: {names}.", names=names))
            case "int" | "float":
                return self._number(value)
            case "text" | "folder":
                return self._text(value)
            case "address":
                return self._address(value)

    def _number(self, value: Any) -> int | float:
        usable = (isinstance(value, int) and not isinstance(value, bool)) or (
            isinstance(value, float) and math.isfinite(value)
        )
        whole = usable and value == int(value)
        low, high = self.minimum, self.maximum
        in_limits = usable and (low is None or value >= low) and (high is None or value <= high)
        if not in_limits or (self.kind == "int" and not whole):
            raise self._wrong(value, _number_wanted(self.kind == "int", low, high))
        return int(value) if self.kind == "int" else float(value)

    def _text(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > MAX_TEXT or any(category(c) in {"Cc", "Cs"} for c in value):
            raise self._wrong(value, message("Type a line of text."))
        text = value.strip()
        if self.kind == "folder" and text:
            try:
                folder = paths.expanded(text)
                usable = folder.is_absolute() and (folder.is_dir() or not folder.exists())
            except OSError:  # no permission to look, or too long a name
                usable = False
            if not usable:
                raise self._wrong(value, message("Choose a folder."))
            return str(folder)
        return text

    def _address(self, value: Any) -> str:
        text = self._text(value)
        if not text:
            return str(self.default)
        try:
            if "://" not in text:
                host = urlsplit(f"//{text}")
                name = host.hostname or ""
                near = host.port is not None or name == "localhost" or name.replace(".", "").isdigit()
                text = f"{'http' if near else 'https'}://{text}"
            parts = urlsplit(text)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
            usable = usable and not parts.query and not parts.fragment and not any(map(str.isspace, text))
        except ValueError:
            usable, parts = False, urlsplit("")
        if parts.username is not None or parts.password is not None:  # it would stand in a file, and in the log
            raise UserError(
                message("An address must not contain a password."),
                message("Leave out the part before the @. If a proxy asks for it, enter it as a header."),
            )
        if not usable:
            example = str(self.default) or "https://huggingface.co"
            raise self._wrong(value, message("Type an address such as {example}, or leave it empty.", example=example))
        return text.rstrip("/")

    def _wrong(self, value: Any, remedy: Message) -> UserError:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
        return UserError(
            message("{value} does not fit the setting “{setting}”.", value=shown, setting=self.label), remedy
        )


def _number_wanted(whole: bool, low: float | None, high: float | None) -> Message:
    if low is None or high is None:
        return message("Choose a whole number.") if whole else message("Choose a number.")
    if whole:
        return message("Choose a whole number from {low:g} to {high:g}.", low=low, high=high)
    return message("Choose a number from {low:g} to {high:g}.", low=low, high=high)
