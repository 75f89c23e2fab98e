"""Effects that follow a level. They decide every 16 samples and move in straight lines between."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound.effects.filters import Board, HighPass, restart
from audiostudio.sound.effects.processor import STEP, Processor, amplitude

_RAMP = (np.arange(1, STEP + 1, dtype=np.float32) / STEP)[np.newaxis]
_FLOOR = np.float32(1e-7)
"""Silence, as a level: −140 dB."""
_TIME = 2 * np.pi
"""JUCE's times are those in which a level comes nearer by a factor of e^2π; everybody else's, of e."""


class Ballistics:
    """A level that rises in one time and falls in another, each until it is nearer by a factor of e.

    Such a recursion is far too slow in Python. JUCE's compressor has it: at a ratio of 2 its gain is
    (threshold/level)^½, from which the level comes back.
    """

    _THRESHOLD = -160.0

    def __init__(self, rate: float, attack_ms: float, release_ms: float) -> None:
        import pedalboard

        self._rate = rate
        self._plugin: Any = pedalboard.Compressor(self._THRESHOLD, 2.0, attack_ms * _TIME, release_ms * _TIME)
        self._heard = True
        """Whether something was, since the last reset."""
        self.reset()

    def set_times(self, attack_ms: float, release_ms: float) -> None:
        self._plugin.attack_ms, self._plugin.release_ms = attack_ms * _TIME, release_ms * _TIME

    def follow(self, levels: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (n,), 0 or more → float32 (n,)."""
        self._heard = True
        heard = np.maximum(levels, _FLOOR)[np.newaxis]
        made: NDArray[np.float32] = self._plugin.process(heard, self._rate, buffer_size=8_192, reset=False)
        ratio = heard / made
        level: NDArray[np.float32] = (ratio * ratio * amplitude(self._THRESHOLD))[0]
        return level

    def reset(self) -> None:
        if self._heard:
            restart(self._plugin, self._rate, channels=1)
        self._heard = False


