"""What the backends on this machine say of themselves."""

from __future__ import annotations

from app.core.message import message

WORKS_ON = {
    "mps": message("It works on this Mac's GPU."),
    "cuda": message("It works on the NVIDIA GPU."),
    "cpu": message("It works on the processor, which is slow."),
}
FREE = message("Nothing. A full model is a download of several GB; the starter comes with the app.")
"""What it costs."""
