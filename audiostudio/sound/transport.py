"""What is heard when: play, pause, seek, loop, speed and scrubbing over a sound that may still be growing, or of which
not every place is there yet. Pure arithmetic, no clock.

Every jump is exact to the sample and without a click: what was playing fades out under what plays next.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound.shuttle import HOP_SECONDS, Shuttle

FADE_SECONDS = 0.004
SCRUB_SECONDS = 0.08
"""How much is heard of each place that a dragged playhead comes by."""
SHORTEST_LOOP_SECONDS = 0.01
FASTEST = 4.0


class Source(Protocol):
    """The sound that is played."""

    sample_rate: int
    length: int
    """Samples there are so far."""
    complete: bool
    """Whether no more will come."""

    def ready(self, start: int, count: int) -> int:
        """How many of the samples from `start` on can be read now, at most `count`."""
        ...

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Stereo frames, float32 (stop - start, 2); silence outside 0…length."""
        ...


class Silence:
    """A sound of no length."""

    sample_rate = 48_000
    length = 0
    complete = True

    def ready(self, start: int, count: int) -> int:
        return 0

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        return np.zeros((stop - start, 2), np.float32)


class Transport:
    """Renders the frames that follow each other at the output, at the source's own rate."""

    def __init__(self) -> None:
        self.source: Source = Silence()
        self.position = 0
        """The next sample to be rendered."""
        self.playing = False
        self.dropouts = 0
        """How often the source was late while it was heard."""
        self.fresh = True
        """Whether nothing has been heard since playing began, or since the last jump."""
        self._rate = 1.0
        self._shuttle: Shuttle | None = None
        self._loop: tuple[int, int] | None = None
        self._scrub: tuple[int, int] | None = None
        """Where the piece that is scrubbed begins and ends."""
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
        self._rate = 1.0
        self._measure()

    def play(self, start: int | None = None) -> None:
        self._scrub = None
        if start is None and self.at_end and self._rate > 0:
            start = 0
        if start is not None:
            self._jump(start)
        if not self.playing:
            self._begin()

    def pause(self) -> None:
        self._scrub = None
        if self.playing:
            self._fade_out()
            self.playing = False

    def seek(self, position: int) -> None:
        """Go there; what had ended stays there."""
        self._scrub = None
        if self.at_end:
            self.playing = False
        self._jump(position)

    def scrub(self, position: int) -> None:
        """Go there, and let a short piece be heard of what is there."""
        self.pause()
        self._jump(position)
        self._scrub = self.position, self.position + round(SCRUB_SECONDS * self.source.sample_rate)
        self._begin()

    def go_back(self, position: int) -> None:
        """What was rendered after that position will not be heard."""
        self.position = position
        self._tail = self._tail[:0]
        self._rise = 0
        self._measure_rate()

    def set_rate(self, rate: float) -> None:
        """Play at another speed, at the same pitch; negative: backwards. −4…4, not 0."""
        rate = max(-FASTEST, min(rate, FASTEST)) or 1.0
        if rate != self._rate:
            self._fade_if_playing()
            self._rate = rate
            self._measure_rate()

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Play start…end (half-open) over and over once it is reached; at least 10 ms long."""
        if loop is not None:
            start = max(0, loop[0])
            loop = (start, max(loop[1], start + round(SHORTEST_LOOP_SECONDS * self.source.sample_rate)))
        self._loop = loop

    @property
    def at_end(self) -> bool:
        """Whether everything there is has been rendered, and no more will come."""
        if self._rate < 0:
            return self.position <= 0
        return self.source.complete and self.position >= self.source.length

    @property
    def silent(self) -> bool:
        """Whether only silence would be rendered now."""
        return not len(self._tail) and (not self.playing or not self._can_run())

    @property
    def awaits(self) -> bool:
        """Whether playing waits for its first sample, and nothing else is to be heard."""
        return self.playing and self.fresh and not self.at_end and self.silent

    def lacks(self, frames: int) -> bool:
        """Whether some of what the next `frames` are made of is not there yet, so that they would break off."""
        if not self.playing or self.at_end:
            return False
        if self._shuttle is not None:
            return not self._can_run(frames)
        wanted = self._stop(frames) - self.position
        if self.source.complete:
            wanted = min(wanted, self.source.length - self.position)
        return self._there(wanted) < wanted

    def render(self, frames: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The next frames, float32 (frames, 2), and for each the position once it has been heard, int64 (frames,)."""
        sound = np.zeros((frames, 2), np.float32)
        positions = np.empty(frames, np.int64)
        done = 0
        while done < frames:
            if self._shuttle is not None:
                count = self._run_shuttle(sound[done:], positions[done:])
            else:
                count = self._run_straight(sound[done:], positions[done:])
            out = sound[done : done + count] if count else sound[done:]
            if not count:
                self._starve()
                positions[done:] = self.position
            self._mix_tail(out)
            done += len(out)
            if count:
                self.fresh = False
                self._turn_back(positions[done - 1 : done])
        return np.clip(sound, -1.0, 1.0, out=sound), positions

    def _run_straight(self, out: NDArray[np.float32], positions: NDArray[np.int64]) -> int:
        count = self._run(len(out))
        if count:
            out[:count] += self._read_rising(count)
            positions[:count] = np.arange(self.position + 1, self.position + count + 1)
            self.position += count
        return count

    def _run_shuttle(self, out: NDArray[np.float32], positions: NDArray[np.int64]) -> int:
        """As `_run_straight`, at another speed."""
        assert self._shuttle is not None
        if not self.playing or not self._can_run():
            return 0
        sound = self._shuttle.next(self.source.read, len(out))
        count = len(sound)
        out[:count] += self._risen(sound)
        heard = self.position + self._rate * np.arange(1, count + 1)
        end = self.source.length if self.source.complete else self.position + round(count * FASTEST)
        self._exact += self._rate * count
        positions[:count] = np.clip(np.round(heard), 0, end)
        self.position = max(0, min(round(self._exact), end))
        return count

    def _turn_back(self, last: NDArray[np.int64]) -> None:
        """At the loop's end, to its beginning; at the end of what is scrubbed, to a stop where it began."""
        if self._scrub is not None and self.position >= self._scrub[1]:
            start = self._scrub[0]
            self.pause()
            self.position = last[:] = start
        elif self._loop is not None and self._loop_left():
            self._jump(self._loop[0] if self._rate > 0 else self._loop_end())
            last[:] = self.position

    def _loop_left(self) -> bool:
        assert self._loop is not None
        if self._rate == 1.0:
            return self.position == self._loop_end()
        passed = round(abs(self._rate) * HOP_SECONDS * self.source.sample_rate)
        if self._rate > 0:
            return 0 <= self.position - self._loop_end() <= passed and self._loop_end() > 0
        return 0 <= self._loop[0] - self.position <= passed

    def _begin(self) -> None:
        self.playing = True
        self.fresh = True
        self._measure_rate()
        self._rise = self._fade if self.position > 0 else 0

    def _jump(self, position: int) -> None:
        position = max(0, min(position, self.source.length))
        self._fade_if_playing(position)
        self.position = position
        self._measure_rate()

    def _fade_if_playing(self, position: int | None = None) -> None:
        if self.playing:
            self._fade_out()
            self._rise = self._fade if position is None or position > 0 else 0
            self.fresh = True

    def _run(self, most: int) -> int:
        """How many samples can be rendered from here in one go."""
        if not self.playing:
            return 0
        wanted = self._stop(most) - self.position
        return max(0, min(wanted, self._there(wanted)))

    def _stop(self, most: int) -> int:
        """Where the next `most` samples end, or a jump comes before that."""
        stop = self.position + most
        if self._loop is not None and self.position < self._loop_end():
            stop = min(stop, self._loop_end())
        if self._scrub is not None:
            stop = min(stop, self._scrub[1])
        return stop

    def _can_run(self, frames: int = 1) -> bool:
        if self._shuttle is None:
            return self._run(1) > 0
        if self.at_end:
            return False
        first, last = self._shuttle.needs(frames)
        first, last = max(0, first), min(last, self.source.length) if self.source.complete else last
        return last <= first or self.source.ready(first, last - first) == last - first

    def _there(self, most: int) -> int:
        """While more is to come, the last samples are kept back to fade out with, should it come late."""
        there = min(self.source.ready(self.position, most + self._fade), self.source.length - self.position)
        if self.source.complete and self.position + there >= self.source.length:
            return there
        return there - self._fade

    def _loop_end(self) -> int:
        """-1 when the loop cannot be reached."""
        if self._loop is None or self._loop[0] >= self.source.length:
            return -1
        return min(self._loop[1], self.source.length) if self.source.complete else self._loop[1]

    def _starve(self) -> None:
        if self.playing and self._rise < self._fade and self.position > 0:
            if not self.at_end:
                self._fade_out()
                self.dropouts += not self.fresh and self.source.complete
            self._rise = self._fade

    def _read_rising(self, count: int) -> NDArray[np.float32]:
        return self._risen(self.source.read(self.position, self.position + count))

    def _risen(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        rising = min(self._rise, len(sound))
        if rising:
            begin = self._fade - self._rise
            sound[:rising] *= self._ramp[begin : begin + rising, np.newaxis]
            self._rise -= rising
        return sound

    def _fade_out(self) -> None:
        if self._shuttle is not None:
            leaving = self._shuttle.leave(self._fade)
        else:
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
        self._measure_rate()

    def _measure_rate(self) -> None:
        self._exact = float(self.position)
        straight = self._rate == 1.0
        self._shuttle = None if straight else Shuttle(self._rate, self.position, self.source.sample_rate)
