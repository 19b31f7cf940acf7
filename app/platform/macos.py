"""A Mac, asked through pyobjc. Its modules are imported where they are used: they need not delay the window."""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)

_shown: list[object] = []
"""The menu of `share` that is open; the system does not keep it."""
_service: list[object] = []
"""What `offer_service` gave the system, which does not keep it either."""


@contextlib.contextmanager
def keep_awake(reason: str) -> Iterator[None]:
    """Hold off App Nap and idle sleep while the context lasts. The system ends it when the process dies."""
    from Foundation import NSActivityUserInitiated, NSProcessInfo

    process = NSProcessInfo.processInfo()
    activity = process.beginActivityWithOptions_reason_(NSActivityUserInitiated, reason)
    try:
        yield
    finally:
        process.endActivity_(activity)


def notify(title: str, text: str) -> None:
    """Show a notification; the first one asks the user whether the app may. A click on it brings the app to the front.

    The system takes notifications from an app bundle only, so there are none when the app runs from its source.
    """
    from Foundation import NSBundle

    if not str(NSBundle.mainBundle().bundlePath()).endswith(".app"):
        log.info("No notification: not an app bundle")
        return
    from UserNotifications import (
        UNAuthorizationOptionAlert,
        UNAuthorizationOptionSound,
        UNMutableNotificationContent,
        UNNotificationRequest,
        UNUserNotificationCenter,
    )

    content = UNMutableNotificationContent.alloc().init()
    content.setTitle_(title)
    content.setBody_(text)
    request = UNNotificationRequest.requestWithIdentifier_content_trigger_(uuid.uuid4().hex, content, None)
    center = UNUserNotificationCenter.currentNotificationCenter()

    def shown(error: object) -> None:
        if error is not None:
            log.info("No notification: %s", error)

    def allowed(granted: bool, error: object) -> None:
        if granted:
            center.addNotificationRequest_withCompletionHandler_(request, shown)
        else:
            log.info("No notification: %s", error or "the user does not want them")

    options = UNAuthorizationOptionAlert | UNAuthorizationOptionSound
    center.requestAuthorizationWithOptions_completionHandler_(options, allowed)


def reveal(path: Path) -> None:
    """Show a file in Finder, selected."""
    QProcess.startDetached("/usr/bin/open", ["-R", str(path)])


def preview_command(files: Sequence[Path]) -> list[str]:
    """The program that previews files until it is ended.

    It is the system's tool for trying Quick Look. The panel itself wants to be part of the app's chain of responders,
    which Qt makes. How its window stands beside the app's has not been seen on a Mac yet.
    """
    return ["/usr/bin/qlmanage", "-p", *map(str, files)]


def can_share() -> bool:
    """Whether the system has a menu of what files can be sent to."""
    return True


def share(files: Sequence[Path], window: QWidget) -> None:
    """Let the user choose where files are sent to, in the system's menu at the pointer. Nothing is sent before."""
    import objc
    from AppKit import NSSharingServicePicker
    from Foundation import NSURL, NSMinYEdge

    items = [NSURL.fileURLWithPath_(str(file)) for file in files]
    place = window.mapFromGlobal(QCursor.pos())  # Qt's views count downwards, too
    view = objc.objc_object(c_void_p=int(window.winId()))
    picker = NSSharingServicePicker.alloc().initWithItems_(items)
    picker.showRelativeToRect_ofView_preferredEdge_(((place.x(), place.y()), (1, 1)), view, NSMinYEdge)
    _shown.append(picker)
    del _shown[:-1]


def offer_service(take: Callable[[str], None]) -> None:
    """Take text that is selected in another program and sent here through its Services menu.

    The bundle's Info.plist names the menu's entry and the method below (NSServices). Call it once, as the app runs.
    """
    import objc
    from AppKit import NSApp, NSPasteboardTypeString
    from Foundation import NSObject

    def make_picture(_self: object, board: Any, _data: object, _error: object) -> None:
        if text := board.stringForType_(NSPasteboardTypeString):
            take(str(text))

    # Its last argument is where a method of this kind puts words on what went wrong: none here, the window says it.
    method = objc.selector(make_picture, selector=b"makePicture:userData:error:", signature=b"v@:@@o^@")
    provider: Any = type("SanaStudioService", (NSObject,), {"makePicture_userData_error_": method})
    _service[:] = [provider.alloc().init()]
    NSApp.setServicesProvider_(_service[0])


def put_aside(window: QWidget) -> None:
    """Take a window away while its work goes on; a click on the Dock icon brings it back."""
    window.hide()


def unify_title_bar(window: QWidget) -> None:
    """Let the window's own ground shine through the title bar, so that bar and toolbar are one.

    Call it before the window is shown.
    """
    hints = Qt.WindowType.ExpandedClientAreaHint | Qt.WindowType.NoTitleBarBackgroundHint
    window.setWindowFlags(window.windowFlags() | hints)
