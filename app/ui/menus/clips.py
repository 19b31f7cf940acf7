"""The commands of clips: begin one with a picture, go on from one of its frames, make a draft whole; and what cannot be
done with them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.alternatives import escaped
from app.library.pictures.clips.start_frame import FIRST, LAST, ClipFrame, keep_frame
from app.ui.words.language import Text, on_language_change, text_of

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

MANY = 1_000
"""Of so many selected pictures is looked whether they are clips."""


class ClipCommands(QObject):
    """Acts on the selected clip; in the viewer, on the frame that is seen."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._reasons: dict[str, Text] = {
            "edit": lambda: self.tr("Parts of a picture can be changed, not of a clip. Save one of its frames first."),
            "upscale": lambda: self.tr("Pictures can be enlarged, not clips."),
            "compare": lambda: self.tr("Pictures can be compared side by side, not clips."),
            "before_after": lambda: self.tr("Pictures can be compared with what they were made from, not clips."),
        }
        on_language_change(self, self.follow)

    def table(self) -> dict[str, Callable[[], object]]:
        """What to do for each command, by its name."""
        return {"animate": self._animate, "continue": self._continue, "whole": self._make_whole}

    def follow(self) -> None:
        """Enable the commands as the selection and the chosen model allow, and say why not."""
        window = self._window
        paths = window.selection.paths()
        picture = window.selection.picture
        clips = any(map(window.model.is_clip, paths[:MANY]))
        single = clips and len(paths) == 1
        known = picture.request if picture is not None else None
        draft = known is not None and known.whole is not None
        window.menus.set_enabled(("continue",), single and (known is not None or window.panel.takes_start()))
        window.menus.set_enabled(("whole",), single and draft)
        window.menus.set_enabled(("animate",), picture is not None and len(paths) == 1)
        window.menus.actions["animate"].setVisible(not clips)
        window.menus.actions["continue"].setVisible(clips)
        window.menus.actions["whole"].setVisible(single and draft)
        reasons = {name: text_of(words) if clips else "" for name, words in self._reasons.items()}
        window.menus.forbid(reasons)
        window.inspector.forbid(reasons)
        window.viewer.bar.offer_clip(single, draft=draft)
        self.name_start()

    def name_start(self) -> None:
        """Say which frame a picture is started from."""
        window = self._window
        single = [path for path in window.selection.paths()[:2] if window.model.is_clip(path)]
        seen = window.viewer.shows_clip()
        window.menus.set_frame(("this" if seen else "first") if len(single) == 1 else "")

    def start(self, path: Path) -> bool:
        """Start from the frame of a clip that is seen, or its first one. False where it is no clip."""
        window = self._window
        if not window.model.is_clip(path):
            return False
        seen = window.viewer.shows_clip() and window.viewer.path() == path
        self._start_from(path, window.viewer.playback.index if seen else FIRST)
        return True

    def frame(self) -> int | None:
        """The number of the frame that the viewer shows, which stays there now; None where it shows no clip."""
        playback = self._window.viewer.playback
        if playback.facts is None:
            return None
        playback.pause()
        return playback.index

    def _animate(self) -> None:
        """Let a clip begin with the selected picture, whose prompt is a start for what is to happen."""
        window, picture = self._window, self._window.selection.picture
        if picture is None:
            return
        window.viewer.dismiss()
        if not window.panel.animate(picture.path, picture.width, picture.height):
            window.bar.show_notice(
                lambda: self.tr("No model on this machine makes clips from a picture."),
                lambda: self.tr("Get one…"),
                lambda: window.open_settings("Models"),
            )
        elif picture.request is not None:
            window.panel.prompt.replace(escaped(picture.request.prompt))

    def _continue(self) -> None:
        """Let the next clip begin where the selected one ends, with the same settings."""
        window = self._window
        path, request = window.gallery.current(), window.selection.request()
        if path is None:
            return
        if request is not None:
            frames = request.whole or request.frames
            window.panel.apply(request.replace(count=window.panel.count.box.value(), frames=frames))
        if not window.panel.takes_start():
            window.viewer.dismiss()
            window.bar.show_notice(lambda: self.tr("This model cannot start from a picture."))
            return
        self._start_from(path, LAST)

    def _start_from(self, path: Path, index: int) -> None:
        window = self._window

        def begin(frame: ClipFrame) -> None:
            window.viewer.dismiss()
            window.panel.begin_with(frame)

        window.background.run(lambda: keep_frame(path, index), begin, window.bar.show_error)

    def _make_whole(self) -> None:
        """Make the whole clip that a draft stands for, of the same seed."""
        window, request = self._window, self._window.selection.request()
        if request is not None and request.whole is not None:
            window.submit(request.replace(frames=request.whole, whole=None))
