"""One track of a mix: its clips, its effects, its fader."""

import bisect
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from audiostudio.render.chain import Chain, Line
from audiostudio.render.curves import amplitude, panned, values
from audiostudio.render.problems import Problem
from audiostudio.render.sources import Sources
from audiostudio.render.voices import Voice, Voices
from audiostudio.sound.effects import STEP, Place
from audiostudio.timeline.tracks import Channel, Parameter, Track

BLOCK = 16_384
"""Samples that are computed at once, from 0 on. What is heard does not depend on what is asked for, only on these."""

Sound = NDArray[np.float32]


class Fader:
    """Gain and pan of a channel, with their automation."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._gains = [points for points in map(channel.automated, (Parameter.GAIN, Parameter.DUCKING)) if points]
        self._pan = channel.automated(Parameter.PAN)

    def process(self, sound: Sound, first: int, tick: int) -> Sound:
        """float32 (2, n), in place where it may be. `first`: of the timeline, in samples of `tick` ticks."""
        count = sound.shape[1]
        db: float | NDArray[np.float64] = self._channel.gain
        for points in self._gains:
            db = db + values(points, first * tick, tick, count)
        left, right = panned(values(self._pan, first * tick, tick, count) if self._pan else self._channel.pan)
        gain = amplitude(db)
        if isinstance(gain, float) and gain == 1.0 and isinstance(left, float) and left == right == 1.0:
            return sound
        return np.stack([sound[0] * (gain * left), sound[1] * (gain * right)])


class _Ringing:
    """The effects of a clip, ahead of the mix by what they are late."""

    def __init__(self, voice: Voice, rate: int) -> None:
        self.voice = voice
        self.chain = Chain(voice.clip.effects, _NO_CHANNEL, Place.CLIP, rate)
        self.ahead = -(-self.chain.latency // STEP) * STEP
        self._fill = Line(self.ahead - self.chain.latency)
        self._next = -1

    def process(self, sources: Sources, first: int, count: int, tick: int) -> Sound:
        if first != self._next:
            self.chain.reset()
            self._fill.reset()
            if self.ahead:
                self._run(sources, first, self.ahead, tick)
        self._next = first + count
        return self._run(sources, first + self.ahead, count, tick)

    def _run(self, sources: Sources, first: int, count: int, tick: int) -> Sound:
        sound = self.voice.read(sources, first, count, tick)
        return self._fill.process(self.chain.process(np.zeros((2, count), np.float32) if sound is None else sound))


_NO_CHANNEL = Channel()


class Strip:
    """A track at work."""

    def __init__(self, track: Track, voices: Voices, rate: int, tick: int, keys: Mapping[str, int]) -> None:
        """`keys`: for the tracks that it can listen to, by how many samples they are late."""
        self.track = track
        self.voices = voices
        self.chain = Chain(track.channel.effects, track.channel, Place.TRACK, rate, keys)
        self.peak = (0.0, 0.0)
        """Of the last piece: the greatest absolute value on the left and on the right, after the fader."""
        self._tick = tick
        self._fader = Fader(track.channel)
        self._ringing = {v.clip.id: _Ringing(v, rate) for v in self.voices.voices if v.clip.effects}
        self._align = Line(0)
        self._active: list[tuple[int, int]] = []
        self._next = -1

    @property
    def problems(self) -> list[Problem]:
        found = [problem._replace(track=self.track.id) for problem in self.chain.problems]
        for clip_id, ringing in self._ringing.items():
            found += [problem._replace(track=self.track.id, clip=clip_id) for problem in ringing.chain.problems]
        return found

    def align(self, latency: int) -> None:
        """Be late by `latency` samples as all others; called once, before anything is processed."""
        self._align = Line(latency - self.chain.latency)
        self._active = self._activity(latency + self.chain.tail)

    def leave(self) -> None:
        """Begin anew with the next piece."""
        self._next = -1
        self.peak = (0.0, 0.0)

    def _activity(self, after: int) -> list[tuple[int, int]]:
        """Blocks in which it is heard: half-open, in order, apart."""
        found: list[tuple[int, int]] = []
        for voice in self.voices.voices:
            first, last = voice.first // BLOCK, -(-(voice.last + self._ring(voice) + after) // BLOCK)
            if found and first <= found[-1][1]:
                found[-1] = found[-1][0], max(last, found[-1][1])
            else:
                found.append((first, last))
        return found

    def _ring(self, voice: Voice) -> int:
        """Samples that a clip is heard after its end."""
        return self._ringing[voice.clip.id].chain.tail if voice.clip.id in self._ringing else 0

    def active(self, first: int, last: int) -> bool:
        """Whether it can be heard in the blocks of samples `first`…`last`."""
        number = bisect.bisect_right(self._active, first // BLOCK, key=lambda blocks: blocks[1])
        return number < len(self._active) and self._active[number][0] * BLOCK < last

    @property
    def end(self) -> int:
        """The sample after which nothing is heard."""
        ends = (voice.last + self._ring(voice) for voice in self.voices.voices)
        return max((end + self.chain.tail for end in ends), default=0)

    @property
    def memory(self) -> int:
        """Samples that it has to have heard to sound as it would, had it heard everything."""
        rings = max((ringing.chain.tail for ringing in self._ringing.values()), default=0)
        late = self.chain.latency + self._align.samples
        return max(rings, self.chain.tail + late) if self.chain or late else rings

    def process(
        self, sources: Sources, first: int, count: int, keys: Mapping[str, Sound | None]
    ) -> tuple[Sound | None, Sound | None]:
        """What the track adds to the mix, late by what it was aligned to, and what others can listen to, late by its
        effects: float32 (2, count) each, or None for silence."""
        if not self.active(first, first + count):
            self.leave()
            return None, None
        if first != self._next:
            self.chain.reset()
            self._align.reset()
        self._next = first + count
        sound = self._clips(sources, first, count)
        if self.chain:
            sound = self.chain.process(sound, first, self._tick, keys)
        late = self.chain.latency + self._align.samples
        out = self._fader.process(self._align.process(sound), first - late, self._tick)
        self.peak = float(np.abs(out[0]).max()), float(np.abs(out[1]).max())
        return out, sound

    def _clips(self, sources: Sources, first: int, count: int) -> Sound:
        parts: list[Sound] = []
        for voice in self.voices.between(first, first + count):
            if voice.clip.id not in self._ringing:
                part = voice.read(sources, first, count, self._tick)
                if part is not None:
                    parts.append(part)
        parts += [ringing.process(sources, first, count, self._tick) for ringing in self._heard(first, first + count)]
        if not parts:
            return np.zeros((2, count), np.float32)
        sound = parts[0]
        for part in parts[1:]:
            sound = sound + part
        return sound

    def _heard(self, first: int, last: int) -> list[_Ringing]:
        return [
            ringing
            for ringing in self._ringing.values()
            if ringing.voice.first < last and first < ringing.voice.last + ringing.chain.tail + ringing.ahead
        ]


def dependencies_first(tracks: Mapping[str, frozenset[str]]) -> tuple[list[list[str]], set[tuple[str, str]]]:
    """Tracks in levels: each listens only to those of levels before. Also who listens in a circle, which is cut.

    `tracks`: for each id, the ids that it listens to.
    """
    levels: list[list[str]] = []
    waiting = {name: {key for key in keys if key in tracks} for name, keys in tracks.items()}
    cut: set[tuple[str, str]] = set()
    while waiting:
        level = [name for name, keys in waiting.items() if not keys & waiting.keys()]
        if not level:
            name = next(iter(waiting))
            cut |= {(name, key) for key in waiting[name] & waiting.keys()}
            waiting[name] -= set(waiting)
            continue
        levels.append(level)
        for name in level:
            del waiting[name]
    return levels, cut
