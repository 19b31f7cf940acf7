"""A worker process that several commands share."""

from __future__ import annotations

from app.engine.worker_process import WorkerProcess


class KeptWorker(WorkerProcess):
    """Goes on between commands, as it does between the jobs of a window; what must end at once does."""

    def stop(self, *, now: bool = False) -> None:
        if now:
            super().stop(now=True)
