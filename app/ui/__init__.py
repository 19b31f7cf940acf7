"""The window: widgets that show state and emit intents. They talk to the engine only."""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401

# PySide looks into the source of each module that is imported for `from __feature__ import snake_case`, which nothing
# here uses: a fifth of the time of our imports. Python's own import it keeps under this name.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
