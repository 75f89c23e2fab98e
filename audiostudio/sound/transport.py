"""What is heard when: play, pause, seek and loop over a sound that may still be growing. Pure arithmetic, no clock.

Every jump is exact to the sample and without a click: what was playing fades out under what plays next.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FADE_SECONDS = 0.004
SHORTEST_LOOP_SECONDS = 0.01


class Source(Protocol):
    """The sound that is played."""

    sample_rate: int
    length: int
    """Samples there are so far."""
    complete: bool
    """Whether no more will come."""

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Stereo frames, float32 (stop - start, 2); silence outside 0…length."""
        ...


class Silence:
    """A sound of no length."""

    sample_rate = 48_000
    length = 0
    complete = True

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        return np.zeros((stop - start, 2), np.float32)


class Transport:
    """Renders the frames that follow each other at the output, at the source's own rate."""

    def __init__(self) -> None:
        self.source: Source = Silence()
        self.position = 0
        """The next sample to be rendered."""
        self.playing = False
        self._loop: tuple[int, int] | None = None
        self._tail = np.zeros((0, 2), np.float32)
        """What fades out, to be added to the frames that come."""
        self._rise = 0
        """How many samples of the fade-in are left."""
        self._measure()

    def load(self, source: Source) -> None:
        """Play another sound, from its beginning, when told to."""
        self.pause()
        self.source = source
        self.position = 0
        self._loop = None
        self._measure()

    def play(self, start: int | None = None) -> None:
        if start is None and self.at_end:
            start = 0
        if start is not None:
            self._jump(start)
        if not self.playing:
            self.playing = True
            self._rise = self._fade if self.position > 0 else 0

    def pause(self) -> None:
        if self.playing:
            self._fade_out()
            self.playing = False

    def seek(self, position: int) -> None:
        """Go there; what had ended stays there."""
        if self.at_end:
            self.playing = False
        self._jump(position)

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Play start…end (half-open) over and over once it is reached; at least 10 ms long."""
        if loop is not None:
            start = max(0, loop[0])
            loop = (start, max(loop[1], start + round(SHORTEST_LOOP_SECONDS * self.source.sample_rate)))
        self._loop = loop

    @property
    def at_end(self) -> bool:
        """Whether everything there is has been rendered, and no more will come."""
        return self.source.complete and self.position >= self.source.length

    @property
    def silent(self) -> bool:
        """Whether only silence would be rendered now."""
        return not len(self._tail) and (not self.playing or self.position >= self._available())

    def render(self, frames: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The next frames, float32 (frames, 2), and for each the position once it has been heard, int64 (frames,)."""
        sound = np.zeros((frames, 2), np.float32)
        positions = np.empty(frames, np.int64)
        done = 0
        while done < frames:
            count = self._run(frames - done)
            out = sound[done : done + count] if count else sound[done:]
            if count:
                out += self._read_rising(count)
                positions[done : done + count] = np.arange(self.position + 1, self.position + count + 1)
                self.position += count
            else:
                self._starve()
                positions[done:] = self.position
            self._mix_tail(out)
            done += len(out)
            if count and self._loop is not None and self.position == self._loop_end():
                self._jump(self._loop[0])
                positions[done - 1] = self.position
        return np.clip(sound, -1.0, 1.0, out=sound), positions

    def _jump(self, position: int) -> None:
        position = max(0, min(position, self.source.length))
        if self.playing:
            self._fade_out()
            self._rise = self._fade if position > 0 else 0
        self.position = position

    def _run(self, most: int) -> int:
        """How many samples can be rendered from here in one go."""
        if not self.playing:
            return 0
        stop = self._available()
        if self._loop is not None and self.position < self._loop_end():
            stop = min(stop, self._loop_end())
        return max(0, min(most, stop - self.position))

    def _available(self) -> int:
        """While more is to come, the last samples are kept back to fade out with, should it come late."""
        return self.source.length if self.source.complete else self.source.length - self._fade

    def _loop_end(self) -> int:
        """-1 when the loop cannot be reached."""
        if self._loop is None or self._loop[0] >= self.source.length:
            return -1
        return min(self._loop[1], self.source.length) if self.source.complete else self._loop[1]

    def _starve(self) -> None:
        if self.playing and self._rise < self._fade and self.position > 0:
            if not self.source.complete:
                self._fade_out()
            self._rise = self._fade

    def _read_rising(self, count: int) -> NDArray[np.float32]:
        sound = self.source.read(self.position, self.position + count)
        rising = min(self._rise, count)
        if rising:
            begin = self._fade - self._rise
            sound[:rising] *= self._ramp[begin : begin + rising, np.newaxis]
            self._rise -= rising
        return sound

    def _fade_out(self) -> None:
        leaving = self.source.read(self.position, self.position + self._fade)
        if self._rise:
            begin = self._fade - self._rise
            leaving[: self._rise] *= self._ramp[begin:, np.newaxis]
        leaving *= 1 - self._ramp[:, np.newaxis]
        leaving[: len(self._tail)] += self._tail[: len(leaving)]
        self._tail = leaving

    def _mix_tail(self, out: NDArray[np.float32]) -> None:
        count = min(len(out), len(self._tail))
        out[:count] += self._tail[:count]
        self._tail = self._tail[count:]

    def _measure(self) -> None:
        self._fade = round(FADE_SECONDS * self.source.sample_rate)
        steps = np.arange(1, self._fade + 1, dtype=np.float32) / (self._fade + 1)
        self._ramp = (0.5 - 0.5 * np.cos(np.pi * steps)).astype(np.float32)
        self._rise = 0
