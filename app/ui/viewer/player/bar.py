"""The buttons of a clip that is shown large: play, frame by frame, where it is, loop and speed."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.controls.fields.combo_box import ComboBox
from app.ui.controls.fields.sliders import HANDLE, Slider
from app.ui.controls.style.icons import IconButton
from app.ui.controls.text.labels import label
from app.ui.viewer.player.playback import Playback
from app.ui.words import wording
from app.ui.words.language import on_language_change, set_translated

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0)
SIDE = 20


class PlayerBar(QWidget):
    """Shows how a `Playback` stands, and steers it. Its keys are those of `take_key`."""

    def __init__(self, playback: Playback) -> None:
        super().__init__()
        self.setObjectName("playerBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_translated(self, lambda: self.tr("Player"), self.setAccessibleName)
        self._playback = playback
        self.play = IconButton("play", self._play_words, side=SIDE)
        self.play.clicked.connect(playback.toggle)
        self.back = IconButton("frame-back", lambda: self.tr("Previous frame (,)"), side=SIDE)
        self.back.clicked.connect(lambda: playback.step(-1))
        self.on = IconButton("frame-on", lambda: self.tr("Next frame (.)"), side=SIDE)
        self.on.clicked.connect(lambda: playback.step(1))
        self.slider = ScrubSlider()
        set_translated(self, lambda: self.tr("Frame"), self.slider.setAccessibleName)
        self.slider.valueChanged.connect(playback.seek)
        self.slider.held.connect(self._hold)
        self._goes_on = False
        self.time = label("", "muted")
        set_translated(self, lambda: self.tr("Time"), self.time.setAccessibleName)
        self.loop = IconButton("loop", lambda: self.tr("Play it again and again (L)"), side=SIDE)
        self.loop.setCheckable(True)
        self.loop.setChecked(playback.loops)
        self.loop.toggled.connect(playback.set_loops)
        self.speed = ComboBox()
        set_translated(self, lambda: self.tr("Speed"), self.speed.setAccessibleName, self.speed.setToolTip)
        for speed in SPEEDS:
            self.speed.add(f"{speed:g}×", speed)
        self.speed.select(playback.speed)
        self.speed.setFixedWidth(76)
        self.speed.currentIndexChanged.connect(lambda _: playback.set_speed(float(self.speed.currentData())))
        self.stops: dict[str, QWidget] = {
            "playButton": self.play, "previousFrameButton": self.back, "nextFrameButton": self.on,
            "frameSlider": self.slider, "loopButton": self.loop, "speedBox": self.speed,
        }  # fmt: skip
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        row.setSpacing(6)
        for name, widget in {**self.stops, "timeLabel": self.time}.items():
            widget.setObjectName(name)
        for widget in (self.back, self.play, self.on, self.slider, self.time, self.loop, self.speed):
            row.addWidget(widget, 1 if widget is self.slider else 0)
        playback.opened.connect(self._opened)
        playback.changed.connect(self._show)
        on_language_change(self, self._show)

    def take_key(self, event: QKeyEvent) -> bool:
        """Space plays and pauses, comma and full stop go frame by frame, < and > change the speed, L loops, Home and
        End go to the ends. Returns whether the key was one of these.
        """
        key, playback = event.key(), self._playback
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        match key:
            case Qt.Key.Key_Space if not event.isAutoRepeat():
                playback.toggle()
            case Qt.Key.Key_Comma:
                playback.step(-1)
            case Qt.Key.Key_Period:
                playback.step(1)
            case Qt.Key.Key_Less:
                self._change_speed(-1)
            case Qt.Key.Key_Greater:
                self._change_speed(1)
            case Qt.Key.Key_L:
                self.loop.toggle()
            case Qt.Key.Key_Home:
                playback.seek(0)
            case Qt.Key.Key_End:
                playback.seek(playback.last)
            case _:
                return key == Qt.Key.Key_Space
        return True

    def _hold(self, held: bool) -> None:
        """While the mouse is on the slider, nothing but the mouse moves it."""
        if held:
            self._goes_on = self._playback.playing
            self._playback.pause()
        elif self._goes_on:
            self._playback.play()

    def _change_speed(self, steps: int) -> None:
        self.speed.setCurrentIndex(max(0, min(len(SPEEDS) - 1, self.speed.currentIndex() + steps)))

    def _opened(self) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, self._playback.last)
            self.slider.setValue(0)
        self._show()

    def _play_words(self) -> str:
        return self.tr("Pause (space)") if self._playback.playing else self.tr("Play (space)")

    def _show(self) -> None:
        playback, facts = self._playback, self._playback.facts
        if facts is None:
            return
        with QSignalBlocker(self.slider):
            self.slider.setValue(playback.index)
        self.play.set_icon("pause" if playback.playing else "play")
        self.play.set_label(self._play_words())
        time = self.tr("{now} of {time}").format(
            now=f"{playback.index / facts.fps:.1f}", time=wording.seconds(facts.frames / facts.fps)
        )
        text = f"{time} · {playback.index + 1} / {facts.frames}"
        self.time.setText(text)
        longest = text.replace(f"{playback.index + 1} /", f"{facts.frames} /")
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance(longest) + 8)


class ScrubSlider(Slider):
    """A slider that goes to where it is pressed, and follows the mouse from there.

    Signals:
        held(bool): the mouse holds it now, or not any more.
    """

    held = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(80)
        self.setPageStep(1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.held.emit(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.held.emit(False)

    def _follow(self, event: QMouseEvent) -> None:
        share = (event.position().x() - HANDLE / 2) / max(1, self.width() - HANDLE)
        self.setValue(round(min(1.0, max(0.0, share)) * self.maximum()))
