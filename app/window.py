"""Opens the window and ties it to the engine and the desktop."""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from app import __version__, platform
from app.backends.base import HasAccount
from app.composition import open_session
from app.core.errors import UserError
from app.core.links import is_link, link_to
from app.engine.engine import Engine
from app.library import logs, paths, secrets
from app.platform.application import Application
from app.platform.presence import DesktopPresence
from app.ui.main_window import MainWindow
from app.ui.start.first_paint import FirstPaint
from app.ui.start.head_start import HeadStart
from app.ui.start.single_instance import SingleInstance
from app.ui.words.messages import translated


def application() -> Application:
    """The Qt application with the names that Qt and the system ask for."""
    app = Application(sys.argv[:1])
    app.setApplicationName("SanaStudio")  # part of the D-Bus path of the badge, where no space may be
    app.setApplicationDisplayName("Sana Studio")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("sana-studio")
    return app


def open_engine() -> Engine:
    """The engine with everything the window needs."""
    return Engine(open_session(in_window=True), paths.queue_file())


def ask_keychain(engine: Engine) -> None:
    """Read the keys in a thread, for the keychain may ask its user; the window hears when they are there."""

    def ask() -> None:
        for backend in engine.registry.backends.values():
            try:
                if isinstance(backend, HasAccount):
                    secrets.get(backend.account.secret)
            except UserError as error:
                logging.getLogger(__name__).warning("%s", error)
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            engine.backendsChanged.emit()

    threading.Thread(target=ask, name="keychain", daemon=True).start()


def _collect_garbage() -> None:
    """From now on; but what the start has made stays as long as the window and need not be looked at each time, which
    would be felt as a stall.
    """
    gc.freeze()
    gc.enable()


def open_argument(window: MainWindow, argument: str) -> None:
    """Open a picture file or a link."""
    if is_link(argument):
        window.links.open(argument)
    else:
        window.open_picture(Path(argument))


def main(files: Sequence[str]) -> int:
    """Show the window until the user quits; `files` are pictures and links to open. Returns the exit status."""
    app = application()
    instance = SingleInstance(paths.home())
    if not instance.first:
        if instance.raise_other(files):
            print("Sana Studio is already open; its window was brought to the front.", file=sys.stderr)
            return 0
        print("Sana Studio is already open, but does not answer. Quit it, then start it again.", file=sys.stderr)
        return 2
    logs.set_up()
    engine = open_engine()
    window = MainWindow(engine)
    presence = DesktopPresence(app, engine, window, translated)
    window.quitAsked.connect(app.quit)
    engine.problem.connect(window.bar.show_error)

    def raise_window(paths_to_open: list[str]) -> None:
        presence.bring_back()
        for path in paths_to_open:
            open_argument(window, path)

    instance.raised.connect(raise_window)
    platform.offer_service(lambda text: raise_window([link_to(text)]))
    engine.start()
    app.applicationStateChanged.connect(lambda _: engine.session.endpoints.look())  # commands may have changed them
    central = window.page
    FirstPaint(central, _collect_garbage)
    FirstPaint(central, lambda: ask_keychain(engine))
    FirstPaint(central, window.updates.look_daily)
    HeadStart(window.panel, engine)
    window.show()
    for file in files:
        open_argument(window, file)
    status = app.exec()
    engine.shutdown()
    return status
