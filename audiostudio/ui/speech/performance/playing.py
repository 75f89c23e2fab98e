"""Hears the line in the performance view: all of it, or the selected words."""

from PySide6.QtCore import QObject, Signal

from audiostudio.ui.speech.listening import Listening
from audiostudio.ui.speech.performance.takes import RATE, Heard
from audiostudio.ui.speech.performance.view import PerformanceView

OWNER = "performance"


class Playing(QObject):
    changed = Signal()
    """It began or ended."""

    def __init__(self, listening: Listening, view: PerformanceView, parent: QObject) -> None:
        super().__init__(parent)
        self._listening, self._view = listening, view
        self._base: Heard | None = None
        self._natural: Heard | None = None
        self._loaded: tuple[str, int, int] | None = None
        """The take that the player holds, and which of its samples."""
        self._wish = False
        listening.moved.connect(self._moved)
        listening.changed.connect(self._changed)

    @property
    def on(self) -> bool:
        return self._listening.plays(OWNER)

    def set_takes(self, base: Heard, natural: Heard) -> None:
        new = self._base is None or self._base.take.id != base.take.id
        self._base, self._natural = base, natural
        if self._wish and new:
            self._wish = False
            self._begin(None)

    def when_made(self) -> None:
        """Play the next take."""
        self._wish = True

    def forget_wish(self) -> None:
        self._wish = False

    def toggle(self) -> None:
        """Play the selection, else from the playhead on; or pause."""
        if self.on:
            self._listening.pause()
        else:
            self._begin(None)

    def change_over(self) -> None:
        """Go on with the other take, from about the same word."""
        if self.on:
            self._begin(None)

    def seek(self, seconds: float) -> None:
        if self._listening.owner == OWNER and self.on:
            self._begin(seconds)

    def stop(self) -> None:
        self._wish = False
        self._listening.release(OWNER)

    def close(self) -> None:
        self.stop()
        self._listening.moved.disconnect(self._moved)
        self._listening.changed.disconnect(self._changed)

    def _heard(self) -> Heard | None:
        return self._natural if self._view.comparing else self._base

    def _begin(self, start: float | None) -> None:
        heard = self._heard()
        if heard is None:
            return
        length = len(heard.samples)
        chosen = self._view.stretch_of_selection() if start is None else None
        if chosen is not None:
            first, last = round(chosen[0] * RATE), min(length, round(chosen[1] * RATE))
        else:
            here = self._view.heard_position if start is None else start
            first, last = round(here * RATE), length
        if first >= last - RATE // 50:
            first, last = 0, length
        if (heard.take.id, first, last) != self._loaded or self._listening.owner != OWNER:
            self._listening.load(OWNER, heard.samples[first:last], RATE, complete=True)
            self._loaded = (heard.take.id, first, last)
        self._listening.play(0)

    def _moved(self, seconds: float) -> None:
        if self._listening.owner == OWNER and self._loaded is not None:
            self._view.set_position(self._loaded[1] / RATE + seconds)

    def _changed(self) -> None:
        self.changed.emit()
