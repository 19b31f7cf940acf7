"""The clock of a clip that plays: which frame is to be seen when."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.ui.viewer.player.reader import LARGEST, ClipReader, Facts

TICK_MS = 8
"""At most so much later than its time a frame is shown."""


class Playback(QObject):
    """Plays one clip at a time. Frames that cannot be decoded in time are left out.

    Attributes:
        facts: of the clip, once it is open.
        index: the frame that is seen, or will be as soon as it is decoded.
        playing, loops: whether it plays, and begins again at its end.
        speed: 1 for the clip's own.

    Signals:
        opened: `facts` are known.
        shown(QImage): another frame is to be seen.
        changed: it plays now or not any more, or `index`, `loops` or `speed` is another one.
        failed(UserError): the clip cannot be read.
    """

    opened = Signal()
    shown = Signal(QImage)
    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reader: ClipReader | None = None
        self._clock = QElapsedTimer()
        self._waits = False  # for the frame at `index`
        self._begun = 0  # the frame at which the clock began
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticks.timeout.connect(self._tick)
        self.facts: Facts | None = None
        self.index = 0
        self.loops = True
        self.speed = 1.0

    @property
    def playing(self) -> bool:
        return self._ticks.isActive()

    @property
    def last(self) -> int:
        """The number of the last frame."""
        return self.facts.frames - 1 if self.facts is not None else 0

    def open(self, path: Path, room: QSize = LARGEST) -> None:
        """Play this clip from its beginning, as soon as it is there. Its frames are reduced to fit the room."""
        self.close()
        self._reader = reader = ClipReader(path, room, self)
        reader.opened.connect(lambda facts: self._opened(reader, facts))
        reader.came.connect(lambda index, image: self._came(reader, index, image))
        reader.failed.connect(lambda error: self._failed(reader, error))
        reader.start()

    def close(self, *, wait: bool = False) -> None:
        """Let go of the clip; `wait` until its file is closed, and those of the clips before it."""
        self._ticks.stop()
        self._reader = None
        self.facts, self.index = None, 0
        for reader in self.findChildren(ClipReader):
            reader.close(wait=wait)

    def play(self) -> None:
        """Go on; from the beginning where it has come to its end."""
        if self.facts is None or self.playing:
            return
        self._begin(0 if self.index == self.last else self.index)
        self._ticks.start()
        self._want(self._begun)

    def pause(self) -> None:
        self._ticks.stop()
        self.changed.emit()

    def toggle(self) -> None:
        """Play, or pause."""
        (self.pause if self.playing else self.play)()

    def seek(self, index: int) -> None:
        """Show this frame, and go on from it where it plays."""
        index = max(0, min(self.last, index))
        self._begin(index)
        self._want(index)

    def step(self, frames: int) -> None:
        """Stop so many frames further on; before the first one comes the last where it loops."""
        self._ticks.stop()
        index = self.index + frames
        self.seek(index % (self.last + 1) if self.loops else index)

    def set_speed(self, speed: float) -> None:
        self.speed = speed
        self._begin(self.index)
        self.changed.emit()

    def set_loops(self, loops: bool) -> None:
        self.loops = loops
        self._begin(self.index)
        self.changed.emit()

    def _begin(self, index: int) -> None:
        self._begun = index
        self._clock.start()

    def _tick(self) -> None:
        if self.facts is None:
            return
        due = self._begun + int(self._clock.elapsed() / 1000 * self.facts.fps * self.speed)
        if due > self.last and not self.loops:
            self._ticks.stop()
            self._want(self.last)
        elif due % self.facts.frames != self.index:
            self._want(due % self.facts.frames)

    def _want(self, index: int) -> None:
        self.index = index
        image = self._reader.want(index, ahead=self.playing) if self._reader is not None else None
        self._waits = image is None
        if image is not None:
            self.shown.emit(image)
        self.changed.emit()

    def _opened(self, reader: ClipReader, facts: Facts) -> None:
        if reader is self._reader:
            self.facts = facts
            self.opened.emit()
            if facts.frames > 1:
                self.play()
            else:
                self._want(0)

    def _came(self, reader: ClipReader, index: int, image: QImage) -> None:
        """Show it, also one that comes late while a later one is decoded."""
        if reader is self._reader and self._waits:
            self._waits = index != self.index
            self.shown.emit(image)

    def _failed(self, reader: ClipReader, error: UserError) -> None:
        if reader is self._reader:
            self.close()
            self.failed.emit(error)
