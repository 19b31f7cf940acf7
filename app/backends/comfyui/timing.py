"""How long the app waits for a ComfyUI server, and how often it asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds.

    Attributes:
        look: for each answer to what the window asks.
        wait: for the next message, before `cancel` is asked again.
        waiting, running, ending: between two looks at a job that waits, that runs, and that has just ended.
        silence: without an answer of the server's, before it is given up.
        refused: the same where nothing listens any more on this machine: the server has ended, and its jobs with it.
        connect: to open the websocket.
        gone: how long nobody may know of a job before it is lost.
    """

    look: float = 1.5
    wait: float = 0.1
    waiting: float = 1.0
    running: float = 3.0
    ending: float = 0.05
    silence: float = 60.0
    refused: float = 3.0
    connect: float = 3.0
    gone: float = 2.0
