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


class _Beside(Processor):
    """A wet sound beside the dry one."""

    _board: Board

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        wet = np.float32(self.values["mix"] / 100)
        return sound * (np.float32(1.0) - wet) + self._board.process(sound) * wet

    def reset(self) -> None:
        self._board.reset()


class Delay(_Beside):
    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        import pedalboard

        self._plugin: Any = pedalboard.Delay(values["time"] / 1000, values["feedback"] / 100, 1.0)
        self._board = Board([self._plugin], sample_rate)
        self.reset()

    def changed(self, name: str) -> None:
        self._plugin.delay_seconds = self.values["time"] / 1000
        self._plugin.feedback = self.values["feedback"] / 100


class Reverb(_Beside):
    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        import pedalboard

        self._early: Any = pedalboard.Delay(values["predelay"] / 1000, 0.0, 1.0)
        self._room: Any = pedalboard.Reverb(wet_level=1.0, dry_level=0.0)
        self.changed("")
        self._board = Board([self._early, self._room], sample_rate)
        self.reset()

    def changed(self, name: str) -> None:
        self._early.delay_seconds = self.values["predelay"] / 1000
        self._room.room_size = self.values["room"] / 100
        self._room.damping = self.values["damping"] / 100
        self._room.width = self.values["width"] / 100