class Follower:
    """The level of a sound, both channels together, for every `STEP` samples."""

    def __init__(self, sample_rate: int, attack_ms: float, release_ms: float) -> None:
        self._ballistics = Ballistics(sample_rate / STEP, attack_ms, release_ms)
        self.set_times = self._ballistics.set_times
        self.reset = self._ballistics.reset

    def follow(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (channels, n) → float32 (n / STEP,)."""
        return self._ballistics.follow(greatest(sound))


class Hold:
    """Keeps what rose for a time: the greatest of the last steps."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self.reset()

    def reset(self) -> None:
        self._before = np.zeros(self._steps, np.float32)

    def set_steps(self, steps: int) -> None:
        if steps != self._steps:
            self._before = np.concatenate([np.zeros(max(0, steps - self._steps), np.float32), self._before])
            self._before = self._before[len(self._before) - steps :]
            self._steps = steps

    def follow(self, levels: NDArray[np.float32]) -> NDArray[np.float32]:
        if not self._steps:
            return levels
        line = np.concatenate([self._before, levels])
        self._before = line[len(line) - self._steps :]
        width = 1
        while width < self._steps + 1:  # in steps that double: log n passes
            shift = min(width, self._steps + 1 - width)
            line = np.concatenate([line[:shift], np.maximum(line[shift:], line[:-shift])])
            width += shift
        return line[self._steps :]


class Glide:
    """A gain for every `STEP` samples, put to sound in straight lines."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._last: np.float32 | None = None

    def samples(self, gains: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (n,) → float32 (n · STEP,)."""
        first = gains[0] if self._last is None else self._last
        before = np.append(first, gains[:-1])[:, np.newaxis]
        self._last = gains[-1]
        line: NDArray[np.float32] = (gains[:, np.newaxis] - before) * _RAMP
        line += before
        return line.reshape(-1)


def greatest(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of the absolute values of both channels, for every `STEP` samples. Halving is much faster than an axis of 16."""
    level = np.abs(sound)
    line: NDArray[np.float32] = level[0] if len(level) == 1 else np.maximum(level[0], level[1], out=level[0])
    size = STEP
    while size > 1:
        line = np.maximum(line[0::2], line[1::2])
        size //= 2
    return line


def decibels(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = np.log2(np.maximum(levels, _FLOOR)) * np.float32(6.020_599_9)
    return found


def factors(db: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = np.exp2(db * np.float32(0.166_096_4))
    return found


class Compressor(Processor):
    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        self._follower = Follower(sample_rate, values["attack"], values["release"])
        self._glide = Glide()

    def changed(self, name: str) -> None:
        self._follower.set_times(self.values["attack"], self.values["release"])

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        over = decibels(self._follower.follow(sound)) - np.float32(self.values["threshold"])
        gains = factors(_squeezed(over, self.values["ratio"], self.values["knee"]) + np.float32(self.values["makeup"]))
        return sound * self._glide.samples(gains)

    def reset(self) -> None:
        self._follower.reset()
        self._glide.reset()


def _squeezed(over: NDArray[np.float32], ratio: float, knee: float) -> NDArray[np.float32]:
    """dB that a level of so many dB over the threshold is brought down (0 or less)."""
    slope = np.float32(1.0 / ratio - 1.0)
    if knee <= 0:
        hard: NDArray[np.float32] = np.maximum(over, np.float32(0.0)) * slope
        return hard
    half = np.float32(knee / 2)
    bent = np.clip(over + half, np.float32(0.0), np.float32(knee))
    soft: NDArray[np.float32] = slope * (bent * bent / np.float32(2 * knee) + np.maximum(over - half, np.float32(0.0)))
    return soft


class _Switch(Processor):
    """Opens above a threshold, stays open for a time, closes."""

    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        self._steps_ms = 1000 * STEP / sample_rate
        self._level = Follower(sample_rate, 0.0, 20.0)
        self._hold = Hold(round(values["hold"] / self._steps_ms))
        self._open = Ballistics(sample_rate / STEP, values["attack"], values["release"])
        self._glide = Glide()

    def changed(self, name: str) -> None:
        self._open.set_times(self.values["attack"], self.values["release"])
        self._hold.set_steps(round(self.values["hold"] / self._steps_ms))

    def opened(self, heard: NDArray[np.float32]) -> NDArray[np.float32]:
        """0…1 for every `STEP` samples."""
        level = self._level.follow(heard)
        above = (level > amplitude(self.values["threshold"])).astype(np.float32)
        return self._open.follow(self._hold.follow(above))

    def reset(self) -> None:
        for part in (self._level, self._hold, self._open, self._glide):
            part.reset()


class Gate(_Switch):
    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        closed = amplitude(-self.values["range"])
        return sound * self._glide.samples(closed + (np.float32(1.0) - closed) * self.opened(sound))


class Ducker(_Switch):
    """Without a track to listen to it does nothing."""

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        if key is None:
            return sound
        return sound * self._glide.samples(factors(self.opened(key) * np.float32(-self.values["depth"])))


class DeEsser(Processor):
    """A high shelf that goes down while what is above a frequency is too loud.

    Of first order and an octave lower: what such a filter takes is in step with the sound, so that a part of it can be
    taken away.
    """

    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        import pedalboard

        self._heard = HighPass({"frequency": values["frequency"], "slope": 12.0}, sample_rate)
        self._shelf: Any = pedalboard.HighpassFilter(values["frequency"] / 2)
        self._high = Board([self._shelf], sample_rate)
        self._follower = Follower(sample_rate, 0.5, 40.0)
        self._glide = Glide()
        self._high.reset()

    def changed(self, name: str) -> None:
        self._heard.set("frequency", self.values["frequency"])
        self._shelf.cutoff_frequency_hz = self.values["frequency"] / 2

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        level = self._follower.follow(self._heard.process(sound))
        over = decibels(level) - np.float32(self.values["threshold"])
        down = np.maximum(_squeezed(over, self.values["ratio"], 0.0), np.float32(-self.values["range"]))
        return sound - self._high.process(sound) * self._glide.samples(np.float32(1.0) - factors(down))

    def reset(self) -> None:
        for part in (self._heard, self._high, self._follower, self._glide):
            part.reset()
