"""What a desktop app needs beyond Qt, for the system it runs on: the same functions in `macos.py` and `linux.py`.

A desktop may lack any of it (no message bus, no notifications allowed): then nothing happens, and the log says why.
"""

from __future__ import annotations

import sys

if sys.platform == "darwin":
    from app.platform.macos import (
        can_share,
        keep_awake,
        notify,
        offer_service,
        preview_command,
        put_aside,
        reveal,
        share,
        unify_title_bar,
    )
else:
    from app.platform.linux import (
        can_share,
        keep_awake,
        notify,
        offer_service,
        preview_command,
        put_aside,
        reveal,
        share,
        unify_title_bar,
    )

__all__ = [
    "can_share", "keep_awake", "notify", "offer_service", "preview_command", "put_aside", "reveal", "share",
    "unify_title_bar",
]  # fmt: skip
