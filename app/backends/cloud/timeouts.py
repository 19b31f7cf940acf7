"""How long the app waits for a service, and how often it asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """All in seconds.

    Attributes:
        connect, read: of one request.
        poll, slowest_poll, poll_growth: the first and the longest pause between two looks at a prediction, and the
            factor from one to the next.
        deadline: for a prediction; then it is cancelled. A model that nobody used for a while takes minutes to start.
        silence: without any answer about a prediction.
        missing: while the service says that it does not know a prediction that it has made before it is believed.
        throttled, longest_throttled: the first and the longest pause after a 429 that names none; they double.
        throttle_patience: for all pauses after 429s in a row.
        lookups: the pauses before each look for a prediction whose start is unclear, and before asking again what
            can be asked again.
        download_pauses: before each further try to fetch a picture.
        heartbeat: after which the last news are repeated.
        grace: for telling the service that a job was cancelled.
        cancel_pauses: before each look whether a cancelled prediction has ended.
    """

    connect: float = 10
    read: float = 20
    poll: float = 0.5
    slowest_poll: float = 5
    poll_growth: float = 1.2
    deadline: float = 600
    silence: float = 60
    missing: float = 10
    throttled: float = 2
    longest_throttled: float = 60
    throttle_patience: float = 600
    lookups: tuple[float, ...] = (1, 2, 4, 8)
    download_pauses: tuple[float, ...] = (1, 3)
    heartbeat: float = 1
    grace: float = 4
    cancel_pauses: tuple[float, ...] = (0.5, 1, 2)
