"""An engine in a process of its own that kills itself at a moment of saving. Run with the moment and the picture."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from app.backends.registry import Registry
from app.core.request import GenerationRequest
from app.engine.engine import Engine
from app.engine.session import Session
from app.engine.worker_process import WorkerProcess
from app.library import paths
from app.library.models.store import Models
from app.library.pictures import images
from app.library.pictures.gallery import Gallery
from app.library.settings import Settings
from app.library.spending import Ledger
from tests.engine.scripted import backends

REQUEST = GenerationRequest("a cat", backend="scripted", width=32, height=32, seed=5, count=3)


def make_engine() -> Engine:
    settings = Settings()
    gallery = Gallery(settings.pictures_folder(), paths.index_file())
    worker = WorkerProcess("tests.engine.scripted:backends")
    session = Session(settings, Models(settings), Registry(backends(), settings), Ledger(), gallery, worker)
    return Engine(session, paths.queue_file())


def main(moment: str, picture: int) -> None:
    """Moments: "saved" (the file alone), "indexed" (in the gallery, too), "noted" (in the queue, too)."""
    from PySide6.QtCore import QCoreApplication

    app = QCoreApplication([])
    engine = make_engine()

    def dying_after(function: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            result = function(*arguments, **options)
            if len(list(paths.pictures().glob("*.png"))) > picture and (moment != "noted" or "done" in options):
                engine.worker.stop(now=True)
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return call

    if moment == "saved":
        images.save = dying_after(images.save)
    elif moment == "indexed":
        engine.gallery.save = dying_after(engine.gallery.save)
    else:
        engine._queue.update = dying_after(engine._queue.update)
    engine.submit(REQUEST)
    engine.start()
    app.exec()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
