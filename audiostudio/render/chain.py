"""Effects one after the other, with what is late in them made up for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiostudio.render.problems import Problem
from audiostudio.sound.effects import STEP, Checked, Place, Processor, check, make
from audiostudio.timeline.editing.source import value_at
from audiostudio.timeline.tracks import Channel, Effect, Point

CONTROL = 4 * STEP
"""Samples after which a setting that moves is set anew: 1.3 ms."""
LONGEST_TAIL = 20.0
"""Seconds."""


class Line:
    """A delay of whole samples."""

    def __init__(self, samples: int) -> None:
        self.samples = samples
        self.reset()

    def reset(self) -> None:
        self._waiting = np.zeros((2, self.samples), np.float32)

    def process(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        if not self.samples:
            return sound
        line = np.concatenate([self._waiting, sound], axis=1)
        self._waiting = line[:, sound.shape[1] :]
        return line[:, : sound.shape[1]]


@dataclass(slots=True)
class _Slot:
    effect: Effect
    checked: Checked
    processor: Processor
    moving: Mapping[str, tuple[Point, ...]]
    """Settings that automation moves."""
    before: int = 0
    """Samples by which its input is late."""
    wait: Line | None = None
    """So that its input is not earlier than what it listens to."""
    key_wait: Line | None = None


class Chain:
    """The effects of a clip, a track or the master. What is unknown, off, or of the source is passed over."""

    def __init__(
        self,
        effects: Sequence[Effect],
        channel: Channel,
        place: Place,
        sample_rate: int,
        keys: Mapping[str, int] | None = None,
    ) -> None:
        """`keys`: for the ids of tracks that can be listened to, by how many samples they are late."""
        self.problems: list[Problem] = []
        self._slots: list[_Slot] = []
        self.latency = 0
        """Samples."""
        seconds = 0.0
        for effect in effects:
            checked = check(effect.kind, dict(effect.settings))
            self.problems += [Problem(sentence, effect=effect.id) for sentence in checked.problems]
            if not effect.enabled or not self._fits(effect, checked, place):
                continue
            processor = make(checked, sample_rate)
            if processor is None:
                continue
            self._slots.append(self._slot(effect, checked, processor, channel, keys or {}))
            self.latency += processor.latency
            seconds += checked.tail
        self.tail = round(min(seconds, LONGEST_TAIL) * sample_rate)
        """Samples that are heard after the input fell silent."""
        self.listens_to = frozenset(
            slot.effect.source for slot in self._slots if slot.effect.source is not None and slot.key_wait is not None
        )

    def __bool__(self) -> bool:
        return bool(self._slots)

    def _fits(self, effect: Effect, checked: Checked, place: Place) -> bool:
        if checked.kind is None or place in checked.kind.places:
            return checked.kind is not None
        sentence = f"{checked.kind.label} does nothing on a {place}."
        self.problems.append(Problem(sentence, "Put it elsewhere.", effect=effect.id))
        return False

    def _slot(
        self, effect: Effect, checked: Checked, processor: Processor, channel: Channel, keys: Mapping[str, int]
    ) -> _Slot:
        moving = {}
        for automation in channel.automation:
            owner, _, setting = automation.parameter.partition("/")
            if owner == effect.id and setting in checked.values and automation.points:
                moving[setting] = automation.points
        slot = _Slot(effect, checked, processor, moving)
        if checked.kind is not None and checked.kind.sidechain:
            self._listen(slot, keys)
        slot.before = self.latency
        return slot

    def _listen(self, slot: _Slot, keys: Mapping[str, int]) -> None:
        late = keys.get(slot.effect.source or "")
        if late is None:
            label = slot.checked.kind.label if slot.checked.kind else slot.effect.kind
            sentence = f"{label} has no track to listen to."
            self.problems.append(Problem(sentence, "Choose the track with the speech.", effect=slot.effect.id))
            return
        slot.wait = Line(max(0, late - self.latency))
        slot.key_wait = Line(max(0, self.latency - late))
        self.latency += slot.wait.samples

    def reset(self) -> None:
        """Forget everything that was heard."""
        for slot in self._slots:
            slot.processor.reset()
            for name in slot.moving:
                slot.processor.set(name, slot.checked.values[name])
            for line in (slot.wait, slot.key_wait):
                if line is not None:
                    line.reset()

    def process(
        self,
        sound: NDArray[np.float32],
        first: int = 0,
        tick: int = 0,
        keys: Mapping[str, NDArray[np.float32] | None] | None = None,
    ) -> NDArray[np.float32]:
        """float32 (2, n) → float32 (2, n), `latency` samples late. `first`: where its first sample belongs on the
        timeline, in samples of `tick` ticks. `keys`: what the tracks that are listened to play, None for silence."""
        for slot in self._slots:
            if slot.wait is not None:
                sound = slot.wait.process(sound)
            key = None
            if slot.key_wait is not None:
                heard = (keys or {}).get(slot.effect.source or "")
                key = slot.key_wait.process(np.zeros_like(sound) if heard is None else heard)
            sound = _moved(slot, sound, key, first, tick) if slot.moving else slot.processor.process(sound, key)
        return sound


def _moved(
    slot: _Slot, sound: NDArray[np.float32], key: NDArray[np.float32] | None, first: int, tick: int
) -> NDArray[np.float32]:
    """Processed with settings that move: set anew every `CONTROL` samples while they do."""
    begin, count = (first - slot.before) * tick, sound.shape[1]
    resting = all(_rests(points, begin, begin + count * tick) for points in slot.moving.values())
    size = count if resting else CONTROL
    pieces = []
    for at in range(0, count, size):
        for name, points in slot.moving.items():
            known = slot.checked.kind.setting(name) if slot.checked.kind else None
            value = value_at(points, begin + at * tick)
            slot.processor.set(name, min(max(value, known.least), known.greatest) if known else value)
        part = slice(at, at + size)
        pieces.append(slot.processor.process(sound[:, part], None if key is None else key[:, part]))
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=1)


def _rests(points: Sequence[Point], first: int, last: int) -> bool:
    """Whether nothing moves between two ticks."""
    if last <= points[0].at or first >= points[-1].at:
        return True
    return all(point.value == points[0].value for point in points)
