"""Gain, width, echoes and rooms."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound.effects.filters import Board
from audiostudio.sound.effects.processor import Processor, amplitude


class Gain(Processor):
    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        return sound * amplitude(self.values["gain"])


class Width(Processor):
    """Changes what differs between the channels, never what they share."""

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        side = (sound[0] - sound[1]) * np.float32((self.values["width"] / 100 - 1) / 2)
        return np.stack([sound[0] + side, sound[1] - side])


class Echo:
    """A delay line with feedback: how long it is, in whole samples, and what comes back may change on the way.

    pedalboard's takes 15 ms to be reset, which is heard as a wait after every jump.
    """

    _ROOM = 65_536
    """Samples that are taken in before what is kept is moved to the front again."""

    def __init__(self, most: int) -> None:
        """`most`: samples of the longest delay."""
        self._most = self._end = most
        self._line = np.zeros((2, most + self._ROOM), np.float32)
        """What went in, and came back, up to `_end`."""

    def process(self, sound: NDArray[np.float32], samples: int, feedback: np.float32) -> NDArray[np.float32]:
        """float32 (2, n) → float32 (2, n), late by `samples`."""
        out = np.empty_like(sound)
        for at in range(0, sound.shape[1], self._ROOM):
            out[:, at : at + self._ROOM] = self._some(sound[:, at : at + self._ROOM], samples, feedback)
        return out

    def reset(self) -> None:
        self._line[:, : self._end] = 0.0
        self._end = self._most

    def _some(self, sound: NDArray[np.float32], samples: int, feedback: np.float32) -> NDArray[np.float32]:
        count, line = sound.shape[1], self._line
        if self._end + count > line.shape[1]:
            line[:, : self._most] = line[:, self._end - self._most : self._end].copy()
            self._end = self._most
        first, self._end = self._end, self._end + count
        line[:, first : self._end] = sound
        for at in range(first, self._end if feedback and samples else first, max(1, samples)):
            end = min(at + samples, self._end)
            line[:, at:end] += feedback * line[:, at - samples : end - samples]
        return line[:, first - samples : self._end - samples]


class _Beside(Processor):
    """A wet sound beside the dry one."""

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        wet = np.float32(self.values["mix"] / 100)
        return sound * (np.float32(1.0) - wet) + self._wet(sound) * wet

    def _wet(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        raise NotImplementedError

    def _samples(self, name: str) -> int:
        """Of a setting in milliseconds."""
        return round(self.values[name] / 1000 * self.rate)


class Delay(_Beside):
    _LONGEST = 2.0
    """Seconds, as the catalogue has it."""

    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        self._echo = Echo(round(self._LONGEST * sample_rate))

    def reset(self) -> None:
        self._echo.reset()

    def _wet(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._echo.process(sound, self._samples("time"), np.float32(self.values["feedback"] / 100))


class Reverb(_Beside):
    _LONGEST = 0.25
    """Seconds of the pre-delay."""

    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        import pedalboard

        self._early = Echo(round(self._LONGEST * sample_rate))
        self._room: Any = pedalboard.Reverb(wet_level=1.0, dry_level=0.0)
        self.changed("")
        self._board = Board([self._room], sample_rate)
        self.reset()

    def reset(self) -> None:
        self._early.reset()
        self._board.reset()

    def _wet(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._board.process(self._early.process(sound, self._samples("predelay"), np.float32(0.0)))

    def changed(self, name: str) -> None:
        self._room.room_size = self.values["room"] / 100
        self._room.damping = self.values["damping"] / 100
        self._room.width = self.values["width"] / 100
