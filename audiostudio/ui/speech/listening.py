"""What the tab plays, one thing at a time, on the window's one player."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from audiostudio.sound.player import Player

TICK = 33
"""Milliseconds between two looks at the player's position."""


class Listening(QObject):
    """Somebody (`owner`) hands over a sound and plays it. Whoever comes next takes the player over; so may another
    panel, which is noticed by the sound being another."""

    moved = Signal(float)
    """Seconds heard of the owner's sound."""
    changed = Signal()
    """Who owns the sound, whether it plays, or that nothing can be heard."""

    def __init__(self, player: "Callable[[], Player]", parent: QObject) -> None:
        """`player` is asked for when there is something to hear."""
        super().__init__(parent)
        self._get_player = player
        self._sound = 0
        self._owner: object | None = None
        self._rate = 1
        self._playing = False
        self._problem: str | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(TICK)
        self._tick.timeout.connect(self._look)

    @property
    def owner(self) -> object | None:
        """Whose sound is loaded; None when it was another panel's turn."""
        return self._owner if self._sound and self._player.sound == self._sound else None

    @property
    def playing(self) -> bool:
        return self._playing and self.owner is not None

    @property
    def problem(self) -> str | None:
        """Why nothing can be heard, in sentences; None while all is well."""
        return self._problem

    @property
    def position(self) -> float:
        """Seconds of the owner's sound."""
        return self._player.position / self._rate

    @property
    def _player(self) -> "Player":
        return self._get_player()

    def plays(self, owner: object) -> bool:
        return self.playing and self.owner == owner

    def load(self, owner: object, samples: NDArray[np.float32], rate: int, *, complete: bool) -> None:
        """Make float32 (n,) the sound, standing at its beginning; `complete=False` when more will be appended."""
        self._sound = self._player.load(samples, rate, complete=complete)
        self._rate, self._owner, self._problem = rate, owner, None
        self._set_playing(False)

    def append(self, owner: object, samples: NDArray[np.float32], *, complete: bool) -> None:
        """More of the sound, if it is still the owner's."""
        if self.owner == owner:
            self._player.append(samples, complete=complete)

    def play(self, seconds: float | None = None) -> None:
        if self.owner is not None:
            self._player.play(None if seconds is None else round(seconds * self._rate))
            self._set_playing(True)

    def pause(self) -> None:
        if self.owner is not None:
            self._player.pause()
        self._set_playing(False)

    def seek(self, seconds: float) -> None:
        if self.owner is not None:
            self._player.seek(round(seconds * self._rate))
            self.moved.emit(seconds)

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        if self.owner is not None:
            start, end = (None, None) if loop is None else (round(edge * self._rate) for edge in loop)
            self._player.set_loop(start, end)

    def release(self, owner: object) -> None:
        """Fall silent, if it is the owner's sound."""
        if self.owner == owner:
            self.pause()
            self._owner = None
            self.changed.emit()

    def close(self) -> None:
        self.pause()
        self._owner = None

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        self._tick.start() if playing else self._tick.stop()
        self.changed.emit()

    def _look(self) -> None:
        if self.owner is None:
            self._set_playing(False)
            return
        state = self._player.state
        problem = self._player.problem if state == "unavailable" else None
        if problem != self._problem:
            self._problem = problem
            self.changed.emit()
        self.moved.emit(self.position)
        if state != "playing":
            self._set_playing(False)
